"""Who comes to an event. Seats are never more than the capacity; who waits longest moves up first."""

from datetime import datetime
from typing import Any

from bot import buttons, outbox, values
from bot.errors import EventOver, EventUnknown
from bot.model import Buttons, Event, Person, RsvpState
from bot.storage import Transaction, counters
from bot.storage import events as rows


async def go(tx: Transaction, person: Person, event_id: int, *, now: datetime) -> None:
    """Take a seat, or hear that none is left.

    Raises:
        EventUnknown: there is no such event.
        EventOver: it has begun.
    """
    event = await _open_event(tx, event_id, now)
    state = await rows.rsvp(tx, event.id, person.id)
    if state is not RsvpState.GOING:
        if not await rows.take_seat(tx, event.id):
            if state is RsvpState.WAITLISTED:
                await _say(tx, person, "rsvp_waitlisted", event, buttons.rsvp_held(event.id), now=now)
            else:
                await _say(tx, person, "rsvp_full", event, buttons.rsvp_full(event.id), now=now)
            return
        await rows.set_rsvp(tx, event.id, person.id, RsvpState.GOING, now)
        await counters.count(tx, now.date(), "rsvp_going", person.speaks or "")
    await _say(tx, person, "rsvp_going", event, buttons.rsvp_held(event.id), now=now)


async def wait(tx: Transaction, person: Person, event_id: int, *, now: datetime) -> None:
    """Join the waiting list; who waited while a seat became free gets it."""
    event = await _open_event(tx, event_id, now)
    state = await rows.rsvp(tx, event.id, person.id)
    if state is RsvpState.GOING or await rows.take_seat(tx, event.id):
        if state is not RsvpState.GOING:
            await rows.set_rsvp(tx, event.id, person.id, RsvpState.GOING, now)
        await _say(tx, person, "rsvp_going", event, buttons.rsvp_held(event.id), now=now)
        return
    if state is not RsvpState.WAITLISTED:
        await rows.set_rsvp(tx, event.id, person.id, RsvpState.WAITLISTED, now)
    await _say(tx, person, "rsvp_waitlisted", event, buttons.rsvp_held(event.id), now=now)


async def cancel(tx: Transaction, person: Person, event_id: int, *, now: datetime) -> None:
    event = await _open_event(tx, event_id, now)
    await _give_up(tx, event, person.id, now=now)
    await _say(tx, person, "rsvp_cancelled", event, buttons.EXITS, now=now)


async def cancel_all(tx: Transaction, person: Person, *, now: datetime) -> None:
    """A person is erased: their seats go to those who wait."""
    for event_id in await rows.seats_of(tx, person.id):
        event = await rows.hold(tx, event_id)
        if event is not None:
            await _give_up(tx, event, person.id, now=now)


async def _give_up(tx: Transaction, event: Event, person_id: int, *, now: datetime) -> None:
    state = await rows.rsvp(tx, event.id, person_id)
    await rows.set_rsvp(tx, event.id, person_id, RsvpState.CANCELLED, now)
    if state is not RsvpState.GOING:
        return
    await rows.free_seat(tx, event.id)
    next_one = await rows.first_waiting(tx, event.id) if event.starts_at > now else None
    if next_one is not None and await rows.take_seat(tx, event.id):
        await rows.set_rsvp(tx, event.id, next_one, RsvpState.GOING, now)
        await outbox.say(
            tx, next_one, "rsvp_promoted", now=now, buttons=buttons.rsvp_held(event.id), **_values(event)
        )


async def _open_event(tx: Transaction, event_id: int, now: datetime) -> Event:
    event = await rows.hold(tx, event_id)  # a seat and its RSVP change together
    if event is None:
        raise EventUnknown
    if event.starts_at <= now:
        raise EventOver(title=values.each(event.title))
    return event


def _values(event: Event) -> dict[str, Any]:
    return {"title": values.each(event.title), "starts": values.moment(event.starts_at)}


async def _say(
    tx: Transaction, person: Person, text: str, event: Event, rows_: Buttons, *, now: datetime
) -> None:
    fresh = await rows.by_id(tx, event.id)
    seats = values.seats(fresh.seats if fresh else None)
    await outbox.say(tx, person.id, text, now=now, buttons=rows_, seats=seats, **_values(event))
