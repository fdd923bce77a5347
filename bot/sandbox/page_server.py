"""The page in the browser: what it shows, live, and what its people do."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.driver import Person
from bot.sandbox.groups import Group
from bot.sandbox.methods.profile import commands_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.messages import Message
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.world import Chat, Json, Thread

FOLDER = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
EVERYBODY: list[dict[str, str]] = [{"type": "all_private_chats"}, {"type": "default"}]
ANSWER_SECONDS = 10.0


class Page:
    """Serves the page; tells each open page about every change by server-sent events."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._open: set[asyncio.Queue[Json | None]] = set()
        sandbox.world.on_change.append(self._tell)

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/", self.asset)
        app.router.add_get("/page/events", self.events)
        app.router.add_get("/page/file/{id}", self.file)
        app.router.add_get("/page/about/{person}", self.about)
        app.router.add_get("/page/{name}", self.asset)
        for name, act in {"says": self.says, "sends": self.sends, "taps": self.taps}.items():
            app.router.add_post(f"/page/{name}", _from_this_page(act))

    async def close(self) -> None:
        """End the event streams."""
        for waiting in self._open:
            waiting.put_nowait(None)

    async def asset(self, request: web.Request) -> web.Response:
        path = FOLDER / request.match_info.get("name", "index.html")
        if path.suffix not in TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(
            body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS
        )

    async def file(self, request: web.Request) -> web.Response:
        """A photo to show, or a document to save."""
        file = self._sandbox.world.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        inline = file.mime_type in SHOWN_INLINE
        headers = {**HEADERS, "Content-Disposition": "inline" if inline else "attachment"}
        kind = file.mime_type if inline else "application/octet-stream"
        return web.Response(body=file.content, content_type=kind, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """First the whole world, then each change of it."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        waiting: asyncio.Queue[Json | None] = asyncio.Queue()
        self._open.add(waiting)
        event: Json | None = self._everything()
        try:
            while event is not None:
                await stream.write(f"retry: 500\ndata: {json.dumps(event)}\n\n".encode())
                event = await waiting.get()
        except ConnectionError:
            pass
        finally:
            self._open.discard(waiting)
        return stream

    async def about(self, request: web.Request) -> web.Response:
        """What a person reads about the bot before writing to it, and the commands in its menu."""
        user = self._sandbox.world.users[int(request.match_info["person"])]
        language, bot = user.json.get("language_code", ""), self._sandbox.bot
        scopes: list[Json] = [{"type": "chat", "chat_id": user.id}, *EVERYBODY]
        choices = [commands_key(scope, code) for scope in scopes for code in (language, "")]
        commands = next((bot.commands[key] for key in choices if key in bot.commands), [])
        text = {
            what: bot.profile.get(f"{what}:{language}") or bot.profile.get(f"{what}:", "")
            for what in ("name", "description")
        }
        return web.json_response({**text, "commands": commands})

    async def says(self, request: web.Request) -> Json:
        body = await request.json()
        person, group, thread = self._who_and_where(body)
        reply_to = self._chat(body["room"]).found(body.get("reply_to") or 0)
        await person.says(body["text"], group, thread=thread, reply_to=reply_to)
        return {}

    async def sends(self, request: web.Request) -> Json:
        """A sample of some kind, or the chosen file."""
        form = await request.post()
        person, group, thread = self._who_and_where(form)
        chosen = form.get("file")
        data, name = None, None
        if isinstance(chosen, web.FileField):
            data, name = chosen.file.read(), chosen.filename
        await person.sends(str(form["kind"]), group, data=data, name=name, thread=thread)
        return {}

    async def taps(self, request: web.Request) -> Json:
        """Press a button, and give what the bot answers to it."""
        body = await request.json()
        person, _, _ = self._who_and_where(body)
        message = self._chat(body["room"]).messages[body["message"]]
        tap = await person.taps(body["data"], on=message, even_if_gone=True)
        try:
            return await tap.answer(ANSWER_SECONDS)
        except AssertionError:
            return {}

    def _tell(self, what: str, chat: Chat, thing: Any) -> None:
        if not self._open:
            return
        if what == "message":
            event = {
                "what": what,
                "room": _room_id(chat),
                "message": _message(thing),
                "keyboard": chat.input_keyboard,
            }
        elif what == "thread":
            event = {"what": what, "room": _room_id(chat), "thread": _thread(thing)}
        else:
            event = self._everything()
        for waiting in self._open:
            waiting.put_nowait(event)

    def _everything(self) -> Json:
        world, bot = self._sandbox.world, self._sandbox.bot
        forums = (chat for chat in world.groups.values() if chat.is_forum and bot.id in chat.members)
        desk = next(forums, None)
        writers = [] if desk is None else [number for number in desk.members if number in world.users]
        rooms = [world.private_chat(bot, user) for user in world.users.values()]
        if desk is not None:
            rooms.append(desk)
        return {
            "what": "everything",
            "bot": {"id": bot.id, "name": bot.user.json["first_name"]},
            "people": [user.json for user in world.users.values()],
            "phones": [number for number in world.users if number not in writers],
            "writers": writers,
            "desk": None if desk is None else _room_id(desk),
            "rooms": [_room(chat) for chat in rooms],
        }

    def _who_and_where(self, given: Any) -> tuple[Person, Group | None, int | None]:
        person = Person(self._sandbox, self._sandbox.world.users[int(given["person"])])
        room = str(given["room"])
        group = Group(self._sandbox, self._chat(room)) if room.startswith("group:") else None
        return person, group, int(given.get("thread") or 0) or None

    def _chat(self, room: str) -> Chat:
        kind, _, number = room.partition(":")
        world = self._sandbox.world
        if kind == "group":
            return world.groups[int(number)]
        return world.private_chat(self._sandbox.bot, world.users[int(number)])


def _from_this_page(
    act: Callable[[web.Request], Awaitable[Json]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Other pages in the same browser must not act for these people."""

    async def guarded(request: web.Request) -> web.Response:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden
        try:
            return web.json_response(await act(request))
        except AssertionError as refusal:
            return web.json_response({"error": str(refusal)})  # No fault of the page: it shows the words.
        except (KeyError, ValueError) as wrong:
            return web.json_response({"error": f"{type(wrong).__name__}: {wrong}"}, status=400)

    return guarded


def _room_id(chat: Chat) -> str:
    return f"group:{chat.id}" if chat.bot_id is None else f"person:{chat.id}"


def _room(chat: Chat) -> Json:
    return {
        "id": _room_id(chat),
        "title": chat.json.get("title") or chat.json["first_name"],
        "threads": [_thread(thread) for thread in chat.open_threads()],
        "keyboard": chat.input_keyboard,
        "messages": [_message(message) for message in chat.messages.values() if not message.deleted],
    }


def _thread(thread: Thread) -> Json:
    return {
        "id": thread.id,
        "name": thread.name,
        "color": f"#{thread.icon_color:06x}",
        "closed": thread.closed,
        "deleted": thread.deleted,
    }


def _message(message: Message) -> Json:
    return {
        "id": message.id,
        "kind": message.kind,
        "content": message.content,
        "reactions": message.emoji,
        "edited": message.edited,
        "deleted": message.deleted,
    }
