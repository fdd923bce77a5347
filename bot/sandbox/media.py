"""Content to send: a sample of every kind of message."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world import Json, World

FOLDER = Path(__file__).parent / "samples"
# kind: name of the file, its type, and what Telegram shows of it in a message
FILES: dict[str, tuple[str, str, Json]] = {
    "photo": ("photo.png", "image/png", {"width": 640, "height": 400}),
    "document": (
        "letter.pdf",
        "application/pdf",
        {"file_name": "letter.pdf", "mime_type": "application/pdf"},
    ),
    "voice": ("voice.ogg", "audio/ogg", {"duration": 4, "mime_type": "audio/ogg"}),
    "audio": ("voice.ogg", "audio/ogg", {"duration": 4, "mime_type": "audio/ogg", "file_name": "song.ogg"}),
    "video": (
        "photo.png",
        "video/mp4",
        {"width": 640, "height": 400, "duration": 2, "mime_type": "video/mp4"},
    ),
    "video_note": ("photo.png", "video/mp4", {"length": 240, "duration": 2}),
    "animation": ("photo.png", "video/mp4", {"width": 640, "height": 400, "duration": 2}),
    "sticker": (
        "photo.png",
        "image/webp",
        {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "😊",
        },
    ),
}
OTHERS: dict[str, Json] = {
    "location": {"latitude": 41.4622, "longitude": 44.8068},
    "venue": {
        "location": {"latitude": 41.4622, "longitude": 44.8068},
        "title": "Community centre",
        "address": "Marneuli",
    },
    "contact": {"phone_number": "+995500000000", "first_name": "Nino"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {
        "id": "1",
        "question": "Tea or coffee?",
        "options": [
            {"persistent_id": "a", "text": "Tea", "voter_count": 0},
            {"persistent_id": "b", "text": "Coffee", "voter_count": 0},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    },
}


def content(
    world: World, kind: str, data: bytes | None = None, name: str | None = None, **fields: object
) -> Json:
    """The part of a message that makes it a photo, a voice message and so on.

    `data` and `name` replace those of the sample file; `fields` those that Telegram shows.

    Raises:
        KeyError: there is no such kind.
    """
    if kind in OTHERS:
        shown = OTHERS[kind] | fields
        return {"venue": shown, "location": shown["location"]} if kind == "venue" else {kind: shown}
    sample, mime_type, shown = FILES[kind]
    if name is not None and "file_name" in shown:
        shown = shown | {"file_name": name}
    given = data if data is not None else (FOLDER / sample).read_bytes()
    file = world.add_file(kind, name or sample, mime_type, given, shown | fields)
    if kind == "animation":
        plain = {"file_id": file.id, "file_unique_id": file.unique_id, "mime_type": mime_type}
        return {"animation": file.as_json(), "document": plain}
    return {kind: file.in_message()}
