import asyncio

from bot.storage import Database, groups
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, call, column


async def test_group_is_entered_once(database: Database, do: Do) -> None:
    met = await asyncio.gather(*(do(groups.enter, -1, leave_at=NOW) for _ in range(20)))
    assert len({group.id for group in met}) == 1
    assert await column(database, "groups.chat") == [-1]
    other = await do(groups.enter, -2, leave_at=NOW)
    assert (other.chat, other.desk, other.reactions) == (-2, False, None)
    assert await do(groups.by_chat, -2) == await do(groups.by_id, other.id) == other
    assert await do(groups.by_chat, -3) is None


async def test_entering_a_desk_again_changes_nothing(do: Do) -> None:
    group = await do(groups.enter, -1, leave_at=NOW)
    await do(groups.change, group.id, desk_at=NOW, leave_at=None, reactions="👍 🔥")
    again = await do(groups.enter, -1, leave_at=NOW)
    assert (again.id, again.desk, again.reactions) == (group.id, True, ("👍", "🔥"))
    assert await do(groups.due_to_leave, NOW + DAY) == []


async def test_group_that_was_left_is_new_when_entered_again(do: Do) -> None:
    group = await do(groups.enter, -1, leave_at=None)
    await do(groups.change, group.id, desk_at=NOW)
    await do(groups.change, group.id, left_at=NOW)
    assert await do(groups.by_chat, -1) is None
    assert await do(groups.by_id, group.id) is None
    assert await do(groups.desk) is None
    again = await do(groups.enter, -1, leave_at=NOW)
    assert (again.id, again.desk) == (group.id, False)
    assert await do(groups.due_to_leave, NOW) == [group.id]


async def test_desk_is_the_group_that_was_accepted_last(do: Do) -> None:
    one, other, _plain = [await do(groups.enter, chat, leave_at=None) for chat in (-1, -2, -3)]
    assert await do(groups.desk) is None
    await do(groups.change, one.id, desk_at=NOW + HOUR)
    await do(groups.change, other.id, desk_at=NOW)
    assert (await do(groups.desk)).id == one.id
    await do(groups.change, one.id, left_at=NOW)
    assert (await do(groups.desk)).id == other.id


async def test_groups_that_nobody_made_the_desk_are_left_in_time(do: Do) -> None:
    due, later, desk, left = [
        await do(groups.enter, -each, leave_at=NOW + HOUR * (each == 2)) for each in range(1, 5)
    ]
    await do(groups.change, desk.id, desk_at=NOW)
    await do(groups.change, left.id, left_at=NOW)
    assert await do(groups.due_to_leave, NOW - HOUR) == []
    assert await do(groups.due_to_leave, NOW) == [due.id]
    assert await do(groups.due_to_leave, NOW + HOUR) == [due.id, later.id]


async def test_group_that_became_a_supergroup_is_met_under_its_new_id(do: Do) -> None:
    group = await do(groups.enter, -1, leave_at=None)
    other = await do(groups.enter, -3, leave_at=None)
    await do(groups.move, -1, -1002)
    found = await do(groups.by_chat, -1002)
    assert (found.id, found.chat) == (group.id, -1002)
    assert await do(groups.by_chat, -1) is None
    assert await do(groups.by_chat, -3) == other


async def test_group_met_under_both_ids_stays_under_the_new_one(database: Database, do: Do) -> None:
    """Else rows for the old id would be sent, refused as moved, and sent again for ever."""
    old = await do(groups.enter, -1, leave_at=NOW)
    new = await do(groups.enter, -1002, leave_at=NOW)
    await do(groups.change, new.id, desk_at=NOW)
    await do(call, group_id=old.id, call="leave")
    await do(call, group_id=new.id)
    await do(groups.move, -1, -1002)
    assert await do(groups.by_chat, -1) is None
    assert (await do(groups.desk)).id == new.id
    assert await column(database, "outbox.group_id") == [new.id]


async def test_group_left_under_its_new_id_can_still_be_told_of_the_move(do: Do) -> None:
    await do(groups.enter, -1, leave_at=NOW)
    new = await do(groups.enter, -1002, leave_at=NOW)
    await do(groups.change, new.id, left_at=NOW)
    await do(groups.move, -1, -1002)
    assert await do(groups.by_chat, -1) is None
