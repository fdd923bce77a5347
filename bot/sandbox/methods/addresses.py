"""Finding the chat and thread that a call means, and whether the bot may write there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import ApiError, bad_request, forbidden

if TYPE_CHECKING:
    from bot.sandbox.world import Bot, Chat, Json, Member, Thread, World


def chat_named(world: World, bot: Bot, chat_id: int | str) -> Chat:
    """The chat if the bot knows it.

    Raises:
        ApiError: chat not found, the bot is not in it (any more), or it became a supergroup.
    """
    if isinstance(chat_id, str):
        name = chat_id.removeprefix("@").lower()
        named = (chat for chat in world.groups.values() if chat.json.get("username", "").lower() == name)
        chat = next(named, None)
    elif chat_id > 0:
        return _private_chat(world, bot, chat_id)
    else:
        chat = world.groups.get(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    _check_presence(chat, chat.members.get(bot.id))
    return chat


def writable(world: World, bot: Bot, chat_id: int | str) -> Chat:
    """The chat if the bot may write into it.

    Raises:
        ApiError: what `chat_named` raises; the person blocked the bot or is gone; no right to write.
    """
    chat = chat_named(world, bot, chat_id)
    if chat.bot_id is not None:
        if world.users[chat.id].deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return chat
    member = chat.members[bot.id]
    if chat.kind == "channel" and not member.may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    if not chat.members_may_write and member.status != "administrator":
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def thread_to_write(chat: Chat, bot: Bot, thread_id: int | None) -> Thread | None:
    """The thread that a message goes to; None is the chat itself (in a forum: General).

    Raises:
        ApiError: there is no such thread (any more), or it is closed and the bot may not manage threads.
    """
    if thread_id is None:
        return None
    thread = chat.threads.get(thread_id)
    if not chat.is_forum or thread is None or thread.deleted:
        raise bad_request("message thread not found")
    if thread.closed and not chat.members[bot.id].may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread


def require(member: Member, right: str, refusal: str) -> None:
    """Refuse who has not got the right.

    Raises:
        ApiError: the bot is no administrator with this right.
    """
    if not member.may(right):
        raise bad_request(refusal)


def chat_and_self(world: World, bot: Bot, p: Json) -> tuple[Chat, Member]:
    """A group of the call, and what the bot is in it.

    Raises:
        ApiError: what `chat_named` raises; the chat is private.
    """
    chat = chat_named(world, bot, p["chat_id"])
    if chat.bot_id is not None:
        raise bad_request("method is available only for supergroups and channel chats")
    return chat, chat.members[bot.id]


def _private_chat(world: World, bot: Bot, person_id: int) -> Chat:
    chat = bot.private_chats.get(person_id)
    if chat is not None and chat.started:
        return chat
    if person_id in world.bots:
        raise forbidden("bots can't send messages to bots")
    met = any(
        _present(group.members.get(person_id)) and _present(group.members.get(bot.id))
        for group in world.groups.values()
    )
    raise forbidden("bot can't initiate conversation with a user") if met else bad_request("chat not found")


def _present(member: Member | None) -> bool:
    return member is not None and member.present


def _check_presence(chat: Chat, member: Member | None) -> None:
    if member is None:
        raise bad_request("chat not found")
    if not member.present:
        reached = "kicked from" if member.status == "kicked" else "not a member of"
        raise forbidden(f"bot {'was' if member.status == 'kicked' else 'is'} {reached} the {chat.kind} chat")
