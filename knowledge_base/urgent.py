"""Crises: messages that must bring up numbers to call before anything else.

Two look out for them: rules, which list words of crisis, and in each language a linear model, which learned
from what people in a crisis may write and from what only looks like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace

from knowledge_base.entry import UNDERSTOOD
from knowledge_base.fold import fold
from knowledge_base.grams import bag_of
from knowledge_base.linear import Linear
from knowledge_base.stock import NEGATIVE, UrgentRule

_Strings = Mapping[str, tuple[frozenset[str], ...]]
"""For each first word of some strings, the other words of each of them."""

ENOUGH = 30
"""Letters of a word that are looked at; a message without spaces is one of thousands."""

SHORTEST = 8
"""Letters that the model must have to go by: of shorter messages, "yes" or "me too", it says anything."""

_DIGIT = re.compile(r"\d")

CALM = -2.0
"""What the model says at the least, and what stands for it where there is none yet."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What sounds like a crisis.

    Args:
        entry: the entry to show, if it is one.
        by_rule: a rule fired, or a cry is known word for word.
        decided: how far from all that is calm the model sees the message, about -1 to 1.
        kind: how far on the side of one kind of crisis, about -1 to 1.
    """

    entry: str | None = None
    by_rule: bool = False
    decided: float = CALM
    kind: float = CALM


class Alarm:
    """The urgent rules, folded, and the cries that are known word for word and the models, by language."""

    def __init__(
        self,
        rules: Iterable[UrgentRule],
        cries: Mapping[str, Mapping[str, str]],
        models: Mapping[str, Linear],
        known: Container[str],
        fold: Callable[[str, str], str] = fold,
    ) -> None:
        """Rules and labels of entries that are not `known` are left out: there would be nothing to show."""
        self._cries = cries
        self._rules = [
            (
                rule.entry,
                {language: _folded(strings, language, fold) for language, strings in rule.words.items()},
                {language: _folded(rule.unless, language, fold) for language in UNDERSTOOD},
            )
            for rule in rules
            if rule.entry in known
        ]
        self._models = {
            language: (
                model,
                model.labels.index(NEGATIVE),
                [(place, label) for place, label in enumerate(model.labels) if label in known],
            )
            for language, model in models.items()
            if any(label in known for label in model.labels)
        }

    def listen(self, folded: Mapping[str, str]) -> Heard:
        """Listen to a message as read in each of these languages."""
        by_rule = self._by_rule(folded)
        heard = [self._by_model(text, language) for language, text in folded.items()]
        loudest = max(heard, key=lambda one: one.decided, default=Heard())
        return replace(loudest, entry=by_rule or loudest.entry, by_rule=by_rule is not None)

    def _by_rule(self, folded: Mapping[str, str]) -> str | None:
        for language, text in folded.items():
            if entry := self._cries.get(language, {}).get(without_numbers(text)):
                return entry
        beginnings = {language: _beginnings(text) for language, text in folded.items()}
        for entry, words, unless in self._rules:
            for language, begun in beginnings.items():
                if _fits(words.get(language, {}), begun) and not _fits(unless[language], begun):
                    return entry
        return None

    def _by_model(self, text: str, language: str) -> Heard:
        if language not in self._models or len(text) < SHORTEST:
            return Heard()
        model, calm, crises = self._models[language]
        text = without_numbers(text)
        weighed = model.vocabulary.weigh(bag_of(text))
        if not len(weighed.grams):
            return Heard()  # of what it has never seen the model can say nothing
        decisions = model.decide(text, weighed).tolist()
        kind, entry = max((decisions[place], entry) for place, entry in crises)
        return Heard(entry, decided=max(-decisions[calm], CALM), kind=kind)


def without_numbers(folded: str) -> str:
    """A folded text with all digits alike: ages and times tell nothing of a crisis."""
    return _DIGIT.sub("0", folded)


def _folded(strings: Iterable[str], language: str, fold: Callable[[str, str], str]) -> _Strings:
    by_first: dict[str, tuple[frozenset[str], ...]] = {}
    for string in strings:
        first, *others = [word[:ENOUGH] for word in fold(string, language).split()] or [""]
        by_first[first] = (*by_first.get(first, ()), frozenset(others))
    return by_first


def _beginnings(text: str) -> set[str]:
    return {word[:length] for word in text.split() for length in range(1, min(len(word), ENOUGH) + 1)}


def _fits(strings: _Strings, begun: set[str]) -> bool:
    return any(others <= begun for first in strings.keys() & begun for others in strings[first])
