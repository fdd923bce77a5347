"""Words of crisis: messages that must bring up numbers to call before anything else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from knowledge_base.entry import UNDERSTOOD
from knowledge_base.fold import fold, readings
from knowledge_base.stock import UrgentRule

_Strings = Mapping[str, tuple[frozenset[str], ...]]
"""For each first word of some strings, the other words of each of them."""


class Alarm:
    """The urgent rules, folded."""

    def __init__(self, rules: Iterable[UrgentRule], known: Container[str]) -> None:
        """Rules for entries that are not `known` are left out: there would be nothing to show."""
        self._rules = [
            (
                rule.entry,
                {language: _folded(strings, language) for language, strings in rule.words.items()},
                {language: _folded(rule.unless, language) for language in UNDERSTOOD},
            )
            for rule in rules
            if rule.entry in known
        ]

    def entry_for(self, message: str) -> str | None:
        """The entry to show at once, if the message is a crisis."""
        if not self._rules:
            return None
        beginnings = {language: _beginnings(fold(message, language)) for language in readings(message)}
        for entry, words, unless in self._rules:
            for language, begun in beginnings.items():
                if _fits(words.get(language, {}), begun) and not _fits(unless[language], begun):
                    return entry
        return None


def _folded(strings: Iterable[str], language: str) -> _Strings:
    by_first: dict[str, tuple[frozenset[str], ...]] = {}
    for string in strings:
        first, *others = fold(string, language).split() or [""]
        by_first[first] = (*by_first.get(first, ()), frozenset(others))
    return by_first


def _beginnings(text: str) -> set[str]:
    return {word[:length] for word in text.split() for length in range(1, len(word) + 1)}


def _fits(strings: _Strings, begun: set[str]) -> bool:
    return any(others <= begun for first in strings.keys() & begun for others in strings[first])
