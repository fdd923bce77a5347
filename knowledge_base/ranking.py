"""Which owners of phrasings come nearest to an utterance, and how near."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from knowledge_base.index import Comparison, Index

COMPARED = 60
"""So many of the most similar phrasings are compared letter by letter, and their owners ranked.

Only by `token_sort_ratio`: fitted beside the n-grams, `token_set_ratio` got a weight below 0, for a phrasing
of few common words lies within every long message.
"""


class Features(NamedTuple):
    """How near an owner comes to an utterance.

    Args:
        best: similarity of the nearest phrasing by n-grams, 0 to 1.
        best_three: the mean of the nearest three.
        familiar: how well the n-grams suit all the owner's phrasings together.
        same_words: likeness, letter by letter, of the words in alphabetical order, 0 to 1.
        word_for_word: 1 if a phrasing is the same, 0 if none is.
    """

    best: float
    best_three: float
    familiar: float
    same_words: float
    word_for_word: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An owner that may be meant, through `phrasing` (folded) in `language`."""

    owner: int
    score: float
    features: Features
    phrasing: str
    language: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, the best first, and the share of known n-grams in each language."""

    candidates: tuple[Candidate, ...]
    known: Mapping[str, float]


def rank(indexes: Mapping[str, Index], folded: Mapping[str, str], weights: Features) -> Ranking:
    """Rank owners; `folded` is the utterance as read in each language that it may be written in.

    A score is the sum of the features, each times its weight.
    """
    compared = {
        language: indexes[language].compare(text) for language, text in folded.items() if language in indexes
    }
    best: dict[int, Candidate] = {}
    for language, rows in _nearest(compared).items():
        for candidate in _candidates(
            indexes[language], compared[language], rows, folded[language], language, weights
        ):
            rival = best.get(candidate.owner)
            if rival is None or candidate.score > rival.score:
                best[candidate.owner] = candidate
    candidates = sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.owner))
    return Ranking(
        tuple(candidates), {language: comparison.known for language, comparison in compared.items()}
    )


def _nearest(compared: Mapping[str, Comparison]) -> dict[str, list[int]]:
    """The most similar phrasings of all languages together."""
    found: list[tuple[float, str, int]] = []
    for language, comparison in compared.items():
        similarities = comparison.similarities
        top = np.argpartition(similarities, -min(COMPARED, len(similarities)))[-COMPARED:]
        found += [(float(similarities[row]), language, int(row)) for row in top if similarities[row] > 0]
    nearest: dict[str, list[int]] = {}
    for _, language, row in sorted(found, reverse=True)[:COMPARED]:
        nearest.setdefault(language, []).append(row)
    return nearest


def _candidates(
    index: Index, comparison: Comparison, rows: list[int], utterance: str, language: str, weights: Features
) -> Iterator[Candidate]:
    phrasings = [index.phrasings[row] for row in rows]
    texts = [phrasing.folded for phrasing in phrasings]
    trust = np.array([phrasing.weight for phrasing in phrasings]) / 100
    same = process.cdist([utterance], texts, scorer=fuzz.token_sort_ratio, dtype=np.float32)[0] * trust
    places: dict[int, list[int]] = {}
    for place, phrasing in enumerate(phrasings):
        places.setdefault(phrasing.owner, []).append(place)
    for owner, found in places.items():
        three = np.sort(comparison.similarities[index.owned(owner)])[-3:]
        features = Features(
            best=float(three[-1]),
            best_three=float(three.sum()) / 3,
            familiar=float(comparison.familiarities[owner]),
            same_words=float(same[found].max()),
            word_for_word=max(phrasings[place].weight * (texts[place] == utterance) for place in found),
        )
        score = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
        yield Candidate(owner, score, features, texts[found[0]], language)
