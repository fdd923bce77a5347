"""Messages that are no question: greetings, thanks, goodbyes, insults, chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from knowledge_base.entry import UNDERSTOOD
from knowledge_base.fold import fold
from knowledge_base.ranking import Candidate
from knowledge_base.stock import NEGATIVE, SMALL_TALK, Negative

LONGEST = 5
"""Words that a courtesy may have to be found within a message."""

NEAR_ENOUGH = 0.35
"""Similarity by n-grams from which an utterance may be a small talk that we know."""


def kind_by_likeness(candidates: Sequence[Candidate]) -> str | None:
    """The kind, if the best of all candidates is a small talk and near enough."""
    if candidates and candidates[0].features.best >= NEAR_ENOUGH:
        kind = candidates[0].owner.removeprefix(NEGATIVE)
        if kind in SMALL_TALK and kind != candidates[0].owner:
            return kind
    return None


class Courtesies:
    """Greetings, thanks and goodbyes that open or close a message without being what it is about."""

    def __init__(self, negatives: Iterable[Negative], fold: Callable[[str, str], str] = fold) -> None:
        self._known: dict[str, set[tuple[str, ...]]] = {language: set() for language in UNDERSTOOD}
        for negative in negatives:
            if negative.kind in {"greeting", "thanks", "goodbye"}:
                words = tuple(fold(negative.text, negative.language).split())
                self._known[negative.language].add(words)

    def stripped(self, folded: str, language: str) -> str:
        """The folded text without them; a text of nothing else stays as it is."""
        known = self._known[language]
        words = tuple(folded.split())
        while count := _first(count for count in range(LONGEST, 0, -1) if words and words[:count] in known):
            words = words[count:]
        while count := _first(count for count in range(LONGEST, 0, -1) if words and words[-count:] in known):
            words = words[:-count]
        return " ".join(words) or folded


def _first(counts: Iterator[int]) -> int:
    return next(counts, 0)


class Symbols:
    """Emoji and the like that small talk without any word is known by."""

    def __init__(self, negatives: Iterable[Negative]) -> None:
        self._kinds: dict[str, str] = {}
        for negative in negatives:
            if negative.kind in SMALL_TALK and not any(map(str.isalnum, negative.text)):
                for symbol in negative.text:
                    self._kinds.setdefault(symbol, negative.kind)

    def kind(self, text: str) -> str | None:
        """The kind of a text without words, by its first known symbol."""
        if any(map(str.isalnum, text)):
            return None
        return next((self._kinds[symbol] for symbol in text if symbol in self._kinds), None)
