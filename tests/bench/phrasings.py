"""Phrasings and questions that searches are measured with."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bot.config import ROOT
from knowledge_base import UNDERSTOOD, Entry, Folder, Text
from knowledge_base.fold import fold
from knowledge_base.questions import NOTHING, read_questions
from knowledge_base.search import _known
from knowledge_base.stock import Stock
from tests.knowledge_base.habits import ARMENIAN, AZERBAIJANI, GEORGIAN, Habit

SHARED = Path(os.environ.get("HOTLINE_TEST_SHARED", ROOT.parent / "shared")) / "knowledge"
FAQ_FILE = SHARED / "massive-faqlike.tsv"
DEV_FILE = ROOT / "knowledge_base" / "evaluation" / "questions-dev.tsv"

LANGUAGES = ("ka", "az", "hy")
HELD_OUT = 300
SMALLEST, LARGEST = 5, 13  # phrasings of an entry

TYPED: dict[str, tuple[str, Habit]] = {
    "Georgian, national system": ("ka", GEORGIAN["national"]),
    "Georgian, chat Latin": ("ka", GEORGIAN["chat"]),
    "Armenian, chat Latin": ("hy", ARMENIAN["x c q"]),
    "Azerbaijani without its letters": ("az", AZERBAIJANI["plain"]),
}


class Phrase(NamedTuple):
    """A text, its language, and the entry or the kind of negatives that it belongs to."""

    owner: str
    language: str
    text: str


class Question(NamedTuple):
    """A question, the entries that answer it, and those of the same intent; without any, none answers it."""

    text: str
    language: str
    right: frozenset[str]
    related: frozenset[str]


@dataclass(frozen=True)
class Exam:
    """Questions to those who know the phrasings; `typed`: they are asked in other letters too."""

    entries: tuple[Entry, ...]
    stock: Stock
    phrasings: tuple[Phrase, ...]
    questions: tuple[Question, ...]
    typed: bool

    @property
    def known_word_for_word(self) -> int:
        """Questions that are, folded, a phrasing of whatever entry."""
        known = {(phrase.language, fold(phrase.text, phrase.language)) for phrase in self.phrasings}
        return sum(
            (question.language, fold(question.text, question.language)) in known
            for question in self.questions
        )


@lru_cache
def faq_like() -> Exam:
    """Narrow entries of broader intents: the train part as phrasings, the dev part asked."""
    members: dict[str, set[str]] = defaultdict(set)
    rows = _faq_rows()
    for row in rows:
        members[row["intent"]].add(row["entry"])
    phrasings = tuple(
        Phrase(row["entry"], row["lang"], row["utterance"]) for row in rows if row["split"] == "train"
    )
    questions = tuple(
        Question(row["utterance"], row["lang"], frozenset([row["entry"]]), frozenset(members[row["intent"]]))
        for row in rows
        if row["split"] == "dev"
    )
    return Exam(tuple(entries_of(phrasings)), Stock(), phrasings, questions, typed=True)


@lru_cache
def knowledge_base() -> Exam:
    """The shipped knowledge base, and the questions kept for measuring, if there are any.

    Entries still to be written are there by the phrasings that wait for them.
    """
    folder = Folder.read()
    written = tuple(folder.entries.values())
    waiting = {utterance.entry for utterance in folder.stock.utterances} - folder.entries.keys()
    entries = (*written, *(Entry(owner, "all") for owner in sorted(waiting)))
    phrasings = tuple(
        Phrase(owner, language, text)
        for language in UNDERSTOOD
        for owner, text, _ in _known(entries, folder.stock, language)
    )
    asked = read_questions(DEV_FILE.read_text(encoding="utf-8")) if DEV_FILE.exists() else []
    questions = []
    for question in asked:
        right = frozenset(question.expect) - {NOTHING}
        questions.append(Question(question.text, question.language, right, right))
    return Exam(entries, folder.stock, phrasings, tuple(questions), typed=False)


def entries_of(phrasings: Iterable[Phrase]) -> Iterator[Entry]:
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for phrase in phrasings:
        texts[phrase.owner][phrase.language].append(phrase.text)
    for owner, by_language in texts.items():
        yield Entry(
            owner,
            "all",
            texts={language: Text.of(phrasings=found) for language, found in by_language.items()},
        )


def typed(questions: Iterable[Question], habit: str) -> list[Question]:
    """The questions of the habit's language as those who have it would type them."""
    language, spelled = TYPED[habit]
    return [
        question._replace(text=spelled(question.text))
        for question in questions
        if question.language == language
    ]


def of_size(size: int) -> tuple[list[Phrase], list[str]]:
    """So many distinct phrasings, a third in each language, and questions that are not among them.

    Where utterances do not suffice, more are joined of halves of two.
    """
    chance = random.Random(1)
    phrasings: list[Phrase] = []
    questions: list[str] = []
    for number, language in enumerate(LANGUAGES):
        pool = _utterances(language)
        held_out = set(chance.sample(pool, HELD_OUT // len(LANGUAGES)))
        known = [text for text in pool if text not in held_out]
        share = size // len(LANGUAGES) + (number < size % len(LANGUAGES))
        questions += sorted(held_out)
        phrasings += _in_entries(_as_many(known, share, chance), language, chance)
    chance.shuffle(questions)
    return phrasings, questions


def _faq_rows() -> list[dict[str, str]]:
    header, *lines = FAQ_FILE.read_text(encoding="utf-8").splitlines()
    names = header.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def _utterances(language: str) -> list[str]:
    """Distinct utterances, those of an entry side by side."""
    if FAQ_FILE.exists():
        rows = sorted((row["entry"], row["utterance"]) for row in _faq_rows() if row["lang"] == language)
    else:
        rows = sorted((row.owner, row.text) for row in knowledge_base().phrasings if row.language == language)
    return list(dict.fromkeys(text for _, text in rows))


def _as_many(texts: list[str], count: int, chance: random.Random) -> list[str]:
    if count <= len(texts):
        return [texts[place] for place in sorted(chance.sample(range(len(texts)), count))]
    places = {text: place for place, text in enumerate(texts)}
    while len(places) < count:
        first, second = chance.sample(range(len(texts)), 2)
        places.setdefault(_joined(texts[first], texts[second]), first)
    return sorted(places, key=lambda text: places[text])


def _joined(first: str, second: str) -> str:
    """The first half of one and the second half of the other, in words."""
    begins, ends = first.split(), second.split()
    return " ".join([*begins[: (len(begins) + 1) // 2], *ends[len(ends) // 2 :]])


def _in_entries(texts: list[str], language: str, chance: random.Random) -> Iterator[Phrase]:
    rest = iter(texts)
    number = 0
    while part := list(islice(rest, chance.randint(SMALLEST, LARGEST))):
        yield from (Phrase(f"{language}-{number}", language, text) for text in part)
        number += 1
