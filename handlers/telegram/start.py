"""First contact, the menu, the language, deep links."""

from telegram import Update

from bot import buttons, outbox, people, questions, subscriptions
from bot.errors import NothingHere
from bot.languages import LANGUAGES
from handlers.telegram.context import Context, press


async def begin(update: Update, context: Context) -> None:
    """`/start`, alone or with a payload, which acts at once."""
    payload = " ".join(context.args or ())
    tx, person, now = context.tx, context.person, context.now
    if payload.startswith("follow-"):
        await subscriptions.follow(tx, person, payload.removeprefix("follow-"), now=now)
    elif payload.startswith("invite-"):
        await people.accept_invite(tx, person, payload, now=now)
    elif payload:  # none of ours: the same as without
        payload = ""
    if not payload or person.language is None:
        await people.welcome(tx, person, now=now)


async def menu(update: Update, context: Context) -> None:
    await people.menu(context.tx, context.person, now=context.now)


async def languages(update: Update, context: Context) -> None:
    await questions.choose_language(context.tx, context.person, now=context.now)


async def find_waiting(update: Update, context: Context) -> object:
    """Before the language is set: search for the questions that waited for it."""
    if not hasattr(context, "person"):
        return ()
    async with context.hotline.database.read() as tx:
        found = await questions.waiting(tx, context.person, now=context.now)
    language, library = press(update).first, context.knowledge.library
    return [(each, library.search(each.text, language)) for each in found if each.text is not None]


async def set_language(update: Update, context: Context) -> None:
    language = press(update).first
    if language not in LANGUAGES:
        raise NothingHere
    await questions.language_chosen(
        context.tx, context.person, language, context.found, knowledge=context.knowledge, now=context.now
    )


async def unknown_command(update: Update, context: Context) -> None:
    await outbox.say(
        context.tx, context.person.id, "unknown_command", now=context.now, buttons=buttons.menu()
    )


async def old_button(update: Update, context: Context) -> None:
    """A button of an earlier version, or data that is none of ours."""
    raise NothingHere
