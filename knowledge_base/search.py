"""Finding the entry that answers what a person typed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from knowledge_base.calibration import KNOWN_NEGATIVE, WEIGHTS, Evidence, probability
from knowledge_base.entry import UNDERSTOOD, Entry
from knowledge_base.fold import fold
from knowledge_base.glossary import Glossary
from knowledge_base.index import Index, Phrasing
from knowledge_base.language import Guesser
from knowledge_base.outcome import Answered, Match, Outcome, Reading, SmallTalk, Suggested, Unanswered
from knowledge_base.ranking import Candidate, rank
from knowledge_base.settings import SearchSettings
from knowledge_base.smalltalk import Courtesies, Symbols, kind_by_likeness
from knowledge_base.stock import Stock
from knowledge_base.urgent import Alarm

LONGEST = 4096
"""So many characters of an utterance are read, to hear a crisis at the end of a story too."""

COMPARED = 300
"""So many characters from either end of a long utterance are compared; more tells no more, and takes time."""

SHORT_ANSWER_WEIGHT = 0.6
"""What likeness to a short answer counts, where likeness to a phrasing counts 1."""

RIVALRY = 0.1
"""The lead in score that makes an entry e times as likely as the next, when the best is not the right one."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a search came out as it did.

    Args:
        outcome: what `Library.search` returns.
        folded: the utterance, as read in each language that it may be written in.
        candidates: what may be meant, the best first.
        names: whose the candidates are: entry ids, or kinds of negatives.
        evidence: what the probability of the best entry rests on.
    """

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
        self._alarm = Alarm(stock.urgent, self.entries)
        self._symbols = Symbols(stock.negatives)
        self._courtesies = Courtesies(stock.negatives)
        self._glossary = Glossary(stock.glossary)
        known = {language: list(_known(self.entries.values(), stock, language)) for language in UNDERSTOOD}
        self._guesser = Guesser(
            {language: [text for _, text, _ in found] for language, found in known.items()}
        )
        # Owners are numbered, entries first.
        self._owners = (*self.entries, *dict.fromkeys(negative.kind for negative in stock.negatives))
        numbers = {owner: number for number, owner in enumerate(self._owners)}
        self._indexes = {
            language: Index(
                Phrasing(numbers[owner], self._glossary.unified(fold(text, language), language), weight)
                for owner, text, weight in found
            )
            for language, found in known.items()
            if found
        }

    @classmethod
    def build(cls, entries: Iterable[Entry], stock: Stock, settings: SearchSettings) -> Library:
        return cls({entry.id: entry for entry in entries}, stock, settings)

    def search(self, utterance: str, language: str | None = None) -> Outcome:
        """What the utterance comes to; `language` is the one that the person has chosen, if any."""
        return self.explain(utterance, language).outcome

    def explain(self, utterance: str, language: str | None = None) -> Explanation:
        """The outcome of `search`, and why."""
        text = _ends(utterance)
        guess = self._guesser.guess(text, language)
        read_as = {reading: self._comparable(text, reading) for reading in guess.plausible}
        ranking = rank(self._indexes, read_as, WEIGHTS)
        names = tuple(self._owners[candidate.owner] for candidate in ranking.candidates)
        entries = [candidate for candidate in ranking.candidates if candidate.owner < len(self.entries)]
        negatives = [candidate for candidate in ranking.candidates if candidate.owner >= len(self.entries)]
        evidence = None
        if entries:
            found_in = entries[0].language
            evidence = Evidence.of(entries, negatives, ranking.known[found_in], read_as[found_in])
        chance = probability(evidence) if evidence else 0.0
        if negatives and ranking.candidates[0] is negatives[0] and negatives[0].features.word_for_word:
            chance = min(chance, KNOWN_NEGATIVE)
        reading = Reading(
            language=guess.language,
            ranked=self._matches(entries, chance),
            score=chance,
            urgent=self._alarm.entry_for(utterance[:LONGEST]),
        )
        small_talk = self._symbols.kind(utterance) or kind_by_likeness(ranking.candidates, names)
        return Explanation(self._decide(reading, small_talk), read_as, ranking.candidates, names, evidence)

    def _comparable(self, text: str, language: str) -> str:
        """The text folded, without courtesies, and with one word for all that mean the same."""
        return self._glossary.unified(self._courtesies.stripped(fold(text, language), language), language)

    def _decide(self, reading: Reading, small_talk: str | None) -> Outcome:
        if small_talk is not None:
            return SmallTalk(small_talk, reading)
        if reading.ranked and reading.score >= self._settings.answer_at:
            return Answered(reading.ranked[0].entry, reading)
        if reading.ranked and reading.score >= self._settings.suggest_at:
            return Suggested(tuple(match.entry for match in reading.ranked), reading)
        return Unanswered(reading)

    def _matches(self, entries: Sequence[Candidate], best: float) -> tuple[Match, ...]:
        """The best three; what the best one's probability leaves is shared by all others, by score."""
        near = [math.exp((entry.score - entries[0].score) / RIVALRY) for entry in entries]
        rest = sum(near[1:]) or 1.0
        chances = [best, *(min(best, (1 - best) * share / rest) for share in near[1:3])]
        return tuple(
            Match(self._owners[entry.owner], chance) for entry, chance in zip(entries, chances, strict=False)
        )


def _ends(utterance: str) -> str:
    if len(utterance) <= 2 * COMPARED:
        return utterance
    return f"{utterance[:COMPARED]} {utterance[-COMPARED:]}"


def _known(entries: Iterable[Entry], stock: Stock, language: str) -> Iterator[tuple[str, str, float]]:
    """Owner, text and weight of all that is known in a language."""
    ids = set[str]()
    for entry in entries:
        ids.add(entry.id)
        if text := entry.texts.get(language):
            yield from ((entry.id, phrasing, 1.0) for phrasing in (text.title, *text.phrasings) if phrasing)
            if text.short:
                yield entry.id, text.short, SHORT_ANSWER_WEIGHT
    for utterance in stock.utterances:
        if utterance.language == language and utterance.entry in ids:
            yield utterance.entry, utterance.text, 1.0
    for negative in stock.negatives:
        if negative.language == language:
            yield negative.kind, negative.text, 1.0
