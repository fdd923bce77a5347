"""Reading the knowledge base from its folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.document import DocumentError, parse
from knowledge_base.entry import LANGUAGES, UNDERSTOOD, Entry
from knowledge_base.front_matter import toml_mistake
from knowledge_base.questions import Question, QuestionsError, read_questions
from knowledge_base.stock import (
    FAR,
    NEAR,
    NEGATIVE,
    SMALL_TALK,
    Category,
    Crisis,
    Negative,
    Stock,
    Synonyms,
    UrgentRule,
    Utterance,
)

ENTRIES = Path(__file__).parent / "entries"
"""The entries that ship with the hotline."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong at one place and what to do, in plain words."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        here = Path.cwd()
        path = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        return f"{path}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A knowledge base as read from `path`, which holds `<category>/<id>.md`, and from the files beside it.

    `documents` says where each entry lies; `sources` names, by its title in the documents, each source in all
    languages; `measured` are the questions of evaluation/, from which nothing is
    learned; `findings` lists what could not be read and was left out.
    """

    path: Path
    entries: Mapping[str, Entry]
    documents: Mapping[str, Path]
    stock: Stock
    categories: tuple[Category, ...]
    sources: Mapping[str, Mapping[str, str]]
    measured: tuple[Question, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, path: Path = ENTRIES) -> Folder:
        """Read all there is; files that are missing are as good as empty.

        Raises:
            NotADirectoryError: there is no such folder.
        """
        if not path.is_dir():
            raise NotADirectoryError(path)
        reader = _Reader(path)
        entries, documents = reader.entries()
        stock = Stock(
            utterances=tuple(reader.utterances()),
            negatives=tuple(reader.negatives()),
            glossary=tuple(reader.glossary()),
            urgent=tuple(reader.urgent()),
            crises=tuple(reader.crises()),
            trials=tuple(reader.trials()),
        )
        return cls(
            path,
            entries,
            documents,
            stock,
            categories=tuple(reader.categories()),
            sources={names["en"]: names for names in reader.sources()},
            measured=tuple(reader.measured()),
            findings=tuple(sorted(reader.findings)),
        )

    @property
    def beside(self) -> Path:
        """Where utterances/, negatives/ and the TOML files lie."""
        return _beside(self.path)


class _Reader:
    """Reads one file after another and notes what is wrong with them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = _beside(path)
        self.findings: list[Finding] = []

    def entries(self) -> tuple[dict[str, Entry], dict[str, Path]]:
        entries: dict[str, Entry] = {}
        documents: dict[str, Path] = {}
        for document in sorted(self._path.glob("*/*.md")):
            text = self._text(document)
            if text is None:
                continue
            if document.stem in entries:
                self._note(
                    document, 1, f"an entry {document.stem} is also in {documents[document.stem]}; rename one"
                )
                continue
            try:
                entry = parse(text, id=document.stem, category=document.parent.name)
            except DocumentError as error:
                self.findings += [Finding(document, mistake.line, mistake.text) for mistake in error.mistakes]
            else:
                entries[entry.id] = entry
                documents[entry.id] = document
        return entries, documents

    def utterances(self) -> Iterator[Utterance]:
        for path, language in self._by_language("utterances"):
            for _, (entry, text) in self._rows(path, "entry id"):
                yield Utterance(entry, text, language)

    def negatives(self) -> Iterator[Negative]:
        kinds = {f"smalltalk:{kind}": kind for kind in SMALL_TALK} | {
            "smalltalk": "chat",
            NEAR: NEAR,
            FAR: FAR,
        }
        for path, language in self._by_language("negatives"):
            for number, (kind, text) in self._rows(path, "kind"):
                if kind in kinds:
                    yield Negative(kinds[kind], text, language)
                else:
                    self._note(path, number, f"{kind} is no kind; the kinds are {', '.join(kinds)}")

    def crises(self) -> Iterator[Crisis]:
        for path, language in self._by_language("crises"):
            for _, (entry, text) in self._rows(path, "entry id, or - for what only looks like a crisis"):
                yield Crisis(None if entry == NEGATIVE else entry, text, language)

    def trials(self) -> Iterator[Question]:
        for path, language in self._by_language("trials"):
            for trial in self._questions(path):
                if trial.language == language:
                    yield trial
                else:
                    self._note(path, trial.line, f"lang is {trial.language}; the file is for {language}")

    def measured(self) -> Iterator[Question]:
        for path in sorted((self._beside / "evaluation").glob("*.tsv")):
            yield from self._questions(path)

    def _questions(self, path: Path) -> list[Question]:
        try:
            return read_questions(self._text(path) or "")
        except QuestionsError as error:
            self._note(path, error.line, error.mistake)
            return []

    def glossary(self) -> Iterator[Synonyms]:
        for number, term in self._tables("glossary.toml", "term"):
            for language, words in term.items():
                if language in UNDERSTOOD and _are_strings(words) and len(words) > 1:
                    yield Synonyms(language, tuple(words))
                else:
                    self._note_beside(
                        "glossary.toml", number, 'a [[term]] has lines such as en = ["ngo", "nnle"]'
                    )

    def urgent(self) -> Iterator[UrgentRule]:
        for number, rule in self._tables("urgent.toml", "rule"):
            words = {language: rule[language] for language in UNDERSTOOD if language in rule}
            rest = rule.keys() - words.keys() - {"entry", "unless"}
            strings = [*words.values(), rule.get("unless", [])]
            if not isinstance(rule.get("entry"), str) or rest or not all(map(_are_strings, strings)):
                form = 'a [[rule]] has entry = "<id>", lists of strings ka az hy ru en, and a list unless'
                self._note_beside("urgent.toml", number, form)
                continue
            yield UrgentRule(
                entry=rule["entry"],
                words={language: tuple(strings) for language, strings in words.items()},
                unless=tuple(rule.get("unless", ())),
            )

    def categories(self) -> Iterator[Category]:
        for number, table in self._tables("categories.toml", "category"):
            match table:
                case {"id": str(id_), "name": dict(name), "about": dict(about), **rest} if _is_order(rest):
                    yield Category(id_, name, about, tuple(rest.get("entries", ())))
                case _:
                    form = "a [[category]] has id, entries (a list), [category.name] and [category.about]"
                    self._note_beside("categories.toml", number, form)

    def sources(self) -> Iterator[Mapping[str, str]]:
        for number, names in self._tables("sources.toml", "source"):
            if "en" in names and not names.keys() - set(LANGUAGES) and _are_strings([*names.values()]):
                yield names
            else:
                form = "a [[source]] has en (its title in the documents), ka, az and hy"
                self._note_beside("sources.toml", number, form)

    def _by_language(self, folder: str) -> Iterator[tuple[Path, str]]:
        for path in sorted((self._beside / folder).glob("*.tsv")):
            if path.stem in UNDERSTOOD:
                yield path, path.stem
            else:
                self._note(
                    path, 1, f"the file's name is no language; the languages are {', '.join(UNDERSTOOD)}"
                )

    def _rows(self, path: Path, first: str) -> Iterator[tuple[int, tuple[str, str]]]:
        for number, line in enumerate((self._text(path) or "").splitlines(), 1):
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) == 2 and all(cells):
                yield number, (cells[0], cells[1])
            elif line.strip():
                self._note(path, number, f"a line is: {first}, one tab, text")

    def _tables(self, name: str, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The tables [[key]] of a TOML file beside the entries, with the lines where they begin."""
        path = self._beside / name
        if not path.exists():
            return
        lines = (self._text(path) or "").splitlines()
        try:
            parsed = tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as error:
            self._note(path, *toml_mistake(error, lines))
            return
        for other in parsed.keys() - {key}:
            self._note(path, 1, f"{other} is not known here; the file holds tables [[{key}]]")
        starts = [number for number, line in enumerate(lines, 1) if line.strip() == f"[[{key}]]"]
        tables = parsed.get(key, [])
        if not isinstance(tables, list) or len(starts) != len(tables):
            self._note(path, 1, f"write each as a table that begins with a line [[{key}]]")
            return
        yield from zip(starts, tables, strict=True)

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._note(path, 1, f"this cannot be read as UTF-8 text: {error}")
            return None

    def _note_beside(self, name: str, line: int, text: str) -> None:
        self._note(self._beside / name, line, text)

    def _note(self, path: Path, line: int, text: str) -> None:
        self.findings.append(Finding(path, line, text))


def _beside(path: Path) -> Path:
    return path.resolve().parent if path.name in {"", ".."} else path.parent


def _is_order(rest: dict[str, Any]) -> bool:
    return not rest.keys() - {"entries"} and (not rest or _are_strings(rest["entries"]))


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
