"""Bringing updates to a bot that asked for a webhook."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.updates import UpdateQueue
    from bot.sandbox.world import Bot, Json

PAUSES = (0.2, 0.5, 1, 2, 5)
PATIENCE = ClientTimeout(total=60)


class Webhooks:
    """One carrier for each bot with a webhook: an update goes only when the one before was taken."""

    def __init__(self) -> None:
        self._carriers: dict[int, asyncio.Task[None]] = {}

    def set(self, bot: Bot, p: Json) -> bool:
        """Telegram wants https; on this machine plain http is welcome.

        Raises:
            ApiError: the address is none.
        """
        if not p["url"]:
            return self.remove(bot, p)
        if not p["url"].startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        self.remove(bot, p)
        bot.updates.allow(p.get("allowed_updates"))
        bot.updates.webhook = {
            "url": p["url"],
            "secret_token": p.get("secret_token", ""),
            "max_connections": p.get("max_connections", 40),
        }
        self._carriers[bot.id] = asyncio.create_task(_carry(bot.updates))
        return True

    def remove(self, bot: Bot, p: Json) -> bool:
        carrier = self._carriers.pop(bot.id, None)
        if carrier is not None:
            carrier.cancel()
        bot.updates.webhook = None
        if p.get("drop_pending_updates"):
            bot.updates.waiting.clear()
        return True

    def info(self, bot: Bot) -> Json:
        hook = bot.updates.webhook or {"url": ""}
        shown = {name: value for name, value in hook.items() if name != "secret_token"}
        return {**shown, "has_custom_certificate": False, "pending_update_count": len(bot.updates.waiting)}

    async def close(self) -> None:
        carriers = list(self._carriers.values())
        self._carriers.clear()
        for carrier in carriers:
            carrier.cancel()
        for carrier in carriers:
            with contextlib.suppress(asyncio.CancelledError):
                await carrier


async def _carry(updates: UpdateQueue) -> None:
    failures = 0
    async with ClientSession(timeout=PATIENCE) as session:
        while True:
            updates.arrived.clear()
            if not updates.waiting or updates.webhook is None:
                await updates.arrived.wait()
                continue
            update = updates.waiting[0]
            error = await _deliver(session, updates.webhook, update)
            if error is None:
                failures = 0
                if updates.waiting and updates.waiting[0] is update:
                    updates.waiting.popleft()
            else:
                updates.webhook["last_error_message"] = error
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1


async def _deliver(session: ClientSession, hook: Json, update: Json) -> str | None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook["secret_token"] else {}
    try:
        async with session.post(hook["url"], json=update, headers=headers) as response:
            return (
                None
                if response.ok
                else f"Wrong response from the webhook: {response.status} {response.reason}"
            )
    except (ClientError, TimeoutError) as error:
        return f"Connection failed: {type(error).__name__}"
