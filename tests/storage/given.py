"""Rows that tests begin with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from bot.model import Event, Person
from bot.storage import Database, Transaction, people, tickets
from bot.storage import outbox as outbox_rows
from bot.storage.tables import metadata

KEY = bytes(range(32))
NOW = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TEXTS = {"ka": "ფორუმი", "az": "forum", "hy": "ֆորում", "en": "forum"}


async def persons(tx: Transaction, number: int, first: int = 501) -> list[Person]:
    """Persons with the Telegram ids `first`, `first` + 1 …"""
    return [await people.create(tx, first + each, NOW) for each in range(number)]


async def ticket(tx: Transaction, requester: Person | None = None, **columns: Any) -> int:
    """A new ticket in Georgian."""
    row = {"requester_id": requester.id if requester else None, "language": "ka"}
    return await tickets.create(tx, **row | {"opened_at": NOW, "due_at": NOW + DAY} | columns)


def event(**changed: Any) -> Event:
    """A forum tomorrow."""
    plain: dict[str, Any] = {
        "id": 0,
        "topic": "forums",
        "starts_at": NOW + DAY,
        "ends_at": NOW + DAY + HOUR,
        "capacity": None,
        "taken": 0,
        "regions": (),
        "title": TEXTS,
        "text": TEXTS,
        "place": TEXTS,
    }
    return Event(**plain | changed)


async def call(tx: Transaction, **columns: Any) -> None:
    """An outbox row, due now."""
    plain = {"class": 0, "person_id": None, "ticket_id": None, "group_id": None, "call": "say", "body": {}}
    rest = {"batch_key": None, "edit_key": None, "due_at": NOW, "attempts": 0}
    await outbox_rows.write(tx, [plain | rest | columns])


async def raw(database: Database, query: str) -> list[Any]:
    """Rows as the database holds them: sealed columns stay sealed."""
    async with database.read() as tx:
        return list((await tx.execute(text(query))).all())


async def column(database: Database, name: str) -> list[Any]:
    """All values of a `table.column`, in the order of the table's keys."""
    table_name, _, column_name = name.partition(".")
    table = metadata.tables[table_name]
    async with database.read() as tx:
        return list(await tx.scalars(select(table.c[column_name]).order_by(*table.primary_key)))
