"""Trials: questions whose answers are known, in trials/<language>.tsv, are learned from."""

from pathlib import Path

import pytest

from knowledge_base import Answered, Folder, Library, Models, SearchSettings, SmallTalk, Stock, Unanswered
from knowledge_base.check import check
from knowledge_base.fold import fold
from knowledge_base.questions import Question
from tests.knowledge_base import examples

HEADER = "expect\tlang\tform\tquery\n"
TRIALS = (
    Question(("petition",), "en", "plain", "our street is dark at night"),
    Question(("later", "grant-tax"), "en", "plain", "may we keep the leftover coins"),
    Question(("later",), "en", "plain", "how do we open a library"),
    Question(("-",), "en", "oos-near", "how do i open an account"),
    Question(("-",), "en", "oos-far", "open sesame lyrics"),
    Question(("-",), "en", "smalltalk", "you open minded bot"),
)


def library_of(folder: Path, *trials: Question) -> Library:
    return Library.build(examples.entries(), Stock(trials=trials), SearchSettings(), Models(folder))


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("models"), *TRIALS)


def test_trials_are_learned_from(taught: Library) -> None:
    outcome = taught.search("Our street is dark at night")
    assert isinstance(outcome, Answered)
    assert outcome.entry == "petition"
    assert any(fold(TRIALS[0].text, "en") in lesson.texts for lesson in taught.lessons)


@pytest.mark.parametrize("trial", TRIALS[2:5], ids=lambda trial: trial.text)
def test_what_no_entry_that_we_have_answers_is_a_negative(
    taught: Library, trial: Question, tmp_path: Path
) -> None:
    assert isinstance(taught.search(trial.text), Unanswered)
    untaught = library_of(tmp_path).search(trial.text).reading
    assert taught.search(trial.text).reading.score <= untaught.score


def test_an_absent_entry_is_never_shown(taught: Library) -> None:
    reading = taught.search("may we keep the leftover coins").reading
    assert {match.entry for match in reading.ranked} <= taught.entries.keys()


def test_small_talk_among_trials_is_not_learned_from(taught: Library) -> None:
    assert not any("minded" in text for lesson in taught.lessons for text in lesson.texts)
    assert not isinstance(taught.search("you open minded bot"), SmallTalk)


def written(root: Path, name: str, text: str) -> Path:
    """A knowledge base with one file of trials."""
    entries = examples.folder(root)
    (root / "trials").mkdir()
    (root / "trials" / name).write_text(text, encoding="utf-8")
    return entries


def test_trials_lie_beside_the_entries(tmp_path: Path) -> None:
    folder = Folder.read(written(tmp_path, "en.tsv", HEADER + "petition|later\ten\tplain\tdark street\n"))
    assert folder.stock.trials == (Question(("petition", "later"), "en", "plain", "dark street"),)
    assert folder.findings == ()


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("en.tsv", "", "1: the header lacks expect, lang, form, query; it needs expect lang form query"),
        ("en.tsv", HEADER + "petition\ten\tplain\tdark\n\nno tabs\n", "4: 1 columns where the header has 4"),
        ("en.tsv", HEADER + "\ten\tplain\tdark\n", "2: expect is empty; write entry ids joined by |, or -"),
        ("xx.tsv", HEADER, "1: the file's name is no language; the languages are en, ka, az, hy, ru"),
    ],
)
def test_a_broken_file_of_trials_is_a_finding_with_its_line(
    tmp_path: Path, name: str, text: str, finding: str
) -> None:
    folder = Folder.read(written(tmp_path, name, text))
    assert [f"{each.line}: {each.text}" for each in folder.findings] == [finding]
    assert folder.findings[0].path == tmp_path / "trials" / name
    assert folder.findings[0] in check(folder)
    assert folder.stock.trials == ()
