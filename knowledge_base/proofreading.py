"""What is wrong with a piece of text: letters, markup, placeholders, phone numbers."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from knowledge_base.dates import dates, years_of_amounts
from knowledge_base.fold import READ_IN_SCRIPT, SCRIPTS

PLACEHOLDERS = ("hours", "answer_time", "question_days", "ticket_days", "sent_days")
"""What the hotline fills in: its hours, how soon it answers, for how many days it keeps texts."""

_NATIVE = {"en": "en", "ka": "ka", "az": "en", "hy": "hy", "ru": "ru"}
"""The script (a key of `SCRIPTS`) of each language."""
_EVERYWHERE = {"en", "ka"}
"""Latin for names and addresses; Georgian because authorities are written to in Georgian."""
_SCRIPT_NAMES = {"en": "Latin", "ka": "Georgian", "hy": "Armenian", "ru": "Cyrillic"}
_LANGUAGE_NAMES = ("ქართული", "ქართულად", "Հայերեն", "Հայերենով", "հայերեն", "Русский")
"""Languages name themselves, in answers of any language."""

_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"\[[^\][]+\]\(([^()\s]+)\)")
_ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.[\w.]+|\b[\w-]+(?:\.[\w-]+)+\b")
_BOLD = re.compile(r"\*\*[^*\n]+\*\*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MARKUP = {
    r"\*": "a single * or an unclosed **; bold is **words**, lists begin with - or 1.",
    r"(?<!\w)_\w|\w_(?!\w)|__": "an underline; the only emphasis is **bold**",
    r"`": "a backtick; write plain words",
    r"<[/A-Za-z][^>]*>": "an HTML tag; write plain text",
    r"(?m)^#": "a heading inside the answer; write a **bold** line",
    r"(?m)^(?:[•–—+]|\d+\)) ": "a list whose lines do not begin with - or 1.",
    r"(?m)^>": "a quotation; write a plain paragraph",
    r"!\[|\[|\]": "a picture or a broken link; a link is [words](https://…)",
    r"(?m)^\|": "a table; write a list",
}
_NUMBER = re.compile(r"(?<![\w.,/:-])\+?(?:\d+[ -]?)?(?:\(\d+\)[ -]?)?\d+(?:[ -]\d+)*(?![\w/]|[.,:]\d)")
_SHORT_NUMBER = re.compile(r"11\d|1[45]\d\d|11\d{4}")
_AMOUNT = re.compile(r"\d{1,3}(?: 000)+")
_SUM = re.compile(r"\d[\d ]*(?= (?:ლარ|lari|լարի))")
_DATE = re.compile(r"(?:19|20)\d\d(?:[ -]+(?:19|20)\d\d)?|\d{4}-\d\d-\d\d")

_ENGLISH = re.compile(
    r"\b(?:the|and|of|for|with|without|your|you|this|that|these|from|will|must|should|have|has|which|when|"
    r"what|who|or|if|are|was|were|see|answer|write|call|check|please)\b",
    re.IGNORECASE,
)
"""English words that no text in another language has, and that no name of ours is made of."""
_ADDRESSED_CLOSELY = {
    "ka": re.compile(
        r"\b(?:შენ|შენი|შენს|შენმა|შენთვის|შენგან|შენთან|გაქვს|შეგიძლია|ნახე|დარეკე|მიწერე|მოგვწერე|იკითხე|ჰკითხე|"
        r"გადაამოწმე|წაიღე|აირჩიე|დააჭირე|დაწერე|გაგზავნე|შეავსე|მიმართე|გადაიხადე|შეინახე|სთხოვე)\b"
    ),
    "az": re.compile(
        r"\b(?:sən|sənə|səni|sənin|səndən|səndə|səninlə)\b|\w+(?:[aəıiuü]r|m[ae]z|m[ae]l[ıi])s[aə]n\b",
        re.IGNORECASE,
    ),
    "hy": re.compile(
        r"\b(?:դու|քո|քեզ|քեզնից|քեզանից|քեզ մոտ|ունես|կարող ես|պետք է գնաս|զանգիր|զանգահարիր|գրիր|դիմիր|"
        r"հարցրու|նայիր|ստուգիր|վերցրու|պահիր|ընտրիր|սեղմիր|ուղարկիր|վճարիր)\b",
        re.IGNORECASE,
    ),
}
"""How one speaks to a friend; the hotline speaks to everybody politely."""
_QUOTED = re.compile(r"„[^“”]*[“”]|«[^»]*»|“[^”]*”|\"[^\"]*\"")


def mistakes(text: str, language: str) -> Iterator[str]:
    """Everything wrong with a title or an answer, in plain words."""
    yield from foreign_letters(text, language)
    yield from mixed_words(text)
    yield from _left_in_english(text, language)
    yield from _too_close(text, language)
    yield from _markup(text)
    yield from _placeholders(text)
    yield from _unknown_numbers(text)


def foreign_letters(text: str, language: str) -> Iterator[str]:
    """Words in a script that an answer in the language has no use for."""
    for name in _LANGUAGE_NAMES:
        text = text.replace(name, " ")
    for script in SCRIPTS.keys() - _EVERYWHERE - {_NATIVE[language]}:
        for word in _WORD.findall(text):
            if SCRIPTS[script].search(word):
                yield f'"{word}" has {_SCRIPT_NAMES[script]} letters in a text in {language}; mend it'
                break


def wrong_script(text: str, language: str) -> Iterator[str]:
    """A title or short answer that is mostly in another script than its language's."""
    script = _main_script(text)
    if script not in {None, _NATIVE[language]}:
        yield f"a text in {language} mostly in {_SCRIPT_NAMES[script]} letters; is it in the right place?"


def wrong_phrasing(text: str, language: str) -> Iterator[str]:
    """A phrasing may be typed in any letters that people use for the language, but not mostly in others."""
    script = _main_script(text)
    if script is not None and language not in READ_IN_SCRIPT[script]:
        yield f"nobody types {language} in {_SCRIPT_NAMES[script]} letters; is it in the right place?"


def _main_script(text: str) -> str | None:
    counts = {script: len(letters.findall(text)) for script, letters in SCRIPTS.items()}
    script = max(counts, key=lambda script: counts[script])
    return script if counts[script] else None


def mixed_words(text: str) -> Iterator[str]:
    """Letters that only look right inside a Georgian or an Armenian word."""
    for word in _WORD.findall(text):
        scripts = {script for script, letters in SCRIPTS.items() if letters.search(word)}
        if len(scripts) > 1 and scripts & {"ka", "hy"}:
            names = " and ".join(sorted(_SCRIPT_NAMES[script] for script in scripts))
            yield f'"{word}" mixes {names} letters; type it again in one alphabet'


def passed(text: str, language: str, updated: dt.date, today: dt.date) -> Iterator[str]:
    """Dates that lay ahead when the text was written, and amounts of a year that has ended since."""
    for date in sorted({date for date in dates(text, language) if updated < date < today}):
        yield f"{date} has passed since this was written; bring it up to date"
    for year in sorted({year for year in years_of_amounts(text) if updated.year == year < today.year}):
        yield f"an amount of {year}, and that year is over; bring it up to date"


def _left_in_english(text: str, language: str) -> Iterator[str]:
    if language == "en":
        return
    for word in dict.fromkeys(
        _ENGLISH.findall(_ADDRESS.sub(" ", _LINK.sub(" ", _PLACEHOLDER.sub(" ", text))))
    ):
        yield f'"{word}" is English in a text in {language}; translate it'


def _too_close(text: str, language: str) -> Iterator[str]:
    if closely := _ADDRESSED_CLOSELY.get(language):
        for word in dict.fromkeys(closely.findall(_QUOTED.sub(" ", text))):
            yield f'"{word}" speaks to a friend; everywhere else the reader is addressed politely'


def _markup(text: str) -> Iterator[str]:
    for address in _LINK.findall(text):
        if not address.startswith("https://"):
            yield f"the link {address} does not begin with https://"
    plain = _ADDRESS.sub("", _PLACEHOLDER.sub("", _BOLD.sub("", _LINK.sub("", text))))
    for pattern, words in _MARKUP.items():
        if re.search(pattern, plain):
            yield f"this holds {words}"


def _placeholders(text: str) -> Iterator[str]:
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
            yield f"{{{name}}} is not filled in by the hotline; it knows {known}"
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        yield "a { or } alone; they only stand round a placeholder"


def _unknown_numbers(text: str) -> Iterator[str]:
    for number in _NUMBER.findall(_SUM.sub(" ", _ADDRESS.sub(" ", _LINK.sub(" ", text)))):
        digits = _dialled(number)
        phone = _SHORT_NUMBER.fullmatch(digits) or len(digits) >= 6
        if (
            phone
            and not _AMOUNT.fullmatch(number)
            and not _DATE.fullmatch(number)
            and digits not in known_numbers()
        ):
            yield f"the phone number {number} is not in numbers.toml; make sure of it and add it there"


def _dialled(number: str) -> str:
    """The digits as dialled in Georgia."""
    digits = re.sub(r"\D", "", number)
    if digits.startswith("995"):
        digits = digits.removeprefix("995")
        return digits if digits.startswith("5") else f"0{digits}"
    return digits


@cache
def known_numbers() -> frozenset[str]:
    """The numbers that entries may print."""
    table = tomllib.loads((Path(__file__).parent / "numbers.toml").read_text(encoding="utf-8"))
    return frozenset(number["digits"] for number in table["number"])
