"""How sure we are that the best entry is the right one. All numbers here are fitted by fitting.py."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from typing import NamedTuple

from knowledge_base.ranking import Candidate, Features
from knowledge_base.stock import NEGATIVE
from knowledge_base.urgent import CALM, Heard

WEIGHTS = Features(best=0.1, best_three=0.2, familiar=0.3, learned=0.5, same_words=0.1, word_for_word=1.0)
"""What each feature counts in a score. The last is set by hand: what is known word for word is first."""

UNLIKELY = -1.0
"""What the linear model says of an owner that has nothing to do with an utterance."""

KNOWN_PHRASING = 0.98
"""The probability, at least, when the utterance is, word for word, a phrasing of the best entry."""

KNOWN_NEGATIVE = 0.02
"""The probability, at most, when the utterance is, word for word, one that no entry answers."""


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
        learned: what the linear model says of it.
        learned_lead: its lead in that over other entries.
        learned_over_negatives: its lead in that over negatives.
        words: logarithm of 1 + the number of words in the utterance.
        known: the share of the utterance's n-grams that some phrasing of the language has.
    """

    score: float
    margin: float
    wide_margin: float
    over_negatives: float
    agreement: float
    familiar_lead: float
    learned: float
    learned_lead: float
    learned_over_negatives: float
    words: float
    known: float

    @classmethod
    def of(
        cls, entries: Sequence[Candidate], negatives: Sequence[Candidate], known: float, utterance: str
    ) -> Evidence:
        """The evidence for the first of `entries`, sorted as `negatives` are; `utterance` is folded."""
        best, *others = entries
        second, third, negative = (
            rivals[place].score if len(rivals) > place else 0.0
            for rivals, place in ((others, 0), (others, 1), (negatives, 0))
        )
        familiar = max((entry.features.familiar for entry in others), default=0.0)
        learned, refused = (
            max((rival.features.learned for rival in rivals), default=UNLIKELY)
            for rivals in (others, negatives)
        )
        return cls(
            score=best.score,
            margin=best.score - second,
            wide_margin=best.score - third,
            over_negatives=best.score - negative,
            agreement=_agreement(best, entries),
            familiar_lead=(best.features.familiar - familiar) * math.sqrt(len(utterance)),
            learned=best.features.learned,
            learned_lead=best.features.learned - learned,
            learned_over_negatives=best.features.learned - refused,
            words=math.log1p(len(utterance.split())),
            known=known,
        )


INTERCEPT = -6.99
COEFFICIENTS = Evidence(
    score=0.0,
    margin=0.0,
    wide_margin=0.0,
    over_negatives=3.36,
    agreement=2.13,
    familiar_lead=0.59,
    learned=0.0,
    learned_lead=0.88,
    learned_over_negatives=2.59,
    words=1.19,
    known=0.0,
)
"""What is 0 told the trials nothing that the rest did not tell."""


def probability(evidence: Evidence) -> float:
    """The probability that the best entry is the right one."""
    return _chance(INTERCEPT, COEFFICIENTS, evidence)


class Signs(NamedTuple):
    """What speaks for a crisis, and against it.

    Args:
        by_rule: 1 if a rule fired, 0 if none did.
        decided: how far from all that is calm the model sees the message.
        kind: how far on the side of one kind of crisis.
        likely: the probability that an urgent entry answers, if one is the best.
        elsewhere: the probability that another entry answers, if one is the best.
        refused: what the linear model of the entries says of the nearest negative.
        words: logarithm of 1 + the number of words in the utterance.
        known: the share of the utterance's n-grams that some phrasing of the language has.
    """

    by_rule: float
    decided: float
    kind: float
    likely: float
    elsewhere: float
    refused: float
    words: float
    known: float

    @classmethod
    def of(
        cls,
        heard: Heard,
        candidates: Sequence[Candidate],
        chance: float,
        *,
        words: int,
        known: float,
        urgent: Container[str],
    ) -> Signs:
        """Signs from what was heard and from all that may be meant; `chance` is the best entry's."""
        best = next((each.owner for each in candidates if not each.owner.startswith(NEGATIVE)), "")
        negatives = (each.features.learned for each in candidates if each.owner.startswith(NEGATIVE))
        return cls(
            by_rule=float(heard.by_rule),
            decided=heard.decided,
            kind=heard.kind,
            likely=chance if best in urgent else 0.0,
            elsewhere=0.0 if best in urgent else chance,
            refused=max(negatives, default=UNLIKELY),
            words=math.log1p(words),
            known=known,
        )


ALARM_INTERCEPT = -0.41
ALARM_COEFFICIENTS = Signs(
    by_rule=1.33,
    decided=3.57,
    kind=1.66,
    likely=0.61,
    elsewhere=-1.77,
    refused=-1.88,
    words=0.44,
    known=-1.31,
)
ALARM_AT = 0.2
"""From this probability of a crisis on the numbers are shown: a needless number costs little, a missing one
much."""

ALARM_BESIDE_NUMBERS_AT = 0.4
"""The same where the answer holds the numbers anyway: a question about violence or detention is no crisis."""


NO_KIND = -0.65
"""A message that is further than this from every kind of crisis is none, strange as it may look."""


def alarm(signs: Signs) -> float:
    """The probability of a crisis; what the rules say, where no model sees a crisis of any kind."""
    if signs.decided <= CALM or (signs.kind < NO_KIND and not signs.by_rule):
        return signs.by_rule
    return _chance(ALARM_INTERCEPT, ALARM_COEFFICIENTS, signs)


def _chance(intercept: float, coefficients: Sequence[float], values: Sequence[float]) -> float:
    log_odds = intercept + sum(
        coefficient * value for coefficient, value in zip(coefficients, values, strict=True)
    )
    return 1 / (1 + math.exp(-log_odds))


def _agreement(best: Candidate, entries: Sequence[Candidate]) -> float:
    places = range(len(best.features))
    highest = [max(entry.features[place] for entry in entries) for place in places]
    return sum(best.features[place] >= highest[place] for place in places) / len(places)
