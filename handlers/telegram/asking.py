"""Questions: typed, browsed, answered, and said to have helped or not."""

import asyncio

from telegram import Update

from bot import buttons, outbox, questions, values
from bot import gaps as unanswered
from bot.errors import NothingHere
from handlers.telegram.context import Context, press, utterance, words
from knowledge_base import Outcome

LONG = 500  # characters; a longer text is searched off the event loop


async def search(update: Update, context: Context) -> Outcome | None:
    """What the knowledge base makes of it; none where there are no words."""
    text = words(update)
    if text is None:
        return None
    language = context.person.language if hasattr(context, "person") else None
    library = context.knowledge.library
    if len(text) > LONG:
        return await asyncio.to_thread(library.search, text, language)
    return library.search(text, language)


async def hear(update: Update, context: Context) -> None:
    await questions.hear(
        context.tx,
        context.person,
        utterance(update),
        context.found,
        knowledge=context.knowledge,
        hours=context.hotline.config.hours,
        now=context.now,
    )


async def hear_other(update: Update, context: Context) -> None:
    await questions.hear_other(
        context.tx,
        context.person,
        utterance(update),
        knowledge=context.knowledge,
        hours=context.hotline.config.hours,
        now=context.now,
        outcome=context.found,
    )


async def hear_edited(update: Update, context: Context) -> None:
    await questions.hear_edited(
        context.tx,
        context.person,
        utterance(update),
        context.found,
        knowledge=context.knowledge,
        now=context.now,
    )


async def browse(update: Update, context: Context) -> None:
    categories = buttons.categories(context.knowledge.filled_categories())
    await outbox.say(context.tx, context.person.id, "browse", now=context.now, buttons=categories)


async def category(update: Update, context: Context) -> None:
    chosen = press(update).first
    entries = context.knowledge.in_category(chosen)
    if not entries and chosen not in context.knowledge.categories:
        raise NothingHere
    await outbox.say(
        context.tx,
        context.person.id,
        "category" if entries else "category_empty",
        now=context.now,
        buttons=buttons.suggestions(entries, question_id=None),
        category=values.category(chosen),
        about=values.about(chosen),
        entries=values.questions(entries),
    )


async def suggested(update: Update, context: Context) -> None:
    button = press(update)
    await questions.show_entry(
        context.tx,
        context.person,
        button.first,
        button.number(1),
        knowledge=context.knowledge,
        now=context.now,
    )


async def more(update: Update, context: Context) -> None:
    await questions.show_more(
        context.tx, context.person, press(update).first, knowledge=context.knowledge, now=context.now
    )


async def helped(update: Update, context: Context) -> None:
    button = press(update)
    await questions.helped(
        context.tx, context.person, button.number(2), yes=button.first == "yes", now=context.now
    )


async def none_of_these(update: Update, context: Context) -> None:
    await questions.helped(context.tx, context.person, press(update).number(1), yes=False, now=context.now)


async def gaps(update: Update, context: Context) -> None:
    await unanswered.show(context.tx, context.person, now=context.now)
