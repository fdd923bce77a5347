"""What must never happen, whatever people press and in whatever order."""

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import people as people_verbs
from bot import rsvps, tickets
from bot.errors import TakenAlready, TicketGone
from bot.model import RsvpState, TicketState
from bot.storage import Database, Transaction, events, people
from bot.storage import tickets as ticket_rows
from tests.storage.given import HOUR, NOW, event, persons, ticket

PERSONS = 6
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
presses = st.lists(
    st.tuples(st.sampled_from(("go", "wait", "cancel", "erase")), st.integers(0, PERSONS - 1)), max_size=30
)


class Door:
    """What the seats and the waiting list of an event ought to be."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.going: list[int] = []
        self.waiting: list[int] = []

    def go(self, person: int) -> None:
        if person not in self.going and len(self.going) < self.capacity:
            self.going.append(person)

    def wait(self, person: int) -> None:
        self.go(person)
        if person not in (*self.going, *self.waiting):
            self.waiting.append(person)

    def cancel(self, person: int) -> None:
        if person in self.waiting:
            self.waiting.remove(person)
        if person in self.going:
            self.going.remove(person)
            if self.waiting:
                self.going.append(self.waiting.pop(0))

    erase = cancel


@FEW
@given(capacity=st.integers(1, 3), pressed=presses)
async def test_seats_are_never_more_than_there_are_and_who_waits_longest_moves_up(
    sqlite: Database, capacity: int, pressed: list[tuple[str, int]]
) -> None:
    async def story(tx: Transaction) -> None:
        event_id = await events.create(
            tx, event(starts_at=NOW + 99 * HOUR, capacity=capacity), published_at=NOW
        )
        everybody = [person.id for person in await persons(tx, PERSONS)]
        door = Door(capacity)
        for step, (press, who) in enumerate(pressed):
            await _press(tx, press, everybody[who], event_id, NOW + step * HOUR)
            getattr(door, press)(everybody[who])
            found = await events.by_id(tx, event_id)
            assert found is not None
            assert found.taken == len(door.going) <= capacity
            states = {person: await events.rsvp(tx, event_id, person) for person in everybody}
            assert {person for person, state in states.items() if state is RsvpState.GOING} == {*door.going}
            assert {person for person, state in states.items() if state is RsvpState.WAITLISTED} == {
                *door.waiting
            }
            assert await events.first_waiting(tx, event_id) == next(iter(door.waiting), None)

    await sqlite.write(story)


async def _press(tx: Transaction, press: str, person_id: int, event_id: int, now: Any) -> None:
    person = await people.by_id(tx, person_id)
    assert person is not None
    if press == "erase":
        await people_verbs.forget(tx, person, now=now)
    else:
        await {"go": rsvps.go, "wait": rsvps.wait, "cancel": rsvps.cancel}[press](
            tx, person, event_id, now=now
        )


CONSULTANTS = 3
Verb = Callable[..., Awaitable[None]]
deeds = st.lists(
    st.tuples(st.sampled_from(("claim", "release", "resolve")), st.integers(0, CONSULTANTS - 1)), max_size=20
)


@FEW
@given(done=deeds)
async def test_ticket_has_at_most_one_consultant_and_only_while_somebody_took_it(
    sqlite: Database, done: list[tuple[str, int]]
) -> None:
    async def story(tx: Transaction) -> None:
        consultants = await persons(tx, CONSULTANTS)
        number = await ticket(tx)
        state, holder = TicketState.NEW, None
        for deed, who in done:
            consultant = consultants[who]
            if deed == "claim":
                refused = await _refused(tickets.claim(tx, number, consultant, now=NOW))
                assert refused == (state is not TicketState.NEW)
                if not refused:
                    state, holder = TicketState.OPEN, consultant.id
            elif deed == "release":
                assert await _refused(tickets.release(tx, number, now=NOW)) == (state is not TicketState.OPEN)
                if state is TicketState.OPEN:
                    state, holder = TicketState.NEW, None
            else:
                assert await _refused(tickets.resolve(tx, number, now=NOW)) == (state is TicketState.RESOLVED)
                state = TicketState.RESOLVED
            found = await ticket_rows.by_number(tx, number)
            assert found is not None
            assert (found.state, found.assignee_id) == (state, holder)

    await sqlite.write(story)


async def _refused(deed: Awaitable[None]) -> bool:
    try:
        await deed
    except (TakenAlready, TicketGone):
        return True
    return False
