"""The main job, end to end, as a newcomer does it: `make run`, then in the browser."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
EVENT = """topic = "forums"
starts = {starts}
ends = {ends}
capacity = 30
[title]
ka = "სამოქალაქო ფორუმი მარნეულში"
az = "Marneulidə vətəndaş forumu"
hy = "Քաղաքացիական ֆորում Մառնեուլիում"
en = "Civic forum in Marneuli"
[text]
ka = "ვისაუბროთ იმაზე, რა უნდა შეიცვალოს მუნიციპალიტეტში."
az = "Bələdiyyədə nəyin dəyişməli olduğunu danışaq."
hy = "Խոսենք այն մասին, թե ինչ պետք է փոխվի մունիցիպալիտետում։"
en = "Let us talk about what should change in the municipality."
[place]
ka = "მარნეული, კულტურის სახლი"
az = "Marneuli, Mədəniyyət evi"
hy = "Մառնեուլի, Մշակույթի տուն"
en = "Marneuli, House of Culture"
"""


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return kept | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """`python -m bot` in a folder of its own; ends well on SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "sandbox", "--port", "0",
        cwd=tmp_path, env=environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    async with asyncio.timeout(30):
        while not (found := re.search(rb"http://\S+/", await process.stdout.readline())):
            pass
    yield found[0].decode()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        assert await process.wait() == 0


async def ask(page: Page, who: str, text: str) -> None:
    await page.get_by_test_id(f"input-{who}").fill(text)
    await page.get_by_test_id(f"input-{who}").press("Enter")


async def announce(folder: Path) -> None:
    starts = datetime.now() + timedelta(days=5)  # noqa: DTZ005 - a local time is meant, as in event files
    path = folder / "event.toml"
    path.write_text(
        EVENT.format(starts=f"{starts:%Y-%m-%dT10:00:00}", ends=f"{starts:%Y-%m-%dT16:00:00}"),
        encoding="utf-8",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "event", "add", str(path), "--publish", cwd=folder, env=environment()
    )
    assert await process.wait() == 0


async def test_newcomer_does_the_main_job_in_the_browser(address: str, tmp_path: Path) -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 1680, "height": 1000}, reduced_motion="reduce")
        page.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        await page.goto(address)
        for who, language, question, answer in (
            ("nino", "ka", "granti ibegreba?", "იბეგრება თუ არა გრანტი?"),
            ("ani", "hy", "Ի՞նչ փաստաթղթեր են պետք ՀԿ գրանցելու համար", "փաստաթղթեր"),
        ):
            phone = page.get_by_test_id(f"phone-{who}")
            await page.get_by_test_id(f"start-{who}").click()
            await phone.locator(f"[data-data='language:{language}']").click()
            await ask(page, who, question)
            await expect(phone.get_by_test_id("message").last).to_contain_text(answer)
        aysel = page.get_by_test_id("phone-aysel")
        desk = page.get_by_test_id("desk")
        await page.get_by_test_id("start-aysel").click()
        await aysel.locator("[data-data='language:az']").click()
        await ask(page, "aysel", "QHT necə qeydiyyatdan keçirilir?")
        await expect(aysel.get_by_test_id("message").last).to_contain_text(
            "QHT-ni necə qeydiyyatdan keçirmək olar?"
        )

        await aysel.locator("[data-data^='human:']").last.click()
        await expect(aysel.get_by_test_id("message").filter(has_text="#1").first).to_be_visible()
        await page.locator("[data-testid^='thread-']").filter(has_text="#1").click()
        await expect(desk.get_by_test_id("message").first).to_contain_text("QHT necə qeydiyyatdan keçirilir?")
        await page.get_by_test_id("writer-tamar").click()
        await ask(page, "desk", "Salam! Marneulidəki Ədliyyə Evinə müraciət edə bilərsiniz.")
        await expect(aysel.get_by_test_id("message").last).to_contain_text("Marneulidəki Ədliyyə Evinə")
        await expect(desk.get_by_test_id("reactions").first).to_contain_text("👌")

        await ask(page, "aysel", "/start follow-forums")
        await expect(aysel.locator("[data-data='stop:forums']").last).to_be_visible()
        await announce(tmp_path)
        await expect(aysel.get_by_test_id("message").last).to_contain_text("Marneulidə vətəndaş forumu")
        if picture := os.environ.get("HOTLINE_TEST_PICTURE"):
            await page.screenshot(path=picture)
        await aysel.locator("[data-data^='going:']").last.click()
        await expect(aysel.get_by_test_id("message").last).to_contain_text("Sizi gözləyirik")
