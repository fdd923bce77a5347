import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import UNDERSTOOD, Folder
from knowledge_base.fold import fold, readings

GEORGIAN = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
NATIONAL = "a b g d e v z t i k' l m n o p' zh r s t' u p k gh q' sh ch ts dz ts' ch' kh j h".split()
KEYBOARD = "a b g d e v z T i k l m n o p J r s t u f q R y S C c Z w W x j h".split()
CHAT = "a b g d e v z t i k l m n o p zh r s t u f q g y sh ch c dz w ch x j h".split()
ARMENIAN = "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ"
ARMENIAN_CHAT = "a b g d e z e @ t zh i l x c k h dz gh ch m y n sh o ch p j r s v t r c v p q o f".split()
ARMENIAN_OTHER = "a b g d e z e y th zh i l kh ts k h dz gh tch m y n sh o ch p j rr s v t r ts v ph k o f".split()
AZERBAIJANI = "əıöüğşç"
PLAIN = "e i o u g s c".split()
TURNED = "e i o u gh w ch".split()
CYRILLIC = dict(zip("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз", strict=True))


def spelled(text: str, letters: str, latin: list[str]) -> str:
    return "".join(dict(zip(letters, latin, strict=True)).get(letter, letter) for letter in text)


def armenian(text: str, latin: list[str]) -> str:
    text = re.sub("[՛՜՞]", "", text).lower().replace("ու", "u").replace("և", "ev")
    return spelled(re.sub(r"\bո", "vo", text), ARMENIAN, latin)


def agreement(native: list[str], typed: list[str], language: str) -> float:
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


@pytest.mark.parametrize("latin", [NATIONAL, KEYBOARD, CHAT])
def test_georgian_in_latin_letters_folds_alike(shipped: Folder, latin: list[str]) -> None:
    native = words(shipped, "ka", "[ა-ჰ]{2,}")
    assert agreement(native, [spelled(word, GEORGIAN, latin) for word in native], "ka") >= 0.97


def test_georgian_capitals_and_a_missed_shift_fold_alike(shipped: Folder) -> None:
    native = words(shipped, "ka", "[ა-ჰ]{2,}")
    assert agreement(native, [word.upper() for word in native], "ka") == 1
    missed = str.maketrans("თშჟძჭჩ", "ტსჯზწც")
    assert agreement(native, [word.translate(missed) for word in native], "ka") >= 0.97


@pytest.mark.parametrize("latin", [ARMENIAN_CHAT, ARMENIAN_OTHER])
def test_armenian_in_latin_letters_folds_alike(shipped: Folder, latin: list[str]) -> None:
    native = words(shipped, "hy", "[ա-ևԱ-Ֆ՛՜՞]{2,}")
    assert agreement(native, [armenian(word, latin) for word in native], "hy") >= 0.97


@pytest.mark.parametrize("latin", [PLAIN, TURNED])
def test_azerbaijani_without_its_letters_folds_alike(shipped: Folder, latin: list[str]) -> None:
    native = [word.lower() for word in words(shipped, "az", r"[a-zəıöüğşç]{2,}")]
    assert agreement(native, [spelled(word, AZERBAIJANI, latin) for word in native], "az") >= 0.97


def test_azerbaijani_in_cyrillic_folds_alike(shipped: Folder) -> None:
    native = words(shipped, "az", r"[a-zəıöüğşç]{2,}")
    typed = ["".join(CYRILLIC.get(letter, letter) for letter in word) for word in native]
    assert agreement(native, typed, "az") >= 0.97


@pytest.mark.parametrize(
    ("text", "language", "folded"),
    [
        ("k'argi ts'q'ali", "ka", "kargi ckali"),
        ("Tbilisi, 112!", "ka", "tbilisi 112"),
        ("damexmareT, Ramea", "ka", "damexmaret gamea"),
        ("Ինչպե՞ս", "hy", "incpes"),
        ("İŞÇİ", "az", "isci"),
        ("ﬁnance\u200b Ａ", "en", "finance a"),
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
        ("как", ("az", "hy", "ru")),
        ("rogor", UNDERSTOOD),
        ("112", UNDERSTOOD),
    ],
)
def test_letters_tell_what_a_text_may_be_read_as(text: str, languages: tuple[str, ...]) -> None:
    assert readings(text) == languages
