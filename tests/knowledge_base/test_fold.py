import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import UNDERSTOOD, Folder
from knowledge_base.fold import fold, readings

# Letters, each followed by what people type for it.
NATIONAL = (
    "აa ბb გg დd ეe ვv ზz თt იi კk' ლl მm ნn ოo პp' ჟzh რr სs ტt' უu ფp ქk ღgh ყq' შsh ჩch "
    "ცts ძdz წts' ჭch' ხkh ჯj ჰh"
)
KEYBOARD = (
    "აa ბb გg დd ეe ვv ზz თT იi კk ლl მm ნn ოo პp ჟJ რr სs ტt უu ფf ქq ღR ყy შS ჩC ცc ძZ წw ჭW ხx ჯj ჰh"
)
CHAT = (
    "აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟzh რr სs ტt უu ფf ქq ღg ყy შsh ჩch ცc ძdz წw ჭch ხx ჯj ჰh"
)
ARMENIAN_CHAT = (
    "աa բb գg դd եe զz էe ը@ թt ժzh իi լl խx ծc կk հh ձdz ղgh ճch մm յy նn շsh ոo չch պp "
    "ջj ռr սs վv տt րr ցc ւv փp քq օo ֆf"
)
ARMENIAN_OTHER = (
    "աa բb գg դd եe զz էe ըy թth ժzh իi լl խkh ծts կk հh ձdz ղgh ճtch մm յy նn շsh ոo չch "
    "պp ջj ռrr սs վv տt րr ցts ւv փph քk օo ֆf"
)
PLAIN = "əe ıi öo üu ğg şs çc"
TURNED = "əe ıi öo üu ğgh şw çch"
CYRILLIC = "aа bб cҹ çч dд eе əә fф gҝ ğғ hһ xх ıы iи jж kк qг lл mм nн oо öө pп rр sс tт uу üү vв yј zз şш"


def spelled(text: str, habit: str) -> str:
    typed = {pair[0]: pair[1:] for pair in habit.split()}
    return "".join(typed.get(letter, letter) for letter in text)


def armenian(text: str, habit: str) -> str:
    text = re.sub("[՛՜՞]", "", text).lower().replace("ու", "u").replace("և", "ev")
    return spelled(re.sub(r"\bո", "vo", text), habit)


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


@pytest.mark.parametrize("habit", [NATIONAL, KEYBOARD, CHAT])
def test_georgian_in_latin_letters_folds_alike(shipped: Folder, habit: str) -> None:
    native = words(shipped, "ka", "[ა-ჰ]{2,}")
    assert agreement(native, [spelled(word, habit) for word in native], "ka") >= 0.97


def test_georgian_capitals_and_a_missed_shift_fold_alike(shipped: Folder) -> None:
    native = words(shipped, "ka", "[ა-ჰ]{2,}")
    assert agreement(native, [word.upper() for word in native], "ka") == 1
    missed = str.maketrans("თშჟძჭჩ", "ტსჯზწც")
    assert agreement(native, [word.translate(missed) for word in native], "ka") >= 0.97


@pytest.mark.parametrize("habit", [ARMENIAN_CHAT, ARMENIAN_OTHER])
def test_armenian_in_latin_letters_folds_alike(shipped: Folder, habit: str) -> None:
    native = words(shipped, "hy", "[ա-ևԱ-Ֆ՛՜՞]{2,}")
    assert agreement(native, [armenian(word, habit) for word in native], "hy") >= 0.97


@pytest.mark.parametrize("habit", [PLAIN, TURNED])
def test_azerbaijani_without_its_letters_folds_alike(shipped: Folder, habit: str) -> None:
    native = [word.lower() for word in words(shipped, "az", r"[a-zəıöüğşç]{2,}")]
    assert agreement(native, [spelled(word, habit) for word in native], "az") >= 0.97


def test_azerbaijani_in_cyrillic_folds_alike(shipped: Folder) -> None:
    native = words(shipped, "az", r"[a-zəıöüğşç]{2,}")
    assert agreement(native, [spelled(word, CYRILLIC) for word in native], "az") >= 0.97


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
