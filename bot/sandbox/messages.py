"""A message and what people and bots see of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world import Chat, Json

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
COPYABLE_KINDS = (
    "text",
    "photo",
    "document",
    "voice",
    "video",
    "video_note",
    "audio",
    "animation",
    "sticker",
    "venue",
    "location",
    "contact",
    "dice",
    "poll",
)
# An animation also carries `document` and a venue `location`: the more telling field comes first.
KINDS = (
    "animation",
    "venue",
    *COPYABLE_KINDS,
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "new_chat_members",
    "left_chat_member",
    "pinned_message",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


@dataclass(slots=True, eq=False)
class Button:
    """A button under a message; `data` is empty where it only opens a link."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now; `content` is Telegram's Message object (replaced when edited)."""

    chat: Chat
    content: Json
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    edited: bool = False
    deleted: bool = False

    @property
    def id(self) -> int:
        return int(self.content["message_id"])

    @property
    def text(self) -> str:
        """The text or the caption, without markup."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def sender_id(self) -> int | None:
        sender = self.content.get("from")
        return int(sender["id"]) if sender else None

    @property
    def from_bot(self) -> bool:
        """Whether a bot wrote it (anonymous admins, whom Telegram shows as a bot, are people)."""
        sender = self.content.get("from", {})
        return bool(sender.get("is_bot")) and sender["id"] != ANONYMOUS_ADMIN["id"]

    @property
    def thread_id(self) -> int | None:
        return self.content.get("message_thread_id") if self.content.get("is_topic_message") else None

    @property
    def kind(self) -> str:
        """text, photo, document, …, or the name of the field that makes it a service message."""
        return next((kind for kind in KINDS if kind in self.content), "service")

    @property
    def is_service(self) -> bool:
        return self.kind not in COPYABLE_KINDS

    @property
    def keyboard(self) -> list[list[Button]]:
        rows = self.content.get("reply_markup", {}).get("inline_keyboard", [])
        return [
            [Button(item["text"], item.get("callback_data", ""), item.get("url", "")) for item in row]
            for row in rows
        ]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.keyboard for button in row]

    def button(self, wanted: str) -> Button | None:
        """The button with this data or this label; data that ends with `:` may go on."""
        return next(
            (
                button
                for button in self.buttons
                if wanted in {button.data, button.text}
                or (wanted.endswith(":") and button.data.startswith(wanted))
            ),
            None,
        )

    @property
    def emoji(self) -> list[str]:
        """The reactions on it, as emoji."""
        return [one.get("emoji", "") for given in self.reactions.values() for one in given]

    def as_replied(self) -> Json:
        """As it is quoted inside another message: without what it replied to itself."""
        return {name: value for name, value in self.content.items() if name != "reply_to_message"}
