"""Everything that is wrong with a knowledge base, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from knowledge_base.document import render
from knowledge_base.entry import LANGUAGES, UNDERSTOOD, Entry, Text
from knowledge_base.folder import Finding, Folder
from knowledge_base.proofreading import mistakes, mixed_words, passed, wrong_phrasing, wrong_script
from knowledge_base.stocktaking import line_of, stock_findings

SHORT_ANSWER = 400
"""Characters that a short answer may have: it is also read aloud, or sent as an SMS."""
WHOLE_ANSWER = 3600
"""UTF-16 units that title, answer and sources may have together: one message holds 4096."""
TITLE = 100
PHRASINGS = dict.fromkeys(LANGUAGES, 10) | {"ru": 5}
"""Phrasings that each document needs."""
NAME = 40
"""Bytes that the names of an entry and of its category may have: they travel in buttons, which hold 64."""


def check(folder: Folder, today: dt.date | None = None) -> list[Finding]:
    """All findings, in the order of files and lines; what has passed by `today` is one."""
    today = today or dt.datetime.now(dt.UTC).date()
    findings = set(folder.findings)
    for id_, entry in folder.entries.items():
        document = _Document(folder.documents[id_])
        findings |= {document.finding(place, text) for place, text in _entry(entry, folder)}
        findings |= {document.finding(place, text) for place, text in _passed(entry, today)}
        if document.text != render(entry):
            findings.add(
                Finding(document.path, 1, "not in canonical form; run: python -m knowledge_base format")
            )
    return sorted(findings.union(stock_findings(folder), _categories(folder), _sources(folder)))


def unfit(folder: Folder) -> list[Finding]:
    """What people could not be shown, in the order of files and lines; all else may be mended later."""
    return sorted(
        {
            _Document(folder.documents[id_]).finding(place, words)
            for id_, entry in folder.entries.items()
            for place, words in _unfit(entry)
        }
    )


class _Document:
    """Knows on which line something stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    def finding(self, place: tuple[str, ...], text: str) -> Finding:
        """A finding at the line that begins with the last of `place`, below those with the others."""
        line = 0
        lines = self.text.splitlines()
        for beginning in place:
            line = next((n for n in range(line, len(lines)) if lines[n].startswith(beginning)), line)
        return Finding(self.path, line + 1, text)


_Located = tuple[tuple[str, ...], str]


def _unfit(entry: Entry) -> Iterator[_Located]:
    yield from _names(entry)
    answered = [language for language in LANGUAGES if language in entry.texts]
    if not answered:
        yield (), f"there is no text in any of {', '.join(LANGUAGES)}; write one of them"
    for language in answered:
        text = entry.texts[language]
        for place, words in (*_missing(text, language), *_too_long(text, entry)):
            yield (f"# {language}:", place), words


def _names(entry: Entry) -> Iterator[_Located]:
    for what, name in (("file", entry.id), ("folder", entry.category)):
        if len(name.encode()) > NAME or ":" in name:
            yield (), f"the {what}'s name {name} is too long or has a colon; at most {NAME} bytes fit"


def _entry(entry: Entry, folder: Folder) -> Iterator[_Located]:
    yield from _names(entry)
    categories = {category.id for category in folder.categories}
    if categories and entry.category not in categories:
        yield (
            (),
            f"there is no category {entry.category} in categories.toml; move the file or add it there",
        )
    if not entry.sources:
        yield ("+++",), "no source; add [[sources]] with a title"
    for related in entry.related:
        if related not in folder.entries or related == entry.id:
            yield ("related",), f"related: there is no other entry {related}; mend the id or take it out"
    for language in UNDERSTOOD:
        heading = f"# {language}:"
        if language not in entry.texts:
            yield (), f'"{heading}" is missing; write this language'
            continue
        text = entry.texts[language]
        for place, words in _phrasings(text, language):
            yield (heading, place), words
        if language in LANGUAGES:
            found = (
                *_missing(text, language),
                *_question(text, language),
                *_answer(text, language),
                *_too_long(text, entry),
            )
            for place, words in found:
                yield (heading, place), words
            if language not in entry.updated:
                yield (heading,), f"[updated] lacks {language}; add the day this text was last changed"
        elif text.title or text.answer:
            yield (heading,), f"{language} has phrasings only; take out its title and answer"


def _phrasings(text: Text, language: str) -> Iterator[tuple[str, str]]:
    if len(text.phrasings) < PHRASINGS[language]:
        yield ">", f"{language} has {len(text.phrasings)} phrasings; write at least {PHRASINGS[language]}"
    for phrasing in text.phrasings:
        for words in (*wrong_phrasing(phrasing, language), *mixed_words(phrasing)):
            yield f"> {phrasing}", words


def _missing(text: Text, language: str) -> Iterator[tuple[str, str]]:
    if not text.title:
        yield "#", f'the question is missing; write it after "# {language}:"'
    if not text.short:
        yield "#", f"the short answer in {language} is missing; write it as the first paragraph"


def _question(text: Text, language: str) -> Iterator[tuple[str, str]]:
    if len(text.title) > TITLE:
        yield "#", f"the question has {len(text.title)} characters; at most {TITLE} fit"
    for words in (*wrong_script(text.title, language), *mistakes(text.title, language)):
        yield "#", words


def _answer(text: Text, language: str) -> Iterator[tuple[str, str]]:
    first = text.short.split("\n")[0]
    if len(text.short) > SHORT_ANSWER:
        yield first, f"the short answer has {len(text.short)} characters; at most {SHORT_ANSWER} are read"
    if "\n" in text.short:
        yield first, "the short answer is one paragraph without line breaks; put lists after it"
    for words in wrong_script(text.short, language):
        yield first, words
    for line in text.answer.split("\n"):
        for words in mistakes(line, language):
            yield line, words


def _passed(entry: Entry, today: dt.date) -> Iterator[_Located]:
    for language, updated in entry.updated.items():
        if language in entry.texts:
            for line in entry.texts[language].answer.split("\n"):
                for words in passed(line, language, updated, today):
                    yield (f"# {language}:", line), words


def _too_long(text: Text, entry: Entry) -> Iterator[tuple[str, str]]:
    parts = [text.title, text.answer]
    for source in entry.sources:
        parts += [source.title, source.url or "", "    "]  # and what stands between them
    whole = len("".join(parts).encode("utf-16-le")) // 2
    if whole > WHOLE_ANSWER:
        yield (
            "#",
            f"title, answer and sources have {whole} characters; at most {WHOLE_ANSWER} fit one message",
        )


def _sources(folder: Folder) -> Iterator[Finding]:
    path = folder.beside / "sources.toml"
    if not path.exists():
        return
    cited = set[str]()
    for id_, entry in folder.entries.items():
        for title in (source.title for source in entry.sources):
            cited.add(title)
            if title not in folder.sources:
                document = folder.documents[id_]
                words = f"sources.toml does not name “{title}” in the other languages; add a [[source]]"
                yield Finding(document, line_of(document, f'title = "{title}"'), words)
    for title, names in folder.sources.items():
        line = line_of(path, f'en = "{title}"')
        if title not in cited:
            yield Finding(path, line, f"no document rests on “{title}”; take it out")
        for language in LANGUAGES:
            if language not in names:
                yield Finding(path, line, f"“{title}” has no name in {language}")
            else:
                for words in mixed_words(names[language]):
                    yield Finding(path, line, words)


def _categories(folder: Folder) -> Iterator[Finding]:
    path = folder.beside / "categories.toml"
    known = set[str]()
    for category in folder.categories:
        line = line_of(path, f'id = "{category.id}"')
        if category.id in known:
            yield Finding(path, line, f"the category {category.id} stands twice; take one out")
        known.add(category.id)
        for entry in category.entries:
            if entry not in folder.entries or folder.entries[entry].category != category.id:
                words = f"{category.id}: it has no entry {entry}; mend the id or take it out"
                yield Finding(path, line, words)
        for name, values in (("name", category.name), ("about", category.about)):
            for language in LANGUAGES:
                if not values.get(language):
                    yield Finding(path, line, f"{category.id}: [category.{name}] lacks {language}")
