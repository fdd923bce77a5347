import asyncio

from bot.storage import Database, inbox
from bot.storage.inbox import Received
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, column

BOT = 42


def update(update_id: int, bot: int = BOT, payload: str = "{}") -> Received:
    return Received(bot, update_id, update_id % 7, payload)


async def test_stored_updates_wait_oldest_first(do: Do) -> None:
    stored = [update(3, payload='{"message": "სამი"}'), update(1), update(2), update(1, bot=43)]
    await do(inbox.store, stored, NOW)
    assert await do(inbox.waiting, BOT) == [stored[1], stored[2], stored[0]]
    assert await do(inbox.waiting, 43) == [stored[3]]
    assert await do(inbox.known, BOT, [1, 3, 5]) == {1, 3}
    assert await do(inbox.known, 43, [1, 3, 5]) == {1}
    assert await do(inbox.known, BOT, []) == set()


async def test_empty_batch_is_stored_too(do: Do) -> None:
    await do(inbox.store, [], NOW)
    assert await do(inbox.waiting, BOT) == []


async def test_update_that_comes_again_changes_nothing(do: Do) -> None:
    await do(inbox.store, [update(1, payload="first"), update(2)], NOW)
    await do(inbox.done, update(2), NOW)
    await do(inbox.store, [update(1, payload="again"), update(2, payload="again"), update(3)], NOW + HOUR)
    assert await do(inbox.waiting, BOT) == [update(1, payload="first"), update(3)]
    assert await do(inbox.known, BOT, range(9)) == {1, 2, 3}


async def test_update_is_done_once(database: Database, do: Do) -> None:
    await do(inbox.store, [update(1), update(1, bot=43), update(2)], NOW)
    done = await asyncio.gather(*(do(inbox.done, update(1), NOW) for _ in range(20)))
    assert done.count(True) == 1
    assert await do(inbox.waiting, BOT) == [update(2)]
    assert await do(inbox.waiting, 43) == [update(1, bot=43)]
    assert await column(database, "inbox.payload") == [None, "{}", "{}"]
    assert not await do(inbox.done, update(9), NOW)


async def test_failures_are_counted_for_each_update(do: Do) -> None:
    await do(inbox.store, [update(1), update(2)], NOW)
    counted = await asyncio.gather(*(do(inbox.count_failure, update(1)) for _ in range(5)))
    assert sorted(counted) == [1, 2, 3, 4, 5]
    assert await do(inbox.count_failure, update(2)) == 1
    assert await do(inbox.count_failure, update(9)) == 0


async def test_update_set_aside_waits_no_more_and_is_kept(database: Database, do: Do) -> None:
    await do(inbox.store, [update(1), update(2)], NOW)
    await do(inbox.set_aside, update(1), NOW)
    assert await do(inbox.waiting, BOT) == [update(2)]
    assert await column(database, "inbox.payload") == ["{}", "{}"]


async def test_old_marks_are_removed_and_what_waits_is_not(do: Do) -> None:
    await do(inbox.store, [update(each) for each in range(1, 6)], NOW - DAY)
    await do(inbox.done, update(1), NOW - HOUR)
    await do(inbox.done, update(2), NOW)
    await do(inbox.set_aside, update(3), NOW - HOUR)
    await do(inbox.set_aside, update(4), NOW)
    await do(inbox.remove_before, NOW)
    assert await do(inbox.known, BOT, range(9)) == {2, 4, 5}
    assert await do(inbox.waiting, BOT) == [update(5)]
