"""The table at the head of a document: what holds for an entry in all languages."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.entry import LANGUAGES, Review, Source

_KEYS = ("review_in_months", "related", "urgent", "caution", "updated", "reviewed", "sources")
_TOML_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of the same names of `Entry`."""

    review_in_months: int = 6
    related: tuple[str, ...] = ()
    urgent: bool = False
    caution: bool = False
    updated: Mapping[str, dt.date] = field(default_factory=dict)
    reviewed: Mapping[str, Review] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    @classmethod
    def read(cls, lines: list[str]) -> tuple[FrontMatter, list[tuple[int, str]]]:
        """The front matter, and what is wrong with it: line (from 1) and plain words."""
        try:
            table = tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            return cls(), [toml_mistake(error, lines)]
        reader = _Reader(table, lines)
        front = cls(
            review_in_months=reader.months(),
            related=reader.related(),
            urgent=reader.flag("urgent"),
            caution=reader.flag("caution"),
            updated=reader.updated(),
            reviewed=reader.reviewed(),
            sources=reader.sources(),
        )
        reader.refuse_unknown_keys()
        return front, reader.mistakes


def toml_mistake(error: tomllib.TOMLDecodeError, lines: list[str]) -> tuple[int, str]:
    """Line (from 1) and words of a TOML error."""
    found = _TOML_LINE.search(str(error))
    words = _TOML_LINE.sub("", str(error))
    return int(found[1]) if found and found[1] else len(lines), f"this is not TOML: {words}"


class _Reader:
    """Takes fields out of a parsed table and notes what is wrong with them."""

    def __init__(self, table: dict[str, Any], lines: list[str]) -> None:
        self._table = table
        self._lines = lines
        self.mistakes: list[tuple[int, str]] = []

    def months(self) -> int:
        value = self._table.get(
            "review_in_months", FrontMatter.__dataclass_fields__["review_in_months"].default
        )
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self._note("review_in_months", "review_in_months is a number of months, such as 6")
            return 1
        return value

    def flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            self._note(key, f"{key} is true or false")
            return False
        return value

    def related(self) -> tuple[str, ...]:
        value = self._table.get("related", [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._note("related", 'related is a list of entry ids, such as ["petition", "charter"]')
            return ()
        return tuple(value)

    def updated(self) -> dict[str, dt.date]:
        table = self._by_language("updated")
        for language, day in list(table.items()):
            if not _is_day(day):
                self._note(language, f"updated.{language} is a day, such as 2026-11-22")
                del table[language]
        return table

    def reviewed(self) -> dict[str, Review]:
        reviews: dict[str, Review] = {}
        for language, value in self._by_language("reviewed").items():
            match value:
                case {"on": day, "by": str(by), **rest} if _is_day(day) and by.strip() and not rest:
                    reviews[language] = Review(on=day, by=by)
                case _:
                    example = '{ on = 2026-11-22, by = "N. B." }'
                    self._note("reviewed", f"reviewed.{language} says when and by whom: {example}")
        return reviews

    def sources(self) -> tuple[Source, ...]:
        value = self._table.get("sources", [])
        sources: list[Source] = []
        for item in value if isinstance(value, list) else [value]:
            match item:
                case {"title": str(title), "url": str(url), **rest} if title.strip() and not rest:
                    sources.append(Source(title, url))
                case {"title": str(title), **rest} if title.strip() and not rest:
                    sources.append(Source(title))
                case _:
                    self._note(
                        "sources", 'each [[sources]] has a title = "…" and may have a url = "https://…"'
                    )
        return tuple(sources)

    def refuse_unknown_keys(self) -> None:
        for key in self._table:
            if key not in _KEYS:
                self._note(key, f"{key} is not known here; the keys are {', '.join(_KEYS)}")

    def _by_language(self, key: str) -> dict[str, Any]:
        value = self._table.get(key, {})
        if not isinstance(value, dict):
            self._note(key, f"[{key}] is a table with one line for each language")
            return {}
        for language in value:
            if language not in LANGUAGES:
                self._note(language, f"{key}: {language} is not one of {', '.join(LANGUAGES)}")
        return {language: value[language] for language in LANGUAGES if language in value}

    def _note(self, key: str, text: str) -> None:
        here = re.compile(rf'\s*\[*\s*"?{re.escape(key)}\b')
        line = next((number for number, line in enumerate(self._lines, 1) if here.match(line)), 1)
        self.mistakes.append((line, text))


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
