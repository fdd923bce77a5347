"""Forums, trainings, calls and news: read from a file, published, announced, reminded of."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.errors import CallerMistake
from bot.languages import LANGUAGES
from bot.model import TOPICS, Event
from bot.places import REGIONS
from bot.storage import Transaction
from bot.storage import events as rows
from bot.targets import TBILISI

REMIND_BEFORE: Final = timedelta(hours=24)
_KEYS: Final = ("topic", "starts", "ends", "capacity", "regions", "title", "text", "place")
# What a message holds beside them fits into the rest of Telegram's 4096 characters.
_LONGEST: Final = {"title": 200, "text": 3000, "place": 300}


def read(path: Path) -> Event:
    """Read an event file.

    Raises:
        CallerMistake: a line for each mistake in it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CallerMistake(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallerMistake(f"{path} is not valid TOML: {error}.") from error
    mistakes = [
        f"{path}: {key} is not known: remove it or mend its name." for key in table if key not in _KEYS
    ]
    event = Event(
        id=0,
        topic=_choice(table.get("topic"), "topic", TOPICS, path, mistakes),
        starts_at=_moment(table.get("starts"), "starts", path, mistakes),
        ends_at=_moment(table.get("ends"), "ends", path, mistakes),
        capacity=_capacity(table.get("capacity"), path, mistakes),
        taken=0,
        regions=_regions(table.get("regions", []), path, mistakes),
        title=_texts(table.get("title"), "title", path, mistakes),
        text=_texts(table.get("text"), "text", path, mistakes),
        place=_texts(table.get("place"), "place", path, mistakes),
    )
    if event.ends_at < event.starts_at:
        mistakes.append(f"{path}: ends is before starts.")
    if mistakes:
        raise CallerMistake(*mistakes)
    return event


def _choice(value: Any, key: str, allowed: tuple[str, ...], path: Path, mistakes: list[str]) -> str:
    if value not in allowed:
        mistakes.append(f"{path}: {key} must be one of {', '.join(allowed)}, not {value!r}.")
    return str(value)


def _moment(value: Any, key: str, path: Path, mistakes: list[str]) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        mistakes.append(
            f"{path}: {key} must be a day and an hour such as 2026-12-05T10:00:00 (Tbilisi time)."
        )
        return datetime.now(UTC)
    return (value if value.tzinfo else value.replace(tzinfo=TBILISI)).astimezone(UTC)


def _capacity(value: Any, path: Path, mistakes: list[str]) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        mistakes.append(f"{path}: capacity must be a whole number above 0, or left out.")
        return None
    return value


def _regions(value: Any, path: Path, mistakes: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or any(each not in REGIONS for each in value):
        mistakes.append(f"{path}: regions must list some of {', '.join(REGIONS)}, or be left out.")
        return ()
    return tuple(value)


def _texts(value: Any, key: str, path: Path, mistakes: list[str]) -> Mapping[str, str]:
    texts = value if isinstance(value, dict) else {}
    mistakes += [
        f"{path}: [{key}] {language} is missing: give the text in this language."
        for language in LANGUAGES
        if not isinstance(texts.get(language), str) or not texts[language].strip()
    ]
    mistakes += [
        f"{path}: [{key}] {name} is not a language we write." for name in texts if name not in LANGUAGES
    ]
    mistakes += [
        f"{path}: [{key}] {language} is too long: at most {_LONGEST[key]} characters."
        for language, text in texts.items()
        if isinstance(text, str) and len(text) > _LONGEST[key]
    ]
    return {language: str(text).strip() for language, text in texts.items()}


async def add(tx: Transaction, event: Event, *, publish: bool, now: datetime) -> int:
    """Write an event down and, to publish it, announce it now and remind of it 24 h before; return its id.

    Raises:
        CallerMistake: it is to be published but is over.
    """
    if publish and event.ends_at <= now:
        raise CallerMistake("The event is over already: mend starts and ends.")
    event_id = await rows.create(tx, event, published_at=now if publish else None)
    if publish:
        await rows.add_broadcast(tx, event_id, "announcement", now)
        await rows.add_broadcast(tx, event_id, "reminder", event.starts_at - REMIND_BEFORE)
    return event_id
