"""Stories: persons write to the real hotline over real HTTP, and see what their phones show."""

import asyncio
import contextlib
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import entries, people
from bot.config import Sending, load
from bot.entries import Shelf
from bot.model import Role
from bot.sandbox import ALL_RIGHTS, Group, Message, Person, Sandbox, Tap, Thread
from bot.storage import Database, tables
from bot.storage.migrate import open_database
from bot.storage.seal import Vault
from bot.texts import catalogue
from handlers.clock import start_ticks
from handlers.telegram.application import Edge, edge
from knowledge_base import ENTRIES, Folder, Models

KEY = bytes(range(32))
FOLDER = Folder.read(ENTRIES)
MODELS = Models()
"""Read once for all stories."""
_TAG = re.compile(r"</?[a-z][^>]*>")


def pattern(key: str, language: str, **values: object) -> re.Pattern[str]:
    """What a text looks like on a phone; placeholders that are not given stand for anything."""
    plain = html.unescape(_TAG.sub("", catalogue()[key][language]))
    parts = re.split(r"\{(\w+)\}", plain)
    made = [
        re.escape(part) if index % 2 == 0 else re.escape(str(values[part])) if part in values else ".*?"
        for index, part in enumerate(parts)
    ]
    return re.compile("".join(made) + r"\Z", re.DOTALL)


class Clock:
    """Real time that a story may move on."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def passes(self, **time: float) -> None:
        self.offset += timedelta(**time)


class Actor:
    """A person with a phone, who reads in `language`."""

    def __init__(self, person: Person, language: str) -> None:
        self.person, self.language = person, language
        self._last: Message | None = None

    @property
    def chat(self) -> list[Message]:
        return self.person.chat

    async def says(self, text: str, *args: object, **kwargs: object) -> Message:
        self._last = await self.person.says(text, *args, **kwargs)
        return self._last

    async def sends(self, kind: str, *args: object, **kwargs: object) -> Message:
        self._last = await self.person.sends(kind, *args, **kwargs)
        return self._last

    async def taps(self, wanted: str, **kwargs: object) -> Tap:
        newest = self.chat[-1] if self.chat else None
        tap = await self.person.taps(wanted, **kwargs)
        self._last = newest
        return tap

    async def sees(self, key: str, *, ever: bool = False, **values: object) -> Message:
        """Wait for a text of the catalogue since the person last did something (or `ever`)."""
        wanted = pattern(key, self.language, **values)
        after = None if ever else self._last
        return await self.person.sees(
            lambda message: message.from_bot and wanted.match(message.text) is not None, after=after
        )

    async def sees_words(self, words: str, *, ever: bool = False) -> Message:
        after = None if ever else self._last
        return await self.person.sees(lambda message: words in message.text, after=after)

    async def sees_entry(self, entry: str, language: str | None = None) -> Message:
        """Wait for an answer: its question stands on a line of its own."""
        title = FOLDER.entries[entry].texts[language or self.language].title
        return await self.person.sees(lambda message: title in message.text.splitlines(), after=self._last)

    def saw(self, words: str) -> bool:
        return any(words in message.text for message in self.chat)


@dataclass
class Story:
    """The hotline and everybody in it."""

    sandbox: Sandbox
    database: Database
    shelf: Shelf
    clock: Clock
    edge: Edge
    nino: Actor
    aysel: Actor
    ani: Actor
    levan: Actor
    tamar: Actor
    giorgi: Actor
    zaza: Actor
    desk: Group

    async def staffed(self) -> None:
        """Giorgi, Levan and Tamar accept their invitations, and Giorgi makes the group the desk."""
        for actor, role in (
            (self.giorgi, Role.ADMIN),
            (self.levan, Role.CONSULTANT),
            (self.tamar, Role.CONSULTANT),
        ):
            payload = await self.database.write(
                lambda tx, each=role: people.invite(tx, each, now=self.clock())
            )
            await actor.says(f"/start {payload}")
            await actor.taps("language:ka")
            await actor.sees("welcome")
        await self.desk.adds_bot(by=self.giorgi.person, rights=ALL_RIGHTS)
        await self.giorgi.person.says("/desk", self.desk)
        await self.desk.sees(lambda message: pattern("desk_accepted", "ka").match(message.text) is not None)

    async def thread(self, number: int) -> Thread:
        return await self.desk.thread(f"#{number} ")

    async def desk_sees(self, thread: Thread, key: str, **values: object) -> Message:
        wanted = pattern(key, "ka", **values)
        return await self.desk.sees(
            lambda message: message.from_bot and wanted.match(message.text) is not None, thread=thread.id
        )

    async def speak(self, *actors: Actor) -> None:
        """They choose their language."""
        for actor in actors:
            await actor.says("/start")
            await actor.taps(f"language:{actor.language}")
            await actor.sees("welcome")

    async def rows(self, table: str) -> list[dict[str, object]]:
        async with self.database.read() as tx:
            found = await tx.execute(tables.metadata.tables[table].select())
            return [dict(row._mapping) for row in found]


@contextlib.asynccontextmanager
async def story(
    folder: Path, *, staffed: bool = True, url: str | None = None, **sections: object
) -> AsyncIterator[Story]:
    """The hotline with everybody, on a database of its own."""
    config, _ = load({})
    config = replace(config, **({"sending": Sending(0, 0, 0)} | sections))
    clock = Clock()
    address = url or f"sqlite+aiosqlite:///{folder / 'hotline.db'}"
    async with Sandbox() as sandbox, open_database(address, Vault(KEY)) as database:
        await database.write(lambda tx: entries.import_folder(tx, FOLDER, now=clock()))
        MODELS.stopped = False  # by the story before
        shelf = Shelf(database, config.search, FOLDER, MODELS)
        await shelf.refresh()
        await shelf.learn()  # a first run answers without; every story is to see the same
        await shelf.refresh()
        people_ = {
            name: Actor(sandbox.person(f"{name.title()} of the story", language_code=language), language)
            for name, language in (
                ("nino", "ka"),
                ("aysel", "az"),
                ("ani", "hy"),
                ("levan", "ka"),
                ("tamar", "ka"),
                ("giorgi", "ka"),
                ("zaza", "ka"),
            )
        }
        desk = sandbox.group(
            "Desk",
            forum=True,
            owner=people_["giorgi"].person,
            members=[people_[name].person for name in ("levan", "tamar", "zaza")],
        )
        async with edge(
            sandbox.token, sandbox.url, database=database, shelf=shelf, config=config, now=clock
        ) as telegram:
            polling = asyncio.create_task(telegram.poll())
            start_ticks(telegram.application.job_queue, database, shelf, config, clock)
            told = Story(sandbox, database, shelf, clock, telegram, **people_, desk=desk)
            try:
                if staffed:
                    await told.staffed()
                yield told
            finally:
                shelf.close()
                polling.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await polling
