"""The nouns of the hotline, as plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final, TypeAlias

TOPICS: Final = ("forums", "trainings", "grants", "news")
ELSEWHERE: Final = "elsewhere"


class Role(StrEnum):
    CONSULTANT = "consultant"
    EDITOR = "editor"
    ADMIN = "admin"


class Prompt(StrEnum):
    """What the next message of a person means, where it is not simply a question."""

    TICKET = "ticket"  # it opens a ticket
    QUESTION = "question"  # it is a question for the knowledge base though a ticket is open


class TicketState(StrEnum):
    NEW = "new"
    OPEN = "open"
    RESOLVED = "resolved"


class RsvpState(StrEnum):
    GOING = "going"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class QuestionOutcome(StrEnum):
    WAITING = "waiting"  # for the person to choose a language
    ANSWERED = "answered"
    SUGGESTED = "suggested"
    UNANSWERED = "unanswered"
    ASKED = "asked"  # meant for a consultant from the start
    UNCONFIRMED = "unconfirmed"  # a contact card: handed over only after the person said so
    HELPED = "helped"  # answered, and the person said that it helped


class Class(IntEnum):
    """Priority of an outbox row: a lower number overtakes, order is kept within a class."""

    ANSWER = 0  # to a person in hand
    RELAY = 1  # a carried message
    CARD = 2  # threads and cards
    EDIT = 3  # cards changed, threads renamed, reactions
    REMINDER = 4
    BROADCAST = 5


@dataclass(frozen=True)
class Person:
    id: int
    telegram: int
    language: str | None
    guessed: str | None
    region: str | None
    municipality: str | None
    place_asked: bool
    role: Role | None
    prompt: Prompt | None
    unreachable: bool
    leaving: bool
    ticket: int | None = None  # number of their ticket that is not resolved
    resolved_ticket: int | None = None  # else of the one resolved last
    resolved_at: datetime | None = None

    @property
    def speaks(self) -> str | None:
        """The language to answer in: chosen, else that of what they last wrote."""
        return self.language or self.guessed

    @property
    def staff(self) -> bool:
        return self.role is not None


STRANGER: Final = Person(
    id=0,
    telegram=0,
    language=None,
    guessed=None,
    region=None,
    municipality=None,
    place_asked=True,
    role=None,
    prompt=None,
    unreachable=False,
    leaving=False,
)


@dataclass(frozen=True)
class Utterance:
    """What a person sent. `text` is none where it is no text; `message_id` is in their chat with us."""

    text: str | None
    message_id: int
    album: str | None = None  # messages of one album share it


@dataclass(frozen=True)
class Question:
    id: int
    person_id: int
    text: str | None
    message_id: int
    album: str | None
    language: str | None
    outcome: QuestionOutcome
    nearest: tuple[str, ...]
    ticket_id: int | None


@dataclass(frozen=True)
class Ticket:
    id: int
    requester_id: int | None
    language: str
    region: str | None
    municipality: str | None
    category: str | None
    nearest: tuple[str, ...]
    question: str | None
    state: TicketState
    assignee_id: int | None
    group_id: int | None
    thread_id: int | None
    card_id: int | None
    resolved_at: datetime | None

    @property
    def number(self) -> int:
        return self.id


@dataclass(frozen=True)
class Group:
    id: int
    chat: int
    reactions: tuple[str, ...] | None  # those the group allows; none = all
    desk: bool


@dataclass(frozen=True)
class Event:
    id: int
    topic: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    taken: int
    regions: tuple[str, ...]
    title: Mapping[str, str]
    text: Mapping[str, str]
    place: Mapping[str, str]

    @property
    def seats(self) -> int | None:
        """Seats left; none where they are not counted."""
        return None if self.capacity is None else self.capacity - self.taken


@dataclass(frozen=True)
class Button:
    """An inline button. `label` is a text key; its data is `action:field[:…]` (DESIGN.md)."""

    label: str
    action: str
    fields: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


Buttons: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Say:
    """A message of our own: a text key, its values (see `bot.values`), rows of buttons."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: Buttons = ()
    reply_to: int | None = None


@dataclass(frozen=True)
class Answer:
    """An entry of the knowledge base, at the revision that was live when it was decided."""

    entry: str
    revision: int
    more: bool = False  # everything after the short answer
    buttons: Buttons = ()


@dataclass(frozen=True)
class Announce:
    """An event, with its seats as they are when it is sent."""

    event: int
    reminder: bool = False
    buttons: Buttons = ()


@dataclass(frozen=True)
class Copy:
    """A message carried between a requester and the thread of their ticket."""

    ticket: int
    message_id: int


@dataclass(frozen=True)
class Edit:
    """New text and buttons for a message of ours. `message_id` none: the card of the ticket."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: Buttons = ()
    message_id: int | None = None


@dataclass(frozen=True)
class React:
    """The sign that a message was delivered."""

    message_id: int


@dataclass(frozen=True)
class OpenThread:
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RenameThread:
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LeaveGroup:
    pass


Call: TypeAlias = Say | Answer | Announce | Copy | Edit | React | OpenThread | RenameThread | LeaveGroup
