"""Updates are received, stored, acknowledged; then handled in lanes: a chat in order, chats side by side."""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from telegram import Chat, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot import buttons, outbox, people
from bot.storage import Database, Transaction, Unavailable
from bot.storage import inbox as rows
from bot.storage.inbox import Received
from handlers.telegram.context import App, Context, Hotline
from handlers.telegram.request import seconds_to_wait

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
IN_HAND: Final = 32  # updates handled at a time
BACKLOG: Final = 2000  # received and waiting: no more are fetched then
LONGEST_PAUSE: Final = 30.0  # seconds, while the database or Telegram is out of reach
# What Telegram will say again, however often it is asked.
_FINAL: Final = (BadRequest, Forbidden, ChatMigrated)


class Inbox:
    """Every update is in the database before Telegram is told that we have it."""

    def __init__(self, hotline: Hotline, application: App, bot_id: int) -> None:
        self._hotline, self._application, self._bot_id = hotline, application, bot_id
        self._lanes: dict[int, deque[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(IN_HAND)
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._stopping = asyncio.Event()
        application.add_error_handler(self._note_failure)

    @property
    def _database(self) -> Database:
        return self._hotline.database

    async def recover(self) -> None:
        """What a last run left: one after another and alone, each attempt counted before it is made.

        So an update that kills the process is set aside after three deaths, and its neighbours are not.
        """
        async with self._database.read() as tx:
            left = await rows.waiting(tx, self._bot_id)
        if left:
            await self._until_open()
        for received in left:
            if self._stopping.is_set():
                return
            failures = await self._database.write(partial(rows.count_failure, received=received))
            if failures > ATTEMPTS:
                await self._set_aside(received)
                continue
            try:
                await self._handle(received, failures=failures - 1, counted=True)
            except TelegramError:
                self._enqueue(received)  # it kills nothing: the others need not wait for Telegram

    async def accept(self, raws: Sequence[dict[str, Any]]) -> None:
        """Store a batch in one commit and put it into its lanes.

        Raises:
            Unavailable: nothing was stored; fetch the batch again.
        """
        await self._room.wait()
        vault = self._database.vault
        batch = [
            Received(
                self._bot_id, raw["update_id"], vault.lane(*_lane(raw)), json.dumps(raw, ensure_ascii=False)
            )
            for raw in raws
        ]

        async def store(tx: Transaction) -> set[int]:
            known = await rows.known(tx, self._bot_id, [each.update_id for each in batch])
            await rows.store(tx, [each for each in batch if each.update_id not in known], self._hotline.now())
            return known

        known = await self._database.write(store)
        for received in batch:
            if received.update_id not in known:
                self._enqueue(received)

    def _enqueue(self, received: Received) -> None:
        self._waiting += 1
        if self._waiting >= BACKLOG:
            self._room.clear()
        if received.lane in self._lanes:
            self._lanes[received.lane].append(received)
            return
        self._lanes[received.lane] = deque([received])
        task = asyncio.create_task(self._work(received.lane), name=f"lane {received.lane}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, lane: int) -> None:
        queue = self._lanes[lane]
        await self._until_open()
        while queue and not self._stopping.is_set():
            async with self._slots:
                await self._patiently(queue[0])
            queue.popleft()
            self._waiting -= 1
            if self._waiting < BACKLOG:
                self._room.set()
        del self._lanes[lane]

    async def _until_open(self) -> None:
        """Wait until there is something to answer from, or we stop."""
        opened = self._hotline.shelf.opened
        if opened.is_set():
            return
        waits = [asyncio.create_task(event.wait()) for event in (opened, self._stopping)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def stop(self) -> None:
        """Finish what is in hand; the rest is handled at the next start."""
        self._stopping.set()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _handle(self, received: Received, *, failures: int = 0, counted: bool = False) -> None:
        """Handle one update until it is done or set aside; wait while the database is out of reach.

        Raises:
            TelegramError: Telegram had to be asked something first, and is out of reach.
        """
        pause = 0.5
        while True:
            try:
                await self._bring_to_an_end(received, failures=failures, counted=counted)
            except Unavailable as error:
                log.warning("The database cannot be written; update %s waits: %s", received.update_id, error)
                await self._sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                if self._stopping.is_set():
                    return
            else:
                return

    async def _patiently(self, received: Received) -> None:
        """Handle one update; where Telegram has to be asked first, wait until it can answer."""
        pause = 0.5
        while not self._stopping.is_set():
            try:
                await self._handle(received)
            except TelegramError as error:
                wait = seconds_to_wait(error) if isinstance(error, RetryAfter) else pause
                reason = type(error).__name__
                log.warning("Telegram cannot be asked (%s); update %s waits.", reason, received.update_id)
                await self._sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def _sleep(self, seconds: float) -> None:
        """Wait, but not longer than until the end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _bring_to_an_end(self, received: Received, *, failures: int, counted: bool) -> None:
        try:
            update = Update.de_json(json.loads(received.payload), self._application.bot)
        except Exception as error:  # noqa: BLE001 - whatever the library stumbles over
            reason = type(error).__name__  # its text could hold the person's
            log.error("Update %s cannot be parsed: %s.", received.update_id, reason)  # noqa: TRY400 - no text in logs
            await self._set_aside(received, told="admin_unreadable")
            return
        while True:
            failure = await self._attempt(update, received)
            if failure is None:
                return
            if isinstance(failure, Unavailable | TelegramError) and not isinstance(failure, _FINAL):
                raise failure  # not the update's fault
            log.error("Update %s failed.", received.update_id, exc_info=failure)
            if not counted:
                failures = await self._database.write(partial(rows.count_failure, received=received))
            else:
                failures, counted = failures + 1, False
            if failures >= ATTEMPTS:
                await self._set_aside(received)
                return

    async def _attempt(self, update: Update, received: Received) -> Exception | None:
        hotline = self._hotline
        hotline.in_hand[update.update_id] = received
        try:
            await self._application.process_update(update)
            failure = hotline.failed.pop(update.update_id, None)
            if failure is None:
                # What no route listens to is done too; for the rest this changes nothing.
                await self._finish(received)
        finally:
            del hotline.in_hand[update.update_id]
        return failure

    async def _finish(self, received: Received) -> None:
        if received.update_id in self._hotline.handled:
            self._hotline.handled.discard(received.update_id)
            return
        await self._database.write(lambda tx: rows.done(tx, received, self._hotline.now()))

    async def _note_failure(self, update: object, context: Context) -> None:
        """The library swallows what a handler raises: note it, or a failed update would count as done."""
        if isinstance(update, Update) and isinstance(context.error, Exception):
            self._hotline.failed[update.update_id] = context.error

    async def _set_aside(self, received: Received, *, told: str = "admin_set_aside") -> None:
        """Keep it for whoever looks into it; the person gets an apology and the menu, admins are told."""
        now = self._hotline.now()
        sender = _private(json.loads(received.payload))  # raw: to parse it may be what killed the process

        async def work(tx: Transaction) -> None:
            await rows.set_aside(tx, received, now)
            await outbox.tell_admins(tx, told, now=now, number=received.update_id)
            if sender is not None:
                person = await people.meet(tx, sender, now=now)
                await outbox.say(tx, person.id, "sorry", now=now, buttons=buttons.menu())

        await self._database.write(work)


def _lane(raw: dict[str, Any]) -> tuple[object, ...]:
    """The lane of a raw update: its chat and thread. What has neither shares one."""
    chat, thread = _chat(raw)
    return (chat.get("id"), thread)


def _private(raw: dict[str, Any]) -> int | None:
    """Telegram's id of the person in whose private chat a raw update came about."""
    chat, _ = _chat(raw)
    number = chat.get("id")
    return number if chat.get("type") == Chat.PRIVATE and isinstance(number, int) else None


def _chat(raw: dict[str, Any]) -> tuple[dict[str, Any], object]:
    """The chat of a raw update, or its sender where it has none; and the thread."""
    for kind, value in raw.items():
        if kind == "update_id" or not isinstance(value, dict):
            continue
        inner = value.get("message")
        message: dict[str, Any] = inner if isinstance(inner, dict) else value
        chat = message.get("chat") or value.get("from") or value.get("user")
        if isinstance(chat, dict):
            return chat, message.get("message_thread_id")
    return {}, None
