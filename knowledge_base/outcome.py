"""What a search comes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that may answer, and how probably it is the right one."""

    entry: str
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How an utterance was understood.

    Args:
        language: the language of the text (`ka az hy ru en`), None where nothing tells.
        ranked: the best three entries, whatever the outcome.
        score: the probability that `ranked[0]` is right; 0 without one.
        urgent: the entry to show at once, when the message is a crisis.
    """

    language: str | None
    ranked: tuple[Match, ...] = ()
    score: float = 0.0
    urgent: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One entry is the answer."""

    entry: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Suggested:
    """One of up to three entries may be the answer."""

    entries: tuple[str, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Not a question: a greeting, thanks, a goodbye, an insult, or chat."""

    kind: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nothing fits well enough."""

    reading: Reading


Outcome = Answered | Suggested | SmallTalk | Unanswered
