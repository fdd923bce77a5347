import asyncio
import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import Database, Transaction, Unavailable, events, people
from bot.storage.seal import Vault
from bot.storage.tables import people as people_table
from tests.storage.given import KEY, NOW, call, raw

PATIENCE = 20  # seconds, for what takes some thousandths


class Stumble(Exception):
    """A unit that fails after it has changed something."""


async def arrives(tx: Transaction, telegram: int) -> int:
    return (await people.create(tx, telegram, NOW)).id


async def stumbles(tx: Transaction, telegram: int) -> int:
    await arrives(tx, telegram)
    raise Stumble


async def arrived(database: Database) -> list[int]:
    async with database.read() as tx:
        return sorted((await tx.scalars(select(people_table.c.telegram))).all())


@contextlib.contextmanager
def commits(database: Database) -> Iterator[list[object]]:
    """Every commit of the block."""
    seen: list[object] = []
    engine, note = database._writer.sync_engine, seen.append
    event.listen(engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(engine, "commit", note)


async def test_unit_gives_its_result_and_is_committed(database: Database) -> None:
    assert await database.write(lambda tx: arrives(tx, 501)) == 1
    assert await arrived(database) == [501]


async def test_unit_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(Stumble):
        await database.write(lambda tx: stumbles(tx, 501))
    assert await arrived(database) == []


async def test_units_at_once_fail_alone(database: Database) -> None:
    units = [stumbles if number % 3 == 0 else arrives for number in range(100)]
    done = await asyncio.gather(
        *(database.write(lambda tx, number=number: units[number](tx, number)) for number in range(100)),
        return_exceptions=True,
    )
    assert [isinstance(each, Stumble) for each in done] == [number % 3 == 0 for number in range(100)]
    assert await arrived(database) == [number for number in range(100) if number % 3]


async def test_units_at_once_share_commits_on_sqlite(sqlite: Database) -> None:
    with commits(sqlite) as seen:
        await asyncio.gather(
            *(sqlite.write(lambda tx, number=number: arrives(tx, number)) for number in range(64))
        )
    assert len(await arrived(sqlite)) == 64
    assert len(seen) <= 4


async def test_statement_that_fails_undoes_its_unit_alone(sqlite: Database) -> None:
    """A savepoint: what the unit wrote before the broken statement goes, its neighbours' rows stay."""

    async def breaks(tx: Transaction) -> None:
        await arrives(tx, 502)
        await tx.execute(text("INSERT INTO subscriptions VALUES (12345, 'forums', 0)"))

    done = await asyncio.gather(
        sqlite.write(lambda tx: arrives(tx, 501)),
        sqlite.write(breaks),
        sqlite.write(lambda tx: arrives(tx, 503)),
        return_exceptions=True,
    )
    assert [isinstance(each, Exception) for each in done] == [False, True, False]
    assert await arrived(sqlite) == [501, 503]


async def test_commit_that_fails_fails_all_who_share_it(sqlite: Database) -> None:
    async def breaks_at_commit(tx: Transaction) -> None:
        await tx.execute(text("PRAGMA defer_foreign_keys = ON"))
        await tx.execute(text("INSERT INTO subscriptions VALUES (12345, 'forums', 0)"))

    done = await asyncio.gather(
        sqlite.write(lambda tx: arrives(tx, 501)),
        sqlite.write(breaks_at_commit),
        sqlite.write(lambda tx: stumbles(tx, 502)),
        return_exceptions=True,
    )
    assert ["FOREIGN KEY" in str(each) for each in done] == [True, True, False]
    assert isinstance(done[2], Stumble)
    assert await arrived(sqlite) == []
    await sqlite.write(lambda tx: arrives(tx, 503))
    assert await arrived(sqlite) == [503]


async def test_full_disk_fails_all_who_share_it_and_is_survived(sqlite: Database) -> None:
    async def pages(tx: Transaction, most: int) -> None:
        await tx.execute(text(f"PRAGMA max_page_count = {most}"))

    await sqlite.write(lambda tx: pages(tx, 1))  # no smaller than it is
    done = await asyncio.gather(
        sqlite.write(lambda tx: arrives(tx, 501)),
        sqlite.write(lambda tx: call(tx, body={"text": "ა" * 20_000})),
        return_exceptions=True,
    )
    assert [type(each) for each in done] == [Unavailable, Unavailable]
    await sqlite.write(lambda tx: pages(tx, 2**30))
    await sqlite.write(lambda tx: arrives(tx, 502))
    assert await arrived(sqlite) == [502]


async def test_unit_whose_caller_has_gone_is_not_begun(sqlite: Database) -> None:
    leaves = asyncio.create_task(sqlite.write(lambda tx: arrives(tx, 501)))
    stays = asyncio.create_task(sqlite.write(lambda tx: arrives(tx, 502)))
    await asyncio.sleep(0)  # both have asked; the writer has not woken yet
    leaves.cancel()
    await stays
    assert await arrived(sqlite) == [502]


async def test_reader_sees_what_is_committed_and_the_same_throughout(database: Database) -> None:
    how_many = select(func.count()).select_from(people_table)
    await database.write(lambda tx: arrives(tx, 501))
    async with database.read() as tx:
        assert await tx.scalar(how_many) == 1
        await database.write(lambda tx: arrives(tx, 502))
        assert await tx.scalar(how_many) == 1
    async with database.read() as tx:
        assert await tx.scalar(how_many) == 2


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    await database.write(lambda tx: arrives(tx, 501))
    other = create_async_engine(database.url)
    try:
        async with other.connect() as writing:
            await writing.execute(text("DELETE FROM people"))  # not committed
            async with asyncio.timeout(PATIENCE):
                assert await arrived(database) == [501]
    finally:
        await other.dispose()


async def test_unit_that_waits_for_something_else_is_a_bug(database: Database) -> None:
    """It would hold up all that is written after it."""
    if not database.sqlite:
        return

    async def work(tx: Transaction) -> None:
        await arrives(tx, 501)
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="waited for something other"):
        await database.write(work)
    assert await arrived(database) == []


async def test_who_waits_for_a_change_is_woken_by_a_commit(database: Database) -> None:
    waiting = asyncio.create_task(database.changed(60))
    await database.write(lambda tx: arrives(tx, 501))
    async with asyncio.timeout(PATIENCE):
        await waiting


async def test_value_that_no_column_holds_is_a_bug_and_not_a_full_disk(database: Database) -> None:
    """`Unavailable` is tried again for ever: a lane would be stuck."""
    with pytest.raises(Exception, match=r"too large|out of int64 range") as failed:
        await database.write(lambda tx: call(tx, person_id=2**63))
    assert not isinstance(failed.value, Unavailable)
    with pytest.raises(Exception, match=r"too large|out of int64 range") as failed:
        async with database.read() as tx:
            await events.by_id(tx, 2**63)
    assert not isinstance(failed.value, Unavailable)


async def test_server_out_of_reach_is_unavailable(tmp_path) -> None:
    async with Database(f"postgresql+asyncpg://postgres@/x?host={tmp_path}", Vault(KEY)) as database:
        with pytest.raises(Unavailable):
            await database.write(lambda tx: arrives(tx, 501))
        with pytest.raises(Unavailable):
            await arrived(database)


async def test_lost_connections_are_unavailable_and_made_again(postgresql: Database) -> None:
    await asyncio.gather(
        *(postgresql.write(lambda tx, number=number: arrives(tx, number)) for number in range(8))
    )
    await raw(
        postgresql,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()",
    )
    done = await asyncio.gather(
        *(postgresql.write(lambda tx, number=number: arrives(tx, number)) for number in range(8, 16)),
        return_exceptions=True,
    )
    assert {type(each) for each in done} <= {int, Unavailable}
    assert Unavailable in map(type, done)
    failed = sum(isinstance(each, Unavailable) for each in done)
    assert len(await arrived(postgresql)) == 16 - failed
    await postgresql.write(lambda tx: arrives(tx, 16))


async def test_units_that_wait_for_one_another_are_tried_again(postgresql: Database) -> None:
    """A deadlock is nobody's fault: whoever loses it is told to try later."""
    await postgresql.write(lambda tx: arrives(tx, 501))
    await postgresql.write(lambda tx: arrives(tx, 502))
    both_hold = asyncio.Barrier(2)

    async def crosswise(tx: Transaction, mine: int, other: int) -> None:
        await people.change(tx, mine, language="ka")
        async with asyncio.timeout(PATIENCE):
            await both_hold.wait()
        await people.change(tx, other, language="az")

    done = await asyncio.gather(
        postgresql.write(lambda tx: crosswise(tx, 1, 2)),
        postgresql.write(lambda tx: crosswise(tx, 2, 1)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Unavailable"]


async def test_units_of_one_lane_wait_for_one_another(postgresql: Database) -> None:
    held, may_go = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def first(_tx: Transaction) -> None:
        held.set()
        await may_go.wait()
        order.append("first")

    async def then(_tx: Transaction, name: str) -> None:
        order.append(name)

    one = asyncio.create_task(postgresql.write(first, lane=7))
    async with asyncio.timeout(PATIENCE):
        await held.wait()
    two = asyncio.create_task(postgresql.write(lambda tx: then(tx, "second"), lane=7))
    await postgresql.write(lambda tx: then(tx, "another lane"), lane=8)
    await postgresql.write(lambda tx: then(tx, "no lane"))
    may_go.set()
    await asyncio.gather(one, two)
    assert order == ["another lane", "no lane", "first", "second"]


async def test_sqlite_is_set_up_to_lose_nothing_and_to_leave_no_traces(sqlite: Database) -> None:
    for engine in (sqlite._writer, sqlite._reader):
        async with engine.connect() as connection:
            found = {
                name: await connection.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
