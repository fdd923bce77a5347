"""Rows of the groups the bot is in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.model import Group
from bot.storage.database import Transaction, insert_new
from bot.storage.seal import vault_of
from bot.storage.tables import groups, tickets


def _group(row: Row[Any]) -> Group:
    reactions = None if row.reactions is None else tuple(row.reactions.split())
    return Group(id=row.id, chat=row.chat, reactions=reactions, desk=row.desk_at is not None)


async def by_chat(tx: Transaction, chat: int) -> Group | None:
    fingerprint = vault_of(tx.dialect).fingerprint("group", chat)
    query = select(groups).where(groups.c.fingerprint == fingerprint, groups.c.left_at.is_(None))
    row = (await tx.execute(query)).first()
    return _group(row) if row else None


async def by_id(tx: Transaction, group_id: int) -> Group | None:
    query = select(groups).where(groups.c.id == group_id, groups.c.left_at.is_(None))
    row = (await tx.execute(query)).first()
    return _group(row) if row else None


async def desk(tx: Transaction) -> Group | None:
    """The desk; of several, the one accepted last."""
    query = select(groups).where(groups.c.desk_at.is_not(None), groups.c.left_at.is_(None))
    row = (await tx.execute(query.order_by(groups.c.desk_at.desc()).limit(1))).first()
    return _group(row) if row else None


async def enter(tx: Transaction, chat: int, *, leave_at: datetime | None) -> Group:
    """The group of this chat, made if it is new; one that was left counts as new."""
    fingerprint = vault_of(tx.dialect).fingerprint("group", chat)
    await insert_new(tx, groups, [{"chat": chat, "fingerprint": fingerprint, "leave_at": leave_at}])
    again = (groups.c.fingerprint == fingerprint) & groups.c.left_at.is_not(None)
    await tx.execute(update(groups).where(again).values(left_at=None, desk_at=None, leave_at=leave_at))
    group = await by_chat(tx, chat)
    if group is None:
        raise LookupError("a group that was just entered")
    return group


async def change(tx: Transaction, group_id: int, **columns: Any) -> None:
    await tx.execute(update(groups).where(groups.c.id == group_id).values(**columns))


async def move(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """A group became a supergroup: it has a new id. If we met it there already, the two become one."""
    vault = vault_of(tx.dialect)
    fingerprint = vault.fingerprint("group", new_chat)
    old = await _row(tx, vault.fingerprint("group", old_chat))
    met = await _row(tx, fingerprint)
    if old is None:
        return
    if met is None:
        await change(tx, old.id, chat=new_chat, fingerprint=fingerprint)
        return
    await tx.execute(update(tickets).where(tickets.c.group_id == old.id).values(group_id=met.id))
    if old.desk_at is not None and met.desk_at is None:
        await change(tx, met.id, desk_at=old.desk_at, reactions=old.reactions, leave_at=None, left_at=None)
    await tx.execute(delete(groups).where(groups.c.id == old.id))


async def _row(tx: Transaction, fingerprint: bytes) -> Row[Any] | None:
    return (await tx.execute(select(groups).where(groups.c.fingerprint == fingerprint))).first()


async def due_to_leave(tx: Transaction, now: datetime) -> list[int]:
    where = (groups.c.leave_at <= now) & groups.c.desk_at.is_(None) & groups.c.left_at.is_(None)
    return list((await tx.scalars(select(groups.c.id).where(where))).all())
