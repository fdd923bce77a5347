"""One update is one unit: read and prepare, then everything that changes in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Update
from telegram.error import TelegramError

from bot import buttons, outbox, people
from bot.errors import HotlineError, StaffOnly
from bot.model import STRANGER, Role
from bot.storage import Transaction, inbox
from bot.storage import people as people_rows
from handlers.telegram.context import Context, in_group
from handlers.telegram.views import Views

log = logging.getLogger(__name__)

Handle = Callable[[Update, Context], Awaitable[None]]
Prepare = Callable[[Update, Context], Awaitable[Any]]
TOAST = 200  # characters, by the Bot API
STAFF = (Role.CONSULTANT, Role.EDITOR, Role.ADMIN)
_toasts: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Unit:
    """A route's two parts: `prepare` (may search or ask Telegram) and `handle` (in the transaction)."""

    handle: Handle
    prepare: Prepare | None = None
    role: tuple[Role, ...] = ()

    async def __call__(self, update: Update, context: Context) -> None:
        hotline = context.hotline
        context.now = hotline.now()
        sender = update.effective_user
        if sender is None:  # a channel post and the like: nobody to answer
            return
        known = await hotline.database.look(partial(people_rows.by_telegram, telegram=sender.id))
        if known is not None:
            context.person = known
        if self.prepare is not None:
            context.found = await self.prepare(update, context)

        async def work(tx: Transaction) -> None:
            context.tx = tx
            if not await inbox.done(tx, hotline.in_hand[update.update_id], context.now):
                return  # handled before, by another worker
            # Who edits or blocks says nothing to us: nobody is met, or kept from being erased, by that.
            spoken = update.message is not None or update.callback_query is not None
            if known is None:
                # Of strangers who write in a group nothing is held.
                private = spoken and not in_group(update)
                context.person = await people.meet(tx, sender.id, now=context.now) if private else STRANGER
            elif spoken and (known.unreachable or known.leaving):
                context.person = await people.back(tx, known)
            stranger_pressed = context.person is STRANGER and update.callback_query is not None
            if stranger_pressed or (self.role and context.person.role not in self.role):
                raise StaffOnly
            await self.handle(update, context)

        try:
            await hotline.database.write(work, lane=hotline.in_hand[update.update_id].lane)
        except HotlineError as refusal:
            context.toast = (refusal.key, dict(refusal.values))
            await hotline.database.write(
                partial(self._refuse, update=update, context=context, refusal=refusal)
            )
        hotline.handled.add(update.update_id)
        _answer_press(update, context)

    @staticmethod
    async def _refuse(tx: Transaction, *, update: Update, context: Context, refusal: HotlineError) -> None:
        """The refusal undid everything; the person is told, with a way on."""
        await inbox.done(tx, context.hotline.in_hand[update.update_id], context.now)
        chat = update.effective_chat
        if chat is None or in_group(update):
            return  # at the desk the toast is enough: every message there costs
        person = await people.meet(tx, chat.id, now=context.now)
        await outbox.say(tx, person.id, refusal.key, now=context.now, buttons=buttons.EXITS, **refusal.values)


def _answer_press(update: Update, context: Context) -> None:
    """Stop the button's waiting sign, after commit; the lane does not wait for it."""
    if update.callback_query is None:
        return
    task = asyncio.create_task(_toast(update, context))
    _toasts.add(task)
    task.add_done_callback(_toasts.discard)


async def _toast(update: Update, context: Context) -> None:
    query = update.callback_query
    if query is None:
        return
    text = None
    if context.toast is not None:
        key, values = context.toast
        views = Views(context.hotline.config, context.hotline.shelf)
        language = views.desk_language if in_group(update) else context.person.speaks
        text = views.label(key, language, values, longest=TOAST)
    try:
        await query.answer(text)
    except TelegramError as error:
        # "Query is too old" and a lost connection alike: the work is done, only the sign is late.
        log.debug("A button press was not acknowledged: %s", type(error).__name__)


async def finish_toasts() -> None:
    """Before the process ends."""
    if _toasts:
        await asyncio.wait(_toasts, timeout=5)
