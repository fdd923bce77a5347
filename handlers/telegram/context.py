"""What a handler gets: built once for each update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telegram import Chat, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.config import Config
from bot.entries import Knowledge, Shelf
from bot.model import Person, Utterance
from bot.storage import Database, Transaction
from handlers.telegram.callbacks import Press, unpack

if TYPE_CHECKING:
    from bot.storage.inbox import Received

App = Application[ExtBot[None], "Context", dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]


@dataclass
class Hotline:
    """The parts that every handler may use; they live as long as the process."""

    database: Database
    shelf: Shelf
    config: Config
    now: Callable[[], datetime]
    # Updates being handled, by id, and what went wrong with them: the library swallows exceptions.
    in_hand: dict[int, Received] = field(default_factory=dict)
    failed: dict[int, Exception] = field(default_factory=dict)
    handled: set[int] = field(default_factory=set)  # marked as done by their route


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context with the person, the moment and the transaction of this update."""

    tx: Transaction
    person: Person
    now: datetime
    found: Any = None  # what `prepare` found
    toast: tuple[str, dict[str, Any]] | None = None  # shown over the chat when a button was pressed

    @property
    def hotline(self) -> Hotline:
        hotline = self.bot_data["hotline"]
        assert isinstance(hotline, Hotline)  # noqa: S101 - narrows the type for mypy
        return hotline

    @property
    def knowledge(self) -> Knowledge:
        return self.hotline.shelf.knowledge


def utterance(update: Update) -> Utterance:
    message = update.effective_message
    if message is None:
        raise LookupError("an update without a message")
    return Utterance(message.text, message.message_id, message.media_group_id)


def words(update: Update) -> str | None:
    """What was typed, also beside a photo and the like."""
    message = update.effective_message
    return (message.text or message.caption) if message else None


def press(update: Update) -> Press:
    query = update.callback_query
    if query is None or query.data is None:
        raise LookupError("an update without a button press")
    return unpack(query.data)


def in_group(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type != Chat.PRIVATE
