"""Formatted text as Telegram reads it: its HTML, and what it finds by itself (commands, links, mentions).

The rules and the wording of the errors follow `MessageEntity.cpp` of TDLib, which the Bot API server uses.
Offsets and lengths of entities count UTF-16 units, as in the Bot API.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox.errors import ApiError, bad_request

if TYPE_CHECKING:
    from bot.sandbox.world import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#(?P<decimal>\d{1,7})|#x(?P<hexadecimal>[0-9a-fA-F]{1,6})|(?P<name>[a-z]+));?")
ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<token>[\w.-]+)))?"""
)
FOUND_BY_TELEGRAM = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#(?!\d+\b)\w{2,})"
    r"|(?P<phone_number>(?<![\w+])\+\d{1,3}[ -]?\(?\d{2,4}\)?(?:[ -]?\d{2,4}){2,3}(?!\w))"
)
LINK = re.compile(
    r"(?:https?://|tg://|mailto:|tel:)?[^\s<>\"]+\.[^\s<>\"]+|(?:tg|mailto|tel):[^\s]+", re.IGNORECASE
)


class FormattedText(NamedTuple):
    text: str
    entities: list[Json]


class _Open(NamedTuple):
    tag: str
    argument: str
    start: int


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def read_text(text: str, parse_mode: str | None, given: list[Json] | None = None) -> FormattedText:
    """The text that people see, with its entities.

    Raises:
        ApiError: the markup is wrong, or the parse mode is none that the sandbox speaks.
    """
    if not parse_mode:
        marked = FormattedText(text, sorted(given or [], key=_position))
    elif parse_mode.lower() == "html":
        marked = parse_html(text)
    else:
        raise bad_request("unsupported parse_mode")
    return add_found(trimmed(marked))


def parse_html(source: str) -> FormattedText:
    """Text and entities of Telegram's HTML.

    Raises:
        ApiError: "can't parse entities: …" with the offset in bytes, as Telegram words it.
    """
    text: list[str] = []
    length = 0
    opened: list[_Open] = []
    entities: list[Json] = []
    position = 0
    while position < len(source):
        tag_start = source.find("<", position)
        plain = decode(source[position : tag_start if tag_start >= 0 else len(source)])
        text.append(plain)
        length += utf16_length(plain)
        if tag_start < 0:
            break
        if source.startswith("/", tag_start + 1):
            position, closed = _end_tag(source, tag_start, opened)
            if length > closed.start:
                entity = _entity(closed, length, surrounding=opened)
                if entity:
                    entities.append(entity)
        else:
            position, tag, argument = _start_tag(source, tag_start)
            opened.append(_Open(tag, argument, length))
    if opened:
        raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return FormattedText("".join(text), sorted(entities, key=_position))


def _start_tag(source: str, start: int) -> tuple[int, str, str]:
    at = _byte_offset(source, start)
    name_end = start + 1
    while name_end < len(source) and source[name_end] != ">" and not source[name_end].isspace():
        name_end += 1
    if name_end == len(source):
        raise _cannot_parse(f"Unclosed start tag at byte offset {at}")
    tag = source[start + 1 : name_end].lower()
    if tag not in TAGS:
        raise _cannot_parse(f'Unsupported start tag "{tag}" at byte offset {at}')
    attributes: dict[str, str] = {}
    position = name_end
    while not source[position:].lstrip().startswith(">"):
        found = ATTRIBUTE.match(source, position)
        if found is None:
            if ">" not in source[position:]:
                raise _cannot_parse(f"Unclosed start tag at byte offset {at}")
            raise _cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
        value = found["double"] or found["single"] or found["token"] or ""
        attributes[found["name"].lower()] = decode(value)
        position = found.end()
        if not source[position:].strip():
            raise _cannot_parse(f"Unclosed start tag at byte offset {at}")
    end = source.index(">", position) + 1
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
        raise _cannot_parse("Invalid custom emoji identifier specified")
    argument = {
        "a": attributes.get("href", ""),
        "code": attributes.get("class", "").removeprefix("language-"),
        "tg-emoji": attributes.get("emoji-id", ""),
        "blockquote": "expandable" if "expandable" in attributes else "",
    }.get(tag, "")
    return end, tag, argument


def _end_tag(source: str, start: int, opened: list[_Open]) -> tuple[int, _Open]:
    at = _byte_offset(source, start)
    if not opened:
        raise _cannot_parse(f"Unexpected end tag at byte offset {at}")
    end = source.find(">", start)
    name = source[start + 2 : end].strip().lower() if end >= 0 else ""
    if end < 0 or any(character.isspace() for character in name):
        raise _cannot_parse(f"Unclosed end tag at byte offset {at}")
    expected = opened[-1].tag
    if name and name != expected:
        raise _cannot_parse(
            f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{name}>"'
        )
    return end + 1, opened.pop()


def _entity(closed: _Open, end: int, surrounding: list[_Open]) -> Json | None:
    entity: Json = {"type": TAGS[closed.tag], "offset": closed.start, "length": end - closed.start}
    match closed.tag:
        case "a":
            if not LINK.fullmatch(closed.argument):
                return None  # Telegram shows such a link as plain text.
            entity["url"] = closed.argument
        case "code" if surrounding and surrounding[-1].tag == "pre":
            return None  # <pre><code class="language-…"> is one entity, the outer one.
        case "tg-emoji":
            entity["custom_emoji_id"] = closed.argument
        case "blockquote" if closed.argument:
            entity["type"] = "expandable_blockquote"
    return entity


def decode(text: str) -> str:
    """The characters behind `&lt;`, `&#39;` and the like; unknown names stay as they are written."""
    return CHARACTER.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found["name"]:
        return NAMED_CHARACTERS.get(found["name"], found[0])
    code = int(found["decimal"]) if found["decimal"] else int(found["hexadecimal"], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]


def trimmed(marked: FormattedText) -> FormattedText:
    """Without white space round it; entities that lay there go too."""
    text = marked.text.replace("\r", "")
    kept = text.strip()
    if kept == marked.text:
        return marked
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(kept)
    entities = []
    for entity in marked.entities:
        first = max(entity["offset"] - before, 0)
        last = min(entity["offset"] + entity["length"] - before, end)
        if last > first:
            entities.append(entity | {"offset": first, "length": last - first})
    return FormattedText(kept, entities)


def add_found(marked: FormattedText) -> FormattedText:
    """With the links, commands and mentions that Telegram finds where nothing else is marked."""
    text, entities = marked
    found: list[Json] = []
    for match in FOUND_BY_TELEGRAM.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(_overlap(offset, length, entity) for entity in entities):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return FormattedText(text, sorted([*entities, *found], key=_position)) if found else marked


def as_content(marked: FormattedText, text_key: str, entities_key: str) -> dict[str, Any]:
    content: dict[str, Any] = {text_key: marked.text}
    if marked.entities:
        content[entities_key] = marked.entities
    return content


def _overlap(offset: int, length: int, entity: Json) -> bool:
    inside = {"text_link", "code", "pre", "url", "email", "mention"}
    return (
        entity["type"] in inside
        and entity["offset"] < offset + length
        and offset < entity["offset"] + entity["length"]
    )


def _position(entity: Json) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _byte_offset(source: str, position: int) -> int:
    return len(source[:position].encode())


def _cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
