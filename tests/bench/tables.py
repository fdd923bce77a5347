"""Lines of tables, and figures of ours beside those that are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

FIRST, OTHER, WIDE = 42, 9, 14
"""Widths of columns, in letters."""


class Asked(NamedTuple):
    """A figure of ours; `asked` is the least, or else the most, that it is to be."""

    name: str
    asked: float
    found: float
    unit: str
    least: bool = False

    @property
    def reached(self) -> bool:
        return self.found >= self.asked if self.least else self.found <= self.asked


def line(first: str, columns: Sequence[str], width: int = OTHER) -> str:
    return f"{first:<{FIRST}}" + "".join(f"{column:>{width}}" for column in columns)


def times_ours(theirs: float, ours: float) -> str:
    """The figure of a method divided by ours."""
    if not ours:
        return "-"
    ratio = theirs / ours
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def beside(figures: Sequence[Asked]) -> Iterator[str]:
    yield line("Figures of ours", ["asked", "found", "reached"], WIDE)
    for figure in figures:
        asked = f"{'≥' if figure.least else '≤'} {figure.asked:g} {figure.unit}"
        found = f"{figure.found:.1f} {figure.unit}"
        yield line(figure.name, [asked, found, "yes" if figure.reached else "NO"], WIDE)
