"""Every call that a bot made, for tests to read."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.world import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.errors import ApiError
    from bot.sandbox.world import Json

KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `time` is `time.monotonic()` when it arrived, in seconds.

    `error` is what the bot was told; `lost` means that it got no answer, although `result` came about.
    """

    time: float
    bot_id: int
    method: str
    parameters: Json
    result: Any = None
    error: ApiError | None = None
    lost: bool = False


class Journal:
    """The calls in the order of their answers, the newest 200,000."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._pulse = Pulse()

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Call) -> None:
        self._calls.append(call)
        self._pulse.beat()

    def clear(self) -> None:
        self._calls.clear()

    def calls(self, method: str | None = None, *, chat: int | None = None) -> list[Call]:
        """Those of a method, to a chat; without a method, all but getUpdates."""
        return [
            call
            for call in self._calls
            if (call.method == method if method else call.method != "getUpdates")
            and chat in {None, call.parameters.get("chat_id")}
        ]

    def refused(self) -> list[Call]:
        """Calls that were the bot's mistake or met a refusal: every answer 4xx but 409 and 429."""
        return [call for call in self._calls if call.error and call.error.code not in {409, 429, 500, 502}]

    async def wait_for(self, fits: Callable[[Call], bool], timeout: float = 5.0) -> Call:  # noqa: ASYNC109 - tests name it so
        """The first call that fits, made already or yet to come.

        Raises:
            AssertionError: none came within so many seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while True:
                    found = next((call for call in self._calls if fits(call)), None)
                    if found is not None:
                        return found
                    await self._pulse.wait()
        except TimeoutError:
            latest = [f"{call.method} {call.parameters}" for call in list(self._calls)[-10:]]
            raise AssertionError("No such call came. The latest:\n" + "\n".join(latest)) from None
