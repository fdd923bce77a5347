"""The typed configuration: config.toml, overridden by HOTLINE_… variables. All mistakes are told at once."""

import base64
import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.errors import CallerMistake
from knowledge_base import SearchSettings, SettingsError

ROOT = Path(__file__).resolve().parent.parent
TELEGRAM = "https://api.telegram.org"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Variables that are no settings; HOTLINE_TEST_… belong to the tests.
VARIABLES = ("TELEGRAM_TOKEN", "TELEGRAM_API_URL", "DATABASE_URL", "SECRET_KEY", "CONFIG")


@dataclass(frozen=True)
class Hours:
    days: tuple[str, ...]
    opens: time
    closes: time
    answer_days: int


@dataclass(frozen=True)
class Desk:
    language: str
    leave_after_minutes: int


@dataclass(frozen=True)
class Tickets:
    bundle_seconds: int


@dataclass(frozen=True)
class Retention:
    question_days: int
    ticket_days: int
    sent_days: int


@dataclass(frozen=True)
class Sending:
    bulk_per_second: float
    chat_per_second: float
    group_per_minute: float


@dataclass(frozen=True)
class Limits:
    person_per_minute: int
    strangers_per_minute: int


@dataclass(frozen=True)
class Quiet:
    start: str
    end: str


@dataclass(frozen=True)
class SandboxPage:
    port: int


@dataclass(frozen=True)
class Logging:
    level: str


@dataclass(frozen=True)
class Config:
    hours: Hours
    desk: Desk
    tickets: Tickets
    retention: Retention
    sending: Sending
    limits: Limits
    quiet: Quiet
    sandbox: SandboxPage
    logging: Logging
    search: SearchSettings


@dataclass(frozen=True)
class Secrets:
    """What no file holds: it comes from variables, or from the sandbox."""

    token: str | None
    api_url: str
    database_url: str | None
    key: bytes | None = field(repr=False)
    clock_file: Path | None

    @property
    def sandboxed(self) -> bool:
        """Without a token and a database of its own, every command works on the sandbox's."""
        return self.token is None and self.database_url is None


class _Table:
    """One section, read key by key; what is wrong is collected in `mistakes`."""

    def __init__(self, section: str, values: Mapping[str, Any], mistakes: list[str]) -> None:
        self.section, self.values, self.mistakes = section, dict(values), mistakes

    def _take(self, key: str, what: str) -> Any:
        if key not in self.values:
            self.mistakes.append(f"[{self.section}] {key} is missing: give {what}.")
        return self.values.pop(key, None)

    def number(self, key: str, *, least: float = 0, most: float = 1_000_000) -> float:
        value = self._take(key, "a number")
        if value is None or (value == "" and least <= 0):  # empty lifts a limit, as 0 does
            return 0
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.mistakes.append(
                f"[{self.section}] {key} must be a number from {least} to {most}, not {value!r}."
            )
            return 0
        return value

    def whole(self, key: str, *, least: int = 0, most: int = 1_000_000) -> int:
        value = self.number(key, least=least, most=most)
        if value != int(value):
            self.mistakes.append(f"[{self.section}] {key} must be a whole number, not {value!r}.")
        return int(value)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._take(key, "one of " + ", ".join(allowed))
        if value is not None and value not in allowed:
            names = ", ".join(repr(name) for name in allowed)
            self.mistakes.append(f"[{self.section}] {key} must be one of {names}, not {value!r}.")
        return str(value)

    def clock(self, key: str) -> time:
        value = self._take(key, 'a time such as "10:00"')
        try:
            read = time.fromisoformat(str(value))
        except ValueError:
            read = None
        if read is None or read.tzinfo is not None:
            if value is not None:
                self.mistakes.append(f'[{self.section}] {key} must be a time such as "10:00", not {value!r}.')
            return time(0)
        return read

    def days(self, key: str) -> tuple[str, ...]:
        value = self._take(key, 'a list such as ["mon", "tue"]')
        if value is None:
            return ()
        if not isinstance(value, list) or not value or any(day not in WEEKDAYS for day in value):
            self.mistakes.append(
                f"[{self.section}] {key} must list days out of {', '.join(WEEKDAYS)}, not {value!r}."
            )
            return ()
        return tuple(value)

    def end(self) -> None:
        self.mistakes += [
            f"[{self.section}] {key} is not a setting: remove it or mend its name." for key in self.values
        ]


def load(environ: Mapping[str, str] = os.environ) -> tuple[Config, Secrets]:
    """Read the configuration and the secrets.

    Raises:
        CallerMistake: with one line for each mistake in the file and in the variables.
    """
    mistakes: list[str] = []
    tables = _read(ROOT / "config.toml", mistakes)
    if other := environ.get("HOTLINE_CONFIG"):  # what it does not say stays as shipped
        for section, values in _read(Path(other), mistakes).items():
            tables.setdefault(section, {}).update(values)
    _override(tables, environ, mistakes)
    config = _build(tables, mistakes)
    secrets = _secrets(environ, mistakes)
    if mistakes:
        raise CallerMistake(*mistakes)
    return config, secrets


def _read(path: Path, mistakes: list[str]) -> dict[str, dict[str, Any]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CallerMistake(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallerMistake(f"{path} is not valid TOML: {error}.") from error
    tables = {}
    for section, values in document.items():
        if isinstance(values, dict):
            tables[section] = values
        else:
            mistakes.append(f"{section} stands outside of a [section]: move it into one.")
    return tables


def _override(tables: dict[str, dict[str, Any]], environ: Mapping[str, str], mistakes: list[str]) -> None:
    for variable, text in environ.items():
        name = variable.removeprefix("HOTLINE_")
        if name == variable or name in VARIABLES or name.startswith("TEST_"):
            continue
        section, _, key = name.lower().partition("_")
        if section not in SECTIONS or not key:
            mistakes.append(f"{variable} is not a variable of the hotline: unset it or mend its name.")
            continue
        try:
            value = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            value = text  # plain text needs no quotes
        tables.setdefault(section, {})[key] = value


SECTIONS = tuple(each.name for each in dataclasses.fields(Config))


def _build(tables: dict[str, dict[str, Any]], mistakes: list[str]) -> Config:
    mistakes += [
        f"[{name}] is not a section: remove it or mend its name." for name in tables if name not in SECTIONS
    ]
    table = {name: _Table(name, tables.get(name, {}), mistakes) for name in SECTIONS}
    hours, desk, tickets, retention = table["hours"], table["desk"], table["tickets"], table["retention"]
    sending, limits, quiet = table["sending"], table["limits"], table["quiet"]
    try:
        search = SearchSettings.of(table["search"].values)
    except SettingsError as error:
        mistakes += error.mistakes
        search = SearchSettings()
    table["search"].values.clear()
    config = Config(
        hours=Hours(
            hours.days("days"), hours.clock("from"), hours.clock("until"), hours.whole("answer_days")
        ),
        desk=Desk(
            desk.choice("language", ("ka", "az", "hy", "en")), desk.whole("leave_after_minutes", least=1)
        ),
        tickets=Tickets(tickets.whole("bundle_seconds", most=0)),
        retention=Retention(
            retention.whole("question_days", least=1),
            retention.whole("ticket_days", least=1),
            retention.whole("sent_days", least=1),
        ),
        sending=Sending(
            sending.number("bulk_per_second"),
            sending.number("chat_per_second"),
            sending.number("group_per_minute"),
        ),
        limits=Limits(
            limits.whole("person_per_minute", most=0), limits.whole("strangers_per_minute", most=0)
        ),
        quiet=Quiet(quiet.choice("from", ("",)), quiet.choice("until", ("",))),
        sandbox=SandboxPage(table["sandbox"].whole("port", most=65535)),
        logging=Logging(table["logging"].choice("level", ("DEBUG", "INFO", "WARNING", "ERROR"))),
        search=search,
    )
    for each in table.values():
        each.end()
    if config.hours.opens >= config.hours.closes and not mistakes:
        mistakes.append("[hours] until must be later than from.")
    return config


def _secrets(environ: Mapping[str, str], mistakes: list[str]) -> Secrets:
    key = None
    if text := environ.get("HOTLINE_SECRET_KEY"):
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            mistakes.append(f"HOTLINE_SECRET_KEY must be 32 random bytes in base64. {HOW_TO_MAKE_A_KEY}")
    api_url = (environ.get("HOTLINE_TELEGRAM_API_URL") or TELEGRAM).rstrip("/")
    host = _host(api_url)
    if host is None:
        mistakes.append(f"HOTLINE_TELEGRAM_API_URL must begin with https:// or http://, not be {api_url!r}.")
    clock = environ.get("HOTLINE_TEST_CLOCK_FILE")
    # Without a token only the sandbox runs, which is on this machine.
    used = environ.get("HOTLINE_TELEGRAM_TOKEN") or environ.get("HOTLINE_TELEGRAM_API_URL")
    if clock and used and host not in ("127.0.0.1", "localhost", "::1"):
        mistakes.append("HOTLINE_TEST_CLOCK_FILE is for tests: the Bot API must be on this machine then.")
    return Secrets(
        token=environ.get("HOTLINE_TELEGRAM_TOKEN") or None,
        api_url=api_url,
        database_url=environ.get("HOTLINE_DATABASE_URL") or None,
        key=key,
        clock_file=Path(clock) if clock else None,
    )


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("https", "http") else None


HOW_TO_MAKE_A_KEY = (
    "Make one with: python3 -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())' "
    "and keep it apart from the database: without it nothing in the database can be read."
)
