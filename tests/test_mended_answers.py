"""Answers at the edges: a crisis beside a photo, entries that cannot be shown, readers without a language."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.languages import LANGUAGES
from tests.story import FOLDER, Actor, Story, story
from tests.test_announcing import TITLE, forum, publish
from tests.test_commands import command, database, mistaken
from tests.test_handover import open_ticket

CRISIS = {"ka": "ქმარი მცემს, მიშველეთ", "az": "ərim məni döyür"}
ENTRY = """\
+++
[[sources]]
title = "The village"
+++

# ka: როდის იხსნება სოფლის ბიბლიოთეკა?

> ბიბლიოთეკის საათები სოფელში

ბიბლიოთეკა ყოველ შაბათს იხსნება.
"""


def write(folder: Path, documents: Mapping[str, str]) -> str:
    """A folder of entries, by `<category>/<id>`; return its path."""
    for name, document in documents.items():
        path = folder / "base" / "entries" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document, encoding="utf-8")
    return str(folder / "base" / "entries")


# Words of crisis, whatever they stand on


@pytest.mark.parametrize("kind", ["photo", "voice", "document"])
async def test_crisis_in_a_caption_brings_the_numbers_first(hotline: Story, kind: str) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.sends(kind, caption=CRISIS["ka"])
    numbers = await hotline.nino.sees_entry("domestic-violence")
    offered = await hotline.nino.sees("not_text")
    assert numbers.id < offered.id
    await hotline.nino.taps("human:", on=offered)
    await hotline.nino.sees("receipt", number=1)
    thread = await hotline.thread(1)
    await hotline.desk.sees(lambda message: message.kind == kind, thread=thread.id)


async def test_crisis_in_a_caption_brings_the_numbers_before_a_language_is_chosen(hotline: Story) -> None:
    await hotline.aysel.sends("photo", caption=CRISIS["az"])
    await hotline.aysel.sees_entry("domestic-violence")
    await hotline.aysel.sees_words("Choose a language")
    await hotline.zaza.sends("photo", caption="помогите, муж бьет меня")
    assert "116 006" in (await hotline.zaza.sees_words("112")).text


async def test_crisis_in_the_caption_of_an_album_brings_the_numbers_once(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    await hotline.nino.person.sends_album(["photo", "photo", "photo"], caption=CRISIS["ka"])
    await hotline.nino.sees_entry("domestic-violence")
    await hotline.nino.says("/menu")
    await hotline.nino.sees("menu")
    assert count_entry(hotline.nino, "domestic-violence") == 1


async def test_crisis_in_a_caption_brings_the_numbers_while_a_ticket_is_open(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.nino.sends("photo", caption=CRISIS["ka"])
    await hotline.nino.sees_entry("domestic-violence")
    await hotline.desk.sees(lambda message: message.kind == "photo", thread=thread.id)


async def test_crisis_in_an_edited_message_brings_the_numbers(hotline: Story) -> None:
    await hotline.speak(hotline.nino)
    said = await hotline.nino.says("გამარჯობა")
    await hotline.nino.sees("smalltalk_greeting")
    await hotline.nino.person.edits(said, CRISIS["ka"])
    numbers = await hotline.nino.sees_entry("domestic-violence")
    assert numbers.button("human:")
    photo = await hotline.nino.sends("photo", caption="ჩვენი ეზო")
    await hotline.nino.sees("not_text")
    await hotline.nino.person.edits(photo, CRISIS["ka"])
    await hotline.nino.sees_entry("domestic-violence")


async def test_crisis_in_an_edited_message_of_a_ticket_reaches_the_desk_too(hotline: Story) -> None:
    await open_ticket(hotline)
    thread = await hotline.thread(1)
    await hotline.desk_sees(thread, "card")
    said = await hotline.nino.says("კიდევ ერთი რამ")
    await hotline.desk.sees("კიდევ ერთი რამ", thread=thread.id)
    await hotline.nino.person.edits(said, CRISIS["ka"])
    await hotline.nino.sees_entry("domestic-violence")
    await hotline.desk.sees(CRISIS["ka"], thread=thread.id)


def count_entry(actor: Actor, entry: str) -> int:
    title = FOLDER.entries[entry].texts[actor.language].title
    return sum(title in message.text for message in actor.chat)


# Entries from a folder


async def test_entries_that_cannot_be_shown_are_refused_and_the_live_ones_answer_on(
    hotline: Story, tmp_path: Path
) -> None:
    await hotline.speak(hotline.nino)
    paragraph = "ბიბლიოთეკა ყოველ შაბათს იხსნება.\n"
    folder = write(
        tmp_path,
        {
            "village/empty": "",
            "village/heading-only": "# ka:\n",
            "village/no-short-answer": ENTRY.replace(paragraph, ""),
            "village/longer-than-a-message": ENTRY + "\n" + paragraph * 150,
            "village/too-many-emoji": ENTRY + "\n" + "📚" * 1900 + "\n",
            "village/sound": ENTRY,
            "taxes/grant-tax": ENTRY.replace(paragraph, ""),
        },
    )
    ended = await command("entries", "import", folder, env=database(tmp_path))
    said = {
        "empty.md:1: there is no text",
        "heading-only.md:1: the question is missing",
        "heading-only.md:1: the short answer in ka is missing",
        "no-short-answer.md:6: the short answer in ka is missing",
        "longer-than-a-message.md:6: title, answer and sources have",
        "too-many-emoji.md:6: title, answer and sources have",
        "grant-tax.md:6: the short answer in ka is missing",
    }
    mistaken(ended, *said)
    await hotline.nino.says("granti ibegreba?")
    await hotline.nino.sees_entry("grant-tax")
    assert len(await hotline.rows("entries")) == len(FOLDER.entries)


async def test_category_that_only_an_imported_folder_has_can_be_browsed(
    hotline: Story, tmp_path: Path
) -> None:
    await hotline.speak(hotline.nino)
    folder = write(tmp_path, {"village-life/library-hours": ENTRY})
    ended = await command("entries", "import", folder, env=database(tmp_path))
    assert (ended.status, ended.out) == (0, ["New: 1, updated: 0, kept: 0"])
    while not hotline.shelf.knowledge.has("library-hours"):
        await hotline.database.changed(0.2)
    await hotline.nino.taps("browse:")
    menu = await hotline.nino.sees("browse")
    named = menu.button("category:village-life")
    assert named is not None
    assert named.text == "Village life"
    await hotline.nino.taps("category:village-life")
    await hotline.nino.taps("suggest:library-hours")
    await hotline.nino.sees_words("ყოველ შაბათს იხსნება")


# Announcements for whoever has not chosen a language


async def test_announcement_before_a_language_is_chosen_comes_in_all_four(hotline: Story) -> None:
    await hotline.ani.says("/start follow-forums")
    await hotline.ani.sees_words("Choose a language")
    event = await publish(hotline, forum(hotline, capacity=3))
    said = await hotline.ani.person.sees(lambda message: message.button(f"going:{event}") is not None)
    for language in LANGUAGES:
        assert TITLE[language] in said.text
    await hotline.ani.taps("language:hy")
    await hotline.ani.sees("welcome")
    another = await publish(hotline, forum(hotline))
    said = await hotline.ani.person.sees(lambda message: message.button(f"going:{another}") is not None)
    assert TITLE["hy"] in said.text
    assert TITLE["ka"] not in said.text


async def test_long_announcement_before_a_language_is_chosen_is_named_in_all_four(hotline: Story) -> None:
    await hotline.ani.says("/start follow-forums")
    await hotline.ani.sees_words("Choose a language")
    text = {language: f"{language} {'.' * 2900}" for language in LANGUAGES}
    event = await publish(hotline, replace(forum(hotline), text=text))
    said = await hotline.ani.person.sees(lambda message: message.button(f"going:{event}") is not None)
    for language in LANGUAGES:
        assert TITLE[language] in said.text
    assert [language for language in LANGUAGES if f"{language} ..." in said.text] == ["ka"]


# Commands that cannot do their work


@pytest.mark.parametrize("arguments", [("invite", "--role", "admin"), ("doctor",), ("backup", "copy.db")])
async def test_database_of_another_key_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    async with story(tmp_path, staffed=False) as hotline:
        await hotline.speak(hotline.nino)
    other = base64.b64encode(bytes(32)).decode()
    given = [str(tmp_path / each) if each.endswith(".db") else each for each in arguments]
    ended = await command(*given, env=database(tmp_path) | {"HOTLINE_SECRET_KEY": other})
    mistaken(ended, "another HOTLINE_SECRET_KEY")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("name", ["file", "file/entries", "x" * 300])
async def test_entries_are_not_exported_to_an_impossible_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("no folder")
    env = database(tmp_path)
    imported = await command("entries", "import", write(tmp_path, {"village/library-hours": ENTRY}), env=env)
    assert imported.status == 0
    mistaken(await command("entries", "export", str(tmp_path / name), env=env), "cannot be written")
    assert (tmp_path / "file").read_text() == "no folder"


async def test_entries_are_not_exported_over_a_file(tmp_path: Path) -> None:
    env = database(tmp_path)
    await command("entries", "import", write(tmp_path, {"village/library-hours": ENTRY}), env=env)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "village").write_text("no folder")
    mistaken(await command("entries", "export", str(tmp_path / "out"), env=env), "cannot be written")
