"""An entry: one question, answered in all languages of the hotline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LANGUAGES = ("en", "ka", "az", "hy")
"""The languages in which entries answer, in the order in which documents hold them."""

UNDERSTOOD = (*LANGUAGES, "ru")
"""The languages in which questions are understood."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A lawyer's reading of one language of an entry."""

    on: dt.date
    by: str


@dataclass(frozen=True, slots=True)
class Text:
    """An entry in one language: the question, ways to ask it, and the answer.

    `short` is the answer's first paragraph, `more` all that follows it. Make one with `Text.of`, which brings
    white space into the one form that survives being written to a document and read again.
    """

    title: str = ""
    phrasings: tuple[str, ...] = ()
    short: str = ""
    more: str = ""

    @classmethod
    def of(cls, title: str = "", phrasings: Iterable[str] = (), answer: str = "") -> Text:
        short, _, more = _tidy_lines(answer).partition("\n\n")
        return cls(
            title=_one_line(title),
            phrasings=tuple(line for line in map(_one_line, phrasings) if line),
            short=short,
            more=more,
        )

    @property
    def answer(self) -> str:
        """The whole answer, as `Text.of` takes it."""
        return f"{self.short}\n\n{self.more}" if self.more else self.short


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the knowledge base.

    Args:
        id: lasting name, the document's file name without `.md`.
        category: id of the category, the document's folder.
        review_in_months: how long a lawyer's review holds, in months.
        related: ids of entries that a reader may want next.
        urgent: the answer begins with numbers to call, and a consultant is offered at once.
        caution: the rules changed lately; the reader is told to ask a consultant before acting.
        updated: the day each language's text was last changed.
        reviewed: who has read each language as a lawyer; a language that is missing has not been reviewed.
        sources: what the answer rests on.
        texts: the entry by language; `ru` has phrasings only.
    """

    id: str
    category: str
    review_in_months: int = 6
    related: tuple[str, ...] = ()
    urgent: bool = False
    caution: bool = False
    updated: Mapping[str, dt.date] = field(default_factory=dict)
    reviewed: Mapping[str, Review] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy_lines(text: str) -> str:
    """Lines without white space at their ends, one blank line between paragraphs, none around them."""
    lines: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")
