"""Outcomes as text and buttons in a person's language: pure, no network, no database."""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from babel.dates import format_date, get_day_names

from bot.config import WEEKDAYS, Config
from bot.entries import Shelf
from bot.languages import DEFAULT, FALLBACKS, LANGUAGES
from bot.model import Announce, Answer, Buttons, Event
from bot.places import NAMES
from bot.targets import TBILISI
from bot.texts import catalogue
from handlers.telegram.callbacks import pack
from handlers.telegram.markup import to_html
from knowledge_base import Entry, Source, Text

# Asked in all languages at once, whatever is known of the person.
_IN_ALL: Final = frozenset({"choose_language"})
SOURCES: Final = 2  # under a short answer; *More* names all
_BUTTON: Final = 60  # characters; longer labels are cut, phones show less
_MESSAGE: Final = 4096  # UTF-16 code units without markup, by the Bot API
_NOTHING: Final = Text()
_TAG: Final = re.compile(r"</?[a-z]+[^>]*>")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


class Views:
    """Renders everything the hotline says."""

    def __init__(self, config: Config, shelf: Shelf) -> None:
        self._config, self._shelf = config, shelf
        self.desk_language = config.desk.language

    def text(self, key: str, language: str | None, values: Mapping[str, Any]) -> str:
        """A text of the catalogue; in all languages where the person's is not known yet."""
        languages = LANGUAGES if language is None or key in _IN_ALL else (language,)
        in_all = "\n".join(dict.fromkeys(self._one(key, each, values) for each in languages))
        return in_all if _fits(in_all) else self._one(key, DEFAULT, values)

    def label(
        self, key: str, language: str | None, values: Mapping[str, Any], *, longest: int = _BUTTON
    ) -> str:
        """The text of a button, a toast or a thread's name: without markup."""
        if key.startswith("name_"):  # a language names itself
            return catalogue()["language_name"][key.removeprefix("name_")]
        plain = html.unescape(_TAG.sub("", self._one(key, language or DEFAULT, values)))
        return plain if len(plain) <= longest else plain[: longest - 1] + "…"

    def keyboard(self, rows: Buttons, language: str | None) -> dict[str, Any] | None:
        """Buttons as the Bot API's InlineKeyboardMarkup."""
        if not rows:
            return None
        return {
            "inline_keyboard": [
                [
                    {"text": self.label(button.label, language, button.values), "callback_data": pack(button)}
                    for button in row
                ]
                for row in rows
            ]
        }

    def answer(self, call: Answer, entry: Entry, language: str | None) -> str:
        """An entry: the short answer with where it comes from, or everything after it.

        Where the person's language is not known yet: in all that it has, if one message holds them.
        """
        if language is not None:
            return self._answer(call, entry, language)
        written = [each for each in LANGUAGES if _shown_in(entry, each) == each]
        in_all = "\n\n".join(self._answer(call, entry, each) for each in written or [DEFAULT])
        return in_all if _fits(in_all) else self._answer(call, entry, DEFAULT)

    def _answer(self, call: Answer, entry: Entry, wanted: str) -> str:
        shown = _shown_in(entry, wanted)
        body = entry.texts.get(shown, _NOTHING)
        notes = [] if shown == wanted else [f"<i>{self._one('answer_other_language', wanted, {})}</i>"]
        text = body.more if call.more else body.short
        parts = [*notes, f"<b>{html.escape(body.title or entry.id)}</b>", to_html(self._filled(text, shown))]
        if not call.more:
            parts.append("\n".join(self._provenance(entry, shown, wanted)))
            if any(button.action == "helped" for row in call.buttons for button in row):
                parts.append(self._one("answer_helped", wanted, {}))
        else:
            if len(entry.sources) > SOURCES:
                parts += [f"<i>{line}</i>" for line in self._sources(entry, wanted, most=None)]
            parts.append(self._related(call, wanted))
        return "\n\n".join(part for part in parts if part)

    def _related(self, call: Answer, language: str) -> str:
        """What the buttons lead to, in full."""
        related = [button for row in call.buttons for button in row if button.action == "suggest"]
        lines = [self._one(button.label, language, button.values) for button in related]
        return "\n".join([self._one("answer_related", language, {}), *lines]) if lines else ""

    def _provenance(self, entry: Entry, shown: str, wanted: str) -> list[str]:
        lines = []
        if entry.caution:
            lines.append(f"⚠️ {self._one('answer_caution', wanted, {})}")
        lines += self._sources(entry, wanted, most=SOURCES)
        updated = entry.updated.get(shown)
        if updated is not None:
            lines.append(self._raw("answer_updated", wanted, date=_day(updated, wanted)))
            if updated < max(entry.updated.values()):
                lines.append(self._one("answer_stale", wanted, {}))
        review = entry.reviewed.get(shown)
        lines.append(
            self._raw("answer_reviewed", wanted, by=html.escape(review.by), date=_day(review.on, wanted))
            if review
            else self._one("answer_not_reviewed", wanted, {})
        )
        return [f"<i>{line}</i>" for line in lines]

    def _sources(self, entry: Entry, language: str, *, most: int | None) -> list[str]:
        named = [self._source(each, language) for each in entry.sources[:most]]
        return [self._raw("answer_sources", language, sources="; ".join(named))] if named else []

    def _source(self, source: Source, language: str) -> str:
        name = html.escape(self._shelf.knowledge.source(source.title, language))
        return f'<a href="{html.escape(source.url)}">{name}</a>' if source.url else name

    def _filled(self, text: str, language: str) -> str:
        """Entries take hours and retention from the configuration."""
        if "{" not in text:
            return text
        retention = self._config.retention
        known = {
            "hours": self._hours(language),
            "answer_time": self._plain("answer_time", language, days=self._config.hours.answer_days),
            "question_days": str(retention.question_days),
            "ticket_days": str(retention.ticket_days),
            "sent_days": str(retention.sent_days),
        }
        return _PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), text)

    def announcement(self, call: Announce, event: Event, language: str | None) -> str:
        """An event: in all languages where the person's is not known yet, as far as they fit."""
        if language is not None:
            return self._announcement(call, event, language)
        in_all = self._in_turn(call, event, texts_in=LANGUAGES)
        if not _fits(in_all):
            in_all = self._in_turn(call, event, texts_in=(DEFAULT,))
        return in_all if _fits(in_all) else self._announcement(call, event, DEFAULT)

    def _in_turn(self, call: Announce, event: Event, *, texts_in: Iterable[str]) -> str:
        """All languages one after another; the long text only in some."""
        return "\n\n".join(
            self._announcement(call, event, each, with_text=each in texts_in) for each in LANGUAGES
        )

    def _announcement(self, call: Announce, event: Event, wanted: str, *, with_text: bool = True) -> str:
        title = html.escape(_of(event.title, wanted))
        place = html.escape(_of(event.place, wanted))
        starts = _moment(event.starts_at, wanted)
        if call.reminder:
            return self._raw("reminder", wanted, title=title, place=place, starts=starts)
        text = html.escape(_of(event.text, wanted)) if with_text else ""
        body = self._raw("announcement", wanted, title=title, place=place, starts=starts, text=text)
        return body.rstrip() + self._seats(event.seats, wanted)

    def _seats(self, left: int | None, language: str) -> str:
        if left is None:
            return ""
        key = "seats_left" if left > 0 else "seats_none"
        return "\n\n" + self._raw(key, language, seats=str(left))

    def _one(self, key: str, language: str, values: Mapping[str, Any]) -> str:
        rendered = {name: self._value(value, language) for name, value in values.items()}
        return catalogue()[key][language].format_map(rendered)

    def _raw(self, key: str, language: str, **rendered: str) -> str:
        """A text with values that are HTML already."""
        return catalogue()[key][language].format_map(rendered)

    def _plain(self, key: str, language: str, **values: Any) -> str:
        return html.unescape(self._one(key, language, values))

    def _hours(self, language: str) -> str:
        hours = self._config.hours
        return self._plain(
            "hours",
            language,
            **{
                "days": _days(hours.days, language),
                "from": f"{hours.opens:%H:%M}",
                "until": f"{hours.closes:%H:%M}",
            },
        )

    def _value(self, value: Any, language: str) -> str:
        """See `bot.values`: what a tagged value looks like to this reader, as HTML."""
        if not isinstance(value, Mapping):
            return html.escape(str(value))
        match value:
            case {"lines": key, "rows": rows, "head": head}:
                heading = ["\n\n" + self._one(head, language, {})] if head and rows else []
                return "\n".join([*heading, *(self._one(key, language, row) for row in rows)])
            case {"seats": left}:
                return self._seats(left, language).strip()
            case {"term": key}:
                return self._one(key, language, {})
        return html.escape(self._word(value, language))

    def _word(self, value: Mapping[str, Any], language: str) -> str:
        match value:
            case {"moment": at}:
                return _moment(datetime.fromisoformat(at), language)
            case {"day": at}:
                return _day(datetime.fromisoformat(at).astimezone(TBILISI).date(), language)
            case {"terms": keys, "none": none}:
                return ", ".join(self._plain(key, language) for key in keys or [none])
            case {"titles": titles, "none": none}:
                return ", ".join(_of(each, language) for each in titles) or self._plain(none, language)
            case {"place": place}:
                return NAMES[place][language] if place else self._plain("place_unknown", language)
            case {"category": category}:
                return self._category(category, language)
            case {"about": category}:
                described = self._shelf.knowledge.categories.get(category)
                return _of(described.about, language) if described else ""
            case {"entry": entry}:
                return self._title(entry, language)
            case {"each": texts}:
                return _of(texts, language)
            case {"hours": True}:
                return self._hours(language)
        raise LookupError(f"a value of no known kind: {sorted(value)}")

    def _category(self, category: str | None, language: str) -> str:
        if category is None:
            return self._plain("category_unknown", language)
        known = self._shelf.knowledge.categories.get(category)
        return (_of(known.name, language) if known else "") or _readable(category)

    def _title(self, entry_id: str, language: str) -> str:
        entry = self._shelf.knowledge.library.entries.get(entry_id)
        if entry is None:
            return entry_id
        return entry.texts.get(_shown_in(entry, language), _NOTHING).title or entry_id


def _shown_in(entry: Entry, language: str) -> str:
    """The language in which an entry is shown: the reader's, also if there is none, else the nearest."""
    for each in (language, *FALLBACKS[language]):
        if each in entry.texts and (entry.texts[each].short or entry.texts[each].title):
            return each
    return language


def _readable(name: str) -> str:
    """The name of a folder as words."""
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:] or name


def _fits(marked: str) -> bool:
    seen = html.unescape(_TAG.sub("", marked))
    return len(seen.encode("utf-16-le", "surrogatepass")) <= 2 * _MESSAGE


def _of(texts: Mapping[str, str], language: str) -> str:
    for each in (language, *FALLBACKS[language]):
        if texts.get(each):
            return texts[each]
    return ""


def _moment(at: datetime, language: str) -> str:
    """Day and hour in Tbilisi, such as "28 November, Saturday, 18:00"."""
    local = at.astimezone(TBILISI)
    return f"{format_date(local, 'd MMMM, EEEE', locale=language)}, {local:%H:%M}"


@lru_cache(maxsize=1000)
def _day(day: date, language: str) -> str:
    return str(format_date(day, format="long", locale=language))


def _days(days: tuple[str, ...], language: str) -> str:
    """Working days: a range where they follow one another, else a list."""
    numbers = [WEEKDAYS.index(day) for day in days]
    names = get_day_names("wide", context="stand-alone", locale=language)
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{names[numbers[0]]} – {names[numbers[-1]]}"
    return ", ".join(names[number] for number in numbers)
