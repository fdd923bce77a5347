"""Nothing is sent except by the courier: it takes due outbox rows and brings them out."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from bot import entries, messenger, outbox, threads
from bot.budget import Budget, ChatKey
from bot.messenger import Messenger, Parcel, Sent
from bot.model import Announce, Answer, Call, Class, Copy, LeaveGroup, OpenThread, React, Say
from bot.storage import Database, Transaction, Unavailable, events, groups, people
from bot.storage import outbox as rows
from bot.storage import tickets as ticket_rows
from bot.storage.outbox import Row
from knowledge_base import Entry

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 0.5  # seconds, also when nothing was committed here
IN_FLIGHT: Final = 64
LONGEST_PAUSE: Final = 60.0  # seconds between tries when the channel is out of reach


class Courier:
    """Brings rows out: one at a time for each chat, chats side by side, a higher class first."""

    def __init__(
        self, database: Database, channel: Messenger, budget: Budget, now: Callable[[], datetime]
    ) -> None:
        self._database, self._channel, self._budget, self._now = database, channel, budget, now
        self._busy: dict[ChatKey, asyncio.Task[None]] = {}
        self._failures: dict[ChatKey, int] = {}
        self._entries: dict[tuple[str, int], Entry] = {}

    async def run(self) -> None:
        """Work until cancelled; calls on the wire are then brought to their end."""
        try:
            while True:
                try:
                    wait = await self._look()
                except Unavailable as error:
                    log.warning("The outbox cannot be read: %s", error)
                    wait = LOOK_EVERY
                await self._database.changed(wait)
        finally:
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=10)

    async def _look(self) -> float:
        """Start what can be sent now; return the seconds until it is worth looking again."""
        while len(self._busy) < IN_FLIGHT:
            mono = time.monotonic()
            held = self._budget.paused(mono)
            found = await self._due(held, mono)
            started = [self._start(row, mono) for row in found]
            if not any(started):
                soonest = min((*held.values(), mono + LOOK_EVERY))
                return max(soonest - mono, 0.01)
        return LOOK_EVERY

    async def _due(self, held: dict[ChatKey, float], mono: float) -> list[Row]:
        shut = {*self._busy, *self._budget.paused(mono, counts=False)}
        bulk = self._budget.bulk_ready_at(mono) <= mono
        return await self._database.look(
            partial(
                rows.pending,
                now=self._now(),
                busy_people=[key for kind, key in {*shut, *held} if kind == "person"],
                busy_groups=[key for kind, key in shut if kind == "group"],
                full_groups=[key for kind, key in held if kind == "group"],
                bulk_from=Class.BROADCAST + 1 if bulk else Class.REMINDER,
                limit=IN_FLIGHT,
            )
        )

    def _start(self, row: Row, mono: float) -> bool:
        chat = row.chat_key
        if chat in self._busy or len(self._busy) >= IN_FLIGHT:
            return False
        if self._budget.ready_at(chat, mono, counts=row.counts) > mono:
            return False
        rank = Class(row.rank)
        if rank >= Class.REMINDER and self._budget.bulk_ready_at(mono) > mono:
            return False
        if row.due_at > self._now():
            # The rest of an album may still come; what follows it in this chat waits for it.
            self._budget.pause(chat, (row.due_at - self._now()).total_seconds(), flood=False, now=mono)
            return False
        self._budget.use(chat, group=chat[0] == "group", now=mono, counts=row.counts)
        self._busy[chat] = asyncio.create_task(self._bring(row), name=f"outbox {row.id}")
        return True

    async def _bring(self, row: Row) -> None:
        chat = row.chat_key
        together = [row]
        try:
            if row.batch_key is not None:
                async with self._database.read() as tx:
                    together = await rows.batch(tx, row.batch_key)
            try:
                sent = await self._channel.send(await self._parcel(together))
            except messenger.Undelivered as reason:
                await self._keep(partial(self._undelivered, together=together, reason=reason))
            except Unavailable:
                self._budget.pause(chat, LOOK_EVERY, flood=False, now=time.monotonic())
            except Exception as bug:
                log.exception("Outbox row %s cannot be rendered.", row.id)
                refused = messenger.Refused(repr(type(bug)))
                await self._keep(partial(self._undelivered, together=together, reason=refused))
            else:
                self._failures.pop(chat, None)
                await self._keep(partial(self._delivered, together=together, sent=sent))
        finally:
            del self._busy[chat]
            self._database.tell()

    async def _keep(self, work: Callable[[Transaction], object]) -> None:
        """Write down what became of a call; it is not made again only because the disk is full."""
        pause = LOOK_EVERY
        while True:
            try:
                await self._database.write(work)  # type: ignore[arg-type]  # partial hides the coroutine
            except Unavailable as error:
                log.warning("What was sent cannot be marked: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def _parcel(self, together: list[Row]) -> Parcel:
        row = together[0]
        calls = tuple(outbox.decode(each.call, each.body) for each in together)
        entry = event = source = None
        call = calls[0]
        to_desk = row.person_id is None
        if isinstance(call, Answer):
            entry = await self._entry(call)
        elif isinstance(call, Announce):
            async with self._database.read() as tx:
                event = await events.by_id(tx, call.event)
        elif isinstance(call, Copy):
            source = row.requester_chat if to_desk else await self._desk_chat(call.ticket)
            if source is None:
                raise messenger.MessageGone("its chat is no longer known")
        if row.chat is None:
            raise messenger.Unreachable("no address")
        return Parcel(
            calls=calls,
            chat=row.chat,
            to_desk=to_desk,
            language=row.language,
            thread=row.thread_id,
            card=row.card_id,
            source=source,
            reactions=None if row.reactions is None else tuple(row.reactions.split()),
            entry=entry,
            event=event,
        )

    async def _entry(self, call: Answer) -> Entry:
        """The entry of an answer; read once, for a revision never changes."""
        key = (call.entry, call.revision)
        if key not in self._entries:
            async with self._database.read() as tx:
                self._entries[key] = await entries.at_revision(tx, *key)
        return self._entries[key]

    async def _desk_chat(self, number: int) -> int | None:
        async with self._database.read() as tx:
            ticket = await ticket_rows.by_number(tx, number)
            if ticket is None or ticket.group_id is None:
                return None
            group = await groups.by_id(tx, ticket.group_id)
            return group.chat if group else None

    async def _delivered(self, tx: Transaction, *, together: list[Row], sent: Sent) -> None:
        """Mark and result in one unit: ids of both sides, the thread, the sign that it was delivered."""
        now = self._now()
        for row, message_id in zip(together, [*sent.messages, *[None] * len(together)], strict=False):
            await rows.sent(tx, row.id, message_id, now)
            call = outbox.decode(row.call, row.body)
            if isinstance(call, Copy) and message_id is not None:
                await self._carried(tx, row, call, message_id, now)
            elif isinstance(call, OpenThread) and row.ticket_id is not None:
                await ticket_rows.change(tx, row.ticket_id, thread_id=sent.thread)
            elif isinstance(call, Say) and call.text == "card" and row.ticket_id is not None:
                await ticket_rows.change(tx, row.ticket_id, card_id=message_id)
            elif isinstance(call, LeaveGroup) and row.group_id is not None:
                await groups.change(tx, row.group_id, left_at=now)
        if together[0].leaving:
            await people.remove_leaving(tx, together[0].person_id or 0)

    @staticmethod
    async def _carried(tx: Transaction, row: Row, call: Copy, message_id: int, now: datetime) -> None:
        to_desk = row.person_id is None
        mine, theirs = (call.message_id, message_id) if to_desk else (message_id, call.message_id)
        await ticket_rows.delivered(
            tx, call.ticket, to_desk=to_desk, person_message=mine, desk_message=theirs, now=now
        )
        sign = React(call.message_id)
        if not to_desk:
            await outbox.put(tx, sign, now=now, rank=Class.EDIT, ticket=call.ticket)
            return
        ticket = await ticket_rows.by_number(tx, call.ticket)
        if ticket and ticket.requester_id is not None:
            await outbox.put(tx, sign, now=now, rank=Class.EDIT, person=ticket.requester_id)

    async def _undelivered(
        self, tx: Transaction, *, together: list[Row], reason: messenger.Undelivered
    ) -> None:
        row, now = together[0], self._now()
        call = outbox.decode(row.call, row.body)
        if isinstance(reason, messenger.TryLater):
            await self._try_later(tx, row, reason)
            return
        if isinstance(reason, messenger.ChatMoved):
            await groups.move(tx, row.chat or 0, reason.chat)
            return
        if isinstance(reason, messenger.ThreadGone) and row.ticket_id is not None:
            await threads.rebuild(tx, row.ticket_id, now=now)
            return
        if isinstance(reason, messenger.Unreachable):
            await self._unreachable(tx, row, call, now)
            to_desk = row.ticket_id is not None
            if to_desk and isinstance(call, Copy) and await threads.waits(tx, call.ticket):
                return  # what a requester wrote waits for the next desk
        for each in together:
            await rows.failed(tx, each.id, type(reason).__name__, now)
        if isinstance(reason, messenger.ReactionRefused) and row.ticket_id is not None:
            assert isinstance(call, React)  # noqa: S101 - only a reaction is refused as one
            told = Say("delivered", reply_to=call.message_id)
            await outbox.put(tx, told, now=now, rank=Class.EDIT, ticket=row.ticket_id)
        elif isinstance(reason, messenger.NotCarried) and isinstance(call, Copy):
            await self._tell_consultant(tx, row, call, "not_delivered_kind", now)
        elif isinstance(reason, messenger.Refused):
            log.error("Outbox row %s was refused and set aside: %s", row.id, reason)
            if not (isinstance(call, Say) and call.text == "admin_not_sent"):
                await outbox.tell_admins(tx, "admin_not_sent", now=now, number=row.id)
        if row.leaving:
            await people.remove_leaving(tx, row.person_id or 0)

    async def _try_later(self, tx: Transaction, row: Row, reason: messenger.TryLater) -> None:
        """The row keeps its place; its chat waits."""
        await rows.tried(tx, row.id)
        chat = row.chat_key
        self._failures[chat] = failures = self._failures.get(chat, 0) + 1
        seconds = reason.seconds if reason.seconds is not None else min(2.0 ** (failures - 1), LONGEST_PAUSE)
        self._budget.pause(chat, seconds, flood=reason.flood, now=time.monotonic(), counts=row.counts)
        log.warning("Outbox row %s waits %.0f s: %s", row.id, seconds, reason)

    async def _unreachable(self, tx: Transaction, row: Row, call: Call, now: datetime) -> None:
        if row.person_id is None:
            group = await groups.by_id(tx, row.group_id or 0)
            if group is not None:
                await groups.change(tx, group.id, left_at=now, desk_at=None)
            if group is not None and group.desk:
                await threads.lose_desk(tx, group.id, now=now)
            return
        await people.change(tx, row.person_id, unreachable_at=now)
        if isinstance(call, Copy):
            await self._tell_consultant(tx, row, call, "not_delivered", now)

    @staticmethod
    async def _tell_consultant(tx: Transaction, row: Row, call: Copy, text: str, now: datetime) -> None:
        if row.person_id is not None:
            told = Say(text, reply_to=call.message_id)
            await outbox.put(tx, told, now=now, rank=Class.RELAY, ticket=call.ticket)
        elif row.requester_chat is not None:
            ticket = await ticket_rows.by_number(tx, call.ticket)
            if ticket and ticket.requester_id is not None:
                await outbox.say(tx, ticket.requester_id, "not_carried", now=now)
