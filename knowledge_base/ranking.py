"""Which owners of phrasings come nearest to an utterance, and how near."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from knowledge_base.grams import Numbers, Values, bag_of
from knowledge_base.index import Comparison, Index
from knowledge_base.linear import Linear

SHORTLIST = 8
"""So many owners are looked at closely, the likeliest by what is known of all at once."""

SHOWN = 3
"""So many of those that people can be shown are among them, or beside them."""

SPELLED_OUT = 3
"""So many phrasings of each of them are compared letter by letter.

Only as `token_sort_ratio` does, by words in alphabetical order: fitted beside the n-grams, `token_set_ratio`
got a weight below 0, for a phrasing of few common words lies within every long message.
"""

ENOUGH = 5
"""Phrasings that an owner must have in a language for what the linear model says of it to count."""

FEW = 64
"""So many values are best sorted as a whole to find the highest."""

UNLEARNED = (-1.05, 0.8)
"""What the model would likely say of an owner that it has not learned: a + b times `best`."""


class Features(NamedTuple):
    """How near an owner comes to an utterance.

    Args:
        best: similarity of the nearest phrasing by n-grams, 0 to 1.
        best_three: the mean of the nearest three.
        familiar: how well the n-grams suit all the owner's phrasings together.
        learned: how far on the owner's side the linear model sees the utterance, about -1 to 1.
        same_words: likeness, letter by letter, of the words in alphabetical order, 0 to 1.
        word_for_word: 1 if a phrasing is the same, 0 if none is.
    """

    best: float
    best_three: float
    familiar: float
    learned: float
    same_words: float
    word_for_word: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An owner that may be meant, through `phrasing` (folded) in `language`."""

    owner: str
    score: float
    features: Features
    phrasing: str
    language: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, the best first, and the share of known n-grams in each language."""

    candidates: tuple[Candidate, ...]
    known: Mapping[str, float]


class Reader:
    """Reads utterances in one language: by an index, and by a model, if there is one already."""

    def __init__(self, index: Index, model: Linear | None) -> None:
        self.index = index
        self._model = model
        if model is not None:
            columns = {label: column for column, label in enumerate(model.labels)}
            self._columns = np.array([columns.get(owner, -1) for owner in index.owners])
            few = [index.size_of(place) < ENOUGH for place in range(len(index.owners))]
            self._unlearned = (self._columns < 0) | np.array(few)
            self._alike = model.vocabulary.same_as(index.vocabulary)
            if self._alike:
                model.share(index.vocabulary)

    def read(self, folded: str) -> tuple[Comparison, Values]:
        """How near the utterance comes to all that is known, and what the model says of each owner.

        Of owners that the model has not learned it is what it would likely say.
        """
        weighed = self.index.vocabulary.weigh(bag_of(folded))
        comparison = self.index.compare(weighed)
        likely = UNLEARNED[0] + UNLEARNED[1] * comparison.best
        if self._model is None:
            return comparison, likely
        decided = self._model.decide(folded, weighed if self._alike else None)
        return comparison, np.where(self._unlearned, likely, decided[self._columns])


@dataclass(frozen=True, slots=True)
class _Look:
    """An utterance beside the shelf of one language."""

    language: str
    folded: str
    index: Index
    comparison: Comparison
    learned: Values
    word_for_word: Mapping[int, float]
    scores: Values

    @classmethod
    def at(cls, reader: Reader, folded: str, language: str, weights: Features) -> _Look:
        comparison, learned = reader.read(folded)
        word_for_word = reader.index.word_for_word(folded)
        scores = (
            (weights.best + weights.best_three) * comparison.best
            + weights.familiar * comparison.familiar
            + weights.learned * learned
        )
        for place, trust in word_for_word.items():
            scores[place] += weights.word_for_word * trust
        return cls(language, folded, reader.index, comparison, learned, word_for_word, scores)

    def closely(self, places: list[int], weights: Features) -> list[Candidate]:
        index, comparison = self.index, self.comparison
        nearest: list[int] = []
        three: list[list[float]] = []
        for place in places:
            part = index.rows_of(place)
            similarities = comparison.similarities[part]
            rows = _highest(similarities, SPELLED_OUT)
            three.append(similarities[rows].tolist())
            nearest += (rows + part.start).tolist()
        words = " ".join(sorted(self.folded.split()))
        texts = [index.by_letters[row] for row in nearest]
        same = process.cdist([words], texts, scorer=fuzz.ratio, dtype=np.float32)[0].tolist()
        candidates = []
        start = 0
        for place, similar in zip(places, three, strict=True):
            after = start + len(similar)
            trust = index.phrasings[nearest[start]].weight
            features = Features(
                best=similar[0],
                best_three=sum(similar) / 3,
                familiar=float(comparison.familiar[place]),
                learned=float(self.learned[place]),
                same_words=max(same[start:after]) / 100 * trust,
                word_for_word=self.word_for_word.get(place, 0.0),
            )
            score = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
            phrasing = index.phrasings[nearest[start]].folded
            candidates.append(Candidate(index.owners[place], score, features, phrasing, self.language))
            start = after
        return candidates


def _highest(values: Values, count: int) -> Numbers:
    """Where the highest values are, the highest first; of equal ones the first."""
    if len(values) <= FEW:
        return np.argsort(-values, kind="stable")[:count]
    least = np.partition(values, -count)[-count]
    places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")[:count]]


def rank(
    readers: Mapping[str, Reader], folded: Mapping[str, str], weights: Features, shown: Container[str]
) -> Ranking:
    """Rank owners; `folded` is the utterance as read in each language that it may be written in.

    Of those that can be `shown` some are always looked at. A score is the sum of the features, each times its
    weight.
    """
    looks = [
        _Look.at(readers[language], text, language, weights)
        for language, text in folded.items()
        if language in readers
    ]
    best: dict[str, Candidate] = {}
    for look, places in _shortlist(looks, shown):
        for candidate in look.closely(places, weights):
            rival = best.get(candidate.owner)
            if rival is None or candidate.score > rival.score:
                best[candidate.owner] = candidate
    candidates = sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.owner))
    return Ranking(tuple(candidates), {look.language: look.comparison.known for look in looks})


def _shortlist(looks: list[_Look], shown: Container[str]) -> list[tuple[_Look, list[int]]]:
    """The likeliest owners of all languages together, by their places; none that shares no n-gram."""
    found: list[tuple[float, int, int]] = []
    found_shown: list[tuple[float, int, int]] = []
    for number, look in enumerate(looks):
        scores = np.where(look.comparison.best > 0, look.scores, -np.inf)
        owners, places = look.index.owners, np.argsort(-scores, kind="stable").tolist()
        found += [(-scores[place], number, place) for place in places[:SHORTLIST]]
        best_shown = islice((place for place in places if owners[place] in shown), SHOWN)
        found_shown += [(-scores[place], number, place) for place in best_shown]
    likeliest = {*sorted(found)[:SHORTLIST], *sorted(found_shown)[:SHOWN]}
    chosen: dict[int, list[int]] = {}
    for score, number, place in sorted(likeliest):
        if score < np.inf:
            chosen.setdefault(number, []).append(place)
    return [(looks[number], places) for number, places in chosen.items()]
