"""A linear model over n-grams and beginnings of words: which label a text bears, learned from labelled texts.

N-grams forgive spelling and endings; beginnings, and which of them stand together, tell apart what is told in
the same letters. Both views of a text have the same length, so that they count alike.

One support vector machine for each label against all others (squared hinge loss, L2 penalty), solved in the
dual by coordinate descent (Hsieh et al. 2008, the method of liblinear), for all labels in one step: what
scikit-learn's LinearSVC does, and measured beside it as accurate, without its 150 MB of packages.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.grams import (
    Counted,
    Numbers,
    Values,
    Vocabulary,
    Weighed,
    bag_of,
    beginnings_of,
    count,
    count_beginnings,
)

COST = 1.0
"""What a text on the wrong side costs against the size of the weights (liblinear's C)."""

PASSES = 40
"""Times that each text is learned from at most."""

SETTLED = 0.2
"""When no text calls for a larger change than this, in one pass, learning is over. Measured on texts held
back, 0.03 was no more accurate and took twice as long."""

Weights = NDArray[np.float16] | NDArray[np.float32]


class Linear:
    """A trained model. Half precision is enough for its weights, which are many."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Vocabulary,
        beginnings: Vocabulary,
        weights: Weights,
        bias: Values,
    ) -> None:
        """`weights` has the n-grams of `vocabulary` first, then the `beginnings`, by labels."""
        self.labels = tuple(labels)
        self.vocabulary, self._beginnings = vocabulary, beginnings
        self._weights, self._bias = weights.astype(np.float16, copy=False), bias

    def share(self, vocabulary: Vocabulary) -> None:
        """Use this vocabulary, which is the same, so that it is held once."""
        self.vocabulary = vocabulary

    def decide(self, folded: str, weighed: Weighed | None = None) -> Values:
        """How far on the side of each label a text lies: about 1 or more is typical, below 0 the other side.

        `weighed` is the text weighed by `vocabulary`, or by one that is the same, where it has been.
        """
        by_letters = weighed or self.vocabulary.weigh(bag_of(folded))
        by_words = self._beginnings.weigh(Counter(beginnings_of(folded)))
        grams = np.concatenate([by_letters.grams, by_words.grams + len(self.vocabulary)])
        values = np.concatenate([by_letters.values / by_letters.length, by_words.values / by_words.length])
        weights = self._weights[grams].astype(np.float32)
        decided: Values = self._bias + values.astype(np.float32) @ weights
        return decided

    def packed(self) -> bytes:
        """The model as bytes, to be kept."""
        packed = io.BytesIO()
        np.savez(
            packed,
            labels=np.array(self.labels),
            grams=np.array(list(self.vocabulary)),
            idf=self.vocabulary.idf.astype(np.float32),
            unseen_idf=self.vocabulary.unseen_idf,
            beginnings=np.array(list(self._beginnings)),
            beginnings_idf=self._beginnings.idf.astype(np.float32),
            weights=self._weights,
            bias=self._bias,
        )
        return packed.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> Linear:
        """The model from `packed`."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as parts:
            unseen = float(parts["unseen_idf"])
            vocabulary, beginnings = (
                Vocabulary(
                    {gram: number for number, gram in enumerate(parts[grams].tolist())},
                    parts[idf].astype(np.float64),
                    unseen,
                )
                for grams, idf in (("grams", "idf"), ("beginnings", "beginnings_idf"))
            )
            return cls(parts["labels"].tolist(), vocabulary, beginnings, parts["weights"], parts["bias"])


def train(texts: Sequence[str], labels: Sequence[str]) -> Linear:
    """Learn from folded texts and their labels. The same texts give the same model."""
    names = sorted(set(labels))
    number = {name: place for place, name in enumerate(names)}
    by_letters, by_words = count(texts), count_beginnings(texts)
    (vocabulary, *_), (beginnings, *_) = by_letters, by_words
    grams, values = _side_by_side(len(texts), by_letters, by_words)
    signs = np.full((len(texts), len(names)), -1, np.float32)
    signs[np.arange(len(texts)), [number[label] for label in labels]] = 1

    weights = np.zeros((len(vocabulary) + len(beginnings), len(names)), np.float32)
    bias = np.zeros(len(names), np.float32)
    duals = np.zeros_like(signs)
    chance = np.random.default_rng(1)
    for _ in range(PASSES):
        largest = 0.0
        for row in chance.permutation(len(texts)).tolist():
            known, value, sign, dual = grams[row], values[row], signs[row], duals[row]
            lead = sign * (value @ weights[known] + bias) - 1 + dual / (2 * COST)
            # One more feature is 1, for the bias.
            curvature = value @ value + np.float32(1 + 1 / (2 * COST))
            changed = np.maximum(dual - lead / curvature, 0) - dual
            steps = sign * changed
            moved = np.flatnonzero(steps)
            if len(moved):
                dual += changed
                bias[moved] += steps[moved]
                weights[known[:, None], moved] += value[:, None] * steps[moved]
                largest = max(largest, float(np.abs(changed).max()))
        if largest < SETTLED:
            break
    return Linear(names, vocabulary, beginnings, weights, bias.astype(np.float64))


def _side_by_side(
    texts: int, letters: Counted, words: Counted
) -> tuple[list[Numbers], list[NDArray[np.float32]]]:
    """Features of each text and what they weigh: n-grams, then beginnings, which are numbered after them."""
    ends, after = np.arange(1, texts), len(letters[0])
    cuts = [np.searchsorted(rows, ends) for _, rows, _, _ in (letters, words)]
    grams = zip(np.split(letters[2], cuts[0]), np.split(words[2] + after, cuts[1]), strict=True)
    values = zip(np.split(letters[3], cuts[0]), np.split(words[3], cuts[1]), strict=True)
    return (
        [np.concatenate(pair) for pair in grams],
        [np.concatenate(pair).astype(np.float32) for pair in values],
    )
