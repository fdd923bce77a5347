"""Dates as texts of the hotline's languages write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from babel.dates import get_month_names

from knowledge_base.entry import LANGUAGES

_LONGEST = 4
"""Letters of a Georgian month that its endings leave as they are: იანვარი, იანვრიდან."""

_NUMERIC = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_DOTTED = re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d)\b")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MONEY = re.compile(r"\bGEL\b|₾|ლარ|\blari|լարի")


def dates(text: str, language: str) -> Iterator[dt.date]:
    """The dates in a text that name a year; without a day it is the last of the month."""
    for pattern in (_NUMERIC, _DOTTED):
        for found in pattern.finditer(text):
            yield from _date(int(found["year"]), int(found["month"]), int(found["day"]))
    pattern, months = _written(language)
    for found in pattern.finditer(text):
        year = found["year"] or found["year_after"]
        day = found["day"] or found["day_after"]
        if year:
            name = found["month"].casefold()
            month = next(number for beginning, number in months.items() if name.startswith(beginning))
            yield from _date(int(year), month, int(day) if day else None)


def years_of_amounts(text: str) -> Iterator[int]:
    """The years that stand beside an amount of money, line by line."""
    for line in text.splitlines():
        if _MONEY.search(line):
            yield from map(int, _YEAR.findall(line))


def _date(year: int, month: int, day: int | None) -> Iterator[dt.date]:
    if 1 <= month <= 12:
        last = calendar.monthrange(year, month)[1]
        if day is None or 1 <= day <= last:
            yield dt.date(year, month, day or last)


@cache
def _written(language: str) -> tuple[re.Pattern[str], dict[str, int]]:
    """A pattern for written dates, and the numbers of the months by their beginnings.

    Such as "1 January 2022", "2022 წლის 1 იანვარი", "2022-ci il yanvarın 1-i", "2022 թվականի հունվարի 1-ը".
    """
    locale = language if language in LANGUAGES else "en"
    names = get_month_names("wide", context="stand-alone", locale=locale)
    months = {
        (name[:_LONGEST] if language == "ka" else name).casefold(): number for number, name in names.items()
    }
    beginnings = "|".join(map(re.escape, months))
    pattern = re.compile(
        r"(?:(?<!\d)(?P<year>20\d\d)[^\d\n]{1,14}?)?"
        r"(?:(?<!\d)(?P<day>\d{1,2})(?:-\w{1,3})?\s+)?"
        rf"\b(?P<month>(?:{beginnings})\w*)"
        r"(?:\s+(?P<day_after>\d{1,2})(?!\d))?"
        r"(?:[ ,]{1,2}(?P<year_after>20\d\d)(?!\d))?",
        re.IGNORECASE,
    )
    return pattern, months
