"""SQLite for an event loop: statements run at once, and only what may wait goes to a thread.

A statement of ours takes some 20 microseconds; to hand it to a thread and back takes several times that, and
would be done four times for each. What may wait, for the disk or for another process that writes, stays in
the thread: opening, beginning to write, committing, closing.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, Final, TypeVar

import aiosqlite

T = TypeVar("T")
BEGIN_WRITING: Final = "BEGIN IMMEDIATE"
CHUNK: Final = 64  # rows fetched at a time, where somebody iterates


class Connection(aiosqlite.Connection):
    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if args[:1] == (BEGIN_WRITING,) or fn in (self._conn.commit, self._conn.close):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-any-return,no-untyped-call]
        return fn(*args, **kwargs)


def connect(path: str, **options: Any) -> Connection:
    """To be awaited; called by SQLAlchemy in place of `aiosqlite.connect`."""
    connection = Connection(lambda: sqlite3.connect(path, **options | {"check_same_thread": False}), CHUNK)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with its own
    return connection
