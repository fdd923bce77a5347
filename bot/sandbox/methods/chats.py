"""Methods that ask about chats, their members and files, and the one that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request
from bot.sandbox.membership import set_member
from bot.sandbox.methods.addresses import chat_and_self, chat_named
from bot.sandbox.world import Member

if TYPE_CHECKING:
    from bot.sandbox.world import Bot, Json, World

GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice"}


def get_chat(world: World, bot: Bot, p: Json) -> Json:
    """ChatFullInfo; `available_reactions` only where the chat restricts them."""
    chat = chat_named(world, bot, p["chat_id"])
    full = {**chat.json, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
    if chat.available_reactions is not None:
        full["available_reactions"] = [{"type": "emoji", "emoji": one} for one in chat.available_reactions]
    if chat.bot_id is None:
        full["permissions"] = {"can_send_messages": chat.members_may_write}
    pinned = next((message for number in reversed(chat.pinned) if (message := chat.found(number))), None)
    if pinned is not None:
        full["pinned_message"] = pinned.as_replied()
    return full


def get_chat_member(world: World, bot: Bot, p: Json) -> Json:
    chat, _ = chat_and_self(world, bot, p)
    member = chat.members.get(p["user_id"])
    if member is not None:
        return member.as_json()
    user = world.users.get(p["user_id"])
    if user is None:
        raise bad_request("user not found")
    return Member(user, "left").as_json()


def get_chat_administrators(world: World, bot: Bot, p: Json) -> list[Json]:
    """Those who administer; bots among them only on request, but for the asking bot itself."""
    chat, _ = chat_and_self(world, bot, p)
    return [
        member.as_json()
        for member in chat.members.values()
        if member.status in {"creator", "administrator"}
        and (not member.user.json["is_bot"] or member.user.id == bot.id or p.get("return_bots"))
    ]


def get_chat_member_count(world: World, bot: Bot, p: Json) -> int:
    chat = chat_named(world, bot, p["chat_id"])
    return 2 if chat.bot_id is not None else sum(member.present for member in chat.members.values())


def leave_chat(world: World, bot: Bot, p: Json) -> bool:
    chat, _ = chat_and_self(world, bot, p)
    set_member(world, chat, Member(bot.user, "left"), by=bot.user)
    return True


def get_file(world: World, bot: Bot, p: Json) -> Json:  # noqa: ARG001 - all effects are called alike
    file = world.files.get(p["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    suffix = file.name.rpartition(".")[2] if "." in file.name else "dat"
    path = f"{FOLDERS.get(file.kind, file.kind)}/{file.id}.{suffix}"
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": path,
    }
