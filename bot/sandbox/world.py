"""What Telegram knows: people, bots, chats with their threads and messages, files."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.updates import UpdateQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.messages import Message

Json = dict[str, Any]

BOT_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_post_messages",
    "can_edit_messages",
)
SHOWN_NAMES = ("first_name", "last_name", "username")
MEMBERS = ("creator", "administrator", "member", "restricted")


class Pulse:
    """Wakes everybody who waits for a change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        if self._waiting:
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()

    async def wait(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)


@dataclass(slots=True, eq=False)
class User:
    """A person or the account of a bot; `json` is Telegram's User object."""

    json: Json
    deactivated: bool = False

    @property
    def id(self) -> int:
        return int(self.json["id"])


@dataclass(slots=True, eq=False)
class Member:
    """What a user is in a group; `rights` count for administrators."""

    user: User
    status: str
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    @property
    def present(self) -> bool:
        return self.status in MEMBERS

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def as_json(self) -> Json:
        shown: Json = {"status": self.status, "user": self.user.json}
        if self.status == "creator":
            shown["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            shown |= {"can_be_edited": False, "is_anonymous": self.anonymous}
            shown |= {right: right in self.rights for right in BOT_RIGHTS}
        if self.status == "kicked":
            shown["until_date"] = 0
        return shown


@dataclass(slots=True, eq=False)
class Thread:
    """A topic of a forum. Its id is the id of the service message that opened it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat of one person with one bot, a group or a channel; `json` is Telegram's Chat object."""

    json: Json
    bot_id: int | None = None
    next_message_id: int = 1
    messages: dict[int, Message] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    available_reactions: list[str] | None = None
    members_may_write: bool = True
    migrated_to: int | None = None
    started: bool = False
    blocked: bool = False
    input_keyboard: Json | None = None
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def id(self) -> int:
        return int(self.json["id"])

    @property
    def kind(self) -> str:
        return str(self.json["type"])

    @property
    def is_forum(self) -> bool:
        return bool(self.json.get("is_forum"))

    def found(self, message_id: int) -> Message | None:
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def open_threads(self) -> Iterator[Thread]:
        return (thread for thread in self.threads.values() if not thread.deleted)


@dataclass(slots=True, eq=False)
class File:
    """A file on Telegram's servers; `shown` is the object in a message (without the ids)."""

    id: str
    kind: str
    name: str
    mime_type: str
    content: bytes
    shown: Json = field(default_factory=dict)

    @property
    def unique_id(self) -> str:
        return self.id[:12]

    def as_json(self) -> Json:
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
            **self.shown,
        }

    def in_message(self) -> Json | list[Json]:
        return [self.as_json()] if self.kind == "photo" else self.as_json()


@dataclass(slots=True, eq=False)
class Query:
    """A button press or an inline query that waits for the bot's answer."""

    id: str
    bot_id: int
    answer: Json | None = None
    expired: bool = False
    pulse: Pulse = field(default_factory=Pulse)


@dataclass(slots=True, eq=False)
class Bot:
    """The account behind a token, with its profile and its waiting updates."""

    user: User
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    private_chats: dict[int, Chat] = field(default_factory=dict)
    reads_all_in_groups: bool = False
    commands: dict[str, list[Json]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.user.id


class World:
    """All of it. `on_change` listeners hear (what, chat, thing) after each change."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.bots: dict[int, Bot] = {}
        self.users: dict[int, User] = {}
        self.groups: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.next_number = 1
        self.on_change: list[Callable[[str, Chat, Any], None]] = []

    def number(self) -> int:
        """A number that nothing else in this world has."""
        self.next_number += 1
        return self.next_number

    def changed(self, what: str, chat: Chat, thing: Any) -> None:
        chat.pulse.beat()
        for listener in self.on_change:
            listener(what, chat, thing)

    def bot(self, bot_id: int) -> Bot:
        bot = self.bots.get(bot_id)
        if bot is None:
            user = User(
                {"id": bot_id, "is_bot": True, "first_name": "Hotline", "username": f"bot{bot_id}_bot"}
            )
            bot = self.bots[bot_id] = Bot(user)
        return bot

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """The chat of a person with a bot. The bot knows of it once the person has written (`started`)."""
        chat = bot.private_chats.get(user.id)
        if chat is None:
            names = {name: value for name, value in user.json.items() if name in SHOWN_NAMES}
            chat = Chat({"id": user.id, **names, "type": "private"}, bot_id=bot.id)
            bot.private_chats[user.id] = chat
        return chat

    def add_file(self, kind: str, name: str, mime_type: str, content: bytes, shown: Json) -> File:
        file_id = f"{kind[:3].upper()}{self.number():09d}AgADsandbox"
        file = self.files[file_id] = File(file_id, kind, name, mime_type, content, shown)
        return file
