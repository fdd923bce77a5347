"""How long the whole knowledge base takes to be ready, and an edit: `python -m tests.bench.start MODELS`."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from knowledge_base import Answered, Library, Models, SearchSettings
from tests.bench.apart import apart
from tests.bench.phrasings import knowledge_base

PHRASE = "ძაღლების თავშესაფარი გვინდა მთელ უბანს და ერთად ვაწერთ ხელს ქაღალდზე"
"""What nobody has asked yet; from the edit on `petition` answers it."""


class Ready(NamedTuple):
    """Seconds from the documents to the first answer, and from an edit to the answer it brings."""

    start: float
    edit: float


def ready(models: Path) -> Ready:
    """In a process of its own; `models` is the folder that has them, learned before."""
    return Ready(*apart("tests.bench.start", str(models)))


def measure(folder: Path) -> Ready:
    exam, models, settings = knowledge_base(), Models(folder), SearchSettings()
    began = time.perf_counter()
    Library.build(exam.entries, exam.stock, settings, models)
    started = time.perf_counter() - began
    petition = next(entry for entry in exam.entries if entry.id == "petition")
    text = petition.texts["ka"]
    edited = replace(
        petition, texts={**petition.texts, "ka": replace(text, phrasings=(*text.phrasings, PHRASE))}
    )
    began = time.perf_counter()
    entries = [edited if entry is petition else entry for entry in exam.entries]
    outcome = Library(entries, exam.stock, settings, models).search(PHRASE)
    if not isinstance(outcome, Answered) or outcome.entry != petition.id:
        raise AssertionError(f"the edit brought {outcome}")
    return Ready(started, time.perf_counter() - began)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
