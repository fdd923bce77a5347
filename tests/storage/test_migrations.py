import asyncio
import contextlib
import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import CallerMistake
from bot.storage import Database, people
from bot.storage.migrate import open_database, sole_run
from bot.storage.seal import Vault, give_vault
from bot.storage.tables import metadata
from tests.storage.given import KEY, NOW, raw

VAULT = Vault(KEY)


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_migrations_bring_exactly_the_tables_of_the_code(database: Database) -> None:
    async with database.read() as tx:
        assert await tx.run_sync(differences) == []
        assert await tx.run_sync(names) == {*metadata.tables, "alembic_version"}


async def test_migrations_write_what_the_code_describes_word_for_word(sqlite: Database) -> None:
    """Conditions of indexes and the numbering of rows, too, which Alembic does not compare."""
    engine = create_engine("sqlite://")
    give_vault(engine.dialect, VAULT)
    query = (
        "SELECT sql FROM sqlite_master WHERE sql > '' AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    )
    with engine.begin() as connection:
        metadata.create_all(connection)
        described = {plain(row[0]) for row in connection.execute(text(query))}
    engine.dispose()
    assert {plain(row[0]) for row in await raw(sqlite, query)} == described


def plain(statement: str) -> frozenset[str]:
    """The parts of a statement, in whatever order its constraints come."""
    return frozenset(re.sub(r"[\s(),\"]+", " ", part).strip() for part in statement.split(", "))


async def test_opening_again_keeps_what_is_there(empty_url: str) -> None:
    async with open_database(empty_url, VAULT) as database:
        person = await database.write(lambda tx: people.create(tx, 501, NOW))
    async with open_database(empty_url, VAULT) as database, database.read() as tx:
        assert await people.by_telegram(tx, 501) == person


async def test_commands_that_open_at_once_migrate_one_after_another(empty_url: str) -> None:
    async def opens(telegram: int) -> int:
        async with open_database(empty_url, VAULT) as database:
            return (await database.write(lambda tx: people.create(tx, telegram, NOW))).id

    assert sorted(await asyncio.gather(*map(opens, range(4)))) == [1, 2, 3, 4]


async def test_migration_that_fails_half_way_leaves_nothing(empty_url: str) -> None:
    """What a kill in the middle would leave: the next start must find the tables all there or all not."""
    obstacle = create_async_engine(empty_url)
    async with obstacle.begin() as connection:
        await connection.execute(text("CREATE TABLE questions (id INTEGER)"))
    with pytest.raises(DBAPIError):
        async with open_database(empty_url, VAULT):
            pass
    async with obstacle.begin() as connection:
        assert await connection.run_sync(names) == {"questions"}
        await connection.execute(text("DROP TABLE questions"))
    await obstacle.dispose()
    async with open_database(empty_url, VAULT) as database, database.read() as tx:
        assert await tx.run_sync(differences) == []


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/hotline", "sqlite:///hotline.db", "sqlite+aiosqlite://"]
)
async def test_address_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(CallerMistake, match="HOTLINE_DATABASE_URL"):
        async with open_database(url, VAULT):
            pass


def test_one_run_for_each_sqlite_database(sqlite_url: str, tmp_path) -> None:
    with sole_run(sqlite_url):
        with pytest.raises(CallerMistake, match="runs on"), sole_run(sqlite_url):
            pass
        with sole_run(f"sqlite+aiosqlite:///{tmp_path / 'another.db'}"):
            pass
    with sole_run(sqlite_url):
        pass


def test_many_runs_may_share_a_postgresql_database() -> None:
    url = "postgresql+asyncpg://hotline@db/hotline"
    with contextlib.ExitStack() as runs:
        for _ in range(2):
            runs.enter_context(sole_run(url))
