import asyncio

from sqlalchemy import delete

from bot.model import TicketState
from bot.storage import Database, groups, people, tickets
from bot.storage.tables import tickets as table
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, column, persons, ticket

NEW, OPEN, RESOLVED = TicketState.NEW, TicketState.OPEN, TicketState.RESOLVED
UNRESOLVED = (NEW, OPEN)


async def resolved(do: Do, number: int, moment=NOW) -> None:
    await do(tickets.change, number, state=RESOLVED, resolved_at=moment)


async def test_ticket_is_found_as_it_was_opened(do: Do) -> None:
    [nino] = await do(persons, 1)
    number = await do(
        ticket,
        nino,
        region="imereti",
        municipality="kutaisi",
        category="rights",
        nearest="petition forum",
        question="?",
    )
    found = await do(tickets.by_number, number)
    assert (found.number, found.requester_id, found.language, found.question) == (1, nino.id, "ka", "?")
    assert (found.region, found.municipality, found.category) == ("imereti", "kutaisi", "rights")
    assert (found.nearest, found.state, found.assignee_id) == (("petition", "forum"), NEW, None)
    assert (found.group_id, found.thread_id, found.card_id, found.resolved_at) == (None, None, None, None)
    assert await do(tickets.by_number, 2) is None


async def test_number_is_never_given_twice(do: Do) -> None:
    first, second = await do(ticket), await do(ticket)
    await do(lambda tx: tx.execute(delete(table).where(table.c.id == second)))
    assert await do(ticket) > second > first


async def test_ticket_is_found_by_its_thread_at_its_desk(do: Do) -> None:
    desk, other = [await do(groups.enter, chat, leave_at=None) for chat in (-1, -2)]
    number = await do(ticket, group_id=desk.id, thread_id=7)
    await do(ticket, group_id=other.id, thread_id=8)
    assert (await do(tickets.by_thread, desk.id, 7)).number == number
    assert await do(tickets.by_thread, desk.id, 8) is None
    assert await do(tickets.by_thread, other.id, 7) is None


async def test_ticket_claimed_by_many_at_once_goes_to_one(database: Database, do: Do) -> None:
    consultants = [person.id for person in await do(persons, 20)]
    number, other = await do(ticket), await do(ticket)
    claimed = await asyncio.gather(*(do(tickets.claim_if_free, number, each, NOW) for each in consultants))
    assert claimed.count(True) == 1
    found = await do(tickets.by_number, number)
    assert (found.state, found.assignee_id) == (OPEN, consultants[claimed.index(True)])
    assert (await do(tickets.by_number, other)).state is NEW
    assert await column(database, "tickets.claimed_at") == [NOW, None]


async def test_change_is_made_in_the_expected_states_only(do: Do) -> None:
    number, other = await do(ticket), await do(ticket)
    assert not await do(tickets.change_if, number, (RESOLVED,), state=OPEN)
    assert await do(tickets.change_if, number, UNRESOLVED, state=RESOLVED, resolved_at=NOW)
    assert not await do(tickets.change_if, number, UNRESOLVED, state=RESOLVED, resolved_at=NOW + DAY)
    found = await do(tickets.by_number, number)
    assert (found.state, found.resolved_at) == (RESOLVED, NOW)
    assert not await do(tickets.claim_if_free, number, 1, NOW)
    assert not await do(tickets.change_if, 99, UNRESOLVED, state=OPEN)
    assert (await do(tickets.by_number, other)).state is NEW


async def test_resolving_by_many_at_once_succeeds_once(do: Do) -> None:
    number = await do(ticket)
    done = await asyncio.gather(
        *(do(tickets.change_if, number, UNRESOLVED, state=RESOLVED, resolved_at=NOW) for _ in range(20))
    )
    assert done.count(True) == 1


async def test_first_answer_is_noted_once(do: Do) -> None:
    number = await do(ticket)
    done = await asyncio.gather(*(do(tickets.first_answer, number, NOW) for _ in range(20)))
    assert done.count(True) == 1


async def test_requester_is_told_that_messages_are_passed_on_now_and_then(do: Do) -> None:
    number, every = await do(ticket), HOUR
    at_once = await asyncio.gather(*(do(tickets.note_if_before, number, NOW - every, NOW) for _ in range(20)))
    assert at_once.count(True) == 1
    for later, told in ((HOUR / 2, False), (HOUR, False), (HOUR * 1.5, True), (HOUR * 2, False)):
        now = NOW + later
        assert await do(tickets.note_if_before, number, now - every, now) is told


async def test_tickets_of_a_lost_desk_wait_for_another(do: Do) -> None:
    desk, other = [await do(groups.enter, chat, leave_at=None) for chat in (-1, -2)]
    waits = await do(ticket, group_id=desk.id, thread_id=7, card_id=8)
    done = await do(ticket, group_id=desk.id, thread_id=9)
    await resolved(do, done)
    elsewhere = await do(ticket, group_id=other.id, thread_id=7)
    assert await do(tickets.without_desk) == []
    await do(tickets.leave_desk, desk.id)
    [found] = await do(tickets.without_desk)
    assert (found.number, found.group_id, found.thread_id, found.card_id) == (waits, None, None, None)
    assert (await do(tickets.by_thread, desk.id, 9)).number == done
    assert (await do(tickets.by_thread, other.id, 7)).number == elsewhere
    await resolved(do, waits)
    assert await do(tickets.without_desk) == []


async def test_thread_is_lost_once(do: Do) -> None:
    number = await do(ticket, thread_id=7, card_id=8)
    lost = await asyncio.gather(*(do(tickets.lose_thread, number) for _ in range(20)))
    assert lost.count(True) == 1
    found = await do(tickets.by_number, number)
    assert (found.thread_id, found.card_id) == (None, None)


async def test_tickets_of_a_person_are_theirs_alone(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    for person in (nino, aysel, nino):
        await do(ticket, person)
    assert [each.number for each in await do(tickets.of, nino.id)] == [1, 3]


async def carry(do: Do, number: int, *, to_desk: bool, person: int, desk: int) -> None:
    await do(tickets.delivered, number, to_desk=to_desk, person_message=person, desk_message=desk, now=NOW)


async def test_carried_message_is_found_from_either_side(do: Do) -> None:
    number, other = await do(ticket), await do(ticket)
    await carry(do, number, to_desk=True, person=1, desk=101)
    await carry(do, number, to_desk=False, person=2, desk=102)
    await carry(do, other, to_desk=True, person=1, desk=201)
    await carry(do, number, to_desk=True, person=1, desk=103)  # carried again, to a rebuilt thread
    await carry(do, number, to_desk=True, person=3, desk=104)
    assert await do(tickets.other_side, number, person_message=1) == (True, 103)
    assert await do(tickets.other_side, number, desk_message=101) == (True, 1)
    assert await do(tickets.other_side, number, person_message=2) == (False, 102)
    assert await do(tickets.other_side, number, desk_message=102) == (False, 2)
    assert await do(tickets.other_side, other, person_message=1) == (True, 201)
    assert await do(tickets.other_side, number, desk_message=201) is None


async def test_what_was_carried_to_a_lost_thread_is_known_in_order(do: Do) -> None:
    number, other = await do(ticket), await do(ticket)
    await carry(do, number, to_desk=True, person=5, desk=101)
    await carry(do, number, to_desk=False, person=6, desk=102)
    await carry(do, number, to_desk=True, person=3, desk=103)
    await carry(do, other, to_desk=True, person=7, desk=104)
    assert await do(tickets.carried_to_desk, number) == [5, 3]


async def test_texts_and_links_of_resolved_tickets_expire(do: Do) -> None:
    nino, levan = await do(persons, 2)
    old, fresh, still_open = [await do(ticket, nino, question="?") for _ in range(3)]
    for number in (old, fresh, still_open):
        await do(tickets.claim_if_free, number, levan.id, NOW)
        await carry(do, number, to_desk=True, person=1, desk=101)
    await resolved(do, old, NOW - DAY)
    await resolved(do, fresh, NOW)
    await do(tickets.expire, NOW)
    gone = await do(tickets.by_number, old)
    assert (gone.question, gone.requester_id, gone.state, gone.language) == (None, None, RESOLVED, "ka")
    assert await do(tickets.carried_to_desk, old) == []
    for number in (fresh, still_open):
        kept = await do(tickets.by_number, number)
        assert (kept.question, kept.requester_id) == ("?", nino.id)
        assert await do(tickets.carried_to_desk, number) == [1]
    assert (await do(people.by_id, nino.id)).ticket == still_open
