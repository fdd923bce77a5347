"""Methods that answer a button press or an inline query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import keyboards
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.sending import text_content

if TYPE_CHECKING:
    from bot.sandbox.world import Bot, Json, World

TOAST_LENGTH = 200
RESULTS = 50


def answer_callback_query(world: World, bot: Bot, p: Json) -> bool:
    if len(p.get("text", "")) > TOAST_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    return _answer(world, bot, p["callback_query_id"], p)


def answer_inline_query(world: World, bot: Bot, p: Json) -> bool:
    results = p["results"]
    if len(results) > RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    names = [result["id"] for result in results]
    if not all(1 <= len(name.encode()) <= 64 for name in names):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(names)) != len(names):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        content = result["input_message_content"]
        text_content(content | {"text": content["message_text"]})
        keyboards.inline(result.get("reply_markup"))
    return _answer(world, bot, p["inline_query_id"], p)


def _answer(world: World, bot: Bot, query_id: str, answer: Json) -> bool:
    query = world.queries.get(query_id)
    if query is None or query.bot_id != bot.id or query.expired or query.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.answer = answer
    query.pulse.beat()
    return True
