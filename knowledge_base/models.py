"""Linear models: kept in files by what they were learned from, and trained in a process of their own."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from knowledge_base.folds import Folds
from knowledge_base.linear import Linear, train

log = logging.getLogger(__name__)

CACHE: Final = Path("var") / "search"
"""Where models are kept, seen from the project's folder."""

KEPT: Final = 30
"""So many are kept, those that were used last: a few generations of each language's."""

POLITENESS: Final = 10
"""Learning lets everything else on the machine go first."""

LONGEST: Final = 600.0
"""Seconds that learning may take."""

_FORMAT: Final = "3"
_ROOT: Final = Path(__file__).parent.parent


class NotLearned(Exception):
    """The process that learns failed; the message says how."""


@dataclass(frozen=True)
class Lesson:
    """Folded texts and the label that each of them bears; `name` says what for."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, name: str, rows: Iterable[tuple[str, str]]) -> Lesson:
        """A lesson from pairs of text and label."""
        pairs = tuple(rows)
        return cls(name, tuple(text for text, _ in pairs), tuple(label for _, label in pairs))

    @property
    def rows(self) -> Iterable[tuple[str, str]]:
        """Each text with its label."""
        return zip(self.texts, self.labels, strict=True)

    @property
    def worthwhile(self) -> bool:
        """There is something to tell apart."""
        return len(set(self.labels)) > 1

    @cached_property
    def key(self) -> str:
        """The same for the same lesson."""
        content = json.dumps([_FORMAT, self.texts, self.labels], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


class Models:
    """The models in a folder, found by their lessons; `folds` are the folded texts there."""

    def __init__(self, folder: Path = CACHE) -> None:
        self._folder = folder
        self.folds = Folds(folder)
        self._held: dict[str, tuple[Lesson, Linear]] = {}
        """By name of lesson, the last that was found."""
        self._apart: subprocess.Popen[str] | None = None
        self.stopped = False

    def find(self, lesson: Lesson) -> Linear | None:
        """The model of a lesson; until it is learned, that of the last lesson of the same name."""
        self.has(lesson)
        held = self._held.get(lesson.name)
        return held[1] if held else None

    def has(self, lesson: Lesson) -> bool:
        """Whether this very lesson was learned."""
        held = self._held.get(lesson.name)
        if held and held[0].key == lesson.key:
            return True
        path = self._path(lesson)
        try:
            self._held[lesson.name] = lesson, Linear.unpacked(path.read_bytes())
        except FileNotFoundError:
            return False
        except (ValueError, KeyError, EOFError, OSError, RuntimeError, zipfile.BadZipFile) as error:
            log.warning("%s cannot be used and is learned anew: %s", path, error)
            return False
        with suppress(OSError):
            path.touch()
        return True

    def learn(self, lessons: Iterable[Lesson]) -> None:
        """Learn what is not known yet, here and now; it takes about a second for 2,000 texts."""
        for lesson in lessons:
            if not self.has(lesson):
                model = train(lesson.texts, lesson.labels)
                self._held[lesson.name] = lesson, model
                self._keep(lesson, model.packed())

    def learn_apart(self, lessons: Sequence[Lesson]) -> None:
        """Learn in another process, so that this one goes on undisturbed; call it from a thread.

        Raises:
            NotLearned: that process failed, or could not keep what it learned.
        """
        written = json.dumps([[lesson.name, lesson.texts, lesson.labels] for lesson in lessons])
        command = [sys.executable, "-m", "knowledge_base.models", str(self._folder.absolute())]
        pipe = subprocess.PIPE
        try:
            with subprocess.Popen(  # noqa: S603 (our own module, nothing of it from outside)
                command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=_ROOT
            ) as process:
                self._apart = process
                if self.stopped:
                    process.kill()
                try:
                    _, complaint = process.communicate(written, timeout=LONGEST)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
                finally:
                    self._apart = None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotLearned(str(error)) from error
        if process.returncode:
            raise NotLearned(f"status {process.returncode} {_last_line(complaint)}".strip())
        if not all(self.has(lesson) for lesson in lessons):
            raise NotLearned(_last_line(complaint) or f"nothing was kept in {self._folder}")

    def stop(self) -> None:
        """Learn no more: what another process is at is given up."""
        self.stopped = True
        if apart := self._apart:
            apart.kill()

    def _path(self, lesson: Lesson) -> Path:
        return self._folder / f"{lesson.key}.npz"

    def _keep(self, lesson: Lesson, packed: bytes) -> None:
        path = self._path(lesson)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(packed)
            part.replace(path)
            old = sorted(self._folder.glob("*.npz"), key=lambda each: each.stat().st_mtime, reverse=True)[
                KEPT:
            ]
            for each in old:
                each.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be kept and will have to be learned again: %s", path, error)


def _last_line(text: str) -> str:
    return next(reversed(text.strip().splitlines()), "")


def main() -> None:
    """Learn the lessons that standard input holds, into the folder that is named."""
    os.nice(POLITENESS)
    lessons = [Lesson(name, tuple(texts), tuple(labels)) for name, texts, labels in json.load(sys.stdin)]
    Models(Path(sys.argv[1])).learn(lessons)


if __name__ == "__main__":
    main()
