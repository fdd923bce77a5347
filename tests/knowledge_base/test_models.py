"""Linear models are kept in files; search goes on whatever befalls these."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import Answered, Library, Models, NotLearned, SearchSettings, Stock, Utterance
from knowledge_base.models import KEPT, Lesson
from tests.knowledge_base import examples

TEXTS = ("open an ngo", "found an association", "is a grant taxed", "tax on grant money", "file a petition")
LABELS = ("register", "register", "tax", "tax", "petition")
LESSON = Lesson("asked", TEXTS, LABELS)
LATER = Lesson("asked", (*TEXTS, "street lamp"), (*LABELS, "lamp"))


def learned(folder: Path) -> Path:
    """The file of a model that was learned into an empty folder."""
    Models(folder).learn([LESSON])
    (file,) = folder.glob("*.npz")
    return file


def label(models: Models, lesson: Lesson, text: str) -> str:
    model = models.find(lesson)
    assert model is not None
    decided = model.decide(text)
    return model.labels[int(np.argmax(decided))]


def test_what_was_learned_is_found_again(tmp_path: Path) -> None:
    assert Models(tmp_path).find(LESSON) is None
    learned(tmp_path)
    found = Models(tmp_path)
    assert found.has(LESSON)
    assert [label(found, LESSON, text) for text in TEXTS] == list(LABELS)


def test_a_lesson_is_known_by_its_texts_and_labels() -> None:
    assert replace(LESSON, name="other").key == LESSON.key
    assert replace(LESSON, labels=LABELS[::-1]).key != LESSON.key


def test_the_old_model_serves_until_the_new_one_is_there(tmp_path: Path) -> None:
    models = Models(tmp_path)
    models.learn([LESSON])
    assert not models.has(LATER)
    assert label(models, LATER, "tax on a grant") == "tax"
    models.learn([LATER])
    assert label(models, LATER, "street lamps") == "lamp"


def test_only_the_last_models_are_kept(tmp_path: Path) -> None:
    models = Models(tmp_path)
    for number in range(KEPT + 3):
        models.learn([Lesson("asked", (*TEXTS, f"lamp {number}"), (*LABELS, "lamp"))])
    assert len(list(tmp_path.iterdir())) == KEPT


@pytest.mark.parametrize("size", [0, 1, 100, 1000, -1])
def test_a_truncated_file_is_learned_anew(
    tmp_path: Path, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    file = learned(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    models = Models(tmp_path)
    assert models.find(LESSON) is None
    assert "cannot be used and is learned anew" in caplog.text
    models.learn([LESSON])
    assert file.read_bytes() == whole


@given(place=st.integers(0), change=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_stops_nobody(
    tmp_path_factory: pytest.TempPathFactory, place: int, change: int
) -> None:
    file = learned(tmp_path_factory.mktemp("models"))
    damaged = bytearray(file.read_bytes())
    damaged[place % len(damaged)] ^= change
    file.write_bytes(damaged)
    models = Models(file.parent)
    assert models.has(LESSON) == (models.find(LESSON) is not None)


def test_a_folder_that_cannot_be_written_stops_no_search(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    models = Models(tmp_path / "file" / "search")
    library = Library.build(examples.entries(), Stock(), SearchSettings(), models)
    assert "cannot be kept and will have to be learned again" in caplog.text
    assert all(models.has(lesson) for lesson in library.lessons)
    assert isinstance(library.search("open an ngo"), Answered)


def test_a_process_of_its_own_learns_the_same(tmp_path: Path) -> None:
    here = learned(tmp_path / "here")
    models = Models(tmp_path / "apart")
    models.learn_apart([LESSON])
    assert models.has(LESSON)
    assert (tmp_path / "apart" / here.name).read_bytes() == here.read_bytes()


def test_a_process_that_fails_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = Models(tmp_path)
    with pytest.raises(NotLearned, match=r"^status 1 \w+Error: "):
        models.learn_apart([Lesson("asked", TEXTS, ())])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(NotLearned, match="no-python"):
        models.learn_apart([LESSON])


def test_a_process_that_cannot_keep_what_it_learned_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    models = Models(tmp_path / "file" / "search")
    with pytest.raises(NotLearned, match="cannot be kept"):
        models.learn_apart([LESSON])
    assert models.find(LESSON) is None


def test_a_new_phrasing_is_answered_before_it_is_learned(tmp_path: Path) -> None:
    models = Models(tmp_path)
    Library.build(examples.entries(), Stock(), SearchSettings(), models)
    stock = Stock(utterances=(Utterance("petition", "our street is dark at night", "en"),))
    library = Library(examples.entries(), stock, SearchSettings(), models)
    assert not all(models.has(lesson) for lesson in library.lessons)
    outcome = library.search("Our street is dark at night!")
    assert isinstance(outcome, Answered)
    assert outcome.entry == "petition"
    assert library.search("the dark street").reading.ranked[0].entry == "petition"
