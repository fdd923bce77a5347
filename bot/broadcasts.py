"""Announcements and reminders become outbox rows in chunks, never in one long transaction."""

from datetime import datetime
from functools import partial
from typing import Final

from bot import buttons, outbox
from bot.model import Announce, Class, Event
from bot.storage import Database, Transaction
from bot.storage import events as rows
from bot.storage.events import Broadcast

CHUNK: Final = 200


async def advance(database: Database, *, now: datetime) -> None:
    """Write the rows of everything that is due."""
    async with database.read() as tx:
        due = await rows.due_broadcasts(tx, now)
    for broadcast in due:
        while await database.write(partial(_chunk, broadcast_id=broadcast.id, now=now)):
            pass


async def _chunk(tx: Transaction, *, broadcast_id: int, now: datetime) -> bool:
    """Write one chunk; say whether there may be another."""
    broadcast = await rows.broadcast(tx, broadcast_id)
    event = await rows.by_id(tx, broadcast.event_id) if broadcast else None
    if broadcast is None or event is None:
        return False
    people = await _audience(tx, broadcast, event, now)
    if not await rows.advance_broadcast(tx, broadcast, people[-1] if people else None, now):
        return False
    reminder = broadcast.kind == "reminder"
    call = Announce(
        event.id,
        reminder=reminder,
        buttons=buttons.rsvp_held(event.id) if reminder else buttons.announcement(event.id, event.topic),
    )
    rank = Class.REMINDER if reminder else Class.BROADCAST
    for person in people:
        await outbox.put(tx, call, now=now, rank=rank, person=person)
    return bool(people)


async def _audience(tx: Transaction, broadcast: Broadcast, event: Event, now: datetime) -> list[int]:
    if broadcast.kind == "announcement":
        return await rows.audience(tx, event, after=broadcast.cursor, limit=CHUNK)
    if event.starts_at <= now:
        return []  # nobody is reminded of what has begun
    return await rows.going(tx, event.id, since_before=broadcast.due_at, after=broadcast.cursor, limit=CHUNK)
