"""Which language a text is written in: by its letters, and among languages that share letters, by its n-grams."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from knowledge_base.entry import UNDERSTOOD
from knowledge_base.fold import SCRIPTS, fold, readings
from knowledge_base.index import grams_of

_SAMPLES = 400
"""So many phrasings of each language are enough to know it by."""

_COMMON_WORDS = {
    "en": "the a is are i you we my our how what where when who can do does to in of for and not with have need hello please",
    "ka": "როგორ რა სად როდის ვინ არის მინდა შემიძლია უნდა თუ და არ ვერ მე ჩვენ ჩემი ჩვენი რომ გამარჯობა გთხოვთ მაქვს გვაქვს",
    "az": "necə nə harada nə vaxt kim olar var yox mən biz bizim üçün və ilə bu istəyirəm lazımdır mı mümkündür salam zəhmət olmasa",
    "hy": "ինչպես ինչ որտեղ երբ ով կարող եմ ենք է չի պետք ես մենք իմ մեր համար և որ բարև խնդրում ունեմ ուզում կա",
    "ru": "как что где когда кто можно нужно я мы мой наш для и не на по это есть ли здравствуйте пожалуйста хочу",
}
"""So that a library with few phrasings knows its languages too."""

_OWN_LETTERS = {"az": re.compile("[əıƏİ]|[ğşöüçĞŞÖÜÇ]|[әғҹөүһҝӘҒҸӨҮҺҜ]"), "hy": re.compile(r"@\w|\w@\B")}
_OWN_LETTER_BONUS = 12.0
_NATIVE_BONUS = 25.0
_SMOOTHING = 0.2


class Guesser:
    """Knows languages by n-grams of their phrasings, read in Latin letters the same way for all."""

    def __init__(self, phrasings: Mapping[str, Iterable[str]]) -> None:
        counts: dict[str, Counter[str]] = {}
        for language in UNDERSTOOD:
            counts[language] = Counter(_grams(_COMMON_WORDS[language]))
            for _, text in zip(range(_SAMPLES), phrasings.get(language, ()), strict=False):
                counts[language].update(_grams(text))
        grams = set().union(*counts.values())
        self._chances: dict[str, tuple[float, ...]] = {}
        totals = {language: sum(counted.values()) + _SMOOTHING * len(grams) for language, counted in counts.items()}
        for gram in grams:
            self._chances[gram] = tuple(
                math.log((counts[language][gram] + _SMOOTHING) / totals[language]) for language in UNDERSTOOD
            )

    def language(self, text: str) -> str | None:
        """The likeliest of the understood languages; None if there is nothing to tell it by."""
        letters = {language: len(script.findall(text)) for language, script in SCRIPTS.items()}
        if not any(letters.values()):
            return None
        known = [self._chances[gram] for gram in _grams(text) if gram in self._chances]
        native = max(letters, key=lambda language: letters[language])
        scores = dict.fromkeys(readings(text), 0.0)
        for language in scores:
            position = UNDERSTOOD.index(language)
            scores[language] = sum(chances[position] for chances in known)
            if language == native != "en":
                scores[language] += _NATIVE_BONUS
            own = _OWN_LETTERS.get(language)
            if own and own.search(text):
                scores[language] += _OWN_LETTER_BONUS
        if not known and native == "en":
            return None
        return max(scores, key=lambda language: scores[language])


def _grams(text: str) -> list[str]:
    return [gram for word in fold(text, "en").split() for gram in grams_of(word)]
