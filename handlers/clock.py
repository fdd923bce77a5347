"""Ticks: time is data, so a tick only asks what is due."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from telegram.ext import JobQueue

from bot import broadcasts, desks, retention
from bot.config import Config
from bot.entries import Shelf
from bot.storage import Database, Unavailable

log = logging.getLogger(__name__)

LOOK: Final = 0.25  # seconds: what another process committed is live within a second
TICK: Final = 2.0


def start_ticks(
    queue: JobQueue[Any], database: Database, shelf: Shelf, config: Config, now: Callable[[], datetime]
) -> None:
    """Put all that repeats on the library's job queue."""
    # While the database is locked a tick waits, and the scheduler would warn four times a second that it
    # leaves out the next ones: they are meant to be left out, and the tick itself says why it waits.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)

    def every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
        async def tick(_context: object) -> None:
            try:
                await work()
            except Unavailable as error:
                log.warning("Tick %s waits for the database: %s", name, error)

        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        queue.run_repeating(tick, interval=seconds, first=0, name=name, job_kwargs=options)

    every(LOOK, "entries", shelf.refresh)
    every(LOOK, "models", shelf.learn)
    every(LOOK, "broadcasts", lambda: broadcasts.advance(database, now=now()))
    every(TICK, "groups", lambda: desks.leave_unclaimed(database, now=now()))
    every(TICK, "retention", lambda: retention.expire(database, config.retention, now=now()))
