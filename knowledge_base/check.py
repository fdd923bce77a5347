"""Everything that is wrong with a knowledge base, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge_base.document import render
from knowledge_base.entry import LANGUAGES, UNDERSTOOD, Entry, Text
from knowledge_base.fold import fold
from knowledge_base.folder import Finding, Folder
from knowledge_base.proofreading import mistakes, mixed_words, wrong_phrasing, wrong_script

SHORT_ANSWER = 400
"""Characters that a short answer may have: it is also read aloud, or sent as an SMS."""
WHOLE_ANSWER = 3600
"""UTF-16 units that title, answer and sources may have together: one message holds 4096."""
TITLE = 100
PHRASINGS = dict.fromkeys(LANGUAGES, 10) | {"ru": 5}
"""Phrasings that each document needs."""
SHORTEST_BEGINNING = 3
"""Folded letters that a word of crisis standing alone must have, not to be found everywhere."""
NAME = 40
"""Bytes that the names of an entry and of its category may have: they travel in buttons, which hold 64."""


def check(folder: Folder) -> list[Finding]:
    """All findings, in the order of files and lines."""
    findings = set(folder.findings)
    for id_, entry in folder.entries.items():
        document = _Document(folder.documents[id_])
        findings |= {document.finding(place, text) for place, text in _entry(entry, folder)}
        if document.text != render(entry):
            findings.add(
                Finding(document.path, 1, "not in canonical form; run: python -m knowledge_base format")
            )
    return sorted(
        findings.union(
            _repeated(folder), _utterances(folder), _crises(folder), _urgent(folder), _categories(folder)
        )
    )


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


def _repeated(folder: Folder) -> Iterator[Finding]:
    """Texts that stand twice, also if only their spelling differs; negatives may repeat their own kind's."""
    seen: dict[tuple[str, str], str] = {}
    for language, owner, text, path, line in _learned(folder):
        key = language, fold(text, language) or text
        if key not in seen:
            seen[key] = owner
        elif seen[key] != owner or owner in folder.entries:
            words = (
                f'"{text}" stands twice in {language}: here for {owner}, before for {seen[key]}; take one out'
            )
            yield Finding(path, _line_of(path, line), words)


def _learned(folder: Folder) -> Iterator[tuple[str, str, str, Path, str]]:
    """Language, owner, text, file and line of all that is learned from."""
    for entry in folder.entries.values():
        for language, text in entry.texts.items():
            for phrasing in text.phrasings:
                yield language, entry.id, phrasing, folder.documents[entry.id], f"> {phrasing}"
    for one in folder.stock.utterances:
        path = folder.beside / "utterances" / f"{one.language}.tsv"
        yield one.language, one.entry, one.text, path, f"{one.entry}\t{one.text}"
    for negative in folder.stock.negatives:
        path = folder.beside / "negatives" / f"{negative.language}.tsv"
        yield negative.language, f"negatives: {negative.kind}", negative.text, path, f"\t{negative.text}"


def _line_of(path: Path, ending: str) -> int:
    """The last line that ends so: of two that are the same, the one that repeats."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return max(
        (number for number, line in enumerate(lines, 1) if line.strip().endswith(ending.strip())), default=1
    )


def _utterances(folder: Folder) -> Iterator[Finding]:
    # Entries that trials ask for are still to be written; until then nothing answers their utterances.
    known = folder.entries.keys() | {entry for trial in folder.stock.trials for entry in trial.expect}
    for one in folder.stock.utterances:
        path = folder.beside / "utterances" / f"{one.language}.tsv"
        found = [*wrong_phrasing(one.text, one.language), *mixed_words(one.text)]
        if one.entry not in known:
            found.append(f"there is no entry {one.entry}; mend the id or take the line out")
        for words in found:
            yield Finding(path, _line_of(path, f"{one.entry}\t{one.text}"), words)


def _crises(folder: Folder) -> Iterator[Finding]:
    for one in folder.stock.crises:
        if one.entry is not None and one.entry not in folder.entries:
            path = folder.beside / "crises" / f"{one.language}.tsv"
            words = (
                f"there is no entry {one.entry}; mend the id, or write - for what only looks like a crisis"
            )
            yield Finding(path, _line_of(path, f"{one.entry}\t{one.text}"), words)


def _urgent(folder: Folder) -> Iterator[Finding]:
    path = folder.beside / "urgent.toml"
    for rule in folder.stock.urgent:
        line = _line_of(path, f'entry = "{rule.entry}"')
        if rule.entry not in folder.entries:
            yield Finding(path, line, f"there is no entry {rule.entry}; mend the id or take the rule out")
        for language, strings in rule.words.items():
            for string in strings:
                if len(fold(string, language)) < SHORTEST_BEGINNING:
                    words = f'"{string}" ({language}) is too short; it would be found everywhere'
                    yield Finding(path, line, words)


def _categories(folder: Folder) -> Iterator[Finding]:
    path = folder.beside / "categories.toml"
    known = set[str]()
    for category in folder.categories:
        line = _line_of(path, f'id = "{category.id}"')
        if category.id in known:
            yield Finding(path, line, f"the category {category.id} stands twice; take one out")
        known.add(category.id)
        for name, values in (("name", category.name), ("about", category.about)):
            for language in LANGUAGES:
                if not values.get(language):
                    yield Finding(path, line, f"{category.id}: [category.{name}] lacks {language}")
