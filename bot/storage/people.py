"""Rows of people and invitations."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update

from bot.model import Person, Prompt, Role, TicketState
from bot.storage.database import Transaction, insert_new
from bot.storage.seal import vault_of
from bot.storage.tables import invites, people, questions, rsvps, subscriptions, tickets

_COLUMNS = (
    people.c.id,
    people.c.telegram,
    people.c.language,
    people.c.guessed,
    people.c.region,
    people.c.municipality,
    people.c.place_asked,
    people.c.role,
    people.c.prompt,
    people.c.unreachable_at,
    people.c.leaving_at,
    tickets.c.id.label("ticket"),
    tickets.c.resolved_at,
)
_SELECT = (
    select(*_COLUMNS)
    .select_from(people.outerjoin(tickets, tickets.c.requester_id == people.c.id))
    .order_by(case((tickets.c.state == TicketState.RESOLVED, 1), else_=0), tickets.c.resolved_at.desc())
    .limit(1)
)


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        telegram=row.telegram,
        language=row.language,
        guessed=row.guessed,
        region=row.region,
        municipality=row.municipality,
        place_asked=row.place_asked,
        role=Role(row.role) if row.role else None,
        prompt=Prompt(row.prompt) if row.prompt else None,
        unreachable=row.unreachable_at is not None,
        leaving=row.leaving_at is not None,
        ticket=row.ticket if row.resolved_at is None else None,
        resolved_ticket=row.ticket if row.resolved_at is not None else None,
        resolved_at=row.resolved_at,
    )


_BY_FINGERPRINT = _SELECT.where(people.c.fingerprint == bindparam("fingerprint"))


async def by_telegram(tx: Transaction, telegram: int) -> Person | None:
    fingerprint = vault_of(tx.dialect).fingerprint("person", telegram)
    row = (await tx.execute(_BY_FINGERPRINT, {"fingerprint": fingerprint})).first()
    return _person(row) if row else None


async def by_id(tx: Transaction, person_id: int) -> Person | None:
    row = (await tx.execute(_SELECT.where(people.c.id == person_id))).first()
    return _person(row) if row else None


async def create(tx: Transaction, telegram: int, now: datetime) -> Person:
    fingerprint = vault_of(tx.dialect).fingerprint("person", telegram)
    row = {"telegram": telegram, "fingerprint": fingerprint, "place_asked": False, "joined_at": now}
    await insert_new(tx, people, [row])
    person = await by_telegram(tx, telegram)
    if person is None:
        raise LookupError("a person that was just created")
    return person


async def change(tx: Transaction, person_id: int, **columns: Any) -> None:
    await tx.execute(update(people).where(people.c.id == person_id).values(**columns))


async def ids_with_role(tx: Transaction, role: Role) -> list[int]:
    query = (
        select(people.c.id).where(people.c.role == role, people.c.leaving_at.is_(None)).order_by(people.c.id)
    )
    return list((await tx.scalars(query)).all())


async def remove_leaving(tx: Transaction, person_id: int) -> None:
    """Erase a person and all that is theirs, unless they came back while the farewell was on its way."""
    await tx.execute(delete(people).where(people.c.id == person_id, people.c.leaving_at.is_not(None)))


async def add_invite(tx: Transaction, payload: str, role: Role, expires_at: datetime) -> None:
    fingerprint = vault_of(tx.dialect).fingerprint("invite", payload)
    await tx.execute(insert(invites).values(fingerprint=fingerprint, role=role, expires_at=expires_at))


async def use_invite(tx: Transaction, payload: str, now: datetime) -> Role | None:
    """The role of an invitation that is used up by this; none if it is not valid."""
    fingerprint = vault_of(tx.dialect).fingerprint("invite", payload)
    valid = (
        (invites.c.fingerprint == fingerprint) & invites.c.used_at.is_(None) & (invites.c.expires_at > now)
    )
    used = update(invites).where(valid).values(used_at=now).returning(invites.c.role)
    role = (await tx.execute(used)).scalar()
    return Role(role) if role else None


async def leave(tx: Transaction, person_id: int, now: datetime) -> None:
    """Keep nothing but the address for the farewell; tickets lose their link."""
    await tx.execute(delete(questions).where(questions.c.person_id == person_id))
    await tx.execute(delete(subscriptions).where(subscriptions.c.person_id == person_id))
    await tx.execute(delete(rsvps).where(rsvps.c.person_id == person_id))
    await tx.execute(update(tickets).where(tickets.c.requester_id == person_id).values(requester_id=None))
    await change(tx, person_id, leaving_at=now, role=None, region=None, municipality=None, prompt=None)


async def stay(tx: Transaction, person_id: int) -> None:
    """Who writes again before the farewell went out is not erased."""
    await change(tx, person_id, leaving_at=None, place_asked=False)
