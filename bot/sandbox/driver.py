"""The persons of a story: they write, tap, react, block; and see what their phone shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import media, membership, posting, watching
from bot.sandbox.entities import as_content, read_text
from bot.sandbox.messages import Button

if TYPE_CHECKING:
    from bot.sandbox.groups import Group
    from bot.sandbox.messages import Message
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.watching import Wanted
    from bot.sandbox.world import Bot, Chat, Json, Query, User


class Tap:
    """A pressed button."""

    def __init__(self, query: Query, button: Button) -> None:
        self.query = query
        self.button = button

    async def answer(self, patience: float = watching.PATIENCE) -> Json:
        """What the bot answered to the press: `text`, `show_alert` and so on.

        Raises:
            AssertionError: the bot has not answered within so many seconds.
        """
        return await watching.until(
            self.query.pulse,
            lambda: self.query.answer,
            lambda: f"The press of {self.button.text!r} was not answered.",
            patience,
        )


class InlineQuery:
    """Words typed after the bot's name in some chat."""

    def __init__(self, query: Query) -> None:
        self.query = query

    async def results(self, patience: float = watching.PATIENCE) -> list[Json]:
        """What the bot offers.

        Raises:
            AssertionError: the bot has not answered within so many seconds.
        """
        answer = await watching.until(
            self.query.pulse,
            lambda: self.query.answer,
            lambda: "The inline query was not answered.",
            patience,
        )
        return list(answer["results"])


class Person:
    """Somebody with Telegram on their phone.

    Without `group` everything happens in the private chat with `bot` (the sandbox's own, if not given).
    """

    def __init__(self, sandbox: Sandbox, user: User) -> None:
        self.sandbox = sandbox
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return str(self.user.json["first_name"])

    @property
    def chat(self) -> list[Message]:
        """The private chat as seen now: edited, without what was deleted."""
        return watching.shown(self.private_chat())

    @property
    def input_keyboard(self) -> Json | None:
        """What the bot put in place of the keyboard, if anything."""
        return self.private_chat().input_keyboard

    def private_chat(self, bot: Bot | None = None) -> Chat:
        return self.sandbox.world.private_chat(bot or self.sandbox.bot, self.user)

    async def says(
        self,
        text: str,
        group: Group | None = None,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        quote: str | None = None,
        anonymously: bool = False,
        markup: bool = False,
        bot: Bot | None = None,
    ) -> Message:
        """Write a text. `markup`: the text is Telegram's HTML; `quote`: a part of the message replied to."""
        marked = read_text(text, "HTML" if markup else None)
        content = as_content(marked, "text", "entities")
        if quote is not None and reply_to is not None:
            content["quote"] = posting.quote(reply_to, quote)
        return self._post(content, group, thread, reply_to, bot, anonymously=anonymously)

    async def sends(
        self,
        kind: str,
        group: Group | None = None,
        *,
        data: bytes | None = None,
        name: str | None = None,
        caption: str = "",
        thread: int | None = None,
        reply_to: Message | None = None,
        anonymously: bool = False,
        bot: Bot | None = None,
        **fields: object,
    ) -> Message:
        """Send a photo, document, voice, video, sticker, location, contact … (`media` has a sample of each).

        A contact is the person's own, unless `fields` say otherwise.
        """
        if kind == "contact":
            fields = {"first_name": self.name, "user_id": self.id} | fields
        content = media.content(self.sandbox.world, kind, data, name, **fields)
        content |= self._caption(caption)
        return self._post(content, group, thread, reply_to, bot, anonymously=anonymously)

    async def sends_album(
        self,
        kinds: list[str],
        group: Group | None = None,
        *,
        caption: str = "",
        thread: int | None = None,
        bot: Bot | None = None,
    ) -> list[Message]:
        """Several photos (videos, documents) as one album; the caption is the first one's."""
        world = self.sandbox.world
        album = {"media_group_id": str(world.number())}
        contents = [media.content(world, kind) | album for kind in kinds]
        contents[0] |= self._caption(caption)
        return [self._post(content, group, thread, None, bot) for content in contents]

    async def taps(
        self,
        wanted: str,
        *,
        on: Message | None = None,
        group: Group | None = None,
        thread: int | None = None,
        even_if_gone: bool = False,
        patience: float = watching.PATIENCE,
        bot: Bot | None = None,
    ) -> Tap:
        """Press a button, named by its data or its label (or the beginning of its data, up to a colon).

        On the newest message that has it, waiting for one, or `on` a given message. `even_if_gone`: with
        an old screen, a button that is not there any more, by its data.

        Raises:
            AssertionError: no such button within `patience` seconds.
        """
        if on is None:
            room = self._room(group, bot)
            on = await watching.sees(
                room, lambda message: message.button(wanted) is not None, thread=thread, patience=patience
            )
        button = on.button(wanted)
        if button is None:
            if not even_if_gone:
                labels = [f"{one.text}|{one.data}" for one in on.buttons]
                raise AssertionError(f"{wanted!r} is not among the buttons {labels}")
            button = Button(wanted, wanted)
        return Tap(self.sandbox.press(self.user, on, button.data), button)

    async def edits(self, message: Message, text: str) -> Message:
        """Change the text or the caption of a message of one's own."""
        key = "text" if "text" in message.content else "caption"
        entities_key = "entities" if key == "text" else "caption_entities"
        kept = {name: value for name, value in message.content.items() if name not in {key, entities_key}}
        marked = as_content(read_text(text, None), key, entities_key)
        message.edited = True
        world = self.sandbox.world
        posting.change(world, message, kept | marked | {"edit_date": int(world.clock())})
        posting.deliver(world, message, edited=True)
        return message

    async def deletes(self, message: Message) -> None:
        """Delete a message for everybody; Telegram tells no bot about it."""
        posting.remove(self.sandbox.world, message)

    async def reacts(self, message: Message, *emoji: str) -> None:
        """Put these reactions on a message, or take one's own away."""
        reaction: list[Json] = [{"type": "emoji", "emoji": one} for one in emoji]
        posting.react(self.sandbox.world, message, self.user, reaction)

    async def sees(
        self,
        wanted: Wanted,
        *,
        after: Message | None = None,
        patience: float = watching.PATIENCE,
        bot: Bot | None = None,
    ) -> Message:
        """Wait until the private chat shows a message with this text (or that pleases the function).

        Raises:
            AssertionError: none within `patience` seconds; the message shows the chat.
        """
        return await watching.sees(self.private_chat(bot), wanted, after=after, patience=patience)

    async def blocks(self, bot: Bot | None = None) -> None:
        membership.set_blocked(self.sandbox.world, self.private_chat(bot), self.user, blocked=True)

    async def unblocks(self, bot: Bot | None = None) -> None:
        membership.set_blocked(self.sandbox.world, self.private_chat(bot), self.user, blocked=False)

    async def deletes_account(self) -> None:
        self.user.deactivated = True

    async def asks_inline(self, text: str, bot: Bot | None = None, *, offset: str = "") -> InlineQuery:
        """Type the bot's name and some words in any chat."""
        asked = bot or self.sandbox.bot
        query = self.sandbox.new_query(asked)
        update = {"id": query.id, "from": self.user.json, "query": text, "offset": offset}
        asked.updates.put("inline_query", update)
        return InlineQuery(query)

    async def picks(
        self, result: Json, group: Group | None = None, *, thread: int | None = None, bot: Bot | None = None
    ) -> Message:
        """Send one of the offered results of an inline query."""
        given = result["input_message_content"]
        content = as_content(read_text(given["message_text"], given.get("parse_mode")), "text", "entities")
        content["via_bot"] = (bot or self.sandbox.bot).user.json
        return self._post(content, group, thread, None, bot)

    def _caption(self, caption: str) -> Json:
        return as_content(read_text(caption, None), "caption", "caption_entities") if caption else {}

    def _room(self, group: Group | None, bot: Bot | None) -> Chat:
        return group.chat if group is not None else self.private_chat(bot)

    def _post(
        self,
        content: Json,
        group: Group | None,
        thread_id: int | None,
        reply_to: Message | None,
        bot: Bot | None,
        *,
        anonymously: bool = False,
    ) -> Message:
        chat = self._room(group, bot)
        if chat.blocked:
            raise AssertionError(f"{self.name} has blocked the bot and cannot write to it")
        if group is not None and not group.has(self):
            raise AssertionError(f"{self.name} is not a member of {group.title}")
        thread = None if thread_id is None else chat.threads[thread_id]
        if thread is not None and thread.closed and not chat.members[self.id].may("can_manage_topics"):
            raise AssertionError(f"{self.name} cannot write: the thread {thread.name!r} is closed")
        chat.started = True
        world = self.sandbox.world
        message = posting.post(
            world,
            chat,
            self.user,
            content,
            thread=thread,
            reply_to=reply_to,
            as_chat=chat if anonymously else None,
        )
        posting.deliver(world, message)
        return message
