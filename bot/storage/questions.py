"""Rows of questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.model import Question, QuestionOutcome, Utterance
from bot.storage.database import Transaction, insert_one
from bot.storage.tables import questions


def _question(row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        person_id=row.person_id,
        text=row.text,
        message_id=row.message_id,
        album=row.album,
        language=row.language,
        outcome=QuestionOutcome(row.outcome),
        nearest=tuple(row.nearest.split()),
        ticket_id=row.ticket_id,
    )


async def create(
    tx: Transaction,
    person_id: int,
    utterance: Utterance,
    *,
    language: str | None,
    outcome: QuestionOutcome,
    entry: str | None = None,
    nearest: Sequence[str] = (),
    now: datetime,
) -> int:
    """Write a question; what was not answered is a gap from the start."""
    row = {
        "person_id": person_id,
        "text": utterance.text,
        "message_id": utterance.message_id,
        "album": utterance.album,
        "language": language,
        "outcome": outcome,
        "entry_id": entry,
        "nearest": " ".join(nearest),
        "gap": outcome is QuestionOutcome.UNANSWERED and utterance.text is not None,
        "asked_at": now,
    }
    return await insert_one(tx, questions, row)


async def mine(tx: Transaction, question_id: int, person_id: int) -> Question | None:
    query = select(questions).where(questions.c.id == question_id, questions.c.person_id == person_id)
    row = (await tx.execute(query)).first()
    return _question(row) if row else None


async def latest(tx: Transaction, person_id: int, *, since: datetime) -> Question | None:
    """The person's newest question that no ticket has and that was not answered to their satisfaction."""
    query = (
        select(questions)
        .where(
            questions.c.person_id == person_id,
            questions.c.asked_at >= since,
            questions.c.outcome != QuestionOutcome.UNCONFIRMED,
        )
        .order_by(questions.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return _question(row) if row and row.ticket_id is None and row.outcome != QuestionOutcome.HELPED else None


async def change(tx: Transaction, question_id: int, **columns: Any) -> None:
    await tx.execute(update(questions).where(questions.c.id == question_id).values(**columns))


async def waiting(tx: Transaction, person_id: int, *, since: datetime) -> list[Question]:
    """Questions that wait for the person to choose a language, oldest first."""
    query = (
        select(questions)
        .where(
            questions.c.person_id == person_id,
            questions.c.outcome == QuestionOutcome.WAITING,
            questions.c.asked_at >= since,
        )
        .order_by(questions.c.id)
    )
    return [_question(row) for row in await tx.execute(query)]


async def of_album(tx: Transaction, person_id: int, album: str) -> list[Question]:
    """The parts of an album that no ticket has yet, in order."""
    query = select(questions).where(
        questions.c.person_id == person_id, questions.c.album == album, questions.c.ticket_id.is_(None)
    )
    return [_question(row) for row in await tx.execute(query.order_by(questions.c.id))]


async def unconfirmed(tx: Transaction, person_id: int, message_id: int) -> Question | None:
    """The contact card that this person was asked about and has not confirmed yet."""
    query = select(questions).where(
        questions.c.person_id == person_id,
        questions.c.message_id == message_id,
        questions.c.outcome == QuestionOutcome.UNCONFIRMED,
    )
    row = (await tx.execute(query)).first()
    return _question(row) if row else None


async def reword(tx: Transaction, person_id: int, message_id: int, text: str, *, ticket: int) -> bool:
    """The person edited the question that a ticket was opened with; say whether it was that one."""
    where = (questions.c.person_id == person_id) & (questions.c.message_id == message_id)
    statement = update(questions).where(where, questions.c.ticket_id == ticket).values(text=text)
    return (await tx.execute(statement)).rowcount == 1


async def count(tx: Transaction, person_id: int) -> int:
    query = select(func.count()).select_from(questions).where(questions.c.person_id == person_id)
    return int(await tx.scalar(query) or 0)


async def gaps(tx: Transaction, *, limit: int) -> list[tuple[str, str | None, datetime]]:
    """Text, language and moment of what was not answered well, newest first."""
    query = (
        select(questions.c.text, questions.c.language, questions.c.asked_at)
        .where(questions.c.gap, questions.c.text.is_not(None))
        .order_by(questions.c.id.desc())
        .limit(limit)
    )
    return [(row.text, row.language, row.asked_at) for row in await tx.execute(query)]


async def remove_before(tx: Transaction, moment: datetime) -> None:
    await tx.execute(delete(questions).where(questions.c.asked_at < moment))
