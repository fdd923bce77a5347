"""Edited messages of both sides: what was carried is edited on the other side too."""

from telegram import Update

from bot import tickets
from handlers.telegram import desk
from handlers.telegram.context import Context, in_group, utterance


async def edited(update: Update, context: Context) -> None:
    if in_group(update):
        await desk.edited(update, context)
        return
    said = utterance(update)
    if said.text is not None:
        await tickets.mend_at_desk(context.tx, context.person, said.message_id, said.text, now=context.now)
