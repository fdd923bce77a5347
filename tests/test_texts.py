"""Everything people read: complete, sound and used, in each language."""

import ast
import asyncio
import html
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import buttons, entries, values
from bot.config import ROOT, load
from bot.entries import Shelf
from bot.languages import DEFAULT, FALLBACKS, LANGUAGES
from bot.model import TOPICS, Announce, Answer, Button, Buttons, Event, Role, TicketState
from bot.places import MUNICIPALITIES, NAMES, REGION_OF, REGIONS
from bot.sandbox.entities import parse_html, utf16_length
from bot.storage.migrate import open_database
from bot.storage.seal import Vault
from bot.texts import FOLDER as TEXTS
from bot.texts import catalogue
from handlers.telegram.profile import COMMANDS
from handlers.telegram.views import Views
from knowledge_base.stock import SMALL_TALK
from tests.story import FOLDER, KEY

KEYS = sorted(catalogue())
PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
# Letters that only one of our languages is written with.
LETTERS = {
    "ka": re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]"),
    "az": re.compile("[əğışƏĞİŞ]"),
    "hy": re.compile("[\u0530-\u058f]"),
}
CYRILLIC = re.compile("[\u0400-\u04ff]")
LATIN = re.compile("[A-Za-z]{2,}")
# Keys whose end is known only at run time, by their beginning, with all the ends there are.
DYNAMIC = {
    "command_": COMMANDS,
    "language_": LANGUAGES,
    "role_": tuple(Role),
    "smalltalk_": SMALL_TALK,
    "state_": tuple(TicketState),
    "topic_": TOPICS,
}
# Beginnings of f-strings that name no text.
NO_TEXTS = {"name_"}


def test_keys_are_written_in_one_file_only() -> None:
    found = [key for path in TEXTS.glob("*.toml") for key in tomllib.loads(path.read_text("utf-8"))]
    assert sorted(found) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_text_has_all_languages_and_says_something(key: str) -> None:
    assert set(catalogue()[key]) == set(LANGUAGES)
    for text in catalogue()[key].values():
        assert text.strip() == text != ""


@pytest.mark.parametrize("key", KEYS)
def test_languages_agree_in_placeholders_and_markup(key: str) -> None:
    texts = catalogue()[key]
    for language in LANGUAGES:
        assert sorted(PLACEHOLDER.findall(texts[language])) == sorted(PLACEHOLDER.findall(texts["en"])), (
            language
        )
        assert sorted(TAG.findall(texts[language])) == sorted(TAG.findall(texts["en"])), language


@pytest.mark.parametrize("key", KEYS)
def test_text_is_html_that_telegram_takes(key: str) -> None:
    for text in catalogue()[key].values():
        shown = parse_html(text).text
        assert shown == html.unescape(TAG.sub("", text))
        assert "<" not in shown


@pytest.mark.parametrize("key", KEYS)
def test_text_is_written_in_its_own_script(key: str) -> None:
    if key == "language_name":
        return
    texts = catalogue()[key]
    for language, text in texts.items():
        words = TAG.sub("", PLACEHOLDER.sub("", text))
        words = re.sub(r"/\w+|https?://\S+", "", words)
        words = re.sub(r"\([A-Za-z ]+\)", "", words)  # what Telegram calls a setting, beside our word for it
        foreign = [other for other in LETTERS if other != language and LETTERS[other].search(words)]
        assert not foreign, (language, foreign)
        assert not CYRILLIC.search(words), language
        if language in {"ka", "hy"}:
            assert not LATIN.search(words), language
            spoken = any(character.isalpha() for character in TAG.sub("", PLACEHOLDER.sub("", texts["en"])))
            assert not spoken or LETTERS[language].search(words), language


def test_labels_and_commands_are_short_enough() -> None:
    plain = {
        key: [html.unescape(TAG.sub("", PLACEHOLDER.sub("", text))) for text in catalogue()[key].values()]
        for key in KEYS
    }
    for key, texts in plain.items():
        for text in texts:
            assert not key.startswith("button_") or len(text) <= 40, (key, text)
            assert not key.startswith("command_") or 1 <= len(text) <= 256, (key, text)
    assert all(len(text) <= 512 for text in plain["description"])
    assert all(len(text) <= 120 for text in plain["short_description"])
    for key in (error.key for error in refusals()):  # shown as toasts
        assert all(len(text) <= 200 for text in plain[key]), key


def refusals() -> Iterator[type]:
    from bot.errors import HotlineError

    yield HotlineError
    yield from HotlineError.__subclasses__()


def sources() -> list[Path]:
    found = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    return [path for path in found if "sandbox" not in path.parts and "migrations" not in path.parts]


def literals(path: Path) -> Iterator[tuple[str, int]]:
    """String literals, but no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value, node.lineno


def beginnings(path: Path) -> Iterator[str]:
    """What f-strings begin with that look like the key of a text: `topic_` of f"topic_{topic}"."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
            first, second = node.values
            word = first.value if isinstance(first, ast.Constant) else ""
            if isinstance(second, ast.FormattedValue) and re.fullmatch(r"[a-z]+_", str(word)):
                yield str(word)


def test_dynamic_keys_are_those_we_know() -> None:
    assert {each for path in sources() for each in beginnings(path)} == set(DYNAMIC) | NO_TEXTS


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    dynamic = {f"{beginning}{end}" for beginning, ends in DYNAMIC.items() for end in ends}
    assert dynamic <= set(KEYS)
    written = {literal for path in sources() for literal, _ in literals(path)}
    assert set(KEYS) - dynamic - written == set()
    beginning = tuple(DYNAMIC)
    named = {word for word in written if word.startswith(beginning) and re.fullmatch(r"[a-z]+_[a-z_]+", word)}
    assert named - set(KEYS) <= {"language_name"} | {f"{column}_id" for column in ("topic", "state")}


def calls() -> Iterator[tuple[str, str]]:
    """The text keys that the code gives to what says, edits, refuses or labels something."""
    places = {
        "say": 2, "tell_admins": 1, "Say": 0, "Edit": 0, "OpenThread": 0, "RenameThread": 0, "Button": 0,
        "_one": 0, "_raw": 0, "_plain": 0, "term": 0, "lines": 0, "label": 0, "text": 0,
        "_say": 2, "_tell_consultant": 3, "refuse": 2,
    }  # fmt: skip
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if "storage" in path.parts or not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            index = places.get(name)
            if index is None or len(node.args) <= index:
                continue
            key = node.args[index]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, f"{path.name}:{node.lineno}"


def test_every_key_that_is_said_exists() -> None:
    said = dict(calls())
    assert len(said) > 60
    assert {key: where for key, where in said.items() if key not in KEYS} == {}
    assert {error.key for error in refusals()} <= set(KEYS)


def test_no_wording_in_the_code() -> None:
    found = [
        f"{path.name}:{line}: {literal}"
        for path in sources()
        for literal, line in literals(path)
        if any(letters.search(literal) for letters in LETTERS.values())
    ]
    assert found == []


def test_places_are_complete() -> None:
    assert REGIONS == ("kvemo-kartli", "samtskhe-javakheti", "imereti", "elsewhere")
    assert {region: len(held) for region, held in MUNICIPALITIES.items()} == {
        "kvemo-kartli": 7,
        "samtskhe-javakheti": 6,
        "imereti": 12,
        "elsewhere": 0,
    }
    assert len(REGION_OF) == 25
    assert set(NAMES) == set(REGIONS) | set(REGION_OF)
    for place, names in NAMES.items():
        assert re.fullmatch(r"[a-z-]+", place)
        assert set(names) == set(LANGUAGES)
        assert LETTERS["ka"].search(names["ka"])
        assert LETTERS["hy"].search(names["hy"])
        assert not any(letters.search(names["en"]) for letters in LETTERS.values())
        assert not any(LETTERS[other].search(names["az"]) for other in ("ka", "hy"))
    for language in LANGUAGES:
        shown = [names[language] for names in NAMES.values()]
        assert len(set(shown)) == len(shown)


def test_each_language_has_the_others_to_fall_back_on() -> None:
    assert {language: {language, *others} for language, others in FALLBACKS.items()} == {
        language: set(LANGUAGES) for language in LANGUAGES
    }


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Views:
    """The views over the shipped entries."""
    config, _ = load({})
    folder = tmp_path_factory.mktemp("views")

    async def shelf() -> Shelf:
        async with open_database(f"sqlite+aiosqlite:///{folder / 'hotline.db'}", Vault(KEY)) as database:
            now = datetime.now(UTC)
            await database.write(lambda tx: entries.import_folder(tx, FOLDER, now=now))
            filled = Shelf(database, config.search, FOLDER)
            await filled.refresh()
            return filled

    return Views(config, asyncio.run(shelf()))


NOW = datetime(2026, 11, 28, 14, tzinfo=UTC)
TITLE = {"ka": "ფორუმი <1>", "az": "Forum & <1>", "hy": "Ֆորում", "en": "Forum"}
# What stands in for each placeholder; what comes from people may hold anything.
PLAUSIBLE = {
    "about": values.about("registration"),
    "answer_by": values.moment(NOW),
    "category": values.category("registration"),
    "date": values.day(NOW),
    "day": values.day(NOW),
    "entries": values.questions(["petition", "register-ngo"]),
    "events": values.titles([TITLE, TITLE], none="none_held"),
    "hours": values.hours(),
    "language": values.term("language_ka"),
    "matches": values.lines("card_match", [{"title": values.entry("register-ngo")}]),
    "place": values.place("kvemo-kartli", "marneuli"),
    "rights": values.term("right_manage_topics"),
    "role": values.term("role_admin"),
    "rows": values.lines("gaps_row", [{"day": values.day(NOW), "language": "az", "text": "<b>{x}"}]),
    "seats": values.seats(3),
    "starts": values.moment(NOW),
    "state": values.term("state_new"),
    "ticket": "#12",
    "title": values.each(TITLE),
    "topic": values.term("topic_forums"),
    "topics": values.terms(["topic_forums", "topic_news"], none="none_held"),
}  # fmt: skip
NUMBERS = {"number": 12, "questions": 3, "days": 1}
FREE = {"question": "1 < 2 & <b>", "text": "1 < 2 & <b>", "from": "10:00", "until": "18:00", "by": "N. B."}
SOURCES = {"sources": "Civil Code", "value": values.entry("petition")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_rendered_with_nothing_left_open(views: Views, key: str, language: str) -> None:
    wanted = set(PLACEHOLDER.findall(catalogue()[key][language]))
    given = {**PLAUSIBLE, **NUMBERS, **FREE, **SOURCES}
    assert wanted <= set(given)
    rendered = views.text(key, language, {name: given[name] for name in wanted})
    shown = parse_html(rendered).text
    assert shown.strip()
    assert not PLACEHOLDER.search(shown.replace("{x}", ""))
    label = views.label(key, language, {name: given[name] for name in wanted})
    assert 0 < len(label) <= 60


@pytest.mark.parametrize("language", [*LANGUAGES, None])
def test_values_that_are_not_there_are_said_in_words(views: Views, language: str | None) -> None:
    empty = {
        "language": values.term("none_held"),
        "place": values.place(None, None),
        "topics": values.terms([], none="none_held"),
        "questions": 0,
        "ticket": values.term("none_held"),
        "events": values.titles([], none="none_held"),
        "role": values.term("none_held"),
    }
    shown = parse_html(views.text("mydata", language, empty)).text
    assert not PLACEHOLDER.search(shown)
    named = views.text("thread_name", language, NUMBERS | PLAUSIBLE | {"category": values.category(None)})
    assert not PLACEHOLDER.search(named)


def test_language_is_asked_in_all_of_them(views: Views) -> None:
    for language in (*LANGUAGES, None):
        asked = views.text("choose_language", language, {})
        assert asked.splitlines() == [catalogue()["choose_language"][each] for each in LANGUAGES]
    keyboard = views.keyboard(buttons.languages(), None)
    names = [button["text"] for row in keyboard["inline_keyboard"] for button in row]
    assert names == ["ქართული", "Azərbaycanca", "Հայերեն", "English"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", sorted(FOLDER.entries))
def test_every_entry_is_shown_whole_in_every_language(views: Views, entry: str, language: str) -> None:
    body, related = FOLDER.entries[entry].texts[language], FOLDER.entries[entry].related[:3]
    for more in (False, True):
        below = buttons.after_more(related) if more else buttons.answer(entry, more=True, question_id=1)
        call = Answer(entry, 1, more=more, buttons=below)
        marked = views.answer(call, FOLDER.entries[entry], language)
        shown = parse_html(marked).text
        assert body.title in shown
        for number, each in enumerate(related, 1):
            listed = f"{number}. {FOLDER.entries[each].texts[language].title}"
            assert (listed in shown.splitlines()) is more
        assert utf16_length(shown) <= 4096
        assert not PLACEHOLDER.search(shown)
        assert "**" not in shown
        assert "](" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("capacity", [None, 3, 0])
def test_announcements_and_reminders_are_sound(views: Views, language: str, capacity: int | None) -> None:
    event = Event(
        id=1, topic="forums", starts_at=NOW, ends_at=NOW + timedelta(hours=2), capacity=capacity, taken=0,
        regions=(), title=TITLE, text=TITLE, place=TITLE,
    )  # fmt: skip
    for reminder in (False, True):
        shown = parse_html(views.announcement(Announce(1, reminder=reminder), event, language)).text
        assert TITLE[language] in shown
        assert "18:00" in shown
        assert not PLACEHOLDER.search(shown)
        seats = catalogue()["seats_left" if capacity else "seats_none"][language].format(seats=capacity)
        assert (seats in shown) == (capacity is not None and not reminder)


@pytest.mark.parametrize("language", [*LANGUAGES, None])
@pytest.mark.parametrize("category", [category.id for category in FOLDER.categories])
def test_questions_of_a_category_are_listed_in_full(
    views: Views, category: str, language: str | None
) -> None:
    held = next(each.entries for each in FOLDER.categories if each.id == category)
    given = {
        "category": values.category(category),
        "about": values.about(category),
        "entries": values.questions(held),
    }
    shown = parse_html(views.text("category", language, given)).text
    assert utf16_length(shown) <= 4096
    for number, entry in enumerate(held, 1):
        assert f"{number}. {FOLDER.entries[entry].texts[language or DEFAULT].title}" in shown.splitlines()


def shared_rows() -> list[tuple[Button, ...]]:
    """Rows of several buttons, of all that is ever shown."""
    shown: list[Buttons] = [
        buttons.menu(),
        buttons.categories(["registration"]),
        buttons.suggestions(["petition"], question_id=1),
        buttons.suggestions(["petition"], question_id=None),
        buttons.answer("petition", more=True, question_id=1, belongs_to=12),
        buttons.after_more(["petition"]),
        buttons.crisis("emergency", question_id=1),
        buttons.in_ticket(),
        buttons.contact(1),
        buttons.card(12, taken=False),
        buttons.card(12, taken=True),
        buttons.topics(["forums"]),
        buttons.announcement(1, "forums"),
        buttons.rsvp_held(1),
        buttons.rsvp_full(1),
        buttons.forget(),
    ]
    return [row for rows in shown for row in rows if len(row) > 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_that_share_a_row_are_short_enough_for_a_phone(views: Views, language: str) -> None:
    labels = [views.label(each.label, language, each.values) for row in shared_rows() for each in row]
    assert labels
    assert [label for label in labels if len(label) > 14] == []
