"""The command line: check, due, ask, evaluate, format."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from knowledge_base.check import check
from knowledge_base.document import render
from knowledge_base.due import due
from knowledge_base.entry import UNDERSTOOD
from knowledge_base.evaluate import measure, report, table
from knowledge_base.explain import explained
from knowledge_base.folder import ENTRIES, Folder
from knowledge_base.outcome import Answered, Outcome, Suggested
from knowledge_base.questions import QuestionsError, read_questions
from knowledge_base.search import Library
from knowledge_base.settings import SearchSettings, SettingsError

SUCCESS, FOUND, MISTAKE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Says a mistake in one plain line."""

    def error(self, message: str) -> NoReturn:
        _refuse([f"{message}; see {self.prog} --help"])


def main() -> None:
    # Who stops a command is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(SUCCESS))
    options = _parser().parse_args()
    try:
        status = options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = SUCCESS
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m knowledge_base", description="The answers: check them, ask them, measure them."
    )
    commands = parser.add_subparsers(required=True, metavar="check | due | ask | evaluate | format")
    common = _Parser(add_help=False)
    common.add_argument(
        "--entries", type=Path, default=ENTRIES, metavar="DIR", help="another folder of entries"
    )

    command = commands.add_parser("check", parents=[common], help="say all that is wrong with the documents")
    command.set_defaults(command=_check)

    command = commands.add_parser("due", parents=[common], help="what to translate and to review next")
    command.set_defaults(command=_due)

    command = commands.add_parser("ask", parents=[common], help="what a message would be answered, and why")
    command.add_argument("text", nargs="?", help="the message")
    command.add_argument("--lang", choices=UNDERSTOOD, help="the language that the person has chosen")
    command.add_argument("--json", action="store_true", help="for programs")
    command.add_argument("--stdin", action="store_true", help="with --json: one JSON line a message")
    command.set_defaults(command=_ask)

    command = commands.add_parser(
        "evaluate", parents=[common], help="measure on questions with known answers"
    )
    command.add_argument("file", type=Path, metavar="FILE.tsv", help="columns expect, lang, form, query")
    command.add_argument("--json", action="store_true", help="for programs")
    command.set_defaults(command=_evaluate)

    command = commands.add_parser("format", parents=[common], help="write all documents in canonical form")
    command.set_defaults(command=_format)
    return parser


def _check(options: argparse.Namespace) -> int:
    findings = check(_read(options.entries))
    for finding in findings:
        print(finding)
    return FOUND if findings else SUCCESS


def _due(options: argparse.Namespace) -> int:
    for line in due(_read(options.entries).entries.values(), dt.datetime.now(dt.UTC).date()):
        print(line)
    return SUCCESS


def _ask(options: argparse.Namespace) -> int:
    if options.stdin:
        if options.text is not None or not options.json:
            _refuse(["ask --stdin goes with --json and without a text"])
        return _answer_lines(_library(options.entries))
    if options.text is None:
        _refuse(["ask what? Write the message after ask, in quotes"])
    library = _library(options.entries)
    if options.json:
        print(_as_json(library.search(options.text, options.lang)))
    else:
        print(explained(library, library.explain(options.text, options.lang)))
    return SUCCESS


def _answer_lines(library: Library) -> int:
    status = SUCCESS
    for line in sys.stdin.buffer:
        try:
            text, language = _request(line)
        except (ValueError, RecursionError) as error:
            status = MISTAKE
            print(json.dumps({"error": str(error)}), flush=True)
        else:
            print(_as_json(library.search(text, language)), flush=True)
    return status


def _request(line: bytes) -> tuple[str, str | None]:
    """Text and chosen language of a JSON line.

    Raises:
        ValueError: the line is something else.
    """
    match json.loads(line):
        case {"text": str(text), "lang": None | "en" | "ka" | "az" | "hy" | "ru" as language}:
            return text, language
        case {"text": str(text), **rest} if "lang" not in rest:
            return text, None
        case _:
            raise ValueError('a line is {"text": "…", "lang": null or one of ' + ", ".join(UNDERSTOOD) + "}")


def _evaluate(options: argparse.Namespace) -> int:
    try:
        questions = read_questions(options.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, QuestionsError) as error:
        _refuse([f"{options.file}: {error}"])
    figures = report(measure(_library(options.entries), questions))
    print(json.dumps(figures, ensure_ascii=False, indent=1) if options.json else table(figures))
    return SUCCESS


def _format(options: argparse.Namespace) -> int:
    folder = _read(options.entries)
    for id_, path in folder.documents.items():
        canonical = render(folder.entries[id_])
        if path.read_text(encoding="utf-8") != canonical:
            path.write_text(canonical, encoding="utf-8")
            print(path)
    unread = [finding for finding in folder.findings if finding.path.suffix == ".md"]
    for finding in unread:
        print(finding, file=sys.stderr)
    return FOUND if unread else SUCCESS


def _library(path: Path) -> Library:
    folder = _read(path)
    if folder.findings:
        _refuse(folder.findings)
    try:
        settings = SearchSettings.read()
    except SettingsError as error:
        _refuse(error.mistakes)
    return Library.build(folder.entries.values(), folder.stock, settings)


def _read(path: Path) -> Folder:
    try:
        return Folder.read(path)
    except NotADirectoryError:
        _refuse([f"{path} is not a folder of entries"])


def _as_json(outcome: Outcome) -> str:
    reading = outcome.reading
    answer: dict[str, Any] = {
        "outcome": type(outcome).__name__.lower(),
        "entry": outcome.entry if isinstance(outcome, Answered) else None,
        "suggestions": outcome.entries if isinstance(outcome, Suggested) else (),
        "ranked": [match.entry for match in reading.ranked],
        "lang": reading.language,
        "score": round(reading.score, 4),
        "urgent": reading.urgent is not None,
    }
    return json.dumps(answer, ensure_ascii=False)


def _refuse(mistakes: Iterable[object]) -> NoReturn:
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    sys.exit(MISTAKE)


if __name__ == "__main__":
    main()
