"""A picture of how many questions can be answered directly at which precision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from tests.bench.accuracy import Judgement
from tests.bench.methods import OTHERS, OURS

LOWEST = 70.0  # percent, the left edge
COLOURS = dict(
    zip((OURS, *OTHERS), ("#b3001b", "#8c8c8c", "#c98b00", "#2a7f3e", "#1f5fa8", "#7b4ea3"), strict=True)
)


def draw(
    panels: Mapping[str, Mapping[str, Judgement]], precision: float, answer_at: float, path: Path
) -> None:
    """One panel for each exam, by its title, one curve for each method.

    `precision` is the one that is asked of direct answers, in percent; `answer_at` the probability from which
    ours answers.
    """
    figure = Figure(figsize=(7 * len(panels), 6), layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for each, (title, judgements) in zip(axes, panels.items(), strict=True):
        _panel(each, title, judgements, precision)
        _mark(each, judgements[OURS], answer_at)
    axes[0].set_ylabel("coverage: questions answered directly")
    figure.suptitle(
        "Ours decides by its probability, the others by the raw score of the nearest phrasing (folded text)"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _panel(axes: Axes, title: str, judgements: Mapping[str, Judgement], precision: float) -> None:
    asked = np.linspace(LOWEST, 100, 301)
    for method, judgement in judgements.items():
        coverage = [judgement.coverage(share) for share in asked]
        label = f"{method}: {judgement.coverage(precision):.0f} % at {precision:.0f} %"
        width = 3 if method == OURS else 1.6
        axes.plot(asked, coverage, color=COLOURS[method], linewidth=width, label=label)
    axes.axvline(precision, color="black", linewidth=0.8, linestyle=":")
    axes.set(
        title=title,
        xlim=(LOWEST, 100),
        ylim=(0, 102),
        xlabel="precision: direct answers that are right, at least",
    )
    axes.xaxis.set_major_formatter(PercentFormatter(decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    axes.grid(alpha=0.25)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, frameon=False)


def _mark(axes: Axes, judgement: Judgement, answer_at: float) -> None:
    """Where ours stands as it is set."""
    point = judgement.at(answer_at)
    if point and 100 * point.precision >= LOWEST:
        axes.plot(100 * point.precision, 100 * point.coverage, "o", color=COLOURS[OURS], markersize=9)
        axes.annotate(
            f"as it is set (from {answer_at:g} on)",
            (100 * point.precision, 100 * point.coverage),
            xytext=(-10, -16),
            textcoords="offset points",
            ha="right",
            color=COLOURS[OURS],
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
