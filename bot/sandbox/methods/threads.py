"""Methods for the topics of a forum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import posting
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.addresses import chat_and_self, chat_named, require
from bot.sandbox.world import Thread

if TYPE_CHECKING:
    from bot.sandbox.world import Bot, Chat, Json, World

NAME_LENGTH = 128
COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create_forum_topic(world: World, bot: Bot, p: Json) -> Json:
    chat = _forum(world, bot, p, "not enough rights to create a topic")
    name = _name(p["name"])
    color = p.get("icon_color", COLORS[0])
    if color not in COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic: Json = {"name": name, "icon_color": color}
    if p.get("icon_custom_emoji_id"):
        topic["icon_custom_emoji_id"] = p["icon_custom_emoji_id"]
    thread = Thread(chat.next_message_id, name, color, p.get("icon_custom_emoji_id") or None)
    chat.threads[thread.id] = thread
    posting.post(world, chat, bot.user, {"forum_topic_created": topic}, thread=thread)
    world.changed("thread", chat, thread)
    return {"message_thread_id": thread.id, **topic}


def edit_forum_topic(world: World, bot: Bot, p: Json) -> bool:
    chat = _forum(world, bot, p, "not enough rights to edit the topic")
    thread = _thread(chat, p)
    changes: Json = {}
    if p.get("name"):
        changes["name"] = _name(p["name"])
    if "icon_custom_emoji_id" in p:
        changes["icon_custom_emoji_id"] = p["icon_custom_emoji_id"] or None
    if all(getattr(thread, field) == value for field, value in changes.items()):
        raise bad_request("TOPIC_NOT_MODIFIED")
    for field, value in changes.items():
        setattr(thread, field, value)
    posting.post(world, chat, bot.user, {"forum_topic_edited": changes}, thread=thread)
    world.changed("thread", chat, thread)
    return True


def close_forum_topic(world: World, bot: Bot, p: Json) -> bool:
    return _set_closed(world, bot, p, closed=True)


def reopen_forum_topic(world: World, bot: Bot, p: Json) -> bool:
    return _set_closed(world, bot, p, closed=False)


def delete_forum_topic(world: World, bot: Bot, p: Json) -> bool:
    chat, member = chat_and_self(world, bot, p)
    require(member, "can_delete_messages", "not enough rights to delete the topic")
    remove(world, chat, _thread(chat, p))
    return True


def remove(world: World, chat: Chat, thread: Thread) -> None:
    """The thread goes with all its messages; bots are not told (Telegram has no update for it)."""
    thread.deleted = True
    for message in chat.messages.values():
        if message.thread_id == thread.id and not message.deleted:
            posting.remove(world, message)
    world.changed("thread", chat, thread)


def _set_closed(world: World, bot: Bot, p: Json, *, closed: bool) -> bool:
    chat = _forum(world, bot, p, "not enough rights to edit the topic")
    thread = _thread(chat, p)
    if thread.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    thread.closed = closed
    happened = "forum_topic_closed" if closed else "forum_topic_reopened"
    posting.post(world, chat, bot.user, {happened: {}}, thread=thread)
    world.changed("thread", chat, thread)
    return True


def _forum(world: World, bot: Bot, p: Json, refusal: str) -> Chat:
    chat = chat_named(world, bot, p["chat_id"])
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    require(chat.members[bot.id], "can_manage_topics", refusal)
    return chat


def _thread(chat: Chat, p: Json) -> Thread:
    thread = chat.threads.get(p["message_thread_id"])
    if thread is None or thread.deleted:
        raise bad_request("TOPIC_ID_INVALID")
    return thread


def _name(name: str) -> str:
    shown = name.strip()
    if not shown:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if len(shown) > NAME_LENGTH:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return shown
