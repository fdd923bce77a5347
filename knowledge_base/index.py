"""The index of one language: how near its phrasings, and those who own them, are to an utterance.

Two views complete each other: single phrasings are compared by cosine, all of an owner together by naive
Bayes. A third, the linear model (linear.py), is trained and comes later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from knowledge_base.grams import Numbers, Values, Weighed, count

SMOOTHING = 1e-4
"""Share of an owner's n-grams that each n-gram has which the owner does not use."""

FEW = 300
"""So many owners are held in a full table, which is faster; more in a sparse one."""

READ = 12_000
"""So many places of n-grams are looked up at most, those of rare n-grams first: the very common ones, in a
large index, take most of the time and tell least."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A folded way to ask for what an owner holds, and how far it can be trusted."""

    owner: str
    folded: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How near an utterance is to an index.

    Args:
        similarities: to each phrasing, 0 to 1.
        best: to the nearest phrasing of each owner, in the order of `Index.owners`.
        familiar: to each owner: the mean gain in log-probability of the utterance's n-grams.
        known: the share of the utterance's n-grams, by weight, that some phrasing has.
    """

    similarities: Values
    best: Values
    familiar: Values
    known: float


class Index:
    """Phrasings of one language, sorted by owner; immutable."""

    def __init__(self, phrasings: Iterable[Phrasing]) -> None:
        self.phrasings = tuple(sorted(phrasings, key=lambda phrasing: phrasing.owner))
        sizes_by_owner = Counter(phrasing.owner for phrasing in self.phrasings)
        self.owners = tuple(sizes_by_owner)
        sizes = np.array(list(sizes_by_owner.values()), dtype=np.int64)
        self._first = np.cumsum(sizes) - sizes
        self._after = self._first + sizes
        self._trust = np.array([phrasing.weight for phrasing in self.phrasings], dtype=np.float64)
        self.by_letters = tuple(" ".join(sorted(phrasing.folded.split())) for phrasing in self.phrasings)
        self._word_for_word: dict[str, dict[int, float]] = {}
        for place, row in zip(np.repeat(np.arange(len(sizes)), sizes).tolist(), self.phrasings, strict=True):
            self._word_for_word.setdefault(row.folded, {})[place] = row.weight

        self.vocabulary, rows, grams, values = count([phrasing.folded for phrasing in self.phrasings])
        width = len(self.vocabulary)
        self._by_phrasing = _Postings(grams, rows, values, width, len(self.phrasings))
        places = np.repeat(np.arange(len(sizes)), sizes)[rows]
        self._by_owner = _gains(places, grams, values * self._trust[rows], width, len(self.owners))

    def compare(self, weighed: Weighed) -> Comparison:
        """Compare an utterance, weighed by `vocabulary`, with everything."""
        similarities = self._by_phrasing.products(weighed.grams, weighed.values / weighed.length)
        similarities *= self._trust
        return Comparison(
            similarities=similarities,
            best=np.maximum.reduceat(similarities, self._first),
            familiar=self._by_owner.products(weighed.grams, weighed.values / weighed.total),
            known=weighed.known,
        )

    def rows_of(self, place: int) -> slice:
        """Where the phrasings of `owners[place]` lie."""
        return slice(self._first[place], self._after[place])

    def size_of(self, place: int) -> int:
        """How many phrasings `owners[place]` has."""
        return int(self._after[place] - self._first[place])

    def word_for_word(self, folded: str) -> Mapping[int, float]:
        """The owners (by place) that have this very phrasing, and how far it can be trusted."""
        return self._word_for_word.get(folded, {})


def _gains(places: Numbers, grams: Numbers, values: Values, width: int, height: int) -> _Postings | _Table:
    """How much likelier each n-gram is from an owner that uses it than from others, as a logarithm."""
    pairs, members = np.unique(places * (width + 1) + grams, return_inverse=True)
    summed = np.bincount(members, values, minlength=len(pairs))
    places, grams = np.divmod(pairs, width + 1)
    shares = summed / np.bincount(places, summed, minlength=1)[places]
    table = _Table if height <= FEW else _Postings
    return table(grams, places, np.log1p(shares / SMOOTHING), width, height)


class _Table:
    """N-grams by targets, where targets are few."""

    def __init__(self, grams: Numbers, targets: Numbers, values: Values, width: int, height: int) -> None:
        self._values = np.zeros((width, height), np.float16)
        self._values[grams, targets] = values

    def products(self, grams: Numbers, values: Values) -> Values:
        """The table times a vector that has `values` at `grams`."""
        return (values.astype(np.float32) @ self._values[grams].astype(np.float32)).astype(np.float64)


class _Postings:
    """N-grams by targets, where most have nothing in common."""

    def __init__(self, grams: Numbers, targets: Numbers, values: Values, width: int, height: int) -> None:
        by_gram = np.argsort(grams, kind="stable")
        self._targets = targets[by_gram].astype(np.int32)
        self._values = values[by_gram].astype(np.float32)
        self._counts = np.bincount(grams, minlength=width)
        self._starts = np.cumsum(self._counts) - self._counts
        self._height = height

    def products(self, grams: Numbers, values: Values) -> Values:
        """The table times a vector that has `values` at `grams`."""
        counts = self._counts[grams]
        if counts.sum() > READ:
            rare = np.argsort(counts, kind="stable")
            rare = rare[np.cumsum(counts[rare]) <= READ]
            grams, values, counts = grams[rare], values[rare], counts[rare]
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        places = np.repeat(self._starts[grams] - ends + counts, counts)
        places += np.arange(total)
        products = self._values.take(places)
        products *= np.repeat(values.astype(np.float32), counts)
        targets = self._targets.take(places)
        return np.bincount(targets, products, minlength=self._height).astype(float, copy=False)
