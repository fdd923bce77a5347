"""Which language a text is written in: told by its letters, and where languages share letters, by n-grams."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from knowledge_base.entry import UNDERSTOOD
from knowledge_base.fold import SCRIPTS, fold, readings

_LETTERS = 3
"""Letters of an n-gram."""

SAMPLES = 400
"""So many phrasings of each language are enough to know it by."""

_COMMON_WORDS = {
    "en": "the a is are i you we my our how what where when who can do does to in of for and not with "
    "have need hello please",
    "ka": "როგორ რა სად როდის ვინ არის მინდა შემიძლია უნდა თუ და არ ვერ მე ჩვენ ჩემი ჩვენი რომ "
    "გამარჯობა გთხოვთ მაქვს გვაქვს",
    "az": "necə nə harada nə vaxt kim olar var yox mən biz bizim üçün və ilə bu istəyirəm "
    "lazımdır mı mümkündür salam zəhmət olmasa",
    "hy": "ինչպես ինչ որտեղ երբ ով կարող եմ ենք է չի պետք ես մենք իմ մեր համար և որ "
    "բարև խնդրում ունեմ ուզում կա",
    "ru": "как что где когда кто можно нужно я мы мой наш для и не на по это "
    "есть ли здравствуйте пожалуйста хочу",
}
"""So that a library with few phrasings knows its languages too."""

# All in natural logarithms of likelihood.
_SELDOM = 2e-5
_NATIVE_SCRIPT = 25.0
_OWN_LETTERS = 12.0
_CHOSEN = 3.0
_STILL_PLAUSIBLE = 20.0

_A_WORD = 4
"""Letters."""

_LETTERS_OF_ITS_OWN = {
    "az": re.compile("[əıƏİğşöüçĞŞÖÜÇәғҹөүһҝӘҒҸӨҮҺҜ]"),
    "hy": re.compile(r"@(?!\w+\.\w)"),  # ը in Latin letters, and no address
}


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language, None where nothing tells, and all that the text may well be in."""

    language: str | None
    plausible: tuple[str, ...]


class Guesser:
    """Knows languages by n-grams of their phrasings, read in Latin letters the same way for all."""

    def __init__(self, phrasings: Mapping[str, Sequence[str]]) -> None:
        shares: dict[str, dict[str, float]] = {}
        for language in UNDERSTOOD:
            counts = _counted((_COMMON_WORDS[language], *phrasings.get(language, ())[:SAMPLES]))
            total = counts.total()
            shares[language] = {gram: count / total for gram, count in counts.items()}
        grams = dict.fromkeys(gram for language in UNDERSTOOD for gram in shares[language])
        self._numbers = {gram: number for number, gram in enumerate(grams)}
        columns = [[shares[language].get(gram, 0.0) for gram in grams] for language in UNDERSTOOD]
        self._logs = np.log(np.array(columns).T + _SELDOM)

    def guess(self, text: str, chosen: str | None = None) -> Guess:
        """The language of a text; `chosen` is the person's, for texts that leave it open."""
        letters = {script: len(pattern.findall(text)) for script, pattern in SCRIPTS.items()}
        possible = readings(text)
        if len(possible) == 1:
            return Guess(possible[0], possible)
        numbers = self._numbers
        known = [numbers[gram] for gram in _grams(text) if gram in numbers]
        most = max(letters, key=lambda script: letters[script])
        if not letters[most] or (most == "en" and not known):
            return Guess(None, possible)
        likelihoods = dict(zip(UNDERSTOOD, self._logs[known].sum(axis=0).tolist(), strict=True))
        own = {language for language, letters in _LETTERS_OF_ITS_OWN.items() if letters.search(text)}
        scores = {
            language: likelihoods[language]
            + _NATIVE_SCRIPT * (language == most != "en")
            + _OWN_LETTERS * (language in own)
            + _CHOSEN * (language == chosen)
            for language in possible
        }
        ranked = sorted(possible, key=lambda language: -scores[language])
        best = scores[ranked[0]]
        plausible = [
            language for language in ranked if best - scores[language] < _STILL_PLAUSIBLE or language in own
        ]
        if letters["ru"] >= _A_WORD and "ru" not in plausible:
            plausible.append("ru")  # Russian words are mixed into every language here
        return Guess(ranked[0], tuple(plausible))


@lru_cache(maxsize=2 * len(UNDERSTOOD))
def _counted(samples: tuple[str, ...]) -> Counter[str]:
    """How often which n-gram occurs; of unchanged samples it is the same."""
    return Counter(gram for text in samples for gram in _grams(text))


def _grams(text: str) -> list[str]:
    return [
        padded[start : start + _LETTERS]
        for padded in (f" {word} " for word in fold(text, "en").split())
        for start in range(len(padded) - _LETTERS + 1)
    ]
