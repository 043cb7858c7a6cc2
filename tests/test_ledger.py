"""The ledger of verdicts: reasons and places of unknown answers, their numbers, and their report."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from training_alignment.check_options import FORMATS

from flake8_training.checker import run
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.values.evaluator import Evaluator
from flake8_training.engine.values.unknown_values import stop_of
from flake8_training.engine.values.values import UNKNOWN, Constant, Unknown, Values, distinct
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import (
    Reason,
    Suppression,
    Totals,
    collecting,
    not_collecting,
    note_question,
    note_suppressed,
    note_unknown,
    reported_as,
)
from flake8_training.rules.rule import Example, Rule
from flake8_training.script import Script, read
from tests.alignment import training_alignment
from tests.harness import flake8, write
from tests.in_process import run_command

SCRIPT = """\
import argparse
import os
import pandas as pd
from sklearn.linear_model import LogisticRegression
from company.toolbox import finish

parser = argparse.ArgumentParser()
parser.add_argument("--C", type=float, default=1.0)
args = parser.parse_args()
data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
model = LogisticRegression(C=args.C).fit(data[["a"]], data["y"])
print("accuracy:", model.score(test[["a"]], test["y"]))
finish(model)
"""


class Probe(Rule[Script]):
    """A rule that notes what the test wants."""

    code = "TRN199"
    severity = Severity.WARNING
    summary = "a probe"
    why = "For the tests."
    bad = good = Example("")

    def __init__(self, *lines: int, weak: bool = False, questions: int = 0, findings: int = 0) -> None:
        self.lines, self.weak, self.questions, self.findings = lines, weak, questions, findings

    def check(self, script: Script, /) -> Iterator[Finding]:
        """Note the lines as unknown, and yield the findings."""
        note_question(self.questions)
        for line in self.lines:
            note_unknown(Reason.MAPPING, line, weak=self.weak)
        for line in range(self.findings):
            yield self.finding(script, line + 1)


def script(text: str = "x = 1\n") -> Script:
    return read(ast.parse(text), "train.py", text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("probe", "totals"),
    [
        (Probe(), Totals(0, 1, 0)),
        (Probe(findings=1), Totals(1, 0, 0)),
        (Probe(3), Totals(0, 0, 1)),
        (Probe(3, 3, 4), Totals(0, 0, 2)),
        (Probe(3, findings=1), Totals(1, 0, 1)),
        (Probe(3, findings=1, weak=True), Totals(1, 0, 0)),
        (Probe(3, weak=True), Totals(0, 0, 1)),
        (Probe(questions=5), Totals(0, 5, 0)),
        (Probe(3, questions=5, findings=2), Totals(2, 2, 1)),
    ],
)
def test_each_question_has_one_verdict(probe: Probe, totals: Totals) -> None:
    with collecting() as ledger:
        run(probe, script(), "train.py")
    assert ledger.totals == totals
    run(probe, script(), "train.py")
    assert ledger.totals == totals, "nothing is collected afterwards"


def test_a_subject_that_is_checked_twice_is_one_question() -> None:
    with collecting() as ledger:
        run(Probe(findings=1), script(), "train.py")
        run(Probe(findings=1), script(), "train.py")
        with reported_as("other.py", "step"):
            run(Probe(2), script(), "train.py")
        with not_collecting():
            run(Probe(5), script(), "train.py")
    assert ledger.totals == Totals(1, 0, 1)
    (found,) = ledger.unanswered
    assert (found.subject, found.step, found.path, found.line) == ("other.py", "step", "other.py", 2)


def test_a_suppression_is_named_and_fine() -> None:
    class Silent(Probe):
        """A rule that is silent on purpose."""

        def check(self, script: Script, /) -> Iterator[Finding]:
            """Note the evidence."""
            note_suppressed(Suppression.CAUGHT, script.tree.body[0], what="a\x1b[31m")
            yield from ()

    with collecting() as ledger:
        run(Silent(), script(), "train.py")
    (found,) = ledger.suppressed
    assert (found.code, found.line, found.reason, found.what) == (
        "TRN199",
        1,
        Suppression.CAUGHT,
        "a\\x1b[31m",
    )
    assert ledger.totals == Totals(0, 1, 0)


def values(text: str) -> tuple[Values, Unknown]:
    """Return the values of the last expression of a program, and what stops it."""
    tree = ast.parse(text)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    with collecting():
        evaluator = Evaluator(Program(tree, ""))
    found = evaluator.values(last.value, evaluator.program.entry.top)
    return found, stop_of(found, last.value, "")


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("def f(a):\n    return a\n\nf(g)", Reason.DYNAMIC, 4),
        ("import company\nx = company.load()\nx", Reason.CODE, 2),
        ("import company\nd = {'a': 1}\nd.update(company.load())\nd['b']", Reason.CODE, 3),
        ("d = {'a': 1}\nd.get('b')", Reason.MAPPING, 2),
        ("import os\nx = f\"{os.environ['HOME']}/a\"\nx", Reason.OUTSIDE, 3),
        ("x = [1, 2]\ny = x < [3]\ny", Reason.COMPUTED, 2),
        ("import random\nx = 'a' if random.random() else 'b'\nx", Reason.SEVERAL, 3),
        ("def f(name):\n    return getattr(f, name)\nf(input())", Reason.DYNAMIC, 2),
    ],
)
def test_an_unknown_value_has_a_reason_and_a_place(text: str, reason: Reason, line: int) -> None:
    _, stop = values(text)
    assert (stop.reason, stop.line) == (reason, line)


def test_unknown_values_are_equal_and_a_union_keeps_the_first() -> None:
    first, second = Unknown(Reason.CODE, "a.py", 1), Unknown(Reason.BUDGET, "b.py", 2)
    assert first == second == UNKNOWN
    assert UNKNOWN in (Constant(1), first)
    (kept,) = distinct((first, second))
    assert kept is first


def test_the_command_shows_what_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT, "launch.py": LAUNCHER})
    plain = training_alignment("check", "--root", ".", folder=tmp_path)
    shown = training_alignment("check", "--root", ".", "--show-unknown", folder=tmp_path)
    assert "Unknown" not in plain.output
    assert shown.exit_code == plain.exit_code
    assert "  train.py\n    line 14  code not available" in shown.output
    row = next(line for line in shown.output.splitlines() if line.startswith("    line 14  code not"))
    assert "TRN104" in row
    *_, last = shown.output.splitlines()
    assert last.endswith(" unknown")
    assert " questions: " in last


LAUNCHER = """\
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    role="arn:aws:iam::123456789012:role/training",
    instance_type="ml.m5.large",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
)
estimator.fit({"train": "s3://b/train", "test": "s3://b/test"})
"""


def test_the_json_report_holds_findings_and_verdicts(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT, "launch.py": LAUNCHER})
    run = training_alignment(
        "check", "--root", ".", "--show-unknown", "--format", "json", "--select", "TRN104", folder=tmp_path
    )
    assert run.data == {
        "findings": [],
        "unknown": [
            {
                "code": "TRN104",
                "file": "train.py",
                "step": "",
                "path": "train.py",
                "line": 14,
                "reason": "code not available",
                "what": "",
            }
        ],
        "suppressed": [],
        "totals": {"questions": 1, "reported": 0, "fine": 0, "unknown": 1},
    }


def test_a_place_in_a_local_module_names_the_module(tmp_path: Path) -> None:
    text = SCRIPT.replace("from company.toolbox import finish", "from ending import finish")
    ending = "import company.toolbox\n\ndef finish(model):\n    company.toolbox.run(model)\n"
    write(tmp_path, {"train.py": text, "ending.py": ending, "launch.py": LAUNCHER})
    run = training_alignment("check", "--root", ".", "--show-unknown", "--select", "TRN104", folder=tmp_path)
    assert "    ending.py line 4  code not available  TRN104" in run.output


@pytest.mark.parametrize("style", [style for style in FORMATS if style not in ("text", "json")])
def test_other_formats_have_no_verdicts(style: str, tmp_path: Path) -> None:
    run = training_alignment("check", "--root", ".", "--show-unknown", "--format", style, folder=tmp_path)
    assert run.exit_code == 2
    assert style in run.errors


def test_nothing_to_check_is_no_question(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "# Nothing\n"})
    run = training_alignment("check", "README.md", "--show-unknown", folder=tmp_path)
    assert run.output == "0 questions: 0 reported, 0 fine, 0 unknown\n"


NOTES = {
    "arguments of an estimator": (
        {"launch.py": LAUNCHER.replace('    py_version="py3",\n', "    **settings(),\n"), "train.py": SCRIPT},
        ("TRN402", "launch.py", 3, "open mapping", "training_recipe"),
    ),
    "a value of an option": (
        {
            "launch.py": "import sys\n" + LAUNCHER.replace('"ml.m5.large"', "sys.argv[1]"),
            "train.py": SCRIPT,
        },
        ("TRN211", "launch.py", 7, "value from outside", ""),
    ),
    "channels of a job": (
        {
            "launch.py": LAUNCHER.replace('{"train"', '{**more(), "train"'),
            "train.py": SCRIPT,
        },
        ("TRN408", "launch.py", 11, "open mapping", "channels"),
    ),
    "a read of unknown code": (
        {
            "launch.py": LAUNCHER.replace('"test": ', '"extra": "s3://b/extra", "test": '),
            "train.py": SCRIPT.replace("finish(model)", "finish(model, load())"),
        },
        ("TRN409", "train.py", 14, "code not available", "extra"),
    ),
    "the script": (
        {"launch.py": "import company\n" + LAUNCHER.replace('"train.py"', "company.entry()")},
        ("TRN408", "launch.py", 5, "code not available", ""),
    ),
    "a broken script": (
        {"launch.py": LAUNCHER, "train.py": "def\n"},
        ("TRN408", "train.py", 1, "file not parsed", ""),
    ),
}


@pytest.mark.parametrize(("files", "note"), NOTES.values(), ids=NOTES.keys())
def test_a_rule_notes_what_stops_it(
    files: dict[str, str], note: tuple[str, str, int, str, str], tmp_path: Path
) -> None:
    write(tmp_path, files)
    run = training_alignment("check", "--root", ".", "--show-unknown", "--format", "json", folder=tmp_path)
    found = [(u["code"], u["path"], u["line"], u["reason"], u["what"]) for u in run.data["unknown"]]
    assert note in found


def test_a_result_of_the_sdk_is_right(tmp_path: Path) -> None:
    text = "import sagemaker\n" + LAUNCHER.replace('"arn:aws:iam::123456789012:role/training"', "ROLE")
    shown = ("check", "--root", ".", "--show-unknown", "--select", "TRN416")
    write(tmp_path, {"launch.py": text.replace("ROLE", "sagemaker.get_execution_role()"), "train.py": SCRIPT})
    assert training_alignment(*shown, folder=tmp_path).output.endswith(" 0 unknown\n")
    write(tmp_path, {"launch.py": text.replace("ROLE", "company.role()")})
    assert training_alignment(*shown, folder=tmp_path).output.endswith(" 1 unknown\n")


def test_a_comment_that_silences_is_named(tmp_path: Path) -> None:
    text = LAUNCHER.replace('"ml.m5.large",', '"ml.m5.lagre",  # noqa: TRN211')
    write(tmp_path, {"launch.py": text, "train.py": SCRIPT})
    shown = ("check", "--root", ".", "--show-unknown", "--select", "TRN211", "--format", "json")
    run = training_alignment(*shown, folder=tmp_path)
    assert run.data["findings"] == []
    (found,) = run.data["suppressed"]
    assert (found["code"], found["path"], found["line"], found["reason"]) == (
        "TRN211",
        "launch.py",
        6,
        "noqa comment",
    )
    assert run.data["totals"]["reported"] == 0


def _in_test(launcher: str) -> str:
    lines = "".join(f"    {line}\n" for line in launcher.splitlines())
    return f"from unittest import mock\n\n\ndef test_launch():\n{lines}"


@pytest.mark.parametrize(
    ("code", "harmful", "line"),
    [("TRN211", ("ml.m5.large", "ml.m5.lagre"), 10), ("TRN406", ("train.py", "tarin.py"), 7)],
)
def test_a_test_that_starts_no_job_is_named(
    tmp_path: Path, code: str, harmful: tuple[str, str], line: int
) -> None:
    text = LAUNCHER.replace(*harmful)
    shown = ("check", "--root", ".", "--show-unknown", "--select", code)
    write(tmp_path, {"test_launch.py": _in_test(text), "train.py": SCRIPT})
    output = training_alignment(*shown, folder=tmp_path).output
    assert f"Suppressed\n  test_launch.py\n    line {line}  test that starts no job  {code}" in output
    write(tmp_path, {"test_launch.py": f"from unittest import mock\n{text}"})
    output = training_alignment(*shown, folder=tmp_path).output
    assert "Suppressed" not in output
    assert code in output


def test_a_harmless_test_suppresses_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"test_launch.py": _in_test(LAUNCHER), "train.py": SCRIPT})
    shown = ("check", "--root", ".", "--show-unknown", "--select", "TRN211,TRN406")
    assert "Suppressed" not in training_alignment(*shown, folder=tmp_path).output


def test_facts_name_a_local_module_as_the_user_named_the_script(tmp_path: Path) -> None:
    files = {
        "jobs/train.py": "import os\nimport core\n\ncore.load(os.environ['SM_CHANNEL_TRAIN'])\n",
        "jobs/core.py": "import elsewhere\n\n\ndef load(folder):\n    elsewhere.fit(folder)\n",
    }
    write(tmp_path, files)
    for path in ("jobs/train.py", "./jobs/train.py"):
        found = json.loads(run_command(["facts", path, "--format=json"], tmp_path).output)["unknown"]
        assert "jobs/core.py" in {one["path"] for one in found}
    found = json.loads(
        run_command(["facts", str(tmp_path / "jobs/train.py"), "--format=json"], tmp_path).output
    )
    assert {one["path"] for one in found["unknown"]} <= {str(tmp_path / name) for name in files}


@pytest.mark.parametrize(
    ("content", "most", "reason"),
    [("x = 1\n", 1, "budget"), ("def finish(:\n", 60, "file not parsed"), (None, 60, "code not available")],
)
def test_a_local_module_that_is_not_read_is_no_code_of_others(
    content: str | None, most: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flake8_training.engine.syntax.program.MAX_MODULES", most)
    write(tmp_path, {"train.py": SCRIPT.replace("company.toolbox", "toolbox"), "launch.py": LAUNCHER})
    if content is not None:
        write(tmp_path, {"toolbox.py": content})
    done = training_alignment("check", "--all", "--show-unknown", "--format", "json", folder=tmp_path)
    assert {one["reason"] for one in done.data["unknown"] if one["code"] == "TRN104"} == {reason}


def test_a_relative_import_that_is_caught_is_named(tmp_path: Path) -> None:
    caught = "try:\n    from .toolbox import finish\nexcept ImportError:\n    finish = print"
    text = SCRIPT.replace("from company.toolbox import finish", caught).replace(
        "finish(model)", "print(model)"
    )
    write(tmp_path, {"train.py": text, "toolbox.py": "finish = print\n"})
    with collecting() as ledger:
        assert flake8("--select", "TRN115", "train.py", folder=tmp_path).found == []
    assert [(one.code, one.reason) for one in ledger.suppressed] == [("TRN115", Suppression.CAUGHT)]
