"""Folded texts are kept from one start to the next."""

from pathlib import Path

import pytest

from knowledge_base.fold import fold
from knowledge_base.folds import Folds

TEXTS = [("ka", "გრანტი იბეგრება?"), ("az", "QHT necə açılır"), ("en", "Grant")]


def kept(folder: Path) -> Path:
    folds = Folds(folder)
    for language, text in TEXTS:
        assert folds.of(text, language) == fold(text, language)
    folds.keep()
    return next(folder.glob("folds-*.json"))


def test_what_was_kept_is_read_and_not_folded_again(tmp_path: Path) -> None:
    path = kept(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace('"grant"', '"as written there"'), encoding="utf-8"
    )
    assert Folds(tmp_path).of("Grant", "en") == "as written there"


@pytest.mark.parametrize("broken", [b"", b"\xff", b"[]", b'{"en": 3}', b'{"en": {"Grant": 3}}'])
def test_a_broken_file_is_made_anew(tmp_path: Path, broken: bytes) -> None:
    path = kept(tmp_path)
    path.write_bytes(broken)
    folds = Folds(tmp_path)
    assert folds.of("Grant", "en") == "grant"
    folds.keep()
    assert Folds(tmp_path).of("Grant", "en") == "grant"
    assert path.stat().st_size > 10


def test_files_of_other_methods_go(tmp_path: Path) -> None:
    other = tmp_path / "folds-0123.json"
    other.write_text("{}")
    kept(tmp_path)
    assert not other.exists()


def test_a_place_that_cannot_be_written_is_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    folds = Folds(tmp_path / "file" / "search")
    assert folds.of("Grant", "en") == "grant"
    folds.keep()
    assert "cannot be kept" in caplog.text
