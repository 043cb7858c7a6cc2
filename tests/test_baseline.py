"""The baseline and ``per-file-ignores``: findings that a project does not want to see again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flake8_training.baseline import BadBaseline, Baseline, Entry
from flake8_training.finding import Finding, Related, Severity
from tests.alignment import check, training_alignment
from tests.harness import flake8, write

SCRIPT = """\
import argparse
import os

import joblib
from sklearn.svm import SVC

parser = argparse.ArgumentParser()
parser.add_argument("--c", type=float)
args = parser.parse_args()
data = os.listdir(os.environ["SM_CHANNEL_TRAIN"])
model = SVC(C=args.c).fit(data, data)
held_out = os.listdir(os.environ["SM_CHANNEL_TEST"])
print(model.score(held_out, held_out))
joblib.dump(model, "model.joblib")
"""
LAUNCHER = """\
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    role="arn:aws:iam::123456789012:role/R",
    instance_type="ml.m5.lagre",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
)
estimator.fit({"train": "s3://bucket/train/", "test": "s3://bucket/test/"})
"""
FILES = {"launch.py": LAUNCHER, "train.py": SCRIPT}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A launcher and a script with a mistake each."""
    write(tmp_path, {**FILES, "pyproject.toml": "[tool.flake8-training]\n"})
    return tmp_path


def codes(*arguments: str, folder: Path) -> list[str]:
    return [code for _, _, code in check(*arguments, folder=folder).places]


def test_a_baseline_hides_what_it_lists_and_nothing_else(folder: Path) -> None:
    assert codes(folder=folder) == ["TRN211", "TRN104"]
    written = training_alignment("check", "--write-baseline", "known.json", folder=folder)
    assert (written.exit_code, written.output, written.errors) == (0, "", "known.json: 2 findings\n")
    assert training_alignment("check", "--baseline", "known.json", folder=folder) == (0, "", "")
    # The lines move, and nothing changes.
    write(folder, {"launch.py": "# one line more\n" + LAUNCHER})
    assert codes("--baseline", "known.json", folder=folder) == []
    # Another mistake of the same code is new, and so is the same one a second time.
    again = LAUNCHER.replace("estimator", "second").partition("\n")[2]
    write(folder, {"launch.py": LAUNCHER + again})
    assert codes("--baseline", "known.json", folder=folder) == ["TRN211"]
    write(folder, {"launch.py": LAUNCHER.replace("m5.lagre", "m5.lrage")})
    run = check("--baseline", "known.json", folder=folder)
    assert [code for _, _, code in run.places] == ["TRN211"]
    assert run.errors == (
        "training-alignment: 1 entry of the baseline is no longer found, such as TRN211 in launch.py: "
        "--write-baseline writes it again\n"
    )


def test_the_baseline_of_the_configuration(folder: Path) -> None:
    training_alignment("check", "--write-baseline", "known.json", folder=folder)
    write(folder, {"pyproject.toml": '[tool.flake8-training]\nbaseline = "known.json"\n'})
    assert codes(folder=folder) == []
    assert codes("train.py", folder=folder) == []
    assert codes("--baseline=", folder=folder) == ["TRN211", "TRN104"]
    assert flake8("--select=TRN", folder=folder).found == [], "the merged TRN112 is hidden too"
    write(folder, {"train.py": SCRIPT.replace("SM_CHANNEL_TRAIN", "SM_CHANEL_TRAIN")})
    assert "TRN110" in codes(folder=folder)
    assert "TRN110" in [found.code for found in flake8("--select=TRN", folder=folder).found]
    # Writing again replaces it: what it hides is not left out.
    run = training_alignment("check", "--write-baseline", "known.json", folder=folder)
    assert int(run.errors.split()[1]) > 2


def test_a_finding_in_copies_of_a_file_is_known_in_each(folder: Path) -> None:
    write(folder, {f"{name}/{file}": text for name in "ab" for file, text in FILES.items()})
    assert len(codes(folder=folder)) == 2, "each once, with the copies as related places"
    written = training_alignment("check", "--write-baseline", "known.json", folder=folder)
    assert written.errors == "known.json: 6 findings\n"
    write(folder, {"pyproject.toml": '[tool.flake8-training]\nbaseline = "known.json"\n'})
    assert codes(folder=folder) == []
    assert flake8("--select=TRN", folder=folder).found == []
    # Another copy is new, and the known ones are not reported with it.
    write(folder, {f"c/{name}": text for name, text in FILES.items()})
    assert {path for path, _, _ in check(folder=folder).places} == {"c/launch.py", "c/train.py"}


def test_nothing_is_stale_unless_everything_was_checked(folder: Path) -> None:
    training_alignment("check", "--write-baseline", "known.json", folder=folder)
    write(folder, {"launch.py": LAUNCHER.replace("lagre", "large")})
    for arguments in (("launch.py",), ("--select=TRN1",), ("--levels=1",), ("--select=TRN1", "--fix")):
        assert "no longer" not in check("--baseline=known.json", *arguments, folder=folder).errors
    assert "TRN211 in launch.py" in check("--baseline=known.json", folder=folder).errors


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "known.json: cannot be read"),
        ("{", "known.json: no JSON"),
        ("[" * 100_000, "known.json: no JSON"),
        ("[]", "known.json: no baseline of version 1"),
        ('{"version": 2}', "known.json: no baseline of version 1"),
        ('{"version": 1, "findings": {}}', "findings is no list of objects"),
        ('{"version": 1, "findings": [{"code": "TRN101"}]}', "an entry without code, path, message"),
        (
            '{"version": 1, "findings": [{"code": "", "path": "", "message": "", "count": 0}]}',
            "no positive number",
        ),
    ],
)
def test_a_wrong_baseline_is_a_usage_error(content: str | None, says: str, folder: Path) -> None:
    if content is not None:
        write(folder, {"known.json": content})
    run = training_alignment("check", "--baseline", "known.json", folder=folder)
    assert (run.exit_code, run.output) == (2, "")
    assert says in run.errors
    assert run.errors.count("\n") == 1


def test_a_baseline_outside_the_repository(folder: Path) -> None:
    (folder / "inner" / ".git").mkdir(parents=True)
    run = training_alignment("check", "--baseline", "../known.json", folder=folder / "inner")
    assert (run.exit_code, run.output) == (2, "")
    write(folder, {"pyproject.toml": '[tool.flake8-training]\nbaseline = "../known.json"\n'})
    assert ("pyproject.toml", 2, "TRN003") in check(folder=folder).places


def test_errors_of_the_configuration_are_never_known(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[tool.flake8-training]\nselct = []\n"})
    run = training_alignment("check", "--write-baseline", "known.json", folder=folder)
    assert run.exit_code == 2
    assert not (folder / "known.json").exists()
    finding = Finding("TRN003", Severity.ERROR, 0, "", "pyproject.toml", 1, 1, "message")
    assert Baseline.of([finding]).known == {}
    known = Baseline({Entry("TRN003", "pyproject.toml", "message"): 1})
    assert known.unknown([finding])[0] == [finding]


def test_what_is_written_is_read() -> None:
    related = (
        Related("train.py", 9, "TRN112 the output, first on line 4"),
        Related("train.py", 3, "read here"),
    )
    findings = [
        Finding("TRN104", Severity.ERROR, 1, "", "train.py", line, 1, f"see line {line}", related)
        for line in (3, 8)
    ]
    baseline = Baseline.of(findings)
    assert baseline.known == {Entry("TRN104", "train.py", "see line *"): 2}
    assert baseline.consequences == {Entry("TRN112", "train.py", "the output, first on line *")}
    again = Baseline.read(json.dumps(baseline.data).encode())
    assert (again.known, again.consequences) == (baseline.known, baseline.consequences)
    with pytest.raises(BadBaseline):
        Baseline.read(b"\xff")


def test_ignores_of_some_files(folder: Path) -> None:
    section = '[tool.flake8-training.per-file-ignores]\n"train.py" = ["trn1"]\n"jobs/**" = "TRN2"\n'
    write(folder, {"pyproject.toml": section})
    assert codes(folder=folder) == ["TRN211"]
    assert [found.code for found in flake8("--select=TRN", folder=folder).found] == ["TRN211"]
    write(folder, {"jobs/launch.py": LAUNCHER, "jobs/train.py": SCRIPT})
    (folder / "launch.py").unlink()
    assert codes(folder=folder) == []


def test_ignores_of_yaml_json_and_notebooks(tmp_path: Path) -> None:
    step = (
        "step_type: Churn\nregistry: {sagemaker_step_type: Training}\ncontract:\n  inputs:\n"
        "    data: {path: /opt/ml/input/data}\nspec:\n  dependencies:\n    data: {type: training_data}\n"
        "    more: {type: training_data}\n"
    )
    cell: dict[str, object] = {
        "cell_type": "code",
        "source": LAUNCHER,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    write(tmp_path, {"churn.step.yaml": step, "launch.ipynb": notebook, "train.py": SCRIPT})
    found = {(path, code) for path, _, code in check(folder=tmp_path).places}
    assert {("churn.step.yaml", "TRN202"), ("launch.ipynb", "TRN211")} <= found
    section = '[tool.flake8-training.per-file-ignores]\n"*.yaml" = ["TRN202"]\n"*.ipynb" = ["TRN2"]\n'
    write(tmp_path, {"pyproject.toml": section})
    found = {(path, code) for path, _, code in check(folder=tmp_path).places}
    assert not {("churn.step.yaml", "TRN202"), ("launch.ipynb", "TRN211")} & found


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('per-file-ignores = ["TRN1"]', "per-file-ignores is a list, not a table of globs"),
        ('per-file-ignores = {"a.py" = 3}', "per-file-ignores of a.py is a number, not a list of codes"),
        ("baseline = 3", "baseline is a number, not a path"),
        ('baseline = "/etc/x"', "baseline leaves the repository: /etc/x"),
    ],
)
def test_wrong_values(value: str, says: str, folder: Path) -> None:
    write(folder, {"pyproject.toml": f"[tool.flake8-training]\n{value}\n"})
    messages = [f["message"] for f in check("--select=TRN003", folder=folder).findings]
    assert messages == [f"the project configuration is wrong: {says}"]
