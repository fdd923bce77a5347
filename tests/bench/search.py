"""Measures our search and, in the same run, five other ways to find the nearest phrasing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.config import ROOT
from knowledge_base import SearchSettings
from tests.bench import costs, rightness
from tests.bench.accuracy import FAQ_LIKE, KNOWLEDGE_BASE, Judgement
from tests.bench.phrasings import DEV_FILE, FAQ_FILE
from tests.bench.plot import draw
from tests.bench.start import ready
from tests.bench.tables import Asked, beside

PICTURE = ROOT / "var" / "bench" / "coverage.png"


def figures() -> Iterator[str]:
    """All tables, line by line."""
    began = time.monotonic()
    curves: dict[str, dict[str, Judgement]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        speeds = costs.speeds(folder)
        yield from costs.tables(speeds)
        asked = costs.asked(speeds)
        if FAQ_FILE.exists():
            found = rightness.judgements(FAQ_LIKE, folder / "models")
            yield from rightness.table("FAQ-like data, 380 entries of 56 intents", FAQ_LIKE, found)
            yield from rightness.typing_table(found)
            asked += rightness.asked(found)
            curves["FAQ-like data, an answer from the right intent is right"] = rightness.by_method(found)
        else:
            yield f"\n{FAQ_FILE} is not there, so nothing is measured on FAQ-like data."
        if DEV_FILE.exists():
            found = rightness.judgements(KNOWLEDGE_BASE, folder / "models")
            yield from rightness.table("the knowledge base, dev questions", KNOWLEDGE_BASE, found)
            seconds = ready(folder / "models")
            asked.append(Asked("start with learned models, knowledge base", 2, seconds.start, "s"))
            asked.append(Asked("an edit, until it answers", 1, seconds.edit, "s"))
            curves["Knowledge base and its dev questions, some without an answer"] = rightness.by_method(
                found
            )
    yield ""
    yield from beside(asked)
    yield ""
    if curves:
        draw(curves, rightness.PRECISION, SearchSettings().answer_at, PICTURE)
        yield f"Coverage against precision: {PICTURE.relative_to(ROOT)}"
    yield f"(The search was measured in {time.monotonic() - began:.0f} s.)"
