"""Time and memory of one search method: `python -m tests.bench.speed METHOD PHRASINGS MODELS`."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import psutil

from knowledge_base import Entry
from knowledge_base.stock import Stock
from tests.bench.apart import apart
from tests.bench.methods import OTHERS, OURS, Find, by_owner, hotline
from tests.bench.phrasings import Phrase, entries_of, of_size

PATIENCE = 3.0
"""Seconds after which a slow method is asked no more, once it was asked `FEWEST` questions."""
FEWEST = 20
A_FEW = 60  # phrasings
LONG = 4096  # characters, the longest message of Telegram
LONG_MESSAGES = 20


class Speed(NamedTuple):
    """What a search costs.

    Args:
        times: of single questions, in milliseconds.
        long_times: of messages as long as can be, for ours.
        build: seconds until the first question can be asked.
        memory: MB that the index adds to the process.
    """

    times: list[float]
    long_times: list[float]
    build: float
    memory: float

    @property
    def median(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1]


def written(size: int, folder: Path) -> Path:
    """A file of so many phrasings and of questions, for `speed`."""
    path = folder / f"{size}.json"
    path.write_text(json.dumps(of_size(size), ensure_ascii=False), encoding="utf-8")
    return path


def speed(method: str, phrasings: Path, models: Path) -> Speed:
    """The speed of a method, measured in a process of its own; `models` is a folder that ours keeps."""
    return Speed(*apart("tests.bench.speed", method, str(phrasings), str(models)))


def measure(method: str, path: Path, models: Path) -> Speed:
    rows, questions = json.loads(path.read_text(encoding="utf-8"))
    phrasings = [Phrase(*row) for row in rows]
    entries = list(entries_of(phrasings)) if method == OURS else []
    with tempfile.TemporaryDirectory() as folder:
        # What a package takes when it is first used is none of the index's.
        few = phrasings[:A_FEW]
        _built(method, few, list(entries_of(few)), Path(folder))(questions[0])
    gc.collect()
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    find = _built(method, phrasings, entries, models)
    build = time.perf_counter() - began
    gc.collect()
    memory = (psutil.Process().memory_info().rss - before) / 2**20
    long_times = _timed(find, _long_messages(questions)) if method == OURS else []
    return Speed(_timed(find, questions), long_times, build, memory)


def _built(method: str, phrasings: Sequence[Phrase], entries: Sequence[Entry], models: Path) -> Find:
    if method == OURS:
        return hotline(entries, Stock(), models)
    nearest = OTHERS[method]([phrase.text for phrase in phrasings])
    return by_owner(nearest, [phrase.owner for phrase in phrasings])


def _long_messages(questions: Sequence[str]) -> list[str]:
    whole = " ".join(questions) * 2
    return [whole[start * 100 :][:LONG] for start in range(LONG_MESSAGES)]


def _timed(find: Find, questions: Sequence[str]) -> list[float]:
    times: list[float] = []
    ending = time.perf_counter() + PATIENCE
    for question in questions:
        began = time.perf_counter()
        find(question)
        ended = time.perf_counter()
        times.append((ended - began) * 1000)
        if ended > ending and len(times) >= FEWEST:
            break
    return times


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
