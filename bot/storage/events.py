"""Rows of events, RSVPs, subscriptions and broadcasts."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, update

from bot.model import Event, RsvpState
from bot.storage.database import Transaction, insert_new, insert_one, put
from bot.storage.tables import broadcasts, events, people, rsvps, subscriptions


@dataclass(frozen=True)
class Broadcast:
    id: int
    event_id: int
    kind: str
    due_at: datetime
    cursor: int


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        topic=row.topic,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        taken=row.taken,
        regions=tuple(row.regions.split()),
        title=json.loads(row.title),
        text=json.loads(row.text),
        place=json.loads(row.place),
    )


async def create(tx: Transaction, event: Event, *, published_at: datetime | None) -> int:
    """Write a new event; its id and its seats taken are given here."""
    row = {
        "topic": event.topic,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "capacity": event.capacity,
        "taken": 0,
        "regions": " ".join(event.regions),
        "title": json.dumps(dict(event.title), ensure_ascii=False),
        "text": json.dumps(dict(event.text), ensure_ascii=False),
        "place": json.dumps(dict(event.place), ensure_ascii=False),
        "published_at": published_at,
    }
    return await insert_one(tx, events, row)


async def by_id(tx: Transaction, event_id: int) -> Event | None:
    row = (await tx.execute(select(events).where(events.c.id == event_id))).first()
    return _event(row) if row else None


async def hold(tx: Transaction, event_id: int) -> Event | None:
    """The event, if it was published; whoever else wants to hold it waits until this unit is committed."""
    published = (events.c.id == event_id) & events.c.published_at.is_not(None)
    query = select(events).where(published).with_for_update(key_share=True)
    row = (await tx.execute(query)).first()
    return _event(row) if row else None


async def take_seat(tx: Transaction, event_id: int) -> bool:
    """Take one seat if one is left; say whether there was one."""
    left = events.c.capacity.is_(None) | (events.c.taken < events.c.capacity)
    where = (events.c.id == event_id) & left
    return (await tx.execute(update(events).where(where).values(taken=events.c.taken + 1))).rowcount == 1


async def free_seat(tx: Transaction, event_id: int) -> None:
    where = (events.c.id == event_id) & (events.c.taken > 0)
    await tx.execute(update(events).where(where).values(taken=events.c.taken - 1))


async def rsvp(tx: Transaction, event_id: int, person_id: int) -> RsvpState | None:
    query = select(rsvps.c.state).where(rsvps.c.event_id == event_id, rsvps.c.person_id == person_id)
    state = await tx.scalar(query)
    return RsvpState(state) if state else None


async def set_rsvp(tx: Transaction, event_id: int, person_id: int, state: RsvpState, now: datetime) -> None:
    await put(tx, rsvps, {"event_id": event_id, "person_id": person_id, "state": state, "since": now})


async def first_waiting(tx: Transaction, event_id: int) -> int | None:
    """The person who has waited longest."""
    query = (
        select(rsvps.c.person_id)
        .where(rsvps.c.event_id == event_id, rsvps.c.state == RsvpState.WAITLISTED)
        .order_by(rsvps.c.since, rsvps.c.person_id)
        .limit(1)
    )
    return await tx.scalar(query)


async def held_by(tx: Transaction, person_id: int, *, after: datetime) -> list[Event]:
    """Events to come that a person goes to or waits for."""
    query = (
        select(events)
        .join(rsvps, rsvps.c.event_id == events.c.id)
        .where(rsvps.c.person_id == person_id, rsvps.c.state != RsvpState.CANCELLED, events.c.ends_at > after)
        .order_by(events.c.starts_at)
    )
    return [_event(row) for row in await tx.execute(query)]


async def seats_of(tx: Transaction, person_id: int) -> list[int]:
    """Ids of the events in which a person holds a seat."""
    query = select(rsvps.c.event_id).where(rsvps.c.person_id == person_id, rsvps.c.state == RsvpState.GOING)
    return list((await tx.scalars(query.order_by(rsvps.c.event_id))).all())


async def follow(tx: Transaction, person_id: int, topic: str, now: datetime) -> None:
    await insert_new(tx, subscriptions, [{"person_id": person_id, "topic": topic, "since": now}])


async def stop(tx: Transaction, person_id: int, topic: str | None) -> None:
    """Stop one topic, or all of them."""
    where = subscriptions.c.person_id == person_id
    if topic is not None:
        where &= subscriptions.c.topic == topic
    await tx.execute(delete(subscriptions).where(where))


async def topics(tx: Transaction, person_id: int) -> set[str]:
    query = select(subscriptions.c.topic).where(subscriptions.c.person_id == person_id)
    return set((await tx.scalars(query)).all())


async def add_broadcast(tx: Transaction, event_id: int, kind: str, due_at: datetime) -> None:
    await tx.execute(insert(broadcasts).values(event_id=event_id, kind=kind, due_at=due_at, cursor=0))


async def due_broadcasts(tx: Transaction, now: datetime) -> list[Broadcast]:
    query = (
        select(
            broadcasts.c.id,
            broadcasts.c.event_id,
            broadcasts.c.kind,
            broadcasts.c.due_at,
            broadcasts.c.cursor,
        )
        .where(broadcasts.c.due_at <= now, broadcasts.c.finished_at.is_(None))
        .order_by(broadcasts.c.id)
    )
    return [Broadcast(*row) for row in await tx.execute(query)]


async def broadcast(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    """A broadcast that is not finished."""
    query = select(
        broadcasts.c.id, broadcasts.c.event_id, broadcasts.c.kind, broadcasts.c.due_at, broadcasts.c.cursor
    ).where(broadcasts.c.id == broadcast_id, broadcasts.c.finished_at.is_(None))
    row = (await tx.execute(query)).first()
    return Broadcast(*row) if row else None


async def advance_broadcast(tx: Transaction, broadcast: Broadcast, cursor: int | None, now: datetime) -> bool:
    """Move the cursor (none: finished) if nobody else did; say whether it moved."""
    where = (broadcasts.c.id == broadcast.id) & (broadcasts.c.cursor == broadcast.cursor)
    where &= broadcasts.c.finished_at.is_(None)
    values = {"finished_at": now} if cursor is None else {"cursor": cursor}
    return (await tx.execute(update(broadcasts).where(where).values(values))).rowcount == 1


async def audience(tx: Transaction, event: Event, *, after: int, limit: int) -> list[int]:
    """Subscribers of the event's topic, and of its regions; who named no region gets every event."""
    query = (
        select(people.c.id)
        .join(subscriptions, subscriptions.c.person_id == people.c.id)
        .where(
            subscriptions.c.topic == event.topic,
            people.c.id > after,
            people.c.leaving_at.is_(None),
            people.c.unreachable_at.is_(None),
        )
        .order_by(people.c.id)
        .limit(limit)
    )
    if event.regions:
        query = query.where(or_(people.c.region.is_(None), people.c.region.in_(event.regions)))
    return list((await tx.scalars(query)).all())


async def going(
    tx: Transaction, event_id: int, *, since_before: datetime, after: int, limit: int
) -> list[int]:
    """Those who accepted before a moment."""
    query = (
        select(rsvps.c.person_id)
        .join(people, people.c.id == rsvps.c.person_id)
        .where(
            and_(
                rsvps.c.event_id == event_id,
                rsvps.c.state == RsvpState.GOING,
                rsvps.c.since < since_before,
                rsvps.c.person_id > after,
                people.c.leaving_at.is_(None),
            )
        )
        .order_by(rsvps.c.person_id)
        .limit(limit)
    )
    return list((await tx.scalars(query)).all())
