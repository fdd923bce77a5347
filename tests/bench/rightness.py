"""How often our search is right, beside the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.bench.accuracy import AS_ASKED, EXAMS, Judgement, accuracy
from tests.bench.methods import OTHERS, OURS
from tests.bench.phrasings import TYPED
from tests.bench.tables import Asked, line, times_ours

PRECISION = 95.0
"""Percent of direct answers that are to be right."""

TOGETHER = 2
"""So many methods are judged at the same time; nothing is timed then."""

RAW, FOLDED = "raw", "folded"
Found = Mapping[tuple[str, str], Mapping[str, Judgement]]
"""By method and the text that it compares, and by habit of typing."""

_FIGURES: dict[str, Callable[[Judgement], float]] = {
    "strict": lambda judgement: judgement.strict,
    "lenient": lambda judgement: judgement.lenient,
    "of three": lambda judgement: judgement.among_three,
    "covered": lambda judgement: judgement.coverage(PRECISION),
}
_ASKED = {"strict": 62.0, "lenient": 89.0, "of three": 97.0, "covered": 45.0}
_WITHIN = 2.0
"""Points that other letters may cost."""

EXPLAINED = (
    "strict: the right entry is first · lenient: one of the right intent is · of three: one is among three",
    f"covered: answered directly, when {PRECISION:g} % of answers are to be right",
    "Latin: lenient, typed in Latin letters or ASCII · n: so many were asked · folded: our folded text",
    "The others are told the language of the question, ours is not.",
)


def judgements(exam: str, models: Path) -> Found:
    """Of all methods, on raw text as their users would use them, and on our folded text."""
    rows = [(OURS, RAW), *((method, text) for method in OTHERS for text in (RAW, FOLDED))]
    with ThreadPoolExecutor(TOGETHER) as pool:
        running = {
            (method, text): pool.submit(partial(accuracy, exam, method, models, folded=text == FOLDED))
            for method, text in rows
        }
        return {row: future.result() for row, future in running.items()}


def table(title: str, exam: str, found: Found) -> Iterator[str]:
    ours = _figures(found[OURS, RAW])
    yield ""
    yield f"Right in percent: {title}"
    yield from EXPLAINED
    known, among = EXAMS[exam]().known_word_for_word, len(EXAMS[exam]().questions)
    yield f"{known} of {among} questions are, word for word, phrasings already."
    yield line("", ["n", *(heading for name in ours for heading in (name, "× ours"))])
    for (method, text), by_habit in found.items():
        columns = [str(len(by_habit[AS_ASKED].judged))]
        for name, figure in _figures(by_habit).items():
            columns += [f"{figure:.1f}", times_ours(figure, ours[name])]
        yield line(method if method == OURS else f"{method}, {text}", columns)


def typing_table(found: Found) -> Iterator[str]:
    yield ""
    yield "Ours, in percent, the same questions in the letters of their language and as many type them"
    yield line("", ["strict", "typed", "points", "lenient", "typed", "points"])
    for habit, pairs in _typing(found).items():
        columns: list[str] = []
        for native, typed in pairs:
            columns += [f"{native:.1f}", f"{typed:.1f}", f"{typed - native:+.1f}"]
        yield line(habit, columns)


def asked(found: Found) -> list[Asked]:
    ours = _figures(found[OURS, RAW])
    others = [_figures(by_habit) for (method, _), by_habit in found.items() if method != OURS]
    lost = max(native - typed for pairs in _typing(found).values() for native, typed in pairs)
    return [
        *(
            Asked(f"FAQ-like data, {name}", least, ours[name], "%", least=True)
            for name, least in _ASKED.items()
        ),
        *(
            Asked(f"  {name}, before the best other", 0, lead, "points", least=True)
            for name in ours
            for lead in [ours[name] - max(other[name] for other in others)]
        ),
        Asked("typing in Latin or ASCII costs", _WITHIN, lost, "points"),
    ]


def by_method(found: Found) -> dict[str, Judgement]:
    """Ours, and the others on folded text."""
    return {
        method: by_habit[AS_ASKED]
        for (method, text), by_habit in found.items()
        if text == FOLDED or method == OURS
    }


def _figures(by_habit: Mapping[str, Judgement]) -> dict[str, float]:
    figures = {name: figure(by_habit[AS_ASKED]) for name, figure in _FIGURES.items()}
    typed = [one for habit, judgement in by_habit.items() if habit != AS_ASKED for one in judgement.judged]
    return figures | ({"Latin": Judgement(typed).lenient} if typed else {})


def _typing(found: Found) -> dict[str, list[tuple[float, float]]]:
    """Strict and lenient, native and typed, by habit."""
    by_habit = found[OURS, RAW]
    pairs = {}
    for habit, (language, _) in TYPED.items():
        native, typed = by_habit[AS_ASKED].of(language), by_habit[habit]
        pairs[habit] = [(native.strict, typed.strict), (native.lenient, typed.lenient)]
    return pairs
