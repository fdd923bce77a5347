"""Topics to follow, and coming to events."""

from telegram import Update

from bot import rsvps, subscriptions
from bot.errors import EventUnknown
from handlers.telegram.context import Context, press


async def topics(update: Update, context: Context) -> None:
    await subscriptions.show(context.tx, context.person, now=context.now)


async def follow(update: Update, context: Context) -> None:
    await subscriptions.follow(context.tx, context.person, press(update).first, now=context.now)


async def stop(update: Update, context: Context) -> None:
    """One topic by its button; everything by `/stop`."""
    topic = press(update).first if update.callback_query else "all"
    await subscriptions.stop(context.tx, context.person, topic, now=context.now)


def _event(update: Update) -> int:
    event_id = press(update).number(0)
    if event_id is None:
        raise EventUnknown
    return event_id


async def going(update: Update, context: Context) -> None:
    await rsvps.go(context.tx, context.person, _event(update), now=context.now)


async def waitlist(update: Update, context: Context) -> None:
    await rsvps.wait(context.tx, context.person, _event(update), now=context.now)


async def cancel(update: Update, context: Context) -> None:
    await rsvps.cancel(context.tx, context.person, _event(update), now=context.now)
