"""Methods about the bot itself: its name, descriptions and commands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.world import Bot, Json, World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS = 100
LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, bot: Bot, p: Json) -> Json:  # noqa: ARG001 - all effects are called alike
    return bot.user.json | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_all_in_groups,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def agree(world: World, bot: Bot, p: Json) -> bool:  # noqa: ARG001 - all effects are called alike
    return True


def set_my_commands(world: World, bot: Bot, p: Json) -> bool:  # noqa: ARG001 - all effects are called alike
    if len(p["commands"]) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in p["commands"]:
        if not COMMAND.fullmatch(one["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_key(p)] = p["commands"]
    return True


def get_my_commands(world: World, bot: Bot, p: Json) -> list[Json]:  # noqa: ARG001 - all effects are called alike
    return bot.commands.get(_key(p), [])


def set_my_name(world: World, bot: Bot, p: Json) -> bool:  # noqa: ARG001 - all effects are called alike
    return _describe(bot, p, "name")


def set_my_description(world: World, bot: Bot, p: Json) -> bool:  # noqa: ARG001 - all effects are called alike
    return _describe(bot, p, "description")


def set_my_short_description(world: World, bot: Bot, p: Json) -> bool:  # noqa: ARG001 - all effects are called alike
    return _describe(bot, p, "short_description")


def get_my_description(world: World, bot: Bot, p: Json) -> Json:  # noqa: ARG001 - all effects are called alike
    return _described(bot, p, "description")


def get_my_short_description(world: World, bot: Bot, p: Json) -> Json:  # noqa: ARG001 - all effects are called alike
    return _described(bot, p, "short_description")


def _described(bot: Bot, p: Json, what: str) -> Json:
    return {what: bot.profile.get(f"{what}:{p.get('language_code', '')}", "")}


def _describe(bot: Bot, p: Json, what: str) -> bool:
    text = p.get(what, "")
    if len(text) > LENGTHS[what]:
        raise bad_request(f"bot {what.replace('_', ' ')} is too long")
    bot.profile[f"{what}:{p.get('language_code', '')}"] = text
    return True


def commands_key(scope: Json, language_code: str) -> str:
    """Under which the commands for some chats and a language are kept."""
    return json.dumps([scope, language_code], sort_keys=True)


def _key(p: Json) -> str:
    return commands_key(p.get("scope", {"type": "default"}), p.get("language_code", ""))
