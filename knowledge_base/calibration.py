"""How sure we are that the best entry is the right one."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from knowledge_base.ranking import Features

WEIGHTS = Features(best=0.3, best_three=0.4, familiar=0.1, same_words=0.15, other_words=0.15)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the probability rests on.

    Args:
        score: of the best entry, 0 to 1.
        margin: to the second entry.
        wide_margin: to the third entry.
        over_negatives: to the nearest negative; below 0 when that is nearer.
        agreement: the share of the single features by which the best entry is the best.
        words: logarithm of 1 + the number of words.
        known: the share of the utterance's n-grams that some phrasing of the language has.
    """

    score: float
    margin: float
    wide_margin: float
    over_negatives: float
    agreement: float
    words: float
    known: float


INTERCEPT = -4.0
COEFFICIENTS = Evidence(5.0, 6.0, 3.0, 2.0, 0.5, 0.0, 0.5)


def probability(evidence: Evidence) -> float:
    """The probability that the best entry is the right one."""
    terms = zip(astuple(COEFFICIENTS), astuple(evidence), strict=True)
    return 1 / (1 + math.exp(-INTERCEPT - sum(coefficient * value for coefficient, value in terms)))
