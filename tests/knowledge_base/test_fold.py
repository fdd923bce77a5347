import re
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import UNDERSTOOD, Folder
from knowledge_base.fold import fold, readings
from tests.knowledge_base.habits import ARMENIAN, AZERBAIJANI, GEORGIAN, MISSED_SHIFT, Habit


def agreement(native: Sequence[str], typed: Iterable[str], language: str) -> float:
    same = [fold(one, language) == fold(other, language) for one, other in zip(native, typed, strict=True)]
    return sum(same) / len(same)


def words(folder: Folder, language: str, letters: str) -> list[str]:
    texts = [
        *(phrasing for entry in folder.entries.values() for phrasing in entry.texts[language].phrasings),
        *(one.text for one in folder.stock.utterances if one.language == language),
    ]
    found = {word for text in texts for word in re.findall(letters, text)}
    assert len(found) > 500
    return sorted(found)


@pytest.mark.parametrize("habit", GEORGIAN.values(), ids=GEORGIAN)
def test_georgian_in_latin_letters_folds_alike(shipped: Folder, habit: Habit) -> None:
    native = words(shipped, "ka", "[ა-ჰ]{2,}")
    assert agreement(native, map(habit, native), "ka") >= 0.97


def test_georgian_capitals_and_a_missed_shift_fold_alike(shipped: Folder) -> None:
    native = words(shipped, "ka", "[ა-ჰ]{2,}")
    assert agreement(native, map(str.upper, native), "ka") == 1
    assert agreement(native, map(MISSED_SHIFT, native), "ka") >= 0.97


@pytest.mark.parametrize("habit", ARMENIAN.values(), ids=ARMENIAN)
def test_armenian_in_latin_letters_folds_alike(shipped: Folder, habit: Habit) -> None:
    native = words(shipped, "hy", "[ա-ևԱ-Ֆ՛՜՞]{2,}")
    assert agreement(native, map(habit, native), "hy") >= 0.97


@pytest.mark.parametrize("habit", AZERBAIJANI.values(), ids=AZERBAIJANI)
def test_azerbaijani_without_its_letters_folds_alike(shipped: Folder, habit: Habit) -> None:
    native = [word.lower() for word in words(shipped, "az", r"[a-zəıöüğşç]{2,}")]
    assert agreement(native, map(habit, native), "az") >= 0.97


@pytest.mark.parametrize(
    ("text", "language", "folded"),
    [
        ("k'argi ts'q'ali", "ka", "kargi ckali"),
        ("Tbilisi, 112!", "ka", "tbilisi 112"),
        ("damexmareT, Ramea", "ka", "damexmaret gamea"),
        ("Ինչպե՞ս", "hy", "incpes"),
        ("İŞÇİ", "az", "isci"),
        ("ﬁnance\u200b Ａ", "en", "finance a"),
        ("H e l p me", "en", "help me"),
        ("п о м о г и т е", "ru", "pomogite"),
        ("a b c", "en", "a b c"),
        ("1 1 2 0", "en", "1 1 2 0"),
        ("gеt а nеw сopy", "en", "get a new copy"),
        ("кaк зapeгиcтpиpовать", "ru", "kak zaregistrirovat"),
        ("сон", "ru", "son"),
        ("ҹаваб, дејил", "az", "cavab deyil"),
        ("ჯავაბ", "az", "cavab"),
        ("джаваб", "az", "cavab"),
        ("зареєструвати", "ru", "zarestruvati"),
        ("Ёлка ёж", "ru", "elka ej"),
        ("👋 …", "en", ""),
    ],
)
def test_folding(text: str, language: str, folded: str) -> None:
    assert fold(text, language) == folded


@given(st.text(), st.sampled_from(UNDERSTOOD))
def test_folding_is_idempotent_and_never_raises(text: str, language: str) -> None:
    assert fold(fold(text, language), language) == fold(text, language)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("როგორ", ("ka", "az")),
        ("ինչպես", ("hy",)),
        ("как", ("ka", "az", "hy", "ru")),
        ("rogor", UNDERSTOOD),
        ("112", UNDERSTOOD),
    ],
)
def test_letters_tell_what_a_text_may_be_read_as(text: str, languages: tuple[str, ...]) -> None:
    assert readings(text) == languages
