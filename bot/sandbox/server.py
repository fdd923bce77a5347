"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Call, Journal
from bot.sandbox.methods import EFFECTS
from bot.sandbox.parameters import given, method_named, read
from bot.sandbox.updates import BATCH
from bot.sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from bot.sandbox.faults import Fault
    from bot.sandbox.limits import Limits
    from bot.sandbox.world import Bot, Json, World

TOKEN = re.compile(r"(\d{1,15}):[A-Za-z0-9_-]+")
UPLOAD_BYTES = 50 * 1024 * 1024
LONGEST_POLL = 50.0


class BotApi:
    """Answers calls; keeps the journal; makes the ordered troubles."""

    def __init__(self, world: World, refused_tokens: set[str]) -> None:
        self.world = world
        self.refused_tokens = refused_tokens
        self.faults = Faults()
        self.journal = Journal()
        self.limits: Limits | None = None
        self.webhooks = Webhooks()
        self.closing = False

    def add_routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        app.router.add_get("/file/bot{token}/{folder}/{file}", self.file)

    async def close(self) -> None:
        """End stalls, long polls and webhooks."""
        self.closing = True
        self.faults.clear()
        for bot in self.world.bots.values():
            bot.updates.wake()
        await self.webhooks.close()

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of one method."""
        arrived = time.monotonic()
        method = request.match_info["method"]
        parameters: Json = {}
        bot_id = 0
        fault: Fault | None = None
        result: Any = None
        error: ApiError | None = None
        try:
            bot = self._bot(request.match_info["token"])
            bot_id = bot.id
            method, fields = method_named(method)
            parameters = await given(request)
            fault = self.faults.met_by(method, parameters)
            if fault is not None:
                await fault.wait()
                if fault.error is not None:
                    raise fault.error
                if fault.cut == "before" or fault.page is not None:
                    self.journal.add(Call(arrived, bot_id, method, parameters, lost=True))
                    return _cut(request) if fault.page is None else _gateway_page(fault.page)
            parameters = read(fields, parameters)
            if self.limits is not None:
                self.limits.check(bot_id, method, parameters)
            result = await self._result(bot, method, parameters)
        except ApiError as refused:
            error = refused
        lost = fault is not None and (fault.cut == "after" or fault.broken)
        self.journal.add(Call(arrived, bot_id, method, parameters, result, error, lost))
        answer = {"ok": True, "result": result} if error is None else error.as_json()
        body = json.dumps(answer).encode()
        if lost and fault is not None and fault.cut == "after":
            return _cut(request)
        if lost:
            body = body[: len(body) // 2]
        return web.Response(
            body=body, status=200 if error is None else error.code, content_type="application/json"
        )

    async def file(self, request: web.Request) -> web.Response:
        """The content of a file, by the path that getFile gave."""
        try:
            self._bot(request.match_info["token"])
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.code)
        file = self.world.files.get(request.match_info["file"].rpartition(".")[0])
        if file is None:
            return web.json_response(ApiError(404, "Not Found").as_json(), status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _bot(self, token: str) -> Bot:
        found = TOKEN.fullmatch(token)
        if found is None:
            raise ApiError(404, "Not Found")
        if token in self.refused_tokens:
            raise ApiError(401, "Unauthorized")
        return self.world.bot(int(found[1]))

    async def _result(self, bot: Bot, method: str, p: Json) -> Any:
        match method:
            case "getUpdates":
                return await self._updates(bot, p)
            case "setWebhook":
                return self.webhooks.set(bot, p)
            case "deleteWebhook":
                return self.webhooks.remove(bot, p)
            case "getWebhookInfo":
                return self.webhooks.info(bot)
        return EFFECTS[method](self.world, bot, p)

    async def _updates(self, bot: Bot, p: Json) -> list[Json]:
        bot.updates.allow(p.get("allowed_updates"))
        limit = p.get("limit", BATCH)
        seconds = 0.0 if self.closing else min(float(p.get("timeout", 0)), LONGEST_POLL)
        return await bot.updates.poll(p.get("offset", 0), limit if 1 <= limit <= BATCH else BATCH, seconds)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _gateway_page(code: int) -> web.Response:
    text = f"<html><head><title>{code} Bad Gateway</title></head><body>nginx</body></html>"
    return web.Response(text=text, status=code, content_type="text/html")
