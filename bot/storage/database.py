"""The database: reads side by side, writes as units that are all or nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeVar

import sqlalchemy
from sqlalchemy import event, exc, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.storage import sqlite_driver
from bot.storage.seal import Vault, give_vault

Transaction = AsyncConnection
T = TypeVar("T")
Work = Callable[[Transaction], Awaitable[T]]

READERS = 4
# Units that wait together share one commit (each in its own savepoint), at most this many.
SHARED = 32


class Unavailable(Exception):
    """The database cannot be written or read now: disk full, locked by a backup, connection lost."""


@dataclass
class _Unit:
    work: Work[Any]
    done: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Database:
    """One database. On SQLite one connection writes and others only read; on PostgreSQL a pool does both."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url, self.vault = url, vault
        self.sqlite = url.startswith("sqlite")
        self._changed = asyncio.Event()
        self._waiting: list[_Unit] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        if self.sqlite:
            self._writer = self._engine(pool_size=1, begin=sqlite_driver.BEGIN_WRITING)
            self._reader = self._engine(pool_size=READERS, begin="BEGIN")
        else:
            self._writer = self._engine(pool_size=READERS * 2, begin=None)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")

    def _engine(self, *, pool_size: int, begin: str | None) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=60,
            connect_args={"async_creator_fn": sqlite_driver.connect} if self.sqlite else {},
            hide_parameters=True,  # errors are logged, what people wrote is not
        )
        give_vault(engine.dialect, self.vault)
        if begin:
            event.listen(engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    async def __aenter__(self) -> Self:
        if self.sqlite:
            self._task = asyncio.create_task(self._write_units(), name="writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._writer.dispose()
        await self._reader.dispose()

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A view of what is committed, the same throughout.

        Raises:
            Unavailable: the database cannot be read now.
        """
        async with self._reach(self._reader) as tx:
            yield tx

    async def look(self, work: Work[T]) -> T:
        """What `work` reads, where it awaits nothing but its transaction: faster than `read`.

        Raises:
            Unavailable: the database cannot be read now.
        """
        if not self.sqlite:
            async with self.read() as tx:
                return await work(tx)
        async with self._reach(self._reader) as tx:
            return await tx.run_sync(lambda connection: _brought_to_its_end(work(_within(connection))))

    async def write(self, work: Work[T], *, lane: int | None = None) -> T:
        """Do `work` as one unit: all of it is committed when this returns, or none of it.

        On PostgreSQL units of one `lane` wait for one another, whichever process they are in.

        Raises:
            Unavailable: the database cannot be written now; nothing was changed.
        """
        if not self.sqlite:
            async with self._reach(self._writer) as tx, tx.begin():
                if lane is not None:
                    await tx.execute(text("SELECT pg_advisory_xact_lock(:lane)"), {"lane": lane})
                result = await work(tx)
            self.tell()
            return result
        unit = _Unit(work, asyncio.get_running_loop().create_future())
        self._waiting.append(unit)
        self._wake.set()
        return await unit.done  # type: ignore[no-any-return]  # the result of this work

    @contextlib.asynccontextmanager
    async def _reach(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        try:
            tx = await engine.connect()
        except (OSError, exc.TimeoutError) as error:
            raise Unavailable(str(error)) from error
        except exc.DBAPIError as error:
            raise Unavailable(str(error.orig)) from error
        try:
            yield tx
        except exc.DBAPIError as error:
            if is_unavailable(error):
                raise Unavailable(str(error.orig)) from error
            raise
        finally:
            await tx.close()

    async def changed(self, timeout: float) -> None:  # noqa: ASYNC109 - the caller looks anyway after so many seconds
        """Wait until something was committed here, at most `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        self._changed.clear()

    def tell(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()

    async def _write_units(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                units, self._waiting = self._waiting[:SHARED], self._waiting[SHARED:]
                await self._commit([unit for unit in units if not unit.done.cancelled()])

    async def _commit(self, units: list[_Unit]) -> None:
        try:
            async with self._writer.connect() as tx:
                await tx.run_sync(_do, units)
        except Exception as error:  # noqa: BLE001 - whatever it is, each waiting caller is told
            for unit in units:
                unit.error = unit.error or error
        self.tell()
        for unit in units:
            if unit.done.cancelled():
                continue
            if unit.error is None:
                unit.done.set_result(unit.result)
            elif isinstance(unit.error, exc.DBAPIError) and is_unavailable(unit.error):
                unavailable = Unavailable(str(unit.error.orig))
                unavailable.__cause__ = unit.error
                unit.done.set_exception(unavailable)
            else:
                unit.done.set_exception(unit.error)


class _Within:
    """What a unit is given for its transaction while it runs within `run_sync`.

    `AsyncConnection` would make a greenlet for each statement, which costs more than the statement.
    """

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        return self._connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str) -> Any:
        return self._connection.exec_driver_sql(statement)

    async def scalar(self, statement: Any, parameters: Any = None) -> Any:
        return self._connection.scalar(statement, parameters)

    async def scalars(self, statement: Any, parameters: Any = None) -> Any:
        return self._connection.scalars(statement, parameters)


def _within(connection: sqlalchemy.Connection) -> Transaction:
    return _Within(connection)  # type: ignore[return-value]  # what a unit needs of an AsyncConnection


def _do(connection: sqlalchemy.Connection, units: list[_Unit]) -> None:
    """Do units one after another, all in one commit; the failure of one undoes it alone."""
    tx = _within(connection)
    with connection.begin():
        for unit in units:
            if len(units) == 1:
                unit.result = _brought_to_its_end(unit.work(tx))
            else:
                _attempt(connection, tx, unit)


def _attempt(connection: sqlalchemy.Connection, tx: Transaction, unit: _Unit) -> None:
    _say(connection, "SAVEPOINT unit")
    try:
        unit.result = _brought_to_its_end(unit.work(tx))
    except Exception as error:
        if isinstance(error, exc.DBAPIError) and is_unavailable(error):
            # A full disk fails all who share the commit: SQLite has undone the whole transaction by itself.
            raise
        unit.error = error
        _say(connection, "ROLLBACK TO unit")
    _say(connection, "RELEASE unit")


def _say(connection: sqlalchemy.Connection, command: str) -> None:
    """Give a command to the driver as it is: through SQLAlchemy it would cost several times as much."""
    cursor = connection.connection.cursor()
    cursor.execute(command)
    cursor.close()


def _brought_to_its_end(work: Awaitable[T]) -> T:
    """The result of a unit, which awaits nothing but its transaction, and that never waits."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]  # the result of this work
    raise RuntimeError("a unit waited for something other than its transaction")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event begins, not the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "busy_timeout = 15000",
        "trusted_schema = OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


# Primary result codes: busy, locked, read-only, I/O error, full, cannot open (sqlite.org/rescode.html).
SQLITE_UNAVAILABLE = frozenset({5, 6, 8, 10, 13, 14})
# Beginnings of SQLSTATEs: connection lost, read-only, deadlock, no resources, lock not had in time, stopped
# by an operator, system error (postgresql.org/docs/current/errcodes-appendix.html).
POSTGRESQL_UNAVAILABLE = ("08", "25006", "40", "53", "55P03", "57", "58")


def is_unavailable(error: exc.DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_UNAVAILABLE
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return error.connection_invalidated or state.startswith(POSTGRESQL_UNAVAILABLE)
    return error.connection_invalidated or isinstance(error, exc.OperationalError | exc.InterfaceError)


async def insert_one(tx: Transaction, table: sqlalchemy.Table, row: dict[str, Any]) -> int:
    """Insert a row and return the id that the database gave it."""
    key = (await tx.execute(_into(table), row)).inserted_primary_key
    if key is None:
        raise LookupError("a row that was just inserted")
    return int(key[0])


# Statements are made once where they are frequent: making one costs more than running it.
_into = cache(sqlalchemy.insert)


async def insert_new(tx: Transaction, table: sqlalchemy.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; where a key is taken already, the row that has it stays."""
    if not rows:
        return
    await tx.execute(_insert(tx)(table).on_conflict_do_nothing(), rows)


async def put(tx: Transaction, table: sqlalchemy.Table, row: dict[str, Any]) -> None:
    """Insert a row, or overwrite the one with the same primary key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    await tx.execute(_insert(tx)(table).values(row).on_conflict_do_update(index_elements=keys, set_=rest))


async def add(
    tx: Transaction, table: sqlalchemy.Table, row: dict[str, Any], *, column: str, amount: int
) -> None:
    """Add to a number in the row with this primary key; the row is made if it is not there."""
    await tx.execute(_adding(_insert(tx), table, column), row | {column: amount})


@cache
def _adding(insert: Any, table: sqlalchemy.Table, column: str) -> Any:
    statement = insert(table)
    keys = [each.name for each in table.primary_key]
    total = {column: table.c[column] + statement.excluded[column]}
    return statement.on_conflict_do_update(index_elements=keys, set_=total)


def _insert(tx: Transaction) -> Any:
    """Both dialects speak ON CONFLICT, each through an insert of its own."""
    return postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
