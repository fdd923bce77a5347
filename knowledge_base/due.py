"""What an editor or a lawyer should look at next."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator

from knowledge_base.entry import LANGUAGES, Entry


def due(entries: Iterable[Entry], today: dt.date) -> Iterator[str]:
    """A line for each entry that is behind in some language: the id, and what is due in which languages."""
    for entry in entries:
        newest = max(entry.updated.values(), default=None)
        written = [language for language in LANGUAGES if language in entry.texts]
        stale = [
            language for language in written if newest and entry.updated.get(language, dt.date.min) < newest
        ]
        unreviewed = [language for language in written if language not in entry.reviewed]
        expired = [
            language
            for language, review in entry.reviewed.items()
            if review.on < entry.updated.get(language, dt.date.min)
            or months_after(review.on, entry.review_in_months) <= today
        ]
        for words, languages in (
            ("behind the newest text", stale),
            ("not yet reviewed by a lawyer", unreviewed),
            ("to be reviewed again", expired),
        ):
            if languages:
                yield f"{entry.category}/{entry.id}: {words}: {', '.join(languages)}"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
