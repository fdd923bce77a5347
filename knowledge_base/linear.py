"""A linear model over n-grams: which label a text bears, learned from labelled texts.

One support vector machine for each label against all others (squared hinge loss, L2 penalty), solved in the
dual by coordinate descent (Hsieh et al. 2008, the method of liblinear), for all labels in one step: what
scikit-learn's LinearSVC does, and measured beside it as accurate, without its 150 MB of packages.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.grams import Values, Vocabulary, Weighed, count

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

    def __init__(self, labels: Sequence[str], vocabulary: Vocabulary, weights: Weights, bias: Values) -> None:
        self.labels = tuple(labels)
        self.vocabulary = vocabulary
        self._weights, self._bias = weights.astype(np.float16, copy=False), bias

    def share(self, vocabulary: Vocabulary) -> None:
        """Use this vocabulary, which is the same, so that it is held once."""
        self.vocabulary = vocabulary

    def decide(self, weighed: Weighed) -> Values:
        """How far on the side of each label a text lies: about 1 or more is typical, below 0 the other side.

        The text is weighed by `vocabulary`, or by one that is the same.
        """
        weights = self._weights[weighed.grams].astype(np.float32)
        return self._bias + (weighed.values / weighed.length).astype(np.float32) @ weights

    def packed(self) -> bytes:
        """The model as bytes, to be kept."""
        packed = io.BytesIO()
        np.savez(
            packed,
            labels=np.array(self.labels),
            grams=np.array(list(self.vocabulary)),
            idf=self.vocabulary.idf.astype(np.float32),
            unseen_idf=self.vocabulary.unseen_idf,
            weights=self._weights,
            bias=self._bias,
        )
        return packed.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> Linear:
        """The model from `packed`."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as parts:
            numbers = {gram: number for number, gram in enumerate(parts["grams"].tolist())}
            vocabulary = Vocabulary(numbers, parts["idf"].astype(np.float64), float(parts["unseen_idf"]))
            return cls(parts["labels"].tolist(), vocabulary, parts["weights"], parts["bias"])


def train(texts: Sequence[str], labels: Sequence[str]) -> Linear:
    """Learn from folded texts and their labels. The same texts give the same model."""
    names = sorted(set(labels))
    number = {name: place for place, name in enumerate(names)}
    vocabulary, rows, grams, values = count(texts)
    starts = np.searchsorted(rows, np.arange(len(texts) + 1)).tolist()
    values32 = values.astype(np.float32)
    signs = np.full((len(texts), len(names)), -1, np.float32)
    signs[np.arange(len(texts)), [number[label] for label in labels]] = 1

    weights = np.zeros((len(vocabulary), len(names)), np.float32)
    bias = np.zeros(len(names), np.float32)
    duals = np.zeros_like(signs)
    # Texts have length 1, and one more feature that is 1 for the bias.
    curvature = np.float32(2 + 1 / (2 * COST))
    chance = np.random.default_rng(1)
    for _ in range(PASSES):
        largest = 0.0
        for row in chance.permutation(len(texts)).tolist():
            part = slice(starts[row], starts[row + 1])
            known, value, sign, dual = grams[part], values32[part], signs[row], duals[row]
            lead = sign * (value @ weights[known] + bias) - 1 + dual / (2 * COST)
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
    return Linear(names, vocabulary, weights, bias.astype(np.float64))
