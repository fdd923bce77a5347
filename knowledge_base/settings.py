"""The `[search]` table of config.toml."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

_PREFIX = "HOTLINE_SEARCH_"


TRADE_OFFS = {
    "balanced": {"answer_at": 0.85, "suggest_at": 0.08},
    "cautious": {"answer_at": 0.93, "suggest_at": 0.2},
}
"""Names for how much to dare: by the trials, "balanced" answers 86 of 100 questions right at once and fewer
than 1 wrong, "cautious" some 80 and half as many wrong."""


class SettingsError(Exception):
    """The settings cannot be used; `mistakes` says in plain words what is wrong with each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """When to answer and when to ask back, as probabilities that the best entry is the right one.

    Args:
        answer_at: from here on the entry is shown at once.
        suggest_at: from here on up to three entries are offered; below it, a person.
    """

    answer_at: float = TRADE_OFFS["balanced"]["answer_at"]
    suggest_at: float = TRADE_OFFS["balanced"]["suggest_at"]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> SearchSettings:
        """Settings from a `[search]` table: its trade-off, and what it sets otherwise.

        Raises:
            SettingsError: a key or trade-off is unknown, or a value is not a probability.
        """
        known = ["trade_off", *(field.name for field in fields(cls))]
        mistakes = [
            f"[search] {key} is not known; the keys are {', '.join(known)}"
            for key in table
            if key not in known
        ]
        chosen = table.get("trade_off", "balanced")
        if not isinstance(chosen, str) or chosen not in TRADE_OFFS:
            mistakes.append(f"[search] trade_off is one of {', '.join(TRADE_OFFS)}, not {chosen!r}")
            chosen = "balanced"
        values: dict[str, Any] = {key: table[key] for key in known[1:] if key in table}
        for key, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                mistakes.append(f"[search] {key} is a number from 0 to 1, such as 0.5, not {value!r}")
        if mistakes:
            raise SettingsError(mistakes)
        settings = cls(**TRADE_OFFS[chosen] | values)
        if settings.suggest_at > settings.answer_at:
            raise SettingsError(["[search] suggest_at is above answer_at; set it to the same or less"])
        return settings

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, root: Path = Path()) -> SearchSettings:
        """Settings as the command line finds them: in config.toml or `HOTLINE_CONFIG`, then the overrides.

        Raises:
            SettingsError: the file cannot be read, or its table or an override is wrong.
        """
        named = environment.get("HOTLINE_CONFIG")
        path = Path(named) if named else root / "config.toml"
        table: Any = {}
        if named or path.exists():
            try:
                table = tomllib.loads(path.read_text(encoding="utf-8")).get("search", {})
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise SettingsError([f"{path}: {error}"]) from error
        if not isinstance(table, dict):
            raise SettingsError([f"{path}: [search] is a table"])
        overrides = {
            name.removeprefix(_PREFIX).lower(): _value(text)
            for name, text in environment.items()
            if name.startswith(_PREFIX)
        }
        return cls.of(table | overrides)


def _value(text: str) -> Any:
    """An override is read as a TOML value, else as plain text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
