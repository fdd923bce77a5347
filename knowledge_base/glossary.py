"""Words that mean the same, brought to one."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge_base.fold import fold
from knowledge_base.stock import Synonyms


class Glossary:
    """Beginnings of folded words, and what stands for them in comparisons."""

    def __init__(self, glossary: Iterable[Synonyms]) -> None:
        self._stands_for: dict[str, dict[str, str]] = {}
        for synonyms in glossary:
            first, *others = (fold(word, synonyms.language).replace(" ", "") for word in synonyms.words)
            self._stands_for.setdefault(synonyms.language, {}).update(dict.fromkeys(others, first))

    def unified(self, folded: str, language: str) -> str:
        """The text with the longest known beginning of each word replaced by what stands for it."""
        stands_for = self._stands_for.get(language)
        if not stands_for:
            return folded
        return " ".join(_unified(word, stands_for) for word in folded.split())


def _unified(word: str, stands_for: dict[str, str]) -> str:
    for length in range(len(word), 0, -1):
        if (first := stands_for.get(word[:length])) is not None:
            return first + word[length:]
    return word
