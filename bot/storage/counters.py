"""Figures that survive the texts."""

from datetime import date

from bot.storage.database import Transaction, add
from bot.storage.tables import counters


async def count(tx: Transaction, day: date, name: str, language: str) -> None:
    await add(tx, counters, {"day": day, "name": name, "language": language}, column="amount", amount=1)
