"""The page in a real browser: what a newcomer does, and that nothing foreign becomes HTML."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.async_api import async_playwright, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from bot.sandbox import Sandbox, prepare_demo
from tests.conftest import without

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIETLY = [
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("კი", callback_data="helped:yes"),
            InlineKeyboardButton("არა", callback_data="helped:no"),
        ]
    ]
)


@pytest.fixture
async def demo(sandbox):
    return await prepare_demo(sandbox)


@pytest.fixture
async def hotline(sandbox, demo):
    """A bot that answers in private and marks what is written in threads."""

    async def answer(update, context):
        message = update.message
        if message.chat.type == "private":
            await message.reply_html(f"<b>პასუხი</b>: {message.text_html or ''}", reply_markup=KEYBOARD)
        elif message.is_topic_message and message.text:
            await message.set_reaction("👌")

    async def thank(update, context):
        await update.callback_query.answer("შენახულია", show_alert=update.callback_query.data == "helped:no")
        await update.callback_query.edit_message_text("მადლობა")

    application = Application.builder().token(sandbox.token).base_url(f"{sandbox.url}/bot").build()
    application.add_handler(CallbackQueryHandler(thank))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE, answer))
    async with application:
        await application.updater.start_polling()
        await application.start()
        yield application.bot
        await application.updater.stop()
        await application.stop()


@pytest.fixture
async def browser():
    if CHROMIUM is None:
        without("browser", "there is no Chromium on the PATH")
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--disable-gpu", *QUIETLY, *unconfined]
        )
        yield browser
        await browser.close()


async def opened(browser, sandbox, width=1680, height=950):
    page = await browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(5000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    await page.goto(sandbox.url)
    await page.locator(".phone").first.wait_for()
    return page, errors


async def test_a_newcomer_asks_and_is_answered(browser, sandbox, demo, hotline):
    page, errors = await opened(browser, sandbox)
    phone = page.get_by_test_id("phone-nino")
    await page.get_by_test_id("start-nino").click()
    await expect(phone.get_by_test_id("message").last).to_contain_text("პასუხი: /start")
    await page.get_by_test_id("input-nino").fill("როგორ დავარეგისტრირო ორგანიზაცია?")
    await page.keyboard.press("Enter")
    answer = phone.get_by_test_id("message").last
    await expect(answer.locator("strong")).to_have_text("პასუხი")
    await expect(page.get_by_test_id("input-nino")).to_have_value("")
    await answer.get_by_test_id("button").first.click()
    await expect(page.get_by_test_id("toast-nino")).to_have_text("შენახულია")
    await expect(answer).to_contain_text("მადლობა")
    await expect(answer.get_by_test_id("edited")).to_be_visible()
    await expect(answer.get_by_test_id("button")).to_have_count(0)
    await phone.locator("[data-data='helped:no']").last.click()
    await expect(page.get_by_test_id("alert")).to_contain_text("შენახულია")
    assert [message.text for message in demo.aysel.chat] == []
    assert errors == []


async def test_consultants_write_in_threads_as_whom_they_choose(browser, sandbox, demo, hotline):
    page, errors = await opened(browser, sandbox)
    topic = await hotline.create_forum_topic(demo.desk.id, "#1 ka · Marneuli")
    thread = topic.message_thread_id
    await hotline.send_message(demo.desk.id, "card", message_thread_id=thread)
    entry = page.get_by_test_id(f"thread-{thread}")
    await expect(entry.get_by_label("unread")).to_be_visible()
    await entry.click()
    await expect(page.get_by_test_id("thread-title")).to_contain_text("#1 ka · Marneuli")
    await expect(page.get_by_test_id("messages-desk").get_by_text("card")).to_be_visible()
    await page.get_by_test_id("writer-tamar").click()
    await page.get_by_test_id("input-desk").fill("I take it")
    await page.keyboard.press("Enter")
    message = page.get_by_test_id("messages-desk").get_by_test_id("message").last
    await expect(message.get_by_test_id("reactions")).to_have_text("👌")
    seen = demo.desk.in_thread(thread)[-1]
    assert (seen.text, seen.sender_id) == ("I take it", demo.tamar.id)
    await hotline.close_forum_topic(demo.desk.id, thread)
    await expect(page.get_by_test_id("input-desk")).to_have_attribute("placeholder", "The thread is closed")
    await page.get_by_test_id("input-desk").fill("too late")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("desk").get_by_role("alert")).to_contain_text("closed")
    await page.get_by_test_id("thread-private").click()
    await page.get_by_test_id("input-desk").fill("/gaps")
    await page.keyboard.press("Enter")
    await demo.tamar.sees("პასუხი: /gaps")
    assert errors == []


async def test_attachments_go_out_and_are_shown(browser, sandbox, demo, hotline, tmp_path):
    page, errors = await opened(browser, sandbox)
    phone = page.get_by_test_id("phone-ani")
    for kind in ("photo", "file", "voice", "location", "contact", "sticker"):
        await page.get_by_test_id("attach-ani").click()
        await phone.get_by_test_id(f"attach-{kind}").click()
    for kind in ("photo", "document", "voice", "location", "contact", "sticker"):
        await demo.ani.sees(lambda message, kind=kind: message.kind == kind)
    photo = phone.locator(".photo img").first
    await photo.scroll_into_view_if_needed()
    await page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=await photo.element_handle()
    )
    chosen = tmp_path / "plan.txt"
    chosen.write_text("plan", "utf-8")
    await page.get_by_test_id("file-ani").set_input_files(chosen)
    sent = await demo.ani.sees(lambda m: m.content.get("document", {}).get("file_name") == "plan.txt")
    async with page.expect_download() as download:
        await phone.get_by_text("plan.txt").click()
    assert (await (await download.value).path()).read_text("utf-8") == "plan"
    assert sent.content["document"]["file_size"] == 4
    assert errors == []


async def test_foreign_text_stays_text(browser, sandbox, demo, hotline):
    page, errors = await opened(browser, sandbox)
    await demo.aysel.says("<img src=x onerror=alert(1)> <script>alert(2)</script> javascript:alert(3)")
    phone = page.get_by_test_id("phone-aysel")
    await expect(phone.get_by_test_id("message").first).to_contain_text("<img src=x onerror=alert(1)>")
    await hotline.send_message(
        demo.aysel.id,
        "<a href='javascript://x.y/%0aalert(1)'>bad</a> <a href='https://ngo.ge'>good</a>",
        parse_mode="HTML",
    )
    await expect(phone.get_by_test_id("message").last).to_contain_text("bad good")
    assert await phone.locator("img:not([src^='/page/'])").count() == 0
    links = await phone.locator(".text a").evaluate_all("links => links.map(link => link.href)")
    assert "https://ngo.ge/" in links
    assert not [link for link in links if link.startswith("javascript")]
    assert errors == []


@pytest.mark.parametrize(("width", "shown"), [(1680, 4), (1280, 2), (390, 1)])
async def test_the_page_fits_each_window(browser, sandbox, demo, width, shown):
    page, errors = await opened(browser, sandbox, width=width, height=800)
    screens = page.locator("[data-screen]:visible").filter(has=page.locator(".chat"))
    await expect(page.get_by_test_id("phone-nino")).to_be_visible()
    await expect(screens.locator(":scope.phone, :scope.desk")).to_have_count(shown)
    overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    assert errors == []


async def test_on_a_telephone_tabs_show_what_is_new(browser, sandbox, demo, hotline):
    page, _ = await opened(browser, sandbox, width=390, height=800)
    await expect(page.get_by_test_id("phone-nino")).to_be_visible()
    await demo.ani.says("Բարեւ")
    tab = page.get_by_test_id("tab-ani")
    await expect(tab.get_by_label("unread")).to_be_visible()
    await tab.click()
    await expect(tab.get_by_label("unread")).to_be_hidden()
    await expect(page.get_by_test_id("phone-ani")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_test_id("desk")).to_be_visible()


async def test_each_script_has_letters(browser, sandbox, demo):
    page, _ = await opened(browser, sandbox)
    for name, language in (("nino", "ქართული"), ("aysel", "Azərbaycanca"), ("ani", "Հայերեն")):
        await expect(page.get_by_test_id(f"phone-{name}").get_by_text(language)).to_be_visible()
    client = await page.context.new_cdp_session(page)
    await client.send("DOM.enable")
    await client.send("CSS.enable")
    document = await client.send("DOM.getDocument")
    for name in ("nino", "aysel", "ani"):
        selector = {"nodeId": document["root"]["nodeId"], "selector": f"[data-testid=phone-{name}] .who"}
        node = await client.send("DOM.querySelector", selector)
        fonts = await client.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
        used = {font["familyName"] for font in fonts["fonts"]}
        assert used
        assert all(family.startswith(("Noto Sans", "DejaVu Sans")) for family in used), used


async def test_the_page_comes_back_after_a_restart(browser, tmp_path):
    path = tmp_path / "telegram.json"
    async with Sandbox(state=path) as first:
        demo = await prepare_demo(first)
        await demo.nino.says("before")
        page, _ = await opened(browser, first)
        await expect(page.get_by_test_id("phone-nino").get_by_text("before")).to_be_visible()
        port = int(first.url.rpartition(":")[2])
    await expect(page.get_by_test_id("connection")).to_be_visible()
    async with Sandbox(state=path, port=port) as again:
        demo = await prepare_demo(again)
        await expect(page.get_by_test_id("connection")).to_be_hidden(timeout=10_000)
        await demo.nino.says("after")
        await expect(page.get_by_test_id("phone-nino").get_by_text("after")).to_be_visible()


async def test_other_pages_cannot_act(sandbox, session, demo):
    body = {"person": demo.nino.id, "room": f"person:{demo.nino.id}", "text": "not mine"}
    async with session.post(
        f"{sandbox.url}/page/says", json=body, headers={"Origin": "http://evil.test"}
    ) as answer:
        assert answer.status == 403
    async with session.post(f"{sandbox.url}/page/says", json=body, headers={"Origin": sandbox.url}) as answer:
        assert answer.status == 200
    assert [message.text for message in demo.nino.chat] == ["not mine"]
    async with session.get(f"{sandbox.url}/page/..%2Fserver.py") as answer:
        assert answer.status == 404
