"""Questions in human hands: opened by who asks, claimed, answered and resolved at the desk."""

from datetime import datetime, timedelta
from typing import Final

from bot import buttons, outbox, values
from bot.config import Hours
from bot.entries import Knowledge
from bot.errors import TakenAlready, TicketGone
from bot.languages import DEFAULT
from bot.model import (
    Buttons,
    Class,
    Copy,
    Edit,
    OpenThread,
    Person,
    Prompt,
    Question,
    RenameThread,
    Say,
    Ticket,
    TicketState,
    Utterance,
)
from bot.storage import Transaction, counters, people, questions
from bot.storage import groups as group_rows
from bot.storage import outbox as outbox_rows
from bot.storage import tickets as rows
from bot.targets import answer_due

# Telegram gives the parts of an album one by one; they leave together so long after the last.
ALBUM: Final = timedelta(seconds=1)
# In a lively talk the note "passed on" would be noise; delivery itself is shown by a reaction.
NOTE_EVERY: Final = timedelta(minutes=10)
# A card holds the beginning of a question; Telegram's limit for the whole is 4096 characters.
CARD_QUESTION: Final = 3000
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
        await _show_at_desk(tx, await _known(tx, number), now=now)
    if question.text is None:
        await _carry_to_desk(tx, number, Utterance(None, question.message_id), now=now)
    return number


async def _known(tx: Transaction, number: int) -> Ticket:
    ticket = await rows.by_number(tx, number)
    if ticket is None:
        raise TicketGone(number=number)
    return ticket


async def _show_at_desk(tx: Transaction, ticket: Ticket, *, now: datetime) -> None:
    """A ticket costs the desk two calls: its thread, and its card with the question in it."""
    name = OpenThread("thread_name", _name_values(ticket))
    await outbox.put(tx, name, now=now, rank=Class.CARD, ticket=ticket.id)
    card = Say("card", _card_values(ticket), _card_buttons(ticket))
    await outbox.put(tx, card, now=now, rank=Class.CARD, ticket=ticket.id)
    if rest := _halves(ticket.question or "")[1]:
        await outbox.put(tx, Say("plain", {"text": rest}), now=now, rank=Class.CARD, ticket=ticket.id)


def _halves(question: str) -> tuple[str, str]:
    """What the card holds and the rest. Telegram counts in UTF-16 units, of which an emoji has two."""
    units = question.encode("utf-16-le", "surrogatepass")
    head = units[: CARD_QUESTION * 2].decode("utf-16-le", "ignore")
    return head, question[len(head) :]


def _name_values(ticket: Ticket) -> dict[str, object]:
    return {
        "number": ticket.number,
        "language": ticket.language,
        "category": values.category(ticket.category),
        "state": values.term(f"state_{ticket.state}"),
    }


def _card_values(ticket: Ticket) -> dict[str, object]:
    question = _halves(ticket.question)[0] if ticket.question else values.term("card_no_text")
    return {
        **_name_values(ticket),
        "language": values.term(f"language_{ticket.language}"),
        "place": values.place(ticket.region, ticket.municipality),
        "question": question,
        "matches": values.lines(
            "card_match", [{"title": values.entry(each)} for each in ticket.nearest], head="card_matches"
        ),
    }


def _card_buttons(ticket: Ticket) -> Buttons:
    if ticket.state is TicketState.RESOLVED:
        return ()
    return buttons.card(ticket.number, taken=ticket.state is TicketState.OPEN)


async def _refresh_at_desk(tx: Transaction, number: int, *, now: datetime, renamed: bool = True) -> None:
    ticket = await _known(tx, number)
    edit = Edit("card", _card_values(ticket), _card_buttons(ticket))
    await outbox.put(tx, edit, now=now, rank=Class.EDIT, ticket=number, edit_key=f"card:{number}")
    if renamed:
        name = RenameThread("thread_name", _name_values(ticket))
        await outbox.put(tx, name, now=now, rank=Class.EDIT, ticket=number, edit_key=f"thread:{number}")


async def relay(tx: Transaction, person: Person, utterance: Utterance, *, now: datetime) -> bool:
    """Carry a requester's message to the desk; false where their ticket was resolved meanwhile."""
    number = person.ticket
    if number is None or not await rows.change_if(tx, number, _UNRESOLVED, requester_id=person.id):
        return False
    await _carry_to_desk(tx, number, utterance, now=now)
    if await rows.note_if_before(tx, number, now - NOTE_EVERY, now):
        await outbox.say(tx, person.id, "passed_on", now=now, buttons=buttons.in_ticket(), number=number)
    return True


async def _carry_to_desk(tx: Transaction, number: int, utterance: Utterance, *, now: datetime) -> None:
    copy = Copy(number, utterance.message_id)
    batch_key, due_at = await _album(tx, f"desk:{number}", utterance.album, now)
    await outbox.put(tx, copy, now=now, rank=Class.RELAY, ticket=number, batch_key=batch_key, due_at=due_at)


async def _album(
    tx: Transaction, to: str, album: str | None, now: datetime
) -> tuple[str | None, datetime | None]:
    if album is None:
        return None, None
    key = f"{to}:{album}"
    await outbox.postpone(tx, key, now + ALBUM)
    return key, now + ALBUM


async def answer(
    tx: Transaction, ticket: Ticket, consultant: Person, utterance: Utterance, *, now: datetime
) -> None:
    """Carry a consultant's message to the requester. Who writes in an unclaimed ticket's thread takes it."""
    if ticket.state is TicketState.NEW:
        await claim(tx, ticket.number, consultant, now=now, told=False)
    elif ticket.state is TicketState.RESOLVED:
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
        due_at=due_at,
    )


async def claim(
    tx: Transaction, number: int, consultant: Person, *, now: datetime, told: bool = True
) -> None:
    """Give an unclaimed ticket to the consultant who asked first.

    Raises:
        TakenAlready: somebody was faster.
    """
    if not await rows.claim_if_free(tx, number, consultant.id, now):
        raise TakenAlready(number=number)
    ticket = await _known(tx, number)
    if told and ticket.requester_id is not None:
        await outbox.say(tx, ticket.requester_id, "ticket_taken", now=now, number=number)
    await _refresh_at_desk(tx, number, now=now)


async def release(tx: Transaction, number: int, *, now: datetime) -> None:
    """Give a claimed ticket back to the queue."""
    new = {"state": TicketState.NEW, "assignee_id": None, "claimed_at": None}
    if not await rows.change_if(tx, number, (TicketState.OPEN,), **new):
        raise TicketGone(number=number)
    await _refresh_at_desk(tx, number, now=now)


async def resolve(tx: Transaction, number: int, *, now: datetime) -> None:
    """Close a ticket; its requester is told, and what they type next is a question again."""
    resolved = {"state": TicketState.RESOLVED, "resolved_at": now}
    if not await rows.change_if(tx, number, _UNRESOLVED, **resolved):
        raise TicketGone(number=number)
    ticket = await _known(tx, number)
    await counters.count(tx, now.date(), "ticket_resolved", ticket.language)
    if ticket.requester_id is not None:
        await people.change(tx, ticket.requester_id, prompt=None)
        await outbox.say(
            tx, ticket.requester_id, "ticket_resolved", now=now, buttons=(buttons.EXITS,), number=number
        )
    await _refresh_at_desk(tx, number, now=now)


async def _reopen(tx: Transaction, number: int, *, now: datetime) -> None:
    again = {"state": TicketState.OPEN, "resolved_at": None}
    if await rows.change_if(tx, number, (TicketState.RESOLVED,), **again):
        await _refresh_at_desk(tx, number, now=now)


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


async def place_known(tx: Transaction, person: Person, *, now: datetime) -> None:
    """The requester said where they write from: the card shows it."""
    if person.ticket is None:
        return
    await rows.change(tx, person.ticket, region=person.region, municipality=person.municipality)
    await _refresh_at_desk(tx, person.ticket, now=now, renamed=False)


async def ask_bot(tx: Transaction, person: Person, *, now: datetime) -> None:
    """The way out of an open ticket: the next message is a question for the knowledge base."""
    if person.ticket is None:
        await outbox.say(tx, person.id, "menu", now=now, buttons=buttons.menu())
        return
    await people.change(tx, person.id, prompt=Prompt.QUESTION)
    await outbox.say(tx, person.id, "ask_bot", now=now, buttons=((buttons.MENU,),), number=person.ticket)


async def find_desk(tx: Transaction, group_id: int, *, now: datetime) -> None:
    """A desk was accepted: tickets that waited for one get their threads."""
    for ticket in await rows.without_desk(tx):
        await rows.change(tx, ticket.number, group_id=group_id)
        await _show_again(tx, ticket, now=now)


async def lose_desk(tx: Transaction, group_id: int, *, now: datetime) -> None:
    """The desk is out of reach: open tickets wait for another one, and admins are told."""
    await outbox_rows.cancel_shown(tx, group_id)
    await rows.leave_desk(tx, group_id)
    await outbox.tell_admins(tx, "admin_desk_lost", now=now)


async def rebuild_thread(tx: Transaction, number: int, *, now: datetime) -> None:
    """The thread is gone: make it again."""
    if await rows.lose_thread(tx, number):
        await _show_again(tx, await _known(tx, number), now=now)


async def _show_again(tx: Transaction, ticket: Ticket, *, now: datetime) -> None:
    """A new thread with the card and with what was carried to the old one."""
    await _show_at_desk(tx, ticket, now=now)
    for message_id in await rows.carried_to_desk(tx, ticket.number):
        copy = Copy(ticket.number, message_id)
        await outbox.put(tx, copy, now=now, rank=Class.CARD, ticket=ticket.number)


async def waits_for_desk(tx: Transaction, number: int) -> bool:
    return (await _known(tx, number)).group_id is None


async def mend_at_desk(tx: Transaction, person: Person, message_id: int, text: str, *, now: datetime) -> None:
    """A requester edited a message: its copy at the desk, or the question on the card, is edited too."""
    if person.ticket is None:
        return
    other = await rows.other_side(tx, person.ticket, person_message=message_id)
    if other is not None:
        edit = Edit("plain", {"text": text}, message_id=other[1])
        await outbox.put(
            tx, edit, now=now, rank=Class.EDIT, ticket=person.ticket, edit_key=f"desk:{message_id}"
        )
    elif await questions.reword(tx, person.id, message_id, text, ticket=person.ticket):
        await rows.change(tx, person.ticket, question=text)
        await _refresh_at_desk(tx, person.ticket, now=now, renamed=False)


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
