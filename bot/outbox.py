"""Everything a person could notice is written here and sent by the courier, never at once."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.model import (
    Announce,
    Answer,
    Button,
    Buttons,
    Call,
    Class,
    Copy,
    Edit,
    LeaveGroup,
    OpenThread,
    React,
    RenameThread,
    Role,
    Say,
)
from bot.storage import Transaction, people
from bot.storage import outbox as rows

CALLS: Final[Mapping[str, type[Any]]] = {
    "say": Say,
    "answer": Answer,
    "announce": Announce,
    "copy": Copy,
    "edit": Edit,
    "react": React,
    "open_thread": OpenThread,
    "rename_thread": RenameThread,
    "leave": LeaveGroup,
}
_NAMES: Final = {kind: name for name, kind in CALLS.items()}


def encode(call: Call) -> tuple[str, dict[str, Any]]:
    """The name and the body under which a row holds a call."""
    return _NAMES[type(call)], dataclasses.asdict(call)


def decode(name: str, body: Mapping[str, Any]) -> Call:
    fields = dict(body)
    if "buttons" in fields:
        fields["buttons"] = tuple(
            tuple(Button(**(each | {"fields": tuple(each["fields"])})) for each in row)
            for row in fields["buttons"]
        )
    call: Call = CALLS[name](**fields)
    return call


async def put(
    tx: Transaction,
    call: Call,
    *,
    now: datetime,
    rank: Class,
    person: int | None = None,
    ticket: int | None = None,
    group: int | None = None,
    due_at: datetime | None = None,
    batch_key: str | None = None,
    edit_key: str | None = None,
) -> None:
    """Write one call, addressed to a person, to the thread of a ticket, or to a group."""
    if edit_key is not None:
        await rows.replace_edit(tx, edit_key)
    name, body = encode(call)
    row = {
        "class": rank,
        "person_id": person,
        "ticket_id": ticket,
        "group_id": group,
        "call": name,
        "body": body,
        "batch_key": batch_key,
        "edit_key": edit_key,
        "due_at": due_at or now,
        "attempts": 0,
    }
    await rows.write(tx, [row])


async def postpone(tx: Transaction, batch_key: str, due_at: datetime) -> None:
    """One more part of an album came: all parts wait for the next."""
    await rows.postpone_batch(tx, batch_key, due_at)


async def say(
    tx: Transaction, person: int, text: str, *, now: datetime, buttons: Buttons = (), **values: Any
) -> None:
    """Answer a person who is in hand."""
    await put(tx, Say(text, values, buttons), now=now, rank=Class.ANSWER, person=person)


async def last(tx: Transaction, person: int) -> Call | None:
    """What a person was told last, if it is still known."""
    found = await rows.last(tx, person)
    return decode(*found) if found else None


async def tell_admins(tx: Transaction, text: str, *, now: datetime, **values: Any) -> None:
    for admin in await people.ids_with_role(tx, Role.ADMIN):
        await say(tx, admin, text, now=now, **values)
