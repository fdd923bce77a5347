"""Persons against a bot of the real library: what they do reaches it, what it does is seen."""

from __future__ import annotations

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.sandbox import ALL_RIGHTS

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="helped:yes:1")]])


async def repeat(update, context):
    message = update.effective_message
    if update.edited_message:
        await message.set_reaction("👀")
    elif message.text:
        await message.reply_html(
            f"You said: <b>{message.text_html}</b>", reply_markup=KEYBOARD, do_quote=True
        )
    elif message.photo:
        file = await message.photo[-1].get_file()
        await message.reply_document(bytes(await file.download_as_bytearray()), filename="back.png")
    else:
        await message.copy(message.chat_id)


async def thank(update, context):
    await update.callback_query.answer("noted")
    await update.callback_query.edit_message_text("Thank you")


async def offer(update, context):
    content = InputTextMessageContent(f"about {update.inline_query.query}")
    await update.inline_query.answer([InlineQueryResultArticle("1", "Title", content)])


@pytest.fixture
async def echo(sandbox):
    """A bot that repeats, polling the sandbox."""
    application = (
        Application.builder()
        .token(sandbox.token)
        .base_url(f"{sandbox.url}/bot")
        .base_file_url(f"{sandbox.url}/file/bot")
        .build()
    )
    application.add_handler(CallbackQueryHandler(thank))
    application.add_handler(InlineQueryHandler(offer))
    application.add_handler(MessageHandler(filters.ALL, repeat))
    async with application:
        await application.updater.start_polling()
        await application.start()
        yield application
        await application.updater.stop()
        await application.stop()


async def test_a_conversation(echo, sandbox, nino):
    said = await nino.says("გამარჯობა <3")
    answer = await nino.sees("You said: გამარჯობა <3", after=said)
    assert answer.content["reply_to_message"]["message_id"] == said.id
    assert answer.content["entities"] == [{"type": "bold", "offset": 10, "length": 12}]
    tap = await nino.taps("helped:")
    assert (await tap.answer())["text"] == "noted"
    thanks = await nino.sees("Thank you")
    assert (thanks.id, thanks.edited, thanks.buttons) == (answer.id, True, [])
    await nino.edits(said, "ნახვამდის")
    await nino.sees(lambda message: message.id == said.id and message.emoji == ["👀"])
    assert sandbox.journal.refused() == []


@pytest.mark.parametrize(
    "kind", ["location", "contact", "sticker", "voice", "video", "venue", "poll", "dice"]
)
async def test_each_kind_of_message_can_be_copied(echo, nino, kind):
    sent = await nino.sends(kind)
    copy = await nino.sees(lambda message: message.from_bot and message.kind == kind, after=sent)
    assert copy.content[kind] == sent.content[kind]


async def test_files_go_there_and_back(echo, nino):
    await nino.sends("photo", data=b"pixels")
    back = await nino.sees(lambda message: message.kind == "document")
    assert back.content["document"]["file_size"] == 6


async def test_stories_in_a_group(echo, sandbox, nino, levan):
    group = sandbox.group("Desk", forum=True, owner=levan)
    await group.adds_bot(by=levan, rights=ALL_RIGHTS)
    await group.adds(nino, by=levan)
    thread = await group.opens_thread("Talk", by=levan)
    asked = await nino.says("here", group, thread=thread.id)
    answer = await group.sees("You said: here", thread=thread.id, after=asked)
    assert answer.thread_id == thread.id
    assert nino.chat[-1].text == "/start"
    tap = await nino.taps("Yes", group=group, thread=thread.id)
    assert tap.button.data == "helped:yes:1"


async def test_inline_results_can_be_picked(echo, sandbox, nino):
    query = await nino.asks_inline("petitions")
    results = await query.results()
    sent = await nino.picks(results[0])
    assert (sent.text, sent.content["via_bot"]["id"]) == ("about petitions", sandbox.bot.id)


async def test_what_is_not_seen_is_told_with_what_is(nino):
    with pytest.raises(AssertionError, match="'ticket' is not to be seen") as told:
        await nino.sees("ticket", patience=0.01)
    assert "/start" in str(told.value)
    with pytest.raises(AssertionError):
        await nino.taps("human:", patience=0.01)


async def test_an_old_screen_still_has_its_buttons(echo, sandbox, nino):
    await nino.says("hello")
    message = await nino.sees("You said")
    await (await nino.taps("helped:yes:1")).answer()
    await nino.sees("Thank you")
    with pytest.raises(AssertionError):
        await nino.taps("helped:yes:1", on=message)
    again = await nino.taps("helped:yes:1", on=message, even_if_gone=True)
    assert (await again.answer())["text"] == "noted"


async def test_channel_posts_reach_the_bot(sandbox, api, levan):
    channel = sandbox.channel("News")
    await channel.adds_bot(by=levan, rights=ALL_RIGHTS)
    await channel.posts("today")
    posted = (await api("getUpdates"))[-1]["channel_post"]
    assert (posted["text"], posted["sender_chat"]["id"], "from" in posted) == ("today", channel.id, False)
    sent = await api("sendMessage", chat_id=channel.id, text="by the bot")
    assert sent["chat"]["type"] == "channel"
