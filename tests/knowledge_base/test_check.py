import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge_base import LANGUAGES, Entry, Folder, Source, Text, render
from knowledge_base.check import check
from knowledge_base.proofreading import mistakes

ALPHABETS = {
    "en": "abcdefghijklmno",
    "ka": "აბგდევზთიკლმნოპ",
    "az": "abcçdeəfgğhxıij",
    "hy": "աբգդեզէթժիլխծկհ",
    "ru": "абвгдежзиклмноп",
}
SHORT = {"en": "Go there.", "ka": "მიდით იქ.", "az": "Ora gedin.", "hy": "Գնացեք այնտեղ։"}


def text(language: str) -> Text:
    letters = ALPHABETS[language]
    phrasings = [
        f"{letter * 2}{letters[(n + 1) % 15]}{letters[(n + 7) % 15]}" for n, letter in enumerate(letters)
    ]
    return (
        Text.of(SHORT[language], phrasings, SHORT[language])
        if language in SHORT
        else Text.of(phrasings=phrasings)
    )


URGENT = """\
[[rule]]
entry = "none"
en = ["of", "house fire"]
[[rule]]
entry = "one"
xx = ["fire"]
"""
GLOSSARY = """\
[[term]]
en = 3
[[term]]
en = ["appeal", "Petition!", "a"]
[[term]]
en = ["petition", "signatures"]
"""
ASKED = "expect\tlang\tform\tquery\n"
CATEGORIES = """\
[[category]]
id = "every"
entries = ["one"]
[category.name]
en = "All"
[category.about]
[[category]]
id = "x"
"""
SOURCES = """\
[[source]]
en = "Law"
ka = "კანონი"
az = "Qanun"
[[source]]
en = "Decree"
ka = "განკaრგულება"
az = "Fərman"
hy = "Հրամանագիր"
[[source]]
ka = "ბრძანება"
"""
SOUND = Entry(
    id="one",
    category="all",
    updated=dict.fromkeys(LANGUAGES, dt.date(2026, 11, 22)),
    sources=(Source("Law"),),
    texts={language: text(language) for language in ALPHABETS},
)


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    path = tmp_path / "entries"
    (path / "all").mkdir(parents=True)
    (path / "all" / "one.md").write_text(render(SOUND), encoding="utf-8")
    return path


def found(path: Path) -> list[str]:
    return [
        f"{finding.path.relative_to(path.parent)}:{finding.line}: {finding.text}"
        for finding in check(Folder.read(path))
    ]


def found_in(path: Path, entry: Entry) -> list[str]:
    (path / "all" / "one.md").write_text(render(entry), encoding="utf-8")
    return [finding.text for finding in check(Folder.read(path))]


def with_text(language: str, **changes: object) -> Entry:
    return replace(SOUND, texts={**SOUND.texts, language: replace(SOUND.texts[language], **changes)})


def test_a_sound_knowledge_base_has_no_findings(knowledge: Path) -> None:
    assert found(knowledge) == []


def test_a_folder_without_documents_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (replace(SOUND, sources=()), "no source; add [[sources]] with a title"),
        (
            replace(SOUND, related=("two",)),
            "related: there is no other entry two; mend the id or take it out",
        ),
        (replace(SOUND, updated={}), "[updated] lacks ka; add the day this text was last changed"),
        (with_text("ka", title=""), 'the question is missing; write it after "# ka:"'),
        (with_text("ka", short=""), "the short answer in ka is missing; write it as the first paragraph"),
        (with_text("ka", short="ა" * 401), "the short answer has 401 characters; at most 400 are read"),
        (with_text("ka", title="ა" * 101), "the question has 101 characters; at most 100 fit"),
        (
            with_text("ka", more="\n".join(["კარგი სიტყვა"] * 300)),
            "title, answer and sources have 3926 characters; at most 3600 fit one message",
        ),
        (with_text("ka", phrasings=()), "ka has 0 phrasings; write at least 10"),
        (with_text("ru", phrasings=()), "ru has 0 phrasings; write at least 5"),
        (with_text("ru", short="Да"), "ru has phrasings only; take out its title and answer"),
        (
            with_text("hy", short="Go there."),
            "a text in hy mostly in Latin letters; is it in the right place?",
        ),
        (
            with_text("ka", phrasings=(*SOUND.texts["ka"].phrasings, "как")),
            "nobody types ka in Cyrillic letters; is it in the right place?",
        ),
        (
            with_text("ka", phrasings=(*SOUND.texts["ka"].phrasings, "აabc")),
            '"აabc" mixes Georgian and Latin letters; type it again in one alphabet',
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(knowledge: Path, entry: Entry, words: str) -> None:
    assert words in found_in(knowledge, entry)


def test_a_missing_language_is_said(knowledge: Path) -> None:
    texts = {language: one for language, one in SOUND.texts.items() if language != "az"}
    assert '"# az:" is missing; write this language' in found_in(knowledge, replace(SOUND, texts=texts))


def test_findings_say_where(knowledge: Path) -> None:
    document = knowledge / "all" / "one.md"
    written = document.read_text(encoding="utf-8").replace("> ააბთ", "> ааб")
    document.write_text(written + "\n", encoding="utf-8")
    line = written.splitlines().index("> ааб") + 1
    assert found(knowledge) == [
        "entries/all/one.md:1: not in canonical form; run: python -m knowledge_base format",
        f"entries/all/one.md:{line}: nobody types ka in Cyrillic letters; is it in the right place?",
    ]


def test_a_broken_document_is_said_with_the_rest(knowledge: Path) -> None:
    (knowledge / "all" / "two.md").write_text("# xx:\n", encoding="utf-8")
    (knowledge / "all" / "three.md").write_bytes(b"\xff")
    assert [line.split(": ")[0] for line in found(knowledge)][:2] == [
        "entries/all/three.md:1",
        "entries/all/two.md:1",
    ]


def test_texts_that_stand_twice_are_said_however_spelled(knowledge: Path) -> None:
    def longer(text: Text, *more: str) -> Text:
        return replace(
            text, phrasings=(*(f"{phrasing} {phrasing[::-1]}" for phrasing in text.phrasings), *more)
        )

    texts = {language: longer(text) for language, text in SOUND.texts.items()}
    texts["ka"] = longer(SOUND.texts["ka"], "aabt!")
    written = render(replace(SOUND, id="two", texts=texts))
    (knowledge / "all" / "two.md").write_text(written, encoding="utf-8")
    line = written.splitlines().index("> aabt!") + 1
    assert found(knowledge) == [
        f'entries/all/two.md:{line}: "aabt!" stands twice in ka: here for two, before for one; take one out'
    ]


def test_the_files_beside_the_entries_are_checked(knowledge: Path) -> None:
    beside = {
        "utterances/en.tsv": "one\tnew words\nnone\tother words\nno tab\n",
        "utterances/xx.tsv": "",
        "negatives/en.tsv": "far\tweather report\nsmalltalk:joke\tha ha\nnear\tnew words\n",
        "crises/en.tsv": "none\thelp me\n-\thelp me with this form\n",
        "urgent.toml": URGENT,
        "categories.toml": CATEGORIES,
        "glossary.toml": GLOSSARY,
        "evaluation/asked.tsv": ASKED + "one\ten\tplain\tHelp me with this Form?\n",
        "trials/en.tsv": ASKED + "one\taz\tplain\tabc\none\ten\tplain\tthis form, help me with\n",
    }
    for name, written in beside.items():
        (knowledge.parent / name).parent.mkdir(exist_ok=True)
        (knowledge.parent / name).write_text(written, encoding="utf-8")
    all_found = found(knowledge)
    for expected in [
        "entries/all/one.md:1: there is no category all in categories.toml; move the file or add it there",
        "utterances/en.tsv:2: there is no entry none; mend the id or take the line out",
        "utterances/en.tsv:3: a line is: entry id, one tab, text",
        (
            "crises/en.tsv:1: there is no entry none; "
            "mend the id, or write - for what only looks like a crisis"
        ),
        "utterances/xx.tsv:1: the file's name is no language; the languages are en, ka, az, hy, ru",
        (
            'negatives/en.tsv:3: "new words" stands twice in en: '
            "here for negatives: near, before for one; take one out"
        ),
        'urgent.toml:2: "of" (en) is too short; it would be found everywhere',
        "urgent.toml:2: there is no entry none; mend the id or take the rule out",
        'urgent.toml:4: a [[rule]] has entry = "<id>", lists of strings ka az hy ru en, and a list unless',
        "categories.toml:2: every: it has no entry one; mend the id or take it out",
        "categories.toml:2: every: [category.name] lacks ka",
        "categories.toml:2: every: [category.about] lacks en",
        "categories.toml:7: a [[category]] has id, entries (a list), [category.name] and [category.about]",
        'glossary.toml:1: a [[term]] has lines such as en = ["ngo", "nnle"]',
        'glossary.toml:6: "petition" (en) stands in the term of "appeal" too; it can mean only one',
        'glossary.toml:4: "a" (en) is too short; take it out',
        "trials/en.tsv:2: lang is az; the file is for en",
        (
            'crises/en.tsv:2: "help me with this form" is a question of evaluation/, or nearly; '
            "that measures us, so take it out here"
        ),
    ]:
        assert expected in all_found
    assert not any("this form, help me with" in line for line in all_found)
    assert any(
        line.startswith("negatives/en.tsv:2: smalltalk:joke is no kind; the kinds are ") for line in all_found
    )


def test_every_source_has_a_name_in_every_language(knowledge: Path) -> None:
    cited = replace(SOUND, id="two", sources=(Source("Law"), Source("Order")))
    (knowledge / "all" / "two.md").write_text(render(cited), encoding="utf-8")
    assert not any("name" in line for line in found(knowledge))
    (knowledge.parent / "sources.toml").write_text(SOURCES, encoding="utf-8")
    assert [line for line in found(knowledge) if "source" in line] == [
        "entries/all/two.md:14: sources.toml does not name “Order” in the other languages; add a [[source]]",
        "sources.toml:2: “Law” has no name in hy",
        'sources.toml:6: "განკaრგულება" mixes Georgian and Latin letters; type it again in one alphabet',
        "sources.toml:6: no document rests on “Decree”; take it out",
        "sources.toml:10: a [[source]] has en (its title in the documents), ka, az and hy",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "**Bold** and a [link](https://napr.gov.ge/a_b*c).",
        "1. First",
        "- Second, see https://my.gov.ge and info@legalaid.ge",
        "Call 112 or 116 006, +995 (32) 2 92 00 55, (032) 2 299 299.",
        "By 2026-11-22, 100 000 GEL, 1,500 GEL, art. 25, №219 (2013), 2025-2026, in 30 days, {answer_time}.",
        "Write „გთხოვთ“ and ქართული, Հայերեն.",
    ],
)
def test_good_text_passes(text: str) -> None:
    assert list(mistakes(text, "en")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a *word*", "this holds a single * or an unclosed **; bold is **words**, lists begin with - or 1."),
        ("an _emphasis_", "this holds an underline; the only emphasis is **bold**"),
        ("<b>bold</b>", "this holds an HTML tag; write plain text"),
        ("• item", "this holds a list whose lines do not begin with - or 1."),
        ("[words](http://a.ge)", "the link http://a.ge does not begin with https://"),
        ("[words]", "this holds a picture or a broken link; a link is [words](https://…)"),
        (
            "open {today}",
            (
                "{today} is not filled in by the hotline; "
                "it knows {hours}, {answer_time}, {question_days}, {ticket_days}, {sent_days}"
            ),
        ),
        ("a { alone", "a { or } alone; they only stand round a placeholder"),
        (
            "call 599 12 34 56",
            "the phone number 599 12 34 56 is not in numbers.toml; make sure of it and add it there",
        ),
        ("call 1499", "the phone number 1499 is not in numbers.toml; make sure of it and add it there"),
        ("ехать", '"ехать" has Cyrillic letters in a text in en; mend it'),
    ],
)
def test_bad_text_is_said(text: str, words: str) -> None:
    assert list(mistakes(text, "en")) == [words]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ka", "ნახეთ the Charter", '"the" is English in a text in ka; translate it'),
        ("az", "Call edin", '"Call" is English in a text in az; translate it'),
        ("ka", "დარეკე 112", '"დარეკე" speaks to a friend; everywhere else the reader is addressed politely'),
        ("az", "Bilərsən", '"Bilərsən" speaks to a friend; everywhere else the reader is addressed politely'),
        (
            "hy",
            "քո կազմակերպությունը",
            '"քո" speaks to a friend; everywhere else the reader is addressed politely',
        ),
    ],
)
def test_foreign_and_familiar_words_are_said(language: str, text: str, words: str) -> None:
    assert list(mistakes(text, language)) == [words]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ka", "„შენ ვინ ხარ?“ – ნახეთ [the page](https://rs.ge/the) ან write@of.ge"),
        ("az", "Əsasən insan canını qoruyur, not götürür; «sən» deməyin"),
        ("hy", "«դու» մի՛ ասեք"),
        ("ka", "თითო 1 500 ლარის ოდენობით"),
        ("az", "hər biri 1500 lari"),
    ],
)
def test_quoted_and_common_words_pass(language: str, text: str) -> None:
    assert list(mistakes(text, language)) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Apply by 1 December 2026."),
        ("ka", "მიმართეთ 2026 წლის 1 დეკემბრამდე."),
        ("az", "2026-cı il dekabrın 1-dək müraciət edin."),
        ("hy", "Դիմեք մինչև 2026 թվականի դեկտեմբերի 1-ը։"),
    ],
)
def test_a_date_that_has_passed_since_is_said(knowledge: Path, language: str, text: str) -> None:
    entry = with_text(language, more=f"{text}\n\n2022-01-01")
    (knowledge / "all" / "one.md").write_text(render(entry), encoding="utf-8")
    folder = Folder.read(knowledge)
    assert [one.text for one in check(folder, dt.date(2026, 12, 1))] == []
    assert [one.text for one in check(folder, dt.date(2026, 12, 2))] == [
        "2026-12-01 has passed since this was written; bring it up to date"
    ]


def test_an_amount_of_last_year_is_said(knowledge: Path) -> None:
    entry = with_text("ka", more="2026 წელს 370 ლარია, 2022 წელს 300 ლარი იყო.\n\n2026 წლის წესები.")
    (knowledge / "all" / "one.md").write_text(render(entry), encoding="utf-8")
    folder = Folder.read(knowledge)
    assert check(folder, dt.date(2026, 12, 31)) == []
    assert [one.text for one in check(folder, dt.date(2027, 1, 1))] == [
        "an amount of 2026, and that year is over; bring it up to date"
    ]
