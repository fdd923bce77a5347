"""Questions in human hands: opened by who asks, claimed, answered and resolved at the desk."""

from datetime import datetime, timedelta
from typing import Final

from bot import buttons, outbox, threads, values
from bot.config import Hours
from bot.entries import Knowledge
from bot.errors import TakenAlready, TicketGone
from bot.languages import DEFAULT
from bot.model import (
    Class,
    Copy,
    Edit,
    Person,
    Prompt,
    Question,
    Say,
    Ticket,
    TicketState,
    Utterance,
)
from bot.storage import Transaction, counters, people, questions
from bot.storage import groups as group_rows
from bot.storage import tickets as rows
from bot.targets import answer_due

# Telegram gives the parts of an album one by one; they leave together so long after the last.
ALBUM: Final = timedelta(seconds=1)
# In a lively talk the note "passed on" would be noise; delivery itself is shown by a reaction.
NOTE_EVERY: Final = timedelta(minutes=10)
_UNRESOLVED: Final = (TicketState.NEW, TicketState.OPEN)


async def open_(
    tx: Transaction, person: Person, question: Question, *, knowledge: Knowledge, hours: Hours, now: datetime
) -> int:
    """Open a ticket with a question and give its receipt; return its number."""
    nearest = question.nearest[:3]
    desk = await group_rows.desk(tx)
    language = person.speaks or question.language or DEFAULT
    due = answer_due(now, hours)
    number = await rows.create(
        tx,
        requester_id=person.id,
        language=language,
        region=person.region,
        municipality=person.municipality,
        category=knowledge.category_of(nearest[0]) if nearest else None,
        nearest=" ".join(nearest),
        question=question.text,
        group_id=desk.id if desk else None,
        opened_at=now,
        due_at=due,
    )
    await questions.change(tx, question.id, ticket_id=number)
    await people.change(tx, person.id, prompt=None)
    await counters.count(tx, now.date(), "ticket_opened", language)
    await outbox.say(
        tx,
        person.id,
        "receipt",
        now=now,
        buttons=buttons.in_ticket(),
        number=number,
        answer_by=values.moment(due),
        hours=values.hours(),
    )
    if desk is not None:
        await threads.show(tx, await threads.known(tx, number), now=now)
    if question.text is None:
        await _carry_question(tx, number, question, now=now)
    return number


async def _carry_question(tx: Transaction, number: int, question: Question, *, now: datetime) -> None:
    """What was asked is no text: it follows its card, all parts of an album with it."""
    parts = [question]
    if question.album is not None:
        parts = [question, *await questions.of_album(tx, question.person_id, question.album)]
    for part in sorted(parts, key=lambda each: each.message_id):
        await questions.change(tx, part.id, ticket_id=number)
        said = Utterance(None, part.message_id, part.album)
        await _carry_to_desk(tx, number, said, now=now, rank=Class.CARD)


async def relay(tx: Transaction, person: Person, utterance: Utterance, *, now: datetime) -> bool:
    """Carry a requester's message to the desk; false where their ticket was resolved meanwhile."""
    number = person.ticket
    if number is None or not await rows.change_if(tx, number, _UNRESOLVED, requester_id=person.id):
        return False
    await _carry_to_desk(tx, number, utterance, now=now)
    if await rows.note_if_before(tx, number, now - NOTE_EVERY, now):
        await outbox.say(tx, person.id, "passed_on", now=now, buttons=buttons.in_ticket(), number=number)
    return True


async def _carry_to_desk(
    tx: Transaction, number: int, utterance: Utterance, *, now: datetime, rank: Class = Class.RELAY
) -> None:
    copy = Copy(number, utterance.message_id)
    batch_key, due_at = await _album(tx, f"desk:{number}", utterance.album, now)
    key = f"carried:{number}:{utterance.message_id}"
    await outbox.put(
        tx, copy, now=now, rank=rank, ticket=number, batch_key=batch_key, edit_key=key, due_at=due_at
    )


async def _album(
    tx: Transaction, to: str, album: str | None, now: datetime
) -> tuple[str | None, datetime | None]:
    if album is None:
        return None, None
    key = f"{to}:{album}"
    await outbox.postpone(tx, key, now + ALBUM)
    return key, now + ALBUM


async def answer(
    tx: Transaction,
    ticket: Ticket,
    consultant: Person,
    utterance: Utterance,
    *,
    now: datetime,
    once: bool = False,
) -> None:
    """Carry a consultant's message to the requester. Who writes in an unclaimed ticket's thread takes it.

    `once`: a button said so, which may be pressed again.
    """
    if once and await rows.other_side(tx, ticket.number, desk_message=utterance.message_id):
        return
    if ticket.state is TicketState.NEW:
        await claim(tx, ticket.number, consultant, now=now, told=False)
    elif ticket.state is TicketState.RESOLVED and not await _has_open(tx, ticket.requester_id):
        await _reopen(tx, ticket.number, now=now)
    if ticket.requester_id is None:
        undelivered = Say("not_delivered_erased", reply_to=utterance.message_id)
        await outbox.put(tx, undelivered, now=now, rank=Class.RELAY, ticket=ticket.number)
        return
    if await rows.first_answer(tx, ticket.number, now):
        await counters.count(tx, now.date(), "ticket_answered", ticket.language)
    batch_key, due_at = await _album(tx, f"person:{ticket.requester_id}", utterance.album, now)
    await outbox.put(
        tx,
        Copy(ticket.number, utterance.message_id),
        now=now,
        rank=Class.RELAY,
        person=ticket.requester_id,
        batch_key=batch_key,
        edit_key=f"answered:{ticket.number}:{utterance.message_id}",
        due_at=due_at,
    )


async def claim(
    tx: Transaction, number: int, consultant: Person, *, now: datetime, told: bool = True
) -> None:
    """Give an unclaimed ticket to the consultant who asked first.

    Raises:
        TakenAlready: somebody was faster.
    """
    free = await rows.claim_if_free(tx, number, consultant.id, now)
    ticket = await threads.known(tx, number)
    if ticket.state is TicketState.RESOLVED:
        raise TicketGone(number=number)
    if not free:
        raise TakenAlready(number=number)
    if told and ticket.requester_id is not None:
        await outbox.say(tx, ticket.requester_id, "ticket_taken", now=now, number=number)
    await threads.refresh(tx, number, now=now)


async def release(tx: Transaction, number: int, *, now: datetime) -> None:
    """Give a claimed ticket back to the queue."""
    new = {"state": TicketState.NEW, "assignee_id": None, "claimed_at": None}
    if not await rows.change_if(tx, number, (TicketState.OPEN,), **new):
        raise TicketGone(number=number)
    await threads.refresh(tx, number, now=now)


async def resolve(tx: Transaction, number: int, *, now: datetime) -> None:
    """Close a ticket; its requester is told, and what they type next is a question again."""
    resolved = {"state": TicketState.RESOLVED, "resolved_at": now}
    if not await rows.change_if(tx, number, _UNRESOLVED, **resolved):
        raise TicketGone(number=number)
    ticket = await threads.known(tx, number)
    await counters.count(tx, now.date(), "ticket_resolved", ticket.language)
    if ticket.requester_id is not None:
        await people.change(tx, ticket.requester_id, prompt=None)
        await outbox.say(
            tx, ticket.requester_id, "ticket_resolved", now=now, buttons=buttons.EXITS, number=number
        )
    await threads.refresh(tx, number, now=now)


async def _reopen(tx: Transaction, number: int, *, now: datetime) -> None:
    """Open again what was resolved; where its desk is gone, it is shown at the one that there is now."""
    again = {"state": TicketState.OPEN, "resolved_at": None}
    if not await rows.change_if(tx, number, (TicketState.RESOLVED,), **again):
        return
    ticket = await threads.known(tx, number)
    group = await group_rows.by_id(tx, ticket.group_id) if ticket.group_id is not None else None
    if group is not None and group.desk:
        await threads.refresh(tx, number, now=now)
        return
    desk = await group_rows.desk(tx)
    await rows.change(tx, number, group_id=desk.id if desk else None, thread_id=None, card_id=None)
    if desk is not None:
        await threads.show_again(tx, await threads.known(tx, number), now=now)


async def _has_open(tx: Transaction, requester_id: int | None) -> bool:
    """A person has one open ticket at a time: what they write must not have two ways to go."""
    if requester_id is None:
        return False
    return any(each.state is not TicketState.RESOLVED for each in await rows.of(tx, requester_id))


async def add(tx: Transaction, person: Person, number: int, question: Question, *, now: datetime) -> None:
    """A message typed after the ticket was resolved belongs to it: the ticket is open again."""
    ticket = await rows.by_number(tx, number)
    if ticket is None or ticket.requester_id != person.id or question.ticket_id is not None:
        raise TicketGone(number=number)
    if person.ticket not in (None, number):
        raise TicketGone(number=number)  # one open ticket a person: theirs is another by now
    await _reopen(tx, number, now=now)
    await questions.change(tx, question.id, ticket_id=number)
    await _carry_to_desk(tx, number, Utterance(question.text, question.message_id), now=now)
    await outbox.say(tx, person.id, "ticket_reopened", now=now, buttons=buttons.in_ticket(), number=number)


async def erase(tx: Transaction, person: Person, *, now: datetime) -> None:
    """Their requester is erased: what they asked goes from the tickets and from the cards at the desk."""
    gone = {"requester_id": None, "question": None, "nearest": "", "region": None, "municipality": None}
    for ticket in await rows.of(tx, person.id):
        closed = {} if ticket.resolved_at else {"state": TicketState.RESOLVED, "resolved_at": now}
        await rows.change(tx, ticket.number, **gone, **closed)
        if ticket.thread_id is not None:  # also where the card is on its way
            await threads.refresh(tx, ticket.number, now=now)
            await threads.refresh_rest(tx, ticket.number, now=now)
        await rows.forget_shown(tx, ticket.number)
        await rows.forget_carried(tx, ticket.number)


async def place_known(tx: Transaction, person: Person, *, now: datetime) -> None:
    """The requester said where they write from: the card shows it."""
    if person.ticket is None:
        return
    await rows.change(tx, person.ticket, region=person.region, municipality=person.municipality)
    await threads.refresh(tx, person.ticket, now=now, renamed=False)


async def ask_bot(tx: Transaction, person: Person, *, now: datetime) -> None:
    """The way out of an open ticket: the next message is a question for the knowledge base."""
    if person.ticket is None:
        await outbox.say(tx, person.id, "menu", now=now, buttons=buttons.menu())
        return
    await people.change(tx, person.id, prompt=Prompt.QUESTION)
    await outbox.say(tx, person.id, "ask_bot", now=now, buttons=((buttons.MENU,),), number=person.ticket)


async def mend_at_desk(tx: Transaction, person: Person, message_id: int, text: str, *, now: datetime) -> None:
    """A requester edited a message: its copy at the desk, or the question on the card, is edited too."""
    if person.ticket is None:
        return
    other = await rows.other_side(tx, person.ticket, person_message=message_id)
    if other is not None:
        edit = Edit("plain", {"text": text}, message_id=other[1])
        await outbox.put(
            tx,
            edit,
            now=now,
            rank=Class.EDIT,
            ticket=person.ticket,
            edit_key=f"desk:{person.ticket}:{message_id}",
        )
    elif await questions.reword(tx, person.id, message_id, text, ticket=person.ticket):
        await rows.change(tx, person.ticket, question=text)
        await threads.refresh(tx, person.ticket, now=now, renamed=False)
        await threads.refresh_rest(tx, person.ticket, now=now)


async def mend_at_person(
    tx: Transaction, ticket: Ticket, message_id: int, text: str, *, now: datetime
) -> None:
    """A consultant edited a message: its copy at the requester is edited too."""
    other = await rows.other_side(tx, ticket.number, desk_message=message_id)
    if other is None or ticket.requester_id is None:
        return
    edit = Edit("plain", {"text": text}, message_id=other[1])
    key = f"person:{ticket.number}:{message_id}"
    await outbox.put(tx, edit, now=now, rank=Class.RELAY, person=ticket.requester_id, edit_key=key)
