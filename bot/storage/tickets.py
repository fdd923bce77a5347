"""Rows of tickets and of the messages carried for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.model import Ticket, TicketState
from bot.storage.database import Transaction, insert_one
from bot.storage.tables import deliveries, outbox, tickets


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(
        id=row.id,
        requester_id=row.requester_id,
        language=row.language,
        region=row.region,
        municipality=row.municipality,
        category=row.category,
        nearest=tuple(row.nearest.split()),
        question=row.question,
        state=TicketState(row.state),
        assignee_id=row.assignee_id,
        group_id=row.group_id,
        thread_id=row.thread_id,
        card_id=row.card_id,
        resolved_at=row.resolved_at,
    )


async def create(tx: Transaction, **columns: Any) -> int:
    """Write a new ticket; its number is its id."""
    return await insert_one(tx, tickets, {"state": TicketState.NEW} | columns)


async def by_number(tx: Transaction, number: int) -> Ticket | None:
    row = (await tx.execute(select(tickets).where(tickets.c.id == number))).first()
    return _ticket(row) if row else None


async def by_thread(tx: Transaction, group_id: int, thread_id: int) -> Ticket | None:
    query = select(tickets).where(tickets.c.group_id == group_id, tickets.c.thread_id == thread_id)
    row = (await tx.execute(query)).first()
    return _ticket(row) if row else None


async def of(tx: Transaction, requester_id: int) -> list[Ticket]:
    """All tickets that are linked to a person."""
    query = select(tickets).where(tickets.c.requester_id == requester_id).order_by(tickets.c.id)
    return [_ticket(row) for row in await tx.execute(query)]


async def change_if(tx: Transaction, number: int, states: Sequence[TicketState], **columns: Any) -> bool:
    """Change a ticket that is in one of these states; say whether it was."""
    where = (tickets.c.id == number) & tickets.c.state.in_(states)
    return (await tx.execute(update(tickets).where(where).values(**columns))).rowcount == 1


async def claim_if_free(tx: Transaction, number: int, assignee_id: int, now: datetime) -> bool:
    """Give an unclaimed ticket to a consultant; say whether it was free."""
    where = (tickets.c.id == number) & (tickets.c.state == TicketState.NEW)
    values = {"state": TicketState.OPEN, "assignee_id": assignee_id, "claimed_at": now}
    return (await tx.execute(update(tickets).where(where).values(values))).rowcount == 1


async def change(tx: Transaction, number: int, **columns: Any) -> None:
    await tx.execute(update(tickets).where(tickets.c.id == number).values(**columns))


async def first_answer(tx: Transaction, number: int, now: datetime) -> bool:
    """Note the first message of a consultant; say whether it was the first."""
    where = (tickets.c.id == number) & tickets.c.answered_at.is_(None)
    return (await tx.execute(update(tickets).where(where).values(answered_at=now))).rowcount == 1


async def note_if_before(tx: Transaction, number: int, moment: datetime, now: datetime) -> bool:
    """Claim the right to tell the requester again that messages are passed on; not before `moment`."""
    fresh = tickets.c.noted_at.is_(None) | (tickets.c.noted_at < moment)
    where = (tickets.c.id == number) & fresh
    return (await tx.execute(update(tickets).where(where).values(noted_at=now))).rowcount == 1


async def without_desk(tx: Transaction) -> list[Ticket]:
    """Unresolved tickets that no desk has."""
    query = select(tickets).where(tickets.c.group_id.is_(None), tickets.c.state != TicketState.RESOLVED)
    return [_ticket(row) for row in await tx.execute(query.order_by(tickets.c.id))]


async def leave_desk(tx: Transaction, group_id: int) -> None:
    """Unresolved tickets of this group wait for another desk."""
    where = (tickets.c.group_id == group_id) & (tickets.c.state != TicketState.RESOLVED)
    await tx.execute(update(tickets).where(where).values(group_id=None, thread_id=None, card_id=None))


async def lose_thread(tx: Transaction, number: int) -> bool:
    """Forget the thread of a ticket; say whether it had one."""
    where = (tickets.c.id == number) & tickets.c.thread_id.is_not(None)
    return (await tx.execute(update(tickets).where(where).values(thread_id=None, card_id=None))).rowcount == 1


async def shown(tx: Transaction, number: int, edit_key: str) -> int | None:
    """Message id of what was sent with this key to the thread there is now; none before it is sent."""
    mine = (outbox.c.edit_key == edit_key) | (outbox.c.call == "open_thread")  # which has no message id
    query = select(outbox.c.message_id).where(outbox.c.ticket_id == number, mine)
    found: int | None = await tx.scalar(query.order_by(outbox.c.id.desc()).limit(1))
    return found


async def forget_shown(tx: Transaction, number: int) -> None:
    """Empty what was sent to the thread: it holds what the requester wrote."""
    sent = outbox.c.sent_at.is_not(None) | outbox.c.failed_at.is_not(None)
    await tx.execute(update(outbox).where(outbox.c.ticket_id == number, sent).values(body=None))


async def forget_carried(tx: Transaction, number: int) -> None:
    """Forget which messages were carried: nobody is there any more to edit or to quote them."""
    await tx.execute(delete(deliveries).where(deliveries.c.ticket_id == number))


async def expire(tx: Transaction, resolved_before: datetime) -> None:
    """Erase texts, the link to the requester and message ids of tickets resolved before a moment."""
    old = tickets.c.resolved_at < resolved_before
    held = tickets.c.question.is_not(None) | tickets.c.requester_id.is_not(None)
    await tx.execute(delete(deliveries).where(deliveries.c.ticket_id.in_(select(tickets.c.id).where(old))))
    await tx.execute(update(tickets).where(old, held).values(question=None, requester_id=None))


async def delivered(
    tx: Transaction, number: int, *, to_desk: bool, person_message: int, desk_message: int, now: datetime
) -> None:
    row = {
        "ticket_id": number,
        "to_desk": to_desk,
        "person_message_id": person_message,
        "desk_message_id": desk_message,
        "delivered_at": now,
    }
    await tx.execute(insert(deliveries).values(row))


async def other_side(
    tx: Transaction, number: int, *, person_message: int | None = None, desk_message: int | None = None
) -> tuple[bool, int] | None:
    """Whether a carried message went to the desk, and its id on the other side."""
    mine, theirs = (
        (deliveries.c.person_message_id, deliveries.c.desk_message_id)
        if desk_message is None
        else (deliveries.c.desk_message_id, deliveries.c.person_message_id)
    )
    value = person_message if desk_message is None else desk_message
    query = (
        select(deliveries.c.to_desk, theirs)
        .where(deliveries.c.ticket_id == number, mine == value)
        .order_by(deliveries.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row else None


async def carried_to_desk(tx: Transaction, number: int) -> list[int]:
    """Message ids, in the requester's chat, of what was carried to the thread: to rebuild a lost one."""
    query = (
        select(deliveries.c.person_message_id)
        .where(deliveries.c.ticket_id == number, deliveries.c.to_desk)
        .order_by(deliveries.c.id)
    )
    return list(dict.fromkeys((await tx.scalars(query)).all()))  # each once, however often it was rebuilt
