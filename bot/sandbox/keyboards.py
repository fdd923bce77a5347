"""The keyboards under messages and under the input field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.world import Json

DATA_BYTES = 64
BUTTONS = 100
STYLES = {"danger", "success", "primary"}
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
ADDRESS = re.compile(
    r"(?:https?://|tg://|t\.me/|mailto:|tel:)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.IGNORECASE
)


def inline(markup: Json | None) -> Json | None:
    """The inline keyboard as it will be shown, or None if there is none.

    Raises:
        ApiError: BUTTON_DATA_INVALID and the like.
    """
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check(button)
    return {"inline_keyboard": rows} if rows else None


def under_the_input_field(markup: Json | None) -> Json | None:
    """The markup that is no inline keyboard, or None.

    Raises:
        ApiError: a button without text.
    """
    if markup is None or "inline_keyboard" in markup:
        return None
    for row in markup.get("keyboard", []):
        for button in row:
            if not button["text"].strip():
                raise bad_request("BUTTON_TEXT_INVALID")
    return markup


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = ACTIONS.intersection(button)
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not ADDRESS.fullmatch(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if button.get("style") not in {None, *STYLES}:
        raise bad_request("BUTTON_STYLE_INVALID")
