"""Every command that opens the database migrates it first, one at a time."""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Final

from alembic import command
from alembic.config import Config
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import CallerMistake
from bot.storage.database import Database, Unavailable, is_unavailable
from bot.storage.seal import Vault, give_vault
from bot.storage.tables import groups, inbox, outbox, people

SCRIPTS: Final = Path(__file__).with_name("migrations")
_ADVISORY: Final = 4_872_316_001  # any number that means "migrating" on PostgreSQL


@contextlib.asynccontextmanager
async def open_database(url: str, vault: Vault) -> AsyncIterator[Database]:
    """Migrate the database and open it.

    Raises:
        CallerMistake: the address is none that we can use, or the key is not the one it was sealed with.
        Unavailable: the database is out of reach.
    """
    path = _file(url)
    if path is not None:
        _make(path)
        with _lock_file(path.with_suffix(".migrating")) as file:
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            await _migrate(url, vault)
    else:
        await _migrate(url, vault)
    async with Database(url, vault) as database:
        await _try_key(database)
        yield database


async def _try_key(database: Database) -> None:
    """Open one sealed value, wherever there is one."""
    async with database.read() as tx:
        for column in (people.c.telegram, groups.c.chat, inbox.c.payload, outbox.c.body):
            try:
                sealed = await tx.scalar(select(column).where(column.is_not(None)).limit(1))
            except InvalidTag:
                raise CallerMistake(
                    "This database was made with another HOTLINE_SECRET_KEY: set that one."
                ) from None
            if sealed is not None:
                return


def _file(url: str) -> Path | None:
    """The file of an SQLite database; none for PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise CallerMistake(_ADDRESS) from None
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database:
        return Path(parsed.database)
    if parsed.drivername == "postgresql+asyncpg":
        return None
    raise CallerMistake(_ADDRESS)


_ADDRESS: Final = (
    "HOTLINE_DATABASE_URL must be sqlite+aiosqlite:///PATH or postgresql+asyncpg://USER:PASSWORD@HOST/NAME."
)


async def _migrate(url: str, vault: Vault) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    give_vault(engine.dialect, vault)
    if engine.dialect.name == "sqlite":
        # Left to itself the driver commits each new table alone: a kill would leave half of them.
        event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ADVISORY})
            await connection.run_sync(_upgrade)
    except OSError as error:
        raise Unavailable(str(error)) from error
    except DBAPIError as error:
        if is_unavailable(error):
            raise Unavailable(str(error.orig)) from error
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise CallerMistake(f"{make_url(url).database} is not a database of SQLite.") from error
        raise
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make(path: Path) -> None:
    """The file and its folder, for the owner alone."""
    if path.is_dir():
        raise CallerMistake(f"{path} is a folder: HOTLINE_DATABASE_URL names a file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise CallerMistake(f"{path} cannot be written: {error.strerror}.") from error


def _lock_file(path: Path) -> IO[str]:
    """A file to hold an OS lock on, which the end of the process frees, also by kill -9."""
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w")
    except OSError as error:
        raise CallerMistake(f"{path} cannot be written: {error.strerror}.") from error


@contextlib.contextmanager
def sole_run(url: str) -> Iterator[None]:
    """On SQLite, one `run` for each database.

    Raises:
        CallerMistake: another process runs on it.
    """
    path = _file(url)
    if path is None:
        yield
        return
    _make(path)
    with _lock_file(path.with_suffix(".running")) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CallerMistake(f"The hotline runs on {path} already: stop it first.") from None
        yield
