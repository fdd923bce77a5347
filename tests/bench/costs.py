"""What our search costs in time and memory, beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench.methods import OTHERS, OURS
from tests.bench.speed import Speed, speed, written
from tests.bench.tables import OTHER, Asked, line, times_ours

MIDDLE, LARGE = 10_000, 100_000
SIZES = (1_000, MIDDLE, LARGE)

LEARNING = f"{OURS}, models to be learned"
Speeds = Mapping[str, Mapping[int, Speed]]


def speeds(folder: Path) -> Speeds:
    """Of each method at each size, one after another; ours learns its models first, then finds them."""
    measured: dict[str, dict[int, Speed]] = {name: {} for name in (LEARNING, OURS, *OTHERS)}
    for size in SIZES:
        phrasings = written(size, folder)
        for name, by_size in measured.items():
            by_size[size] = speed(OURS if name == LEARNING else name, phrasings, folder / "models")
    return measured


def tables(measured: Speeds) -> Iterator[str]:
    yield ""
    yield "Milliseconds for one question, asked alone, in one thread (n: so many were asked; × ours: of p95)"
    yield _sizes()
    yield line("", ["n", "p50", "p95", "× ours"] * len(SIZES))
    ours = measured[OURS]
    for method in (OURS, *OTHERS):
        columns: list[str] = []
        for size, one in measured[method].items():
            ratio = times_ours(one.p95, ours[size].p95)
            columns += [str(len(one.times)), f"{one.median:.2f}", f"{one.p95:.2f}", ratio]
        yield line(method, columns)
    yield ""
    yield "Seconds to build the index, and MB that it adds to the process"
    yield _sizes()
    yield line("", ["s", "× ours", "MB", "× ours"] * len(SIZES))
    for method, by_size in measured.items():
        columns = []
        for size, one in by_size.items():
            columns += [f"{one.build:.2f}", times_ours(one.build, ours[size].build)]
            columns += [f"{one.memory:.1f}", times_ours(one.memory, ours[size].memory)]
        yield line(method, columns)


def asked(measured: Speeds) -> list[Asked]:
    ours, slowest = measured[OURS], measured["rapidfuzz WRatio"]
    lead = min(slowest[size].p95 / ours[size].p95 for size in SIZES)
    return [
        Asked("p95 at 10,000 phrasings", 5, ours[MIDDLE].p95, "ms"),
        Asked("p95 at 100,000 phrasings", 8, ours[LARGE].p95, "ms"),
        Asked("p95 of WRatio against ours, at any size", 8, lead, "times", least=True),
        Asked("4096 characters, the slowest, at 10,000", 20, max(ours[MIDDLE].long_times), "ms"),
        Asked("the index adds at 10,000", 80, ours[MIDDLE].memory, "MB"),
        Asked("start with learned models, at 10,000", 2, ours[MIDDLE].build, "s"),
    ]


def _sizes() -> str:
    return line("phrasings", [f"{size:,}" for size in SIZES], 4 * OTHER)
