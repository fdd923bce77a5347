"""How a request may be written, and what is refused before it has an effect."""

from __future__ import annotations

import json

import aiohttp
import pytest


async def answer(response):
    return response.status, await response.json()


MARKUP = {"inline_keyboard": [[{"text": "Yes", "callback_data": "helped:yes"}]]}


async def by_query(session, url, parameters):
    return await answer(await session.get(url, params=parameters))


async def by_form(session, url, parameters):
    return await answer(await session.post(url, data=parameters))


async def by_json(session, url, parameters):
    return await answer(await session.post(url, json={**parameters, "reply_markup": MARKUP}))


async def by_json_of_strings(session, url, parameters):
    return await answer(await session.post(url, json=parameters))


async def by_multipart(session, url, parameters):
    with aiohttp.MultipartWriter("form-data") as parts:
        for name, value in parameters.items():
            parts.append(value).set_content_disposition("form-data", name=name)
    return await answer(await session.post(url, data=parts))


@pytest.mark.parametrize("way", [by_query, by_form, by_json, by_json_of_strings, by_multipart])
async def test_a_call_may_be_written_in_each_way(session, api, nino, way):
    parameters = {"chat_id": str(nino.id), "text": "გამარჯობა", "reply_markup": json.dumps(MARKUP)}
    status, result = await way(session, f"{api.base}/sendMessage", parameters)
    assert (status, result["result"]["text"]) == (200, "გამარჯობა")
    assert result["result"]["reply_markup"] == MARKUP


async def test_an_upload_can_be_read_back(session, sandbox, api, nino):
    form = aiohttp.FormData({"chat_id": str(nino.id), "document": "attach://file0", "caption": "plan"})
    form.add_field("file0", b"content", filename="plan.txt", content_type="text/plain")
    _, sent = await answer(await session.post(f"{api.base}/sendDocument", data=form))
    document = sent["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "plan.txt",
        "text/plain",
        7,
    )
    file = await api("getFile", file_id=document["file_id"])
    async with session.get(f"{sandbox.url}/file/bot{sandbox.token}/{file['file_path']}") as response:
        assert await response.read() == b"content"


REFUSALS = {
    ("sendMesage", "{}"): "404 Not Found: method not found",
    ("sendMessage", '{"text": "x"}'): "400 Bad Request: chat_id is empty",
    ("sendMessage", '{"chat_id": 1}'): "400 Bad Request: message text is empty",
    ("sendMessage", '{"chat_id": 1, "text": "x", "txt": "y"}'): '400 Bad Request: unknown parameter "txt"',
    ("sendMessage", '{"chat_id": 1, "text": 5}'): '400 Bad Request: parameter "text" must be of type String',
    ("sendMessage", '{"chat_id": "me", "text": "x"}'): "400 Bad Request: chat not found",
    ("sendMessage", '{"chat_id": true, "text": "x"}'): "400 Bad Request: chat not found",
    ("sendMessage", "[]"): "400 Bad Request: object expected as parameters",
    ("sendMessage", "{"): "400 Bad Request: can't parse JSON object",
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "message_thread_id": "one"}',
    ): '400 Bad Request: parameter "message_thread_id" must be of type Integer',
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "disable_notification": "perhaps"}',
    ): '400 Bad Request: parameter "disable_notification" must be of type Boolean',
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "reply_markup": "{"}',
    ): "400 Bad Request: can't parse reply keyboard markup JSON object",
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "reply_markup": []}',
    ): "400 Bad Request: object expected as reply markup",
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "reply_parameters": {"message": 1}}',
    ): '400 Bad Request: unknown field "message" of ReplyParameters',
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "business_connection_id": "1"}',
    ): '400 Bad Request: parameter "business_connection_id" is not played by the sandbox',
    (
        "sendMessage",
        '{"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "a:"}]]}}',
    ): "400 Bad Request: can't parse inline_keyboard: Can't find field \"text\"",
}


@pytest.mark.parametrize(("method", "body"), REFUSALS)
async def test_a_wrong_call_is_refused(session, api, nino, method, body):
    headers = {"Content-Type": "application/json"}
    status, result = await answer(await session.post(f"{api.base}/{method}", data=body, headers=headers))
    assert f"{status} {result['description']}" == REFUSALS[method, body]
    assert nino.chat[-1].text == "/start"


@pytest.mark.parametrize(
    ("token", "told"),
    [("1:refused", "401 Unauthorized"), ("nonsense", "404 Not Found"), (":a", "404 Not Found")],
)
async def test_a_wrong_token_is_refused(session, sandbox, token, told):
    sandbox.refused_tokens.add("1:refused")
    status, result = await answer(await session.get(f"{sandbox.url}/bot{token}/getMe"))
    assert f"{status} {result['description']}" == told


async def test_each_token_is_a_bot_of_its_own(session, sandbox):
    other = sandbox.bot_of("55:other")
    nino = sandbox.person("Nino")
    await nino.says("to the other", bot=other)
    _, updates = await answer(await session.get(f"{sandbox.url}/bot55:other/getUpdates"))
    assert [update["message"]["text"] for update in updates["result"]] == ["to the other"]
    _, updates = await answer(await session.get(f"{sandbox.url}/bot{sandbox.token}/getUpdates"))
    assert updates["result"] == []


async def test_every_call_is_in_the_journal(sandbox, api, nino, levan):
    await levan.says("/start")
    await api("sendMessage", chat_id=nino.id, text="x")
    await api.refusal("sendMessage", chat_id=levan.id, text="")
    await api("getUpdates")
    first, second = sandbox.journal.calls()
    assert (first.parameters["text"], first.result["text"], first.error) == ("x", "x", None)
    assert sandbox.journal.calls("sendMessage", chat=levan.id) == sandbox.journal.refused() == [second]
    assert first.time <= second.time
    assert (await sandbox.journal.wait_for(lambda call: call.method == "getUpdates")).result
    with pytest.raises(AssertionError, match="sendMessage"):
        await sandbox.journal.wait_for(lambda call: call.method == "forwardMessage", timeout=0.01)
