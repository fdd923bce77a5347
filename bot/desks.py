"""Groups the bot is in: one becomes the consultants' desk, others are left."""

from datetime import datetime, timedelta

from bot import buttons, outbox, threads, values
from bot.errors import StaffOnly
from bot.model import Class, LeaveGroup, Person, Role, Say, Ticket
from bot.storage import Database, Transaction
from bot.storage import groups as rows
from bot.storage import outbox as outbox_rows


async def entered(tx: Transaction, chat: int, *, leave_after: timedelta, now: datetime) -> None:
    """The bot was added to a group: it says what it waits for."""
    group = await rows.enter(tx, chat, leave_at=now + leave_after)
    if not group.desk:
        await outbox.put(tx, Say("group_hello"), now=now, rank=Class.ANSWER, group=group.id)


async def thrown_out(tx: Transaction, chat: int, *, now: datetime) -> None:
    """The bot was removed: tickets of this desk wait for another."""
    group = await rows.by_chat(tx, chat)
    if group is None:
        return
    await rows.change(tx, group.id, left_at=now, desk_at=None)
    if group.desk:
        await threads.lose_desk(tx, group.id, now=now)


async def accept(
    tx: Transaction,
    person: Person,
    chat: int,
    *,
    missing: str | None,
    reactions: tuple[str, ...] | None,
    leave_after: timedelta,
    now: datetime,
) -> None:
    """`/desk`, sent by an admin: this group is the desk.

    `missing` names the right that we lack there, or the text that says why it cannot be the desk.
    """
    group = await rows.enter(tx, chat, leave_at=now + leave_after)
    if person.role is not Role.ADMIN:
        await outbox.put(tx, Say("desk_not_admin"), now=now, rank=Class.ANSWER, group=group.id)
        return
    if missing in {"desk_not_forum", "desk_not_asked"}:
        await outbox.put(tx, Say(missing), now=now, rank=Class.ANSWER, group=group.id)
        return
    if missing is not None:
        lacks = Say("desk_no_rights", {"rights": values.term(missing)})
        await outbox.put(tx, lacks, now=now, rank=Class.ANSWER, group=group.id)
        return
    allowed = None if reactions is None else " ".join(reactions)
    await rows.change(tx, group.id, desk_at=now, leave_at=None, reactions=allowed)
    await outbox_rows.stay(tx, group.id)
    await outbox.put(tx, Say("desk_accepted"), now=now, rank=Class.ANSWER, group=group.id)
    await threads.find_desk(tx, group.id, now=now)


async def refuse(tx: Transaction, ticket: Ticket, text: str, *, reply_to: int, now: datetime) -> None:
    """Tell somebody at the desk that their message was not carried, in the thread where they wrote."""
    say = Say(text, reply_to=reply_to)
    await outbox.put(tx, say, now=now, rank=Class.RELAY, ticket=ticket.id)


async def confirm_contact(tx: Transaction, ticket: Ticket, message_id: int, *, now: datetime) -> None:
    """A consultant's contact card, too, is carried only after they confirmed it."""
    ask = Say("confirm_contact", buttons=buttons.contact(message_id), reply_to=message_id)
    await outbox.put(tx, ask, now=now, rank=Class.RELAY, ticket=ticket.id)


def staff(person: Person) -> Person:
    """The person, if they are on the staff.

    Raises:
        StaffOnly: they are not.
    """
    if not person.staff:
        raise StaffOnly
    return person


async def leave_unclaimed(database: Database, *, now: datetime) -> None:
    """Leave groups that nobody made the desk in time."""
    async with database.read() as tx:
        due = await rows.due_to_leave(tx, now)
    if not due:
        return

    async def work(tx: Transaction) -> None:
        for group_id in await rows.due_to_leave(tx, now):
            await rows.change(tx, group_id, leave_at=None)
            await outbox.put(tx, LeaveGroup(), now=now, rank=Class.EDIT, group=group_id)

    await database.write(work)
