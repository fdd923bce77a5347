"""What bad input gets: a fitting reply or a quiet ignore, never a traceback, never a stuck lane."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.sandbox import ALL_RIGHTS, Call, Group, Message, Thread
from tests.story import Actor, Story, pattern, story
from tests.test_announcing import forum, publish
from tests.test_handover import QUESTION, open_ticket

NGO = {
    "ka": "როგორ დავარეგისტრირო არასამთავრობო ორგანიზაცია?",
    "az": "QHT-ni necə qeydiyyatdan keçirmək olar?",
    "hy": "Ինչպե՞ս գրանցել ՀԿ։",
}
STRANGE = (
    "👍",
    "🤷🏽‍♀️🏳️‍🌈👨‍👩‍👧‍👦",
    "كيف أسجل جمعية؟",
    "怎么注册一个组织？",
    "איך רושמים עמותה",
    "\u200b\u200d\u2060",
    "\u202eevil text\u202c \u2066x\u2069",
    "Z̸̧̛a̷l̶g̵o̴",
    "ა" * 4096,
    "😀" * 4096,
    "word " * 819,
    "<b>no tag</b> & {number} {0} {",
    "%s %(x)d \\n \x07",
    "'; DROP TABLE people; --",
    "...",
    "0",
)


@pytest.fixture
def calm(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that happens here is an error."""
    yield
    records = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    errors = [record for record in records if record.name != "telegram.request.BaseRequest"]
    assert [record.getMessage() for record in errors] == []


def count(actor: Actor, key: str) -> int:
    """How often a text of the catalogue is to be seen."""
    return sum(pattern(key, actor.language).match(message.text) is not None for message in actor.chat)


def from_bot(actor: Actor) -> int:
    return sum(message.from_bot for message in actor.chat)


async def replied(actor: Actor, after: Message) -> Message:
    """Any reply with a way on."""
    return await actor.person.sees(lambda message: message.from_bot and bool(message.buttons), after=after)


async def settled(hotline: Story, *, tickets: bool = True) -> None:
    """All that was received is done or set aside, and all that was written is sent or has failed."""

    async def unfinished() -> bool:
        rows = await hotline.rows("inbox")
        open_rows = any(row["done_at"] is None and row["set_aside_at"] is None for row in rows)
        inbox = open_rows or bool(hotline.sandbox.bot.updates.waiting)
        pending = [row for row in await hotline.rows("outbox") if not row["sent_at"] and not row["failed_at"]]
        return inbox or any(tickets or row["ticket_id"] is None for row in pending)

    async with asyncio.timeout(15):
        while await unfinished():
            await hotline.database.changed(0.1)


async def set_aside(hotline: Story) -> list[int]:
    return [row["update_id"] for row in await hotline.rows("inbox") if row["set_aside_at"] is not None]


async def nothing_refused(hotline: Story) -> None:
    await settled(hotline)
    assert await set_aside(hotline) == []
    assert [row["error"] for row in await hotline.rows("outbox") if row["failed_at"]] == []


def shown(messages: list[Message]) -> list[Message]:
    return [message for message in messages if not message.is_service]


# What people type


async def test_whatever_a_person_types_gets_a_reply_with_a_way_on(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.aysel)
    for text in STRANGE:
        said = await hotline.aysel.says(text)
        await replied(hotline.aysel, said)
    await nothing_refused(hotline)


async def test_whatever_a_newcomer_types_gets_the_languages(hotline: Story, calm: None) -> None:
    for text in STRANGE:
        newcomer = hotline.sandbox.person("X")
        said = await newcomer.says(text)
        asked = await newcomer.sees(lambda message: message.button("language:ka") is not None, after=said)
        await newcomer.taps("language:en", on=asked)
        await newcomer.sees(lambda message: message.from_bot and bool(message.buttons), after=asked)
    await nothing_refused(hotline)


@pytest.mark.parametrize(
    "text", [" ".join(f"{number:04}" for number in range(819)), "<&>" * 1365, "😀" * 4096]
)
async def test_all_of_a_long_question_reaches_the_desk(hotline: Story, calm: None, text: str) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("/human")
    await hotline.nino.sees("ask_for_ticket")
    await hotline.nino.says(text)
    await hotline.nino.sees("receipt", number=1)
    thread = await hotline.thread(1)
    await settled(hotline)
    card, *rest = (message.text for message in shown(hotline.desk.in_thread(thread)))
    head = card.split("\n\n")[1]
    assert "".join([head, *rest]).replace(" ", "") == text.replace(" ", "")
    await hotline.nino.says(text[::-1])
    await hotline.desk.sees(text[::-1], thread=thread.id)
    await nothing_refused(hotline)


async def test_edited_messages_that_nobody_carried_are_ignored(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino)
    question = await hotline.nino.says(NGO["ka"])
    await hotline.nino.sees_entry("register-ngo")
    command = await hotline.nino.says("/menu")
    await hotline.nino.sees("menu")
    photo = await hotline.nino.sends("photo", caption="ფოტო")
    await hotline.nino.sees("not_text")
    before = from_bot(hotline.nino)
    stray = await hotline.zaza.person.says("მარტო", hotline.desk)
    for message, author in ((question, "nino"), (command, "nino"), (photo, "nino"), (stray, "zaza")):
        await getattr(hotline, author).person.edits(message, "/human შეცვლილი")
    await nothing_refused(hotline)
    assert from_bot(hotline.nino) == before
    assert await hotline.rows("tickets") == []


async def test_edited_question_is_edited_on_the_card(hotline: Story, calm: None) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    asked = next(message for message in hotline.nino.chat if message.text == QUESTION)
    await hotline.nino.person.edits(asked, "შეცვლილი კითხვა")
    await hotline.desk.sees("შეცვლილი კითხვა", thread=thread.id)
    assert not any(QUESTION in message.text for message in hotline.desk.messages)
    await nothing_refused(hotline)


COMMANDS = (
    "/menu junk junk",
    "/help",
    "/topics ???",
    "/stop everything please",
    "/language ru",
    "/mydata 1; 2",
    "/forget me not",
    "/human ???",
    "/gaps",
    "/desk",
    "/nothing",
    "/MENU",
    "/menu@another_bot",
    "/start " + "x" * 200,
    "/start follow-",
    "/start follow-weddings",
    "/start follow-forums follow-news",
    "/start invite-wrong",
    "/start ../../etc/passwd",
    "/start ა",
    "/start event-1",
)


async def test_commands_with_junk_get_a_reply_with_a_way_on(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.aysel)
    for text in COMMANDS:
        said = await hotline.aysel.says(text)
        await replied(hotline.aysel, said)
    assert await hotline.rows("subscriptions") == []
    assert [row["role"] for row in await hotline.rows("people")].count(None) == 1
    await nothing_refused(hotline)


async def test_start_with_any_payload_asks_a_newcomer_for_the_language(hotline: Story, calm: None) -> None:
    for text in COMMANDS:
        if text.startswith("/start") and "invite" not in text:
            newcomer = hotline.sandbox.person("X")
            await newcomer.says(text)
            await newcomer.sees(lambda message: message.button("language:hy") is not None)
    await hotline.zaza.says("/start invite-wrong")
    await hotline.zaza.person.sees(lambda message: message.from_bot and bool(message.buttons))
    await nothing_refused(hotline)


# What people press

PRESSES = (
    ":",
    "nonsense",
    "x" * 64,
    "🙂:🙂",
    "menu",
    "language:",
    "language:ru",
    "category:",
    "category:weddings",
    "suggest:",
    "suggest:no-such-entry:1",
    "more:",
    "more:../../etc",
    "helped:",
    "helped:yes:register-ngo",
    "helped:yes:register-ngo:999999",
    "helped:maybe:x:y:z",
    "none:",
    "none::-3",
    "human::999999",
    "human::99999999999999999999",
    "ask:",
    "belongs:",
    "belongs:1:1",
    "belongs:x:y",
    "region:atlantis",
    "municipality:",
    "skip:junk:more",
    "confirm:",
    "confirm::1",
    "withhold:9",
    "follow:weddings",
    "stop:weddings",
    "going:999999",
    "going:-1",
    "waitlist:",
    "cancel:99999999999999999999",
    "forget:maybe",
    "take:1",
    "take:",
    "release:x",
    "resolve:1",
)


async def test_any_press_is_answered_with_a_way_on(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.aysel)
    screen = hotline.aysel.chat[0]
    for data in PRESSES:
        before = from_bot(hotline.aysel)
        newest = hotline.aysel.chat[-1]
        tap = await hotline.aysel.taps(data, on=screen, even_if_gone=True)
        await tap.answer()
        await replied(hotline.aysel, newest)
        assert from_bot(hotline.aysel) == before + 1, data
    assert await hotline.rows("tickets") == []
    await nothing_refused(hotline)


async def test_any_press_at_the_desk_is_answered_and_changes_nothing(hotline: Story, calm: None) -> None:
    await open_ticket(hotline)
    await hotline.nino.sees("ask_region")
    thread = await hotline.thread(1)
    card = await hotline.desk_sees(thread, "card")
    await settled(hotline)
    people, said = len(await hotline.rows("people")), len(hotline.desk.messages)
    for data in PRESSES:
        tap = await hotline.zaza.person.taps(data, on=card, group=hotline.desk, even_if_gone=True)
        await tap.answer()
    for data in ("take:x", "take:2", "release:1", "resolve:999999", "nonsense", "confirm::x"):
        tap = await hotline.levan.person.taps(data, on=card, group=hotline.desk, even_if_gone=True)
        assert (await tap.answer())["text"], data
    await nothing_refused(hotline)
    assert len(await hotline.rows("people")) == people
    assert len(hotline.desk.messages) == said
    assert (await hotline.rows("tickets"))[0]["state"] == "new"


async def test_press_on_a_deleted_or_expired_message_is_still_done(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino)
    screen = hotline.nino.chat[-1]
    await hotline.nino.person.deletes(screen)
    await hotline.nino.person.taps("browse:", on=screen)
    hotline.sandbox.expire_queries()
    await hotline.nino.sees("browse", ever=True)
    await hotline.nino.taps("category:")
    await hotline.nino.sees("category")
    await nothing_refused(hotline)


async def test_pressing_twice_does_it_once(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.says("/start follow-forums")
    await hotline.nino.sees("followed")
    event = await publish(hotline, forum(hotline, capacity=5))
    asked = await hotline.nino.person.sees(lambda message: message.button(f"going:{event}") is not None)
    for _ in range(2):
        await hotline.nino.taps(f"going:{event}", on=asked)
        await hotline.nino.sees("rsvp_going")
    assert (await hotline.rows("events"))[0]["taken"] == 1
    for _ in range(2):
        await hotline.nino.taps(f"cancel:{event}", on=asked)
        await hotline.nino.sees("rsvp_cancelled")
    assert (await hotline.rows("events"))[0]["taken"] == 0
    await hotline.nino.says(NGO["ka"])
    answer = await hotline.nino.sees_entry("register-ngo")
    await hotline.nino.taps("human:", on=answer)
    await hotline.nino.sees("receipt", number=1)
    await hotline.nino.taps("human:", on=answer)
    await hotline.nino.sees("ticket_already_open", number=1)
    thread = await hotline.thread(1)
    card = await hotline.desk_sees(thread, "card")
    first = await hotline.levan.person.taps("take:1", on=card, group=hotline.desk)
    second = await hotline.levan.person.taps("take:1", on=card, group=hotline.desk, even_if_gone=True)
    assert "text" not in await first.answer()
    assert (await second.answer())["text"]
    for answered in (False, True):
        tap = await hotline.levan.person.taps("resolve:1", on=card, group=hotline.desk, even_if_gone=True)
        assert bool((await tap.answer()).get("text")) == answered
    await settled(hotline)
    assert count(hotline.nino, "ticket_taken") == 1
    assert count(hotline.nino, "ticket_resolved") == 1


# Where the hotline is not at home


async def test_groups_that_are_not_the_desk_are_left_alone(hotline: Story, calm: None) -> None:
    village = hotline.sandbox.group("Village", supergroup=True, members=[hotline.zaza.person])
    await village.adds_bot(by=hotline.zaza.person, rights=ALL_RIGHTS)
    hello = await village.sees(lambda message: message.from_bot)
    assert pattern("group_hello", "ka").match(hello.text)
    for text in (*STRANGE[:6], NGO["ka"], "/menu", "/human", "/start follow-forums", "/gaps", "ქმარი მცემს"):
        said = await hotline.zaza.person.says(text, village)
    await hotline.zaza.person.edits(said, "სხვა")
    await hotline.zaza.person.sends("photo", village)
    await hotline.zaza.person.sends("contact", village)
    await village.adds(hotline.ani.person)
    await village.removes(hotline.ani.person)
    await nothing_refused(hotline)
    assert [message.id for message in village.messages if message.from_bot] == [hello.id]
    assert len(await hotline.rows("people")) == 3
    await hotline.zaza.person.says("/desk", village)
    await village.sees(lambda message: pattern("desk_not_admin", "ka").match(message.text) is not None)


def private(actor: Actor) -> dict[str, object]:
    return {"id": actor.person.id, "type": "private", "first_name": actor.person.name}


async def test_channels_and_unknown_kinds_of_updates_are_ignored(hotline: Story, calm: None) -> None:
    channel = hotline.sandbox.channel("News")
    await channel.adds_bot(by=hotline.giorgi.person, rights=[])
    user = hotline.zaza.person.user.json
    post = {"message_id": 1, "date": 1, "chat": channel.chat.json, "text": "/start"}
    reaction = {"chat": private(hotline.zaza), "message_id": 1, "user": user, "date": 1}
    query = {"id": "1", "from": user, "chat_instance": "1"}
    poll = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": True}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    poll |= {"allows_revoting": False, "members_only": False}
    payment = {"id": "1", "from": user, "currency": "GEL", "total_amount": 1, "invoice_payload": "x"}
    message = {"message_id": 9, "date": 1, "chat": private(hotline.zaza), "from": user}
    for update in (
        {},
        {"channel_post": post},
        {"edited_channel_post": post | {"edit_date": 2}},
        {"message_reaction": reaction | {"old_reaction": [], "new_reaction": []}},
        {"poll": poll},
        {"inline_query": {"id": "1", "from": user, "query": "x", "offset": ""}},
        {"pre_checkout_query": payment},
        {"chat_join_request": {"chat": channel.chat.json, "from": user, "user_chat_id": 1, "date": 1}},
        {"a_kind_of_tomorrow": {"chat": {"id": "odd"}, "from": 7}},
        {"another_one": ["list"], "and_more": None},
        {"callback_query": query | {"game_short_name": "chess"}},
        {"callback_query": query | {"data": "menu:", "inline_message_id": "x"}},
        {"message": message | {"a_part_of_tomorrow": {"a": 1}}},
    ):
        hotline.sandbox.inject(update)
    await channel.posts("სიახლე")
    await hotline.speak(hotline.nino)
    await settled(hotline)
    assert await set_aside(hotline) == []


async def test_update_that_cannot_be_parsed_is_set_aside_and_its_lane_goes_on(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    broken = {"message": {"message_id": "one", "chat": private(hotline.nino), "text": "secret words"}}
    numbers = [hotline.sandbox.inject(dict(broken)) for _ in range(2)]
    await hotline.nino.says(NGO["ka"])
    await hotline.nino.sees_entry("register-ngo")
    for number in numbers:
        await hotline.giorgi.sees("admin_unreadable", ever=True, number=number)
    assert count(hotline.giorgi, "admin_set_aside") == 0
    assert await set_aside(hotline) == numbers
    assert not hotline.levan.saw(str(numbers[0]))
    kept = [row for row in await hotline.rows("inbox") if row["update_id"] in numbers]
    assert all(row["payload"] for row in kept)


# What goes wrong inside


async def provoke(hotline: Story, actor: Actor) -> None:
    """From now on the database refuses this person's questions."""
    people = {row["telegram"]: row["id"] for row in await hotline.rows("people")}
    trigger = (
        "CREATE TRIGGER provoked BEFORE INSERT ON questions "
        f"WHEN NEW.person_id = {people[actor.person.id]} BEGIN SELECT RAISE(ABORT, 'provoked'); END"
    )
    await hotline.database.write(lambda tx: tx.exec_driver_sql(trigger))


async def test_update_that_fails_three_times_is_set_aside_with_an_apology(hotline: Story) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    await provoke(hotline, hotline.aysel)
    number = hotline.sandbox.next_update_id
    await hotline.aysel.says(NGO["az"])
    await hotline.nino.says(NGO["ka"])
    await hotline.nino.sees_entry("register-ngo")
    sorry = await hotline.aysel.sees("sorry")
    assert sorry.button("human:")
    assert sorry.button("browse:")
    await hotline.giorgi.sees("admin_set_aside", ever=True, number=number)
    assert await set_aside(hotline) == [number]
    assert [row["failures"] for row in await hotline.rows("inbox") if row["failures"]] == [3]
    await hotline.aysel.says("/menu")
    await hotline.aysel.sees("menu")
    await hotline.database.write(lambda tx: tx.exec_driver_sql("DROP TRIGGER provoked"))
    await hotline.aysel.says(NGO["az"])
    await hotline.aysel.sees_entry("register-ngo")
    assert count(hotline.aysel, "sorry") == 1


class Lock:
    """Another process that keeps the database to itself."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)

    def take(self) -> None:
        self._connection.execute("BEGIN EXCLUSIVE")

    def release(self) -> None:
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
async def lock(hotline: Story, tmp_path: Path) -> AsyncIterator[Lock]:
    """The hotline waits 50 ms for it, not 15 s, so that it notices within a test."""
    await hotline.database.write(lambda tx: tx.exec_driver_sql("PRAGMA busy_timeout = 50"))
    other = Lock(tmp_path / "hotline.db")
    yield other
    other.close()


def is_fetch(call: Call) -> bool:
    return call.method == "getUpdates"


async def test_nothing_is_lost_while_the_database_is_locked(hotline: Story, lock: Lock, calm: None) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    await settled(hotline)
    answered = from_bot(hotline.nino)
    lock.take()
    hotline.sandbox.journal.clear()
    await hotline.nino.says(NGO["ka"])
    await hotline.aysel.says(NGO["az"])
    await hotline.sandbox.journal.wait_for(lambda call: is_fetch(call) and bool(call.result))
    fetched = len(hotline.sandbox.journal)
    await hotline.sandbox.journal.wait_for(  # fetched again, because it could not be stored
        lambda call: is_fetch(call) and call in list(hotline.sandbox.journal)[fetched:]
    )
    assert from_bot(hotline.nino) == answered
    lock.release()
    for actor in (hotline.nino, hotline.aysel):
        await actor.sees_entry("register-ngo")
    await nothing_refused(hotline)
    assert len(await hotline.rows("questions")) == 2


def handed(hotline: Story, message: dict[str, object]) -> dict[str, object]:
    """An update to hand to the inbox at once, past Telegram."""
    number = hotline.sandbox.next_update_id
    hotline.sandbox.next_update_id = number + 1
    return {"update_id": number, "message": message}


async def test_update_in_hand_waits_for_a_locked_database(hotline: Story, lock: Lock, calm: None) -> None:
    await hotline.speak(hotline.nino)
    await settled(hotline)
    question = hotline.nino.chat[0].content | {"message_id": 5000, "text": NGO["ka"], "entities": []}
    await hotline.edge.inbox.accept([handed(hotline, question)])
    lock.take()  # stored, and not yet handled
    await hotline.database.changed(0.2)
    assert (await hotline.rows("inbox"))[-1]["done_at"] is None
    lock.release()
    await hotline.nino.sees_entry("register-ngo")
    await nothing_refused(hotline)


async def test_setting_aside_waits_for_a_locked_database(hotline: Story, lock: Lock) -> None:
    await hotline.speak(hotline.nino)
    await settled(hotline)
    broken = handed(hotline, {"message_id": "one", "chat": private(hotline.nino)})
    await hotline.edge.inbox.accept([broken])
    lock.take()
    await hotline.database.changed(0.3)
    assert await set_aside(hotline) == []
    lock.release()
    await hotline.nino.says(NGO["ka"])
    await hotline.nino.sees_entry("register-ngo")
    await hotline.giorgi.sees("admin_unreadable", ever=True, number=broken["update_id"])


# What goes wrong on the way out


def sends(hotline: Story, actor: Actor) -> list[Call]:
    """What was sent to a person, and what was refused (as the bot wrote it, with ids as text)."""
    calls = hotline.sandbox.journal.calls("sendMessage")
    return [call for call in calls if str(call.parameters["chat_id"]) == str(actor.person.id)]


async def test_429_holds_up_its_own_chat_only(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    await settled(hotline)
    hotline.sandbox.journal.clear()
    fault = hotline.sandbox.faults.too_many_requests(1, method="sendMessage", chat=hotline.nino.person.id)
    await hotline.nino.says(NGO["ka"])
    await fault.arrived.wait()
    await hotline.aysel.says(NGO["az"])
    await hotline.aysel.sees_entry("register-ngo")
    await hotline.nino.sees_entry("register-ngo")
    refused, sent = sends(hotline, hotline.nino)
    assert refused.error is not None
    assert sent.time - refused.time >= 1
    assert sends(hotline, hotline.aysel)[0].time < sent.time
    await nothing_refused(hotline)


async def test_429_in_several_chats_pauses_all(hotline: Story, calm: None) -> None:
    flooded = (hotline.nino, hotline.aysel, hotline.ani)
    await hotline.speak(*flooded)
    await settled(hotline)
    hotline.sandbox.journal.clear()
    faults = [
        hotline.sandbox.faults.too_many_requests(1, method="sendMessage", chat=actor.person.id)
        for actor in flooded
    ]
    for actor in flooded:
        await actor.says("/menu")
    for fault in faults:
        await fault.arrived.wait()
    await hotline.sandbox.journal.wait_for(
        lambda call: sum(bool(sends(hotline, each)) for each in flooded) == 3
    )
    await settled_failures(hotline)
    await hotline.levan.says("/menu")
    await hotline.levan.sees("menu")
    for actor in flooded:
        await actor.sees("menu")
    last = max(sends(hotline, actor)[0].time for actor in flooded)
    assert sends(hotline, hotline.levan)[0].time - last >= 0.9
    await nothing_refused(hotline)


async def settled_failures(hotline: Story) -> None:
    """Three refusals have been written down."""
    async with asyncio.timeout(5):
        while sum(row["attempts"] for row in await hotline.rows("outbox")) < 3:
            await hotline.database.changed(0.05)


@pytest.mark.parametrize("trouble", ["500", "502", "cut", "lost", "broken"])
async def test_troubles_on_the_way_lose_nothing(hotline: Story, calm: None, trouble: str) -> None:
    await hotline.speak(hotline.nino)
    await settled(hotline)
    faults, where = hotline.sandbox.faults, {"method": "sendMessage", "chat": hotline.nino.person.id}
    fault = {
        "500": lambda: faults.refuse(500, "Internal Server Error", **where),
        "502": lambda: faults.server_error(502, **where),
        "cut": lambda: faults.cut_before(**where),
        "lost": lambda: faults.lose_answer(**where),
        "broken": lambda: faults.broken_json(**where),
    }[trouble]()
    await hotline.nino.says(NGO["ka"])
    await fault.arrived.wait()
    await hotline.nino.says("/menu")
    await hotline.nino.sees("menu")
    await nothing_refused(hotline)
    answers = [message for message in hotline.nino.chat if message.button("helped:")]
    assert len(answers) == (2 if trouble in {"lost", "broken"} else 1)
    assert [row["attempts"] for row in await hotline.rows("outbox") if row["attempts"]] == [1]


async def test_stall_of_one_chat_delays_no_other(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    await settled(hotline)
    hotline.sandbox.journal.clear()
    stall = hotline.sandbox.faults.stall(20, chat=hotline.nino.person.id)
    await hotline.nino.says(NGO["ka"])
    await stall.arrived.wait()
    await hotline.aysel.says(NGO["az"])
    await hotline.aysel.sees_entry("register-ngo")
    await hotline.aysel.says("/menu")
    await hotline.aysel.sees("menu")
    assert sends(hotline, hotline.nino) == []  # the journal holds what was answered
    stall.release()
    await hotline.nino.sees_entry("register-ngo")
    [late], (early, *_) = sends(hotline, hotline.nino), sends(hotline, hotline.aysel)
    assert late.time < early.time
    assert list(hotline.sandbox.journal).index(late) > list(hotline.sandbox.journal).index(early)


async def test_stall_of_the_desk_delays_no_person(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino, hotline.aysel)
    stall = hotline.sandbox.faults.stall(20, chat=hotline.desk.id)
    await hotline.nino.says("/human")
    await hotline.nino.sees("ask_for_ticket")
    await hotline.nino.says(QUESTION)
    await hotline.nino.sees("receipt", number=1)
    await stall.arrived.wait()
    await hotline.aysel.says(NGO["az"])
    await hotline.aysel.sees_entry("register-ngo")
    assert hotline.desk.threads == []
    stall.release()
    await hotline.thread(1)


# What happens to the desk


async def new_desk(hotline: Story, name: str = "New desk") -> Group:
    members = [actor.person for actor in (hotline.levan, hotline.tamar, hotline.zaza)]
    return hotline.sandbox.group(name, forum=True, owner=hotline.giorgi.person, members=members)


async def accepts(group: Group, hotline: Story) -> None:
    await hotline.giorgi.person.says("/desk", group)
    await group.sees(lambda message: pattern("desk_accepted", "ka").match(message.text) is not None)


async def threads_of(group: Group, number: int) -> list[Thread]:
    return [thread for thread in group.threads if thread.name.startswith(f"#{number} ")]


async def opened(hotline: Story, more: str) -> None:
    """Nino's ticket is at the desk, and one more message of hers."""
    await open_ticket(hotline)
    await hotline.nino.sees("ask_region")
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    await hotline.nino.says(more)
    await hotline.desk.sees(more, thread=thread.id)
    await settled(hotline)


async def test_desk_that_gets_another_id_is_followed(hotline: Story) -> None:
    await opened(hotline, "მეორე სიტყვა")
    await hotline.desk.becomes_supergroup(by=hotline.giorgi.person, forum=True)
    await hotline.nino.says("მესამე სიტყვა")
    found = await hotline.desk.sees("მესამე სიტყვა")
    for words in (QUESTION, "მეორე სიტყვა"):
        await hotline.desk.sees(words, thread=found.thread_id)
    await hotline.levan.person.says("პასუხი ახლიდან", hotline.desk, thread=found.thread_id)
    await hotline.nino.sees_words("პასუხი ახლიდან")
    await settled(hotline)
    assert len(await threads_of(hotline.desk, 1)) == 1


@pytest.mark.parametrize("met_before", [False, True])
async def test_new_id_is_learnt_from_the_refusal_too(hotline: Story, *, met_before: bool) -> None:
    await opened(hotline, "მეორე სიტყვა")
    new = await new_desk(hotline)
    if met_before:
        await new.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
        await new.sees(lambda message: message.from_bot)
    else:
        new.chat.members = dict(hotline.desk.chat.members)
    hotline.desk.chat.migrated_to = new.id
    await hotline.nino.says("მესამე სიტყვა")
    found = await new.sees("მესამე სიტყვა")
    await hotline.levan.person.says("პასუხი ახლიდან", new, thread=found.thread_id)
    await hotline.nino.sees_words("პასუხი ახლიდან")
    await settled(hotline)
    assert len(await threads_of(new, 1)) == 1
    hotline.clock.passes(minutes=61)
    await hotline.nino.says("მეოთხე სიტყვა")
    await new.sees("მეოთხე სიტყვა", thread=found.thread_id)
    await settled(hotline)
    assert hotline.sandbox.journal.calls("leaveChat") == []


async def test_tickets_of_a_lost_desk_wait_for_the_next(hotline: Story, calm: None) -> None:
    await opened(hotline, "მეორე სიტყვა")
    await hotline.desk.removes_bot(by=hotline.giorgi.person)
    await hotline.giorgi.sees("admin_desk_lost", ever=True)
    await hotline.nino.says("მესამე სიტყვა")
    await hotline.speak(hotline.aysel)
    await hotline.aysel.says("/human")
    await hotline.aysel.sees("ask_for_ticket")
    await hotline.aysel.sends("voice")
    await hotline.aysel.sees("receipt", number=2)
    new = await new_desk(hotline)
    await new.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await accepts(new, hotline)
    thread, second = await new.thread("#1 "), await new.thread("#2 ")
    for words in (QUESTION, "მეორე სიტყვა", "მესამე სიტყვა"):
        await new.sees(words, thread=thread.id)
    await new.sees(lambda message: message.kind == "voice", thread=second.id)
    await settled(hotline)
    for number, one in ((1, thread), (2, second)):
        assert len(await threads_of(new, number)) == 1
        cards = [message for message in new.in_thread(one) if message.button(f"take:{number}")]
        assert len(cards) == 1
    assert sum("მეორე სიტყვა" in message.text for message in new.in_thread(thread)) == 1
    await hotline.levan.person.says("პასუხი ახლიდან", new, thread=thread.id)
    await hotline.nino.sees_words("პასუხი ახლიდან")
    assert count(hotline.giorgi, "admin_desk_lost") == 1


async def test_words_refused_by_a_lost_desk_reach_the_next(hotline: Story, calm: None) -> None:
    await opened(hotline, "მეორე სიტყვა")
    hotline.sandbox.faults.refuse(
        403, "Forbidden: bot was kicked from the supergroup chat", chat=hotline.desk.id, times=None
    )
    await hotline.nino.says("მესამე სიტყვა")
    await hotline.giorgi.sees("admin_desk_lost", ever=True)
    await hotline.nino.says("მეოთხე სიტყვა")
    await settled(hotline, tickets=False)
    new = await new_desk(hotline)
    await new.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await accepts(new, hotline)
    thread = await new.thread("#1 ")
    for words in (QUESTION, "მეორე სიტყვა", "მესამე სიტყვა", "მეოთხე სიტყვა"):
        await new.sees(words, thread=thread.id)
    await settled(hotline)
    assert len(await threads_of(new, 1)) == 1


async def test_tickets_opened_before_there_is_a_desk_wait_for_it(tmp_path: Path, calm: None) -> None:
    async with story(tmp_path, staffed=False) as hotline:
        await open_ticket(hotline)
        await hotline.nino.says("დამატება")
        await hotline.nino.sees("passed_on", number=1)
        await hotline.staffed()
        thread = await hotline.thread(1)
        await hotline.desk_sees(thread, "card", number=1)
        await hotline.desk.sees("დამატება", thread=thread.id)
        await settled(hotline)
        assert len(await threads_of(hotline.desk, 1)) == 1
        assert sum(QUESTION in message.text for message in hotline.desk.in_thread(thread)) == 1


async def test_group_that_nobody_makes_the_desk_is_left_after_an_hour(hotline: Story, calm: None) -> None:
    village = hotline.sandbox.group("Village", forum=True, owner=hotline.zaza.person)
    await village.adds_bot(by=hotline.zaza.person)
    await village.sees(lambda message: pattern("group_hello", "ka").match(message.text) is not None)
    hotline.clock.passes(minutes=59)
    await hotline.zaza.person.says("/desk", village)
    await village.sees(lambda message: pattern("desk_not_admin", "ka").match(message.text) is not None)
    assert hotline.sandbox.journal.calls("leaveChat") == []
    hotline.clock.passes(minutes=2)
    left = await hotline.sandbox.journal.wait_for(lambda call: call.method == "leaveChat")
    assert left.parameters["chat_id"] == village.id
    await settled(hotline)
    assert len(hotline.sandbox.journal.calls("leaveChat")) == 1
    await village.adds_bot(by=hotline.zaza.person)  # invited again, it waits an hour again
    await settled(hotline)
    assert len([message for message in village.messages if message.from_bot and not message.is_service]) == 3


async def test_bot_says_what_it_lacks_to_serve_a_desk(hotline: Story, calm: None) -> None:
    async def told(group: Group, key: str, **given: object) -> None:
        said = await hotline.giorgi.person.says("/desk", group)
        await group.sees(
            lambda message: pattern(key, "ka", **given).match(message.text) is not None, after=said
        )

    plain = hotline.sandbox.group("Plain", supergroup=True, owner=hotline.giorgi.person)
    await plain.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await told(plain, "desk_not_forum")
    group = await new_desk(hotline)
    await group.adds_bot(by=hotline.giorgi.person)
    await told(group, "desk_no_rights", rights=label("right_administrator"))
    await group.gives_bot_rights([], by=hotline.giorgi.person)
    await told(group, "desk_no_rights", rights=label("right_manage_topics"))
    await group.gives_bot_rights(["can_manage_topics"], by=hotline.giorgi.person)
    await told(group, "desk_accepted")
    await nothing_refused(hotline)


def label(key: str) -> str:
    from bot.texts import text

    return text(key, "ka")


@pytest.mark.parametrize(
    ("allowed", "before", "sign"),
    [
        (None, True, "👌"),
        (["👍", "🔥"], True, "👍"),
        (["🔥"], True, None),
        ([], True, None),
        (["👍"], False, "👍"),
        ([], False, None),
    ],
)
async def test_delivery_is_shown_as_the_group_allows(
    tmp_path: Path, calm: None, allowed: list[str] | None, *, before: bool, sign: str | None
) -> None:
    async with story(tmp_path, staffed=False) as hotline:
        if before:
            hotline.desk.allows_reactions(allowed)
        await hotline.staffed()
        if not before:
            hotline.desk.allows_reactions(allowed)
        await open_ticket(hotline)
        thread = await hotline.thread(1)
        await hotline.desk_sees(thread, "card")
        said = await hotline.levan.person.says("პასუხი", hotline.desk, thread=thread.id)
        await hotline.nino.sees_words("პასუხი")
        if sign is None:
            note = await hotline.desk_sees(thread, "delivered")
            assert note.content["reply_to_message"]["message_id"] == said.id
        else:
            await hotline.desk.sees(lambda message: message.id == said.id and message.emoji == [sign])
        await settled(hotline)
        assert sum(
            pattern("delivered", "ka").match(message.text) is not None for message in hotline.desk.messages
        ) == (sign is None)


# Who else polls


async def test_second_poller_for_a_moment_is_outlasted(hotline: Story, calm: None) -> None:
    await hotline.speak(hotline.nino)
    fault = hotline.sandbox.faults.refuse(
        409, "Conflict: terminated by other getUpdates request", method="getUpdates"
    )
    await hotline.nino.says("/menu")  # ends the poll that waits; the next one meets the other process
    await fault.arrived.wait()
    await hotline.nino.says(NGO["ka"])
    await hotline.nino.sees_entry("register-ngo")
