"""What the fuzz lane once found, made small: nothing of it comes back. And the lane itself sees what it is to see."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from fuzzing.__main__ import Kept, _campaign
from fuzzing.cases import Case, read_case
from fuzzing.drawing import draw
from fuzzing.execution import Problem, execute
from fuzzing.minimising import Minimiser
from fuzzing.reports import faults
from fuzzing.watching import Worker

CORPUS = Path(__file__).resolve().parent.parent / "fuzzing" / "corpus"


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json")), ids=lambda path: path.stem)
def test_entry(path: Path) -> None:
    outcome = execute(read_case(path))
    # how long a run takes says as much of the machine as of the project
    assert [problem for problem in outcome.problems if problem.kind != "slow"] == []


@pytest.mark.parametrize(
    ("command", "report", "fault"),
    [
        (("check",), "train.py:1:1: TRN104 a\x1b[31m", "prints U+001B"),
        (("check",), "train.py:1:1: TRN104 a\n::error::b", "prints a runner's command"),
        (("check",), "train.py:1:1: TRN104 a ##[error]b", "prints a runner's command"),
        (("check",), "train.py: TRN104", "a line that is no finding"),
        (("check", "--format", "json"), "[{]", "no json: JSONDecodeError"),
        (("check", "--format", "junit"), '<testsuites name="\x01"/>', "no junit: ParseError"),
        (("check", "--format", "github"), "train.py:1:1: TRN104 a", "a line that is no command"),
        (("graph", "--format", "dot"), 'digraph { "a"" }', "a quote or a bracket too many"),
        (("graph", "--format", "mermaid"), "flowchart LR\n%%{init: {}}%%", "a directive"),
    ],
)
def test_broken_report_is_seen(command: tuple[str, ...], report: str, fault: str) -> None:
    assert fault in faults(command, report, {"train.py": 1})


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (["timeout"], [], 0),
        (["slow"], [], 0),
        (["slow"], ["slow"], 1),
        (["timeout"], ["slow"], 1),
        (["slow", "report"], [], 1),
        (["report"], [], 1),
    ],
)
def test_a_slow_run_counts_if_it_is_slow_again(
    first: list[str], second: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([first, second])

    class Fake(Worker):
        def __init__(self, python: str, hash_seed: int = 0) -> None:
            self.seconds = 0.0

        def end(self) -> tuple[str, str]:
            return "", ""

        def run(self, request: dict[str, Any]) -> dict[str, Any]:
            if request.get("show"):
                return {"case": Case("test", {"a.py": b""}).to_json()}
            kinds = next(answers, []) if "number" in request else []
            return {"problems": [Problem(kind, "what") for kind in kinds], "slowest": 0.0, "digest": ""}

    worker = Fake(sys.executable)
    monkeypatch.setattr("fuzzing.__main__.Worker", Fake)
    assert _campaign(Kept(worker, 1, tmp_path, 1), sys.executable, 0.05) == code


def test_crash_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise OverflowError("too large")

    monkeypatch.setattr("training_alignment.commands.steps", broken)
    outcome = execute(Case("test", {"a.py": b""}, {}, (), (("steps",),)))
    assert [problem.kind for problem in outcome.problems] == ["crash"]
    assert "OverflowError" in outcome.problems[0].what


def test_the_same_number_is_the_same_input() -> None:
    for number in range(20):
        assert draw(7, number) == draw(7, number)
    assert draw(7, 0) != draw(8, 0)


def test_failure_is_made_small() -> None:
    files = {"a.py": b"one\ntwo\nthree = 'needle' + 1\nfour\n" * 3, "b.py": b"x\n" * 50}

    def fails(case: Case) -> bool:
        return any(b"needle" in content for content in case.files.values())

    small = Minimiser(fails, 1000).smaller(
        Case("test", files, {"l": "a.py"}, ("a.py", "b.py"), (("steps",),))
    )
    assert small.files == {"a.py": b"needle"}
    assert (len(small.scripts) + len(small.commands), small.links) == (1, {})


def test_case_survives_being_kept(tmp_path: Path) -> None:
    case = Case("test", {"a\udcff.py": b"\xff\x00caf\xc3\xa9"}, {"l": "a"}, ("a.py",), (("check", "--all"),))
    assert Case.from_json(case.to_json()) == case
