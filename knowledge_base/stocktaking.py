"""What is wrong with what the search learns from, in plain words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from knowledge_base.fold import fold
from knowledge_base.folder import Finding, Folder
from knowledge_base.proofreading import mixed_words, wrong_phrasing
from knowledge_base.stock import FAR, NEAR, TALK

SHORTEST_BEGINNING = 3
"""Folded letters that a word of crisis standing alone must have, not to be found everywhere."""
SHORTEST_SYNONYM = 2
"""Folded letters that a word of the glossary must have: one letter is a part of too much."""
ALIKE = 90
"""Per cent of likeness, folded, from which a text is a copy of a question that measures us."""


def stock_findings(folder: Folder) -> Iterator[Finding]:
    """All findings in the files beside the entries, and texts of entries that stand twice."""
    yield from _repeated(folder)
    yield from _measured(folder)
    yield from _utterances(folder)
    yield from _crises(folder)
    yield from _urgent(folder)
    yield from _glossary(folder)


def _repeated(folder: Folder) -> Iterator[Finding]:
    """Texts that stand twice, also if only their spelling differs; negatives may repeat their own kind's."""
    seen: dict[tuple[str, str], str] = {}
    for one in (*_phrasings_of(folder), *_negatives_of(folder)):
        key = one.language, fold(one.text, one.language) or one.text
        if key not in seen:
            seen[key] = one.owner
        elif seen[key] != one.owner or one.owner in folder.entries:
            words = (
                f'"{one.text}" stands twice in {one.language}: here for {one.owner}, before for {seen[key]}; '
                "take one out"
            )
            yield one.finding(words)


def _measured(folder: Folder) -> Iterator[Finding]:
    """Texts that are learned from although they are questions of evaluation/, or nearly: it would flatter."""
    questions = defaultdict[str, list[str]](list)
    for question in folder.measured:
        if folded := fold(question.text, question.language):
            questions[question.language].append(folded)
    learned = defaultdict[str, list[_Learned]](list)
    for one in (
        *_phrasings_of(folder),
        *_negatives_of(folder, NEAR, FAR),
        *_trials_of(folder),
        *_crises_of(folder),
    ):
        learned[one.language].append(one)
    for language, asked in questions.items():
        texts = [fold(one.text, language) for one in learned[language]]
        alike = process.cdist(texts, asked, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8)
        for place in np.flatnonzero(alike.any(axis=1)).tolist():
            one = learned[language][place]
            yield one.finding(
                f'"{one.text}" is a question of evaluation/, or nearly; that measures us, so take it out here'
            )


@dataclass(frozen=True, slots=True)
class _Learned:
    """A text that the search learns from; its line ends with `ending`."""

    language: str
    owner: str
    text: str
    path: Path
    ending: str

    def finding(self, words: str) -> Finding:
        return Finding(self.path, line_of(self.path, self.ending), words)


def _phrasings_of(folder: Folder) -> Iterator[_Learned]:
    for entry in folder.entries.values():
        for language, text in entry.texts.items():
            for phrasing in text.phrasings:
                yield _Learned(language, entry.id, phrasing, folder.documents[entry.id], f"> {phrasing}")
    for one in folder.stock.utterances:
        path = folder.beside / "utterances" / f"{one.language}.tsv"
        yield _Learned(one.language, one.entry, one.text, path, f"{one.entry}\t{one.text}")


def _negatives_of(folder: Folder, *kinds: str) -> Iterator[_Learned]:
    for one in folder.stock.negatives:
        if not kinds or one.kind in kinds:
            path = folder.beside / "negatives" / f"{one.language}.tsv"
            yield _Learned(one.language, f"negatives: {one.kind}", one.text, path, f"\t{one.text}")


def _trials_of(folder: Folder) -> Iterator[_Learned]:
    for one in folder.stock.trials:
        if one.form != TALK:
            path = folder.beside / "trials" / f"{one.language}.tsv"
            yield _Learned(one.language, "|".join(one.expect), one.text, path, f"\t{one.text}")


def _crises_of(folder: Folder) -> Iterator[_Learned]:
    for one in folder.stock.crises:
        path = folder.beside / "crises" / f"{one.language}.tsv"
        yield _Learned(one.language, one.entry or "-", one.text, path, f"\t{one.text}")


def _utterances(folder: Folder) -> Iterator[Finding]:
    # Entries that trials ask for are still to be written; until then nothing answers their utterances.
    known = folder.entries.keys() | {entry for trial in folder.stock.trials for entry in trial.expect}
    for one in folder.stock.utterances:
        path = folder.beside / "utterances" / f"{one.language}.tsv"
        found = [*wrong_phrasing(one.text, one.language), *mixed_words(one.text)]
        if one.entry not in known:
            found.append(f"there is no entry {one.entry}; mend the id or take the line out")
        for words in found:
            yield Finding(path, line_of(path, f"{one.entry}\t{one.text}"), words)


def _crises(folder: Folder) -> Iterator[Finding]:
    for one in folder.stock.crises:
        if one.entry is not None and one.entry not in folder.entries:
            path = folder.beside / "crises" / f"{one.language}.tsv"
            words = (
                f"there is no entry {one.entry}; mend the id, or write - for what only looks like a crisis"
            )
            yield Finding(path, line_of(path, f"{one.entry}\t{one.text}"), words)


def _urgent(folder: Folder) -> Iterator[Finding]:
    path = folder.beside / "urgent.toml"
    for rule in folder.stock.urgent:
        line = line_of(path, f'entry = "{rule.entry}"')
        if rule.entry not in folder.entries:
            yield Finding(path, line, f"there is no entry {rule.entry}; mend the id or take the rule out")
        for language, strings in rule.words.items():
            for string in strings:
                if len(fold(string, language)) < SHORTEST_BEGINNING:
                    words = f'"{string}" ({language}) is too short; it would be found everywhere'
                    yield Finding(path, line, words)


def _glossary(folder: Folder) -> Iterator[Finding]:
    path = folder.beside / "glossary.toml"
    seen: dict[tuple[str, str], int] = {}
    for number, synonyms in enumerate(folder.stock.glossary):
        for word in synonyms.words:
            folded = fold(word, synonyms.language)
            line = line_of(path, f'{synonyms.language} = ["{synonyms.words[0]}"', at_start=True)
            if len(folded) < SHORTEST_SYNONYM:
                yield Finding(path, line, f'"{word}" ({synonyms.language}) is too short; take it out')
            elif (before := seen.setdefault((synonyms.language, folded), number)) != number:
                other = folder.stock.glossary[before].words[0]
                words = f'"{word}" ({synonyms.language}) stands in the term of "{other}" too'
                yield Finding(path, line, f"{words}; it can mean only one")


def line_of(path: Path, part: str, *, at_start: bool = False) -> int:
    """The last line that ends, or begins, so: of two that are the same, the one that repeats."""
    lines = path.read_text(encoding="utf-8").splitlines()
    is_it = str.startswith if at_start else str.endswith
    return max(
        (number for number, line in enumerate(lines, 1) if is_it(line.strip(), part.strip())), default=1
    )
