"""What was not answered well: listed for the staff, without any identity."""

import re
from datetime import datetime
from typing import Final

from bot import buttons, outbox, values
from bot.model import Person
from bot.storage import Transaction
from bot.storage import questions as rows

GAPS_SHOWN: Final = 30
GAPS_A_MESSAGE: Final = 10
GAP_LENGTH: Final = 300
_IDENTIFYING: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail addresses
    r"|(?:https?://|www\.)\S+"
    r"|(?:[\w-]+\.)+[a-z]{2,}/\S*"  # pages and profiles
    r"|@\w{3,}"  # user names
    r"|\+?\d(?:[\s().-]{0,3}\d){5,}"  # telephone, document and account numbers
)


async def show(tx: Transaction, person: Person, *, now: datetime) -> None:
    """Show, for `/gaps`, what was not answered well, newest first, without any identity."""
    found = [
        {"day": values.day(at), "language": language or "?", "text": mask(text)[:GAP_LENGTH]}
        for text, language, at in await rows.gaps(tx, limit=GAPS_SHOWN)
    ]
    if not found:
        await outbox.say(tx, person.id, "gaps_none", now=now, buttons=((buttons.MENU,),))
        return
    await outbox.say(tx, person.id, "gaps", now=now)
    for start in range(0, len(found), GAPS_A_MESSAGE):
        lines = values.lines("gaps_row", found[start : start + GAPS_A_MESSAGE])
        await outbox.say(tx, person.id, "gaps_rows", now=now, buttons=((buttons.MENU,),), rows=lines)


def mask(text: str) -> str:
    """Telephone and document numbers, addresses and user names become three dots."""
    return _IDENTIFYING.sub("…", text)
