"""A question goes into human hands, on the side of who asks: the ticket, the place, a contact card."""

from datetime import datetime, timedelta
from typing import Final

from bot import buttons, outbox, tickets
from bot.config import Hours
from bot.entries import Knowledge
from bot.errors import NothingHere, TicketGone
from bot.model import Person, Prompt, QuestionOutcome, Utterance
from bot.places import REGIONS
from bot.storage import Transaction, people
from bot.storage import questions as rows

# A question is in hand (for a consultant, on one tap) so long after it was asked.
IN_HAND: Final = timedelta(days=1)
NONE_IN_HAND: Final = 0  # no question has this id


async def open_ticket(
    tx: Transaction,
    person: Person,
    question_id: int | None,
    *,
    knowledge: Knowledge,
    hours: Hours,
    now: datetime,
) -> None:
    """*Ask a person*: opens a ticket with the question in hand, else the next message does."""
    if person.ticket is not None:
        await outbox.say(
            tx, person.id, "ticket_already_open", now=now, buttons=buttons.in_ticket(), number=person.ticket
        )
        return
    question = (
        await rows.latest(tx, person.id, since=now - IN_HAND)
        if question_id is None
        else await rows.mine(tx, question_id, person.id)
    )
    if question is None or question.ticket_id is not None:
        await people.change(tx, person.id, prompt=Prompt.TICKET)
        await outbox.say(tx, person.id, "ask_for_ticket", now=now, buttons=((buttons.MENU,),))
        return
    await tickets.open_(tx, person, question, knowledge=knowledge, hours=hours, now=now)
    if not person.place_asked and person.region is None:
        await people.change(tx, person.id, place_asked=True)
        await outbox.say(tx, person.id, "ask_region", now=now, buttons=buttons.regions(REGIONS))


async def belongs(tx: Transaction, person: Person, number: int, question_id: int, *, now: datetime) -> None:
    """*This belongs to #12*, said of a question typed after the ticket was resolved."""
    question = await rows.mine(tx, question_id, person.id)
    if question is None:
        raise TicketGone(number=number)
    await tickets.add(tx, person, number, question, now=now)


async def ask_to_confirm(tx: Transaction, person: Person, utterance: Utterance, *, now: datetime) -> None:
    """A contact card shows a name and a number: the person is asked before anybody sees it."""
    kind = QuestionOutcome.UNCONFIRMED
    await rows.create(tx, person.id, utterance, language=person.speaks, outcome=kind, now=now)
    sure = buttons.contact(utterance.message_id)
    await outbox.say(tx, person.id, "confirm_contact", now=now, buttons=sure)


async def confirm(
    tx: Transaction, person: Person, message_id: int, *, knowledge: Knowledge, hours: Hours, now: datetime
) -> None:
    """The card goes to the consultants, with an open ticket or a new one.

    Raises:
        NothingHere: nothing was asked about it, or it was confirmed before.
    """
    card = await rows.unconfirmed(tx, person.id, message_id)
    if card is None:
        raise NothingHere
    await rows.change(tx, card.id, outcome=QuestionOutcome.ASKED)
    if await tickets.relay(tx, person, Utterance(None, message_id), now=now):
        await rows.change(tx, card.id, ticket_id=person.ticket)
    else:
        await open_ticket(tx, person, card.id, knowledge=knowledge, hours=hours, now=now)
