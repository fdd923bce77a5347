"""The sandbox speaks the Bot API as it is published, in both directions."""

from __future__ import annotations

import re

import pytest

from bot.sandbox import ALL_RIGHTS
from bot.sandbox.media import FILES, OTHERS
from bot.sandbox.methods import EFFECTS
from bot.sandbox.reactions import EMOJI
from bot.sandbox.specification import BY_FIELD, BY_TYPE, METHODS, OBJECTS


def described(fields):
    return {
        field["name"]: "|".join(field["types"]) + ("!" if field["required"] else "") for field in fields or []
    }


@pytest.mark.parametrize("method", METHODS)
def test_parameters_of_each_method_are_the_published_ones(specification, method):
    assert METHODS[method] == described(specification.methods[method].get("fields"))


@pytest.mark.parametrize("name", OBJECTS)
def test_fields_of_each_object_are_a_part_of_the_published_ones(specification, name):
    assert OBJECTS[name].items() <= described(specification.types[name]["fields"]).items()


def test_objects_of_a_family_belong_to_it(specification):
    for family, members in (BY_TYPE | BY_FIELD).items():
        published = specification.types.get(family, {}).get("subtypes") or family.split("|")
        assert set(members.values()) <= set(published)


def test_every_method_of_the_table_does_something():
    beside = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
    assert set(EFFECTS) | beside == set(METHODS)


def test_reactions_are_the_published_ones(specification):
    text = specification.types["ReactionTypeEmoji"]["fields"][1]["description"]
    assert set(re.findall(r'"([^"]+)"', text)) == EMOJI


async def test_updates_about_everything_people_do_conform(specification, sandbox, api, levan):
    await api("getUpdates", allowed_updates=["message_reaction", "chat_member", *ALL_KINDS])
    nino = sandbox.person("ნინო", last_name="ბერიძე", username="nino", language_code="ka")
    first = await nino.says("/start https://ngo.ge @bot +995 599 12 34 56")
    for kind in (*FILES, *OTHERS):
        await nino.sends(kind, caption="see" if kind == "photo" else "")
    await nino.sends_album(["photo", "photo"], caption="two")
    await nino.says("ja", reply_to=first, quote="/start")
    await nino.edits(first, "changed")
    await nino.reacts(first, "👍")
    shown = await api(
        "sendMessage",
        chat_id=nino.id,
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "b:"}]]},
    )
    await nino.taps("b:")
    await api("deleteMessage", chat_id=nino.id, message_id=shown["message_id"])
    await nino.taps("b:", on=nino.private_chat().messages[shown["message_id"]])
    await nino.blocks()
    await nino.unblocks()
    await nino.asks_inline("petition")
    desk = sandbox.group("Desk", owner=levan)
    await desk.adds_bot(by=levan)
    await desk.becomes_supergroup(by=levan, forum=True)
    await desk.gives_bot_rights(ALL_RIGHTS, by=levan)
    await desk.adds(nino, by=levan)
    thread = await desk.opens_thread("Talk", by=levan)
    await nino.says("hello", desk, thread=thread.id)
    await levan.says("anonymous", desk, thread=thread.id, anonymously=True)
    await desk.renames_thread(thread, "Talks", by=levan)
    await desk.closes_thread(thread, by=levan)
    await desk.reopens_thread(thread, by=levan)
    await desk.promotes(nino, by=levan)
    await desk.removes(nino, by=levan)
    await desk.removes_bot(by=levan)
    channel = sandbox.channel("News")
    await channel.adds_bot(by=levan, rights=ALL_RIGHTS)
    await channel.posts("today")
    updates = await api("getUpdates", limit=100)
    kinds = {kind for update in updates for kind in update} - {"update_id"}
    assert kinds == {*ALL_KINDS, "message_reaction", "chat_member"}
    assert specification.faults(updates, ["Array of Update"]) == []


ALL_KINDS = [
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
]


async def test_results_of_all_methods_conform(specification, sandbox, api, nino, levan, desk):
    photo = await nino.sends("photo", caption="<look>")
    album = [message.id for message in await nino.sends_album(["photo", "document"])]
    voice = await nino.sends("voice")
    document = await nino.sends("document")
    here, there = {"chat_id": nino.id}, {"chat_id": desk.id}
    keyboard = {
        "inline_keyboard": [[{"text": "a", "callback_data": "b:"}, {"text": "c", "url": "https://ngo.ge"}]]
    }
    sent = await api("sendMessage", **here, text="<b>a</b>", parse_mode="HTML", reply_markup=keyboard)
    topic = await api("createForumTopic", **there, name="#1 ka")
    thread = {**there, "message_thread_id": topic["message_thread_id"]}
    from_nino = {"from_chat_id": nino.id}
    tap = await nino.taps("b:")
    query = await nino.asks_inline("x")
    content = {"message_text": "text"}
    article = {"type": "article", "id": "1", "title": "t", "input_message_content": content}
    calls = {
        "getMe": {},
        "close": {},
        "logOut": {},
        "getUpdates": {},
        "getWebhookInfo": {},
        "setWebhook": {"url": ""},
        "deleteWebhook": {},
        "sendMessage": {**thread, "text": "in thread"},
        "sendPhoto": {**here, "photo": photo.content["photo"][0]["file_id"], "caption": "again"},
        "sendDocument": {**here, "document": document.content["document"]["file_id"]},
        "sendVoice": {**here, "voice": voice.content["voice"]["file_id"]},
        "sendChatAction": {**here, "action": "typing"},
        "copyMessage": {**thread, **from_nino, "message_id": photo.id, "caption": "copied"},
        "copyMessages": {**thread, **from_nino, "message_ids": album},
        "forwardMessage": {**thread, **from_nino, "message_id": photo.id},
        "editMessageText": {**here, "message_id": sent["message_id"], "text": "b", "reply_markup": keyboard},
        "editMessageReplyMarkup": {**here, "message_id": sent["message_id"]},
        "setMessageReaction": {
            **here,
            "message_id": photo.id,
            "reaction": [{"type": "emoji", "emoji": "👌"}],
        },
        "pinChatMessage": {**here, "message_id": photo.id},
        "getChat": there,
        "unpinChatMessage": here,
        "deleteMessage": {**here, "message_id": photo.id},
        "deleteMessages": {**here, "message_ids": album},
        "editForumTopic": {**thread, "name": "#1 az"},
        "closeForumTopic": thread,
        "reopenForumTopic": thread,
        "deleteForumTopic": thread,
        "getChatMember": {**there, "user_id": levan.id},
        "getChatAdministrators": there,
        "getChatMemberCount": there,
        "getFile": {"file_id": voice.content["voice"]["file_id"]},
        "answerCallbackQuery": {"callback_query_id": tap.query.id, "text": "ok"},
        "answerInlineQuery": {"inline_query_id": query.query.id, "results": [article]},
        "setMyCommands": {"commands": [{"command": "start", "description": "Begin"}]},
        "getMyCommands": {},
        "getMyDescription": {},
        "getMyShortDescription": {},
        "setMyName": {"name": "Hotline"},
        "setMyDescription": {"description": "…"},
        "setMyShortDescription": {"short_description": "…"},
        "createForumTopic": {**there, "name": "#2"},
        "leaveChat": there,
    }
    assert set(calls) == set(METHODS)
    for method, parameters in calls.items():
        result = await api(method, **parameters)
        returned = specification.methods[method]["returns"]
        assert specification.faults(result, returned, method) == []
