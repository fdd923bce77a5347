"""The markup of entries (bold, lists, links) as Telegram's HTML."""

import html
import re
from typing import Final

_LINK: Final = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)*]+)\)")
# What is bold holds whole links or none: tags that cross one another Telegram refuses.
_BOLD: Final = re.compile(r"\*\*((?:<a [^>]*>[^<*\n]*</a>|[^<*\n])+)\*\*")
_BULLET: Final = re.compile(r"(?m)^- ")


def to_html(text: str) -> str:
    safe = html.escape(text, quote=True)
    safe = _LINK.sub(r'<a href="\2">\1</a>', safe)
    safe = _BOLD.sub(r"<b>\1</b>", safe)
    return _BULLET.sub("• ", safe)
