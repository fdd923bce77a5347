"""Who is in a group, with which rights; the bots concerned get an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import posting
from bot.sandbox.world import Member

if TYPE_CHECKING:
    from bot.sandbox.world import Chat, Json, User, World


def set_member(world: World, chat: Chat, member: Member, *, by: User) -> None:
    """Make somebody this kind of member. Posts the service message about who joined or left."""
    before = chat.members.get(member.user.id) or Member(member.user, "left")
    hearing = list(posting.audience(world, chat))
    chat.members[member.user.id] = member
    update = _update(world, chat, before, member, by)
    if member.user.json["is_bot"]:
        world.bot(member.user.id).updates.put("my_chat_member", update)
    for bot in hearing:
        if bot.id != member.user.id and posting.is_admin(chat, bot):
            bot.updates.put("chat_member", update)
    if chat.kind != "channel" and before.present != member.present:
        _announce(world, chat, member, by)
    world.changed("member", chat, member)


def set_blocked(world: World, chat: Chat, person: User, *, blocked: bool) -> None:
    """The person of a private chat blocks or unblocks its bot."""
    if chat.blocked == blocked or chat.bot_id is None:
        return
    chat.blocked = blocked
    bot = world.bot(chat.bot_id)
    was, became = ("member", "kicked") if blocked else ("kicked", "member")
    update = _update(world, chat, Member(bot.user, was), Member(bot.user, became), person)
    bot.updates.put("my_chat_member", update)
    world.changed("member", chat, None)


def _announce(world: World, chat: Chat, member: Member, by: User) -> None:
    joined = member.present
    who = member.user.json
    content: Json = {"new_chat_members": [who]} if joined else {"left_chat_member": who}
    actor = member.user if by.json["is_bot"] else by
    posting.deliver(world, posting.post(world, chat, actor, content))


def _update(world: World, chat: Chat, before: Member, after: Member, by: User) -> Json:
    return {
        "chat": chat.json,
        "from": by.json,
        "date": int(world.clock()),
        "old_chat_member": before.as_json(),
        "new_chat_member": after.as_json(),
    }
