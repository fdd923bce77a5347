import pytest

from knowledge_base import Folder, Library, SearchSettings, Stock
from tests.knowledge_base import examples

EMPTY = Library.build([], Stock(), SearchSettings())
SMALL = Library.build(examples.entries(), Stock(), SearchSettings())


@pytest.mark.parametrize("library", [EMPTY, SMALL])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("როგორ არის", "ka"),
        ("rogor gavaketo da sad mivide", "ka"),
        ("sad aris es, ver gavige", "ka"),
        ("necə edim, harada", "az"),
        ("nece edim, bu harada olar", "az"),
        ("ինչպես անել", "hy"),
        ("inchpes anel, vortegh karogh em", "hy"),
        ("как это сделать", "ru"),
        ("how can we do that", "en"),
        ("мән тәшкилат үчүн", "az"),
        ("NGO-ს როგორ", "ka"),
        ("112", None),
        ("😀", None),
        ("", None),
        ("漢字", None),
    ],
)
def test_language_is_told_by_the_text(library: Library, text: str, language: str | None) -> None:
    assert library.search(text).reading.language == language


def test_the_chosen_language_counts_where_the_text_leaves_it_open() -> None:
    assert EMPTY.search("salam", "az").reading.language == "az"
    assert EMPTY.search("როგორ", "az").reading.language == "ka"


def test_the_language_of_shipped_phrasings_is_told(shipped: Folder, library: Library) -> None:
    asked = [(one.text, one.language) for one in shipped.stock.utterances][::5]
    right = [library.search(text).reading.language == language for text, language in asked]
    assert sum(right) / len(right) >= 0.97
