"""Files that cannot be read: one TRN002 or TRN003 with a line, the other steps still checked, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.alignment import check, repository, training_alignment
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


FORMATS = ("text", "json", "sarif", "github", "junit")


@pytest.mark.parametrize("style", FORMATS)
def test_texts_that_no_encoding_has(style: str, tmp_path: Path) -> None:
    contract = 'OTHER_CONTRACT = {"inputs": {"x\\ud800": "TrainingInput"}, "outputs": {}}\n'
    specification = 'OTHER_SPEC = {"inputs": {"y\\r\\n\\ud801::": "TrainingInput"}, "outputs": {}}\n'
    write(tmp_path, {"contracts/other_contract.py": contract, "specs/other_spec.py": specification})
    run = training_alignment("check", "--select=TRN201,TRN202", "--format", style, folder=tmp_path)
    assert run.exit_code == 1
    assert run.errors == ""
    assert run.output.count("TRN201") >= 1
    assert run.output.count("TRN202") >= 1


@pytest.mark.skipif(os.name == "nt", reason="names of files are texts there")
@pytest.mark.parametrize("style", FORMATS)
def test_names_of_files_that_no_encoding_has(style: str, tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    name = os.fsencode(tmp_path) + b"/contracts/bad\xff_contract.py"
    try:
        with open(name, "wb") as stream:
            stream.write(b"BAD_CONTRACT = 5\n")
    except OSError:
        pytest.skip("the file system takes no such name")
    run = training_alignment("check", "--format", style, folder=tmp_path)
    assert run.exit_code == 1
    assert run.errors == ""
    assert "TRN002" in run.output


@pytest.mark.parametrize("how", ["loop", "pipe", "deep", "large"])
def test_a_script_that_cannot_be_read_is_not_missing(how: str, tmp_path: Path) -> None:
    write(tmp_path, two_steps(**WRONG))
    script = tmp_path / "scripts/churn_training.py"
    text = script.read_text()
    script.unlink()
    if how == "loop":
        script.symlink_to(script.name)
    elif how == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no pipes with names here")
        os.mkfifo(script)
    elif how == "deep":
        script.write_text(text + "x = " + "+".join(["os"] * 20_000) + "\n")
    else:
        script.write_text(text + "#" * 10_000_000)
    run = check("--select=TRN002,TRN004,TRN163,TRN208", folder=tmp_path)
    assert run.exit_code == 1
    assert [place for place in run.places if place[2] == "TRN002"] == [
        ("scripts/churn_training.py", 1, "TRN002")
    ]
    assert "churn-training has no script" not in run.output
    assert {"TRN163", "TRN208"} <= {finding["code"] for finding in run.findings}


@pytest.mark.parametrize("asked", [(), ("contracts/churn_training_contract.py",)])
def test_a_file_that_git_knows_and_that_is_gone(asked: tuple[str, ...], tmp_path: Path) -> None:
    folder = repository(tmp_path / "work", two_steps(**WRONG))
    (folder / "contracts/churn_training_contract.py").unlink()
    run = check("--select=TRN002,TRN004", *asked, folder=folder)
    assert run.exit_code == 0
    assert ("specs/churn_training_spec.py", "churn-training has no contract") in {
        (finding["path"], finding["message"].rpartition(": ")[2]) for finding in run.findings
    }


def test_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, {**two_steps(**WRONG), "other.step.yaml": "step_type: ["})
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    check(folder=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
