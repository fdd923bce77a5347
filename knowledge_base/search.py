"""Finding the entry that answers what a person typed."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from knowledge_base.calibration import (
    ALARM_AT,
    ALARM_BESIDE_NUMBERS_AT,
    KNOWN_NEGATIVE,
    KNOWN_PHRASING,
    WEIGHTS,
    Evidence,
    Signs,
    alarm,
    probability,
)
from knowledge_base.entry import UNDERSTOOD, Entry
from knowledge_base.fold import fold, plain
from knowledge_base.folds import Folds
from knowledge_base.glossary import Glossary
from knowledge_base.index import Index, Phrasing
from knowledge_base.language import SAMPLES, Guesser
from knowledge_base.models import Lesson, Models
from knowledge_base.outcome import Answered, Match, Outcome, Reading, SmallTalk, Suggested, Unanswered
from knowledge_base.questions import NOTHING
from knowledge_base.ranking import Candidate, Reader, rank
from knowledge_base.settings import SearchSettings
from knowledge_base.smalltalk import Courtesies, Symbols, kind_by_likeness
from knowledge_base.stock import FAR, NEAR, NEGATIVE, TALK, Stock, Synonyms
from knowledge_base.urgent import Alarm, without_numbers

LONGEST = 4096
"""So many characters of an utterance are read, to hear a crisis at the end of a story too."""

IN_FULL = 3
"""In so many languages, the likeliest, a long utterance is read as a whole."""

COMPARED = 300
"""So many characters from either end of a long utterance are compared; more tells no more, and takes time."""

SHORT_ANSWER_WEIGHT = 0.6
"""What likeness to a short answer counts, where likeness to a phrasing counts 1."""

MOST = 1000
"""So many owners a linear model is learned for at most: its size is theirs times the n-grams."""

RIVALRY = 0.1
"""The lead in score that makes an entry e times as likely as the next, when the best is not the right one."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a search came out as it did.

    Args:
        outcome: what `Library.search` returns.
        folded: the utterance, as read in each language that it may be written in.
        candidates: what may be meant, the best first.
        evidence: what the probability of the best entry rests on.
        signs: what speaks for a crisis.
    """

    outcome: Outcome
    folded: Mapping[str, str]
    candidates: tuple[Candidate, ...]
    evidence: Evidence | None
    signs: Signs


class Library:
    """All entries, ready to be searched; immutable, so a changed entry means a new library.

    Args:
        entries: what can be found, by id.
        lessons: what its models are learned from.
    """

    entries: Mapping[str, Entry]
    lessons: tuple[Lesson, ...]

    def __init__(
        self, entries: Iterable[Entry], stock: Stock, settings: SearchSettings, models: Models
    ) -> None:
        self.entries = MappingProxyType({entry.id: entry for entry in entries})
        self._settings = settings
        self._symbols = Symbols(stock.negatives)
        self._courtesies = Courtesies(stock.negatives, models.folds.of)
        self._glossary = _glossary(stock.glossary)
        known = {language: list(_known(self.entries.values(), stock, language)) for language in UNDERSTOOD}
        self._guesser = _guesser(
            tuple(tuple(text for _, text, _ in known[language][:SAMPLES]) for language in UNDERSTOOD)
        )
        indexes = {
            language: _index(
                tuple(
                    Phrasing(
                        owner, self._glossary.unified_known(models.folds.of(text, language), language), weight
                    )
                    for owner, text, weight in found
                )
            )
            for language, found in known.items()
            if found
        }
        lessons = {language: _lesson(index, language) for language, index in indexes.items()}
        self._urgent = frozenset(
            crisis.entry for crisis in stock.crises if crisis.entry and crisis.entry in self.entries
        )
        crises = {
            language: _crises(stock, index, self._urgent, language, models.folds)
            for language, index in indexes.items()
        }
        self.lessons = tuple(lesson for lesson in (*lessons.values(), *crises.values()) if lesson.worthwhile)
        self._readers = {
            language: Reader(index, models.find(lessons[language])) for language, index in indexes.items()
        }
        cries = {
            language: {text: what for text, what in lesson.rows if what != NEGATIVE}
            for language, lesson in crises.items()
        }
        alarms = {language: models.find(lesson) for language, lesson in crises.items()}
        self._alarm = Alarm(
            stock.urgent,
            cries,
            {language: model for language, model in alarms.items() if model},
            self.entries,
            models.folds.of,
        )
        models.folds.keep()

    @classmethod
    def build(
        cls, entries: Iterable[Entry], stock: Stock, settings: SearchSettings, models: Models | None = None
    ) -> Library:
        """A library with all its models; those that `models` lacks are learned first."""
        models = models or Models()
        library = cls(entries, stock, settings, models)
        if all(models.has(lesson) for lesson in library.lessons):
            return library
        models.learn(library.lessons)
        return cls(library.entries.values(), stock, settings, models)

    def search(self, utterance: str, language: str | None = None) -> Outcome:
        """What the utterance comes to; `language` is the one that the person has chosen, if any."""
        return self.explain(utterance, language).outcome

    def explain(self, utterance: str, language: str | None = None) -> Explanation:
        """The outcome of `search`, and why."""
        utterance = plain(utterance[:LONGEST])[:LONGEST]
        text = _ends(utterance)
        guess = self._guesser.guess(text, language)
        folded = {reading: _read(text, reading) for reading in guess.plausible}
        whole = folded
        if text is not utterance:
            whole = folded | {reading: _read(utterance, reading) for reading in guess.plausible[:IN_FULL]}
        read_as = {reading: self._comparable(text, reading) for reading, text in folded.items()}
        ranking = rank(self._readers, read_as, WEIGHTS, self.entries)
        negatives = [each for each in ranking.candidates if each.owner.startswith(NEGATIVE)]
        entries = [each for each in ranking.candidates if not each.owner.startswith(NEGATIVE)]
        evidence = None
        if entries:
            found_in = entries[0].language
            evidence = Evidence.of(entries, negatives, ranking.known[found_in], read_as[found_in])
        chance = _chance(ranking.candidates, evidence)
        heard = self._alarm.listen(whole)
        signs = Signs.of(
            heard,
            ranking.candidates,
            chance,
            words=max(len(text.split()) for text in read_as.values()),
            known=max(ranking.known.values(), default=0.0),
            urgent=self._urgent,
        )
        small_talk = self._symbols.kind(utterance) or kind_by_likeness(ranking.candidates)
        matches = tuple(match for match in _matches(entries, chance) if match.entry in self.entries)[:3]
        danger = alarm(signs) if heard.entry and (heard.by_rule or not small_talk) else 0.0
        has_numbers = signs.likely >= self._settings.answer_at
        urgent = heard.entry if danger >= (ALARM_BESIDE_NUMBERS_AT if has_numbers else ALARM_AT) else None
        if urgent:
            matches = _with_numbers(matches, Match(urgent, max(danger, self._settings.suggest_at)))
            small_talk = None
        reading = Reading(
            language=guess.language,
            ranked=matches,
            score=matches[0].probability if matches else 0.0,
            urgent=urgent,
        )
        outcome = self._decide(reading, small_talk)
        return Explanation(outcome, read_as, ranking.candidates, evidence, signs)

    def _comparable(self, folded: str, language: str) -> str:
        """The folded text without courtesies, and with one word for all that mean the same."""
        return self._glossary.unified(self._courtesies.stripped(folded, language), language)

    def _decide(self, reading: Reading, small_talk: str | None) -> Outcome:
        if small_talk is not None:
            return SmallTalk(small_talk, reading)
        if reading.ranked and reading.score >= self._settings.answer_at:
            return Answered(reading.ranked[0].entry, reading)
        if reading.ranked and reading.score >= self._settings.suggest_at:
            return Suggested(tuple(match.entry for match in reading.ranked), reading)
        return Unanswered(reading)


def _read(text: str, language: str) -> str:
    """The folded text; one letter, however often, says nothing."""
    return fold(text, language) if len(set(filter(str.isalnum, text.casefold()))) > 1 else ""


def _chance(candidates: Sequence[Candidate], evidence: Evidence | None) -> float:
    """The probability that the best entry is the right one."""
    chance = probability(evidence) if evidence else 0.0
    known = [each.owner for each in candidates if each.features.word_for_word == 1]
    if not known:
        return chance
    if known[0].startswith(NEGATIVE):
        return min(chance, KNOWN_NEGATIVE)
    # Entries that ask the same are offered side by side.
    return max(chance, KNOWN_PHRASING) if len(known) == 1 else 1 / len(known)


def _matches(entries: Sequence[Candidate], best: float) -> list[Match]:
    """What the best one's probability leaves is shared by all others, by score."""
    near = [math.exp((entry.score - entries[0].score) / RIVALRY) for entry in entries]
    rest = sum(near[1:]) or 1.0
    chances = [best, *(min(best, (1 - best) * share / rest) for share in near[1:])]
    return [Match(entry.owner, chance) for entry, chance in zip(entries, chances, strict=False)]


def _with_numbers(matches: Sequence[Match], numbers: Match) -> tuple[Match, ...]:
    """The best three, with the entry that holds the numbers to call among them."""
    likelier = max((match for match in (*matches, numbers) if match.entry == numbers.entry), key=_probability)
    others = [match for match in matches if match.entry != numbers.entry][:2]
    return tuple(sorted((*others, likelier), key=_probability, reverse=True))


def _probability(match: Match) -> float:
    return match.probability


@lru_cache(maxsize=2)
def _glossary(synonyms: tuple[Synonyms, ...]) -> Glossary:
    """A glossary; of unchanged synonyms it is the same, with what it knows."""
    return Glossary(synonyms)


@lru_cache(maxsize=2)
def _guesser(samples: tuple[tuple[str, ...], ...]) -> Guesser:
    """A guesser from samples of each language."""
    return Guesser(dict(zip(UNDERSTOOD, samples, strict=True)))


@lru_cache(maxsize=2 * len(UNDERSTOOD))
def _index(phrasings: tuple[Phrasing, ...]) -> Index:
    """An index; one of unchanged phrasings is the same."""
    return Index(phrasings)


def _lesson(index: Index, language: str) -> Lesson:
    """Whose phrasings are whose."""
    rows = index.phrasings if len(index.owners) <= MOST else ()
    return Lesson.of(f"entries {language}", ((row.folded, row.owner) for row in rows))


def _crises(stock: Stock, index: Index, urgent: Container[str], language: str, folds: Folds) -> Lesson:
    """What is a crisis, and what is none: look-alikes, and all that people ask about other matters."""
    cries = (
        (without_numbers(folds.of(crisis.text, language)), crisis.entry or NEGATIVE)
        for crisis in stock.crises
        if crisis.language == language and (crisis.entry is None or crisis.entry in urgent)
    )
    calm = ((without_numbers(row.folded), NEGATIVE) for row in index.phrasings if row.owner not in urgent)
    return Lesson.of(f"crises {language}", (*cries, *calm))


def _ends(utterance: str) -> str:
    if len(utterance) <= 2 * COMPARED:
        return utterance
    return f"{utterance[:COMPARED]} {utterance[-COMPARED:]}"


def _known(entries: Iterable[Entry], stock: Stock, language: str) -> Iterator[tuple[str, str, float]]:
    """Owner, text and weight of all that is known in a language.

    An owner may be an entry that is not there (yet): what it would answer, no other entry does.
    """
    for entry in entries:
        if text := entry.texts.get(language):
            yield from ((entry.id, phrasing, 1.0) for phrasing in (text.title, *text.phrasings) if phrasing)
            if text.short:
                yield entry.id, text.short, SHORT_ANSWER_WEIGHT
    for utterance in stock.utterances:
        if utterance.language == language:
            yield utterance.entry, utterance.text, 1.0
    for trial in stock.trials:
        if trial.language == language and trial.form != TALK:
            nothing = NEGATIVE + (FAR if trial.form.endswith(FAR) else NEAR)
            owner = next((entry for entry in trial.expect if entry != NOTHING), nothing)
            yield owner, trial.text, 1.0
    for negative in stock.negatives:
        if negative.language == language:
            yield NEGATIVE + negative.kind, negative.text, 1.0
