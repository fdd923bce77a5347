import asyncio

from sqlalchemy import func, select

from bot import rsvps
from bot.model import RsvpState
from bot.storage import Database, Transaction, events, people
from bot.storage import tables as all_tables
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, TEXTS, event, persons, raw

GOING, WAITLISTED, CANCELLED = RsvpState.GOING, RsvpState.WAITLISTED, RsvpState.CANCELLED


async def create(tx: Transaction, **changed: object) -> int:
    return await events.create(tx, event(**changed), published_at=NOW)


async def seats(tx: Transaction, event_id: int) -> tuple[int, int]:
    """Seats taken, and persons who hold one."""
    table = all_tables.rsvps
    going = select(func.count()).where(table.c.event_id == event_id, table.c.state == GOING)
    found = await events.by_id(tx, event_id)
    assert found is not None
    return found.taken, await tx.scalar(going) or 0


async def test_event_is_found_as_it_was_written(do: Do) -> None:
    written = event(capacity=30, regions=("imereti", "kvemo-kartli"), taken=12)
    event_id = await do(events.create, written, published_at=None)
    found = await do(events.by_id, event_id)
    assert (found.topic, found.starts_at, found.ends_at) == ("forums", NOW + DAY, NOW + DAY + HOUR)
    assert (found.capacity, found.taken, found.seats) == (30, 0, 30)
    assert found.regions == ("imereti", "kvemo-kartli")
    assert found.title == found.text == found.place == TEXTS
    assert await do(events.by_id, event_id + 1) is None


async def test_seats_taken_by_many_at_once_are_never_more_than_there_are(do: Do) -> None:
    event_id, other = await do(create, capacity=7), await do(create, capacity=7)
    taken = await asyncio.gather(*(do(events.take_seat, event_id) for _ in range(40)))
    assert taken.count(True) == 7
    assert (await do(events.by_id, event_id)).seats == 0
    assert (await do(events.by_id, other)).taken == 0


async def test_freed_seat_is_taken_again(do: Do) -> None:
    event_id = await do(create, capacity=1)
    assert await do(events.take_seat, event_id)
    assert not await do(events.take_seat, event_id)
    await do(events.free_seat, event_id)
    await do(events.free_seat, event_id)  # never below none
    assert await do(events.take_seat, event_id)
    assert not await do(events.take_seat, event_id)


async def test_event_without_a_capacity_has_a_seat_for_all(do: Do) -> None:
    event_id = await do(create, capacity=None)
    taken = await asyncio.gather(*(do(events.take_seat, event_id) for _ in range(20)))
    assert all(taken)
    found = await do(events.by_id, event_id)
    assert (found.taken, found.seats) == (20, None)


async def test_who_waits_longest_is_first(do: Do) -> None:
    everybody = [person.id for person in await do(persons, 5)]
    event_id, other = await do(create), await do(create)
    assert await do(events.first_waiting, event_id) is None
    states = (GOING, WAITLISTED, WAITLISTED, WAITLISTED, WAITLISTED)
    for person, state, hours in zip(everybody, states, (0, 2, 1, 1, 0), strict=True):
        await do(
            events.set_rsvp, event_id if hours or state is GOING else other, person, state, NOW + hours * HOUR
        )
    assert await do(events.first_waiting, event_id) == everybody[2]
    await do(events.set_rsvp, event_id, everybody[2], CANCELLED, NOW)
    assert await do(events.first_waiting, event_id) == everybody[3]
    await do(events.set_rsvp, event_id, everybody[3], GOING, NOW)
    assert await do(events.first_waiting, event_id) == everybody[1]
    assert await do(events.rsvp, event_id, everybody[2]) is CANCELLED
    assert await do(events.rsvp, event_id, everybody[4]) is None
    assert await do(events.rsvp, other, everybody[4]) is WAITLISTED


async def test_events_of_a_person_are_those_to_come(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    later, sooner, over, cancelled = [
        await do(create, starts_at=NOW + shift, ends_at=NOW + shift + HOUR)
        for shift in (2 * DAY, DAY, -DAY, DAY)
    ]
    for event_id, state in ((later, GOING), (sooner, WAITLISTED), (over, GOING), (cancelled, CANCELLED)):
        await do(events.set_rsvp, event_id, nino.id, state, NOW)
    await do(events.set_rsvp, cancelled, aysel.id, GOING, NOW)
    assert [each.id for each in await do(events.held_by, nino.id, after=NOW)] == [sooner, later]
    assert await do(events.seats_of, nino.id) == [later, over]


async def test_topics_are_followed_once_and_stopped_one_by_one_or_all(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    await asyncio.gather(*(do(events.follow, nino.id, "news", NOW) for _ in range(10)))
    for topic in ("forums", "grants"):
        await do(events.follow, nino.id, topic, NOW)
    await do(events.follow, aysel.id, "news", NOW)
    assert await do(events.topics, nino.id) == {"news", "forums", "grants"}
    await do(events.stop, nino.id, "forums")
    await do(events.stop, nino.id, "trainings")
    assert await do(events.topics, nino.id) == {"news", "grants"}
    await do(events.stop, nino.id, None)
    assert await do(events.topics, nino.id) == set()
    assert await do(events.topics, aysel.id) == {"news"}


async def test_audience_is_of_the_topic_and_the_regions_and_who_named_none(do: Do) -> None:
    everybody = [person.id for person in await do(persons, 6)]
    anywhere, imereti, kartli, leaving, unreachable, other_topic = everybody
    for person in everybody:
        await do(events.follow, person, "news" if person == other_topic else "forums", NOW)
    await do(events.follow, anywhere, "news", NOW)
    await do(people.change, imereti, region="imereti")
    await do(people.change, kartli, region="kvemo-kartli")
    await do(people.change, leaving, leaving_at=NOW)
    await do(people.change, unreachable, unreachable_at=NOW)
    assert await do(events.audience, event(), after=0, limit=9) == [anywhere, imereti, kartli]
    regional = event(regions=("imereti", "samtskhe-javakheti"))
    assert await do(events.audience, regional, after=0, limit=9) == [anywhere, imereti]
    assert await do(events.audience, event(), after=0, limit=2) == [anywhere, imereti]
    assert await do(events.audience, event(), after=imereti, limit=2) == [kartli]
    assert await do(events.audience, event(), after=kartli, limit=2) == []


async def test_reminder_is_for_who_accepted_before(do: Do) -> None:
    everybody = [person.id for person in await do(persons, 5)]
    event_id = await do(create)
    states = (GOING, GOING, WAITLISTED, GOING, GOING)
    for person, state, hours in zip(everybody, states, (-1, 0, -1, -1, -2), strict=True):
        await do(events.set_rsvp, event_id, person, state, NOW + hours * HOUR)
    await do(people.change, everybody[3], leaving_at=NOW)
    reminded = {"since_before": NOW, "limit": 9}
    assert await do(events.going, event_id, after=0, **reminded) == [everybody[0], everybody[4]]
    assert await do(events.going, event_id, after=everybody[0], **reminded) == [everybody[4]]


async def test_broadcast_is_due_in_time_and_moved_on_once(do: Do) -> None:
    event_id = await do(create)
    await do(events.add_broadcast, event_id, "announcement", NOW)
    await do(events.add_broadcast, event_id, "reminder", NOW + HOUR)
    [found] = await do(events.due_broadcasts, NOW)
    assert (found.event_id, found.kind, found.due_at, found.cursor) == (event_id, "announcement", NOW, 0)
    moved = await asyncio.gather(*(do(events.advance_broadcast, found, 17, NOW) for _ in range(20)))
    assert moved.count(True) == 1
    again = await do(events.broadcast, found.id)
    assert again.cursor == 17
    assert not await do(events.advance_broadcast, found, None, NOW)
    assert await do(events.advance_broadcast, again, None, NOW)
    assert not await do(events.advance_broadcast, again, None, NOW)
    assert await do(events.broadcast, found.id) is None
    assert await do(events.due_broadcasts, NOW) == []
    assert [each.kind for each in await do(events.due_broadcasts, NOW + HOUR)] == ["reminder"]


async def test_seat_given_to_who_cancels_at_that_moment_is_not_lost(postgresql: Database) -> None:
    """Nino gives up the last seat, Aysel moves up and gives up too, in two workers at once."""

    async def begin(tx: Transaction) -> int:
        event_id = await create(tx, capacity=1)
        nino, aysel = await persons(tx, 2)
        await rsvps.go(tx, nino, event_id, now=NOW)
        await rsvps.wait(tx, aysel, event_id, now=NOW)
        return event_id

    event_id = await postgresql.write(begin)
    given_up, may_commit = asyncio.Event(), asyncio.Event()

    async def cancels(tx: Transaction, person_id: int) -> None:
        person = await people.by_id(tx, person_id)
        assert person is not None
        await rsvps.cancel(tx, person, event_id, now=NOW)
        given_up.set()
        await may_commit.wait()

    first = asyncio.create_task(postgresql.write(lambda tx: cancels(tx, 1)))
    async with asyncio.timeout(20):
        await given_up.wait()
    second = asyncio.create_task(postgresql.write(lambda tx: cancels(tx, 2)))
    await _until_it_waits(postgresql)
    may_commit.set()
    await asyncio.gather(first, second)
    assert await postgresql.write(lambda tx: seats(tx, event_id)) == (0, 0)


async def _until_it_waits(database: Database) -> None:
    """Until some unit waits for a lock of another."""
    waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(20):
        while not await raw(database, waits):
            pass
