from typing import Any

from bot.model import Class
from bot.storage import Database, groups, outbox, people, tickets
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, call, column, persons, ticket

SECOND = HOUR / 3600


async def pending(do: Do, **changed: Any) -> list[outbox.Row]:
    plain = {"busy_people": (), "busy_groups": (), "bulk_from": Class.BROADCAST + 1, "limit": 99}
    return await do(outbox.pending, changed.pop("now", NOW), **plain | changed)


async def ids(do: Do, **changed: Any) -> list[int]:
    return [row.id for row in await pending(do, **changed)]


async def test_higher_class_overtakes_and_order_is_kept_within_it(do: Do) -> None:
    [nino] = await do(persons, 1)
    for rank in (5, 0, 3, 0, 5, 1):
        await do(call, **{"class": rank, "person_id": nino.id})
    assert [(row.rank, row.id) for row in await pending(do)] == [
        (0, 2),
        (0, 4),
        (1, 6),
        (3, 3),
        (5, 1),
        (5, 5),
    ]
    assert await ids(do, limit=2) == [2, 4]
    assert await ids(do, bulk_from=Class.REMINDER) == [2, 4, 6, 3]


async def test_rows_written_together_keep_their_order(do: Do) -> None:
    [nino] = await do(persons, 1)
    plain = {"class": 0, "person_id": nino.id, "call": "say", "due_at": NOW, "attempts": 0}
    await do(outbox.write, [plain | {"body": {"part": part}} for part in range(50)])
    assert [row.body["part"] for row in await pending(do)] == list(range(50))


async def test_order_outlives_the_rows(do: Do) -> None:
    """A new row never takes the number of one that is gone: it would overtake."""
    [nino] = await do(persons, 1)
    for _ in range(3):
        await do(call, person_id=nino.id)
    await do(outbox.sent, 3, None, NOW - DAY)
    await do(outbox.remove_before, NOW)
    await do(call, person_id=nino.id)
    assert await ids(do) == [1, 2, 4]


async def test_row_for_a_person_has_their_address_and_language(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    await do(people.change, nino.id, language="ka", guessed="hy")
    await do(people.change, aysel.id, guessed="az", leaving_at=NOW)
    for person in (nino, aysel):
        await do(call, person_id=person.id, body={"text": "menu", "values": {"n": [1, None, "ა"]}})
    to_nino, to_aysel = await pending(do)
    assert (to_nino.chat, to_nino.language, to_nino.leaving) == (501, "ka", False)
    assert to_nino.body == {"text": "menu", "values": {"n": [1, None, "ა"]}}
    assert (to_nino.chat_key, to_nino.ticket_id, to_nino.group_id) == (("person", nino.id), None, None)
    assert (to_aysel.chat, to_aysel.language, to_aysel.leaving) == (502, "az", True)


async def test_row_for_a_group_has_its_address(do: Do) -> None:
    group = await do(groups.enter, -1, leave_at=None)
    await do(groups.change, group.id, reactions="👍")
    await do(call, group_id=group.id)
    [row] = await pending(do)
    assert (row.chat, row.reactions, row.person_id, row.language) == (-1, "👍", None, None)
    assert row.chat_key == ("group", group.id)


async def test_rows_of_a_ticket_wait_for_its_desk_and_its_thread(do: Do) -> None:
    [nino] = await do(persons, 1)
    desk = await do(groups.enter, -1, leave_at=None)
    number = await do(ticket, nino)
    await do(call, ticket_id=number, call="open_thread", **{"class": Class.CARD})
    await do(call, ticket_id=number, call="copy", **{"class": Class.RELAY})
    await do(call, ticket_id=number, **{"class": Class.CARD})
    assert await ids(do) == []
    await do(tickets.change, number, group_id=desk.id)
    assert await ids(do) == [1]
    await do(outbox.sent, 1, None, NOW)
    await do(tickets.change, number, thread_id=7, card_id=8)
    copied, card = await pending(do)
    assert (copied.id, card.id) == (2, 3)
    assert (copied.chat, copied.thread_id, copied.card_id) == (-1, 7, 8)
    assert (copied.requester_chat, copied.chat_key) == (501, ("group", desk.id))
    await do(tickets.leave_desk, desk.id)
    assert await ids(do) == []


async def test_row_waits_until_it_is_due(do: Do) -> None:
    [nino] = await do(persons, 1)
    await do(call, person_id=nino.id, due_at=NOW + SECOND)
    assert await ids(do) == []
    assert await ids(do, now=NOW + SECOND) == [1]


async def test_album_shows_before_it_is_due_and_leaves_together(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    for part in (1, 2):
        await do(call, person_id=nino.id, batch_key="album", due_at=NOW + SECOND, body={"part": part})
    await do(call, person_id=aysel.id, batch_key="another", due_at=NOW + SECOND)
    await do(call, person_id=nino.id)
    await do(outbox.postpone_batch, "album", NOW + 2 * SECOND)
    await do(call, person_id=nino.id, batch_key="album", due_at=NOW + 2 * SECOND, body={"part": 3})
    found = {row.id: row.due_at - NOW for row in await pending(do)}
    assert found == {1: 2 * SECOND, 2: 2 * SECOND, 3: SECOND, 4: 0 * SECOND, 5: 2 * SECOND}
    assert [row.body["part"] for row in await do(outbox.batch, "album")] == [1, 2, 3]
    await do(outbox.sent, 2, 77, NOW)
    assert [row.id for row in await do(outbox.batch, "album")] == [1, 5]


async def test_busy_chats_are_left_out(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    desk, other = [await do(groups.enter, chat, leave_at=None) for chat in (-1, -2)]
    number = await do(ticket, nino, group_id=desk.id, thread_id=7)
    await do(call, person_id=nino.id)
    await do(call, person_id=aysel.id)
    await do(call, ticket_id=number)
    await do(call, group_id=desk.id)
    await do(call, group_id=other.id)
    assert await ids(do, busy_people=[nino.id]) == [2, 3, 4, 5]
    assert await ids(do, busy_groups=[desk.id]) == [1, 2, 5]
    assert await ids(do, busy_people=[nino.id, aysel.id], busy_groups=[other.id]) == [3, 4]
    assert await ids(do, busy_people=range(1000, 3000)) == [1, 2, 3, 4, 5]


async def test_newer_edit_replaces_the_unsent_one(database: Database, do: Do) -> None:
    [nino] = await do(persons, 1)
    for key in ("card:1", "card:2", "card:1", None):
        await do(call, person_id=nino.id, edit_key=key)
    await do(outbox.sent, 1, None, NOW)
    await do(outbox.replace_edit, "card:1")
    assert await ids(do) == [2, 4]
    await do(outbox.replace_edit, "card:1")  # the sent one stays as it is
    assert await column(database, "outbox.id") == [1, 2, 4]


async def test_what_became_of_a_row_is_kept(database: Database, do: Do) -> None:
    [nino] = await do(persons, 1)
    for _ in range(4):
        await do(call, person_id=nino.id)
    await do(outbox.sent, 1, 77, NOW)
    await do(outbox.failed, 2, "Unreachable", NOW)
    assert await ids(do) == [3, 4]
    assert await column(database, "outbox.message_id") == [77, None, None, None]
    assert await column(database, "outbox.error") == [None, "Unreachable", None, None]


async def test_nothing_more_is_sent_to_or_carried_for_who_is_erased(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    desk = await do(groups.enter, -1, leave_at=None)
    ours, theirs = [
        await do(ticket, person, group_id=desk.id, thread_id=person.id) for person in (nino, aysel)
    ]
    await do(call, person_id=nino.id)
    await do(call, person_id=aysel.id)
    await do(call, ticket_id=ours, call="copy")
    await do(call, ticket_id=theirs, call="copy")
    await do(call, ticket_id=ours)  # a card, which holds what they asked
    await do(outbox.cancel, nino.id)
    assert await ids(do) == [2, 4]


async def test_old_rows_are_removed_and_what_waits_is_not(database: Database, do: Do) -> None:
    [nino] = await do(persons, 1)
    for _ in range(5):
        await do(call, person_id=nino.id, due_at=NOW - DAY)
    await do(outbox.sent, 1, None, NOW - HOUR)
    await do(outbox.failed, 2, "Refused", NOW - HOUR)
    await do(outbox.sent, 3, None, NOW)
    await do(outbox.failed, 4, "Refused", NOW)
    await do(outbox.remove_before, NOW)
    assert await column(database, "outbox.id") == [3, 4, 5]
