"""What Telegram refuses because of the chat, the message, the thread or the bot's rights."""

from __future__ import annotations

import pytest

from bot.sandbox import ALL_RIGHTS

MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "b:"}]]}


async def test_who_never_wrote_cannot_be_written_to(sandbox, api, desk):
    zaza = sandbox.person("ზაზა")
    assert zaza.chat == []
    told = await api.refusal("sendMessage", chat_id=zaza.id, text="hello")
    assert told == "400 Bad Request: chat not found"
    await desk.adds(zaza)
    told = await api.refusal("sendMessage", chat_id=zaza.id, text="hello")
    assert told == "403 Forbidden: bot can't initiate conversation with a user"
    await zaza.says("/start")
    assert await api("sendMessage", chat_id=zaza.id, text="hello")


async def test_who_blocked_the_bot_is_not_reached(sandbox, api, nino):
    await nino.blocks()
    told = await api.refusal("sendMessage", chat_id=nino.id, text="hello")
    assert told == "403 Forbidden: bot was blocked by the user"
    update = sandbox.bot.updates.waiting[-1]["my_chat_member"]
    assert (update["old_chat_member"]["status"], update["new_chat_member"]["status"]) == ("member", "kicked")
    with pytest.raises(AssertionError):
        await nino.says("I cannot")
    await nino.unblocks()
    assert await api("sendMessage", chat_id=nino.id, text="hello")


async def test_a_deleted_account_is_not_reached(api, nino):
    await nino.deletes_account()
    assert await api.refusal("sendMessage", chat_id=nino.id, text="x") == "403 Forbidden: user is deactivated"


async def test_a_group_without_the_bot_is_closed_to_it(sandbox, api, levan):
    group = sandbox.group("Plain", owner=levan)
    call = {"chat_id": group.id, "text": "x"}
    assert await api.refusal("sendMessage", **call) == "400 Bad Request: chat not found"
    await group.adds_bot(by=levan)
    assert await api("sendMessage", **call)
    await group.removes_bot(by=levan)
    assert await api.refusal("sendMessage", **call) == "403 Forbidden: bot was kicked from the group chat"


async def test_a_group_that_was_left_is_closed(api, desk):
    await api("leaveChat", chat_id=desk.id)
    told = await api.refusal("getChat", chat_id=desk.id)
    assert told == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_a_group_that_became_a_supergroup_says_its_new_id(sandbox, api, levan):
    group = sandbox.group("Plain", owner=levan)
    await group.adds_bot(by=levan)
    old = group.id
    await group.becomes_supergroup(by=levan)
    status, answer = await api.raw("sendMessage", chat_id=old, text="x")
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": group.id})
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert await api("sendMessage", chat_id=group.id, text="x")


async def test_a_silenced_group_takes_only_its_administrators(sandbox, api, levan):
    group = sandbox.group("Plain", owner=levan)
    await group.adds_bot(by=levan)
    group.silences_members()
    told = await api.refusal("sendMessage", chat_id=group.id, text="x")
    assert told == "400 Bad Request: not enough rights to send text messages to the chat"
    await group.gives_bot_rights(ALL_RIGHTS, by=levan)
    assert await api("sendMessage", chat_id=group.id, text="x")


async def test_a_missing_thread_is_told(api, desk, nino):
    told = "400 Bad Request: message thread not found"
    assert await api.refusal("sendMessage", chat_id=desk.id, text="x", message_thread_id=99) == told
    assert await api.refusal("sendMessage", chat_id=nino.id, text="x", message_thread_id=1) == told
    topic = await api("createForumTopic", chat_id=desk.id, name="#1")
    thread = {"chat_id": desk.id, "message_thread_id": topic["message_thread_id"]}
    assert await api("sendMessage", **thread, text="x")
    await desk.deletes_thread(await desk.thread("#1"))
    assert await api.refusal("sendMessage", **thread, text="x") == told
    assert await api.refusal("closeForumTopic", **thread) == "400 Bad Request: TOPIC_ID_INVALID"


async def test_threads_need_the_right_to_manage_them(api, desk, levan):
    topic = await api("createForumTopic", chat_id=desk.id, name="#1")
    thread = {"chat_id": desk.id, "message_thread_id": topic["message_thread_id"]}
    await api("closeForumTopic", **thread)
    assert await api("sendMessage", **thread, text="an administrator may")
    assert await api.refusal("closeForumTopic", **thread) == "400 Bad Request: TOPIC_NOT_MODIFIED"
    assert await api.refusal("editForumTopic", **thread, name="#1") == "400 Bad Request: TOPIC_NOT_MODIFIED"
    await desk.gives_bot_rights(ALL_RIGHTS - {"can_manage_topics", "can_delete_messages"}, by=levan)
    told = "400 Bad Request: not enough rights to"
    assert await api.refusal("createForumTopic", chat_id=desk.id, name="#2") == f"{told} create a topic"
    assert await api.refusal("editForumTopic", **thread, name="#2") == f"{told} edit the topic"
    assert await api.refusal("deleteForumTopic", **thread) == f"{told} delete the topic"
    assert await api.refusal("sendMessage", **thread, text="x") == "400 Bad Request: TOPIC_CLOSED"


async def test_threads_are_only_in_forums(sandbox, api, levan):
    group = sandbox.group("Plain", owner=levan)
    await group.adds_bot(by=levan, rights=ALL_RIGHTS)
    told = await api.refusal("createForumTopic", chat_id=group.id, name="#1")
    assert told == "400 Bad Request: the chat is not a forum"


async def test_messages_that_are_gone_are_told(api, nino):
    gone = {"chat_id": nino.id, "message_id": 99}
    copied = {"chat_id": nino.id, "from_chat_id": nino.id}
    reply = {"message_id": 99}
    assert [
        await api.refusal("editMessageText", **gone, text="x"),
        await api.refusal("editMessageReplyMarkup", **gone),
        await api.refusal("copyMessage", **copied, message_id=99),
        await api.refusal("copyMessages", **copied, message_ids=[98, 99]),
        await api.refusal("forwardMessage", **copied, message_id=99),
        await api.refusal("deleteMessage", **gone),
        await api.refusal("setMessageReaction", **gone),
        await api.refusal("pinChatMessage", **gone),
        await api.refusal("sendMessage", chat_id=nino.id, text="x", reply_parameters=reply),
    ] == [
        "400 Bad Request: message to edit not found",
        "400 Bad Request: message to edit not found",
        "400 Bad Request: message to copy not found",
        "400 Bad Request: there are no messages to copy",
        "400 Bad Request: message to forward not found",
        "400 Bad Request: message to delete not found",
        "400 Bad Request: message to react not found",
        "400 Bad Request: message to pin not found",
        "400 Bad Request: message to be replied not found",
    ]
    reply["allow_sending_without_reply"] = True
    assert await api("sendMessage", chat_id=nino.id, text="x", reply_parameters=reply)


async def test_an_edit_must_change_something_of_the_bots_own(api, nino):
    sent = await api("sendMessage", chat_id=nino.id, text="<b>a</b>", parse_mode="HTML", reply_markup=MARKUP)
    here = {"chat_id": nino.id, "message_id": sent["message_id"]}
    same = await api.refusal(
        "editMessageText", **here, text="<b>a</b>", parse_mode="HTML", reply_markup=MARKUP
    )
    assert same.startswith("400 Bad Request: message is not modified: ")
    assert await api("editMessageText", **here, text="a", reply_markup=MARKUP)
    assert "reply_markup" not in await api("editMessageText", **here, text="a")
    again = await api.refusal("editMessageReplyMarkup", **here)
    assert again.startswith("400 Bad Request: message is not modified: ")
    ninos = await nino.says("mine")
    told = await api.refusal("editMessageText", chat_id=nino.id, message_id=ninos.id, text="x")
    assert told == "400 Bad Request: message can't be edited"


async def test_copies_come_in_order_and_keep_albums(api, nino, desk):
    album = await nino.sends_album(["photo", "photo"], caption="two")
    text = await nino.says("and words")
    numbers = [message.id for message in [*album, text]]
    call = {"chat_id": desk.id, "from_chat_id": nino.id}
    assert await api.refusal("copyMessages", **call, message_ids=numbers[::-1]) == (
        "400 Bad Request: message identifiers must be in a strictly increasing order"
    )
    await api("copyMessages", **call, message_ids=[*numbers, 99])
    first, second, third = (message.content for message in desk.messages[-3:])
    assert (first["caption"], third["text"]) == ("two", "and words")
    assert first["media_group_id"] == second["media_group_id"] != album[0].content["media_group_id"]
    assert "forward_origin" not in first


async def test_a_press_is_answered_once_and_in_time(sandbox, api, nino):
    await api("sendMessage", chat_id=nino.id, text="?", reply_markup=MARKUP)
    tap = await nino.taps("b:")
    await api("answerCallbackQuery", callback_query_id=tap.query.id, text="ok", show_alert=True)
    assert (await tap.answer())["text"] == "ok"
    late = await nino.taps("b:")
    sandbox.expire_queries()
    for query in (tap.query.id, late.query.id, "7"):
        told = await api.refusal("answerCallbackQuery", callback_query_id=query)
        assert told == (
            "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_the_profile_has_limits(api):
    bad = {"command": "Start", "description": "x"}
    assert await api.refusal("setMyCommands", commands=[bad]) == "400 Bad Request: BOT_COMMAND_INVALID"
    assert await api.refusal("setMyCommands", commands=[bad | {"command": "a", "description": ""}]) == (
        "400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    )
    assert "too long" in await api.refusal("setMyShortDescription", short_description="x" * 121)
    await api("setMyCommands", commands=[{"command": "stop", "description": "x"}], language_code="ka")
    assert [one["command"] for one in await api("getMyCommands", language_code="ka")] == ["stop"]
    assert await api("getMyCommands") == []
