"""The page in the browser: what it shows and what its people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

    from bot.sandbox.sandbox import Sandbox


class Page:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def add_routes(self, app: web.Application) -> None:
        pass

    async def close(self) -> None:
        pass
