"""The updates that wait for a bot, and the one long poll that may wait for them."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import Any

from bot.sandbox.errors import ApiError

# Given to a bot only if it asks by name in allowed_updates.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
BATCH = 100
FAR_AHEAD = 10
CONFLICT = ApiError(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_ACTIVE = ApiError(
    409,
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first",
)


class UpdateQueue:
    """Updates in order, until the bot confirms them by a higher offset.

    `next_id` may be set: Telegram starts anew at a random number after a quiet week.
    """

    def __init__(self) -> None:
        self.next_id = 100_000_001
        self.waiting: deque[dict[str, Any]] = deque()
        self.allowed: frozenset[str] | None = None
        self.webhook: dict[str, Any] | None = None
        self.arrived = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def allow(self, kinds: list[str] | None) -> None:
        """Keep the bot's choice; an empty list means the default, None leaves it as it was."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def put(self, kind: str, payload: dict[str, Any]) -> None:
        if self.wants(kind):
            self.inject({"update_id": self.next_id, kind: payload})

    def inject(self, update: dict[str, Any]) -> int:
        """Queue an update just as it is and give its id (the next one if it has none)."""
        update_id = int(update.setdefault("update_id", self.next_id))
        self.next_id = update_id + 1
        self.waiting.append(update)
        self.wake()
        return update_id

    def wake(self) -> None:
        self.arrived.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def confirm(self, offset: int) -> None:
        """Forget what lies before the offset; a negative one keeps only so many from the end.

        An offset far ahead of all ids is left from before the ids started anew: it confirms nothing.
        """
        if offset > self.next_id + FAR_AHEAD:
            return
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while offset > 0 and self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """The first updates, after at most so many seconds.

        Raises:
            ApiError: 409, another poll began while this one waited, or a webhook is set.
        """
        if self.webhook is not None:
            raise WEBHOOK_ACTIVE
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(CONFLICT)
        self.confirm(offset)
        if not self.waiting and seconds > 0:
            self._poll = poll = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await poll
            except TimeoutError:
                pass
            finally:
                if self._poll is poll:
                    self._poll = None
        return list(islice(self.waiting, limit))
