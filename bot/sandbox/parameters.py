"""Reading a request: from a query string, a form, JSON or an upload to typed parameters.

Form fields arrive as strings and nested objects as JSON in a string; both forms are taken everywhere,
as Telegram does. Stricter than Telegram, an unknown parameter or field is an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from aiohttp import web

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.specification import BY_FIELD, BY_TYPE, METHODS, NOT_PLAYED, OBJECTS

if TYPE_CHECKING:
    from bot.sandbox.world import Json

BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "message_thread_id": "message thread identifier is not specified",
    "callback_query_id": "query ID is empty",
    "file_id": "file_id not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "voice": "there is no voice in the request",
}
Fields = dict[str, tuple[str, bool]]


@dataclass(frozen=True)
class Upload:
    """A file inside a request."""

    name: str
    mime_type: str
    content: bytes


def _fields(table: dict[str, str]) -> Fields:
    return {name: (kind.rstrip("!"), kind.endswith("!")) for name, kind in table.items()}


_METHODS = {name.lower(): (name, _fields(table)) for name, table in METHODS.items()}
_OBJECTS = {name: _fields(table) for name, table in OBJECTS.items()}


def method_named(name: str) -> tuple[str, Fields]:
    """The method as it is spelled in the specification, and its parameters. Case does not matter.

    Raises:
        ApiError: 404, there is no such method.
    """
    found = _METHODS.get(name.lower())
    if found is None:
        raise ApiError(404, "Not Found: method not found")
    return found


async def given(request: web.Request) -> Json:
    """What the request carries, not yet checked."""
    raw: Json = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return raw
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError as error:
            raise bad_request("can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("object expected as parameters")
        return raw | body
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            raw[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            raw[name] = value
    return raw


def read(fields: Fields, raw: Json) -> Json:
    """The parameters of a call with their types.

    Raises:
        ApiError: 400, a parameter is missing, unknown or of a wrong type.
    """
    attached = {
        value.removeprefix("attach://")
        for value in raw.values()
        if isinstance(value, str) and value.startswith("attach://")
    }
    typed: Json = {}
    for name, value in raw.items():
        if name in attached or value is None:
            continue
        if name not in fields:
            raise bad_request(f'unknown parameter "{name}"')
        if name in NOT_PLAYED:
            raise bad_request(f'parameter "{name}" is not played by the sandbox')
        if isinstance(value, str) and value.startswith("attach://"):
            value = raw.get(value.removeprefix("attach://"))  # noqa: PLW2901 - the file stands for its name
        typed[name] = _value(name, fields[name][0], value)
    for name, (_, required) in fields.items():
        if required and typed.get(name) in (None, "") and not (name == "url" and "url" in typed):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return typed


def _value(name: str, kind: str, value: Any) -> Any:
    if kind == "String":
        return value if isinstance(value, str) else _wrong(name, kind)
    if kind == "Integer":
        return _integer(name, value)
    if kind == "Boolean":
        known = value if isinstance(value, bool) else BOOLEANS.get(str(value).lower())
        return known if known is not None else _wrong(name, kind)
    if kind == "Integer|String":
        return value if isinstance(value, str) and value.startswith("@") else _integer(name, value)
    if kind.startswith("InputFile"):
        return value if isinstance(value, Upload | str) else _wrong(name, kind)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise bad_request(_unreadable(name, kind)) from error
    if kind.startswith("Array of "):
        items = value if isinstance(value, list) else _wrong(name, kind)
        return [_value(name, kind.removeprefix("Array of "), item) for item in items]
    return _object(name, kind, value)


def _integer(name: str, value: Any) -> int:
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if name == "chat_id":
        raise bad_request("chat not found")
    return _wrong(name, "Integer")


def _object(name: str, kind: str, value: Any) -> Json:
    if not isinstance(value, dict):
        raise bad_request(f"object expected as {'reply markup' if name == 'reply_markup' else name}")
    if kind in BY_TYPE:
        kind = BY_TYPE[kind].get(str(value.get("type")), "") or _wrong(name, kind)
    elif kind in BY_FIELD:
        kind = next((kind for field, kind in BY_FIELD[kind].items() if field in value), "") or _wrong(
            name, kind
        )
    fields = _OBJECTS.get(kind)
    if fields is None:
        raise bad_request(f"{kind} is not played by the sandbox")
    for field in value:
        if field not in fields:
            raise bad_request(f'unknown field "{field}" of {kind}')
    for field, (_, required) in fields.items():
        if required and field not in value:
            raise bad_request(f"can't parse {name}: Can't find field \"{field}\"")
    return {field: _value(field, fields[field][0], item) for field, item in value.items()}


def _wrong(name: str, kind: str) -> NoReturn:
    raise bad_request(f'parameter "{name}" must be of type {kind}')


def _unreadable(name: str, kind: str) -> str:
    if name == "reply_markup":
        return "can't parse reply keyboard markup JSON object"
    return f"can't parse {kind} of {name}"
