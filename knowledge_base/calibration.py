"""How sure we are that the best entry is the right one. All numbers here are fitted by fitting.py."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from knowledge_base.ranking import Candidate, Features

WEIGHTS = Features(best=0.1, best_three=0.6, familiar=0.24, same_words=0.06, word_for_word=1.0)
"""What each feature counts in a score. The last is set by hand: what is known word for word is first."""

KNOWN_NEGATIVE = 0.02
"""What is left of the probability when the utterance is, word for word, one that no entry answers."""


class Evidence(NamedTuple):
    """What the probability rests on.

    Args:
        score: of the best entry.
        margin: its lead over the second entry.
        wide_margin: its lead over the third.
        over_negatives: its lead over the nearest negative; below 0 when that is nearer.
        agreement: the share of features by which no other entry comes nearer.
        familiar_lead: its lead in familiarity times the root of the utterance's length in letters: a small
            lead that holds throughout a long story tells as much as a large one in three words.
        words: logarithm of 1 + the number of words in the utterance.
        known: the share of the utterance's n-grams that some phrasing of the language has.
    """

    score: float
    margin: float
    wide_margin: float
    over_negatives: float
    agreement: float
    familiar_lead: float
    words: float
    known: float

    @classmethod
    def of(
        cls, entries: Sequence[Candidate], negatives: Sequence[Candidate], known: float, utterance: str
    ) -> Evidence:
        """The evidence for the first of `entries`, sorted as `negatives` are; `utterance` is folded."""
        best = entries[0]
        second, third, negative = (
            rivals[place].score if len(rivals) > place else 0.0
            for rivals, place in ((entries, 1), (entries, 2), (negatives, 0))
        )
        familiar = max((entry.features.familiar for entry in entries[1:]), default=0.0)
        return cls(
            score=best.score,
            margin=best.score - second,
            wide_margin=best.score - third,
            over_negatives=best.score - negative,
            agreement=_agreement(best, entries),
            familiar_lead=(best.features.familiar - familiar) * math.sqrt(len(utterance)),
            words=math.log1p(len(utterance.split())),
            known=known,
        )


INTERCEPT = -4.88
COEFFICIENTS = Evidence(
    score=3.2,
    margin=4.94,
    wide_margin=1.05,
    over_negatives=0.15,
    agreement=2.17,
    familiar_lead=0.38,
    words=0.13,
    known=-0.46,
)


def probability(evidence: Evidence) -> float:
    """The probability that the best entry is the right one."""
    terms = zip(COEFFICIENTS, evidence, strict=True)
    log_odds: float = INTERCEPT + sum(coefficient * value for coefficient, value in terms)
    return 1 / (1 + math.exp(-log_odds))


def _agreement(best: Candidate, entries: Sequence[Candidate]) -> float:
    places = range(len(best.features))
    highest = [max(entry.features[place] for entry in entries) for place in places]
    return sum(best.features[place] >= highest[place] for place in places) / len(places)
