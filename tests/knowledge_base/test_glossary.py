"""Words that mean the same are brought to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import Folder, Synonyms
from knowledge_base.fold import fold
from knowledge_base.glossary import Glossary

GLOSSARY = Glossary(
    [
        Synonyms("ka", ("არასამთავრობო", "ა(ა)იპ", "ენჯეო", "სსო")),
        Synonyms("ka", ("იუსტიციის სახლ", "იუსტიცი")),
        Synonyms("en", ("ngo", "non-governmental organi", "non-profit")),
    ]
)


@pytest.mark.parametrize(
    ("language", "text", "unified"),
    [
        ("ka", "ენჯეოს წესდება", "arasamtavrobos cesdeba"),
        ("ka", "ა(ა)იპ გავხსენი", "arasamtavrobo gavxseni"),
        ("ka", "იუსტიციაში და იუსტიციის სახლში", "iusticissaxlasi da iusticissaxlsi"),
        ("ka", "სსოს სსო", "sos arasamtavrobo"),
        ("en", "a non-governmental organisation", "a ngosation"),
        ("en", "our non-profit group", "our ngo group"),
        ("en", "a non governmental agency", "a non governmental agency"),
        ("az", "ngo", "ngo"),
    ],
)
def test_what_stands_for_what(language: str, text: str, unified: str) -> None:
    assert GLOSSARY.unified(fold(text, language), language) == unified


@given(st.text(alphabet="abcdino gn-pr", max_size=40))
def test_unifying_twice_changes_no_more(text: str) -> None:
    once = GLOSSARY.unified(fold(text, "en"), "en")
    assert GLOSSARY.unified(once, "en") == once


def test_no_shipped_synonym_hides_another(shipped: Folder) -> None:
    """What stands for others is found as it stands, and by no other name."""
    glossary = Glossary(shipped.stock.glossary)
    for synonyms in shipped.stock.glossary:
        first, *others = (fold(word, synonyms.language) for word in synonyms.words)
        stands_for = first.replace(" ", "")
        for word in (first, *others):
            assert glossary.unified(word, synonyms.language) == stands_for, (synonyms, word)
