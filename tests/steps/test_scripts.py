"""Which file an entry point names."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.steps.step import ScriptSearch

from tests.steps.repositories import CONTRACT, SCRIPT, discover, layered, parts


def search(
    folder: Path, entry_point: str, files: dict[str, str], contract: str = "steps/contracts/churn.py"
) -> ScriptSearch:
    text = CONTRACT.format(constant="CHURN_CONTRACT", script=entry_point)
    (step,) = discover(folder, {contract: text, **files}).steps
    return step.script


@pytest.mark.parametrize(
    ("entry_point", "files", "found"),
    [
        ("train.py", ["steps/contracts/train.py", "steps/scripts/train.py"], "steps/contracts/train.py"),
        ("train.py", ["steps/scripts/train.py", "other/train.py"], "steps/scripts/train.py"),
        ("train.py", ["src/train.py"], "src/train.py"),
        ("train.py", ["train.py"], "train.py"),
        ("train.py", ["steps/train.py", "steps/scripts/deep/train.py"], "steps/train.py"),
        (
            "churn/train.py",
            ["steps/scripts/fraud/train.py", "steps/scripts/churn/train.py"],
            "steps/scripts/churn/train.py",
        ),
        (
            "train.py",
            ["steps/scripts/fraud/train.py", "steps/scripts/churn/train.py"],
            "steps/scripts/churn/train.py",
        ),
        ("../scripts/train.py", ["steps/scripts/train.py", "scripts/train.py"], "steps/scripts/train.py"),
        ("./train.py", ["steps/scripts/train.py"], "steps/scripts/train.py"),
        ("src/train.py", ["src/train.py"], "src/train.py"),
        ("train.sh", ["steps/scripts/train.sh"], "steps/scripts/train.sh"),
        ("train.py", ["steps/scripts/train.py", "steps/lib/train.py"], "steps/scripts/train.py"),
    ],
)
def test_the_nearest_file_of_that_name(
    tmp_path: Path, entry_point: str, files: list[str], found: str
) -> None:
    got = search(tmp_path, entry_point, dict.fromkeys(files, SCRIPT))
    assert got.path == found
    assert not got.missing
    assert set(got.candidates) <= set(files) - {found}
    assert got.entry_point is not None
    assert got.entry_point.line == 4


@pytest.mark.parametrize(
    "copy",
    [
        "docker/train.py",
        "dockers/xgboost/train.py",
        "projects/a/docker/scripts/train.py",
        "archive/train.py",
        "steps/old/train.py",
        "tests/train.py",
        "steps/scripts_backup/train.py",
    ],
)
def test_copies_are_not_it(tmp_path: Path, copy: str) -> None:
    got = search(tmp_path, "train.py", {copy: SCRIPT})
    assert got.path is None
    assert got.missing
    assert got.reason == f"only copies of train.py: {copy}"


def test_a_step_that_lives_in_an_image_folder_has_its_script_there(tmp_path: Path) -> None:
    got = search(tmp_path, "train.py", {"docker/churn/train.py": SCRIPT}, "docker/churn/contract.py")
    assert got.path == "docker/churn/train.py"


def test_where_the_other_scripts_are_decides(tmp_path: Path) -> None:
    files = {**layered("Churn", "churn"), **layered("Fraud", "fraud"), **layered("Risk", "risk")}
    files["elsewhere/far/risk.py"] = files.pop("steps/scripts/risk.py")
    discovery = discover(tmp_path, files)
    risk = discovery.step("Risk")
    assert risk is not None
    assert risk.script.missing
    assert risk.script.candidates == ("elsewhere/far/risk.py",)
    assert "far from them: elsewhere/far/risk.py" in risk.script.reason


def test_a_wrong_entry_point_does_not_hide_the_script(tmp_path: Path) -> None:
    files = layered("Churn", "churn")
    contract = "steps/contracts/churn_contract.py"
    files[contract] = files[contract].replace('entry_point="churn.py"', 'entry_point="train_churn.py"')
    (step,) = discover(tmp_path, files).steps
    assert step.script.missing
    assert step.script.path == "steps/scripts/churn.py"
    assert parts(step)["script"] == "steps/scripts/churn.py"
    assert step.script.entry_point is not None
    assert step.script.entry_point.value == "train_churn.py"


def test_several_files_are_not_chosen_from(tmp_path: Path) -> None:
    got = search(tmp_path, "train.py", {"steps/a/train.py": SCRIPT, "steps/b/train.py": SCRIPT})
    assert (got.path, got.missing) == (None, False)
    assert got.candidates == ("steps/a/train.py", "steps/b/train.py")


@pytest.mark.parametrize("entry_point", ["s3://bucket/train.py", "git://x/train.py"])
def test_addresses_are_nothing_of_the_repository(tmp_path: Path, entry_point: str) -> None:
    got = search(tmp_path, entry_point, {"train.py": SCRIPT})
    assert (got.path, got.missing) == (None, False)


@pytest.mark.parametrize("entry_point", ["../../../train.py", "/etc/passwd", "../../..", ".", ""])
def test_an_entry_point_that_leaves_the_repository_is_an_error(tmp_path: Path, entry_point: str) -> None:
    text = CONTRACT.format(constant="CHURN_CONTRACT", script=entry_point)
    discovery = discover(tmp_path, {"steps/contracts/churn.py": text})
    (error,) = discovery.errors
    assert (error.path, error.line, error.column) == ("steps/contracts/churn.py", 4, 17)
    assert "entry point" in error.message
    assert discovery.steps[0].script.path is None


def test_an_unknown_entry_point_is_left_alone(tmp_path: Path) -> None:
    text = CONTRACT.format(constant="CHURN_CONTRACT", script="x").replace('"x"', "name()")
    (step,) = discover(tmp_path, {"contracts/churn_contract.py": text, "scripts/other.py": SCRIPT}).steps
    assert (step.script.path, step.script.missing, step.script.entry_point) == (None, False, None)


def test_what_is_named_like_a_step_and_is_no_script(tmp_path: Path) -> None:
    contract = "A_CONTRACT = {'inputs': {'a': {'path': '/opt/ml/input/data'}}, 'outputs': {}}\n"
    files = {"contracts/churn_contract.py": contract, "lib/churn.py": "def helper():\n    pass\n"}
    (step,) = discover(tmp_path, files).steps
    assert step.script.path is None
