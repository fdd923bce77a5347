"""The index of one language: how near its phrasings, and those who own them, are to an utterance.

Texts are bags of n-grams, 2 to 4 letters within words, weighed by TF-IDF. On folded letters they forgive
spelling and endings better than stems or whole words do for Georgian, Azerbaijani and Armenian. Two views
complete each other: single phrasings are compared by cosine, all of an owner together by naive Bayes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZES = (2, 3, 4)
"""Lengths of n-grams, in letters."""

SMOOTHING = 1e-4
"""Share of an owner's n-grams that each n-gram has which the owner does not use."""

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A folded way to ask for what an owner (a number) holds, and how far it can be trusted."""

    owner: int
    folded: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How near an utterance is to an index.

    Args:
        similarities: to each phrasing, 0 to 1.
        familiarities: to each owner: the mean gain in log-probability of the utterance's n-grams.
        known: the share of the utterance's n-grams, by weight, that some phrasing has.
    """

    similarities: Values
    familiarities: Values
    known: float


class Index:
    """Phrasings of one language, sorted by owner; immutable."""

    def __init__(self, phrasings: Iterable[Phrasing]) -> None:
        self.phrasings = tuple(sorted(phrasings, key=lambda phrasing: phrasing.owner))
        self._numbers: dict[str, int] = {}
        owners = np.array([phrasing.owner for phrasing in self.phrasings], dtype=np.int64)
        self._owned = np.searchsorted(owners, np.arange(owners[-1] + 2 if len(owners) else 1))
        self._trust = np.array([phrasing.weight for phrasing in self.phrasings], dtype=np.float64)

        rows, grams, counts = self._bags()
        found_in = np.bincount(grams, minlength=len(self._numbers))
        self._idf = np.log((1 + len(owners)) / (1 + found_in)) + 1
        self._unseen_idf = math.log(1 + len(owners)) + 1
        values = (1 + np.log(counts)) * self._idf[grams]
        values /= np.sqrt(np.bincount(rows, values**2, minlength=len(owners)))[rows]
        self._by_phrasing = _Postings(grams, rows, values, len(self._numbers), len(owners))
        self._by_owner = self._gains(owners[rows], grams, values * self._trust[rows])

    def compare(self, folded: str) -> Comparison:
        """Compare a folded utterance with everything."""
        counts = Counter(gram for word in folded.split() for gram in grams_of(word))
        numbers = [self._numbers.get(gram, -1) for gram in counts]
        known = np.array([number for number in numbers if number >= 0], dtype=np.int64)
        tf = 1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))
        seen = np.array(numbers, dtype=np.int64) >= 0
        values = tf[seen] * self._idf[known]
        unseen = tf[~seen] * self._unseen_idf
        squares, unseen_squares = float(values @ values), float(unseen @ unseen)
        length = math.sqrt(squares + unseen_squares) or 1.0
        total = float(values.sum() + unseen.sum()) or 1.0
        return Comparison(
            similarities=self._by_phrasing.products(known, values / length) * self._trust,
            familiarities=self._by_owner.products(known, values / total),
            known=squares / length**2,
        )

    def owned(self, owner: int) -> slice:
        """Where the owner's phrasings lie."""
        return slice(self._owned[owner], self._owned[owner + 1])

    def _bags(self) -> tuple[Numbers, Numbers, Numbers]:
        """Phrasing, n-gram and count of each n-gram in each phrasing; n-grams get their numbers here."""
        numbers: list[int] = []
        lengths: list[int] = []
        of_word: dict[str, list[int]] = {}
        for phrasing in self.phrasings:
            before = len(numbers)
            for word in phrasing.folded.split():
                if word not in of_word:
                    of_word[word] = [
                        self._numbers.setdefault(gram, len(self._numbers)) for gram in grams_of(word)
                    ]
                numbers += of_word[word]
            lengths.append(len(numbers) - before)
        rows = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        pairs, counts = np.unique(
            rows * (len(self._numbers) + 1) + np.array(numbers, dtype=np.int64), return_counts=True
        )
        rows, grams = np.divmod(pairs, len(self._numbers) + 1)
        return rows, grams, counts

    def _gains(self, owners: Numbers, grams: Numbers, values: Values) -> _Postings:
        """How much likelier each n-gram is from an owner that uses it than from others, as a logarithm."""
        width = len(self._numbers) + 1
        pairs, places = np.unique(owners * width + grams, return_inverse=True)
        summed = np.bincount(places, values, minlength=len(pairs))
        owners, grams = np.divmod(pairs, width)
        shares = summed / np.bincount(owners, summed, minlength=1)[owners]
        return _Postings(
            grams, owners, np.log1p(shares / SMOOTHING), len(self._numbers), len(self._owned) - 1
        )


class _Postings:
    """A sparse table, n-grams by targets."""

    def __init__(self, grams: Numbers, targets: Numbers, values: Values, width: int, height: int) -> None:
        by_gram = np.argsort(grams, kind="stable")
        self._targets = targets[by_gram].astype(np.int32)
        self._values = values[by_gram].astype(np.float32)
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(grams, minlength=width)))).tolist()
        self._height = height

    def products(self, grams: Numbers, values: Values) -> Values:
        """The table times a vector that has `values` at `grams`."""
        if not len(grams):
            return np.zeros(self._height)
        starts = self._starts
        parts = [slice(starts[gram], starts[gram + 1]) for gram in grams.tolist()]
        targets = np.concatenate([self._targets[part] for part in parts])
        products = np.concatenate([self._values[part] for part in parts])
        products = products * np.repeat(values, [part.stop - part.start for part in parts])
        return np.bincount(targets, products, minlength=self._height).astype(np.float64, copy=False)


def grams_of(word: str) -> tuple[str, ...]:
    """The n-grams of a word, which begins and ends with a space."""
    padded = f" {word} "
    return tuple(padded[start : start + size] for size in SIZES for start in range(len(padded) - size + 1))
