"""Handing over, on the side of who asks: the ticket, the place, a contact card."""

from telegram import Update

from bot import buttons, handover, outbox, people, tickets
from bot.errors import NothingHere
from bot.model import Utterance
from handlers.telegram import desk
from handlers.telegram.context import Context, in_group, press, utterance


async def human(update: Update, context: Context) -> None:
    """*Ask a person*, by button or by command."""
    question_id = press(update).number(1) if update.callback_query else None
    await handover.open_ticket(
        context.tx,
        context.person,
        question_id,
        knowledge=context.knowledge,
        hours=context.hotline.config.hours,
        now=context.now,
    )


async def ask_bot(update: Update, context: Context) -> None:
    await tickets.ask_bot(context.tx, context.person, now=context.now)


async def belongs(update: Update, context: Context) -> None:
    number, question_id = press(update).number(0), press(update).number(1)
    if number is None or question_id is None:
        raise NothingHere
    await handover.belongs(context.tx, context.person, number, question_id, now=context.now)


async def region(update: Update, context: Context) -> None:
    await people.choose_region(context.tx, context.person, press(update).first, now=context.now)


async def municipality(update: Update, context: Context) -> None:
    await people.choose_municipality(context.tx, context.person, press(update).first, now=context.now)


async def skip(update: Update, context: Context) -> None:
    await people.skip_place(context.tx, context.person, now=context.now)


async def contact(update: Update, context: Context) -> None:
    """A contact card is carried only after the person confirmed it."""
    await handover.ask_to_confirm(context.tx, context.person, utterance(update), now=context.now)


async def confirm(update: Update, context: Context) -> None:
    """The card is to be carried: to the desk, or from it."""
    message_id = press(update).number(1)
    if message_id is None:
        raise NothingHere
    if in_group(update):
        await desk.carry(update, context, Utterance(None, message_id))
        return
    await handover.confirm(
        context.tx,
        context.person,
        message_id,
        knowledge=context.knowledge,
        hours=context.hotline.config.hours,
        now=context.now,
    )


async def withhold(update: Update, context: Context) -> None:
    context.toast = ("contact_withheld", {})
    if not in_group(update):
        await outbox.say(
            context.tx, context.person.id, "contact_withheld", now=context.now, buttons=buttons.EXITS
        )
