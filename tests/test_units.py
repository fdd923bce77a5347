"""Pure functions: a few examples, and what holds for everything."""

import base64
import inspect
import json
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import buttons, events, outbox
from bot.budget import CHAT_SECONDS, FLOODED_CHATS, Budget, Window
from bot.clock import clock
from bot.config import WEEKDAYS, Hours, Sending, load
from bot.errors import CallerMistake
from bot.gaps import mask
from bot.model import TOPICS, Button, Buttons, Call
from bot.places import MUNICIPALITIES, REGIONS
from bot.sandbox.entities import parse_html
from bot.targets import TBILISI, answer_due
from handlers.telegram import views
from handlers.telegram.callbacks import LIMIT, Press, pack, unpack
from handlers.telegram.markup import to_html
from tests.story import FOLDER

OFFICE = Hours(days=WEEKDAYS[:5], opens=time(10), closes=time(18), answer_days=1)
NUMBERS = st.integers(0, 10**18 - 1)
ENTRIES = st.sampled_from(sorted(FOLDER.entries))
SOME_ENTRIES = st.lists(ENTRIES, max_size=3)
QUESTIONS = st.none() | NUMBERS
CATEGORIES = [category.id for category in FOLDER.categories]

# How each function of the buttons module is called.
MADE = {
    "human": st.builds(buttons.human, QUESTIONS),
    "exits": st.builds(buttons.exits, QUESTIONS),
    "menu": st.builds(buttons.menu),
    "languages": st.builds(buttons.languages),
    "categories": st.builds(buttons.categories, st.lists(st.sampled_from(CATEGORIES))),
    "suggestions": st.builds(buttons.suggestions, SOME_ENTRIES, question_id=QUESTIONS),
    "answer": st.builds(
        buttons.answer, ENTRIES, more=st.booleans(), question_id=QUESTIONS, belongs_to=st.none() | NUMBERS
    ),
    "after_more": st.builds(buttons.after_more, SOME_ENTRIES),
    "numbered": st.builds(buttons.numbered, SOME_ENTRIES.map(buttons.after_more), st.integers(1, 4)).filter(
        lambda found: found is not None
    ),
    "crisis": st.builds(buttons.crisis, ENTRIES, question_id=QUESTIONS),
    "belongs": st.builds(buttons.belongs, st.none() | NUMBERS, QUESTIONS),
    "in_ticket": st.builds(buttons.in_ticket),
    "regions": st.just(buttons.regions(REGIONS)),
    "municipalities": st.sampled_from(REGIONS).map(lambda each: buttons.municipalities(MUNICIPALITIES[each])),
    "contact": st.builds(buttons.contact, NUMBERS),
    "card": st.builds(buttons.card, NUMBERS, taken=st.booleans()),
    "topics": st.builds(buttons.topics, st.lists(st.sampled_from(TOPICS))),
    "announcement": st.builds(buttons.announcement, NUMBERS, st.sampled_from(TOPICS)),
    "rsvp_held": st.builds(buttons.rsvp_held, NUMBERS),
    "rsvp_full": st.builds(buttons.rsvp_full, NUMBERS),
    "forget": st.builds(buttons.forget),
}


def flat(made: Button | Buttons) -> list[Button]:
    return [made] if isinstance(made, Button) else [button for part in made for button in flat(part)]


def test_every_maker_of_buttons_is_tried() -> None:
    makers = {
        name
        for name, function in inspect.getmembers(buttons, inspect.isfunction)
        if function.__module__ == buttons.__name__ and not name.startswith("_")
    }
    assert makers == set(MADE)


@given(st.one_of(*MADE.values()))
def test_buttons_are_packed_within_64_bytes_and_unpacked(made: Button | Buttons) -> None:
    for button in flat(made):
        data = pack(button)
        assert len(data.encode()) <= LIMIT
        assert ":" in data
        assert unpack(data) == Press(button.action, button.fields or ("",))


def test_button_that_does_not_fit_is_a_bug() -> None:
    with pytest.raises(ValueError, match="over 64 bytes"):
        pack(Button("button_more", "more", ("ა" * 30,)))


@given(st.text())
def test_any_data_is_unpacked(data: str) -> None:
    press = unpack(data)
    assert ":".join((press.action, *press.fields)) in {data, f"{data}:"}
    for index in range(len(press.fields) + 1):
        number = press.number(index)
        assert number is None or 0 <= number < 10**18


@pytest.mark.parametrize("junk", ["", "-1", "1.5", "one", "٣", "²", "1e3", "9" * 19, " 1", "0x1"])
def test_junk_is_no_number(junk: str) -> None:
    assert unpack(f"take:{junk}").number(0) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
VALUES = st.dictionaries(st.text(max_size=8), JSON, max_size=3)
BUTTON = st.builds(Button, st.text(), st.text(), st.lists(st.text(), max_size=3).map(tuple), VALUES)
ROWS = st.lists(st.lists(BUTTON, max_size=2).map(tuple), max_size=2).map(tuple)
FIELDS = {"values": VALUES, "buttons": ROWS, "text": st.text()}
CALLS = st.one_of(
    *(
        st.builds(
            kind, **{name: FIELDS[name] for name in inspect.signature(kind).parameters if name in FIELDS}
        )
        for kind in outbox.CALLS.values()
    )
)


@given(CALLS)
def test_calls_come_back_from_the_outbox_as_they_went_in(call: Call) -> None:
    name, body = outbox.encode(call)
    assert outbox.decode(name, json.loads(json.dumps(body, ensure_ascii=False))) == call


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ჩემი ნომერია 599 12 34 56, დამირეკეთ", "ჩემი ნომერია …, დამირეკეთ"),
        ("zəng edin +995 (599) 12-34-56", "zəng edin …"),
        ("անձնական համարը 01024012345", "անձնական համարը …"),
        ("write to nino.g+ngo@example.ge please", "write to … please"),
        ("see https://facebook.com/nino or t.me/nino, www.nino.ge", "see … or … …"),
        ("@nino_99 knows", "… knows"),
        ("12 კაცი 2026 წელს, 112", "12 კაცი 2026 წელს, 112"),
    ],
)
def test_identity_is_masked(written: str, shown: str) -> None:
    assert mask(written) == shown


@given(st.text())
def test_no_long_number_and_no_address_is_left(text: str) -> None:
    masked = mask(text)
    assert not any(run.isdigit() and len(run) >= 6 for run in masked.split())
    assert mask(masked) == masked


@given(st.text(st.characters(categories=["L", "Zs"])))
def test_words_are_left_as_they_are(text: str) -> None:
    assert mask(text) == text


def tbilisi(day: int, hour: int) -> datetime:
    """A moment in November 2026: the 27th is a Friday."""
    return datetime(2026, 11, day, hour, tzinfo=TBILISI)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (tbilisi(24, 12), tbilisi(25, 12)),  # while open: the same hour, a working day later
        (tbilisi(27, 17), tbilisi(30, 17)),  # over the weekend
        (tbilisi(24, 9), tbilisi(25, 10)),  # before opening: counted from the opening
        (tbilisi(24, 18), tbilisi(26, 10)),  # at closing: from the next morning
        (tbilisi(28, 12), tbilisi(30, 10) + timedelta(days=1)),  # on a Saturday: from Monday morning
    ],
)
def test_answer_is_due_a_working_day_later(asked: datetime, answered: datetime) -> None:
    assert answer_due(asked.astimezone(UTC), OFFICE) == answered


HOURS = st.builds(
    lambda days, hours, answer_days: Hours(
        tuple(day for day in WEEKDAYS if day in days), min(hours), max(hours), answer_days
    ),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    st.sets(st.times(), min_size=2, max_size=2),
    st.integers(0, 10),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside


@given(MOMENTS, HOURS)
def test_answer_is_due_in_working_hours_after_the_promised_days(now: datetime, hours: Hours) -> None:
    due = answer_due(now, hours)
    local = due.astimezone(TBILISI)
    assert due >= now
    assert WEEKDAYS[local.weekday()] in hours.days
    assert hours.opens <= local.time() < hours.closes
    begun = now.astimezone(TBILISI).date()
    between = [begun + timedelta(days=each) for each in range((local.date() - begun).days)]
    working = sum(WEEKDAYS[day.weekday()] in hours.days for day in between)
    assert hours.answer_days <= working <= hours.answer_days + 1


GAPS = st.lists(st.floats(0, 5), max_size=60)


@given(st.integers(1, 30), st.floats(0.5, 60), GAPS)
def test_window_never_lets_through_more_than_its_limit(limit: int, seconds: float, gaps: list[float]) -> None:
    window, now, used = Window(limit, seconds), 0.0, []
    for gap in gaps:
        now = max(now + gap, window.ready_at(now + gap))
        window.use(now)
        used.append(now)
    for first, after in zip(used, used[limit:], strict=False):
        assert after - first >= seconds * (1 - 1e-9)


@given(GAPS)
def test_window_without_a_limit_holds_nothing_back(gaps: list[float]) -> None:
    window, now = Window(0, 1), 0.0
    for gap in gaps:
        now += gap
        assert window.ready_at(now) == now
        window.use(now)


NINO, AYSEL, ANI, DESK = ("person", 1), ("person", 2), ("person", 3), ("group", 1)


def test_answers_are_not_held_back_by_the_bulk_budget() -> None:
    budget = Budget(Sending(bulk_per_second=2, chat_per_second=1, group_per_minute=20))
    for chat in (NINO, AYSEL):
        budget.use(chat, group=False, now=100.0)
    assert budget.bulk_ready_at(100.0) == 101.0
    assert budget.ready_at(ANI, 100.0) == 100.0


def test_chat_takes_a_burst_and_then_one_a_second_on_average() -> None:
    budget = Budget(Sending(bulk_per_second=0, chat_per_second=1, group_per_minute=20))
    for _ in range(int(CHAT_SECONDS)):
        assert budget.ready_at(NINO, 100.0) == 100.0
        budget.use(NINO, group=False, now=100.0)
    assert budget.ready_at(NINO, 100.0) == 100.0 + CHAT_SECONDS
    assert budget.paused(100.0) == {NINO: 100.0 + CHAT_SECONDS}
    assert budget.ready_at(AYSEL, 100.0) == 100.0


def test_group_takes_twenty_a_minute() -> None:
    budget = Budget(Sending(bulk_per_second=0, chat_per_second=1, group_per_minute=20))
    for second in range(20):
        assert budget.ready_at(DESK, 100.0 + second) == 100.0 + second
        budget.use(DESK, group=True, now=100.0 + second)
    assert budget.ready_at(DESK, 120.0) == 160.0


def test_group_keeps_to_the_pace_of_a_chat_too() -> None:
    budget = Budget(Sending(bulk_per_second=0, chat_per_second=1, group_per_minute=20))
    for _ in range(int(CHAT_SECONDS)):
        assert budget.ready_at(DESK, 100.0) == 100.0
        budget.use(DESK, group=True, now=100.0)
    assert budget.ready_at(DESK, 100.0) == 100.0 + CHAT_SECONDS


def test_what_was_refused_with_429_uses_nothing_up() -> None:
    budget = Budget(Sending(bulk_per_second=0, chat_per_second=0, group_per_minute=2))
    for _ in range(5):
        budget.use(DESK, group=True, now=100.0)
        budget.pause(DESK, 1, flood=True, now=100.0)
    assert budget.ready_at(DESK, 100.0) == 101.0
    budget.use(DESK, group=True, now=101.0)
    budget.use(DESK, group=True, now=101.0)
    budget.pause(DESK, 1, flood=False, now=101.0)  # a lost answer may have had its effect
    assert budget.ready_at(DESK, 101.0) == 161.0


def test_reactions_do_not_count_and_wait_for_pauses_only() -> None:
    budget = Budget(Sending(bulk_per_second=1, chat_per_second=0, group_per_minute=1))
    budget.use(DESK, group=True, now=100.0, counts=False)
    assert budget.bulk_ready_at(100.0) == 100.0
    budget.use(DESK, group=True, now=100.0)
    assert budget.ready_at(DESK, 100.0) == 160.0
    assert budget.paused(100.0) == {DESK: 160.0}
    assert budget.ready_at(DESK, 100.0, counts=False) == 100.0
    assert budget.paused(100.0, counts=False) == {}
    budget.pause(DESK, 7, flood=True, now=100.0, counts=False)
    assert budget.paused(100.0, counts=False) == {DESK: 107.0}
    assert budget.ready_at(DESK, 100.0) == 160.0


def test_429_pauses_its_chat_and_several_at_once_pause_all() -> None:
    budget = Budget(Sending(0, 0, 0))
    flooded = [("person", number) for number in range(10, 10 + FLOODED_CHATS)]
    for chat in flooded[:-1]:
        budget.pause(chat, 7, flood=True, now=100.0)
        assert budget.ready_at(chat, 100.0) == 107.0
    assert budget.ready_at(NINO, 100.0) == 100.0
    budget.pause(flooded[-1], 7, flood=True, now=100.5)
    assert budget.ready_at(NINO, 100.5) == 107.5
    assert budget.bulk_ready_at(100.5) == 107.5
    assert budget.ready_at(NINO, 108.0) == 108.0


def test_failures_that_are_no_flood_pause_their_chat_only() -> None:
    budget = Budget(Sending(0, 0, 0))
    for number in range(FLOODED_CHATS + 1):
        budget.pause(("person", number + 10), 7, flood=False, now=100.0)
    assert budget.ready_at(NINO, 100.0) == 100.0


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**Ask** first", "<b>Ask</b> first"),
        ("- one\n- two", "• one\n• two"),
        (
            "see [the law](https://matsne.gov.ge/?a=1&b=2)",
            'see <a href="https://matsne.gov.ge/?a=1&amp;b=2">the law</a>',
        ),
        ("**[bold link](https://a.ge)**", '<b><a href="https://a.ge">bold link</a></b>'),
        ("2 < 3 & 4 > 1", "2 &lt; 3 &amp; 4 &gt; 1"),
    ],
)
def test_markup_of_entries_becomes_html(written: str, shown: str) -> None:
    assert to_html(written) == shown


PIECES = st.sampled_from(
    [
        "**",
        "*",
        "[",
        "](",
        "](https://a.ge",
        "](https://a.ge/**",
        ")",
        "<b>",
        "</b>",
        "&",
        '"',
        "- ",
        "\n",
        "word",
        " ",
    ]
)


@given(st.lists(PIECES).map("".join) | st.text())
@example("[**a](https://b.ge)c**")
@example("[a](https://b**c**d)")
@example("**a [b** c](https://d.ge)")
def test_markup_is_always_html_that_telegram_takes(text: str) -> None:
    parse_html(to_html(text))


@pytest.mark.parametrize(
    ("language", "moment", "day", "days"),
    [
        ("ka", "28 ნოემბერი, შაბათი, 18:00", "28 ნოემბერი, 2026", "ორშაბათი – პარასკევი"),
        ("az", "28 noyabr, şənbə, 18:00", "28 noyabr 2026", "bazar ertəsi – cümə"),
        ("hy", "28 նոյեմբերի, շաբաթ, 18:00", "28 նոյեմբերի, 2026 թ.", "երկուշաբթի – ուրբաթ"),
        ("en", "28 November, Saturday, 18:00", "November 28, 2026", "Monday – Friday"),
    ],
)
def test_dates_and_hours_in_each_language(language: str, moment: str, day: str, days: str) -> None:
    at = datetime(2026, 11, 28, 14, tzinfo=UTC)
    assert views._moment(at, language) == moment
    assert views._day(at.date(), language) == day
    assert views._days(OFFICE.days, language) == days


def test_days_that_do_not_follow_one_another_are_listed() -> None:
    assert views._days(("mon", "wed", "fri"), "en") == "Monday, Wednesday, Friday"
    assert views._days(("sat",), "en") == "Saturday"


def mistakes(environ: dict[str, str]) -> list[str]:
    with pytest.raises(CallerMistake) as refused:
        load(environ)
    return list(refused.value.lines)


def config_file(folder: Path, text: str) -> dict[str, str]:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return {"HOTLINE_CONFIG": str(path)}


def test_shipped_configuration_is_right() -> None:
    config, secrets = load({})
    assert (config.hours.opens, config.hours.closes) == (time(10), time(18))
    assert secrets.sandboxed


def test_all_mistakes_of_the_configuration_are_told_at_once(tmp_path: Path) -> None:
    text = """
        stray = 1
        [hours]
        days = ["monday"]
        from = "ten"
        [retention]
        ticket_days = 0
        sent_days = "a week"
        [desk]
        language = "ru"
        colour = "red"
        [colours]
        [search]
        answer_at = 7
    """
    found = mistakes(
        config_file(tmp_path, text)
        | {"HOTLINE_DESK_SIZE": "3", "HOTLINE_DEKS_LANGUAGE": "ka", "HOTLINE_SECRET_KEY": "c2hvcnQ="}
    )
    for part in (
        "stray stands outside",
        "[hours] days",
        "[hours] from",
        "[retention] ticket_days",
        "[retention] sent_days",
        "[desk] language",
        "[desk] colour",
        "[desk] size",
        "[colours]",
        "[search] answer_at",
        "HOTLINE_DEKS_LANGUAGE",
        "HOTLINE_SECRET_KEY",
    ):
        assert sum(part in line for line in found) == 1, part
    assert len(found) == 12
    assert not any("\n" in line for line in found)


@pytest.mark.parametrize(
    "environ",
    [
        {"HOTLINE_SECRET_KEY": "გასაღები"},
        {"HOTLINE_SECRET_KEY": base64.b64encode(bytes(31)).decode()},
        {"HOTLINE_HOURS_FROM": "10:00+04:00"},
        {"HOTLINE_HOURS_FROM": "19:00"},
        {"HOTLINE_RETENTION_QUESTION_DAYS": ""},
        {"HOTLINE_DESK_LEAVE_AFTER_MINUTES": "0"},
        {"HOTLINE_SENDING_CHAT_PER_SECOND": "nan"},
        {"HOTLINE_SENDING_CHAT_PER_SECOND": "-1"},
        {"HOTLINE_SENDING_CHAT_PER_SECOND": "true"},
        {"HOTLINE_HOURS_ANSWER_DAYS": "1.5"},
        {"HOTLINE_HOURS": "1"},
        {"HOTLINE_CONFIG": "/nowhere/config.toml"},
        {"HOTLINE_CONFIG": "/"},
        {"HOTLINE_TELEGRAM_API_URL": "localhost:8081"},
        {"HOTLINE_TELEGRAM_API_URL": "http://[::1"},
        {"HOTLINE_TEST_CLOCK_FILE": "/tmp/clock", "HOTLINE_TELEGRAM_TOKEN": "1:a"},  # noqa: S108 - never opened
    ],
)
def test_each_mistake_has_one_plain_line(environ: dict[str, str]) -> None:
    found = mistakes(environ)
    assert len(found) == 1
    assert "\n" not in found[0]
    assert "Error" not in found[0]


def test_variables_override_as_toml_or_as_plain_text() -> None:
    config, _ = load(
        {
            "HOTLINE_HOURS_DAYS": '["sat"]',
            "HOTLINE_HOURS_UNTIL": "20:30",
            "HOTLINE_DESK_LANGUAGE": '"hy"',
            "HOTLINE_SENDING_BULK_PER_SECOND": "",
            "HOTLINE_SENDING_CHAT_PER_SECOND": "0.5",
            "HOTLINE_TEST_ANYTHING": "x",
            "HOTLINE_TEST_CLOCK_FILE": "clock",
            "HOTLINE_TELEGRAM_API_URL": "http://127.0.0.1:1/",
        }
    )
    assert config.hours.days == ("sat",)
    assert config.hours.closes == time(20, 30)
    assert config.desk.language == "hy"
    assert config.sending == Sending(0, 0.5, 20)


SETTINGS = [
    f"HOTLINE_{section}_{key}".upper()
    for section, keys in {
        "hours": ("days", "from", "until", "answer_days"),
        "desk": ("language", "leave_after_minutes"),
        "tickets": ("bundle_seconds",),
        "retention": ("question_days", "ticket_days", "sent_days"),
        "sending": ("bulk_per_second", "chat_per_second", "group_per_minute"),
        "limits": ("person_per_minute", "strangers_per_minute"),
        "quiet": ("from", "until"),
        "sandbox": ("port",),
        "logging": ("level",),
        "search": ("trade_off", "answer_at", "suggest_at"),
    }.items()
    for key in keys
]
TOML = st.sampled_from(
    ["[]", "[1]", "{}", "[[]]", "inf", "-inf", "nan", "10:00:00", "2026-01-01", "0x10", "1\nvalue=2", '"']
)


@given(
    st.dictionaries(
        st.sampled_from([*SETTINGS, "HOTLINE_SECRET_KEY"]), TOML | st.text(max_size=12), max_size=4
    )
)
def test_any_variables_are_settings_or_plain_mistakes(environ: dict[str, str]) -> None:
    try:
        config, _ = load(environ)
    except CallerMistake as refused:
        assert refused.lines  # noqa: PT017 - either way is right
    else:
        assert config.hours.opens < config.hours.closes
        assert config.retention.question_days >= 1


def test_test_clock_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    now = clock(file)
    for written, seconds in ((None, 0), ("86400", 86400), ("-60.5\n", -60.5), ("", 0), ("junk", 0)):
        if written is not None:
            file.write_text(written)
        assert abs(now() - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=1)


@given(
    st.dictionaries(st.sampled_from(["topic", "starts", "ends", "capacity", "regions", "title", "x"]), JSON)
)
def test_event_files_are_events_or_plain_mistakes(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "event.toml"
    lines = [
        f"{key} = {json.dumps(value)}" for key, value in table.items() if isinstance(value, str | int | bool)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CallerMistake) as refused:
        events.read(path)
    assert all(str(path) in line for line in refused.value.lines)


def test_time_of_day_never_runs_backwards_in_a_window() -> None:
    window = Window(2, 10)
    times = []
    for _ in range(6):
        now = window.ready_at(times[-1] if times else 0.0)
        window.use(now)
        times.append(now)
    assert all(first <= second for first, second in pairwise(times))
    assert times == [0.0, 0.0, 10.0, 10.0, 20.0, 20.0]
