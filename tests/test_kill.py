"""The process is killed in the middle of the work, stopped, started twice or too early: nothing is lost."""

import asyncio
import contextlib
import json
import random
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from bot.sandbox import ALL_RIGHTS, TOKEN, Group, Message, Person, Sandbox
from bot.sandbox.watching import shown, until
from bot.sandbox.world import Chat, Pulse
from bot.storage import Transaction, inbox
from knowledge_base import LANGUAGES
from tests.known import Known, answered
from tests.process import Process, environment, output, running, start
from tests.story import Actor, Story, pattern

PERSONS = 60
REQUESTERS = 12  # of the persons: they open a ticket and go on writing
QUESTIONS = 5  # of each person
WORDS = 5  # messages of each requester in their ticket
REPLIES = 4  # messages of a consultant in each ticket
KILLS = 5
# What the bot sends at the least: choice of language, welcome, answers; receipt, card, what is carried.
MESSAGES = PERSONS * (2 + QUESTIONS) + REQUESTERS * (2 + WORDS + REPLIES)
PATIENCE = 120.0  # seconds for what may have to outlast several starts


class Meter:
    """Counts the messages that the bot sent or changed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.count = 0
        self._pulse = Pulse()
        sandbox.world.on_change.append(self._note)

    def _note(self, _what: str, _chat: Chat, thing: object) -> None:
        if isinstance(thing, Message) and thing.from_bot:
            self.count += 1
            self._pulse.beat()

    async def reaches(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.count < count:
                await self._pulse.wait()


@dataclass
class Lives:
    """The hotline's process, killed and started again; `births`: next message ids of chats at each start."""

    sandbox: Sandbox
    env: dict[str, str]
    process: Process | None = None
    births: list[dict[int, int]] = field(default_factory=list)

    async def begin(self) -> None:
        seen = len(self.sandbox.journal)
        self.process = await start("bot", "run", env=self.env)
        # By the first call of the new process all that the old one had on the wire has arrived.
        await self.sandbox.journal.wait_for(lambda _: len(self.sandbox.journal) > seen, timeout=PATIENCE)
        world = self.sandbox.world
        chats = [*world.groups.values(), *self.sandbox.bot.private_chats.values()]
        self.births.append({chat.id: chat.next_message_id for chat in chats})

    async def kill(self) -> None:
        assert self.process is not None
        await self.process.kill()

    async def stop(self) -> int:
        assert self.process is not None
        return await self.process.stop()


@dataclass
class Town:
    """Everybody of the test, and what each is owed."""

    sandbox: Sandbox
    desk: Group
    giorgi: Person
    levan: Person
    persons: list[Person]
    known: dict[int, list[Known]]
    chance: random.Random


def town(sandbox: Sandbox, chance: random.Random, persons: int, questions: int) -> Town:
    giorgi = sandbox.person("Giorgi", language_code="ka")
    levan = sandbox.person("Levan", language_code="ka")
    everybody: list[Person] = []
    known: dict[int, list[Known]] = {}
    for number in range(persons):
        language = LANGUAGES[number % len(LANGUAGES)]
        person = sandbox.person(f"Person {number}", language_code=language)
        everybody.append(person)
        known[person.id] = list(answered(language, chance))[:questions]
        assert len(known[person.id]) == questions
    desk = sandbox.group("Desk", forum=True, owner=giorgi, members=[levan])
    return Town(sandbox, desk, giorgi, levan, everybody, known, chance)


async def staffed(place: Town, env: dict[str, str]) -> None:
    """Giorgi and Levan join the staff and the group becomes the desk."""
    for person, role in ((place.giorgi, "admin"), (place.levan, "consultant")):
        invitation = (await output("bot", "invite", "--role", role, env=env))[-1]
        await person.says(f"/start {invitation}")
        await person.taps("language:ka", patience=PATIENCE)
        await person.sees(shows("welcome", "ka"), patience=PATIENCE)
    await place.desk.adds_bot(by=place.giorgi, rights=ALL_RIGHTS)
    await place.giorgi.says("/desk", place.desk)
    await place.desk.sees(shows("desk_accepted", "ka"), patience=PATIENCE)


def shows(key: str, language: str, **values: object) -> Callable[[Message], bool]:
    wanted = pattern(key, language, **values)
    return lambda message: message.from_bot and wanted.match(message.text) is not None


def language_of(person: Person) -> str:
    return str(person.user.json["language_code"])


def answers(person: Person, question: Known) -> list[Message]:
    return [each for each in person.chat if each.from_bot and each.text.startswith(question.title)]


async def asks(place: Town, person: Person) -> None:
    """Chooses a language and asks: sometimes the next question before the last is answered."""
    await person.says("/start")
    await person.taps(f"language:{language_of(person)}", patience=PATIENCE)
    for question in place.known[person.id]:
        await person.says(question.text)
        if place.chance.random() < 0.7:
            await person.sees(question.title, patience=PATIENCE)
    for question in place.known[person.id]:
        await person.sees(question.title, patience=PATIENCE)


def word(person: Person, number: int) -> str:
    return f"{person.name} adds document {number}."


def reply(person: Person, number: int) -> str:
    return f"To {person.name}, answer {number}."


async def is_helped(place: Town, person: Person) -> None:
    """Asks the bot, then a consultant, and goes on writing while the consultant answers."""
    await asks(place, person)
    await person.says("/human")
    # The last question is in hand, or the next message opens the ticket.
    receipt = await person.sees(shows("receipt", language_of(person)), patience=PATIENCE)
    number = receipt.text.partition("#")[2]
    digits = "".join(character for character in number[:6] if character.isdigit())
    await asyncio.gather(adds(place, person), helps(place, person, int(digits)))


async def adds(place: Town, person: Person) -> None:
    for number in range(WORDS):
        said = await person.says(word(person, number))
        if place.chance.random() < 0.5:
            await delivered(person.private_chat(), said)


async def helps(place: Town, person: Person, ticket: int) -> None:
    thread = await place.desk.thread(f"#{ticket} ", patience=PATIENCE)
    for number in range(REPLIES):
        said = await place.levan.says(reply(person, number), place.desk, thread=thread.id)
        if place.chance.random() < 0.5:
            await delivered(place.desk.chat, said)


async def delivered(chat: Chat, said: Message) -> None:
    """Wait until a message shows the sign that it was carried."""
    await until(
        chat.pulse,
        lambda: True if said.emoji else None,
        lambda: f"{said.text!r} was not carried",
        PATIENCE,
    )


async def killed_now_and_then(lives: Lives, meter: Meter, chance: random.Random) -> None:
    """Kill at random moments of the work."""
    done = meter.count
    for moment in sorted(chance.sample(range(20, MESSAGES - 20), KILLS)):
        await meter.reaches(done + moment)
        for _ in range(chance.randint(0, 40)):  # not always just after a message
            await asyncio.sleep(0)
        await lives.kill()
        await lives.begin()


def repeated(lives: Lives, chat: Chat, copies: list[list[Message]]) -> None:
    """Each message is there; a second copy is one that was on the wire of this chat at a kill.

    `copies` are, in the order in which they were owed, the messages that carry the same thing.
    """
    assert all(copies), f"missing in {chat.id}: {[index for index, each in enumerate(copies) if not each]}"
    firsts = [each[0].id for each in copies]
    assert firsts == sorted(firsts), f"out of order in {chat.id}"
    cut: list[int] = []
    for each in copies:
        for first, second in pairwise(each):
            between = [
                index
                for index, birth in enumerate(lives.births)
                if first.id < birth.get(chat.id, 1) <= second.id
            ]
            assert between, f"doubled without a kill in {chat.id}: {first.text!r}"
            cut.append(between[0])
    assert len(cut) == len(set(cut)), f"more than one was repeated after one kill in {chat.id}"


async def test_killed_in_the_middle_of_the_work_nothing_is_lost(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    async with Sandbox() as sandbox:
        place = town(sandbox, chance, PERSONS, QUESTIONS)
        env = environment(tmp_path / "hotline.db", token=TOKEN, api_url=sandbox.url)
        lives = Lives(sandbox, env)
        await lives.begin()
        try:
            await staffed(place, env)
            requesters = place.persons[:REQUESTERS]
            work = [asks(place, person) for person in place.persons[REQUESTERS:]]
            work += [is_helped(place, person) for person in requesters]
            await asyncio.gather(*work, killed_now_and_then(lives, Meter(sandbox), chance))
            for person in requesters:
                for said in shown(person.private_chat()):
                    if said.text.startswith(f"{person.name} adds"):
                        await delivered(person.private_chat(), said)
            for said in place.desk.messages:
                if said.text.startswith("To Person") and not said.from_bot:
                    await delivered(place.desk.chat, said)
            await sent_all(sandbox, tmp_path / "hotline.db")
            assert await lives.stop() == 0
        finally:
            if lives.process is not None and lives.process.running:
                await lives.kill()
        assert len(lives.births) == KILLS + 1
        for person in place.persons:
            chat = person.private_chat()
            repeated(lives, chat, [answers(person, each) for each in place.known[person.id]])
        for person in requesters:
            replies = [
                [each for each in person.chat if each.from_bot and each.text == reply(person, number)]
                for number in range(REPLIES)
            ]
            repeated(lives, person.private_chat(), replies)
        carried = [each for each in place.desk.messages if each.from_bot]
        for person in requesters:
            words = [[each for each in carried if each.text == word(person, n)] for n in range(WORDS)]
            assert len({each.thread_id for copies in words for each in copies}) == 1
            assert all(words)
            firsts = [copies[0].id for copies in words]
            assert firsts == sorted(firsts)
        everything = [
            [each for each in carried if each.text == word(person, n)]
            for person in requesters
            for n in range(WORDS)
        ]
        everything.sort(key=lambda copies: copies[0].id)  # threads side by side: the order is each thread's
        repeated(lives, place.desk.chat, everything)
        assert not sandbox.journal.calls("forwardMessage")
    left_in(tmp_path / "hotline.db", tickets=REQUESTERS, questions=PERSONS * QUESTIONS)


async def sent_all(sandbox: Sandbox, database: Path) -> None:
    """Wait until nothing is left to be sent: a thread is renamed after all that people notice first."""
    pulse = Pulse()
    sandbox.world.on_change.append(lambda *_: pulse.beat())
    async with asyncio.timeout(PATIENCE):
        while held(database, "outbox", "sent_at IS NULL AND failed_at IS NULL"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pulse.wait(), 0.2)  # a mark is stored a little after its call


def held(database: Path, table: str, which: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT * FROM {table} WHERE {which}").fetchall()  # noqa: S608 - ours


def left_in(database: Path, **counts: int) -> None:
    """Nothing waits any more, nothing had to be set aside, and so many rows are in these tables."""
    for table, waits in (
        ("inbox", "done_at IS NULL OR set_aside_at IS NOT NULL OR payload IS NOT NULL"),
        ("outbox", "sent_at IS NULL OR failed_at IS NOT NULL"),
    ):
        assert not held(database, table, waits), table
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for table, count in counts.items():
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,)  # noqa: S608 - ours


@contextlib.asynccontextmanager
async def asking(tmp_path: Path) -> AsyncIterator[tuple[Town, dict[str, str]]]:
    async with Sandbox() as sandbox:
        place = town(sandbox, random.Random(5), 20, 4)
        yield place, environment(tmp_path / "hotline.db", token=TOKEN, api_url=sandbox.url)


async def test_stopped_in_the_middle_of_the_work_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    async with asking(tmp_path) as (place, env):
        meter = Meter(place.sandbox)
        asked = [asyncio.create_task(asks(place, person)) for person in place.persons]
        async with running("bot", "run", env=env) as process:
            await meter.reaches(50)
            assert await process.stop(patience=10) == 0
            assert not any("Traceback" in line for line in process.lines)
        async with running("bot", "run", env=env) as process:
            await asyncio.gather(*asked)
            assert await process.stop(patience=10) == 0
        for person in place.persons:
            copies = [answers(person, each) for each in place.known[person.id]]
            assert [len(each) for each in copies] == [1] * len(copies)
            firsts = [each[0].id for each in copies]
            assert firsts == sorted(firsts)
    left_in(tmp_path / "hotline.db", questions=20 * 4)


async def test_second_run_on_the_same_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    async with asking(tmp_path) as (_, env), running("bot", "run", env=env) as first:
        await first.ready()
        async with running("bot", "run", env=env) as second:
            assert await second.ends() == 2
            assert len(second.lines) == 1
            assert str(tmp_path / "hotline.db") in second.lines[0]
        assert first.running
        assert await first.stop(patience=10) == 0


async def test_update_that_killed_the_process_three_times_alone_is_set_aside(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.aysel, hotline.ani)
    left = [
        waiting(hotline, actor, question.text)
        for actor in (hotline.nino, hotline.aysel, hotline.ani)
        for question in [next(answered(actor.language, random.Random(3)))]
    ]
    deadly = left[1]

    async def leave(tx: Transaction) -> None:
        await inbox.store(tx, left, hotline.clock())
        for _ in range(3):  # each start counts the row in hand before it handles it, and died of it
            await inbox.count_failure(tx, deadly)

    await hotline.database.write(leave)
    await hotline.edge.inbox.recover()
    assert (await hotline.aysel.sees("sorry")).button("browse:")
    await hotline.giorgi.sees("admin_set_aside", ever=True, number=deadly.update_id)
    for actor in (hotline.nino, hotline.ani):
        await actor.sees_words(next(answered(actor.language, random.Random(3))).title)
    rows = {row["update_id"]: row for row in await hotline.rows("inbox")}
    assert rows[deadly.update_id]["set_aside_at"]
    assert not rows[deadly.update_id]["done_at"]
    for innocent in (left[0], left[2]):
        assert rows[innocent.update_id]["done_at"]
        assert not rows[innocent.update_id]["set_aside_at"]
        assert rows[innocent.update_id]["payload"] is None
    await hotline.aysel.says("/menu")
    await hotline.aysel.sees("menu")


async def test_what_is_written_in_a_thread_that_was_made_twice_is_carried(hotline: Story) -> None:
    hotline.sandbox.faults.lose_answer(method="createForumTopic")
    await hotline.speak(hotline.nino)
    await hotline.nino.taps("human:")
    await hotline.nino.sees("ask_for_ticket")
    await hotline.nino.says("ჩემს საკითხს ადამიანმა უნდა უპასუხოს")
    orphan = await hotline.thread(1)
    await hotline.levan.says("პასუხი პირველ თემაში", hotline.desk, thread=orphan.id)
    await hotline.nino.sees_words("პასუხი პირველ თემაში")
    await hotline.desk.sees("ადამიანმა უნდა უპასუხოს")
    again = await hotline.thread(1)
    assert again.id != orphan.id
    await hotline.levan.says("პასუხი მეორე თემაში", hotline.desk, thread=again.id)
    await hotline.nino.sees_words("პასუხი მეორე თემაში")
    own = await hotline.desk.opens_thread("#1 ჩვენი საუბარი", by=hotline.levan.person)
    await hotline.levan.says("ეს ჩვენ შორის რჩება", hotline.desk, thread=own.id)
    await hotline.levan.says("მესამე პასუხი", hotline.desk, thread=again.id)
    await hotline.nino.sees_words("მესამე პასუხი")
    assert not hotline.nino.saw("ჩვენ შორის")


def waiting(hotline: Story, actor: Actor, text: str) -> inbox.Received:
    """A row of the inbox that a last run left: this person wrote this text."""
    number = hotline.sandbox.next_update_id
    hotline.sandbox.next_update_id = number + 1
    user = actor.person.user.json
    chat = actor.person.private_chat().json
    message = {"message_id": 1000, "date": 1_760_000_000, "chat": chat, "from": user, "text": text}
    lane = hotline.database.vault.lane(chat["id"], None)
    payload = json.dumps({"update_id": number, "message": message})
    return inbox.Received(hotline.sandbox.bot.id, number, lane, payload)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_keeps_trying_until_the_api_can_be_reached(tmp_path: Path, free_port: int) -> None:
    env = environment(tmp_path / "hotline.db", token=TOKEN, api_url=f"http://127.0.0.1:{free_port}")
    async with running("bot", "run", env=env) as process:
        await process.says("out of reach")
        async with Sandbox(port=free_port) as sandbox:
            nino = sandbox.person("Nino", language_code="ka")
            await nino.says("/start")
            await nino.taps("language:ka", patience=PATIENCE)
            await nino.sees(shows("welcome", "ka"), patience=PATIENCE)
            assert await process.stop(patience=10) == 0
        assert not any("Traceback" in line for line in process.lines)
