"""A ticket at the desk: its thread and its card, shown, refreshed, made again."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot import buttons, outbox, values
from bot.errors import TicketGone
from bot.model import Buttons, Class, Copy, Edit, OpenThread, RenameThread, Say, Ticket, TicketState
from bot.storage import Transaction
from bot.storage import outbox as outbox_rows
from bot.storage import tickets as rows

# A card holds the beginning of a question; Telegram's limit for the whole is 4096 characters.
CARD_QUESTION: Final = 3000


async def known(tx: Transaction, number: int) -> Ticket:
    """The ticket of this number.

    Raises:
        TicketGone: there is none.
    """
    ticket = await rows.by_number(tx, number)
    if ticket is None:
        raise TicketGone(number=number)
    return ticket


async def show(tx: Transaction, ticket: Ticket, *, now: datetime) -> None:
    """A ticket costs the desk two calls: its thread, and its card with the question in it."""
    name = OpenThread("thread_name", _name_values(ticket))
    await outbox.put(tx, name, now=now, rank=Class.CARD, ticket=ticket.id)
    card = Say("card", _card_values(ticket), _card_buttons(ticket))
    await outbox.put(tx, card, now=now, rank=Class.CARD, ticket=ticket.id)
    await _show_rest(tx, ticket, now=now)


async def _show_rest(tx: Transaction, ticket: Ticket, *, now: datetime) -> None:
    """What the card cannot hold of a question follows it."""
    if rest := _halves(ticket.question or "")[1]:
        say = Say("plain", {"text": rest})
        await outbox.put(tx, say, now=now, rank=Class.CARD, ticket=ticket.id, edit_key=_rest_key(ticket))


def _rest_key(ticket: Ticket) -> str:
    return f"rest:{ticket.number}"


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
    nothing = values.term("card_no_text" if ticket.requester_id is not None else "card_erased")
    question = _halves(ticket.question)[0] if ticket.question else nothing
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


async def refresh(tx: Transaction, number: int, *, now: datetime, renamed: bool = True) -> None:
    ticket = await known(tx, number)
    edit = Edit("card", _card_values(ticket), _card_buttons(ticket))
    await outbox.put(tx, edit, now=now, rank=Class.EDIT, ticket=number, edit_key=f"card:{number}")
    if renamed:
        name = RenameThread("thread_name", _name_values(ticket))
        await outbox.put(tx, name, now=now, rank=Class.EDIT, ticket=number, edit_key=f"thread:{number}")


async def refresh_rest(tx: Transaction, number: int, *, now: datetime) -> None:
    """The question is another, or gone: so is what the card could not hold of it."""
    ticket = await known(tx, number)
    standing = await rows.shown(tx, number, _rest_key(ticket)) if ticket.thread_id is not None else None
    if standing is None:
        await outbox_rows.replace_edit(tx, _rest_key(ticket))
        await _show_rest(tx, ticket, now=now)
        return
    rest = _halves(ticket.question or "")[1]
    edit = Edit("plain", {"text": rest}) if rest else Edit("card_erased")
    await outbox.put(
        tx,
        replace(edit, message_id=standing),
        now=now,
        rank=Class.EDIT,
        ticket=number,
        edit_key=f"rest_edited:{number}",
    )


async def find_desk(tx: Transaction, group_id: int, *, now: datetime) -> None:
    """A desk was accepted: tickets that waited for one get their threads."""
    for ticket in await rows.without_desk(tx):
        await rows.change(tx, ticket.number, group_id=group_id)
        await show_again(tx, ticket, now=now)


async def lose_desk(tx: Transaction, group_id: int, *, now: datetime) -> None:
    """The desk is out of reach: open tickets wait for another one, and admins are told."""
    await outbox_rows.cancel_shown(tx, group_id)
    await rows.leave_desk(tx, group_id)
    await outbox.tell_admins(tx, "admin_desk_lost", now=now)


async def rebuild(tx: Transaction, number: int, *, now: datetime) -> None:
    """The thread is gone: make it again."""
    if await rows.lose_thread(tx, number):
        await show_again(tx, await known(tx, number), now=now)


async def show_again(tx: Transaction, ticket: Ticket, *, now: datetime) -> None:
    """A new thread with the card and with what was carried to the old one."""
    await show(tx, ticket, now=now)
    for message_id in await rows.carried_to_desk(tx, ticket.number):
        copy = Copy(ticket.number, message_id)
        await outbox.put(tx, copy, now=now, rank=Class.CARD, ticket=ticket.number)


async def waits(tx: Transaction, number: int) -> bool:
    return (await known(tx, number)).group_id is None
