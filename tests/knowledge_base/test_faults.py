"""What nobody asks for, and libraries with next to nothing in them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import (
    UNDERSTOOD,
    Answered,
    Entry,
    Folder,
    Library,
    Models,
    SearchSettings,
    Stock,
    Suggested,
    Text,
    Unanswered,
    Utterance,
    render,
)
from knowledge_base.check import check
from tests.knowledge_base import examples

ROOT = Path(__file__).parents[2]
CACHE = TemporaryDirectory()
"""Apart from the models of what ships, which would make way for all these."""
SMALL = Library.build(examples.entries(), Stock(), SearchSettings())
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2069\ufeff\u00ad"
PHRASINGS = [
    (entry.id, language, phrasing)
    for entry in examples.entries()
    for language, text in entry.texts.items()
    for phrasing in text.phrasings
]
WORDS = {
    language: sorted({word for _, in_, phrasing in PHRASINGS if in_ == language for word in phrasing.split()})
    for language in UNDERSTOOD
}


def one_phrasing(phrasing: str, id_: str = "one") -> Entry:
    return Entry(id_, "all", texts={"en": Text.of(phrasings=[phrasing])})


def library_of(*entries: Entry, stock: Stock | None = None) -> Library:
    return Library.build(entries, stock or Stock(), SearchSettings(), Models(Path(CACHE.name)))


@pytest.mark.parametrize(
    "utterance",
    [
        *("", " ", "\n\n", "?", "!!!", "...", "% _ \\ <>"),
        *("ა", "a", "я", "ə", "ա", "ß", "İ", "ъ", "@", "7", "aaa", "ა ა ა"),
        *("2024", "5 000", "599 12 34 56", "+995 555 12 34 56"),
        *("😀", "😀😀😀", "🔥", "\ud800", "\u200f\u200b\u202e"),
        *("مرحبا كيف أسجل منظمة", "שלום איך רושמים עמותה", "漢字かな", "Πώς ιδρύεται σύλλογος", "สวัสดี"),
        *("qwertyuiop", "йцукен", "ჰფდსგჰ"),
    ],
)
def test_what_says_nothing_is_not_answered_and_no_crisis(library: Library, utterance: str) -> None:
    outcome = library.search(utterance)
    assert isinstance(outcome, Unanswered)
    assert outcome.reading.urgent is None


@pytest.mark.parametrize(
    "utterance",
    [
        "Wie registriere ich einen Verein?",
        "Bir dernek nasıl kurulur?",
        "Jak założyć fundację",
        "¿Dónde está la biblioteca?",
        "Comment créer une association ?",
        "Як зареєструвати громадську організацію",
    ],
)
def test_languages_that_nobody_expects_are_never_answered_for_sure(library: Library, utterance: str) -> None:
    outcome = library.search(utterance)
    assert not isinstance(outcome, Answered)
    assert outcome.reading.urgent is None


@pytest.mark.parametrize("letter", ["a", "ა ", "1", "и", "😀", "ﷺ", " ", ".", "\u0301", "ა\u0301"])
def test_a_message_of_one_letter_4096_times_is_not_answered(library: Library, letter: str) -> None:
    outcome = library.search((letter * 4096)[:4096])
    assert isinstance(outcome, Unanswered)
    assert outcome.reading.urgent is None


@given(st.text(min_size=4000, max_size=4096))
@settings(max_examples=8, deadline=None)
def test_any_long_message_has_an_outcome(utterance: str) -> None:
    assert 0 <= SMALL.search(utterance).reading.score <= 1


@given(st.sampled_from(PHRASINGS), st.lists(st.tuples(st.integers(0, 60), st.sampled_from(INVISIBLE))))
@settings(max_examples=60, deadline=None)
def test_invisible_characters_change_nothing(
    known: tuple[str, str, str], hidden: list[tuple[int, str]]
) -> None:
    _, _, phrasing = known
    typed = phrasing
    for place, character in hidden:
        typed = typed[:place] + character + typed[place:]
    assert SMALL.search(typed) == SMALL.search(phrasing)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("is а grаnt tахеd", "is a grant taxed"),
        ("kаk zapeгиcтpиpoвaть opгaнизaцию", "как зарегистрировать организацию"),
        ("кaк зapeгиcтpиpoвaть opгaнизaцию", "как зарегистрировать организацию"),
        ("təşkilаtı nеcə qеydiyуаtdаn kеçirim", "təşkilatı necə qeydiyyatdan keçirim"),
        ("ＯＰＥＮ　ＡＮ　ＮＧＯ", "open an ngo"),
        ("𝐨𝐩𝐞𝐧 𝐚𝐧 𝐧𝐠𝐨", "open an ngo"),
        ("o̶p̶e̶n̶ a̶n̶ n̶g̶o̶", "open an ngo"),
    ],
)
def test_letters_that_only_look_right_are_read_as_meant(typed: str, meant: str) -> None:
    typed_outcome, meant_outcome = SMALL.search(typed), SMALL.search(meant)
    assert typed_outcome.reading.ranked[0].entry == meant_outcome.reading.ranked[0].entry
    assert isinstance(typed_outcome, Answered)


def test_an_index_without_entries_is_silent_about_what_it_knows_of() -> None:
    stock = Stock(utterances=(Utterance("later", "open an ngo", "en"),))
    outcome = library_of(stock=stock).search("open an ngo")
    assert isinstance(outcome, Unanswered)
    assert outcome.reading.ranked == ()


@pytest.mark.parametrize("phrasing", ["open an ngo", "ngo", "o", "112", "😀", "漢字"])
def test_an_entry_with_one_phrasing_does_not_answer_all(phrasing: str) -> None:
    alone = library_of(one_phrasing(phrasing))
    assert not isinstance(alone.search("what is the weather like tomorrow"), Answered)
    assert 0 <= alone.search(phrasing).reading.score <= 1


def test_a_single_phrasing_is_answered() -> None:
    outcome = library_of(one_phrasing("open an ngo")).search("Open an NGO!")
    assert isinstance(outcome, Answered)
    assert outcome.entry == "one"


def test_two_entries_that_ask_the_same_are_both_offered_in_any_order() -> None:
    twins = one_phrasing("open an NGO!", "a-twin"), one_phrasing("Open an ngo", "b-twin")
    outcome = library_of(*twins).search("open an ngo")
    assert isinstance(outcome, Suggested)
    assert outcome.entries == ("a-twin", "b-twin")
    assert library_of(*reversed(twins)).search("open an ngo") == outcome


def test_the_check_finds_two_entries_that_ask_the_same(tmp_path: Path) -> None:
    (tmp_path / "entries" / "all").mkdir(parents=True)
    for twin in (one_phrasing("open an NGO!", "a-twin"), one_phrasing("Open an ngo", "b-twin")):
        (tmp_path / "entries" / "all" / f"{twin.id}.md").write_text(render(twin), encoding="utf-8")
    found = [finding.text for finding in check(Folder.read(tmp_path / "entries"))]
    assert '"Open an ngo" stands twice in en: here for b-twin, before for a-twin; take one out' in found


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_new_phrasing_never_lowers_its_own_entry_for_that_very_text(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(UNDERSTOOD))
    text = " ".join(data.draw(st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=5)))
    entry = data.draw(st.sampled_from(sorted(SMALL.entries)))

    def place(library: Library) -> int:
        owners = [each.owner for each in library.explain(text).candidates]
        return owners.index(entry) if entry in owners else len(library.entries)

    stock = Stock(utterances=(Utterance(entry, text, language),))
    before_learning = Library(examples.entries(), stock, SearchSettings(), Models(Path(CACHE.name)))
    assert place(before_learning) <= place(SMALL)
    assert place(library_of(*examples.entries(), stock=stock)) <= place(SMALL)


def test_the_same_search_in_another_process_comes_out_the_same(tmp_path: Path) -> None:
    folder = examples.folder(tmp_path)
    known = [phrasing for _, _, phrasing in PHRASINGS[::3]]
    texts = [*known, "ngo ngо", "petition grant tax", "", "იx", "fire!"]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)

    def answers(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "knowledge_base", "ask", "--json", "--stdin", "--entries", str(folder)],
            input=lines,
            capture_output=True,
            check=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            timeout=60,
        ).stdout

    assert len(answers("1").splitlines()) == len(texts)
    assert answers("1") == answers("2")
