"""What the courier asks of a channel."""

from dataclasses import dataclass
from typing import Protocol

from bot.model import Call, Event
from knowledge_base import Entry


@dataclass(frozen=True)
class Parcel:
    """One call with all that is needed to send it. An album is one call with several messages."""

    calls: tuple[Call, ...]
    chat: int
    to_desk: bool
    language: str | None  # none: a person who has not chosen yet
    thread: int | None = None
    card: int | None = None
    source: int | None = None  # the chat that messages are copied from
    reactions: tuple[str, ...] | None = None  # those the chat allows; none = all
    entry: Entry | None = None
    event: Event | None = None


@dataclass(frozen=True)
class Sent:
    """What the channel gave: ids of the messages made, or of the thread."""

    messages: tuple[int, ...] = ()
    thread: int | None = None


class Messenger(Protocol):
    async def send(self, parcel: Parcel) -> Sent:
        """Send one parcel.

        Raises:
            Undelivered: one of its kinds says what that means.
        """


class Undelivered(Exception):
    """The call had no effect."""


class Unreachable(Undelivered):
    """The person stopped the bot or vanished; the group threw it out."""


class TryLater(Undelivered):
    """The channel is busy or out of reach. `flood`: it told us to slow down, for `seconds`."""

    def __init__(self, reason: str, *, seconds: float | None = None, flood: bool = False) -> None:
        super().__init__(reason)
        self.seconds, self.flood = seconds, flood


class ChatMoved(Undelivered):
    """The group became a supergroup with another id."""

    def __init__(self, chat: int) -> None:
        super().__init__("chat moved")
        self.chat = chat


class ThreadGone(Undelivered):
    """The thread of the ticket was deleted."""


class MessageGone(Undelivered):
    """The message to copy, edit or react to is no longer there."""


class NotCarried(Undelivered):
    """A message of this kind cannot be copied."""


class ReactionRefused(Undelivered):
    """The chat allows none of our reactions."""


class Refused(Undelivered):
    """The channel refuses the call: our bug. Set aside and told to an admin."""
