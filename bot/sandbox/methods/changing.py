"""Methods that change or remove a message that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import keyboards, posting, reactions
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.addresses import chat_named, require, writable
from bot.sandbox.methods.sending import text_content

if TYPE_CHECKING:
    from bot.sandbox.messages import Message
    from bot.sandbox.world import Bot, Json, World

DELETED_AT_ONCE = 100
OLDEST_TO_DELETE = 48 * 3600
TEXT_FIELDS = ("text", "entities", "link_preview_options", "reply_markup")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def edit_message_text(world: World, bot: Bot, p: Json) -> Json:
    """Replace text and inline keyboard; without `reply_markup` the keyboard goes."""
    content = text_content({"text": ""} | p)
    keyboard = keyboards.inline(p.get("reply_markup"))
    message = _own(world, bot, p)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    if keyboard:
        content["reply_markup"] = keyboard
    kept = {name: value for name, value in message.content.items() if name not in TEXT_FIELDS}
    return _edited(world, message, kept | content, text_changed=True)


def edit_message_reply_markup(world: World, bot: Bot, p: Json) -> Json:
    """Replace the inline keyboard, or take it away."""
    keyboard = keyboards.inline(p.get("reply_markup"))
    message = _own(world, bot, p)
    kept = {name: value for name, value in message.content.items() if name != "reply_markup"}
    if keyboard:
        kept["reply_markup"] = keyboard
    return _edited(world, message, kept, text_changed=False)


def delete_message(world: World, bot: Bot, p: Json) -> bool:
    chat = chat_named(world, bot, p["chat_id"])
    message = chat.found(p["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(world, bot, message):
        raise bad_request("message can't be deleted")
    posting.remove(world, message)
    return True


def delete_messages(world: World, bot: Bot, p: Json) -> bool:
    """Delete those that can be deleted; the others are passed over in silence."""
    if len(p["message_ids"]) > DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    chat = chat_named(world, bot, p["chat_id"])
    for number in p["message_ids"]:
        message = chat.found(number)
        if message is not None and _may_delete(world, bot, message):
            posting.remove(world, message)
    return True


def set_message_reaction(world: World, bot: Bot, p: Json) -> bool:
    chat = writable(world, bot, p["chat_id"])
    message = chat.found(p["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    posting.react(world, message, bot.user, reactions.check(chat, p.get("reaction", [])))
    return True


def pin_chat_message(world: World, bot: Bot, p: Json) -> bool:
    chat = writable(world, bot, p["chat_id"])
    if chat.bot_id is None:
        require(
            chat.members[bot.id],
            "can_pin_messages",
            "not enough rights to manage pinned messages in the chat",
        )
    message = chat.found(p["message_id"])
    if message is None:
        raise bad_request("message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        thread = chat.threads.get(message.thread_id or 0)
        posting.post(world, chat, bot.user, {"pinned_message": message.as_replied()}, thread=thread)
    return True


def unpin_chat_message(world: World, bot: Bot, p: Json) -> bool:
    chat = writable(world, bot, p["chat_id"])
    if chat.bot_id is None:
        require(
            chat.members[bot.id],
            "can_pin_messages",
            "not enough rights to manage pinned messages in the chat",
        )
    number = p.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return True


def _own(world: World, bot: Bot, p: Json) -> Message:
    if "chat_id" not in p:
        raise bad_request("chat_id is empty")
    if "message_id" not in p:
        raise bad_request("message identifier is not specified")
    message = chat_named(world, bot, p["chat_id"]).found(p["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender_id != bot.id or message.is_service or "forward_origin" in message.content:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Message, content: Json, *, text_changed: bool) -> Json:
    if content == message.content:
        raise bad_request(NOT_MODIFIED)
    message.edited = message.edited or text_changed
    posting.change(world, message, content | {"edit_date": int(world.clock())})
    return message.content


def _may_delete(world: World, bot: Bot, message: Message) -> bool:
    if world.clock() - message.content["date"] > OLDEST_TO_DELETE:
        return False
    if "forum_topic_created" in message.content:
        return False
    if message.chat.bot_id is not None or message.sender_id == bot.id:
        return True
    return message.chat.members[bot.id].may("can_delete_messages")
