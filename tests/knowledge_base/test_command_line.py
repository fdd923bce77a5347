import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.knowledge_base import examples

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "knowledge_base"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return examples.folder(tmp_path_factory.mktemp("kb"))


def run(*arguments: object, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=ENVIRONMENT | environment,
        timeout=60,
    )


def test_ask_explains(entries: Path) -> None:
    result = run("ask", "open an NGO", "--entries", entries)
    shown = result.stdout.decode()
    assert result.returncode == 0
    assert shown.startswith("answered: register-ngo\nlanguage: en\n")
    assert "probability" in shown


def test_ask_for_programs(entries: Path) -> None:
    result = run("ask", "გრანტი იბეგრება?", "--json", "--lang", "ka", "--entries", entries)
    answer = json.loads(result.stdout)
    assert result.returncode == 0
    assert answer.pop("score") > 0.9
    assert answer["ranked"][0] == "grant-tax"
    assert len(answer.pop("ranked")) <= 3
    assert answer == {
        "outcome": "answered",
        "entry": "grant-tax",
        "suggestions": [],
        "lang": "ka",
        "urgent": False,
    }


def test_ask_answers_each_line_in_order_and_marks_bad_ones(entries: Path) -> None:
    lines = [
        {"text": "salam", "lang": None},
        {"text": "the house is on fire"},
        {"text": 3},
        {"text": "x", "lang": "tr"},
        {"text": "zzzz qqqq", "lang": "ru"},
    ]
    given = b"\n".join([*(json.dumps(line).encode() for line in lines), b"\xff", b"[" * 5000, b""])
    result = run("ask", "--json", "--stdin", "--entries", entries, given=given)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 2
    assert [answer.get("outcome", "error") for answer in answers][2:] == [
        "error",
        "error",
        "unanswered",
        "error",
        "error",
    ]
    assert answers[0]["outcome"] == "smalltalk"
    assert answers[0]["entry"] is None
    assert answers[1]["urgent"] is True
    assert set(answers[4]) == {"outcome", "entry", "suggestions", "ranked", "lang", "score", "urgent"}


def test_each_answer_is_out_before_the_next_line_is_in(entries: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "--json", "--stdin", "--entries", str(entries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text, entry in [("open an ngo", "register-ngo"), ("peticia rogor shevitanot", "petition")]:
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["ranked"][0] == entry
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_suggestions_follow_the_thresholds(entries: Path) -> None:
    thresholds = {"HOTLINE_SEARCH_ANSWER_AT": "1", "HOTLINE_SEARCH_SUGGEST_AT": "0.01"}
    answer = json.loads(
        run("ask", "signatures for a petition", "--json", "--entries", entries, **thresholds).stdout
    )
    assert (answer["outcome"], answer["entry"]) == ("suggested", None)
    assert answer["suggestions"] == answer["ranked"]
    assert answer["suggestions"][0] == "petition"


def test_evaluate(entries: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.tsv"
    questions.write_text(
        "expect\tlang\tform\tquery\nregister-ngo\ten\tplain\topen an ngo\n", encoding="utf-8"
    )
    figures = json.loads(run("evaluate", questions, "--entries", entries, "--json").stdout)
    assert figures["in_scope"][-1]["answered_right"] == 1
    assert b"in scope" in run("evaluate", questions, "--entries", entries).stdout


def test_check_exits_with_1_on_findings(entries: Path) -> None:
    result = run("check", "--entries", entries)
    assert result.returncode == 1
    assert f"{entries}/all/petition.md:1: " in result.stdout.decode()


def test_format_makes_documents_canonical(tmp_path: Path) -> None:
    path = examples.folder(tmp_path)
    document = path / "all" / "petition.md"
    written = document.read_text(encoding="utf-8")
    document.write_text(written.replace("\n\n", "\n\n\n"), encoding="utf-8")
    result = run("format", "--entries", path)
    assert result.stdout.decode().splitlines() == [str(document)]
    assert document.read_text(encoding="utf-8") == written
    assert run("format", "--entries", path).stdout == b""


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["ask"], {}, "ask what? Write the message after ask, in quotes"),
        (["ask", "--stdin"], {}, "ask --stdin goes with --json and without a text"),
        (["ask", "a", "--entries", "/no/such"], {}, "/no/such is not a folder of entries"),
        (
            ["evaluate", "/no/such.tsv"],
            {},
            "/no/such.tsv: [Errno 2] No such file or directory: '/no/such.tsv'",
        ),
        (
            ["ask", "a"],
            {"HOTLINE_SEARCH_ANSWER_AT": "7"},
            "[search] answer_at is a number from 0 to 1, such as 0.5, not 7",
        ),
    ],
)
def test_a_mistake_is_one_plain_line(arguments: list[str], environment: dict[str, str], words: str) -> None:
    result = run(*arguments, **environment)
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode().splitlines() == [words]


def test_unknown_arguments_are_one_plain_line() -> None:
    result = run("answer")
    assert result.returncode == 2
    assert len(result.stderr.decode().splitlines()) == 1


def test_a_broken_entry_is_told_and_nothing_is_answered(tmp_path: Path) -> None:
    path = examples.folder(tmp_path)
    (path / "all" / "broken.md").write_text("# xx:\nwords\n", encoding="utf-8")
    result = run("ask", "a", "--entries", path)
    assert result.returncode == 2
    assert result.stderr.decode().startswith(f"{path}/all/broken.md:1: this heading names no language")


def test_who_has_seen_enough_of_the_output_is_no_failure(entries: Path) -> None:
    given = b'{"text": "grant"}\n' * 3000
    with subprocess.Popen(
        [*COMMAND, "ask", "--json", "--stdin", "--entries", str(entries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=ENVIRONMENT,
        bufsize=0,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(given[:200])
        assert process.stdout.read(1)
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.write(given)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_due_names_what_is_behind(tmp_path: Path) -> None:
    document = tmp_path / "entries" / "all" / "one.md"
    document.parent.mkdir(parents=True)
    document.write_text(
        "+++\nreview_in_months = 1\n[updated]\nen = 2020-01-02\nka = 2020-01-01\n[reviewed]\n"
        'en = { on = 2020-01-02, by = "N. B." }\n+++\n\n# en: One?\n\nYes.\n\n# ka: ერთი?\n\nდიახ.\n'
    )
    result = run("due", "--entries", document.parents[1])
    assert result.returncode == 0
    assert result.stdout.decode().splitlines() == [
        "all/one: behind the newest text: ka",
        "all/one: not yet reviewed by a lawyer: ka",
        "all/one: to be reviewed again: en",
    ]
