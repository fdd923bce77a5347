"""Telegram's limits on sending, as far as they are known: https://core.telegram.org/bots/faq."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from bot.sandbox.errors import too_many_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world import Json

COUNTED = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "sendVoice",
        "copyMessage",
        "copyMessages",
        "forwardMessage",
        "editMessageText",
        "editMessageReplyMarkup",
        "pinChatMessage",
        "createForumTopic",
    }
)


class Bucket:
    """So many at once, then so many a second."""

    def __init__(self, per_second: float, burst: int, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = float(burst)
        self._filled = now

    def wait(self, now: float) -> float:
        """Seconds until there is room for one; 0 if there is."""
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._per_second)
        self._filled = now
        return max(0.0, (1 - self._tokens) / self._per_second)

    def take(self, number: int) -> None:
        self._tokens -= number


class Limits:
    """Refuses what is too fast with 429. A refused call uses nothing up."""

    def __init__(
        self,
        *,
        overall_per_second: float = 30,
        chat_per_second: float = 1,
        chat_burst: int = 3,
        group_per_minute: int = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._overall = (overall_per_second, math.ceil(overall_per_second))
        self._chat = (chat_per_second, chat_burst)
        self._group = (group_per_minute / 60, group_per_minute)
        self._clock = clock
        self._buckets: dict[tuple[int, object], Bucket] = {}
        self.refused = 0

    def check(self, bot_id: int, method: str, parameters: Json) -> None:
        """Count a call.

        Raises:
            ApiError: 429 with the whole seconds to wait.
        """
        chat_id = parameters.get("chat_id")
        if method not in COUNTED or not isinstance(chat_id, int):
            return
        now = self._clock()
        buckets = [
            self._bucket(bot_id, "all", self._overall, now),
            self._bucket(bot_id, chat_id, self._chat, now),
        ]
        if chat_id < 0:
            buckets.append(self._bucket(bot_id, ("group", chat_id), self._group, now))
        seconds = max(bucket.wait(now) for bucket in buckets)
        if seconds > 0:
            self.refused += 1
            raise too_many_requests(math.ceil(seconds))
        for bucket in buckets:
            bucket.take(len(parameters.get("message_ids", [1])))

    def _bucket(self, bot_id: int, what: object, size: tuple[float, int], now: float) -> Bucket:
        bucket = self._buckets.get((bot_id, what))
        if bucket is None:
            bucket = self._buckets[bot_id, what] = Bucket(*size, now)
        return bucket
