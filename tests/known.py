"""Questions that the hotline knows: phrasings that their own entry answers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.config import load
from knowledge_base import ENTRIES, LANGUAGES, Answered, Folder, Library


@dataclass(frozen=True)
class Known:
    """A question in a language and the entry that answers it."""

    text: str
    language: str
    entry: str
    title: str


@lru_cache
def library() -> Library:
    folder = Folder.read(ENTRIES)
    config, _ = load({})
    return Library.build(folder.entries.values(), folder.stock, config.search)


def answered(language: str, chance: random.Random, *, each: int = 1) -> Iterator[Known]:
    """`each` questions of every entry that is no emergency, in any order."""
    entries = [entry for entry in library().entries.values() if not entry.urgent]
    chance.shuffle(entries)
    for entry in entries:
        phrasings = list(entry.texts[language].phrasings)
        chance.shuffle(phrasings)
        found = 0
        for text in phrasings:
            if found < each and _answers(text, language, entry.id):
                found += 1
                yield Known(text, language, entry.id, entry.texts[language].title)


def _answers(text: str, language: str, entry: str) -> bool:
    outcome = library().search(text, language)
    return isinstance(outcome, Answered) and outcome.entry == entry and not outcome.reading.urgent


def mixed(chance: random.Random, *, each: int) -> list[Known]:
    """Known questions of all languages, shuffled."""
    found = [known for language in LANGUAGES for known in answered(language, chance, each=each)]
    chance.shuffle(found)
    return found
