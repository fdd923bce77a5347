"""Long polling: each batch is stored before the next call tells Telegram that we have it."""

import asyncio
import logging
import time
from typing import Any, Final

from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.errors import CallerMistake
from bot.storage import Unavailable
from handlers.telegram.context import App
from handlers.telegram.inbox import Inbox
from handlers.telegram.request import seconds_to_wait
from handlers.telegram.routes import KINDS

log = logging.getLogger(__name__)

POLL: Final = 30  # seconds Telegram holds an empty answer
LONGEST_PAUSE: Final = 10.0  # seconds: whoever wrote meanwhile waits no longer than that
CONFLICT: Final = 60.0  # seconds we try to outlast a second poller
UNKNOWN_BOT: Final = (
    "Telegram does not know this token: check HOTLINE_TELEGRAM_TOKEN (ask @BotFather for it)."
)
SECOND_POLLER: Final = "Another process has polled with this token for 60 s: stop it, then start again."


async def connect(application: App) -> None:
    """Introduce the bot to Telegram; keep trying while it is out of reach.

    Raises:
        CallerMistake: the token is wrong.
    """
    pause = 1.0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            await application.bot.shutdown()
            raise CallerMistake(UNKNOWN_BOT) from None
        except TelegramError as error:
            log.warning("Telegram is out of reach (%s); next try in %.0f s.", type(error).__name__, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


async def poll(application: App, inbox: Inbox, *, outlast: float = CONFLICT) -> None:
    """Fetch updates until cancelled. A second process that polls is outlasted for so many seconds.

    Raises:
        CallerMistake: the token was revoked, or a second process polls with it.
    """
    offset: int | None = None
    pause = 1.0
    conflict_since: float | None = None
    while True:
        try:
            raws = await _fetch(application, offset)
            conflict_since = None
            if raws:
                await inbox.accept(raws)
                offset = raws[-1]["update_id"] + 1
            pause = 1.0
            continue
        except (InvalidToken, EndPointNotFound):  # `do_api_request` makes the one the other
            raise CallerMistake(UNKNOWN_BOT) from None
        except Conflict:
            conflict_since = conflict_since or time.monotonic()
            if time.monotonic() - conflict_since > outlast:
                raise CallerMistake(SECOND_POLLER) from None
            log.warning("Another process polls with this token; trying on for %.0f s.", outlast)
            wait = 2.0
        except RetryAfter as error:
            wait = seconds_to_wait(error)
        except (TelegramError, Unavailable) as error:
            log.warning("No updates (%s); next try in %.0f s.", type(error).__name__, pause)
            wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(wait)


async def _fetch(application: App, offset: int | None) -> list[dict[str, Any]]:
    """The next updates. A webhook that was left at Telegram forbids to fetch them: it is removed."""
    try:
        return await _updates(application, offset)
    except Conflict as error:
        if "webhook" not in error.message:
            raise
        log.warning("Telegram still has a webhook of this bot; it is removed.")
        await application.bot.delete_webhook(drop_pending_updates=False)
        return await _updates(application, offset)


async def _updates(application: App, offset: int | None) -> list[dict[str, Any]]:
    fields: dict[str, Any] = {"timeout": POLL, "limit": 100, "allowed_updates": KINDS}
    if offset is not None:
        fields["offset"] = offset
    raws: list[dict[str, Any]] = await application.bot.do_api_request(
        "getUpdates", api_kwargs=fields, read_timeout=POLL + 15
    )
    return raws
