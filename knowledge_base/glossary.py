"""Words that mean the same, brought to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.fold import fold
from knowledge_base.stock import Synonyms

SHORTEST_BEGINNING = 4
"""Folded letters from which on a word is also found with an ending; shorter ones must stand alone."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A folded word, or several, and what stands for them."""

    words: tuple[str, ...]
    stands_for: str

    def unified(self, words: Sequence[str]) -> str | None:
        """What stands for the first of `words`, with the ending of the last of them, if they are it."""
        *before, last = self.words
        place = len(before)
        if len(words) <= place or any(words[each] != word for each, word in enumerate(before)):
            return None
        found = words[place]
        if found == last or (len(last) >= SHORTEST_BEGINNING and found.startswith(last)):
            return self.stands_for + found.removeprefix(last)
        return None


class Glossary:
    """Words and names of several words, and what stands for them in comparisons."""

    def __init__(self, glossary: Iterable[Synonyms]) -> None:
        self._names: dict[str, dict[str, list[_Name]]] = {}
        for synonyms in glossary:
            names = self._names.setdefault(synonyms.language, defaultdict(list))
            variants = [tuple(fold(word, synonyms.language).split()) for word in synonyms.words]
            stands_for = "".join(variants[0])
            for variant in variants:
                if variant:
                    start = variant[0] if len(variant) > 1 else variant[0][:SHORTEST_BEGINNING]
                    names[start].append(_Name(variant, stands_for))
        for names in self._names.values():
            for alike in names.values():
                alike.sort(key=_longest_first)
        self._known: dict[tuple[str, str], str] = {}

    def unified_known(self, folded: str, language: str) -> str:
        """The same of a text that is known and will be asked for again when something changes."""
        if (unified := self._known.get((folded, language))) is None:
            unified = self._known[folded, language] = self.unified(folded, language)
        return unified

    def unified(self, folded: str, language: str) -> str:
        """The text with what stands for them in place of known names: the longest that begins at a word."""
        names = self._names.get(language)
        if not names:
            return folded
        words, place, unified = folded.split(), 0, list[str]()
        while place < len(words):
            word = words[place]
            # Names of several words are kept by their first, single words by how they begin.
            for name in (*names.get(word, ()), *names.get(word[:SHORTEST_BEGINNING], ())):
                if found := name.unified(words[place : place + len(name.words)]):
                    unified.append(found)
                    place += len(name.words)
                    break
            else:
                unified.append(word)
                place += 1
        return " ".join(unified)


def _longest_first(name: _Name) -> tuple[int, int]:
    return -len(name.words), -len(name.words[-1])
