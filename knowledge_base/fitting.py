"""Fits the numbers in calibration.py and prints them: `python -m knowledge_base.fitting [--entries DIR]`.

Some phrasings are taken out of the library and asked as if people had typed them; as many stay and are
asked with words left out: nobody knows how far people's own words are from ours, so the probability is
fitted to both. Some entries are taken out whole, so that what they answered becomes a question close to our
field that nothing answers; some negatives are asked too, and `--far FILE.tsv` (negatives) adds more.
Questions kept for measuring are never read. The probability is fitted to the weights that stand in
calibration.py: run it again after changing those.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.calibration import Evidence
from knowledge_base.entry import UNDERSTOOD
from knowledge_base.folder import ENTRIES, Folder
from knowledge_base.outcome import SmallTalk
from knowledge_base.ranking import Features
from knowledge_base.search import Explanation, Library
from knowledge_base.settings import SearchSettings
from knowledge_base.stock import SMALL_TALK

ROUNDS = 8
ASKED = 0.06
"""Share of phrasings taken out and asked in each round."""
LEFT_OUT = 0.06
"""Share of entries taken out whole in each round."""
MISSING = 2.0
"""So many times more is asked of what nothing answers."""

GREETED, MISTYPED = 0.2, 0.35
"""Shares of what is asked that open with a greeting, and that have typing mistakes."""
LONGEST_STEP = 5.0
"""Newton's method runs away where most questions are already certain."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """A text taken out of the library, and the entry that answers it, if one still does."""

    text: str
    entry: str | None
    small_talk: str | None = None
    shortened: bool = False


def rounds(
    folder: Folder, far: Sequence[str], chance: random.Random
) -> Iterator[tuple[Library, list[Question]]]:
    """Libraries with something taken out, and what was."""
    stock = folder.stock
    openings = {
        language: [one.text for one in stock.negatives if one.kind == "greeting" and one.language == language]
        for language in UNDERSTOOD
    }
    for number in range(ROUNDS):
        questions = [Question(text, None) for text in far[number::ROUNDS]]
        gone = {entry for entry in folder.entries if chance.random() < LEFT_OUT}

        def stays(text: str, language: str, entry: str | None, kind: str | None = None) -> bool:
            missing = entry is None or entry in gone  # noqa: B023 (used within this round only)
            drawn = chance.random() / ASKED
            small_talk = kind if kind in SMALL_TALK else None
            if drawn < 1 or (missing and drawn < MISSING):
                asked = Question(
                    _typed(text, openings[language], chance), None if missing else entry, small_talk
                )
                questions.append(asked)  # noqa: B023
                return False
            if drawn < MISSING and not missing:
                short = _typed(_shortened(text, chance), openings[language], chance)
                questions.append(Question(short, entry, shortened=True))  # noqa: B023
            return entry not in gone  # noqa: B023

        entries = []
        for entry in folder.entries.values():
            texts = {
                language: replace(
                    text, phrasings=tuple(one for one in text.phrasings if stays(one, language, entry.id))
                )
                for language, text in entry.texts.items()
            }
            if entry.id not in gone:
                entries.append(replace(entry, texts=texts))
        left = replace(
            stock,
            utterances=tuple(one for one in stock.utterances if stays(one.text, one.language, one.entry)),
            negatives=tuple(one for one in stock.negatives if stays(one.text, one.language, None, one.kind)),
        )
        yield Library.build(entries, left, SearchSettings()), questions


def _shortened(text: str, chance: random.Random) -> str:
    """The text without a third to two thirds of its words."""
    words = text.split()
    left = max(1, round(len(words) * chance.uniform(1 / 3, 2 / 3)))
    return " ".join(words[place] for place in sorted(chance.sample(range(len(words)), left)))


def _typed(text: str, openings: Sequence[str], chance: random.Random) -> str:
    """The text as somebody in a hurry types it: half of them are left as they are."""
    if openings and chance.random() < GREETED:
        text = f"{chance.choice(openings)}, {text}"
    if chance.random() < MISTYPED and len(text) > 8:
        for _ in range(1 + len(text) // 40):
            place = chance.randrange(len(text) - 1)
            fault = chance.choice(("", text[place] * 2, text[place + 1] + text[place]))
            text = (
                text[:place] + fault + text[place + (2 if len(fault) == 2 and fault[0] != fault[1] else 1) :]
            )
    return text


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


def logistic(table: Values, right: Values) -> Values:
    """Intercept and coefficients of a logistic regression (Newton's method)."""
    table = np.column_stack([np.ones(len(table)), table])
    weights = np.zeros(table.shape[1])
    for _ in range(25):
        chances = 1 / (1 + np.exp(-table @ weights))
        spread = chances * (1 - chances)
        curvature = (table * spread[:, None]).T @ table + 0.1 * np.eye(table.shape[1])
        weights += np.linalg.solve(curvature, table.T @ (right - chances) - 0.1 * weights)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the numbers in knowledge_base/calibration.py.")
    parser.add_argument("--entries", type=Path, default=ENTRIES)
    parser.add_argument("--far", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    far = [line.split("\t")[1] for path in options.far for line in path.read_text("utf-8").splitlines()]
    asked: list[tuple[Question, Explanation]] = []
    chance = random.Random(1)  # noqa: S311 (no secret)
    for library, questions in rounds(Folder.read(options.entries), far, chance):
        asked += [(question, library.explain(question.text)) for question in questions]
    lines = [*_small_talk(asked), *_weights(asked), *_probability(asked)]
    sys.stdout.write("\n".join([*lines, ""]))


_Asked = list[tuple[Question, Explanation]]


def _small_talk(asked: _Asked) -> Iterator[str]:
    talk = [(question, why) for question, why in asked if question.small_talk]
    known = sum(isinstance(why.outcome, SmallTalk) for _, why in talk)
    mistaken = sum(isinstance(why.outcome, SmallTalk) for question, why in asked if question.entry)
    yield f"small talk known: {known} of {len(talk)}; questions taken for it: {mistaken}"


def _weights(asked: _Asked) -> Iterator[str]:
    groups = []
    for question, why in asked:
        if question.entry in why.names and not question.shortened:
            table = np.array([candidate.features for candidate in why.candidates])
            groups.append((table, why.names.index(question.entry)))
    weights = conditional_logit(groups)
    weights /= np.abs(weights).sum()
    yield f"WEIGHTS = {Features(*weights.round(3).tolist())}  # fitted to {len(groups)} questions"


def _probability(asked: _Asked) -> Iterator[str]:
    known = [(question, why) for question, why in asked if why.evidence and not question.small_talk]
    table = np.array([why.evidence for _, why in known])
    right = np.array(
        [why.outcome.reading.ranked[0].entry == question.entry for question, why in known], float
    )
    weights = logistic(table, right)
    yield f"INTERCEPT = {weights[0]:.2f}"
    yield f"COEFFICIENTS = {Evidence(*weights[1:].round(2).tolist())}  # fitted to {len(known)} questions"
    chances = 1 / (1 + np.exp(-weights[0] - table @ weights[1:]))
    ours = np.array([question.entry is not None for question, _ in known])
    yield f"best entry right: {right[ours].mean():.1%} of {ours.sum()}"
    for at in np.arange(0.3, 1, 0.05):
        answered = (chances >= at).astype(float)
        good, bad = (answered * right)[ours].mean(), (answered * (1 - right))[ours].mean()
        needless = answered[~ours].mean()
        yield f"answer_at {at:.2f}: {good:.1%} right, {bad:.1%} wrong; without an entry {needless:.1%}"


if __name__ == "__main__":
    main()
