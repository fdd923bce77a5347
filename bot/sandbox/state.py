"""The world in a file, so that Telegram's memory outlives a restart as the hotline's does."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
from collections import deque
from typing import TYPE_CHECKING, Any

from bot.sandbox.messages import Message
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.world import Bot, Chat, File, Member, Thread, User

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.world import Json, World

FORMAT = 1
PAUSE = 0.2
logger = logging.getLogger(__name__)


class Keeper:
    """Writes the world shortly after each change, and once more at the end.

    A file that cannot be read is put aside as `*.unreadable`, and the world begins anew.
    """

    def __init__(self, world: World, path: Path | None) -> None:
        self._world = world
        self._path = path
        self._dirty = asyncio.Event()
        self._unsaved = False
        self._writing: asyncio.Task[None] | None = None

    def load(self) -> bool:
        """Fill the world from the file; False if there is none."""
        if self._path is None or not self._path.exists():
            return False
        try:
            restore(self._world, json.loads(self._path.read_text("utf-8")))
        except (ValueError, KeyError, TypeError):
            aside = self._path.with_suffix(".unreadable")
            self._path.replace(aside)
            logger.warning("The sandbox begins anew: its state could not be read and is now %s", aside)
            return False
        return True

    def start(self) -> None:
        if self._path is not None:
            self._world.on_change.append(self._note)
            self._writing = asyncio.create_task(self._write_after_changes())

    async def stop(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
            if self._unsaved:
                self._write(snapshot(self._world))

    def _note(self, _what: str, _chat: Chat, _thing: Any) -> None:
        self._unsaved = True
        self._dirty.set()

    async def _write_after_changes(self) -> None:
        while True:
            await self._dirty.wait()
            await asyncio.sleep(PAUSE)
            self._dirty.clear()
            await asyncio.to_thread(self._write, snapshot(self._world))

    def _write(self, state: Json) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(state, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def snapshot(world: World) -> Json:
    """The world as JSON. Messages are shared, not copied: they are replaced when they change."""
    return {
        "format": FORMAT,
        "next_number": world.next_number,
        "users": [[user.json, user.deactivated] for user in world.users.values()],
        "files": [_file(file) for file in world.files.values()],
        "groups": [_chat(chat) for chat in world.groups.values()],
        "bots": [_bot(bot) for bot in world.bots.values()],
    }


def restore(world: World, state: Json) -> None:
    """Fill an empty world.

    Raises:
        ValueError, KeyError, TypeError: the state is of another format or damaged.
    """
    if state["format"] != FORMAT:
        raise ValueError(state["format"])
    users = {shown["id"]: User(shown, gone) for shown, gone in state["users"]}
    bots = {saved["user"]["id"]: _restored_bot(saved) for saved in state["bots"]}
    known = users | {bot.id: bot.user for bot in bots.values()}
    files = [File(**saved | {"content": base64.b64decode(saved["content"])}) for saved in state["files"]]
    groups = [_restored_chat(saved, known) for saved in state["groups"]]
    for saved in state["bots"]:
        chats = [_restored_chat(chat, known) for chat in saved["private_chats"]]
        bots[saved["user"]["id"]].private_chats = {chat.id: chat for chat in chats}
    world.next_number = state["next_number"]
    world.users, world.bots = users, bots
    world.files = {file.id: file for file in files}
    world.groups = {chat.id: chat for chat in groups}


def _file(file: File) -> Json:
    fields = {name: getattr(file, name) for name in ("id", "kind", "name", "mime_type", "shown")}
    return fields | {"content": base64.b64encode(file.content).decode()}


def _bot(bot: Bot) -> Json:
    updates = bot.updates
    return {
        "user": bot.user.json,
        "updates": list(updates.waiting),
        "next_update_id": updates.next_id,
        "allowed": None if updates.allowed is None else sorted(updates.allowed),
        "commands": bot.commands,
        "profile": bot.profile,
        "private_chats": [_chat(chat) for chat in bot.private_chats.values()],
    }


def _restored_bot(saved: Json) -> Bot:
    bot = Bot(User(saved["user"]), UpdateQueue())
    bot.updates.waiting = deque(saved["updates"])
    bot.updates.next_id = saved["next_update_id"]
    bot.updates.allow(saved["allowed"])
    bot.commands, bot.profile = saved["commands"], saved["profile"]
    return bot


_CHAT_FIELDS = (
    "json",
    "bot_id",
    "next_message_id",
    "pinned",
    "available_reactions",
    "members_may_write",
    "migrated_to",
    "started",
    "blocked",
    "input_keyboard",
)
_THREAD_FIELDS = ("id", "name", "icon_color", "icon_custom_emoji_id", "closed", "deleted")


def _chat(chat: Chat) -> Json:
    return {name: getattr(chat, name) for name in _CHAT_FIELDS} | {
        "members": [
            [one.user.id, one.status, sorted(one.rights), one.anonymous] for one in chat.members.values()
        ],
        "threads": [[getattr(one, name) for name in _THREAD_FIELDS] for one in chat.threads.values()],
        "messages": [
            [one.content, [[who, what] for who, what in one.reactions.items()], one.edited, one.deleted]
            for one in chat.messages.values()
        ],
    }


def _restored_chat(saved: Json, known: dict[int, User]) -> Chat:
    chat = Chat(**{name: saved[name] for name in _CHAT_FIELDS})
    for number, status, rights, anonymous in saved["members"]:
        chat.members[number] = Member(known[number], status, frozenset(rights), anonymous)
    for values in saved["threads"]:
        fields: dict[str, Any] = dict(zip(_THREAD_FIELDS, values, strict=True))
        chat.threads[fields["id"]] = Thread(**fields)
    for content, reactions, edited, deleted in saved["messages"]:
        message = Message(chat, content, dict(reactions), edited, deleted)
        chat.messages[message.id] = message
    return chat
