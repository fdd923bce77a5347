"""The command line as a real process: exit codes and plain lines (DESIGN.md, fixed interfaces)."""

import asyncio
import base64
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import clock
from bot.config import ROOT, load
from bot.entries import Shelf
from bot.errors import CallerMistake
from bot.sandbox import TOKEN, Person, Sandbox
from bot.storage.migrate import open_database
from bot.storage.seal import Vault
from handlers.telegram import poller
from handlers.telegram.application import edge
from knowledge_base import ENTRIES, parse, render
from tests.process import environment, running
from tests.story import FOLDER, pattern

KEY = base64.b64encode(bytes(range(32))).decode()
EVENT = """
topic = "forums"
starts = 2031-12-05T10:00:00
ends = 2031-12-05T14:00:00
capacity = 20
[title]
ka = "ფორუმი"
az = "Forum"
hy = "Ֆորում"
en = "Forum"
[text]
ka = "ტექსტი"
az = "Mətn"
hy = "Տեքստ"
en = "Text"
[place]
ka = "მარნეული"
az = "Marneuli"
hy = "Մառնեուլի"
en = "Marneuli"
"""
ENTRY = "knowledge_base/entries/civic-participation/petition.md"


@dataclass(frozen=True)
class Ended:
    status: int
    out: list[str]
    err: list[str]


async def command(*arguments: str, module: str = "bot", env: dict[str, str] | None = None) -> Ended:
    """`python -m bot <arguments>` to its end, without any HOTLINE_ variable but those of `env`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        env=kept | (env or {}), cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode().splitlines(), err.decode().splitlines())


def database(folder: Path) -> dict[str, str]:
    return {
        "HOTLINE_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'hotline.db'}",
        "HOTLINE_SECRET_KEY": KEY,
    }


def online(folder: Path, **more: str) -> dict[str, str]:
    """A token, and an API that nobody may reach: mistakes are found before it is called."""
    given = {"HOTLINE_TELEGRAM_TOKEN": TOKEN, "HOTLINE_TELEGRAM_API_URL": "http://127.0.0.1:9"}
    return {name: value for name, value in (database(folder) | given | more).items() if value}


def mistaken(ended: Ended, *parts: str) -> None:
    """Exit 2, one plain line on stderr for each mistake, in any order, and nothing else."""
    assert ended.status == 2, ended
    assert ended.out == []
    assert len(ended.err) == len(parts), ended.err
    for part in parts:
        assert sum(part in line for line in ended.err) == 1, (part, ended.err)
    assert not any("Traceback" in line for line in ended.err)


# Mistakes of the caller


async def test_broken_configuration_tells_all_mistakes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[hours]\nfrom = "ten"\n[colours]\nred = 1\n[desk]\nlanguage = "ru"\n')
    ended = await command("run", env=online(tmp_path, HOTLINE_CONFIG=str(path), HOTLINE_DEKS_LANGUAGE="ka"))
    mistaken(ended, "[hours] from", "[colours]", "[desk] language", "HOTLINE_DEKS_LANGUAGE")
    assert not (tmp_path / "hotline.db").exists()


@pytest.mark.parametrize("text", ["[hours\n", "\ud800", None])
async def test_configuration_that_cannot_be_read_is_one_line(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "config.toml"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    mistaken(await command("run", env=online(tmp_path, HOTLINE_CONFIG=str(path))), str(path))


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"HOTLINE_SECRET_KEY": ""}, "HOTLINE_SECRET_KEY is not set"),
        ({"HOTLINE_SECRET_KEY": base64.b64encode(bytes(16)).decode()}, "32 random bytes"),
        ({"HOTLINE_SECRET_KEY": "გასაღები"}, "32 random bytes"),
        ({"HOTLINE_NONSENSE": "1"}, "HOTLINE_NONSENSE"),
        ({"HOTLINE_TELEGRAM_API_URL": "", "HOTLINE_TEST_CLOCK_FILE": "clock"}, "HOTLINE_TEST_CLOCK_FILE"),
        ({"HOTLINE_TELEGRAM_TOKEN": "no-token"}, "does not look like a token"),
        ({"HOTLINE_DATABASE_URL": "mysql://x"}, "HOTLINE_DATABASE_URL must be"),
        ({"HOTLINE_DATABASE_URL": "nonsense"}, "HOTLINE_DATABASE_URL must be"),
    ],
)
async def test_run_with_a_wrong_variable_ends_at_once(
    tmp_path: Path, given: dict[str, str], part: str
) -> None:
    mistaken(await command("run", env=online(tmp_path, **given)), part)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("fly",), "fly"),
        (("invite",), "--role"),
        (("invite", "--role", "king"), "king"),
        (("entries",), "action"),
        (("sandbox", "--port", "many"), "many"),
        (("run", "faster"), "faster"),
    ],
)
async def test_wrong_arguments_are_one_line(tmp_path: Path, arguments: tuple[str, ...], part: str) -> None:
    mistaken(await command(*arguments, env=database(tmp_path)), part)


async def test_run_without_a_token_says_where_one_is_given(tmp_path: Path) -> None:
    mistaken(await command("run", env=database(tmp_path)), "HOTLINE_TELEGRAM_TOKEN is not set")


async def test_wrong_token_ends_the_run(tmp_path: Path) -> None:
    async with Sandbox(refused_tokens=[TOKEN]) as sandbox:
        ended = await command("run", env=online(tmp_path, HOTLINE_TELEGRAM_API_URL=sandbox.url))
    assert ended.status == 2
    assert "token" in ended.err[-1]
    assert not any("Traceback" in line for line in ended.err)


async def test_token_revoked_while_running_ends_the_run(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        env = environment(tmp_path / "hotline.db", token=TOKEN, api_url=sandbox.url)
        async with running("bot", "run", env=env) as process:
            await process.ready()
            sandbox.refused_tokens.add(TOKEN)
            await sandbox.person("Nino").says("/start")  # ends the poll that waits
            assert await process.ends() == 2
            assert "token" in process.lines[-1]
            assert not any("Traceback" in line for line in process.lines)


async def test_second_run_on_the_same_database_is_refused(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        env = environment(tmp_path / "hotline.db", token=TOKEN, api_url=sandbox.url)
        async with running("bot", "run", env=env) as process:
            await process.ready()
            mistaken(await command("run", env=env), "stop it first")
            assert await process.stop() == 0


async def test_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        port = sandbox.url.rpartition(":")[2]
        mistaken(await command("sandbox", "--port", port, env=database(tmp_path)), port)


async def test_second_poller_ends_the_run_after_a_while(tmp_path: Path) -> None:
    config, _ = load({})
    address = database(tmp_path)["HOTLINE_DATABASE_URL"]
    async with Sandbox() as sandbox, open_database(address, Vault(bytes(32))) as opened:
        shelf = Shelf(opened, config.search, FOLDER)
        conflict = "Conflict: terminated by other getUpdates request"
        fault = sandbox.faults.refuse(409, conflict, method="getUpdates", times=None)
        now = clock(None)
        async with edge(TOKEN, sandbox.url, database=opened, shelf=shelf, config=config, now=now) as telegram:
            with pytest.raises(CallerMistake) as refused:
                await poller.poll(telegram.application, telegram.inbox, outlast=0.1)
    assert len(refused.value.lines) == 1
    assert fault.hits == 2  # it tried on before it gave up


async def test_unreachable_api_is_waited_for(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        fault = sandbox.faults.refuse(502, "Bad Gateway", method="getMe")
        env = environment(tmp_path / "hotline.db", token=TOKEN, api_url=sandbox.url)
        async with running("bot", "run", env=env) as process:
            await process.says("out of reach")
            await process.ready()
            assert fault.hits == 1
            assert await process.stop() == 0


# invite, event, entries


async def test_invitation_is_printed_last_and_works_once(tmp_path: Path) -> None:
    env = database(tmp_path)
    ended = await command("invite", "--role", "admin", env=env)
    assert (ended.status, ended.err) == (0, [])
    payload = ended.out[-1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", payload)
    again = await command("invite", "--role", "consultant", env=env)
    assert again.out[-1] != payload
    async with hotline_on(tmp_path) as sandbox:
        giorgi, zaza = (sandbox.person(name, language_code="ka") for name in ("Giorgi", "Zaza"))
        for person, key in ((giorgi, "invite_accepted"), (zaza, "invite_invalid")):
            await person.says("/start")
            await person.taps("language:ka")
            await sees(person, "welcome")
            await person.says(f"/start {payload}")
            await sees(person, key)


async def sees(person: Person, key: str) -> None:
    await person.sees(lambda message: pattern(key, "ka").match(message.text) is not None)


@contextlib.asynccontextmanager
async def hotline_on(folder: Path) -> AsyncIterator[Sandbox]:
    """The hotline as a process of its own on the folder's database."""
    async with Sandbox() as sandbox:
        env = environment(folder / "hotline.db", token=TOKEN, api_url=sandbox.url)
        async with running("bot", "run", env=env) as process:
            await process.ready()
            yield sandbox
            assert await process.stop() == 0
            assert not any("Traceback" in line for line in process.lines)


async def test_event_is_added_and_its_id_printed_last(tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    path.write_text(EVENT, encoding="utf-8")
    for number in ("1", "2"):
        ended = await command("event", "add", str(path), env=database(tmp_path))
        assert (ended.status, ended.out[-1], ended.err) == (0, number, [])


async def test_event_with_mistakes_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    wrong = EVENT.replace('"forums"', '"weddings"').replace("20\n", "0\n").replace('hy = "Ֆորում"\n', "")
    path.write_text(wrong, encoding="utf-8")
    ended = await command("event", "add", str(path), "--publish", env=database(tmp_path))
    mistaken(ended, "topic must be", "capacity must be", "[title] hy is missing")
    mistaken(await command("event", "add", str(tmp_path / "none.toml"), env=database(tmp_path)), "none.toml")


async def test_published_event_reaches_its_followers_while_the_hotline_runs(tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    path.write_text(EVENT, encoding="utf-8")
    async with hotline_on(tmp_path) as sandbox:
        nino = sandbox.person("Nino", language_code="ka")
        await nino.says("/start follow-forums")
        await nino.taps("language:ka")
        await sees(nino, "welcome")
        ended = await command("event", "add", str(path), "--publish", env=database(tmp_path))
        await nino.sees(lambda message: message.button(f"going:{ended.out[-1]}") is not None)


def changed_copy(folder: Path, phrase: str) -> Path:
    """The petition's entry with one more phrasing, alone in a folder of entries."""
    text = (ROOT / ENTRY).read_text(encoding="utf-8")
    entry = folder / "base" / "entries" / "civic-participation" / "petition.md"
    entry.parent.mkdir(parents=True)
    head, heading, rest = text.partition("\n# ka:")
    title, gap, body = rest.partition("\n\n> ")
    entry.write_text(f"{head}{heading}{title}{gap}{phrase}\n> {body}", encoding="utf-8")
    return folder / "base" / "entries"


async def test_imported_phrasing_is_answered_by_the_running_hotline(tmp_path: Path) -> None:
    phrase = "ძაღლების თავშესაფარი გვინდა მთელ უბანს და ერთად ვაწერთ ხელს ქაღალდზე"
    async with hotline_on(tmp_path) as sandbox:
        nino = sandbox.person("Nino", language_code="ka")
        await nino.says("/start")
        await nino.taps("language:ka")
        await sees(nino, "welcome")
        folder = changed_copy(tmp_path, phrase)
        ended = await command("entries", "import", str(folder), env=database(tmp_path))
        assert (ended.status, ended.err) == (0, [])
        assert "updated: 1" in ended.out[0]
        async with asyncio.timeout(20):  # how soon it is: `make bench`
            while True:  # asked anew until the new phrasing is live: each reply is waited for
                asked = await nino.says(phrase)
                reply = await nino.sees(lambda message: message.from_bot, after=asked)
                if reply.button("helped:yes:petition") or reply.button("more:petition"):
                    break


async def test_exported_entries_are_canonical_and_come_back_unchanged(tmp_path: Path) -> None:
    env = database(tmp_path)
    first = await command("entries", "import", str(ENTRIES), env=env)
    count = len(list(ENTRIES.glob("*/*.md")))
    assert (first.status, first.out) == (0, [f"New: {count}, updated: 0, kept: 0"])
    folder = tmp_path / "out" / "entries"
    exported = await command("entries", "export", str(folder), env=env)
    assert (exported.status, exported.err) == (0, [])
    for shipped in ENTRIES.glob("*/*.md"):
        written = (folder / shipped.relative_to(ENTRIES)).read_text(encoding="utf-8")
        assert written == shipped.read_text(encoding="utf-8"), shipped.name
        assert render(parse(written, id=shipped.stem, category=shipped.parent.name)) == written
    again = await command("entries", "import", str(folder), env=env)
    assert (again.status, again.out) == (0, ["New: 0, updated: 0, kept: 0"])


async def test_broken_entry_files_are_refused_with_a_line_for_each_mistake(tmp_path: Path) -> None:
    folder = changed_copy(tmp_path, "ახალი ფრაზა") / "civic-participation"
    good = (folder / "petition.md").read_text(encoding="utf-8")
    (folder / "petition.md").write_text(
        good.replace("urgent = false", 'urgent = "perhaps"'), encoding="utf-8"
    )
    (folder / "other.md").write_text("no entry at all\n", encoding="utf-8")
    env = database(tmp_path)
    ended = await command("entries", "import", str(folder.parent), env=env)
    assert ended.status == 2
    assert ended.out == []
    assert any("petition.md" in line and "urgent" in line for line in ended.err)
    assert any("other.md" in line for line in ended.err)
    assert not any("Traceback" in line for line in ended.err)
    exported = await command("entries", "export", str(tmp_path / "none"), env=env)
    assert "Written: 0" in exported.out[0]


async def test_entries_of_no_folder_are_refused(tmp_path: Path) -> None:
    ended = await command("entries", "import", str(tmp_path / "nowhere"), env=database(tmp_path))
    mistaken(ended, "nowhere")
