"""What Telegram itself shows of the bot: the menu of commands and its description, in each language."""

import logging
from typing import Final

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.languages import DEFAULT, LANGUAGES
from bot.texts import catalogue

log = logging.getLogger(__name__)

COMMANDS: Final = ("menu", "human", "topics", "stop", "language", "mydata", "forget")


async def introduce(bot: Bot) -> None:
    """Set what differs from what Telegram has: its limits on these calls are strict.

    Who reads Telegram in another language gets the default one. A failure is no reason not to answer people:
    it is logged, and the next start tries again.
    """
    try:
        for code, language in (("", DEFAULT), *((each, each) for each in LANGUAGES)):
            await _commands(bot, code, language)
            await _descriptions(bot, code, language)
    except TelegramError as error:
        log.warning("The bot's profile could not be set: %s", error)


async def _commands(bot: Bot, code: str, language: str) -> None:
    wanted = tuple(BotCommand(each, catalogue()[f"command_{each}"][language]) for each in COMMANDS)
    if await bot.get_my_commands(language_code=code or None) != wanted:
        await bot.set_my_commands(wanted, language_code=code or None)


async def _descriptions(bot: Bot, code: str, language: str) -> None:
    description = catalogue()["description"][language]
    if (await bot.get_my_description(language_code=code or None)).description != description:
        await bot.set_my_description(description, language_code=code or None)
    short = catalogue()["short_description"][language]
    if (await bot.get_my_short_description(language_code=code or None)).short_description != short:
        await bot.set_my_short_description(short, language_code=code or None)
