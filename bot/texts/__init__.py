"""Everything a person reads: `*.toml` beside this file, all languages of a text under its key."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Text key → language → text with `str.format` placeholders, as Telegram HTML."""
    texts: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in texts:
                raise ValueError(f"{path.name}: the text {key} stands in another file too")
            texts[key] = text
    return texts


def text(key: str, language: str) -> str:
    return catalogue()[key][language]
