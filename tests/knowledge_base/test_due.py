"""What is due for whom."""

import datetime as dt

import pytest

from knowledge_base import Entry, Review, Text
from knowledge_base.due import due, months_after

DAY = dt.date(2026, 1, 31)


def one(**changes: object) -> Entry:
    texts = {"en": Text.of("One?", (), "Yes."), "ru": Text.of(phrasings=["раз"])}
    known = {"updated": {"en": DAY}, "reviewed": {"en": Review(DAY, "N. B.")}, "review_in_months": 1}
    return Entry("one", "all", texts=texts, **{**known, **changes})


@pytest.mark.parametrize(
    ("entry", "today", "words"),
    [
        (one(), dt.date(2026, 2, 27), []),
        (one(), dt.date(2026, 2, 28), ["all/one: to be reviewed again: en"]),
        (one(updated={"en": dt.date(2026, 2, 1)}), DAY, ["all/one: to be reviewed again: en"]),
        (one(reviewed={}), DAY, ["all/one: not yet reviewed by a lawyer: en"]),
    ],
)
def test_what_is_due(entry: Entry, today: dt.date, words: list[str]) -> None:
    assert list(due([entry], today)) == words


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 8, 15), 6, dt.date(2027, 2, 15)),
        (dt.date(2026, 12, 1), 12, dt.date(2027, 12, 1)),
    ],
)
def test_months_after(day: dt.date, months: int, after: dt.date) -> None:
    assert months_after(day, months) == after
