"""One cause, one finding: which findings give way, and where their places go."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from training_alignment.rules.step_rule import PACKAGE

from flake8_training.finding import Finding, Related, Severity
from flake8_training.rules.precedence import GIVES_WAY, ONCE, without_consequences
from flake8_training.rules.registry import rules
from flake8_training.rules.rule import Rule, without_markers
from tests.harness import write
from tests.in_process import run_command, run_flake8

LAUNCHER = """
    from sagemaker.sklearn import SKLearn

    estimator = SKLearn(
        entry_point="train.py",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        framework_version="1.2-1",
        py_version="py3",
        hyperparameters={"warm": False},
    )
    estimator.fit({"training": "s3://bucket/train/"})
"""
SCRIPT = """
    import argparse
    import os

    import joblib
    import pandas as pd
    from sklearn.linear_model import SGDClassifier

    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--warm", type=bool, default=True)
        args = parser.parse_args()
        data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
        model = SGDClassifier(warm_start=args.warm)
        model.fit(data.drop(columns="y")[:800], data["y"][:800])
        print(model.score(data.drop(columns="y")[800:], data["y"][800:]))
        joblib.dump(model, "/tmp/model.joblib")
"""


def finding(
    code: str, line: int, path: str = "a.py", cause: str = "", related: tuple[Related, ...] = ()
) -> Finding:
    return Finding(code, Severity.ERROR, 1, "", path, line, 1, f"message of {code}", related, cause)


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


def test_a_finding_gives_way_on_the_same_line() -> None:
    kept = without_consequences([finding("TRN113", 3), finding("TRN116", 3), finding("TRN113", 4)])
    assert [(one.code, one.line) for one in kept] == [("TRN116", 3), ("TRN113", 4)]


@pytest.mark.parametrize("code", ["TRN114", "TRN118"])
def test_an_option_that_fails_when_it_is_parsed_gives_way_to_nothing(code: str) -> None:
    # argparse refuses the value of a flag, and dict() a string, whether or not the script reads the option
    found = [finding(code, 3), finding("TRN116", 3)]
    assert without_consequences(found) == found


def test_the_same_line_of_another_file_is_another_cause() -> None:
    found = [finding("TRN113", 3), finding("TRN116", 3, path="b.py")]
    assert without_consequences(found) == found


def test_a_finding_gives_way_to_the_one_that_names_its_line() -> None:
    launcher = finding("TRN411", 9, path="launch.py", related=(Related("a.py", 3, "the option"),))
    (kept,) = without_consequences([finding("TRN113", 3), launcher])
    assert kept.code == "TRN411"
    assert [place.line for place in kept.related] == [3, 3]
    assert kept.related[1].message == "TRN113 message of TRN113"


def test_a_finding_gives_way_to_the_same_cause_on_another_line() -> None:
    found = [
        finding("TRN408", 3, cause="job"),
        finding("TRN409", 5, cause="job"),
        finding("TRN409", 9, cause="other"),
    ]
    kept = without_consequences(found)
    assert [(one.code, one.line) for one in kept] == [("TRN408", 3), ("TRN409", 9)]
    assert kept[0].related == (Related("a.py", 5, "TRN409 message of TRN409"),)


def test_two_findings_without_a_cause_share_none() -> None:
    found = [finding("TRN408", 3), finding("TRN409", 5)]
    assert without_consequences(found) == found


@pytest.mark.parametrize("code", sorted(ONCE))
def test_one_line_has_one_finding_of_these_codes(code: str) -> None:
    place = Related("train.py", 1, "imported here")
    found = [finding(code, 3, related=(place,)), finding(code, 3), finding(code, 4, related=(place,))]
    assert [one.line for one in without_consequences(found)] == [3, 4]


def test_other_codes_may_repeat_on_a_line() -> None:
    found = [finding("TRN410", 3), finding("TRN410", 3)]
    assert len(without_consequences(found)) == 2


def test_flake8_compares_lines_only() -> None:
    found = [finding("TRN104", 3, cause="model"), finding("TRN112", 5, cause="model"), finding("TRN113", 7)]
    assert without_consequences(found, across_lines=False) == found
    beside = [finding("TRN113", 7), finding("TRN116", 7)]
    assert codes(without_consequences(beside, across_lines=False)) == ["TRN116"]


def test_no_code_gives_way_in_a_circle() -> None:
    assert not {
        weak for weak, strong in GIVES_WAY.items() for code in strong if weak in GIVES_WAY.get(code, ())
    }


def test_a_repository_reports_each_cause_once(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": dedent(LAUNCHER), "train.py": dedent(SCRIPT)})
    found = json.loads(run_command(["check", "--all", "--format=json"], tmp_path).output)
    assert [one["code"] for one in found] == ["TRN411", "TRN408", "TRN104"]
    related = {one["code"]: [place["message"][:6] for place in one["related"]] for one in found}
    assert "TRN113" in related["TRN411"]
    assert "TRN409" in related["TRN408"]
    assert "TRN112" in related["TRN104"]


def test_a_script_without_hyperparameters_is_one_cause_with_those_that_it_receives(tmp_path: Path) -> None:
    script = dedent(SCRIPT).replace('    parser.add_argument("--warm", type=bool, default=True)\n', "")
    script = script.replace("warm_start=args.warm", "").replace("    args = parser.parse_args()\n", "")
    write(tmp_path, {"launch.py": dedent(LAUNCHER), "train.py": script})
    found = json.loads(run_command(["check", "--all", "--format=json"], tmp_path).output)
    assert not [one for one in found if one["code"] == "TRN101"]
    (passed,) = [one for one in found if one["code"] == "TRN410"]
    (place,) = [one for one in passed["related"] if one["message"].startswith("TRN101")]
    assert place["path"] == "train.py"


def test_flake8_keeps_the_place_of_the_save(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": dedent(SCRIPT)})
    lines = run_flake8(["--isolated", "--select=TRN", "train.py"], tmp_path).output.splitlines()
    assert [line.split()[1] for line in lines] == ["TRN113", "TRN104", "TRN112"]


@pytest.mark.parametrize(
    "rule", [rule for rule in rules(PACKAGE) if rule.seen_by != "TRN9"], ids=lambda rule: str(rule.code)
)
def test_no_line_of_an_example_has_two_findings_of_one_cause(rule: Rule[object], tmp_path: Path) -> None:
    write(tmp_path, {name: without_markers(text) for name, text in rule.bad.files.items()})
    found = json.loads(run_command(["check", "--all", "--format=json"], tmp_path).output)
    for one in found:
        beside = [two["code"] for two in found if (two["path"], two["line"]) == (one["path"], one["line"])]
        assert not set(GIVES_WAY.get(one["code"], ())) & set(beside)
        assert one["code"] not in ONCE or beside.count(one["code"]) == 1
