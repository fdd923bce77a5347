"""Rows of raw updates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.storage.database import Transaction, insert_new
from bot.storage.tables import inbox


@dataclass(frozen=True)
class Received:
    """An update as it came: not parsed."""

    bot_id: int
    update_id: int
    lane: int
    payload: str


def _key(received: Received) -> Any:
    return (inbox.c.bot_id == received.bot_id) & (inbox.c.update_id == received.update_id)


async def known(tx: Transaction, bot_id: int, update_ids: Sequence[int]) -> set[int]:
    """Those of the ids that are stored already."""
    query = select(inbox.c.update_id).where(inbox.c.bot_id == bot_id, inbox.c.update_id.in_(update_ids))
    return set((await tx.scalars(query)).all())


async def store(tx: Transaction, rows: Sequence[Received], now: datetime) -> None:
    values = [
        {
            "bot_id": row.bot_id,
            "update_id": row.update_id,
            "lane": row.lane,
            "payload": row.payload,
            "failures": 0,
            "received_at": now,
        }
        for row in rows
    ]
    await insert_new(tx, inbox, values)


async def waiting(tx: Transaction, bot_id: int) -> list[Received]:
    """What was received and is neither done nor set aside, oldest first."""
    query = (
        select(inbox.c.bot_id, inbox.c.update_id, inbox.c.lane, inbox.c.payload)
        .where(inbox.c.bot_id == bot_id, inbox.c.done_at.is_(None), inbox.c.set_aside_at.is_(None))
        .order_by(inbox.c.update_id)
    )
    return [Received(*row) for row in await tx.execute(query)]


_DONE = (
    update(inbox)
    .where(
        inbox.c.bot_id == bindparam("bot"), inbox.c.update_id == bindparam("id"), inbox.c.done_at.is_(None)
    )
    .values(done_at=bindparam("now"), payload=None)
)


async def done(tx: Transaction, received: Received, now: datetime) -> bool:
    """Mark as done and empty; say whether it was not done before."""
    found = {"bot": received.bot_id, "id": received.update_id, "now": now}
    return (await tx.execute(_DONE, found)).rowcount == 1


async def count_failure(tx: Transaction, received: Received) -> int:
    """Count one more failure and return how many there were."""
    statement = update(inbox).where(_key(received)).values(failures=inbox.c.failures + 1)
    return int((await tx.execute(statement.returning(inbox.c.failures))).scalar() or 0)


async def set_aside(tx: Transaction, received: Received, now: datetime) -> None:
    await tx.execute(update(inbox).where(_key(received)).values(set_aside_at=now))


async def remove_before(tx: Transaction, moment: datetime) -> None:
    """Remove rows done or set aside before `moment`."""
    await tx.execute(delete(inbox).where(inbox.c.done_at < moment))
    waiting = inbox.c.done_at.is_(None)
    await tx.execute(delete(inbox).where(waiting, inbox.c.set_aside_at < moment))
