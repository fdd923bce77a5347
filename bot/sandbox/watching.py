"""Waiting until something is seen in a chat, woken by each change and never by a clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.sandbox.messages import Message
    from bot.sandbox.world import Chat, Pulse

PATIENCE = 5.0
Wanted = str | Callable[["Message"], bool]
Found = TypeVar("Found")


def shown(chat: Chat, thread: int | None = None) -> list[Message]:
    """The messages of a chat (or of one thread) that are not deleted, oldest first."""
    return [
        message
        for message in chat.messages.values()
        if not message.deleted and (thread is None or message.thread_id == thread)
    ]


def newest(
    chat: Chat, wanted: Wanted, *, thread: int | None = None, after: Message | None = None
) -> Message | None:
    """The newest message that fits: has the text in it, or pleases the function."""
    for message in reversed(chat.messages.values()):
        if after is not None and message.id <= after.id:
            return None
        if message.deleted or thread not in {None, message.thread_id}:
            continue
        if wanted in message.text if isinstance(wanted, str) else wanted(message):
            return message
    return None


async def sees(
    chat: Chat,
    wanted: Wanted,
    *,
    thread: int | None = None,
    after: Message | None = None,
    patience: float = PATIENCE,
) -> Message:
    """`newest`, now or within so many seconds.

    Raises:
        AssertionError: no message fits; with what the chat shows instead.
    """
    return await until(
        chat.pulse,
        lambda: newest(chat, wanted, thread=thread, after=after),
        lambda: f"{wanted!r} is not to be seen. The chat shows:\n{transcript(chat, thread)}",
        patience,
    )


async def until(
    pulse: Pulse, find: Callable[[], Found | None], explain: Callable[[], str], patience: float
) -> Found:
    """What is found, now or after some beat of the pulse.

    Raises:
        AssertionError: nothing within so many seconds.
    """
    found = find()
    if found is not None:
        return found
    try:
        async with asyncio.timeout(patience):
            while found is None:
                await pulse.wait()
                found = find()
    except TimeoutError:
        raise AssertionError(explain()) from None
    return found


def transcript(chat: Chat, thread: int | None = None) -> str:
    """The last messages of a chat, for people who read failed tests."""
    lines = []
    for message in shown(chat, thread)[-20:]:
        name = message.content.get("from", {}).get("first_name", "")
        buttons = " ".join(f"[{button.text}|{button.data or button.url}]" for button in message.buttons)
        lines.append(
            f"  {message.id} {name}: {message.text or message.kind} {buttons} {''.join(message.emoji)}"
        )
    return "\n".join(lines) or "  (nothing)"
