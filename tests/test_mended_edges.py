"""The edges where Telegram is slow, shut or strange: nothing is thrown away, nobody is disturbed."""

import logging
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.budget import Budget
from bot.config import Sending
from bot.model import Class, LeaveGroup
from bot.outbox import put
from bot.sandbox import ALL_RIGHTS, Group, Limits
from tests.story import Story, pattern, story
from tests.test_bad_input import set_aside, settled
from tests.test_handover import open_ticket

DESK = ("group", 1)
CHAT = -100  # the desk's, at Telegram


async def accepted(group: Group) -> None:
    await group.sees(lambda message: pattern("desk_accepted", "ka").match(message.text) is not None)


async def other_group(hotline: Story) -> Group:
    group = hotline.sandbox.group("Other", forum=True, owner=hotline.giorgi.person)
    await group.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await group.sees(lambda message: pattern("group_hello", "ka").match(message.text) is not None)
    return group


async def test_desk_is_accepted_though_telegram_cannot_be_asked_at_first(hotline: Story) -> None:
    other = await other_group(hotline)
    hotline.sandbox.faults.server_error(method="getChatMember")
    hotline.sandbox.faults.refuse(500, "Internal Server Error", method="getChat")
    hotline.sandbox.faults.too_many_requests(1, method="getChatMember")
    await hotline.giorgi.person.says("/desk", other)
    await hotline.nino.says("granti ibegreba?")  # others do not wait for it
    await hotline.nino.sees_entry("grant-tax")
    await accepted(other)
    await settled(hotline)
    assert await set_aside(hotline) == []
    assert not any(row["failures"] for row in await hotline.rows("inbox"))


async def test_desk_is_told_when_telegram_cannot_be_asked_for_long(hotline: Story) -> None:
    other = await other_group(hotline)
    trouble = hotline.sandbox.faults.server_error(method="getChatMember", times=None)
    asked = await hotline.giorgi.person.says("/desk", other)
    await trouble.arrived.wait()
    hotline.clock.passes(minutes=6)
    told = pattern("desk_not_asked", "ka")
    await other.sees(lambda message: told.match(message.text) is not None, after=asked)
    await settled(hotline)
    assert await set_aside(hotline) == []
    trouble.cancel()
    await hotline.giorgi.person.says("/desk", other)
    await accepted(other)
    assert sum(told.match(message.text) is not None for message in other.messages) == 1


async def test_end_does_not_wait_for_telegram(hotline: Story) -> None:
    other = await other_group(hotline)
    busy = hotline.sandbox.faults.too_many_requests(300, method="getChatMember")
    await hotline.giorgi.person.says("/desk", other)
    await busy.arrived.wait()
    begun = time.monotonic()
    await hotline.edge.inbox.stop()
    assert time.monotonic() - begun < 5
    assert [row["failures"] for row in await hotline.rows("inbox") if row["done_at"] is None] == [0]


async def test_channel_is_neither_greeted_nor_left(hotline: Story) -> None:
    channel = hotline.sandbox.channel("News")
    await channel.adds_bot(by=hotline.giorgi.person, rights=ALL_RIGHTS)
    await hotline.speak(hotline.nino)
    hotline.clock.passes(minutes=61)
    await settled(hotline)
    assert channel.messages == []
    assert len(await hotline.rows("groups")) == 1


async def test_commands_in_a_ticket_are_not_carried(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    hotline.sandbox.journal.clear()
    for actor, command in ((hotline.levan, "/resolve"), (hotline.levan, "/take@bot"), (hotline.zaza, "/x")):
        await actor.person.says(command, hotline.desk, thread=thread.id)
    await hotline.levan.person.says("პასუხი", hotline.desk, thread=thread.id)
    await hotline.nino.sees_words("პასუხი")
    await settled(hotline)
    assert len(hotline.sandbox.journal.calls("copyMessage")) == 1
    assert not any(message.text.startswith("/") for message in hotline.nino.chat if message.from_bot)


async def test_group_that_becomes_the_desk_is_not_left_after_all(hotline: Story) -> None:
    other = await other_group(hotline)
    newest = max(row["id"] for row in await hotline.rows("groups"))
    tomorrow = hotline.clock() + timedelta(days=1)
    await hotline.database.write(
        lambda tx: put(tx, LeaveGroup(), now=hotline.clock(), rank=Class.EDIT, group=newest, due_at=tomorrow)
    )
    await hotline.giorgi.person.says("/desk", other)
    await accepted(other)
    assert not any(row["call"] == "leave" for row in await hotline.rows("outbox"))


async def test_webhook_that_was_left_is_removed_and_nothing_is_lost(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await settled(hotline)
    # Nobody listens there: what comes meanwhile waits at Telegram.
    await hotline.edge.application.bot.set_webhook("http://127.0.0.1:9/")
    hotline.sandbox.bot.updates.wake()
    await hotline.nino.says("granti ibegreba?")
    await hotline.nino.sees_entry("grant-tax")
    removed = hotline.sandbox.journal.calls("deleteWebhook")
    assert len(removed) == 1
    assert not removed[0].parameters.get("drop_pending_updates")


async def test_scheduler_is_quiet_about_ticks_that_wait(hotline: Story) -> None:
    assert not logging.getLogger("apscheduler.scheduler").isEnabledFor(logging.WARNING)


class Rehearsal:
    """The budget before Telegram's limits: a chat's calls, one after the other, each on the wire a moment."""

    def __init__(self, wire: list[float]) -> None:
        self.now = 1000.0
        self.limits = Limits(clock=lambda: self.now)
        self.budget = Budget(Sending(bulk_per_second=28, chat_per_second=1, group_per_minute=20))
        self._wire = wire

    def calls(self, number: int) -> None:
        for index in range(number):
            self.now = max(self.now, self.budget.ready_at(DESK, self.now))
            self.budget.use(DESK, group=True, now=self.now)
            self.now += self._wire[index % len(self._wire)]
            self.limits.check(1, "sendMessage", {"chat_id": CHAT})


@pytest.mark.parametrize(
    "wire", [[0.0], [0.002], [0.05], [0.15, 0.02, 0.002], [0.2, 0.2, 0.01, 0.0]], ids=str
)
def test_desk_with_many_tickets_at_once_is_never_told_to_slow_down(wire: list[float]) -> None:
    at = Rehearsal(wire)
    at.calls(3)
    assert at.now < 1001  # a short burst passes
    at.calls(3)
    assert at.now < 1005
    at.calls(60)
    assert at.limits.refused == 0


async def test_sign_of_delivery_does_not_wait_for_the_minute_of_the_desk(tmp_path: Path) -> None:
    async with story(tmp_path, sending=Sending(0, 0, group_per_minute=4)) as hotline:
        await open_ticket(hotline)
        thread = await hotline.thread(1)
        await hotline.desk_sees(thread, "card")  # greeting, accepted, thread, card: the minute is full
        said = await hotline.levan.person.says("პასუხი", hotline.desk, thread=thread.id)
        await hotline.desk.sees(lambda message: message.id == said.id and message.emoji == ["👌"])
        assert any(row["call"] == "edit" and row["sent_at"] is None for row in await hotline.rows("outbox"))
