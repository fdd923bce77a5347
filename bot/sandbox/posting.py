"""A message appears, changes or goes; the bots that may see it get an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.entities import utf16_length
from bot.sandbox.messages import ANONYMOUS_ADMIN, Message
from bot.sandbox.world import Bot, Chat, Json, Thread, User, World

if TYPE_CHECKING:
    from collections.abc import Iterator


def post(
    world: World,
    chat: Chat,
    sender: User | None,
    content: Json,
    *,
    thread: Thread | None = None,
    reply_to: Message | None = None,
    as_chat: Chat | None = None,
) -> Message:
    """Put a new message into a chat. `as_chat` hides the sender: anonymous admins and channel posts."""
    whole: Json = {"message_id": chat.next_message_id}
    if thread is not None:
        whole |= {"message_thread_id": thread.id, "is_topic_message": True}
    if as_chat is not None:
        whole["sender_chat"] = as_chat.json
    if as_chat is not None and chat.kind != "channel":
        whole["from"] = ANONYMOUS_ADMIN
    elif sender is not None and chat.kind != "channel":
        whole["from"] = sender.json
    whole["chat"] = chat.json
    whole["date"] = int(world.clock())
    replied = reply_to
    if replied is None and thread is not None and sender is not None and not sender.json["is_bot"]:
        # Telegram shows every message of a thread as a reply to the message that opened it.
        replied = chat.messages.get(thread.id)
    if replied is not None:
        whole["reply_to_message"] = replied.as_replied()
    message = Message(chat, whole | content)
    chat.messages[chat.next_message_id] = message
    chat.next_message_id += 1
    world.changed("message", chat, message)
    return message


def deliver(world: World, message: Message, *, edited: bool = False) -> None:
    """Tell the bots about a message that a person sent or edited."""
    kind = "channel_post" if message.chat.kind == "channel" else "message"
    for bot in audience(world, message.chat):
        if bot.id != message.sender_id and _reads(bot, message):
            bot.updates.put(f"edited_{kind}" if edited else kind, message.content)


def change(world: World, message: Message, content: Json) -> None:
    message.content = content
    world.changed("message", message.chat, message)


def remove(world: World, message: Message) -> None:
    message.deleted = True
    world.changed("message", message.chat, message)


def react(world: World, message: Message, actor: User, reaction: list[Json]) -> None:
    """Set what somebody's reactions on a message are; bots hear of people's reactions if they asked."""
    before = message.reactions.pop(actor.id, [])
    if reaction:
        message.reactions[actor.id] = reaction
    world.changed("message", message.chat, message)
    if actor.json["is_bot"]:
        return
    for bot in audience(world, message.chat):
        if message.chat.bot_id is not None or is_admin(message.chat, bot):
            update = {
                "chat": message.chat.json,
                "message_id": message.id,
                "user": actor.json,
                "date": int(world.clock()),
                "old_reaction": before,
                "new_reaction": reaction,
            }
            bot.updates.put("message_reaction", update)


def audience(world: World, chat: Chat) -> Iterator[Bot]:
    """The bots in a chat."""
    if chat.bot_id is not None:
        yield world.bot(chat.bot_id)
        return
    for member in list(chat.members.values()):
        if member.user.json["is_bot"] and member.present:
            yield world.bot(member.user.id)


def is_admin(chat: Chat, bot: Bot) -> bool:
    member = chat.members.get(bot.id)
    return member is not None and member.status == "administrator"


def _reads(bot: Bot, message: Message) -> bool:
    """In groups a bot that is no admin sees only what concerns it (Telegram's privacy mode)."""
    if message.chat.bot_id is not None or message.chat.kind == "channel":
        return True
    if bot.reads_all_in_groups or is_admin(message.chat, bot) or message.is_service:
        return True
    replied = message.content.get("reply_to_message", {}).get("from", {}).get("id") == bot.id
    mentioned = f"@{bot.user.json['username']}".lower() in message.text.lower()
    return replied or mentioned or message.text.startswith("/")


def quote(message: Message, text: str) -> Json:
    """The TextQuote of a part of a message's text.

    Raises:
        ValueError: the part is not in it.
    """
    position = utf16_length(message.text[: message.text.index(text)])
    return {"text": text, "position": position, "is_manual": True}
