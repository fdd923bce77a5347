"""Is everything in place? What is wrong is said in plain lines."""

from telegram import ChatMemberAdministrator, ChatMemberOwner
from telegram.error import InvalidToken, TelegramError

from bot.model import Role
from bot.storage import Database, groups, people
from handlers.telegram.application import build
from handlers.telegram.context import App
from handlers.telegram.poller import UNKNOWN_BOT


async def examine(token: str, api_url: str, database: Database) -> list[str]:
    """Findings about the token, the staff and the desk; none = all is well."""
    application = build(token, api_url)
    try:
        await application.initialize()
        return await _staff(database) + await _desk(application, database)
    except InvalidToken:
        return [UNKNOWN_BOT]
    except TelegramError as error:
        return [f"Telegram is out of reach: {error}. Check the network and HOTLINE_TELEGRAM_API_URL."]
    finally:
        await application.shutdown()
        await application.bot.shutdown()  # also where it was not initialised to the end


async def _staff(database: Database) -> list[str]:
    async with database.read() as tx:
        if await people.ids_with_role(tx, Role.ADMIN):
            return []
    return ["There is no admin: run `python -m bot invite --role admin` and send the bot what it prints."]


async def _desk(application: App, database: Database) -> list[str]:
    async with database.read() as tx:
        desk = await groups.desk(tx)
    if desk is None:
        return [
            "There is no desk: an admin sends /desk in a group with topics where the bot is administrator."
        ]
    try:
        chat = await application.bot.get_chat(desk.chat)
        me = await application.bot.get_chat_member(desk.chat, application.bot.id)
    except TelegramError as error:
        return [f"The desk is out of reach: {error}. Add the bot to the group again and send /desk there."]
    findings = []
    if not chat.is_forum:
        findings.append("The desk has its topics turned off: turn them on in the group's settings.")
    allowed = isinstance(me, ChatMemberOwner) or (
        isinstance(me, ChatMemberAdministrator) and me.can_manage_topics
    )
    if not allowed:
        findings.append("The bot may not manage topics at the desk: give it that right.")
    return findings
