"""Files that cannot be read: one TRN002 or TRN003 with a line, the other steps still checked, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.alignment import check
from tests.harness import write
from tests.test_command import WRONG, two_steps

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
STEP = "step_type: Other\ncontract:\n  inputs: {data: {path: /opt/ml/input/data}}\n"

BROKEN: dict[str, bytes] = {
    "broken": b"step_type: Other\ncontract: [\n",
    "duplicate": b"step_type: Other\nstep_type: Another\ncontract: {}\n",
    "aliases": (STEP + BOMB).encode(),
    "tabs": b"step_type: Other\ncontract:\n\tinputs: {}\n",
    "large": STEP.encode() + b"# " + b"x" * 10_000_000,
    "rubbish": bytes(range(256)) * 50,
    "no table": b"- step_type\n- contract\n",
    "recursive": b"step_type: Other\ncontract: &c\n  inputs: *c\n",
    "wrong part": b"step_type: Other\ncontract: 3\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_yaml(name: str, tmp_path: Path) -> None:
    write(tmp_path, two_steps(**WRONG))
    (tmp_path / "other.step.yaml").write_bytes(BROKEN[name])
    run = check("--select=TRN002,TRN208", folder=tmp_path)
    assert run.exit_code == 1
    assert run.errors == ""
    (broken,) = (finding for finding in run.findings if finding["code"] == "TRN002")
    assert broken["path"] == "other.step.yaml"
    assert broken["line"] >= 1
    assert broken["column"] >= 1
    assert "TRN208" in {finding["code"] for finding in run.findings}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("contracts/churn_training_contract.py", "CHURN_TRAINING_CONTRACT = {\n"),
        ("contracts/churn_training_contract.py", "CHURN_TRAINING_CONTRACT = [1, 2]\n"),
        ("scripts/churn_training.py", "import os\nprint(os.environ['SM_MODEL_DIR'\n"),
        ("specs/churn_training_spec.py", "CHURN_TRAINING_SPEC = {'inputs': {'a': 1}\n"),
    ],
)
def test_python(path: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, {**two_steps(**WRONG), path: text})
    run = check("--select=TRN002,TRN163", folder=tmp_path)
    assert run.exit_code == 1
    assert [(one["path"], one["code"]) for one in run.findings if one["code"] == "TRN002"] == [
        (path, "TRN002")
    ]
    assert "TRN163" in {finding["code"] for finding in run.findings}


def test_entry_point_that_leaves_the_repository(tmp_path: Path) -> None:
    changes = [('entry_point="cleaning.py"', 'entry_point="../../../etc/passwd.py"')]
    write(tmp_path, two_steps(cleaning_contract=changes))
    run = check("--select=TRN002,TRN003,TRN160", folder=tmp_path)
    assert run.exit_code == 1
    assert run.places == [("contracts/cleaning_contract.py", 4, "TRN002")]


def test_configured_path_that_leaves_the_repository(tmp_path: Path) -> None:
    configuration = '[tool.flake8-training.steps.churn]\ncontract = "../churn.yaml"\n'
    write(tmp_path, {**two_steps(), "pyproject.toml": configuration})
    run = check("--select=TRN003", folder=tmp_path)
    assert (run.exit_code, run.places) == (2, [("pyproject.toml", 2, "TRN003")])


def test_links_in_a_loop_and_out(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    write(folder, two_steps(**WRONG))
    write(tmp_path, {"secret.step.yaml": STEP})
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.step.yaml").symlink_to(folder / "self.step.yaml")
    (folder / "out.step.yaml").symlink_to(tmp_path / "secret.step.yaml")
    run = check("--select=TRN002,TRN208", folder=folder)
    assert run.exit_code == 1
    assert [code for _, _, code in run.places].count("TRN208") == 1
    assert {path for path, _, code in run.places if code == "TRN002"} == {"self.step.yaml", "out.step.yaml"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads every file")
def test_unreadable_file(tmp_path: Path) -> None:
    write(tmp_path, {**two_steps(**WRONG), "other.step.yaml": STEP})
    (tmp_path / "other.step.yaml").chmod(0)
    run = check("--select=TRN002,TRN208", folder=tmp_path)
    assert ("other.step.yaml", 1, "TRN002") in run.places
