"""Rows of the outbox, with the addresses they go to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, insert, or_, select, update

from bot.model import Class
from bot.storage.database import Transaction
from bot.storage.tables import groups, outbox, people, tickets

_requester = people.alias("requester")
# The chat a row goes to; rows of one chat leave one after the other.
_CHAT_GROUP = func.coalesce(outbox.c.group_id, tickets.c.group_id)
_JOIN = (
    outbox.outerjoin(people, people.c.id == outbox.c.person_id)
    .outerjoin(tickets, tickets.c.id == outbox.c.ticket_id)
    .outerjoin(groups, groups.c.id == _CHAT_GROUP)
    .outerjoin(_requester, _requester.c.id == tickets.c.requester_id)
)


@dataclass(frozen=True)
class Row:
    """One call waiting to be sent, with its address."""

    id: int
    rank: int
    person_id: int | None
    ticket_id: int | None
    group_id: int | None  # of the chat it goes to
    call: str
    body: dict[str, Any]
    batch_key: str | None
    due_at: datetime
    chat: int | None  # Telegram's id of the person or the group
    language: str | None  # of the person
    leaving: bool
    thread_id: int | None
    card_id: int | None
    requester_chat: int | None
    reactions: str | None

    @property
    def chat_key(self) -> tuple[str, int]:
        return ("person", self.person_id) if self.person_id is not None else ("group", self.group_id or 0)

    @property
    def counts(self) -> bool:
        """Whether Telegram counts it among what a chat gets: reactions are free."""
        return self.call != "react"


_COLUMNS = (
    outbox.c.id,
    outbox.c["class"],
    outbox.c.person_id,
    outbox.c.ticket_id,
    _CHAT_GROUP.label("group_id"),
    outbox.c.call,
    outbox.c.body,
    outbox.c.batch_key,
    outbox.c.due_at,
    people.c.telegram,
    people.c.language,
    people.c.guessed,
    people.c.leaving_at,
    groups.c.chat,
    groups.c.reactions,
    tickets.c.thread_id,
    tickets.c.card_id,
    _requester.c.telegram.label("requester_chat"),
)
_PENDING = outbox.c.sent_at.is_(None) & outbox.c.failed_at.is_(None)
# Rows of a ticket wait for its desk and, all but the one that opens it, for its thread.
_READY = or_(
    outbox.c.ticket_id.is_(None),
    and_(
        tickets.c.group_id.is_not(None), or_(tickets.c.thread_id.is_not(None), outbox.c.call == "open_thread")
    ),
)


_WRITE = insert(outbox)


async def write(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    await tx.execute(_WRITE, rows)


async def last(tx: Transaction, person_id: int) -> tuple[str, dict[str, Any]] | None:
    """Name and body of what a person was sent, or will be, last."""
    query = select(outbox.c.call, outbox.c.body).where(outbox.c.person_id == person_id)
    row = (await tx.execute(query.order_by(outbox.c.id.desc()).limit(1))).one_or_none()
    return (row.call, row.body) if row is not None and row.body is not None else None


async def replace_edit(tx: Transaction, edit_key: str) -> None:
    """Drop an unsent edit: a newer one of the same message is about to be written."""
    await tx.execute(delete(outbox).where(_PENDING, outbox.c.edit_key == edit_key))


async def pending(
    tx: Transaction,
    now: datetime,
    *,
    busy_people: Collection[int],
    busy_groups: Collection[int],
    full_groups: Collection[int] = (),
    bulk_from: int,
    limit: int,
) -> list[Row]:
    """What can be sent: by class, then in the order it was written.

    Chats that are busy are left out, and classes from `bulk_from` on; full groups get reactions only. Rows of
    albums are there before they are due, so that what follows them waits.
    """
    held = {"busy_people": busy_people, "busy_groups": busy_groups, "full_groups": full_groups}
    values = {name: list(chats) for name, chats in held.items() if chats}
    found = await tx.execute(
        _pending(frozenset(values)), values | {"now": now, "bulk_from": bulk_from, "limit": limit}
    )
    return [_row(row) for row in found]


@cache
def _pending(held: frozenset[str]) -> Select[Any]:
    """The query with these lists of chats; made once, for making it costs more than running it."""
    query = (
        select(*_COLUMNS)
        .select_from(_JOIN)
        .where(
            _PENDING,
            _READY,
            or_(outbox.c.due_at <= bindparam("now"), outbox.c.batch_key.is_not(None)),
            outbox.c["class"] < bindparam("bulk_from"),
        )
        .order_by(outbox.c["class"], outbox.c.id)
        .limit(bindparam("limit"))
    )
    if "busy_people" in held:
        people_held: Any = bindparam("busy_people", expanding=True)
        query = query.where(or_(outbox.c.person_id.is_(None), outbox.c.person_id.not_in(people_held)))
    if "busy_groups" in held:
        groups_held: Any = bindparam("busy_groups", expanding=True)
        query = query.where(or_(_CHAT_GROUP.is_(None), _CHAT_GROUP.not_in(groups_held)))
    if "full_groups" in held:
        full: Any = bindparam("full_groups", expanding=True)
        reaction = outbox.c.call == "react"
        query = query.where(or_(_CHAT_GROUP.is_(None), _CHAT_GROUP.not_in(full), reaction))
    return query


def _row(row: Any) -> Row:
    return Row(
        id=row.id,
        rank=row[1],
        person_id=row.person_id,
        ticket_id=row.ticket_id,
        group_id=row.group_id,
        call=row.call,
        body=row.body or {},
        batch_key=row.batch_key,
        due_at=row.due_at,
        chat=row.telegram if row.person_id is not None else row.chat,
        language=row.language or row.guessed,
        leaving=row.leaving_at is not None,
        thread_id=row.thread_id,
        card_id=row.card_id,
        requester_chat=row.requester_chat,
        reactions=row.reactions,
    )


async def batch(tx: Transaction, batch_key: str) -> list[Row]:
    """All rows that leave together, in order."""
    query = select(*_COLUMNS).select_from(_JOIN).where(_PENDING, outbox.c.batch_key == batch_key)
    return [_row(row) for row in await tx.execute(query.order_by(outbox.c.id))]


async def postpone_batch(tx: Transaction, batch_key: str, due_at: datetime) -> None:
    """One more part of an album came: all parts wait for the next."""
    await tx.execute(update(outbox).where(_PENDING, outbox.c.batch_key == batch_key).values(due_at=due_at))


_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(sent_at=bindparam("now"), message_id=bindparam("message"))
)


async def sent(tx: Transaction, row_id: int, message_id: int | None, now: datetime) -> None:
    await tx.execute(_SENT, {"row": row_id, "now": now, "message": message_id})


async def failed(tx: Transaction, row_id: int, error: str, now: datetime) -> None:
    await tx.execute(update(outbox).where(outbox.c.id == row_id).values(failed_at=now, error=error))


async def tried(tx: Transaction, row_id: int) -> None:
    await tx.execute(update(outbox).where(outbox.c.id == row_id).values(attempts=outbox.c.attempts + 1))


async def cancel(tx: Transaction, person_id: int) -> None:
    """Nothing more is sent to this person, nor carried or shown for them."""
    mine = select(tickets.c.id).where(tickets.c.requester_id == person_id)
    where = (outbox.c.person_id == person_id) | outbox.c.ticket_id.in_(mine)
    await tx.execute(delete(outbox).where(_PENDING, where))


async def announcements(tx: Transaction, person_id: int) -> list[tuple[int, int]]:
    """Row and event of the announcements on their way to this person."""
    query = select(outbox.c.id, outbox.c.body).where(
        _PENDING, outbox.c.person_id == person_id, outbox.c["class"] == Class.BROADCAST
    )
    return [(row.id, int(row.body["event"])) for row in await tx.execute(query)]


async def remove(tx: Transaction, row_id: int) -> None:
    await tx.execute(delete(outbox).where(_PENDING, outbox.c.id == row_id))


async def stay(tx: Transaction, group_id: int) -> None:
    """Do not leave this group after all."""
    await tx.execute(delete(outbox).where(_PENDING, outbox.c.group_id == group_id, outbox.c.call == "leave"))


async def cancel_shown(tx: Transaction, group_id: int) -> None:
    """Cards and the like are not sent to a desk that is lost: the next one gets its own.

    What requesters wrote waits.
    """
    lost = tickets.c.group_id == group_id
    shown = outbox.c["class"].in_((Class.CARD, Class.EDIT))
    mine = outbox.c.ticket_id.in_(select(tickets.c.id).where(lost))
    await tx.execute(delete(outbox).where(_PENDING, shown, mine))


async def remove_before(tx: Transaction, moment: datetime) -> None:
    await tx.execute(delete(outbox).where(outbox.c.sent_at < moment))
    await tx.execute(delete(outbox).where(outbox.c.failed_at < moment))
