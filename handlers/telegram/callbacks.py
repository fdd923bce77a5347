"""Data of buttons: `action:field[:…]`, at most 64 bytes, the colon always there (a fixed interface)."""

from dataclasses import dataclass

from bot.model import Button

LIMIT = 64  # bytes, by the Bot API


@dataclass(frozen=True)
class Press:
    """What a pressed button says."""

    action: str
    fields: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.fields[0]

    def number(self, index: int) -> int | None:
        """The field at `index` as a number; none if it is not there or is none."""
        text = self.fields[index] if index < len(self.fields) else ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def pack(button: Button) -> str:
    data = ":".join((button.action, *(button.fields or ("",))))
    if len(data.encode()) > LIMIT:
        raise ValueError(f"button data over {LIMIT} bytes: {data}")
    return data


def unpack(data: str) -> Press:
    action, _, rest = data.partition(":")
    return Press(action, tuple(rest.split(":")))
