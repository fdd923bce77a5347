"""Any way of typing finds the right entry."""

import re
from random import Random

import pytest

from knowledge_base import Folder, Library
from tests.knowledge_base.habits import Habit, habits

HABITS = habits()
NATIVE = {
    "en": re.compile("[a-z]"),
    "ka": re.compile("[ა-ჰ]"),
    "az": re.compile("[a-zəıöüğşç]"),
    "hy": re.compile("[ա-և]"),
    "ru": re.compile("[а-я]"),
}
ASKED = 60


@pytest.fixture(scope="module")
def asked(shipped: Folder) -> dict[str, list[tuple[str, str]]]:
    """For each language some of the shipped phrasings in its own letters, and whose they are."""
    chance = Random(1)
    return {
        language: chance.sample(
            [
                (phrasing, entry.id)
                for entry in shipped.entries.values()
                for phrasing in entry.texts[language].phrasings
                if len(letters.findall(phrasing)) > len(phrasing) * 0.6
            ],
            ASKED,
        )
        for language, letters in NATIVE.items()
    }


@pytest.mark.parametrize(("language", "habit"), HABITS.values(), ids=HABITS)
def test_the_right_entry_is_first_however_it_is_typed(
    asked: dict[str, list[tuple[str, str]]], library: Library, language: str, habit: Habit
) -> None:
    wrong = [
        habit(text)
        for text, entry in asked[language]
        if [match.entry for match in library.search(habit(text)).reading.ranked[:1]] != [entry]
    ]
    assert len(wrong) <= ASKED * 0.1, wrong


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("на грант გადასახადი უნდა?", "grant-tax"),
        ("hello, გრანტი is taxed?", "grant-tax"),
        ("ՀԿ-ի grant-ը հարկվում ա?", "grant-tax"),
        ("qrant vergi надо платить?", "grant-tax"),
        ("grant-ze nalogi unda?", "grant-tax"),
        ("petitsia როგორ შევიტანო", "petition"),
        ("NGO գրանցել ինչ document-ներ են պետք", "registration-documents"),
        ("QHT açmaq istəyirəm, какие документы нужны", "registration-documents"),
    ],
)
def test_languages_are_mixed_in_one_message(library: Library, text: str, entry: str) -> None:
    assert library.search(text).reading.ranked[0].entry == entry


@pytest.mark.parametrize("word", ["პეტიცია", "peticia", "petition", "петиция", "petisiya", "հանրագիր"])
def test_one_word_may_be_enough(library: Library, word: str) -> None:
    assert library.search(word).reading.ranked[0].entry == "petition"
