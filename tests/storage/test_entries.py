import asyncio
from dataclasses import replace

from bot.storage import Database, counters, entries
from bot.storage.entries import LiveEntry
from tests.storage.conftest import Do
from tests.storage.given import DAY, HOUR, NOW, column

PETITION = LiveEntry("petition", "rights", "# en: …\n\n# ka: პეტიცია", "hash-1", edited=False, revision=1)


async def test_saved_entries_are_live_in_order(do: Do) -> None:
    grant = replace(PETITION, id="grant-tax", category="money")
    await do(entries.save, PETITION, author="import", now=NOW)
    await do(entries.save, grant, author="import", now=NOW)
    assert await do(entries.live) == [grant, PETITION]
    changed = replace(PETITION, document="# en: new", edited=True, revision=2)
    await do(entries.save, changed, author="N. B.", now=NOW + HOUR)
    assert await do(entries.live) == [grant, changed]


async def test_every_revision_is_kept_with_its_author(database: Database, do: Do) -> None:
    await do(entries.save, PETITION, author="import", now=NOW)
    changed = replace(PETITION, category="money", document="# en: new", revision=2)
    await do(entries.save, changed, author="N. B.", now=NOW + HOUR)
    assert await do(entries.document, "petition", 1) == ("rights", PETITION.document)
    assert await do(entries.document, "petition", 2) == ("money", "# en: new")
    assert await do(entries.document, "petition", 3) is None
    assert await do(entries.document, "grant-tax", 1) is None
    assert await column(database, "revisions.author") == ["import", "N. B."]


async def test_stamp_changes_with_each_change_and_only_then(do: Do) -> None:
    stamps = [await do(entries.stamp)]
    for entry in (
        PETITION,
        replace(PETITION, revision=2, document="# en: new"),
        replace(PETITION, id="grant-tax"),
        replace(PETITION, revision=3),
        replace(PETITION, id="grant-tax", revision=2, edited=True),
    ):
        await do(entries.save, entry, author="N. B.", now=NOW)
        stamps.append(await do(entries.stamp))
        assert await do(entries.stamp) == stamps[-1]
    assert len(set(stamps)) == len(stamps)


async def test_counters_add_up_by_day_name_and_language(database: Database, do: Do) -> None:
    for _ in range(3):
        await do(counters.count, NOW.date(), "question", "ka")
    for day, name, language in (
        (NOW.date(), "question", "az"),
        (NOW.date(), "ticket_opened", "ka"),
        ((NOW + DAY).date(), "question", "ka"),
    ):
        await do(counters.count, day, name, language)
    today, tomorrow = NOW.date(), (NOW + DAY).date()
    assert await column(database, "counters.day") == [today, today, today, tomorrow]
    names = await column(database, "counters.name")
    languages = await column(database, "counters.language")
    amounts = await column(database, "counters.amount")
    assert list(zip(names, languages, amounts, strict=True)) == [
        ("question", "az", 1),
        ("question", "ka", 3),
        ("ticket_opened", "ka", 1),
        ("question", "ka", 1),
    ]


async def test_counting_at_once_loses_nothing(database: Database, do: Do) -> None:
    await asyncio.gather(*(do(counters.count, NOW.date(), "question", "ka") for _ in range(40)))
    assert await column(database, "counters.amount") == [40]
