"""Ordered troubles and Telegram's limits."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.sandbox import Limits
from bot.sandbox.errors import ApiError


async def test_429_comes_so_often_and_then_no_more(sandbox, api, nino):
    fault = sandbox.faults.too_many_requests(3, times=2)
    for _ in range(2):
        status, answer = await api.raw("sendMessage", chat_id=nino.id, text="x")
        assert (status, answer["parameters"]["retry_after"]) == (429, 3)
        assert answer["description"] == "Too Many Requests: retry after 3"
    await api("sendMessage", chat_id=nino.id, text="x")
    assert fault.hits == 2


async def test_a_fault_meets_only_its_method_and_chat(sandbox, api, nino, levan):
    await levan.says("/start")
    fault = sandbox.faults.refuse(403, "Forbidden: no", method="sendMessage", chat=nino.id, times=None)
    assert await api("sendMessage", chat_id=levan.id, text="x")
    assert await api("sendChatAction", chat_id=nino.id, action="typing")
    for _ in range(3):
        assert await api.refusal("sendMessage", chat_id=nino.id, text="x") == "403 Forbidden: no"
    fault.cancel()
    assert await api("sendMessage", chat_id=nino.id, text="x")


async def test_polls_meet_no_fault_unless_named(sandbox, api):
    sandbox.faults.refuse(500, "Internal Server Error")
    assert await api("getUpdates") == []
    sandbox.faults.refuse(500, "Internal Server Error", method="getUpdates")
    assert await api.refusal("getUpdates") == "500 Internal Server Error"


async def test_a_gateway_answers_in_html(sandbox, session, api, nino):
    sandbox.faults.server_error(502)
    async with session.post(f"{api.base}/sendMessage", json={"chat_id": nino.id, "text": "x"}) as response:
        assert (response.status, response.content_type) == (502, "text/html")
    assert len(nino.chat) == 1


async def test_a_lost_answer_had_its_effect(sandbox, api, nino):
    sandbox.faults.lose_answer()
    with pytest.raises(aiohttp.ClientError):
        await api.raw("sendMessage", chat_id=nino.id, text="arrives")
    assert nino.chat[-1].text == "arrives"
    assert [(call.lost, bool(call.result)) for call in sandbox.journal.calls("sendMessage")] == [(True, True)]


async def test_a_connection_cut_before_has_no_effect(sandbox, api, nino):
    sandbox.faults.cut_before()
    with pytest.raises(aiohttp.ClientError):
        await api.raw("sendMessage", chat_id=nino.id, text="never arrives")
    assert len(nino.chat) == 1


async def test_broken_json_is_broken(sandbox, session, api, nino):
    sandbox.faults.broken_json()
    async with session.post(f"{api.base}/sendMessage", json={"chat_id": nino.id, "text": "x"}) as response:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
            await response.json()


async def test_a_stall_holds_one_call_until_released(sandbox, api, nino, levan):
    await levan.says("/start")
    fault = sandbox.faults.stall(60, chat=nino.id)
    held = asyncio.create_task(api("sendMessage", chat_id=nino.id, text="late"))
    await fault.arrived.wait()
    assert await api("sendMessage", chat_id=levan.id, text="at once")
    assert not held.done()
    fault.release()
    await held
    assert nino.chat[-1].text == "late"


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def refused_after(limits, chat_id, method="sendMessage", **parameters):
    """How many calls pass at once, and how many seconds the next one is to wait."""
    for number in range(1000):
        try:
            limits.check(1, method, {"chat_id": chat_id, **parameters})
        except ApiError as error:
            return number, error.parameters["retry_after"]
    return None


def test_a_chat_takes_a_short_burst_and_then_one_a_second():
    clock = Clock()
    limits = Limits(clock=clock)
    assert refused_after(limits, 5) == (3, 1)
    clock.now += 1
    assert refused_after(limits, 5) == (1, 1)
    assert refused_after(limits, 5, "setMessageReaction") is None


def test_a_group_takes_twenty_a_minute():
    clock = Clock()
    limits = Limits(clock=clock, chat_burst=100)
    assert refused_after(limits, -5) == (20, 3)
    clock.now += 60
    assert refused_after(limits, -5, "copyMessages", message_ids=list(range(10))) == (2, 3)


def test_all_chats_together_take_thirty_a_second():
    limits = Limits(clock=Clock())
    for chat in range(30):
        limits.check(1, "sendMessage", {"chat_id": chat + 1})
    with pytest.raises(ApiError):
        limits.check(1, "sendMessage", {"chat_id": 99})
    limits.check(2, "sendMessage", {"chat_id": 99})


async def test_limits_are_off_until_set(sandbox, api, nino):
    for _ in range(5):
        await api("sendMessage", chat_id=nino.id, text="x")
    sandbox.limits = Limits()
    answers = [await api.raw("sendMessage", chat_id=nino.id, text="x") for _ in range(5)]
    assert [status for status, _ in answers] == [200, 200, 200, 429, 429]
