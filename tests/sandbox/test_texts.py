"""Telegram's HTML, limits of texts and captions, buttons, reactions."""

from __future__ import annotations

import contextlib
import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import parse_html, read_text
from bot.sandbox.errors import ApiError

WRONG = {
    "a < b": "Can't find end tag",
    "<p>x</p>": 'Unsupported start tag "p" at byte offset 0',
    "ო<br>": 'Unsupported start tag "br" at byte offset 3',
    "<b>x": 'Can\'t find end tag corresponding to start tag "b"',
    "x</b>": "Unexpected end tag at byte offset 1",
    "<b><i>x</b></i>": 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    "<b": "Unclosed start tag at byte offset 0",
    "<b>x</b": "Unclosed end tag at byte offset 4",
    '<a href="x': "Unclosed start tag at byte offset 0",
    "<span>x</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    "<>x": 'Unsupported start tag "" at byte offset 0',
}


@pytest.mark.parametrize("source", [source for source in WRONG if source != "a < b"])
def test_bad_html_is_refused_in_telegrams_words(source):
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {WRONG[source]}"


def test_a_bare_angle_bracket_is_refused():
    with pytest.raises(ApiError):
        parse_html("a < b")


RIGHT = {
    "<b>x</b>": ("x", [("bold", 0, 1)]),
    "<b><i>x</i>y</b>": ("xy", [("bold", 0, 2), ("italic", 0, 1)]),
    "🙂<u>ო</u>": ("🙂ო", [("underline", 2, 1)]),
    '<a href="https://ngo.ge/?a=1&amp;b=2">law</a>': ("law", [("text_link", 0, 3)]),
    "<a href='nowhere'>law</a>": ("law", []),
    "1 &lt; 2 &amp;&nbsp;&#39;&#x1F642;": ("1 < 2 &&nbsp;'🙂", []),
    "<pre><code class='language-python'>x</code></pre>": ("x", [("pre", 0, 1)]),
    "<blockquote expandable>x</blockquote>": ("x", [("expandable_blockquote", 0, 1)]),
    "  <b>  x </b> ": ("x", [("bold", 0, 1)]),
    "<b></b>x": ("x", []),
    "<B>x</b>": ("x", [("bold", 0, 1)]),
    "/start and #law": ("/start and #law", [("bot_command", 0, 6), ("hashtag", 11, 4)]),
    "see https://ngo.ge.": ("see https://ngo.ge.", [("url", 4, 14)]),
}


@pytest.mark.parametrize("source", RIGHT)
def test_good_html_is_read_as_telegram_reads_it(source):
    text, entities = read_text(source, "HTML")
    assert (text, [(one["type"], one["offset"], one["length"]) for one in entities]) == RIGHT[source]


@given(st.text())
def test_escaped_text_comes_back_whole(text):
    assert parse_html(html.escape(text)).text == text


@given(st.text())
def test_any_text_is_read_or_refused(source):
    with contextlib.suppress(ApiError):
        text, entities = read_text(source, "HTML")
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        assert all(0 <= one["offset"] < one["offset"] + one["length"] <= length for one in entities)


async def test_texts_have_4096_characters_at_most(api, nino):
    longest = "<b>" + "ო" * 4096 + "</b>"
    assert len((await api("sendMessage", chat_id=nino.id, text=longest, parse_mode="HTML"))["text"]) == 4096
    told = await api.refusal("sendMessage", chat_id=nino.id, text="ო" * 4097)
    assert told == "400 Bad Request: message is too long"


@pytest.mark.parametrize("text", [" \n ", "<b> </b>"])
async def test_texts_of_nothing_are_refused(api, nino, text):
    told = await api.refusal("sendMessage", chat_id=nino.id, text=text, parse_mode="HTML")
    assert told == "400 Bad Request: message text is empty"


async def test_captions_have_1024_characters_at_most(api, nino):
    photo = (await nino.sends("photo")).content["photo"][0]["file_id"]
    told = await api.refusal("sendPhoto", chat_id=nino.id, photo=photo, caption="a" * 1025)
    assert told == "400 Bad Request: message caption is too long"


async def test_other_parse_modes_are_refused(api, nino):
    told = await api.refusal("sendMessage", chat_id=nino.id, text="x", parse_mode="BBCode")
    assert told == "400 Bad Request: unsupported parse_mode"


BUTTONS = {
    "BUTTON_DATA_INVALID": {"text": "a", "callback_data": "ო" * 22},
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard": {"text": "a"},
    "inline keyboard button URL 'no address' is invalid: Wrong HTTP URL": {"text": "a", "url": "no address"},
    "BUTTON_TEXT_INVALID": {"text": " ", "callback_data": "a:"},
}


@pytest.mark.parametrize("told", BUTTONS)
async def test_wrong_buttons_are_refused(api, nino, told):
    markup = {"inline_keyboard": [[BUTTONS[told]]]}
    refusal = await api.refusal("sendMessage", chat_id=nino.id, text="x", reply_markup=markup)
    assert refusal == f"400 Bad Request: {told}"


async def test_button_data_of_64_bytes_passes(api, nino):
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 64}]]}
    assert await api("sendMessage", chat_id=nino.id, text="x", reply_markup=markup)


async def react(api, person, emoji):
    reaction = [{"type": "emoji", "emoji": one} for one in emoji]
    return await api.raw(
        "setMessageReaction", chat_id=person.id, message_id=person.chat[-1].id, reaction=reaction
    )


async def test_reactions_that_telegram_has_are_seen(api, nino):
    assert (await react(api, nino, "👌"))[0] == 200
    assert nino.chat[-1].emoji == ["👌"]
    assert (await react(api, nino, ""))[0] == 200
    assert nino.chat[-1].emoji == []


@pytest.mark.parametrize(("emoji", "told"), [("✅", "REACTION_INVALID"), ("👌👍", "REACTIONS_TOO_MANY")])
async def test_other_reactions_are_refused(api, nino, emoji, told):
    status, answer = await react(api, nino, emoji)
    assert (status, answer["description"]) == (400, f"Bad Request: {told}")


async def test_a_chat_may_restrict_reactions(sandbox, api, desk, levan):
    message = await levan.says("hello", desk)
    desk.allows_reactions(["👍"])
    shown = (await api("getChat", chat_id=desk.id))["available_reactions"]
    assert shown == [{"type": "emoji", "emoji": "👍"}]
    call = {"chat_id": desk.id, "message_id": message.id}
    told = await api.refusal("setMessageReaction", **call, reaction=[{"type": "emoji", "emoji": "👌"}])
    assert told == "400 Bad Request: REACTION_INVALID"
    assert await api("setMessageReaction", **call, reaction=shown)
