"""How long the whole knowledge base takes to be ready: `python -m tests.bench.start MODELS`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.bench.apart import apart
from tests.bench.methods import hotline
from tests.bench.phrasings import knowledge_base


def start(models: Path) -> float:
    """Seconds in a process of its own; `models` is the folder that has them, learned before."""
    seconds: float = apart("tests.bench.start", str(models))
    return seconds


def measure(models: Path) -> float:
    exam = knowledge_base()
    began = time.perf_counter()
    hotline(exam.entries, exam.stock, models)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
