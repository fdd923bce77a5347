"""Folded texts, kept in a file: folding all that is known takes longer than reading it."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from knowledge_base import fold as method
from knowledge_base.fold import fold

log = logging.getLogger(__name__)


class Folds:
    """What texts fold to, by language; a file of another method of folding is another file."""

    def __init__(self, folder: Path) -> None:
        version = hashlib.sha256(Path(method.__file__).read_bytes()).hexdigest()[:16]
        self._path = folder / f"folds-{version}.json"
        self._known: dict[str, dict[str, str]] | None = None
        self._kept = True

    def of(self, text: str, language: str) -> str:
        """The skeleton of a text."""
        if self._known is None:
            self._known = self._read()
        known = self._known.setdefault(language, {})
        if (folded := known.get(text)) is None:
            folded = known[text] = fold(text, language)
            self._kept = False
        return folded

    def keep(self) -> None:
        """Write what is new to the file, and take away the files of other methods."""
        if self._kept:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(self._known, ensure_ascii=False), encoding="utf-8")
            part.replace(self._path)
            for other in self._path.parent.glob("folds-*.json"):
                if other != self._path:
                    other.unlink(missing_ok=True)
            self._kept = True
        except OSError as error:
            log.warning("%s cannot be kept and will have to be made again: %s", self._path, error)

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
            if all(
                isinstance(text, str) and isinstance(folded, str)
                for texts in known.values()
                for text, folded in texts.items()
            ):
                return dict(known)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            log.warning("%s cannot be used and is made anew: %s", self._path, error)
        return {}
