"""What is edited in the running hotline is found at once, and the linear models follow."""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.entries import Shelf, import_folder
from bot.storage import Database
from bot.storage import entries as rows
from bot.storage.migrate import open_database
from bot.storage.seal import Vault
from knowledge_base import Answered, Folder, SearchSettings, render
from tests.knowledge_base import examples

NEW = "our street is dark at night"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.read(examples.folder(tmp_path))


@pytest.fixture
async def database(
    tmp_path: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """A database with the small knowledge base, in a project folder without models."""
    monkeypatch.chdir(tmp_path)
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}", Vault(bytes(32))) as opened:
        await opened.write(lambda tx: import_folder(tx, folder, now=NOW))
        yield opened


async def edit(database: Database, folder: Folder) -> None:
    """Give the petition a new phrasing."""
    entry = folder.entries["petition"]
    text = entry.texts["en"]
    text = replace(text, phrasings=(*text.phrasings, NEW))
    document = render(replace(entry, texts={**entry.texts, "en": text}))
    live = rows.LiveEntry("petition", "all", document, file_hash="", edited=True, revision=2)
    await database.write(lambda tx: rows.save(tx, live, author="editor", now=NOW))


def answered(shelf: Shelf, text: str) -> str | None:
    outcome = shelf.knowledge.library.search(text)
    return outcome.entry if isinstance(outcome, Answered) else None


def learned(shelf: Shelf) -> bool:
    return all(map(shelf._models.has, shelf.knowledge.library.lessons))


async def test_an_edit_is_found_at_the_next_look_and_the_models_follow(
    database: Database, folder: Folder
) -> None:
    shelf = Shelf(database, SearchSettings(), folder)
    assert await shelf.refresh()
    await shelf.learn()
    assert await shelf.refresh()
    assert learned(shelf)
    assert answered(shelf, NEW) is None

    await edit(database, folder)
    assert await shelf.refresh()
    assert answered(shelf, NEW) == "petition"
    assert not learned(shelf)

    await shelf.learn()
    assert await shelf.refresh()
    assert learned(shelf)
    assert answered(shelf, NEW) == "petition"
    await shelf.learn()
    assert not await shelf.refresh()


async def test_search_goes_on_when_the_process_that_learns_fails(
    database: Database, folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(database, SearchSettings(), folder)
    await shelf.refresh()
    monkeypatch.setattr(sys, "executable", "no-python")
    await shelf.learn()
    await shelf.learn()
    assert caplog.text.count("could not learn what changed") == 1
    assert not learned(shelf)
    assert answered(shelf, "open an ngo") == "register-ngo"

    await edit(database, folder)
    assert await shelf.refresh()
    assert answered(shelf, NEW) == "petition"


async def test_models_that_cannot_be_kept_are_not_learned_again_and_again(
    database: Database, folder: Folder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "var").touch()
    shelf = Shelf(database, SearchSettings(), folder)
    await shelf.refresh()
    await shelf.learn()
    await shelf.learn()
    assert caplog.text.count("could not learn what changed") == 1
    assert not await shelf.refresh()
    assert answered(shelf, "open an ngo") == "register-ngo"
