"""What is held about a person: shown, and erased."""

from telegram import Update

from bot import people
from handlers.telegram.context import Context, press


async def show(update: Update, context: Context) -> None:
    await people.show_held(context.tx, context.person, now=context.now)


async def forget(update: Update, context: Context) -> None:
    """Asked once; done on the second tap."""
    if update.callback_query and press(update).first == "yes":
        await people.forget(context.tx, context.person, now=context.now)
    else:
        await people.ask_forget(context.tx, context.person, now=context.now)
