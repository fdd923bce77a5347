"""Fits the numbers in calibration.py and prints them: `python -m knowledge_base.fitting [--entries DIR]`.

The probability of an answer is fitted to the trials: questions whose answers are known, by people who had not
seen the phrasings, two fifths of them about what no entry answers. The alarm is fitted to the trials and to
the crises. Each is judged by a library that has not learned from it. An entry that the folder lacks answers
nothing, so the folder should have all. Files kept for measuring are never read. Run it again after changing
features, weights or many phrasings.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge_base.calibration import Evidence, Signs
from knowledge_base.folder import ENTRIES, Folder
from knowledge_base.outcome import SmallTalk
from knowledge_base.questions import NOTHING, Question
from knowledge_base.ranking import Features
from knowledge_base.search import Explanation, Library
from knowledge_base.settings import SearchSettings
from knowledge_base.stock import Crisis
from knowledge_base.urgent import CALM

PARTS: Final = 4
"""Everything is judged in so many parts, each by what was learned from the others."""
RARE: Final = 0.1
"""The share of crises among messages, as far as anybody can guess; here there are more."""
ORDINARY: Final = 3
"""Each ordinary question counts so often beside the crises and what looks like them, which are far rarer."""
LONGEST_STEP: Final = 5.0
"""Newton's method runs away where most questions are already certain."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question and why the library answers it as it does."""

    question: Question
    why: Explanation

    @property
    def right(self) -> bool:
        """The best entry is a right one."""
        ranked = self.why.outcome.reading.ranked
        return bool(ranked) and ranked[0].entry in self.question.expect

    @property
    def answerable(self) -> bool:
        return self.question.expect != (NOTHING,)


def conditional_logit(groups: list[tuple[Values, int]]) -> Values:
    """Weights under which the right row of each table has the best chance (Newton's method)."""
    width = groups[0][0].shape[1]
    weights: Values = np.zeros(width)
    for _ in range(25):
        gradient, curvature = -1e-3 * weights, 1e-3 * np.eye(width)
        for table, right in groups:
            chances = np.exp(table @ weights - (table @ weights).max())
            chances /= chances.sum()
            mean = chances @ table
            gradient += table[right] - mean
            curvature += (table * chances[:, None]).T @ table - np.outer(mean, mean)
        step = np.linalg.solve(curvature, gradient)
        weights += step * min(1.0, LONGEST_STEP / float(np.linalg.norm(step)))
    return weights


def logistic(table: Values, right: Values, at_least_zero: Collection[int] = ()) -> Values:
    """Intercept and coefficients of a logistic regression (Newton's method), a little drawn towards 0.

    A coefficient that is to be `at_least_zero` and would be less is 0, the lowest first.
    """
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    columns = list(range(table.shape[1]))
    while True:
        weights = _newton((table[:, columns] - middle[columns]) / spread[columns], right)
        below = [
            (weights[1 + place], column) for place, column in enumerate(columns) if column in at_least_zero
        ]
        if not below or min(below)[0] >= 0:
            break
        columns.remove(min(below)[1])
    coefficients = np.zeros(table.shape[1])
    coefficients[columns] = weights[1:] / spread[columns]
    return np.array([weights[0] - coefficients @ middle, *coefficients])


def _newton(table: Values, right: Values) -> Values:
    table = np.column_stack([np.ones(len(table)), table])
    weights, ridge = np.zeros(table.shape[1]), np.eye(table.shape[1])
    ridge[0, 0] = 0.0  # the intercept is not drawn anywhere
    for _ in range(25):
        chances = 1 / (1 + np.exp(-table @ weights))
        curvature = (table * (chances * (1 - chances))[:, None]).T @ table + ridge
        weights += np.linalg.solve(curvature, table.T @ (right - chances) - ridge @ weights)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the numbers in knowledge_base/calibration.py.")
    parser.add_argument("--entries", type=Path, default=ENTRIES)
    folder = Folder.read(parser.parse_args().entries)
    trials, cries = judged(folder)
    lines = [*_weights(trials), *_probability(trials), *_alarm(folder, trials, cries)]
    sys.stdout.write("\n".join([*lines, ""]))


def judged(folder: Folder) -> tuple[list[Trial], list[tuple[Crisis, Explanation]]]:
    """All trials and crises, each judged by a library that has not learned from it."""
    chance = random.Random(1)  # noqa: S311 (no secret)
    questions, crises = list(folder.stock.trials), list(folder.stock.crises)
    chance.shuffle(questions)
    chance.shuffle(crises)
    trials: list[Trial] = []
    cries: list[tuple[Crisis, Explanation]] = []
    for part in range(PARTS):
        stock = replace(
            folder.stock,
            trials=tuple(each for place, each in enumerate(questions) if place % PARTS != part),
            crises=tuple(each for place, each in enumerate(crises) if place % PARTS != part),
        )
        library = Library.build(folder.entries.values(), stock, SearchSettings())
        for question in questions[part::PARTS]:
            known = tuple(entry for entry in question.expect if entry in folder.entries) or (NOTHING,)
            trials.append(Trial(replace(question, expect=known), library.explain(question.text)))
        cries += [(crisis, library.explain(crisis.text)) for crisis in crises[part::PARTS]]
    return trials, cries


def _weights(trials: list[Trial]) -> Iterator[str]:
    groups = []
    for trial in trials:
        owners = [candidate.owner for candidate in trial.why.candidates]
        right = [place for place, owner in enumerate(owners) if owner in trial.question.expect]
        if right:
            groups.append((np.array([candidate.features for candidate in trial.why.candidates]), right[0]))
    weights = conditional_logit(groups)
    weights /= np.abs(weights).sum()
    yield f"WEIGHTS would be {Features(*weights.round(3).tolist())}  # fitted to {len(groups)} questions"


def _probability(trials: list[Trial]) -> Iterator[str]:
    told = [trial for trial in trials if trial.why.evidence and not isinstance(trial.why.outcome, SmallTalk)]
    table = np.array([trial.why.evidence for trial in told])
    right = np.array([trial.right for trial in told], float)
    # What speaks for an entry must not speak against it, however the trials fall; length may do either.
    weights = logistic(table, right, set(range(len(Evidence._fields))) - {Evidence._fields.index("words")})
    yield f"INTERCEPT = {weights[0]:.2f}"
    yield f"COEFFICIENTS = {Evidence(*weights[1:].round(2).tolist())}  # fitted to {len(told)} questions"
    answerable = np.array([trial.answerable for trial in told])
    among = sum(trial.answerable for trial in trials), sum(not trial.answerable for trial in trials)
    chances = 1 / (1 + np.exp(-weights[0] - table @ weights[1:]))
    yield f"best entry right: {right[answerable].sum() / among[0]:.1%} of {among[0]}"
    for at in (0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        shown = (chances >= at).astype(float)
        good, bad = (
            (shown * right)[answerable].sum() / among[0],
            (shown * (1 - right))[answerable].sum() / among[0],
        )
        needless = shown[~answerable].sum() / among[1]
        yield f"at {at:.2f}: {good:.1%} right, {bad:.1%} wrong; without an entry {needless:.1%}"


def _alarm(folder: Folder, trials: list[Trial], cries: list[tuple[Crisis, Explanation]]) -> Iterator[str]:
    urgent = {crisis.entry for crisis in folder.stock.crises}
    # Where the model says nothing there is nothing to fit.
    cries = [(crisis, why) for crisis, why in cries if why.signs.decided > CALM]
    calm = [
        trial.why.signs
        for trial in trials
        if urgent.isdisjoint(trial.question.expect) and trial.why.signs.decided > CALM
    ]
    table = np.array([*(why.signs for _, why in cries), *calm])
    truths = np.array([*(crisis.entry is not None for crisis, _ in cries), *[False] * len(calm)], float)
    counted = [*range(len(cries)), *list(range(len(cries), len(table))) * ORDINARY]
    weights = logistic(table[counted], truths[counted])
    # As if only one message in ten were a crisis.
    share = truths[counted].mean()
    weights[0] += np.log(RARE / (1 - RARE)) - np.log(share / (1 - share))
    yield f"ALARM_INTERCEPT = {weights[0]:.2f}"
    yield f"ALARM_COEFFICIENTS = {Signs(*weights[1:].round(2).tolist())}  # fitted to {len(table)} messages"
    chances = 1 / (1 + np.exp(-weights[0] - table @ weights[1:]))
    crisis, other = chances[: len(cries)], chances[len(cries) :]
    real = truths[: len(cries)] > 0
    for at in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        yield (
            f"at {at:.2f}: recall {(crisis[real] >= at).mean():.1%}, "
            f"look-alikes {(crisis[~real] >= at).mean():.1%}, other questions {(other >= at).mean():.1%}"
        )


if __name__ == "__main__":
    main()
