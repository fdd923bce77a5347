"""The live knowledge base: imported from files, searched in memory, every change a revision."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.errors import CallerMistake
from bot.model import Answer, Buttons
from bot.storage import Database, Transaction
from bot.storage import entries as rows
from bot.storage.entries import LiveEntry
from knowledge_base import (
    Category,
    Entry,
    Folder,
    Lesson,
    Library,
    Models,
    NotLearned,
    SearchSettings,
    Stock,
    parse,
    render,
)
from knowledge_base.check import unfit

log = logging.getLogger(__name__)

AUTHOR: Final = "files"


@dataclass(frozen=True)
class Knowledge:
    """All that is live at one moment: replaced as a whole, never changed."""

    library: Library
    revisions: Mapping[str, int]
    categories: Mapping[str, Category]
    sources: Mapping[str, Mapping[str, str]]
    """Names of sources in each language, by their titles in the documents."""

    def has(self, entry: str) -> bool:
        return entry in self.revisions

    def has_more(self, entry: str) -> bool:
        return any(text.more for text in self.library.entries[entry].texts.values())

    def answer(self, entry: str, *, more: bool = False, buttons: Buttons = ()) -> Answer:
        return Answer(entry, self.revisions[entry], more, buttons)

    def category_of(self, entry: str) -> str | None:
        return self.library.entries[entry].category if self.has(entry) else None

    def related(self, entry: str) -> list[str]:
        return [each for each in self.library.entries[entry].related if self.has(each)][:3]

    def source(self, title: str, language: str) -> str:
        """A source's name in a language: the title that the document gives it, where there is no other."""
        return self.sources.get(title, {}).get(language, title)

    def in_category(self, category: str) -> list[str]:
        """The entries of a category in the order people see them; new ones come last."""
        held = [each.id for each in self.library.entries.values() if each.category == category]
        order = self.categories[category].entries if category in self.categories else ()
        return sorted(held, key=lambda each: order.index(each) if each in order else len(order))

    def filled_categories(self) -> list[str]:
        """Categories that hold an entry, in the order people see them; those without a name come last."""
        held = {entry.category for entry in self.library.entries.values()}
        return [each for each in self.categories if each in held] + sorted(held - self.categories.keys())


class Shelf:
    """Holds the knowledge that is live now, and notices within a look when it changed."""

    def __init__(
        self, database: Database, settings: SearchSettings, folder: Folder, models: Models | None = None
    ) -> None:
        self._database, self._settings = database, settings
        self._stock: Stock = folder.stock
        self._categories = {category.id: category for category in folder.categories}
        self._sources = folder.sources
        self._stamp: tuple[int, int] | None = None
        self._models = models or Models()
        self._taught: Library | None = None
        self.opened = asyncio.Event()
        """Set once there is something to answer from: nobody is answered before."""
        self.knowledge = self._all_of(Library([], Stock(), settings, self._models), [])

    def _build(self, live: list[LiveEntry]) -> Knowledge:
        parsed = [parsed_entry(each.id, each.category, each.document) for each in live]
        library = Library(parsed, self._stock, self._settings, self._models)
        return self._all_of(library, live)

    def _all_of(self, library: Library, live: list[LiveEntry]) -> Knowledge:
        revisions = {each.id: each.revision for each in live}
        return Knowledge(library, revisions, self._categories, self._sources)

    async def refresh(self) -> bool:
        """Take up what changed, off the event loop: the old knowledge answers meanwhile."""
        async with self._database.read() as tx:
            stamp = await rows.stamp(tx)
            if stamp == self._stamp:
                return False
            live = await rows.live(tx)
        # Before it is built: what is learned meanwhile asks for one more look.
        self._stamp = stamp
        try:
            self.knowledge = await asyncio.to_thread(self._build, live)
        except BaseException:
            self._stamp = None
            raise
        self.opened.set()
        return True

    async def learn(self) -> None:
        """Let the linear models follow what changed, in another process: the old ones serve meanwhile."""
        library = self.knowledge.library
        if library is self._taught:
            return
        lessons = await asyncio.to_thread(self._unlearned, library)
        self._taught = library
        if not lessons:
            return
        try:
            await asyncio.to_thread(self._models.learn_apart, lessons)
        except NotLearned as error:
            if self._models.stopped:
                return
            # Not tried again until something changes: search goes on without, or with the old ones.
            log.error("The search could not learn what changed: %s", error)  # noqa: TRY400 - the reason is in it
            return
        self._stamp = None  # the next look takes up what was learned

    def close(self) -> None:
        """Give up what is being learned: the hotline stops."""
        self._models.stop()

    def _unlearned(self, library: Library) -> list[Lesson]:
        return [lesson for lesson in library.lessons if not self._models.has(lesson)]


@lru_cache(maxsize=4096)
def parsed_entry(entry_id: str, category: str, document: str) -> Entry:
    """A document of the database as an entry (parsed once)."""
    return parse(document, id=entry_id, category=category)


async def at_revision(tx: Transaction, entry_id: str, revision: int) -> Entry:
    """An entry as it was when an answer was decided."""
    found = await rows.document(tx, entry_id, revision)
    if found is None:
        raise LookupError(f"entry {entry_id}, revision {revision}")
    return parsed_entry(entry_id, *found)


@dataclass(frozen=True)
class Imported:
    """What an import did: ids that are new, updated, and kept because they were edited live."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]


def read_folder(path: Path) -> Folder:
    """Read a folder of entries.

    Raises:
        CallerMistake: a line for each mistake in the files and for each entry that cannot be shown.
    """
    try:
        folder = Folder.read(path)
    except NotADirectoryError:
        raise CallerMistake(f"{path} is not a folder: name one that holds <category>/<id>.md.") from None
    if findings := sorted([*folder.findings, *unfit(folder)]):
        raise CallerMistake(*map(str, findings))
    return folder


async def import_folder(tx: Transaction, folder: Folder, *, now: datetime) -> Imported:
    """Make files live. What was edited live stays, and is reported if its file changed too."""
    live = {each.id: each for each in await rows.live(tx)}
    added: list[str] = []
    updated: list[str] = []
    kept: list[str] = []
    for entry in folder.entries.values():
        document = render(entry)
        file_hash = hashlib.sha256(f"{entry.category}\n{document}".encode()).hexdigest()
        old = live.get(entry.id)
        if old is not None and old.file_hash == file_hash:
            continue
        if old is not None and old.edited:
            kept.append(entry.id)
            continue
        (added if old is None else updated).append(entry.id)
        new = LiveEntry(
            id=entry.id,
            category=entry.category,
            document=document,
            file_hash=file_hash,
            edited=False,
            revision=old.revision + 1 if old else 1,
        )
        await rows.save(tx, new, author=AUTHOR, now=now)
    return Imported(tuple(added), tuple(updated), tuple(kept))


async def export_folder(tx: Transaction, path: Path) -> int:
    """Write the live copy out as documents; return how many.

    Raises:
        CallerMistake: the folder cannot be written.
    """
    live = await rows.live(tx)
    try:
        await asyncio.to_thread(path.mkdir, parents=True, exist_ok=True)
        for each in live:
            target = path / each.category / f"{each.id}.md"
            target.parent.mkdir(exist_ok=True)
            target.write_text(each.document, encoding="utf-8")
    except OSError as error:
        raise CallerMistake(f"{path} cannot be written: {error.strerror}.") from error
    return len(live)
