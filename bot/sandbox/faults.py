"""Troubles to order: refusals, stalls, lost answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from bot.sandbox.errors import ApiError, too_many_requests

if TYPE_CHECKING:
    from bot.sandbox.world import Json


class Fault:
    """One ordered trouble.

    `hits` counts the calls that met it; `arrived` is set by the first one. `release()` ends its stalls at
    once; `cancel()` lets later calls pass.
    """

    def __init__(
        self,
        *,
        method: str | None,
        chat: int | None,
        times: int | None,
        error: ApiError | None = None,
        stall: float = 0.0,
        cut: Literal["before", "after"] | None = None,
        broken: bool = False,
        page: int | None = None,
    ) -> None:
        self.method = method
        self.chat = chat
        self.left = times
        self.error = error
        self.stall = stall
        self.cut = cut
        self.broken = broken
        self.page = page
        self.hits = 0
        self.arrived = asyncio.Event()
        self._released = asyncio.Event()

    def meets(self, method: str, parameters: Json) -> bool:
        if self.left == 0 or self.method not in {method, None}:
            return False
        if self.method is None and method == "getUpdates":
            return False
        return self.chat is None or str(parameters.get("chat_id")) == str(self.chat)

    def count(self) -> None:
        self.hits += 1
        if self.left is not None:
            self.left -= 1
        self.arrived.set()

    async def wait(self) -> None:
        """Stall as ordered, or until released."""
        if self.stall <= 0:
            return
        try:
            async with asyncio.timeout(self.stall):
                await self._released.wait()
        except TimeoutError:
            pass

    def release(self) -> None:
        self._released.set()

    def cancel(self) -> None:
        self.left = 0


class Faults:
    """The troubles in order; each call meets the first that fits.

    Everywhere: `method` None means every method but getUpdates; `chat` is a chat id; `times` None means
    until cancelled.
    """

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def too_many_requests(
        self,
        retry_after: int = 1,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int | None = 1,
    ) -> Fault:
        """429 with `retry_after` in seconds."""
        return self._order(Fault(method=method, chat=chat, times=times, error=too_many_requests(retry_after)))

    def refuse(
        self,
        code: int,
        description: str,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int | None = 1,
        **parameters: int,
    ) -> Fault:
        """Any answer with `ok: false`, such as 403 "Forbidden: …" or 500 "Internal Server Error"."""
        error = ApiError(code, description, **parameters)
        return self._order(Fault(method=method, chat=chat, times=times, error=error))

    def server_error(
        self, code: int = 502, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """A page of HTML instead of JSON, as Telegram's balancers send it."""
        return self._order(Fault(method=method, chat=chat, times=times, page=code))

    def stall(
        self, seconds: float, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """The call takes so long, and then has its effect."""
        return self._order(Fault(method=method, chat=chat, times=times, stall=seconds))

    def cut_before(
        self, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """The connection closes and nothing has happened."""
        return self._order(Fault(method=method, chat=chat, times=times, cut="before"))

    def lose_answer(
        self, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """The connection closes after the effect."""
        return self._order(Fault(method=method, chat=chat, times=times, cut="after"))

    def broken_json(
        self, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """Half an answer, after the effect."""
        return self._order(Fault(method=method, chat=chat, times=times, broken=True))

    def clear(self) -> None:
        """End all troubles and stalls."""
        for fault in self._ordered:
            fault.cancel()
            fault.release()
        self._ordered.clear()

    def met_by(self, method: str, parameters: Json) -> Fault | None:
        for fault in self._ordered:
            if fault.meets(method, parameters):
                fault.count()
                if fault.left == 0:
                    self._ordered.remove(fault)
                return fault
        return None

    def _order(self, fault: Fault) -> Fault:
        self._ordered.append(fault)
        return fault
