"""The persons and the desk that newcomers meet on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.groups import ALL_RIGHTS

if TYPE_CHECKING:
    from bot.sandbox.driver import Person
    from bot.sandbox.groups import Group
    from bot.sandbox.sandbox import Sandbox

PEOPLE = {
    "nino": ("ნინო", "ka"),
    "aysel": ("Aysel", "az"),
    "ani": ("Անի", "hy"),
    "levan": ("ლევანი", "ka"),
    "tamar": ("თამარი", "ka"),
    "giorgi": ("გიორგი", "ka"),
    "zaza": ("ზაზა", "ka"),
}
DESK = "Desk"


@dataclass(frozen=True)
class Demo:
    """Three who ask, two consultants, an admin, a stranger, and the consultants' forum group."""

    nino: Person
    aysel: Person
    ani: Person
    levan: Person
    tamar: Person
    giorgi: Person
    zaza: Person
    desk: Group


async def prepare_demo(sandbox: Sandbox) -> Demo:
    """The cast of the page: made in a new world, else found in the one that was kept."""
    known = {person.user.json.get("username"): person for person in sandbox.persons()}
    cast = {
        username: known.get(username) or sandbox.person(name, language_code=language, username=username)
        for username, (name, language) in PEOPLE.items()
    }
    desk = next((group for group in sandbox.groups() if group.title == DESK), None)
    if desk is None:
        staff = [cast["levan"], cast["tamar"], cast["zaza"]]
        desk = sandbox.group(DESK, forum=True, owner=cast["giorgi"], members=staff)
        await desk.adds_bot(by=cast["giorgi"], rights=ALL_RIGHTS)
    return Demo(**cast, desk=desk)
