"""Whoever writes to the hotline: known by as little as possible, erased on demand."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import buttons, outbox, rsvps, tickets, values
from bot.errors import InvitationInvalid, NothingHere
from bot.model import Person, Role
from bot.places import MUNICIPALITIES, REGION_OF
from bot.storage import Transaction, events, questions
from bot.storage import outbox as outbox_rows
from bot.storage import people as rows
from bot.storage import tickets as ticket_rows

_POWER: Final = (Role.CONSULTANT, Role.EDITOR, Role.ADMIN)
INVITE_HOLDS: Final = timedelta(days=7)


async def meet(tx: Transaction, telegram: int, *, now: datetime) -> Person:
    """The person of a Telegram account, new or known."""
    return await rows.create(tx, telegram, now)


async def back(tx: Transaction, person: Person) -> Person:
    """Who had stopped the bot, or was about to be erased, writes again."""
    if person.leaving:
        await rows.stay(tx, person.id)
        person = replace(person, leaving=False)
    await rows.change(tx, person.id, unreachable_at=None)
    return replace(person, unreachable=False)


async def welcome(tx: Transaction, person: Person, *, now: datetime) -> None:
    """`/start` without a payload: the language first, asked in all of them at once."""
    if person.language is None:
        await outbox.say(tx, person.id, "choose_language", now=now, buttons=buttons.languages())
    else:
        await outbox.say(tx, person.id, "welcome", now=now, buttons=buttons.menu())


async def menu(tx: Transaction, person: Person, *, now: datetime) -> None:
    await rows.change(tx, person.id, prompt=None)
    await outbox.say(tx, person.id, "menu", now=now, buttons=buttons.menu())


async def invite(tx: Transaction, role: Role, *, now: datetime) -> str:
    """A one-time `/start` payload that gives a role; valid for seven days."""
    payload = f"invite-{secrets.token_urlsafe(24)}"
    await rows.add_invite(tx, payload, role, now + INVITE_HOLDS)
    return payload


async def accept_invite(tx: Transaction, person: Person, payload: str, *, now: datetime) -> None:
    """Give the role of an invitation.

    Raises:
        InvitationInvalid: it has been used or has expired.
    """
    role = await rows.use_invite(tx, payload, now)
    if role is None:
        raise InvitationInvalid
    if person.role is not None and _POWER.index(person.role) > _POWER.index(role):
        role = person.role  # who may do more already does not lose it
    await rows.change(tx, person.id, role=role)
    role_name = values.term(f"role_{role}")
    await outbox.say(tx, person.id, "invite_accepted", now=now, buttons=((buttons.MENU,),), role=role_name)


async def choose_region(tx: Transaction, person: Person, region: str, *, now: datetime) -> None:
    if region not in MUNICIPALITIES:
        raise NothingHere
    person = replace(person, region=region, municipality=None)
    await rows.change(tx, person.id, region=region, municipality=None)
    if MUNICIPALITIES[region]:
        municipalities = buttons.municipalities(MUNICIPALITIES[region])
        await outbox.say(tx, person.id, "ask_municipality", now=now, buttons=municipalities)
    else:
        await _place_kept(tx, person, now=now)


async def choose_municipality(tx: Transaction, person: Person, municipality: str, *, now: datetime) -> None:
    if municipality not in REGION_OF:
        raise NothingHere
    person = replace(person, region=REGION_OF[municipality], municipality=municipality)
    await rows.change(tx, person.id, region=person.region, municipality=municipality)
    await _place_kept(tx, person, now=now)


async def _place_kept(tx: Transaction, person: Person, *, now: datetime) -> None:
    await tickets.place_known(tx, person, now=now)
    await outbox.say(tx, person.id, "place_kept", now=now, buttons=buttons.EXITS)


async def skip_place(tx: Transaction, person: Person, *, now: datetime) -> None:
    if person.region is not None:  # the region was given, the municipality was not
        await tickets.place_known(tx, person, now=now)
    await outbox.say(tx, person.id, "place_skipped", now=now, buttons=buttons.EXITS)


async def show_held(tx: Transaction, person: Person, *, now: datetime) -> None:
    """`/mydata`: all that is held about a person."""
    followed = sorted(await events.topics(tx, person.id))
    held = await events.held_by(tx, person.id, after=now)
    language = f"language_{person.speaks}" if person.speaks else "none_held"
    await outbox.say(
        tx,
        person.id,
        "mydata",
        now=now,
        buttons=((buttons.FORGET,), (buttons.MENU,)),
        language=values.term(language),
        place=values.place(person.region, person.municipality),
        topics=values.terms([f"topic_{each}" for each in followed], none="none_held"),
        questions=await questions.count(tx, person.id),
        ticket=", ".join(f"#{each.number}" for each in await ticket_rows.of(tx, person.id))
        or values.term("none_held"),
        events=values.titles([event.title for event in held], none="none_held"),
        role=values.term(f"role_{person.role}" if person.role else "none_held"),
    )


async def ask_forget(tx: Transaction, person: Person, *, now: datetime) -> None:
    await outbox.say(tx, person.id, "forget_ask", now=now, buttons=buttons.forget())


async def forget(tx: Transaction, person: Person, *, now: datetime) -> None:
    """Erase: nothing pending is sent, links to tickets are cut; the row goes once the farewell is out."""
    await outbox_rows.cancel(tx, person.id)
    await tickets.erase(tx, person, now=now)
    await rsvps.cancel_all(tx, person, now=now)
    await outbox.say(tx, person.id, "farewell", now=now)
    await rows.leave(tx, person.id, now)
