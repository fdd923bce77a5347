from typing import Any

from bot.model import QuestionOutcome, Utterance
from bot.storage import Database, Transaction, questions
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, column, persons, ticket

ANSWERED, UNANSWERED = QuestionOutcome.ANSWERED, QuestionOutcome.UNANSWERED


async def ask(tx: Transaction, person_id: int, text: str | None = "?", **changed: Any) -> int:
    plain = {"language": "ka", "outcome": ANSWERED, "entry": None, "nearest": (), "now": NOW}
    return await questions.create(tx, person_id, Utterance(text, 11), **plain | changed)


async def test_question_is_found_by_who_asked_it_only(do: Do) -> None:
    nino, aysel = await do(persons, 2)
    asked = await do(ask, nino.id, "როგორ?", entry="petition", nearest=("petition", "grant-tax"))
    found = await do(questions.mine, asked, nino.id)
    assert (found.text, found.message_id, found.language, found.outcome) == ("როგორ?", 11, "ka", ANSWERED)
    assert found.nearest == ("petition", "grant-tax")
    assert found.ticket_id is None
    assert await do(questions.mine, asked, aysel.id) is None
    assert await do(questions.mine, asked + 1, nino.id) is None


async def test_question_in_hand_is_the_newest_that_is_still_open(do: Do) -> None:
    [nino, aysel] = await do(persons, 2)
    assert await do(questions.latest, nino.id, since=NOW) is None
    first = await do(ask, nino.id)
    await do(ask, aysel.id)
    assert (await do(questions.latest, nino.id, since=NOW)).id == first
    assert await do(questions.latest, nino.id, since=NOW + HOUR) is None
    second = await do(ask, nino.id)
    assert (await do(questions.latest, nino.id, since=NOW)).id == second
    await do(questions.change, second, outcome=QuestionOutcome.HELPED)
    assert await do(questions.latest, nino.id, since=NOW) is None
    third = await do(ask, nino.id, None)
    assert (await do(questions.latest, nino.id, since=NOW)).text is None
    await do(questions.change, third, ticket_id=await do(ticket, nino))
    assert await do(questions.latest, nino.id, since=NOW) is None


async def test_edit_changes_the_question_that_the_ticket_was_opened_with(do: Do) -> None:
    [nino, aysel] = await do(persons, 2)
    number = await do(ticket, nino)
    asked = await do(ask, nino.id, "before")
    assert not await do(questions.reword, nino.id, 11, "after", ticket=number)
    await do(questions.change, asked, ticket_id=number)
    assert not await do(questions.reword, nino.id, 12, "after", ticket=number)
    assert not await do(questions.reword, aysel.id, 11, "after", ticket=number)
    assert await do(questions.reword, nino.id, 11, "after", ticket=number)
    assert (await do(questions.mine, asked, nino.id)).text == "after"


async def test_gaps_are_what_was_not_answered_newest_first(do: Do) -> None:
    [nino] = await do(persons, 1)
    await do(ask, nino.id, "one", outcome=UNANSWERED, now=NOW)
    await do(ask, nino.id, "answered")
    await do(ask, nino.id, None, outcome=UNANSWERED)
    await do(ask, nino.id, "two", outcome=UNANSWERED, language=None, now=NOW + HOUR)
    not_helped = await do(ask, nino.id, "three")
    await do(questions.change, not_helped, gap=True)
    assert await do(questions.gaps, limit=9) == [
        ("three", "ka", NOW),
        ("two", None, NOW + HOUR),
        ("one", "ka", NOW),
    ]
    assert [gap[0] for gap in await do(questions.gaps, limit=2)] == ["three", "two"]


async def test_old_questions_are_removed(database: Database, do: Do) -> None:
    nino, aysel = await do(persons, 2)
    for moment in (NOW - DAY, NOW, NOW + DAY):
        await do(ask, nino.id, now=moment)
    await do(ask, aysel.id)
    assert await do(questions.count, nino.id) == 3
    await do(questions.remove_before, NOW)
    assert await do(questions.count, nino.id) == 2
    assert await column(database, "questions.id") == [2, 3, 4]
