import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import (
    LANGUAGES,
    UNDERSTOOD,
    DocumentError,
    Entry,
    Folder,
    Review,
    Source,
    Text,
    parse,
    render,
)

WRITTEN = """\
+++
review_in_months = 3
related = ["charter", "petition"]
urgent = false
caution = true
[updated]
en = 2026-11-22
ka = 2026-11-23
[reviewed]
en = { on = 2026-11-24, by = "N. \\"B.\\"" }
[[sources]]
title = "Civil Code of Georgia, art. 25"
url = "https://matsne.gov.ge"
[[sources]]
title = "Public Registry"
+++

# en: How do I register an NGO?

> open an ngo
> found an association

Go to a House of Justice.

1. Bring the charter.
2. Sign.

# ka: როგორ დავარეგისტრირო?

> მინდა გავხსნა

იუსტიციის სახლში მიდით.

# ru:

> открыть нко
"""


def test_a_document_becomes_an_entry() -> None:
    entry = parse(WRITTEN, id="register-ngo", category="registration")
    assert entry == Entry(
        id="register-ngo",
        category="registration",
        review_in_months=3,
        related=("charter", "petition"),
        caution=True,
        updated={"en": dt.date(2026, 11, 22), "ka": dt.date(2026, 11, 23)},
        reviewed={"en": Review(on=dt.date(2026, 11, 24), by='N. "B."')},
        sources=(
            Source("Civil Code of Georgia, art. 25", "https://matsne.gov.ge"),
            Source("Public Registry"),
        ),
        texts={
            "en": Text(
                "How do I register an NGO?",
                ("open an ngo", "found an association"),
                "Go to a House of Justice.",
                "1. Bring the charter.\n2. Sign.",
            ),
            "ka": Text("როგორ დავარეგისტრირო?", ("მინდა გავხსნა",), "იუსტიციის სახლში მიდით."),
            "ru": Text("", ("открыть нко",)),
        },
    )
    assert render(entry) == WRITTEN


def test_a_document_may_hold_phrasings_only() -> None:
    entry = parse("# ka:\n> როგორ\n\n# az:\n> necə\n", id="one", category="all")
    assert entry.texts == {"ka": Text("", ("როგორ",)), "az": Text("", ("necə",))}


def test_carelessly_typed_documents_mean_the_same() -> None:
    careless = "\ufeff" + WRITTEN.replace("\n", "  \r\n").replace("> open an ngo", ">open  an ngo").replace(
        "# ka:", "#ka :"
    )
    assert parse(careless, id="a", category="b") == parse(WRITTEN, id="a", category="b")


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    document = WRITTEN.replace("= 3", '= "soon"').replace("caution = true", "caution = 1\ncolour = 2")
    document = document.replace("en = 2026-11-22", 'en = "today"').replace("# ru:", "# xx:")
    document = document.replace('title = "Public Registry"', 'name = "Public Registry"') + "\n# en: again\n"
    with pytest.raises(DocumentError) as raised:
        parse(document, id="a", category="b")
    lines = document.splitlines()
    told = {(lines[mistake.line - 1].split(" =")[0], mistake.text) for mistake in raised.value.mistakes}
    assert told == {
        ("review_in_months", "review_in_months is a number of months, such as 6"),
        ("caution", "caution is true or false"),
        (
            "colour",
            (
                "colour is not known here; the keys are "
                "review_in_months, related, urgent, caution, updated, reviewed, sources"
            ),
        ),
        ("en", "updated.en is a day, such as 2026-11-22"),
        ("[[sources]]", 'each [[sources]] has a title = "…" and may have a url = "https://…"'),
        ("# xx:", 'this heading names no language; write one of "# en:" "# ka:" "# az:" "# hy:" "# ru:"'),
        ("# en: again", 'a second "# en:"; put everything under the first'),
    }


@pytest.mark.parametrize(
    ("document", "line", "words"),
    [
        ("+++\nurgent = \n+++\n", 2, "this is not TOML: Invalid value"),
        ("+++\nurgent = true\n", 1, "the table that this +++ opens is never closed; add a line +++ after it"),
        ("words\n# en: a\n", 1, 'this stands before the first heading; begin with "# en: …"'),
    ],
)
def test_a_mistake_is_told_in_plain_words(document: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as raised:
        parse(document, id="a", category="b")
    assert [(mistake.line, mistake.text) for mistake in raised.value.mistakes] == [(line, words)]


def test_shipped_documents_are_canonical(shipped: Folder) -> None:
    for id_, path in shipped.documents.items():
        assert path.read_text(encoding="utf-8") == render(shipped.entries[id_]), path


LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ANSWERS = st.lists(LINES | st.sampled_from(["", "# en: x", "> y", "\\z", "+++", "1. a"]), max_size=8).map(
    "\n".join
)
TEXTS = st.builds(Text.of, LINES, st.lists(LINES, max_size=3), ANSWERS)
DAYS = st.dates()
NAMES = LINES.filter(str.strip)
ENTRIES = st.builds(
    Entry,
    id=st.just("one"),
    category=st.just("all"),
    review_in_months=st.integers(1, 99),
    related=st.lists(LINES, max_size=2).map(tuple),
    urgent=st.booleans(),
    caution=st.booleans(),
    updated=st.dictionaries(st.sampled_from(LANGUAGES), DAYS),
    reviewed=st.dictionaries(st.sampled_from(LANGUAGES), st.builds(Review, DAYS, NAMES)),
    sources=st.lists(st.builds(Source, NAMES, st.none() | LINES), max_size=2).map(tuple),
    texts=st.dictionaries(st.sampled_from(UNDERSTOOD), TEXTS),
)


@given(ENTRIES)
def test_what_is_rendered_is_parsed_to_the_same(entry: Entry) -> None:
    assert parse(render(entry), id=entry.id, category=entry.category) == entry
