"""Updates: who gets which, polling, webhooks, and what tests may do to them."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox import ALL_RIGHTS


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_a_higher_offset(api, nino):
    for text in ("one", "two", "three"):
        await nino.says(text)
    first, second, _ = await api("getUpdates")
    assert texts(await api("getUpdates", limit=2)) == ["one", "two"]
    assert texts(await api("getUpdates", offset=second["update_id"])) == ["two", "three"]
    assert texts(await api("getUpdates", offset=first["update_id"])) == ["two", "three"]
    assert texts(await api("getUpdates", offset=-1)) == ["three"]


async def test_a_long_poll_is_woken_by_a_message(api, nino):
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await nino.says("wake up")
    async with asyncio.timeout(5):
        assert texts(await poll) == ["wake up"]


async def test_a_second_poller_ends_the_first(sandbox, api, nino):
    first = asyncio.create_task(api.refusal("getUpdates", timeout=50))
    second = asyncio.create_task(api("getUpdates", timeout=50))
    assert (await first).startswith("409 Conflict: terminated by other getUpdates request")
    await nino.says("for the second")
    assert texts(await second) == ["for the second"]


async def test_reactions_come_only_on_request(api, nino):
    message = await nino.says("hello")
    await nino.reacts(message, "👍")
    assert len(await api("getUpdates", allowed_updates=["message", "message_reaction"])) == 1
    await nino.reacts(message, "🔥")
    update = (await api("getUpdates"))[-1]["message_reaction"]
    assert [one["emoji"] for one in update["old_reaction"] + update["new_reaction"]] == ["👍", "🔥"]
    await api("getUpdates", allowed_updates=["callback_query"])
    await nino.says("not asked for")
    assert len(await api("getUpdates")) == 2


async def test_without_admin_rights_a_bot_sees_only_what_concerns_it(sandbox, api, levan):
    group = sandbox.group("Plain", owner=levan)
    await group.adds_bot(by=levan)
    mine = await api("sendMessage", chat_id=group.id, text="I am here")
    await api("getUpdates", offset=-1)
    await levan.says("between us", group)
    await levan.says("/desk", group)
    await levan.says(f"@{sandbox.bot.user.json['username']} hello", group)
    await levan.says("a reply", group, reply_to=group.chat.messages[mine["message_id"]])
    seen = [update["message"].get("text") for update in await api("getUpdates")]
    assert seen[1:] == ["/desk", f"@{sandbox.bot.user.json['username']} hello", "a reply"]
    await group.gives_bot_rights(ALL_RIGHTS, by=levan)
    await levan.says("now it hears", group)
    assert (await api("getUpdates"))[-1]["message"]["text"] == "now it hears"


async def test_messages_of_a_thread_know_it(api, desk, levan):
    topic = await api("createForumTopic", chat_id=desk.id, name="#1 ka")
    thread = topic["message_thread_id"]
    asked = await api("sendMessage", chat_id=desk.id, message_thread_id=thread, text="card")
    await levan.says("in the thread", desk, thread=thread)
    await levan.says("in General", desk)
    inside, outside = [update["message"] for update in await api("getUpdates")]
    assert (inside["is_topic_message"], inside["message_thread_id"]) == (True, thread)
    assert inside["reply_to_message"]["forum_topic_created"]["name"] == "#1 ka"
    assert "message_thread_id" not in outside
    replied = await api(
        "sendMessage", chat_id=desk.id, text="x", reply_parameters={"message_id": asked["message_id"]}
    )
    assert replied["message_thread_id"] == thread
    assert [message.text for message in desk.in_thread(thread)][1:] == ["card", "in the thread", "x"]


async def test_an_anonymous_admin_is_hidden(api, desk, levan):
    await levan.says("who am I", desk, anonymously=True)
    message = (await api("getUpdates"))[0]["message"]
    assert (message["from"]["username"], message["sender_chat"]["id"]) == ("GroupAnonymousBot", desk.id)


async def test_anything_can_be_injected(sandbox, api):
    sandbox.inject({"message": {"from": {"id": 1}}})
    sandbox.next_update_id = 7
    sandbox.inject({"brand_new": {}})
    sandbox.inject({"update_id": 3})
    assert [update["update_id"] for update in await api("getUpdates")] == [100_000_001, 7, 3]


async def test_an_offset_from_before_the_ids_started_anew_loses_nothing(sandbox, api, nino):
    await nino.says("old")
    offset = (await api("getUpdates"))[0]["update_id"] + 1
    await api("getUpdates", offset=offset)
    sandbox.next_update_id = 5
    await nino.says("new")
    assert texts(await api("getUpdates", offset=offset)) == ["new"]


async def test_message_ids_can_be_set(api, nino):
    nino.private_chat().next_message_id = 500
    assert (await nino.says("x")).id == 500
    assert (await api("sendMessage", chat_id=nino.id, text="y"))["message_id"] == 501


async def test_a_webhook_gets_each_update_until_it_takes_it(api, nino):
    taken: asyncio.Queue = asyncio.Queue()
    answers = iter([503, 200, 200])

    async def receive(request):
        await taken.put((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await api("setWebhook", url=url, secret_token="s3cret")
    assert (await api.refusal("getUpdates")).startswith(
        "409 Conflict: can't use getUpdates method while webhook"
    )
    await nino.says("one")
    await nino.says("two")
    async with asyncio.timeout(5):
        got = [await taken.get() for _ in range(3)]
    assert {secret for secret, _ in got} == {"s3cret"}
    assert texts(update for _, update in got) == ["one", "one", "two"]
    assert (await api("getWebhookInfo"))["url"] == url
    await api("deleteWebhook")
    assert await api("getUpdates") is not None
    await runner.cleanup()
