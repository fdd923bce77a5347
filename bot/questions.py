"""What a person writes: heard, answered from the knowledge base, or handed over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot import buttons, handover, outbox, tickets, values
from bot.config import Hours
from bot.entries import Knowledge
from bot.errors import NothingHere
from bot.languages import LANGUAGES
from bot.model import (
    STRANGER,
    Answer,
    Button,
    Class,
    Person,
    Prompt,
    Question,
    QuestionOutcome,
    Say,
    Utterance,
)
from bot.storage import Transaction, counters, people
from bot.storage import questions as rows
from knowledge_base import Answered, Outcome, SmallTalk, Suggested, Unanswered

# "This belongs to #12" is offered so long after the ticket was resolved.
BELONGS: Final = timedelta(days=7)
_NUMBER: Final = re.compile(r"\s*(\d{1,2})\s*[.)]?\s*")


async def hear(
    tx: Transaction,
    person: Person,
    utterance: Utterance,
    outcome: Outcome,
    *,
    knowledge: Knowledge,
    hours: Hours,
    now: datetime,
) -> None:
    """A typed message: numbers to call in a crisis; then it opens a ticket, joins one, or is a question."""
    first_contact = person.speaks is None
    person = await _guess_language(tx, person, outcome.reading.language)
    if urgent := outcome.reading.urgent:
        asks_more = isinstance(outcome, Answered) and outcome.entry != urgent
        if asks_more and person.prompt is not Prompt.TICKET and person.ticket is None:
            await _numbers(tx, person, urgent, None, knowledge=knowledge, now=now)
            await _answer(tx, person, utterance, outcome, knowledge=knowledge, now=now)
        else:
            await _crisis(tx, person, utterance, outcome, urgent, knowledge=knowledge, now=now)
        if person.prompt is Prompt.TICKET:
            await handover.open_ticket(tx, person, None, knowledge=knowledge, hours=hours, now=now)
        elif person.ticket is not None:
            await tickets.relay(tx, person, utterance, now=now)
    elif person.prompt is Prompt.TICKET:
        await _write(tx, person, utterance, outcome, QuestionOutcome.ASKED, now=now)
        await handover.open_ticket(tx, person, None, knowledge=knowledge, hours=hours, now=now)
    elif person.prompt is not Prompt.QUESTION and await tickets.relay(tx, person, utterance, now=now):
        return
    else:
        await _answer(tx, person, utterance, outcome, knowledge=knowledge, now=now)
    if first_contact:
        await choose_language(tx, person, now=now)


async def hear_other(
    tx: Transaction,
    person: Person,
    utterance: Utterance,
    *,
    knowledge: Knowledge,
    hours: Hours,
    now: datetime,
    outcome: Outcome | None = None,
) -> None:
    """A voice message, a photo and the like: carried to an open ticket, or offered to a consultant.

    `outcome` is of the words beside it: a crisis gets its numbers at once, whatever they stand on.
    """
    first_contact = person.speaks is None
    if outcome is not None and outcome.reading.urgent:
        person = await _guess_language(tx, person, outcome.reading.language)
        await _numbers(tx, person, outcome.reading.urgent, None, knowledge=knowledge, now=now)
    if person.prompt is not Prompt.TICKET and await tickets.relay(tx, person, utterance, now=now):
        return
    part = utterance.album is not None and bool(await rows.of_album(tx, person.id, utterance.album))
    kind = QuestionOutcome.ASKED
    question_id = await rows.create(tx, person.id, utterance, language=person.speaks, outcome=kind, now=now)
    if part:  # the first of the album was answered for all
        return
    if person.prompt is Prompt.TICKET:
        await handover.open_ticket(tx, person, question_id, knowledge=knowledge, hours=hours, now=now)
    else:
        await outbox.say(tx, person.id, "not_text", now=now, buttons=buttons.exits(question_id))
    if first_contact:
        await choose_language(tx, person, now=now)


async def hear_edited(
    tx: Transaction,
    person: Person,
    utterance: Utterance,
    outcome: Outcome,
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    """Edited words: a crisis gets its numbers at once; what was carried is edited at the desk too."""
    if person is STRANGER:
        return
    if urgent := outcome.reading.urgent:
        await _numbers(tx, person, urgent, None, knowledge=knowledge, now=now)
    if utterance.text is not None:
        await tickets.mend_at_desk(tx, person, utterance.message_id, utterance.text, now=now)


async def _guess_language(tx: Transaction, person: Person, language: str | None) -> Person:
    """Before a person chose, they are answered in the language they write in."""
    if person.language or language not in LANGUAGES or language == person.guessed:
        return person
    await people.change(tx, person.id, guessed=language)
    return replace(person, guessed=language)


async def _write(
    tx: Transaction,
    person: Person,
    utterance: Utterance,
    outcome: Outcome,
    kind: QuestionOutcome,
    *,
    now: datetime,
) -> int:
    nearest = [match.entry for match in outcome.reading.ranked]
    shown = outcome.entry if isinstance(outcome, Answered) else None
    language = outcome.reading.language or person.speaks
    await counters.count(tx, now.date(), kind, language or "")
    return await rows.create(
        tx, person.id, utterance, language=language, outcome=kind, entry=shown, nearest=nearest, now=now
    )


async def _crisis(
    tx: Transaction,
    person: Person,
    utterance: Utterance,
    outcome: Outcome,
    entry: str,
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    """Numbers to call at once, before anything else; then a consultant on one tap."""
    question_id = await _write(tx, person, utterance, outcome, QuestionOutcome.ANSWERED, now=now)
    await _numbers(tx, person, entry, question_id, knowledge=knowledge, now=now)


async def _numbers(
    tx: Transaction,
    person: Person,
    entry: str,
    question_id: int | None,
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    if person.speaks is not None and knowledge.has(entry):
        crisis = knowledge.answer(entry, buttons=buttons.crisis(entry, question_id=question_id))
        await outbox.put(tx, crisis, now=now, rank=Class.ANSWER, person=person.id)
    else:
        await outbox.say(tx, person.id, "crisis", now=now, buttons=buttons.exits(question_id))


async def _answer(
    tx: Transaction,
    person: Person,
    utterance: Utterance,
    outcome: Outcome,
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    if person.prompt is not None:
        await people.change(tx, person.id, prompt=None)
    if person.speaks is None:  # Russian, or no language at all: answered as soon as one is chosen
        if not isinstance(outcome, SmallTalk):
            await _write(tx, person, utterance, outcome, QuestionOutcome.WAITING, now=now)
        return
    if (chosen := await _chosen(tx, person, utterance)) and knowledge.has(chosen.fields[0]):
        question_id = int(chosen.fields[1]) if chosen.fields[1:] else None
        await show_entry(tx, person, chosen.fields[0], question_id, knowledge=knowledge, now=now)
        return
    if isinstance(outcome, SmallTalk):
        await counters.count(tx, now.date(), "smalltalk", person.speaks)
        await outbox.say(tx, person.id, f"smalltalk_{outcome.kind}", now=now, buttons=buttons.menu())
        return
    kind = _KINDS[type(outcome)]
    question_id = await _write(tx, person, utterance, outcome, kind, now=now)
    await _show(tx, person, outcome, question_id, knowledge=knowledge, now=now)


async def _chosen(tx: Transaction, person: Person, utterance: Utterance) -> Button | None:
    """The button whose number was typed instead of tapped, in the list that was shown last."""
    typed = _NUMBER.fullmatch(utterance.text or "")
    if typed is None:
        return None
    last = await outbox.last(tx, person.id)
    return buttons.numbered(last.buttons, int(typed[1])) if isinstance(last, Say | Answer) else None


_KINDS: Final = {
    Answered: QuestionOutcome.ANSWERED,
    Suggested: QuestionOutcome.SUGGESTED,
    Unanswered: QuestionOutcome.UNANSWERED,
}


async def _show(
    tx: Transaction,
    person: Person,
    outcome: Answered | Suggested | Unanswered,
    question_id: int,
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    recent = person.resolved_at is not None and now - person.resolved_at < BELONGS
    number = person.resolved_ticket if recent else None
    match outcome:
        case Answered(entry=entry):
            shown = knowledge.answer(
                entry,
                buttons=buttons.answer(
                    entry, more=knowledge.has_more(entry), question_id=question_id, belongs_to=number
                ),
            )
            await outbox.put(tx, shown, now=now, rank=Class.ANSWER, person=person.id)
        case Suggested(entries=entries):
            rows_ = buttons.suggestions(entries, question_id=question_id)
            rows_ = (*buttons.belongs(number, question_id), *rows_)
            listed = values.questions(entries)
            await outbox.say(tx, person.id, "suggested", now=now, buttons=rows_, entries=listed)
        case Unanswered():
            rows_ = (*buttons.belongs(number, question_id), *buttons.exits(question_id))
            await outbox.say(tx, person.id, "unanswered", now=now, buttons=rows_)
        case _:
            assert_never(outcome)


async def choose_language(tx: Transaction, person: Person, *, now: datetime) -> None:
    await outbox.say(tx, person.id, "choose_language", now=now, buttons=buttons.languages())


async def waiting(tx: Transaction, person: Person, *, now: datetime) -> list[Question]:
    """The questions that wait for the person to choose a language."""
    return await rows.waiting(tx, person.id, since=now - handover.IN_HAND)


async def language_chosen(
    tx: Transaction,
    person: Person,
    language: str,
    waiting: Sequence[tuple[Question, Outcome]],
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    """Remember the language; questions that waited for it are answered on the tap."""
    await people.change(tx, person.id, language=language)
    if not waiting:
        text = "language_set" if person.language else "welcome"
        await outbox.say(tx, person.id, text, now=now, buttons=buttons.menu())
    for question, found in waiting:
        outcome = Unanswered(reading=found.reading) if isinstance(found, SmallTalk) else found
        kind = _KINDS[type(outcome)]
        await rows.change(tx, question.id, outcome=kind, gap=kind is QuestionOutcome.UNANSWERED)
        reader = replace(person, language=language)
        await _show(tx, reader, outcome, question.id, knowledge=knowledge, now=now)


async def show_entry(
    tx: Transaction,
    person: Person,
    entry: str,
    question_id: int | None,
    *,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    """An entry was chosen, among suggestions or while browsing."""
    if not knowledge.has(entry):
        raise NothingHere
    if person.prompt is not None:  # they read on instead of writing
        await people.change(tx, person.id, prompt=None)
    if question_id is not None and await rows.mine(tx, question_id, person.id):
        await rows.change(tx, question_id, outcome=QuestionOutcome.ANSWERED, entry_id=entry)
    under = buttons.answer(entry, more=knowledge.has_more(entry), question_id=question_id)
    shown = knowledge.answer(entry, buttons=under)
    await outbox.put(tx, shown, now=now, rank=Class.ANSWER, person=person.id)


async def show_more(
    tx: Transaction, person: Person, entry: str, *, knowledge: Knowledge, now: datetime
) -> None:
    if not knowledge.has(entry):
        raise NothingHere
    more = knowledge.answer(entry, more=True, buttons=buttons.after_more(knowledge.related(entry)))
    await outbox.put(tx, more, now=now, rank=Class.ANSWER, person=person.id)


async def helped(
    tx: Transaction, person: Person, question_id: int | None, *, yes: bool, now: datetime
) -> None:
    """The answer to *did this help*: a no leads to a consultant with the question in hand."""
    question = await rows.mine(tx, question_id, person.id) if question_id is not None else None
    if yes:
        if question is not None:
            await rows.change(tx, question.id, outcome=QuestionOutcome.HELPED)
            await counters.count(tx, now.date(), "helped", person.speaks or "")
        await outbox.say(tx, person.id, "helped_yes", now=now, buttons=buttons.EXITS)
        return
    if question is not None:
        await rows.change(tx, question.id, gap=question.text is not None)
        await counters.count(tx, now.date(), "not_helped", person.speaks or "")
    # Without a question (the entry was browsed), none of before is meant: the next message is it.
    in_hand = question_id if question is not None else handover.NONE_IN_HAND
    await outbox.say(tx, person.id, "offer_human", now=now, buttons=buttons.exits(in_hand))
