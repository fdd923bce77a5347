"""When a question gets its first answer (the promise in the receipt)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import WEEKDAYS, Hours

TBILISI = ZoneInfo("Asia/Tbilisi")


def answer_due(now: datetime, hours: Hours) -> datetime:
    """`answer_days` working days after now, or after the next opening where it is closed now."""
    start = _next_open(now.astimezone(TBILISI), hours)
    due = start
    for _ in range(hours.answer_days):
        due += timedelta(days=1)
        while not _works(due, hours):
            due += timedelta(days=1)
    return due.astimezone(UTC)


def _works(day: datetime, hours: Hours) -> bool:
    return WEEKDAYS[day.weekday()] in hours.days


def _next_open(local: datetime, hours: Hours) -> datetime:
    if _works(local, hours) and hours.opens <= local.time() < hours.closes:
        return local
    opening = datetime.combine(local.date(), hours.opens, TBILISI)
    while opening < local or not _works(opening, hours):
        opening += timedelta(days=1)
    return opening
