"""Measuring a library on questions whose answers are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.outcome import Answered, Outcome, SmallTalk, Suggested, Unanswered
from knowledge_base.questions import NOTHING, Question
from knowledge_base.ranking import Candidate
from knowledge_base.search import Explanation, Library

URGENT = "urgent"
MISSES_SHOWN = 25
BINS = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """A question and what came of it."""

    question: Question
    why: Explanation

    @property
    def outcome(self) -> Outcome:
        return self.why.outcome

    @property
    def out_of_scope(self) -> bool:
        return self.question.expect == (NOTHING,)

    @property
    def answered(self) -> bool:
        return isinstance(self.outcome, Answered)

    @property
    def suggested(self) -> bool:
        return isinstance(self.outcome, Suggested)

    @property
    def silent(self) -> bool:
        return isinstance(self.outcome, Unanswered | SmallTalk)

    @property
    def right(self) -> bool:
        """The right entry was shown at once, or silence was right too."""
        if isinstance(self.outcome, Answered):
            return self.outcome.entry in self.question.expect
        return self.silent and NOTHING in self.question.expect

    @property
    def helped(self) -> bool:
        if isinstance(self.outcome, Suggested):
            return not set(self.question.expect).isdisjoint(self.outcome.entries)
        return self.right

    @property
    def wrong(self) -> bool:
        return isinstance(self.outcome, Answered) and self.outcome.entry not in self.question.expect

    @property
    def alarmed(self) -> bool:
        return self.outcome.reading.urgent is not None


def measure(library: Library, questions: Iterable[Question]) -> list[Measured]:
    """Ask everything; the library is not told the language."""
    return [Measured(question, library.explain(question.text)) for question in questions]


def report(measured: Sequence[Measured]) -> dict[str, Any]:
    """All figures; shares are from 0 to 1, and None where there was nothing to count."""
    inside = [one for one in measured if not one.out_of_scope]
    outside = [one for one in measured if one.out_of_scope]
    crises = [one for one in measured if one.question.form == URGENT]
    calm = [one for one in measured if one.question.form != URGENT]
    return {
        "questions": len(measured),
        "in_scope": _by_group(inside, _in_scope),
        "out_of_scope": _by_group(outside, _out_of_scope),
        "urgent": {
            "recall": _share(crises, lambda one: one.alarmed),
            "false_alarms": _share(calm, lambda one: one.alarmed),
        },
        "language_right": _share(measured, lambda one: one.outcome.reading.language == one.question.language),
        "calibration_error": _calibration_error(measured),
        "reliability": _reliability(measured),
        "confused": _confused(inside),
        "misses": [_miss(one) for one in _worst(measured)[:MISSES_SHOWN]],
    }


def _by_group(
    measured: Sequence[Measured], figures: Callable[[list[Measured]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Figures for each language and form, each language, each form, and all."""
    languages = sorted({one.question.language for one in measured})
    forms = sorted({one.question.form for one in measured})
    groups = []
    for language in (*languages, None):
        for form in (*forms, None):
            group = [
                one
                for one in measured
                if language in {None, one.question.language} and form in {None, one.question.form}
            ]
            if group:
                groups.append({"lang": language, "form": form, "questions": len(group)} | figures(group))
    return groups


def _in_scope(group: list[Measured]) -> dict[str, Any]:
    return {
        "answered_right": _share(group, lambda one: one.right),
        "helped": _share(group, lambda one: one.helped),
        "answered_wrong": _share(group, lambda one: one.wrong),
        "silent": _share(group, lambda one: one.silent),
        "right_first": _share(group, lambda one: _right_among(one, 1)),
        "right_among_three": _share(group, lambda one: _right_among(one, 3)),
    }


def _out_of_scope(group: list[Measured]) -> dict[str, Any]:
    return {
        "answered": _share(group, lambda one: one.answered),
        "suggested": _share(group, lambda one: one.suggested),
        "silent": _share(group, lambda one: one.silent),
    }


def _share(group: Sequence[Measured], counts: Callable[[Measured], bool]) -> float | None:
    return sum(map(counts, group)) / len(group) if group else None


def _right_among(one: Measured, count: int) -> bool:
    return any(match.entry in one.question.expect for match in one.outcome.reading.ranked[:count])


def _calibration_error(measured: Sequence[Measured]) -> float | None:
    """The mean distance of stated probability and outcome (expected calibration error)."""
    if not measured:
        return None
    groups = _reliability(measured)
    distances = (abs(group["stated"] - group["right"]) * group["questions"] for group in groups)
    return float(sum(distances)) / len(measured)


def _reliability(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """For each tenth of stated probability: how many questions, the mean, and how often it was right."""
    groups: dict[int, list[Measured]] = {}
    for one in measured:
        groups.setdefault(min(int(one.outcome.reading.score * BINS), BINS - 1), []).append(one)
    return [
        {
            "from": number / BINS,
            "questions": len(group),
            "stated": sum(one.outcome.reading.score for one in group) / len(group),
            "right": sum(_right_among(one, 1) for one in group) / len(group),
        }
        for number, group in sorted(groups.items())
    ]


def _confused(inside: Sequence[Measured]) -> list[dict[str, Any]]:
    """The entries that came first in place of others, the commonest pair first."""
    pairs = Counter(
        ("|".join(sorted(one.question.expect)), one.outcome.reading.ranked[0].entry)
        for one in inside
        if one.outcome.reading.ranked and not _right_among(one, 1)
    )
    return [
        {"expect": expect, "first": first, "questions": count}
        for (expect, first), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _worst(measured: Sequence[Measured]) -> list[Measured]:
    """What went wrong, the worst first: crises, wrong answers, help not given; each by how sure we were."""
    crises = [one for one in measured if (one.question.form == URGENT) != one.alarmed]
    wrong = [one for one in measured if one.wrong]
    unhelped = [one for one in measured if not one.helped and not one.wrong and not one.out_of_scope]
    by_score = lambda one: -one.outcome.reading.score  # noqa: E731 (two sorts, one key)
    return [*crises, *sorted(wrong, key=by_score), *sorted(unhelped, key=by_score)]


def _miss(one: Measured) -> dict[str, Any]:
    return {
        "expect": "|".join(sorted(one.question.expect)),
        "lang": one.question.language,
        "form": one.question.form,
        "outcome": type(one.outcome).__name__.lower(),
        "urgent": one.alarmed,
        "ranked": [[match.entry, round(match.probability, 3)] for match in one.outcome.reading.ranked],
        "query": one.question.text,
        "because": _because(one),
    }


def _because(one: Measured) -> list[str]:
    """What came nearest, and beside it the best of what would have been right."""
    right = (each for each in one.why.candidates if each.owner in one.question.expect)
    nearest = [*one.why.candidates[:1], *list(right)[:1]]
    return list(dict.fromkeys(_nearness(each) for each in nearest))


def _nearness(candidate: Candidate) -> str:
    return f"{candidate.owner} {candidate.score:.2f} by {candidate.language} “{candidate.phrasing}”"


def table(figures: dict[str, Any]) -> str:
    """The report for people."""
    lines = [f"{figures['questions']} questions"]
    for part in ("in_scope", "out_of_scope"):
        groups = figures[part]
        if groups:
            names = [name for name in groups[0] if name not in {"lang", "form"}]
            lines += [
                "",
                part.replace("_", " "),
                f"{'language':<9}{'form':<12}" + "".join(f"{n:>19}" for n in names),
            ]
            for group in groups:
                cells = "".join(f"{_shown(group[name]):>19}" for name in names)
                lines.append(f"{group['lang'] or 'all':<9}{group['form'] or 'all':<12}{cells}")
    urgent = figures["urgent"]
    lines += [
        "",
        f"urgent: recall {_shown(urgent['recall'])}, false alarms {_shown(urgent['false_alarms'])}",
        f"language right: {_shown(figures['language_right'])}",
        f"calibration error: {_shown(figures['calibration_error'])}",
        *(
            f"  stated {group['stated']:.2f}: right {_shown(group['right'])} of {group['questions']}"
            for group in figures["reliability"]
        ),
        "",
        "confused",
        *(f"  {pair['questions']}: {pair['first']} before {pair['expect']}" for pair in figures["confused"]),
        "",
        "worst misses",
    ]
    for miss in figures["misses"]:
        ranked = ", ".join(f"{entry} {chance:.2f}" for entry, chance in miss["ranked"])
        alarm = " URGENT" if miss["urgent"] else ""
        lines.append(
            f"{miss['outcome']}{alarm}, not {miss['expect']} ({miss['lang']}, {miss['form']}): {ranked}"
        )
        lines += [f"    {miss['query']}", *(f"    nearest: {each}" for each in miss["because"])]
    return "\n".join(lines)


def _shown(figure: float | None) -> str:
    if figure is None:
        return "-"
    return str(figure) if isinstance(figure, int) else f"{figure:.1%}"
