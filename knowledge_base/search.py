"""Finding the entry that answers what a person typed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from knowledge_base.calibration import WEIGHTS, Evidence, probability
from knowledge_base.entry import UNDERSTOOD, Entry
from knowledge_base.fold import fold, readings
from knowledge_base.index import Index, Phrasing
from knowledge_base.language import Guesser
from knowledge_base.outcome import Answered, Match, Outcome, Reading, SmallTalk, Suggested, Unanswered
from knowledge_base.ranking import Candidate, Features, Ranking, rank
from knowledge_base.settings import SearchSettings
from knowledge_base.stock import SMALL_TALK, Stock
from knowledge_base.urgent import Alarm

LONGEST = 600
"""So many characters of an utterance are read: more tells no more, and takes time."""

SHORT_ANSWER_WEIGHT = 0.6
"""What words that stand only in the short answer count, where a phrasing counts 1."""

SMALL_TALK_AT = 0.6
"""How near an utterance must come to a known small talk, as a score, to be taken for one."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a search came out as it did; `names` are the owners of `candidates`: entry ids, or kinds of negatives."""

    outcome: Outcome
    folded: Mapping[str, str]
    candidates: tuple[Candidate, ...]
    names: tuple[str, ...]
    evidence: Evidence | None


class Library:
    """All entries, ready to be searched; immutable, so a changed entry means a new library."""

    entries: Mapping[str, Entry]

    def __init__(self, entries: Mapping[str, Entry], stock: Stock, settings: SearchSettings) -> None:
        self.entries = MappingProxyType(dict(entries))
        self._settings = settings
        self._owners = (*self.entries, *dict.fromkeys(negative.kind for negative in stock.negatives))
        self._alarm = Alarm(stock.urgent, self.entries)
        phrasings = {language: list(_phrasings(self.entries.values(), stock, language)) for language in UNDERSTOOD}
        numbers = {owner: number for number, owner in enumerate(self._owners)}
        self._indexes = {
            language: Index([Phrasing(numbers[owner], fold(text, language), weight) for owner, text, weight in found])
            for language, found in phrasings.items()
            if found
        }
        self._guesser = Guesser({language: [text for _, text, _ in found] for language, found in phrasings.items()})

    @classmethod
    def build(cls, entries: Iterable[Entry], stock: Stock, settings: SearchSettings) -> Library:
        return cls({entry.id: entry for entry in entries}, stock, settings)

    def search(self, utterance: str, language: str | None = None) -> Outcome:
        """What the utterance comes to; `language` is the one that the person has chosen, if any."""
        return self.explain(utterance, language).outcome

    def explain(self, utterance: str, language: str | None = None) -> Explanation:
        """The outcome of `search`, and why."""
        text = utterance[:LONGEST]
        folded = {reading: fold(text, reading) for reading in readings(text)}
        ranking = rank(self._indexes, folded, WEIGHTS)
        candidates = ranking.candidates
        entries = [candidate for candidate in candidates if candidate.owner < len(self.entries)]
        negatives = [candidate for candidate in candidates if candidate.owner >= len(self.entries)]
        evidence = self._evidence(entries, negatives, ranking) if entries else None
        reading = Reading(
            language=self._guesser.language(text),
            ranked=self._matches(entries, evidence),
            score=probability(evidence) if evidence else 0.0,
            urgent=self._alarm.entry_for(folded),
        )
        return Explanation(
            outcome=self._decide(reading, entries, negatives),
            folded=folded,
            candidates=tuple(candidates),
            names=tuple(self._owners[candidate.owner] for candidate in candidates),
            evidence=evidence,
        )

    def _decide(self, reading: Reading, entries: list[Candidate], negatives: list[Candidate]) -> Outcome:
        if negatives and (not entries or negatives[0].score > entries[0].score):
            kind = self._owners[negatives[0].owner]
            if kind in SMALL_TALK and negatives[0].score >= SMALL_TALK_AT:
                return SmallTalk(kind, reading)
        if reading.ranked and reading.score >= self._settings.answer_at:
            return Answered(reading.ranked[0].entry, reading)
        if reading.ranked and reading.score >= self._settings.suggest_at:
            return Suggested(tuple(match.entry for match in reading.ranked), reading)
        return Unanswered(reading)

    def _evidence(
        self, entries: list[Candidate], negatives: list[Candidate], ranking: Ranking
    ) -> Evidence:
        best = entries[0]
        return Evidence(
            score=best.score,
            margin=best.score - (entries[1].score if len(entries) > 1 else 0.0),
            wide_margin=best.score - (entries[2].score if len(entries) > 2 else 0.0),
            over_negatives=best.score - (negatives[0].score if negatives else 0.0),
            agreement=_agreement(best, entries),
            words=math.log1p(words),
            known=ranking.known[best.language],
        )

    def _matches(self, entries: list[Candidate], evidence: Evidence | None) -> tuple[Match, ...]:
        """The best three; what the best leaves is shared among the others by how near they come to it."""
        if evidence is None:
            return ()
        best = probability(evidence)
        near = [math.exp((entry.score - entries[0].score) / 0.1) for entry in entries]
        rest = sum(near[1:]) or 1.0
        others = [min(best, (1 - best) * share / rest) for share in near[1:3]]
        return tuple(
            Match(self._owners[entry.owner], chance) for entry, chance in zip(entries, (best, *others), strict=False)
        )


def _agreement(best: Candidate, entries: list[Candidate]) -> float:
    """The share of features by which no other entry comes nearer than the best one."""
    names = [field.name for field in fields(Features)]
    agreeing = [
        all(getattr(best.features, name) >= getattr(entry.features, name) for entry in entries) for name in names
    ]
    return sum(agreeing) / len(names)


def _phrasings(entries: Iterable[Entry], stock: Stock, language: str) -> Iterator[tuple[str, str, float]]:
    """Owner, text and weight of all that is known in a language."""
    known = set()
    for entry in entries:
        known.add(entry.id)
        if text := entry.texts.get(language):
            for phrasing in (text.title, *text.phrasings):
                if phrasing:
                    yield entry.id, phrasing, 1.0
            if text.short:
                yield entry.id, text.short, SHORT_ANSWER_WEIGHT
    for utterance in stock.utterances:
        if utterance.language == language and utterance.entry in known:
            yield utterance.entry, utterance.text, 1.0
    for negative in stock.negatives:
        if negative.language == language:
            yield negative.kind, negative.text, 1.0
