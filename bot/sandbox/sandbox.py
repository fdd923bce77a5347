"""A stand-in for Telegram on this machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.sandbox.driver import Person
from bot.sandbox.groups import Channel, Group
from bot.sandbox.messages import Message
from bot.sandbox.page_server import Page
from bot.sandbox.server import UPLOAD_BYTES, BotApi
from bot.sandbox.state import Keeper
from bot.sandbox.world import Bot, Chat, Json, Member, Query, User, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from bot.sandbox.faults import Faults
    from bot.sandbox.journal import Journal
    from bot.sandbox.limits import Limits

TOKEN = "7900000001:SANDBOX-token-of-the-bot-on-this-machine"  # noqa: S105 - opens nothing but the sandbox
FIRST_PERSON = 7_000_000_000  # Above 2^32, as new accounts have it.
FIRST_GROUP = -4_000_000_000
FIRST_SUPERGROUP = -1_002_000_000_000


class Sandbox:
    """Bot API and page on a loopback port, with persons, groups and channels to act in it.

    `port` 0 takes a free one. `state` is the file that the world is kept in; None forgets it at the end.
    `clock` gives the seconds since 1970 that messages are dated with.
    Use as `async with Sandbox() as sandbox`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state: Path | None = None,
        token: str = TOKEN,
        refused_tokens: Iterable[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = World(clock)
        self.token = token
        self.url = ""
        self._port = port
        self._api = BotApi(self.world, set(refused_tokens))
        self._keeper = Keeper(self.world, state)
        self.is_new = not self._keeper.load()
        self.bot = self.world.bot(int(token.partition(":")[0]))
        self._page = Page(self)
        self._runner: web.AppRunner | None = None

    @property
    def faults(self) -> Faults:
        return self._api.faults

    @property
    def journal(self) -> Journal:
        return self._api.journal

    @property
    def refused_tokens(self) -> set[str]:
        """Tokens that get 401; may be changed at any time."""
        return self._api.refused_tokens

    @property
    def limits(self) -> Limits | None:
        """Telegram's limits on sending; None (the default) has none."""
        return self._api.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self._api.limits = limits

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_BYTES)
        self._api.add_routes(app)
        self._page.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        self._keeper.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.close()
        await self._page.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._keeper.stop()

    def person(
        self,
        name: str,
        *,
        language_code: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """A new person with an account, who has not written to any bot yet."""
        number = FIRST_PERSON + self.world.number()
        optional = {"last_name": last_name, "username": username, "language_code": language_code}
        given = {field: value for field, value in optional.items() if value is not None}
        user = User({"id": number, "is_bot": False, "first_name": name, **given})
        self.world.users[user.id] = user
        return Person(self, user)

    def persons(self) -> list[Person]:
        """All persons there are, oldest first."""
        return [Person(self, user) for user in self.world.users.values()]

    def group(
        self,
        title: str,
        *,
        forum: bool = False,
        supergroup: bool = False,
        owner: Person | None = None,
        members: Iterable[Person] = (),
    ) -> Group:
        """A new group without the bot (see `adds_bot`). A forum is always a supergroup."""
        chat = self.new_chat(title, "supergroup" if supergroup or forum else "group", forum=forum)
        if owner is not None:
            chat.members[owner.id] = Member(owner.user, "creator")
        for person in members:
            chat.members[person.id] = Member(person.user, "member")
        return Group(self, chat)

    def groups(self) -> list[Group]:
        """All groups there are but those that became supergroups, oldest first."""
        return [
            Group(self, chat)
            for chat in self.world.groups.values()
            if chat.kind != "channel" and chat.migrated_to is None
        ]

    def channel(self, title: str) -> Channel:
        return Channel(self, self.new_chat(title, "channel"))

    def bot_of(self, token: str) -> Bot:
        """The bot of another token."""
        return self.world.bot(int(token.partition(":")[0]))

    def inject(self, update: Json, bot: Bot | None = None) -> int:
        """Queue any update just as it is, sound or not, and give its id."""
        return (bot or self.bot).updates.inject(update)

    @property
    def next_update_id(self) -> int:
        return self.bot.updates.next_id

    @next_update_id.setter
    def next_update_id(self, number: int) -> None:
        self.bot.updates.next_id = number

    def expire_queries(self) -> None:
        """From now on the presses and inline queries made so far are too old to be answered."""
        for query in self.world.queries.values():
            query.expired = True

    def press(self, user: User, message: Message, data: str) -> Query:
        """A person presses a button of a message."""
        bot = self.world.bot(message.chat.bot_id or message.sender_id or self.bot.id)
        query = self.new_query(bot)
        seen = message.content
        if message.deleted:
            seen = {"chat": message.chat.json, "message_id": message.id, "date": 0}
        press = {"id": query.id, "from": user.json, "message": seen, "data": data}
        bot.updates.put("callback_query", press | {"chat_instance": str(message.chat.id)})
        return query

    def new_query(self, bot: Bot) -> Query:
        query = Query(str(10**17 + self.world.number()), bot.id)
        self.world.queries[query.id] = query
        return query

    def new_chat(self, title: str, kind: str, *, forum: bool = False) -> Chat:
        base = FIRST_GROUP if kind == "group" else FIRST_SUPERGROUP
        json: Json = {"id": base - self.world.number(), "title": title, "type": kind}
        if forum:
            json["is_forum"] = True
        chat = self.world.groups[json["id"]] = Chat(json)
        self.world.changed("chat", chat, None)
        return chat
