"""Texts as bags of n-grams: 2 to 4 letters within words, which begin and end with a space.

On folded letters they forgive spelling and endings better than stems or whole words do for Georgian,
Azerbaijani and Armenian. Beside them, where a text is looked at twice, stand the beginnings of its words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

SIZES = (2, 3, 4)
"""Lengths of n-grams, in letters."""

Bag = Mapping[str, int]
"""How often each n-gram occurs in a text."""

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


def grams_of(word: str) -> list[str]:
    """The n-grams of a word."""
    padded = f" {word} "
    return [padded[start : start + size] for size in SIZES for start in range(len(padded) - size + 1)]


def beginnings_of(folded: str) -> list[str]:
    """The beginnings of a text's words, and which of them follow one another."""
    words = folded.split()
    return [
        *(word[:5] for word in words),
        *(f"{word[:3]}-" for word in words if len(word) > 3),
        *(f"{word[:4]} {after[:4]}" for word, after in pairwise(words)),
    ]


def bag_of(folded: str) -> Bag:
    """The n-grams of a folded text."""
    return Counter([gram for word in folded.split() for gram in grams_of(word)])


@dataclass(frozen=True, slots=True)
class Weighed:
    """A text in the numbers of a vocabulary.

    Args:
        grams: the n-grams that the vocabulary knows.
        values: what each of them weighs (TF-IDF).
        length: Euclidean length of all weights, unknown n-grams included.
        total: sum of all weights, unknown n-grams included.
        known: the share of the known n-grams in the squared length.
    """

    grams: Numbers
    values: Values
    length: float
    total: float
    known: float


class Vocabulary:
    """The n-grams of some texts, numbered, and how rare each is."""

    def __init__(self, numbers: Mapping[str, int], idf: Values, unseen_idf: float) -> None:
        self._numbers, self.idf, self.unseen_idf = numbers, idf, unseen_idf

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def same_as(self, other: Vocabulary) -> bool:
        """Whether both give a text the same numbers."""
        return list(self) == list(other) and np.allclose(self.idf, other.idf, atol=1e-3)

    def weigh(self, bag: Bag) -> Weighed:
        """Weigh the n-grams of a text."""
        find = self._numbers.get
        numbers = np.array([find(gram, -1) for gram in bag], dtype=np.int64)
        tf = 1 + np.log(np.fromiter(bag.values(), dtype=np.float64, count=len(bag)))
        seen = numbers >= 0
        known = numbers[seen]
        values = tf[seen] * self.idf[known]
        unseen = tf[~seen]
        squares = float(values @ values)
        unseen_squares = float(unseen @ unseen) * self.unseen_idf**2
        squared = squares + unseen_squares
        return Weighed(
            grams=known,
            values=values,
            length=math.sqrt(squared) or 1.0,
            total=float(values.sum() + unseen.sum() * self.unseen_idf) or 1.0,
            known=squares / (squared or 1.0),
        )


Counted = tuple[Vocabulary, Numbers, Numbers, Values]
"""A vocabulary, and where which n-gram occurs: text, n-gram, weight, sorted by text.

The weights of a text have the length 1.
"""


def count(texts: Sequence[str]) -> Counted:
    """The n-grams of folded texts."""
    numbers: dict[str, int] = {}
    found: list[int] = []
    lengths: list[int] = []
    of_word: dict[str, list[int]] = {}
    for text in texts:
        before = len(found)
        for word in text.split():
            if word not in of_word:
                of_word[word] = [numbers.setdefault(gram, len(numbers)) for gram in grams_of(word)]
            found += of_word[word]
        lengths.append(len(found) - before)
    return _counted(texts, numbers, found, lengths)


def count_beginnings(texts: Sequence[str]) -> Counted:
    """The beginnings of the words of folded texts, those that more than one text has."""
    parts = [beginnings_of(text) for text in texts]
    common = Counter(part for text in parts for part in set(text))
    numbers: dict[str, int] = {}
    kept = [[numbers.setdefault(part, len(numbers)) for part in text if common[part] > 1] for text in parts]
    return _counted(texts, numbers, list(chain.from_iterable(kept)), list(map(len, kept)))


def _counted(texts: Sequence[str], numbers: dict[str, int], found: list[int], lengths: list[int]) -> Counted:
    width = len(numbers) + 1
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    pairs, counts = np.unique(rows * width + np.array(found, dtype=np.int64), return_counts=True)
    rows, grams = np.divmod(pairs, width)
    found_in = np.bincount(grams, minlength=len(numbers))
    idf = np.log((1 + len(texts)) / (1 + found_in)) + 1
    values = (1 + np.log(counts)) * idf[grams]
    values /= np.sqrt(np.bincount(rows, values**2, minlength=len(texts)))[rows]
    return Vocabulary(numbers, idf, math.log(1 + len(texts)) + 1), rows, grams, values
