from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal_column, select
from sqlalchemy.exc import StatementError

from bot.model import QuestionOutcome, Utterance
from bot.storage import Database, Transaction, events, groups, inbox, outbox, people, questions, tickets
from bot.storage import tables as all_tables
from bot.storage.inbox import Received
from bot.storage.seal import Vault
from tests.storage.conftest import Do
from tests.storage.given import KEY, NOW, call, event, persons, ticket

SECRET = "ჩემი უფროსი ხელფასს არ მიხდის"
PHONE = "599123456"
ACCOUNT, CHAT = 7_101_202_303, -1_001_202_303_404
EVERYTHING = st.text(st.characters())  # lone surrogates too
FAST = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(EVERYTHING)
def test_what_is_sealed_can_be_opened(text: str) -> None:
    vault = Vault(KEY)
    assert vault.open(vault.seal(text)) == text
    assert vault.seal(text) != vault.seal(text)


@given(st.integers(), st.integers())
def test_fingerprints_differ_as_their_values_do(one: int, other: int) -> None:
    vault = Vault(KEY)
    assert (vault.fingerprint("person", one) == vault.fingerprint("person", other)) == (one == other)
    assert vault.fingerprint("person", one) != vault.fingerprint("group", one)
    assert vault.fingerprint("person", one) != Vault(bytes(32)).fingerprint("person", one)


@given(st.integers(), st.none() | st.integers())
def test_lane_fits_a_column_and_is_the_same_in_every_worker(chat: int, thread: int | None) -> None:
    assert 0 <= Vault(KEY).lane(chat, thread) < 2**63
    assert Vault(KEY).lane(chat, thread) == Vault(KEY).lane(chat, thread)


async def fill(tx: Transaction) -> None:
    """A row in every table that holds something of a person."""
    person = await people.create(tx, ACCOUNT, NOW)
    group = await groups.enter(tx, CHAT, leave_at=None)
    number = await ticket(tx, person, question=SECRET, group_id=group.id, thread_id=5)
    utterance = Utterance(SECRET, 11)
    unanswered = {"language": "ka", "outcome": QuestionOutcome.UNANSWERED, "entry": None, "nearest": ()}
    await questions.create(tx, person.id, utterance, **unanswered, now=NOW)
    await call(tx, ticket_id=number, body={"text": "plain", "values": {"text": SECRET, "phone": PHONE}})
    await inbox.store(tx, [Received(42, 1, 3, f'{{"text": "{SECRET}", "id": {ACCOUNT}}}')], NOW)


async def held(database: Database) -> bytes:
    """All that the tables hold, as who has no key sees it."""
    everything = literal_column("*")  # without their types: sealed columns stay sealed
    async with database.read() as tx:
        rows = [
            row
            for table in all_tables.metadata.sorted_tables
            for row in await tx.execute(select(everything).select_from(table))
        ]
    values = (value for row in rows for value in row)
    return b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


async def test_nothing_of_a_person_is_held_in_clear(database: Database, tmp_path) -> None:
    await database.write(fill)
    found = await held(database) + b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"plain" not in found
    for secret in (SECRET, PHONE, str(ACCOUNT), str(CHAT)):
        assert secret.encode() not in found
    for secret in (ACCOUNT, CHAT):
        assert secret.to_bytes(8, "big", signed=True) not in found


async def test_holder_of_the_key_reads_it_back(database: Database) -> None:
    await database.write(fill)
    async with database.read() as tx:
        person = await people.by_telegram(tx, ACCOUNT)
        assert person is not None
        assert person.telegram == ACCOUNT
        group = await groups.by_chat(tx, CHAT)
        assert group is not None
        assert group.chat == CHAT
        found = await tickets.by_number(tx, 1)
        assert found is not None
        assert found.question == SECRET
        assert (await questions.gaps(tx, limit=1)) == [(SECRET, "ka", NOW)]
        [call_] = await outbox.pending(tx, NOW, busy_people=(), busy_groups=(), bulk_from=9, limit=9)
        assert (call_.chat, call_.body["values"]["phone"]) == (CHAT, PHONE)
        [received] = await inbox.waiting(tx, 42)
        assert SECRET in received.payload


async def test_another_key_finds_and_reads_nothing(database: Database, url: str) -> None:
    await database.write(fill)
    async with Database(url, Vault(bytes(32))) as stranger, stranger.read() as tx:
        assert await people.by_telegram(tx, ACCOUNT) is None
        assert await groups.by_chat(tx, CHAT) is None
        for column in (
            all_tables.people.c.telegram,
            all_tables.groups.c.chat,
            all_tables.tickets.c.question,
            all_tables.questions.c.text,
            all_tables.outbox.c.body,
            all_tables.inbox.c.payload,
        ):
            with pytest.raises(InvalidTag):
                (await tx.execute(select(column))).all()


@FAST
@given(
    body=st.dictionaries(
        st.text(), st.recursive(st.none() | st.booleans() | st.integers() | EVERYTHING, st.lists)
    )
)
async def test_sealed_data_comes_back_as_it_was(database: Database, body: dict[str, Any]) -> None:
    await database.write(lambda tx: call(tx, body=body))
    async with database.read() as tx:
        newest = select(all_tables.outbox.c.body).order_by(all_tables.outbox.c.id.desc()).limit(1)
        assert await tx.scalar(newest) == body


@FAST
@given(
    moment=st.datetimes(
        datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds and adds the zones
        datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14))),
    )
)
async def test_moments_come_back_exactly_and_in_utc(database: Database, moment: datetime) -> None:
    async def through(tx: Transaction) -> datetime:
        found = await events.by_id(tx, await events.create(tx, event(starts_at=moment), published_at=None))
        assert found is not None
        return found.starts_at

    found = await database.write(through)
    assert found == moment
    assert found.tzinfo is UTC or found.utcoffset() == timedelta()


async def test_moments_are_ordered_and_compared(database: Database, do: Do) -> None:
    await do(persons, 3)
    tbilisi = timezone(timedelta(hours=4))
    for person, moment in (
        (1, NOW),
        (2, NOW - timedelta(microseconds=1)),
        (3, NOW.astimezone(tbilisi) + timedelta(1)),
    ):
        await do(people.change, person, leaving_at=moment)
    column = all_tables.people.c.leaving_at
    async with database.read() as tx:
        query = select(all_tables.people.c.id).where(column <= NOW.astimezone(tbilisi)).order_by(column)
        assert list(await tx.scalars(query)) == [2, 1]


async def test_time_without_a_zone_is_refused(do: Do) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        await do(people.create, 501, datetime(2026, 11, 24, 9, 30))  # noqa: DTZ001 - what the test is about
    assert await do(people.by_telegram, 501) is None
