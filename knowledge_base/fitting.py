"""Fits the numbers in calibration.py: `python -m knowledge_base.fitting [--entries DIR] [--others FILE.tsv …]`.

Phrasings are taken out of the library by tenths and asked as if people had typed them; some entries are taken out
whole, so that what they answered becomes a question close to our field that nothing answers; the same is done with
the negatives. `--others` are files of negatives that are only asked. No set of questions kept for measuring is read.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.calibration import Evidence
from knowledge_base.entry import Entry, Text
from knowledge_base.folder import ENTRIES, Folder
from knowledge_base.ranking import Features
from knowledge_base.search import Library
from knowledge_base.settings import SearchSettings
from knowledge_base.stock import SMALL_TALK, Stock

FOLDS = 10
ENTRIES_LEFT_OUT = 0.08
"""Share of the entries that are taken out whole in each fold."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text taken out of the library, and the entry that answers it, if one still does."""

    text: str
    entry: str | None


@dataclass(frozen=True, slots=True)
class Fold:
    """The library that is left, as entries and stock, and what to ask it."""

    entries: tuple[Entry, ...]
    stock: Stock
    questions: tuple[Question, ...]


def folds(folder: Folder, others: list[str], seed: int = 1) -> Iterator[Fold]:
    """Split a knowledge base `FOLDS` ways."""
    chance = random.Random(seed)  # noqa: S311 (a split, not a secret)
    for number in range(FOLDS):
        questions: list[Question] = []
        gone = {entry for entry in folder.entries if chance.random() < ENTRIES_LEFT_OUT}

        def keep(text: str, entry: str | None, questions: list[Question] = questions, gone: set[str] = gone) -> bool:
            drawn = chance.random() * FOLDS < 1
            if drawn:
                questions.append(Question(text, None if entry in gone else entry))
            return not drawn and entry not in gone

        entries = [_thinned(entry, keep) for entry in folder.entries.values()]
        stock = replace(
            folder.stock,
            utterances=tuple(u for u in folder.stock.utterances if keep(u.text, u.entry)),
            negatives=tuple(n for n in folder.stock.negatives if n.kind in SMALL_TALK or keep(n.text, None)),
        )
        questions += [Question(text, None) for text in others[number::FOLDS]]
        yield Fold(tuple(entry for entry in entries if entry.id not in gone), stock, tuple(questions))
