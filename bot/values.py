"""Values of texts that only the view can render, in the language of whoever reads them.

Plain values are strings and whole numbers; these are small tagged dicts, because outbox rows are JSON.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

Value: TypeAlias = Mapping[str, Any]


def moment(at: datetime) -> Value:
    """A day and an hour, shown in Tbilisi time."""
    return {"moment": at.isoformat()}


def day(at: datetime) -> Value:
    """A day, shown in Tbilisi time."""
    return {"day": at.isoformat()}


def term(key: str) -> Value:
    """Another text."""
    return {"term": key}


def terms(keys: Iterable[str], *, none: str) -> Value:
    """Several texts, with commas; the text `none` where there are none."""
    return {"terms": list(keys), "none": none}


def place(region: str | None, municipality: str | None) -> Value:
    return {"place": municipality or region}


def category(category_id: str | None) -> Value:
    return {"category": category_id}


def about(category_id: str) -> Value:
    """The line that describes a category."""
    return {"about": category_id}


def entry(entry_id: str) -> Value:
    """The question that an entry answers."""
    return {"entry": entry_id}


def questions(entries: Iterable[str]) -> Value:
    """What entries answer, numbered as their buttons are: on a phone a button shows only a few words."""
    return lines(
        "numbered_question",
        ({"number": number, "title": entry(each)} for number, each in enumerate(entries, 1)),
    )


def each(texts: Mapping[str, str]) -> Value:
    """A text that the database holds in all languages."""
    return {"each": dict(texts)}


def hours() -> Value:
    """The consultants' working hours, from the configuration."""
    return {"hours": True}


def lines(key: str, rows: Iterable[Mapping[str, Any]], *, head: str | None = None) -> Value:
    """One line of the text `key` for each row of values, below the text `head`; nothing without rows."""
    return {"lines": key, "rows": [dict(row) for row in rows], "head": head}


def titles(texts: Iterable[Mapping[str, str]], *, none: str) -> Value:
    """Several texts that the database holds in all languages, with commas."""
    return {"titles": [dict(each) for each in texts], "none": none}


def seats(left: int | None) -> Value:
    """Seats left, on a line of their own; nothing where they are not counted."""
    return {"seats": left}
