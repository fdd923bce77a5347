"""How often a search method is right: `python -m tests.bench.accuracy EXAM METHOD raw|folded MODELS`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from knowledge_base.fold import fold
from knowledge_base.stock import NEGATIVE
from tests.bench.apart import apart
from tests.bench.methods import OTHERS, OURS, Find, Found, by_owner, hotline
from tests.bench.phrasings import TYPED, Exam, Question, faq_like, knowledge_base, typed

FAQ_LIKE, KNOWLEDGE_BASE = "faq-like", "knowledge base"
EXAMS = {FAQ_LIKE: faq_like, KNOWLEDGE_BASE: knowledge_base}
AS_ASKED = "as asked"
"""Beside the habits of `TYPED`."""

SLOW = {"rapidfuzz WRatio": 4}
"""Methods that are asked one of so many questions, so that the bench ends."""
TYPED_ONCE_IN = 8
"""Other methods are asked one of so many questions in other letters."""

Ask = Callable[[Question], list[Found]]


class Judged(NamedTuple):
    """What a method found for a question; `score` is None where it would answer from no score on."""

    language: str
    score: float | None
    right: bool
    related: bool
    among_three: bool
    answerable: bool


class Point(NamedTuple):
    """From a score on: the share of questions that are answered, and of answers that are right."""

    score: float
    coverage: float
    precision: float


@dataclass(frozen=True)
class Judgement:
    """All questions that a method was asked."""

    judged: list[Judged]

    def of(self, language: str) -> Judgement:
        return Judgement([one for one in self.judged if one.language == language])

    def share(self, count: Callable[[Judged], bool]) -> float:
        """Percent of the questions that an entry answers."""
        asked = [one for one in self.judged if one.answerable]
        return 100 * sum(map(count, asked)) / len(asked)

    @property
    def strict(self) -> float:
        return self.share(lambda one: one.right)

    @property
    def lenient(self) -> float:
        return self.share(lambda one: one.related)

    @property
    def among_three(self) -> float:
        return self.share(lambda one: one.among_three)

    def coverage(self, precision: float) -> float:
        """Percent of questions that are answered directly, when so many of answers are to be right."""
        enough = (point.coverage for point in self.points if 100 * point.precision >= precision)
        return 100 * max(enough, default=0.0)

    def at(self, score: float) -> Point | None:
        """What comes of answering from a score on."""
        return next((point for point in reversed(self.points) if point.score >= score), None)

    @cached_property
    def points(self) -> list[Point]:
        """All that a threshold can bring, from the highest score down.

        Whatever is answered where no entry answers counts as wrong.
        """
        answerable = sum(one.answerable for one in self.judged)
        scored = [(one.score, one) for one in self.judged if one.score is not None]
        scored.sort(key=lambda pair: -pair[0])
        points = []
        answered = covered = right = 0
        for score, group in groupby(scored, key=lambda pair: pair[0]):
            for _, one in group:
                answered += 1
                covered += one.answerable
                right += one.related
            points.append(Point(score, covered / answerable, right / answered))
        return points


def accuracy(exam: str, method: str, models: Path, *, folded: bool = False) -> dict[str, Judgement]:
    """What a method makes of an exam, by habit of typing, in a process of its own.

    Others may compare folded texts; ours keeps its models in a folder.
    """
    form = "folded" if folded else "raw"
    found = apart("tests.bench.accuracy", exam, method, form, str(models))
    return {habit: Judgement([Judged(*one) for one in judged]) for habit, judged in found.items()}


def judge(exam: Exam, method: str, models: Path, *, folded: bool) -> dict[str, list[Judged]]:
    """Ours is not told the language; the others are, and search in it alone."""
    ask = _ours(exam, models) if method == OURS else _other(exam, method, folded=folded)
    every = SLOW.get(method, 1)
    asked = {AS_ASKED: list(exam.questions[::every])}
    if exam.typed:
        every *= 1 if method == OURS else TYPED_ONCE_IN
        asked |= {habit: typed(exam.questions, habit)[::every] for habit in TYPED}
    return {
        habit: [_judged(ask(question), question) for question in questions]
        for habit, questions in asked.items()
    }


def _ours(exam: Exam, models: Path) -> Ask:
    find = hotline(exam.entries, exam.stock, models)
    return lambda question: find(question.text)


def _other(exam: Exam, method: str, *, folded: bool) -> Ask:
    def read(text: str, language: str) -> str:
        return fold(text, language) if folded else text

    finds: dict[str, Find] = {}
    for language in dict.fromkeys(phrase.language for phrase in exam.phrasings):
        known = [phrase for phrase in exam.phrasings if phrase.language == language]
        nearest = OTHERS[method]([read(phrase.text, language) for phrase in known])
        finds[language] = by_owner(nearest, [phrase.owner for phrase in known])
    return lambda question: finds[question.language](read(question.text, question.language))


def _judged(found: Sequence[Found], question: Question) -> Judged:
    first = found[0] if found else None
    owners = {one.owner for one in found}
    return Judged(
        language=question.language,
        score=None if first is None or first.owner.startswith(NEGATIVE) else first.score,
        right=first is not None and first.owner in question.right,
        related=first is not None and first.owner in question.related,
        among_three=not owners.isdisjoint(question.related),
        answerable=bool(question.related),
    )


def main(exam: str, method: str, form: str, models: str) -> None:
    judged = judge(EXAMS[exam](), method, Path(models), folded=form == "folded")
    sys.stdout.write(json.dumps(judged))


if __name__ == "__main__":
    main(*sys.argv[1:])
