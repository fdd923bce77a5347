"""Questions whose answers are known, in tab-separated files: to measure a library by, or to learn from."""

from __future__ import annotations

from dataclasses import dataclass, field

COLUMNS = ("expect", "lang", "form", "query")
NOTHING = "-"


class QuestionsError(Exception):
    """The file of questions cannot be used; the message says which line and why."""

    def __init__(self, line: int, mistake: str) -> None:
        super().__init__(f"line {line}: {mistake}")
        self.line, self.mistake = line, mistake


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody may type; `expect` holds the entries that are right, and `-` where silence is.

    `line` is where it stands in its file.
    """

    expect: tuple[str, ...]
    language: str
    form: str
    text: str
    line: int = field(default=0, compare=False)


def read_questions(text: str) -> list[Question]:
    """Questions from a tab-separated file with a header.

    Raises:
        QuestionsError: the header or a line is not as it should be.
    """
    header, *lines = text.removeprefix("\ufeff").splitlines() or [""]
    names = header.split("\t")
    if missing := [name for name in COLUMNS if name not in names]:
        raise QuestionsError(1, f"the header lacks {', '.join(missing)}; it needs {' '.join(COLUMNS)}")
    questions = []
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(names):
            raise QuestionsError(number, f"{len(cells)} columns where the header has {len(names)}")
        row = dict(zip(names, cells, strict=True))
        expect = tuple(part for part in row["expect"].split("|") if part)
        if not expect:
            raise QuestionsError(number, "expect is empty; write entry ids joined by |, or -")
        questions.append(Question(expect, row["lang"], row["form"], row["query"], number))
    return questions
