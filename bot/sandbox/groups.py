"""Groups and channels of a story: who is in them, what bots may do there, their threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import media, membership, posting, watching
from bot.sandbox.entities import as_content, read_text
from bot.sandbox.methods import threads
from bot.sandbox.world import BOT_RIGHTS, Chat, Member, Thread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.driver import Person
    from bot.sandbox.messages import Message
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.watching import Wanted
    from bot.sandbox.world import Bot, Json

ALL_RIGHTS = frozenset(BOT_RIGHTS)


class Room:
    """What groups and channels have in common: bots come and go."""

    def __init__(self, sandbox: Sandbox, chat: Chat) -> None:
        self.sandbox = sandbox
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def title(self) -> str:
        return str(self.chat.json["title"])

    @property
    def messages(self) -> list[Message]:
        """All that is shown, of all threads, oldest first."""
        return watching.shown(self.chat)

    async def sees(
        self,
        wanted: Wanted,
        *,
        thread: int | None = None,
        after: Message | None = None,
        patience: float = watching.PATIENCE,
    ) -> Message:
        """Wait until the group (or one thread) shows a message with this text or that pleases the function.

        Raises:
            AssertionError: none within `patience` seconds; the message shows the group.
        """
        return await watching.sees(self.chat, wanted, thread=thread, after=after, patience=patience)

    async def adds_bot(
        self, *, by: Person, rights: Iterable[str] | None = None, bot: Bot | None = None
    ) -> None:
        """Take the bot in; with `rights` as an administrator."""
        status = "member" if rights is None else "administrator"
        member = Member((bot or self.sandbox.bot).user, status, frozenset(rights or ()))
        membership.set_member(self.sandbox.world, self.chat, member, by=by.user)

    async def gives_bot_rights(
        self, rights: Iterable[str] | None, *, by: Person, bot: Bot | None = None
    ) -> None:
        """Make the bot an administrator with these rights, or with None a plain member."""
        await self.adds_bot(by=by, rights=rights, bot=bot)

    async def removes_bot(self, *, by: Person, bot: Bot | None = None) -> None:
        member = Member((bot or self.sandbox.bot).user, "kicked")
        membership.set_member(self.sandbox.world, self.chat, member, by=by.user)


class Group(Room):
    """A group of people: plain, supergroup, or forum with threads."""

    def has(self, person: Person) -> bool:
        member = self.chat.members.get(person.id)
        return member is not None and member.present

    async def adds(self, person: Person, *, by: Person | None = None) -> None:
        member = Member(person.user, "member")
        membership.set_member(self.sandbox.world, self.chat, member, by=(by or person).user)

    async def removes(self, person: Person, *, by: Person | None = None) -> None:
        member = Member(person.user, "left" if by is None else "kicked")
        membership.set_member(self.sandbox.world, self.chat, member, by=(by or person).user)

    async def promotes(
        self, person: Person, rights: Iterable[str] = ALL_RIGHTS, *, by: Person, anonymous: bool = False
    ) -> None:
        """Make a person an administrator with these rights."""
        member = Member(person.user, "administrator", frozenset(rights), anonymous)
        membership.set_member(self.sandbox.world, self.chat, member, by=by.user)

    def allows_reactions(self, emoji: list[str] | None) -> None:
        """Restrict the reactions to these; None lifts it."""
        self.chat.available_reactions = emoji

    def silences_members(self, *, silent: bool = True) -> None:
        """Only administrators may write."""
        self.chat.members_may_write = not silent

    @property
    def threads(self) -> list[Thread]:
        """The threads that are there, oldest first."""
        return list(self.chat.open_threads())

    async def thread(self, name: str, patience: float = watching.PATIENCE) -> Thread:
        """The newest thread whose name begins so, now or within `patience` seconds.

        Raises:
            AssertionError: there is none.
        """
        return await watching.until(
            self.chat.pulse,
            lambda: next((one for one in reversed(self.threads) if one.name.startswith(name)), None),
            lambda: f"No thread {name!r} among {[one.name for one in self.threads]}",
            patience,
        )

    def in_thread(self, thread: Thread | int) -> list[Message]:
        number = thread if isinstance(thread, int) else thread.id
        return watching.shown(self.chat, number)

    async def opens_thread(self, name: str, *, by: Person) -> Thread:
        """A person makes a thread."""
        thread = Thread(self.chat.next_message_id, name, threads.COLORS[0])
        self.chat.threads[thread.id] = thread
        created = {"name": name, "icon_color": thread.icon_color}
        self._tell({"forum_topic_created": created}, thread, by)
        return thread

    async def renames_thread(self, thread: Thread, name: str, *, by: Person) -> None:
        thread.name = name
        self._tell({"forum_topic_edited": {"name": name}}, thread, by)

    async def closes_thread(self, thread: Thread, *, by: Person) -> None:
        thread.closed = True
        self._tell({"forum_topic_closed": {}}, thread, by)

    async def reopens_thread(self, thread: Thread, *, by: Person) -> None:
        thread.closed = False
        self._tell({"forum_topic_reopened": {}}, thread, by)

    async def deletes_thread(self, thread: Thread) -> None:
        """A person deletes a thread with all its messages; bots learn it only when they next write there."""
        threads.remove(self.sandbox.world, self.chat, thread)

    async def becomes_supergroup(self, *, by: Person, forum: bool = False) -> None:
        """The group gets a new id; calls with the old one are told so."""
        world = self.sandbox.world
        old = self.chat
        new = self.sandbox.new_chat(self.title, "supergroup", forum=forum)
        new.members = dict(old.members)
        new.members_may_write = old.members_may_write
        old.migrated_to = new.id
        self.chat = new
        posting.deliver(world, posting.post(world, old, by.user, {"migrate_to_chat_id": new.id}))
        posting.deliver(world, posting.post(world, new, by.user, {"migrate_from_chat_id": old.id}))

    def _tell(self, content: Json, thread: Thread, by: Person) -> None:
        world = self.sandbox.world
        posting.deliver(world, posting.post(world, self.chat, by.user, content, thread=thread))
        world.changed("thread", self.chat, thread)


class Channel(Room):
    """A channel: posts without an author."""

    async def posts(self, text: str = "", kind: str = "text") -> Message:
        if kind == "text":
            content = as_content(read_text(text, None), "text", "entities")
        else:
            content = media.content(self.sandbox.world, kind)
        message = posting.post(self.sandbox.world, self.chat, None, content, as_chat=self.chat)
        posting.deliver(self.sandbox.world, message)
        return message
