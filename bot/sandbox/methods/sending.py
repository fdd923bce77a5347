"""Methods that put a new message into a chat."""

from __future__ import annotations

from itertools import pairwise

from bot.sandbox import keyboards, posting
from bot.sandbox.entities import as_content, read_text
from bot.sandbox.errors import bad_request
from bot.sandbox.messages import COPYABLE_KINDS, Message
from bot.sandbox.methods.addresses import chat_named, thread_to_write, writable
from bot.sandbox.parameters import Upload
from bot.sandbox.world import Bot, Chat, Json, Thread, World

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
COPIED_AT_ONCE = 100
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
COPIED = frozenset(
    (
        *COPYABLE_KINDS,
        "entities",
        "caption",
        "caption_entities",
        "link_preview_options",
        "show_caption_above_media",
    )
)


def send_message(world: World, bot: Bot, p: Json) -> Json:
    content = text_content(p)
    return _send(world, bot, p, content)


def send_photo(world: World, bot: Bot, p: Json) -> Json:
    return _send_file(world, bot, p, "photo")


def send_document(world: World, bot: Bot, p: Json) -> Json:
    return _send_file(world, bot, p, "document")


def send_voice(world: World, bot: Bot, p: Json) -> Json:
    return _send_file(world, bot, p, "voice")


def send_chat_action(world: World, bot: Bot, p: Json) -> bool:
    writable(world, bot, p["chat_id"])
    if p["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def copy_message(world: World, bot: Bot, p: Json) -> Json:
    """The same content as a new message of the bot, without a link to the original."""
    original = chat_named(world, bot, p["from_chat_id"]).found(p["message_id"])
    if original is None:
        raise bad_request("message to copy not found")
    if original.is_service:
        raise bad_request("message can't be copied")
    content = _copied(original)
    if "caption" in p and "text" not in content:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= caption_content(p)
    return {"message_id": _send(world, bot, p, content)["message_id"]}


def copy_messages(world: World, bot: Bot, p: Json) -> list[Json]:
    """Those that can be copied, in order; albums stay albums."""
    numbers = p["message_ids"]
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > COPIED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    if any(first >= second for first, second in pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = chat_named(world, bot, p["from_chat_id"])
    originals = [
        message for number in numbers if (message := source.found(number)) and not message.is_service
    ]
    chat = writable(world, bot, p["chat_id"])
    thread = thread_to_write(chat, bot, p.get("message_thread_id"))
    if not originals:
        raise bad_request("there are no messages to copy")
    albums: dict[str, str] = {}
    copies = []
    for original in originals:
        content = _copied(original)
        album = original.content.get("media_group_id")
        if album is not None:
            content["media_group_id"] = albums.setdefault(album, str(world.number()))
        if p.get("remove_caption"):
            content = {name: value for name, value in content.items() if not name.startswith("caption")}
        copies.append(posting.post(world, chat, bot.user, content | _marks(p), thread=thread))
    return [{"message_id": message.id} for message in copies]


def forward_message(world: World, bot: Bot, p: Json) -> Json:
    """As `copy_message`, but it shows who wrote the original."""
    original = chat_named(world, bot, p["from_chat_id"]).found(p["message_id"])
    if original is None:
        raise bad_request("message to forward not found")
    if original.is_service:
        raise bad_request("message can't be forwarded")
    origin = {"type": "user", "sender_user": original.content.get("from"), "date": original.content["date"]}
    return _send(world, bot, p, _copied(original) | {"forward_origin": origin})


def text_content(p: Json) -> Json:
    """Text, entities and link preview of a call.

    Raises:
        ApiError: bad markup, no text, or more than 4096 characters.
    """
    marked = read_text(p["text"], p.get("parse_mode"), p.get("entities"))
    if not marked.text:
        raise bad_request("message text is empty")
    if len(marked.text) > TEXT_LENGTH:
        raise bad_request("message is too long")
    content = as_content(marked, "text", "entities")
    if "link_preview_options" in p:
        content["link_preview_options"] = p["link_preview_options"]
    return content


def caption_content(p: Json) -> Json:
    """Caption and entities of a call.

    Raises:
        ApiError: bad markup or more than 1024 characters.
    """
    marked = read_text(p.get("caption", ""), p.get("parse_mode"), p.get("caption_entities"))
    if len(marked.text) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return as_content(marked, "caption", "caption_entities") if marked.text else {}


def _send_file(world: World, bot: Bot, p: Json, kind: str) -> Json:
    caption = caption_content(p)
    given = p[kind]
    if isinstance(given, Upload):
        shown: Json = {"mime_type": given.mime_type} if kind != "photo" else {"width": 640, "height": 480}
        if kind == "document":
            shown["file_name"] = given.name
        if kind == "voice":
            shown["duration"] = p.get("duration", 1)
        file = world.add_file(kind, given.name, given.mime_type, given.content, shown)
    else:
        known = world.files.get(given)
        if known is None:
            reason = "failed to get HTTP URL content" if "://" in given else "wrong file identifier specified"
            raise bad_request(reason)
        if known.kind != kind:
            raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
        file = known
    return _send(world, bot, p, {kind: file.in_message(), **caption})


def _send(world: World, bot: Bot, p: Json, content: Json) -> Json:
    markup = p.get("reply_markup")
    keyboard = keyboards.inline(markup)
    below = keyboards.under_the_input_field(markup)
    chat = writable(world, bot, p["chat_id"])
    reply_to = _replied(world, bot, chat, p)
    thread_id = p.get("message_thread_id")
    if thread_id is None and reply_to is not None and reply_to.chat is chat:
        thread_id = reply_to.thread_id
    thread = thread_to_write(chat, bot, thread_id)
    content |= _marks(p)
    if keyboard:
        content["reply_markup"] = keyboard
    if below:
        chat.input_keyboard = None if below.get("remove_keyboard") else below
    quoted = p.get("reply_parameters", {}).get("quote")
    if reply_to is not None and quoted:
        content["quote"] = _quote(reply_to, quoted, p["reply_parameters"])
    return _posted(world, bot, chat, content, thread, reply_to)


def _posted(
    world: World, bot: Bot, chat: Chat, content: Json, thread: Thread | None, reply_to: Message | None
) -> Json:
    if reply_to is not None and reply_to.chat is not chat:
        origin = {"type": "chat", "sender_chat": reply_to.chat.json, "date": reply_to.content["date"]}
        content["external_reply"] = {"origin": origin}
        reply_to = None
    if chat.kind == "channel":
        return posting.post(world, chat, bot.user, content, as_chat=chat).content
    return posting.post(world, chat, bot.user, content, thread=thread, reply_to=reply_to).content


def _replied(world: World, bot: Bot, chat: Chat, p: Json) -> Message | None:
    reply = p.get("reply_parameters")
    if reply is None:
        return None
    source = chat_named(world, bot, reply["chat_id"]) if "chat_id" in reply else chat
    message = source.found(reply["message_id"])
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _quote(message: Message, text: str, reply: Json) -> Json:
    plain = read_text(text, reply.get("quote_parse_mode"), reply.get("quote_entities")).text
    try:
        return posting.quote(message, plain)
    except ValueError as error:
        raise bad_request("QUOTE_TEXT_INVALID") from error


def _marks(p: Json) -> Json:
    return {"has_protected_content": True} if p.get("protect_content") else {}


def _copied(original: Message) -> Json:
    return {name: value for name, value in original.content.items() if name in COPIED}
