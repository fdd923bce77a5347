"""The written form of an entry: one Markdown document that holds it in all its languages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from knowledge_base.entry import UNDERSTOOD, Entry, Text
from knowledge_base.front_matter import FrontMatter

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

FENCE = "+++"
_HEADING = re.compile(r"#\s*(\w+)\s*:(.*)")
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029]")
_SPECIAL = ("#", ">", "\\")  # what a line of an answer may begin with only after a backslash


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a document, in plain words; `line` counts from 1."""

    line: int
    text: str


class DocumentError(Exception):
    """The document does not have the form of an entry; `mistakes` lists all that is wrong."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(f"line {mistake.line}: {mistake.text}" for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def parse(document: str, *, id: str, category: str) -> Entry:  # noqa: A002 (the field's name)
    """Read an entry.

    Raises:
        DocumentError: lists all mistakes with their lines.
    """
    lines = document.removeprefix("\ufeff").splitlines()
    mistakes: list[Mistake] = []
    front, start = _front_matter(lines, mistakes)
    texts = _sections(lines, start, mistakes)
    if mistakes:
        raise DocumentError(sorted(mistakes, key=lambda mistake: mistake.line))
    return Entry(
        id=id,
        category=category,
        review_in_months=front.review_in_months,
        related=front.related,
        urgent=front.urgent,
        caution=front.caution,
        updated=front.updated,
        reviewed=front.reviewed,
        sources=front.sources,
        texts=texts,
    )


def render(entry: Entry) -> str:
    """Write an entry in canonical form: `parse(render(entry)) == entry`."""
    head = [
        f"review_in_months = {entry.review_in_months}",
        f"related = [{', '.join(map(_quoted, entry.related))}]",
        f"urgent = {str(entry.urgent).lower()}",
        f"caution = {str(entry.caution).lower()}",
    ]
    if entry.updated:
        head.append("[updated]")
        head += [f"{language} = {day}" for language, day in _ordered(entry.updated)]
    if entry.reviewed:
        head.append("[reviewed]")
        head += [
            f"{language} = {{ on = {review.on}, by = {_quoted(review.by)} }}"
            for language, review in _ordered(entry.reviewed)
        ]
    for source in entry.sources:
        head += ["[[sources]]", f"title = {_quoted(source.title)}"]
        if source.url is not None:
            head.append(f"url = {_quoted(source.url)}")
    sections = [_section(language, text) for language, text in _ordered(entry.texts)]
    return "\n".join([FENCE, *head, FENCE, "", "\n\n".join(sections)]).rstrip("\n") + "\n"


def _front_matter(lines: list[str], mistakes: list[Mistake]) -> tuple[FrontMatter, int]:
    """The table between the fences, and the index of the line after it."""
    if not lines or lines[0].rstrip() != FENCE:
        return FrontMatter(), 0
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        mistakes.append(Mistake(1, "the table that this +++ opens is never closed; add a line +++ after it"))
        return FrontMatter(), len(lines)
    front, found = FrontMatter.read(lines[1:end])
    mistakes += [Mistake(line + 1, text) for line, text in found]
    return front, end + 1


def _sections(lines: list[str], start: int, mistakes: list[Mistake]) -> dict[str, Text]:
    texts: dict[str, Text] = {}
    language: str | None = None
    title, phrasings, answer = "", list[str](), list[str]()

    def close() -> None:
        if language is not None:
            texts[language] = Text.of(title, phrasings, "\n".join(answer))

    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith("#"):
            close()
            language, title = _heading(line, number, texts, mistakes)
            phrasings, answer = [], []
        elif language is None:
            if line.strip() and not mistakes:
                mistakes.append(Mistake(number, 'this stands before the first heading; begin with "# en: …"'))
        elif line.startswith(">"):
            phrasings.append(line[1:])
        else:
            answer.append(line.removeprefix("\\"))
    close()
    return texts


def _heading(
    line: str, number: int, texts: dict[str, Text], mistakes: list[Mistake]
) -> tuple[str | None, str]:
    match = _HEADING.fullmatch(line)
    language = match[1] if match else None
    if match is None or language not in UNDERSTOOD:
        headings = " ".join(f'"# {known}:"' for known in UNDERSTOOD)
        mistakes.append(Mistake(number, f"this heading names no language; write one of {headings}"))
        return None, ""
    if language in texts:
        mistakes.append(Mistake(number, f'a second "# {language}:"; put everything under the first'))
    return language, match[2]


def _section(language: str, text: Text) -> str:
    parts = [f"# {language}: {text.title}".rstrip()]
    if text.phrasings:
        parts.append("\n".join(f"> {phrasing}" for phrasing in text.phrasings))
    if text.answer:
        parts.append("\n".join(_escaped(line) for line in text.answer.split("\n")))
    return "\n\n".join(parts)


def _escaped(line: str) -> str:
    return f"\\{line}" if line.startswith(_SPECIAL) else line


def _ordered(values: Mapping[str, T]) -> list[tuple[str, T]]:
    return [(language, values[language]) for language in UNDERSTOOD if language in values]


def _quoted(text: str) -> str:
    """A TOML basic string. JSON's escapes are TOML's, but JSON leaves some control characters as they are."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
