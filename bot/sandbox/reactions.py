"""The reactions that Telegram has: ✅, ❌ and ⏳ are not among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.world import Chat, Json

_LIST = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥
🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨
🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
EMOJI = frozenset(_LIST.split())


def check(chat: Chat, reaction: list[Json]) -> list[Json]:
    """The reaction of a bot: at most one emoji that Telegram has and the chat allows.

    Raises:
        ApiError: REACTIONS_TOO_MANY or REACTION_INVALID.
    """
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for one in reaction:
        allowed = chat.available_reactions
        if (
            one["type"] != "emoji"
            or one["emoji"] not in EMOJI
            or (allowed is not None and one["emoji"] not in allowed)
        ):
            raise bad_request("REACTION_INVALID")
    return reaction
