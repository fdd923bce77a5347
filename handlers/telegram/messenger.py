"""The courier's channel over the Bot API: which call it is, and what an error means."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, assert_never

from telegram import Bot, ReactionTypeEmoji
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from bot.messenger import (
    ChatMoved,
    MessageGone,
    NotCarried,
    Parcel,
    ReactionRefused,
    Refused,
    Sent,
    ThreadGone,
    TryLater,
    Undelivered,
    Unreachable,
)
from bot.model import (
    Announce,
    Answer,
    Buttons,
    Copy,
    Edit,
    LeaveGroup,
    OpenThread,
    React,
    RenameThread,
    Say,
)
from handlers.telegram.request import seconds_to_wait
from handlers.telegram.views import Views

# The sign of delivery, by preference; a chat may allow few reactions or none.
DELIVERED: Final = ("👌", "👍")
_TEXT: Final = {"parse_mode": ParseMode.HTML, "link_preview_options": {"is_disabled": True}}
# What a refusal means, by what Telegram writes.
_MEANINGS: Final[tuple[tuple[re.Pattern[str], type[Undelivered]], ...]] = (
    (re.compile("thread not found|topic_deleted|topic_id_invalid"), ThreadGone),
    (re.compile("reaction"), ReactionRefused),
    (re.compile("can't be copied|wrong type of the message"), NotCarried),
    (
        re.compile(
            "message to (copy|forward|edit|react)[a-z ]* not found|message_id_invalid"
            "|message can't be edited|no messages to (copy|forward)"
        ),
        MessageGone,
    ),
    (
        re.compile(
            "chat not found|user not found|user is deactivated|peer_id_invalid|chat was deactivated"
            "|no rights to send|not a member|chat_write_forbidden|administrator rights|not enough rights"
        ),
        Unreachable,
    ),
)


class TelegramMessenger:
    """Sends one parcel as one call."""

    def __init__(self, bot: Bot, views: Views) -> None:
        self._bot, self._views = bot, views

    async def send(self, parcel: Parcel) -> Sent:
        call = parcel.calls[0]
        language = self._views.desk_language if parcel.to_desk else parcel.language
        match call:
            case Say():
                text = self._views.text(call.text, language, call.values)
                return await self._message(parcel, text, call.buttons, language, reply_to=call.reply_to)
            case Answer():
                if parcel.entry is None:
                    raise Refused("an answer without its entry")
                text = self._views.answer(call, parcel.entry, language)
                return await self._message(parcel, text, call.buttons, language)
            case Announce():
                if parcel.event is None:
                    raise Refused("an announcement without its event")
                text = self._views.announcement(call, parcel.event, language)
                return await self._message(parcel, text, call.buttons, language)
            case Copy():
                return await self._copy(parcel)
            case Edit():
                return await self._edit(parcel, call, language)
            case React():
                return await self._react(parcel, call)
            case OpenThread():
                name = self._views.label(call.text, language, call.values)
                topic = await _call(self._bot.create_forum_topic, parcel.chat, name)
                return Sent(thread=topic.message_thread_id)
            case RenameThread():
                name = self._views.label(call.text, language, call.values)
                await _call(self._bot.edit_forum_topic, parcel.chat, parcel.thread, name=name)
                return Sent()
            case LeaveGroup():
                await _call(self._bot.leave_chat, parcel.chat)
                return Sent()
            case _:
                assert_never(call)

    async def _message(
        self,
        parcel: Parcel,
        text: str,
        buttons: Buttons,
        language: str | None,
        *,
        reply_to: int | None = None,
    ) -> Sent:
        # The message replied to may be gone by now: then it is a message all the same.
        reply = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
        message = await self._ask(
            "sendMessage",
            chat_id=parcel.chat,
            text=text,
            message_thread_id=parcel.thread,
            reply_parameters=reply,
            reply_markup=self._views.keyboard(buttons, language),
        )
        return Sent(messages=(message["message_id"],))

    async def _ask(self, method: str, **parameters: Any) -> Any:
        """Call by plain values: the library's objects, for what goes and comes, would double the work."""
        return await _call(self._bot.do_api_request, method, api_kwargs={**_TEXT, **parameters})

    async def _copy(self, parcel: Parcel) -> Sent:
        """Copied, never forwarded: a forward would show the requester's account."""
        ids = [call.message_id for call in parcel.calls if isinstance(call, Copy)]
        if len(ids) == 1:
            copied = await _call(
                self._bot.copy_message, parcel.chat, parcel.source, ids[0], message_thread_id=parcel.thread
            )
            return Sent(messages=(copied.message_id,))
        album = await _call(
            self._bot.copy_messages, parcel.chat, parcel.source, sorted(ids), message_thread_id=parcel.thread
        )
        if not album:  # Telegram leaves out, without a word, what it cannot copy
            raise NotCarried("none of these messages can be copied")
        return Sent(messages=tuple(each.message_id for each in album))

    async def _edit(self, parcel: Parcel, call: Edit, language: str | None) -> Sent:
        message_id = call.message_id or parcel.card
        if message_id is None:
            raise MessageGone("there is no card yet")
        await self._ask(
            "editMessageText",
            chat_id=parcel.chat,
            message_id=message_id,
            text=self._views.text(call.text, language, call.values),
            reply_markup=self._views.keyboard(call.buttons, language),
        )
        return Sent()

    async def _react(self, parcel: Parcel, call: React) -> Sent:
        for emoji in DELIVERED:
            if parcel.reactions is not None and emoji not in parcel.reactions:
                continue
            try:
                await _call(
                    self._bot.set_message_reaction, parcel.chat, call.message_id, ReactionTypeEmoji(emoji)
                )
            except ReactionRefused:
                continue
            return Sent()
        raise ReactionRefused


async def _call(method: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
    """Make one call; a change that changes nothing is a success."""
    try:
        return await method(*args, **kwargs)
    except RetryAfter as error:
        raise TryLater("slow down", seconds=seconds_to_wait(error), flood=True) from error
    except ChatMigrated as error:
        raise ChatMoved(error.new_chat_id) from error
    except Forbidden as error:
        raise Unreachable(error.message) from error
    except BadRequest as error:
        if "not modified" in error.message.lower():
            return None
        for pattern, meaning in _MEANINGS:
            if pattern.search(error.message.lower()):
                raise meaning(error.message) from error
        raise Refused(error.message) from error
    except TelegramError as error:
        # Out of reach, an answer that cannot be read, a token that was revoked: none is the call's fault.
        raise TryLater(error.message or type(error).__name__) from error
