"""The Telegram edge put together: transport, application, routes, inbox, courier, ticks."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from telegram.ext import Application, ContextTypes, ExtBot

from bot.budget import Budget
from bot.config import Config
from bot.courier import Courier
from bot.entries import Shelf
from bot.storage import Database
from handlers.telegram import poller
from handlers.telegram.context import App, Context, Hotline
from handlers.telegram.inbox import Inbox
from handlers.telegram.messenger import TelegramMessenger
from handlers.telegram.profile import introduce
from handlers.telegram.request import AiohttpRequest
from handlers.telegram.routes import add_routes
from handlers.telegram.unit import finish_toasts
from handlers.telegram.views import Views

log = logging.getLogger(__name__)


@dataclass
class Edge:
    """The running edge: `poll` fetches updates until it is cancelled."""

    application: App
    inbox: Inbox
    delivery: asyncio.Task[None]

    async def poll(self) -> None:
        await self.inbox.recover()
        log.info("The hotline answers as @%s.", self.application.bot.username)
        polling = asyncio.create_task(poller.poll(self.application, self.inbox), name="poller")
        try:
            # A hotline that fetches but cannot send, or the other way round, must not look alive.
            done, _ = await asyncio.wait({polling, self.delivery}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            polling.cancel()
            await asyncio.wait({polling})


def build(token: str, api_url: str) -> App:
    return (
        Application.builder()
        .bot(
            ExtBot(
                token,
                base_url=f"{api_url}/bot",
                base_file_url=f"{api_url}/file/bot",
                request=AiohttpRequest(),
                get_updates_request=AiohttpRequest(),
            )
        )
        .updater(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )


async def _once_open(shelf: Shelf, courier: Courier) -> None:
    await shelf.opened.wait()  # what people read names entries
    await courier.run()


@contextlib.asynccontextmanager
async def edge(
    token: str, api_url: str, *, database: Database, shelf: Shelf, config: Config, now: Callable[[], datetime]
) -> AsyncIterator[Edge]:
    """Start everything but the fetching of updates; on leaving, finish what is in hand."""
    application = build(token, api_url)
    hotline = Hotline(database, shelf, config, now)
    application.bot_data["hotline"] = hotline
    add_routes(application)
    inbox = Inbox(hotline, application, bot_id=int(token.split(":", 1)[0]))
    await poller.connect(application)
    courier = Courier(
        database, TelegramMessenger(application.bot, Views(config, shelf)), Budget(config.sending), now
    )
    delivery = asyncio.create_task(_once_open(shelf, courier), name="courier")
    profile = asyncio.create_task(introduce(application.bot), name="profile")
    try:
        await application.start()
        yield Edge(application, inbox, delivery)
    finally:
        await inbox.stop()
        await finish_toasts()
        for task in (profile, delivery):
            task.cancel()
        await asyncio.wait({profile, delivery})
        if application.running:
            if application.job_queue is not None:
                # The library waits for the ticks in hand; one that began meanwhile would be cancelled and
                # logged as an error.
                application.job_queue.scheduler.pause()
            await application.stop()
        await application.shutdown()
