import pytest

from knowledge_base import Library, Negative, SearchSettings, Stock, UrgentRule
from knowledge_base.evaluate import measure, report, table
from knowledge_base.questions import QuestionsError, read_questions
from tests.knowledge_base import examples

QUESTIONS = """\
expect\tlang\tform\tquery
register-ngo\ten\tplain\topen an ngo
petition\ten\tplain\topen an ngo
grant-tax|-\ten\tplain\tzzz qqq
-\ten\toos-far\twhat is the weather
-\tka\toos-near\tგრანტი იბეგრება?
emergency\ten\turgent\tthe house is on fire
register-ngo\ten\tchatty\ta house of fire insurance

petition|grant-tax\tka\tlatin\tpeticia rogor shevitanot
"""


def figures() -> dict[str, object]:
    stock = Stock(
        negatives=(Negative("far", "what is the weather", "en"),),
        urgent=(UrgentRule("emergency", {"en": ("house fire",)}),),
    )
    library = Library.build(examples.entries(), stock, SearchSettings())
    return report(measure(library, read_questions(QUESTIONS)))


def group(figures: dict[str, object], part: str, language: str | None, form: str | None) -> dict[str, object]:
    return next(one for one in figures[part] if (one["lang"], one["form"]) == (language, form))


def test_figures_are_by_language_and_form() -> None:
    plain = group(figures(), "in_scope", "en", "plain")
    assert plain["questions"] == 3
    assert plain["answered_right"] == pytest.approx(2 / 3)
    assert plain["answered_wrong"] == pytest.approx(1 / 3)
    latin = group(figures(), "in_scope", "ka", "latin")
    assert (latin["answered_right"], latin["helped"], latin["silent"]) == (1, 1, 0)
    assert group(figures(), "out_of_scope", None, None) == {
        "lang": None,
        "form": None,
        "questions": 2,
        "answered": 0.5,
        "suggested": 0,
        "silent": 0.5,
    }


def test_urgent_recall_and_false_alarms() -> None:
    assert figures()["urgent"] == {"recall": 1, "false_alarms": pytest.approx(1 / 7)}


def test_the_worst_misses_are_shown() -> None:
    misses = [(miss["outcome"], miss["query"]) for miss in figures()["misses"]]
    assert misses[0][1] == "a house of fire insurance"
    assert ("answered", "open an ngo") in misses


def test_pairs_that_are_confused_are_named() -> None:
    confused = figures()["confused"]
    assert {"expect": "petition", "first": "register-ngo", "questions": 1} in confused
    assert all(pair["first"] not in pair["expect"] for pair in confused)
    assert "  1: register-ngo before petition" in table(figures())


def test_the_table_shows_all_parts() -> None:
    shown = table(figures())
    for words in ("8 questions", "in scope", "out of scope", "urgent: recall 100.0%", "worst misses"):
        assert words in shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the header lacks expect, lang, form, query; it needs expect lang form query"),
        ("expect\tlang\tquery\n", "line 1: the header lacks form; it needs expect lang form query"),
        ("expect\tlang\tform\tquery\na\ten\n", "line 2: 2 columns where the header has 4"),
        (
            "expect\tlang\tform\tquery\n\ten\tplain\tx\n",
            "line 2: expect is empty; write entry ids joined by |, or -",
        ),
    ],
)
def test_a_wrong_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(QuestionsError) as raised:
        read_questions(text)
    assert str(raised.value) == words


def test_no_questions_give_empty_figures() -> None:
    library = Library.build([], Stock(), SearchSettings())
    empty = report(measure(library, read_questions("expect\tlang\tform\tquery\n")))
    assert empty["questions"] == 0
    assert empty["urgent"] == {"recall": None, "false_alarms": None}
    assert table(empty).startswith("0 questions")
