import asyncio

from bot.model import Prompt, QuestionOutcome, Role, RsvpState, Utterance
from bot.storage import Database, Transaction, events, people, questions, tickets
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, call, column, event, persons, ticket


async def test_person_is_made_once(do: Do) -> None:
    person = await do(people.create, 501, NOW)
    assert person.telegram == 501
    assert (person.language, person.role, person.prompt, person.ticket) == (None, None, None, None)
    assert not person.place_asked
    assert await do(people.create, 501, NOW + DAY) == person
    assert await do(people.by_telegram, 501) == await do(people.by_id, person.id) == person
    assert await do(people.by_telegram, 502) is None
    assert await do(people.by_id, 99) is None


async def test_person_who_writes_twice_at_once_is_one(database: Database, do: Do) -> None:
    found = await asyncio.gather(*(do(people.create, 501, NOW) for _ in range(20)))
    assert len({person.id for person in found}) == 1
    assert await column(database, "people.telegram") == [501]


async def test_what_a_person_chose_is_remembered(do: Do) -> None:
    one, other = await do(persons, 2)
    chosen = {
        "language": "az",
        "guessed": "ka",
        "region": "imereti",
        "municipality": "kutaisi",
        "place_asked": True,
    }
    await do(people.change, one.id, **chosen, role=Role.EDITOR, prompt=Prompt.TICKET, unreachable_at=NOW)
    found = await do(people.by_id, one.id)
    assert {name: getattr(found, name) for name in chosen} == chosen
    assert (found.role, found.prompt, found.unreachable, found.leaving) == (
        Role.EDITOR,
        Prompt.TICKET,
        True,
        False,
    )
    assert await do(people.by_id, other.id) == other


async def test_person_is_known_with_their_ticket(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    await do(ticket, aysel)
    first, second, third = [await do(ticket, nino) for _ in range(3)]
    await do(tickets.change, first, state="resolved", resolved_at=NOW + HOUR)
    await do(tickets.change, second, state="resolved", resolved_at=NOW)
    found = await do(people.by_telegram, nino.telegram)
    assert (found.ticket, found.resolved_ticket, found.resolved_at) == (third, None, None)
    await do(tickets.change, third, state="resolved", resolved_at=NOW - HOUR)
    found = await do(people.by_telegram, nino.telegram)
    assert (found.ticket, found.resolved_ticket, found.resolved_at) == (None, first, NOW + HOUR)


async def test_staff_are_found_by_role_unless_they_leave(do: Do) -> None:
    everybody = await do(persons, 4)
    for person, role in zip(everybody, (Role.ADMIN, Role.CONSULTANT, Role.ADMIN, Role.ADMIN), strict=True):
        await do(people.change, person.id, role=role)
    await do(people.change, everybody[2].id, leaving_at=NOW)
    assert await do(people.ids_with_role, Role.ADMIN) == [everybody[0].id, everybody[3].id]
    assert await do(people.ids_with_role, Role.EDITOR) == []


async def test_invitation_is_used_once(do: Do) -> None:
    await do(people.add_invite, "invite-one", Role.EDITOR, NOW + DAY)
    await do(people.add_invite, "invite-two", Role.ADMIN, NOW + DAY)
    assert await do(people.use_invite, "invite-none", NOW) is None
    assert await do(people.use_invite, "invite-one", NOW) is Role.EDITOR
    assert await do(people.use_invite, "invite-one", NOW) is None
    assert await do(people.use_invite, "invite-two", NOW) is Role.ADMIN


async def test_invitation_used_by_many_at_once_serves_one(do: Do) -> None:
    await do(people.add_invite, "invite-one", Role.ADMIN, NOW + DAY)
    used = await asyncio.gather(*(do(people.use_invite, "invite-one", NOW) for _ in range(20)))
    assert used.count(Role.ADMIN) == 1
    assert used.count(None) == 19


async def test_invitation_expires(do: Do) -> None:
    await do(people.add_invite, "invite-one", Role.ADMIN, NOW + DAY)
    assert await do(people.use_invite, "invite-one", NOW + DAY) is None
    assert await do(people.use_invite, "invite-one", NOW + DAY - HOUR) is Role.ADMIN


async def fill(tx: Transaction, number: int) -> list[int]:
    """Persons with something of theirs in every table; all go to one event."""
    event_id = await events.create(tx, event(), published_at=NOW)
    everybody = await persons(tx, number)
    for person in everybody:
        await people.change(
            tx, person.id, language="hy", region="imereti", role=Role.EDITOR, prompt=Prompt.TICKET
        )
        await questions.create(
            tx,
            person.id,
            Utterance("?", 1),
            language="hy",
            outcome=QuestionOutcome.ASKED,
            entry=None,
            nearest=(),
            now=NOW,
        )
        await events.follow(tx, person.id, "news", NOW)
        await events.set_rsvp(tx, event_id, person.id, RsvpState.GOING, NOW)
        await ticket(tx, person)
        await call(tx, person_id=person.id)
    return [person.id for person in everybody]


async def test_who_leaves_keeps_nothing_but_an_address(database: Database, do: Do) -> None:
    nino, aysel = await do(fill, 2)
    before = await do(people.by_id, aysel)
    await do(people.leave, nino, NOW)
    left = await do(people.by_id, nino)
    assert (left.telegram, left.leaving) == (501, True)
    assert (left.role, left.region, left.prompt, left.ticket) == (None, None, None, None)
    for table in ("questions", "subscriptions", "rsvps"):
        assert await column(database, f"{table}.person_id") == [aysel]
    assert await column(database, "tickets.requester_id") == [None, aysel]
    assert await column(database, "outbox.person_id") == [nino, aysel]
    assert await do(people.by_id, aysel) == before
    await do(people.stay, nino)
    assert not (await do(people.by_id, nino)).leaving


async def test_who_is_removed_takes_everything_but_the_ticket(database: Database, do: Do) -> None:
    nino, aysel = await do(fill, 2)
    await do(tickets.claim_if_free, 2, nino, NOW)
    await do(people.remove_leaving, nino)
    assert await do(people.by_telegram, 501) is not None  # they came back, or never left
    await do(people.change, nino, leaving_at=NOW)
    await do(people.remove_leaving, nino)
    assert await do(people.by_telegram, 501) is None
    for table in ("questions", "subscriptions", "rsvps", "outbox"):
        assert await column(database, f"{table}.person_id") == [aysel]
    assert await column(database, "tickets.requester_id") == [None, aysel]
    assert await column(database, "tickets.assignee_id") == [None, None]
