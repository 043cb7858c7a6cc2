"""``training-alignment check`` and ``steps`` on made-up repositories: exit codes, formats, choices, comments, files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from training_alignment import check as check_in_python
from training_alignment import detect_training_framework, facts
from training_alignment.rules.example_step import (
    CONTRACT,
    PROCESSING_CONTRACT,
    PROCESSING_SCRIPT,
    SCRIPT,
    SPECIFICATION,
    Changes,
    changed,
)

from tests.alignment import check, git, repository, training_alignment
from tests.harness import write

SCRIPT_PATH = "scripts/churn_training.py"
CONTRACT_PATH = "contracts/churn_training_contract.py"
SPECIFICATION_PATH = "specs/churn_training_spec.py"
CLEANING_CONTRACT = "contracts/cleaning_contract.py"
CLEANING_SCRIPT = "scripts/cleaning.py"


def dedented(text: str) -> str:
    """The text of an example as it stands in a file."""
    return "\n".join(line.removeprefix("    ") for line in text.strip("\n").split("\n")) + "\n"


def two_steps(**changes: Changes) -> dict[str, str]:
    """A training and a processing step; ``changes`` are made to the part of that name."""
    texts = {
        "script": (SCRIPT_PATH, SCRIPT),
        "contract": (CONTRACT_PATH, CONTRACT),
        "specification": (SPECIFICATION_PATH, SPECIFICATION),
        "cleaning_script": (CLEANING_SCRIPT, PROCESSING_SCRIPT),
        "cleaning_contract": (CLEANING_CONTRACT, PROCESSING_CONTRACT),
    }
    return {path: dedented(changed(text, changes.get(part, ()))) for part, (path, text) in texts.items()}


WRONG = {
    "contract": [('"eta": 0.3', '"eta": 0.1')],
    "cleaning_script": [('input_paths["raw_data"]', 'input_paths["row_data"]')],
}
"""An error in the specification of the one step (TRN208), two in the script of the other (TRN150, TRN163)."""
SELECTED = "--select=TRN150,TRN163,TRN208"


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two repositories, made by git once; each test has copies."""
    folder = tmp_path_factory.mktemp("committed")
    repository(folder / "right", two_steps())
    repository(folder / "wrong", two_steps(**WRONG))
    return folder


@pytest.fixture
def right(committed: Path, tmp_path: Path) -> Path:
    """A repository without mistakes."""
    return Path(shutil.copytree(committed / "right", tmp_path / "right"))


@pytest.fixture
def wrong(committed: Path, tmp_path: Path) -> Path:
    """A repository with a mistake in each step."""
    return Path(shutil.copytree(committed / "wrong", tmp_path / "wrong"))


def test_nothing_wrong(right: Path) -> None:
    run = training_alignment("check", "--select=TRN1,TRN2", folder=right)
    assert (run.exit_code, run.output, run.errors) == (0, "", "")


def test_errors_fail(wrong: Path) -> None:
    run = check(SELECTED, folder=wrong)
    assert run.exit_code == 1
    assert [code for _, _, code in run.places] == ["TRN150", "TRN163", "TRN208"]
    steps = {finding["code"]: finding["step"] for finding in run.findings}
    assert steps == {"TRN150": "cleaning", "TRN163": "cleaning", "TRN208": "churn-training"}
    found = run.findings[-1]
    assert found["level"] == 2
    assert found["related"] == [{"path": CONTRACT_PATH, "line": 23, "message": "eta: 0.1"}]


def test_warnings_fail_only_when_strict(tmp_path: Path) -> None:
    changes = [('        "num_round": 100,\n', "")]
    folder = tmp_path
    write(folder, two_steps(contract=changes))
    quiet = check("--select=TRN209", folder=folder)
    assert (quiet.exit_code, [code for _, _, code in quiet.places]) == (0, ["TRN209"])
    assert check("--select=TRN209", "--strict", folder=folder).exit_code == 1


def test_select_ignore_and_levels(wrong: Path) -> None:
    def codes(*arguments: str) -> set[str]:
        return {code for _, _, code in check(*arguments, folder=wrong).places if code[3] in "12"}

    assert codes("--select=TRN208") == {"TRN208"}
    assert codes("--select=trn15") == {"TRN150", "TRN151"}
    assert codes("--ignore=TRN1") == {"TRN208"}
    assert codes("--levels=1") == {"TRN150", "TRN151", "TRN163"}
    assert codes("--levels=2,3") == {"TRN208"}
    write(wrong, {"pyproject.toml": '[tool.flake8-training]\nignore = ["TRN150"]\nlevels = [1]\n'})
    assert codes() == {"TRN151", "TRN163"}
    assert codes("--levels=1,2", "--ignore=TRN163,TRN151") == {"TRN150", "TRN208"}
    write(wrong, {"pyproject.toml": '[tool.flake8-training]\nexclude = ["specs/**"]\n'})
    assert codes() == {"TRN150", "TRN151", "TRN163"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--select=TRM2",), "TRM2 begins no code"),
        (("--levels=5",), "5 is no level from 1 to 4"),
        (("--format=xml",), "invalid choice"),
        (("--no-such-option",), "unrecognized arguments"),
    ],
)
def test_usage_errors(right: Path, arguments: tuple[str, ...], says: str) -> None:
    run = training_alignment("check", *arguments, folder=right)
    assert run.exit_code == 2
    assert says in run.errors


def test_formats(wrong: Path) -> None:
    text = training_alignment("check", SELECTED, folder=wrong).output.splitlines()
    assert text[-2].startswith(f"{SPECIFICATION_PATH}:18:9: TRN208 error: contract and specification differ")
    assert text[-1] == f"    {CONTRACT_PATH} line 23: eta: 0.1"
    sarif = json.loads(training_alignment("check", SELECTED, "--format=sarif", folder=wrong).output)
    results = sarif["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["TRN150", "TRN163", "TRN208"]
    rules = sarif["runs"][0]["tool"]["driver"]["rules"]
    assert rules[results[-1]["ruleIndex"]]["id"] == "TRN208"
    github = training_alignment("check", SELECTED, "--format=github", folder=wrong).output
    assert github.splitlines()[-1].startswith(
        f"::error file={SPECIFICATION_PATH},line=18,col=9,title=TRN208::"
    )
    junit = training_alignment("check", SELECTED, "--format=junit", folder=wrong).output
    assert ElementTree.fromstring(junit).get("failures") == "3"


def test_noqa_in_python_and_yaml(tmp_path: Path) -> None:
    step = (
        "step_type: Churn\nregistry: {sagemaker_step_type: Training}\ncontract:\n  inputs:\n"
        "    data: {path: /opt/ml/input/data}\nspec:\n  dependencies:\n    data: {type: training_data}\n"
        "    more: {type: training_data}%s\n"
    )
    files = {"churn.step.yaml": step % "", **two_steps(**WRONG)}
    folder = tmp_path
    write(folder, files)
    assert ("churn.step.yaml", 9, "TRN202") in check("--levels=2", folder=folder).places
    write(folder, {"churn.step.yaml": step % "  # noqa: TRN202"})
    spec = (folder / SPECIFICATION_PATH).read_text().replace('"eta": 0.3,', '"eta": 0.3,  # noqa: TRN208')
    write(folder, {SPECIFICATION_PATH: spec})
    assert not {code for _, _, code in check("--levels=2", folder=folder).places} & {"TRN202", "TRN208"}
    write(folder, {"churn.step.yaml": step % "  # noqa: TRN201"})
    assert ("churn.step.yaml", 9, "TRN202") in check("--levels=2", folder=folder).places


def test_files_are_widened_to_their_steps(wrong: Path) -> None:
    def codes(*files: str) -> list[str]:
        return [code for _, _, code in check(SELECTED, *files, folder=wrong).places]

    write(wrong, {"README.md": "Two steps.\n", "tools/plot.py": "print('nothing of a step')\n"})
    assert codes(CONTRACT_PATH) == ["TRN208"]
    assert codes(CLEANING_CONTRACT) == ["TRN150", "TRN163"]
    assert codes(CONTRACT_PATH, CLEANING_CONTRACT) == ["TRN150", "TRN163", "TRN208"]
    assert codes("README.md", "tools/plot.py") == []
    assert codes("README.md", "--all") == ["TRN150", "TRN163", "TRN208"]


def test_a_file_of_another_repository_is_a_usage_error(wrong: Path, right: Path) -> None:
    for file in (str(right / CONTRACT_PATH), f"../right/{CONTRACT_PATH}", str(right)):
        run = training_alignment("check", file, folder=wrong)
        assert (run.exit_code, run.output) == (2, "")
        assert run.errors.startswith(f"training-alignment: {file} is not in ")
        assert run.errors.endswith("--root\n")
    assert check(SELECTED, str(wrong / CONTRACT_PATH), folder=wrong).places == [
        (SPECIFICATION_PATH, 18, "TRN208")
    ]
    inside = check(SELECTED, f"../{CONTRACT_PATH}", folder=wrong / "scripts").places
    assert [code for _, _, code in inside] == ["TRN208"]
    passed_root = check(SELECTED, str(wrong / CONTRACT_PATH), "--root", str(wrong), folder=right)
    assert [code for _, _, code in passed_root.places] == ["TRN208"]


@pytest.mark.parametrize("file", ["no/such/file.py", "../outside.py", "nowhere.md", "no/such/folder"])
def test_a_file_that_is_not_there_is_a_usage_error(file: str, wrong: Path) -> None:
    run = training_alignment("check", CONTRACT_PATH, file, folder=wrong)
    assert run == (2, "", f"training-alignment: {file}: no such file or folder\n")


def test_a_folder_stands_for_its_files(wrong: Path) -> None:
    def codes(*files: str, folder: Path = wrong) -> list[str]:
        return [code for _, _, code in check(SELECTED, *files, folder=folder).places]

    steps_of_its_own = {name: text for name, text in two_steps(**WRONG).items() if "clean" not in name}
    write(wrong / "more", steps_of_its_own)
    write(wrong / "tools", {"plot.py": "print('nothing of a step')\n"})
    assert codes("more") == codes("more/") == codes(".", folder=wrong / "more") == ["TRN208"]
    assert codes(".") == codes()
    assert codes("tools") == []
    assert training_alignment("check", SELECTED, "more", folder=wrong).exit_code == 1


def test_new_renamed_and_deleted_files(right: Path) -> None:
    git(right, "mv", CLEANING_SCRIPT, "scripts/cleansing.py")
    assert [code for _, _, code in check("--select=TRN160", CLEANING_SCRIPT, folder=right).places] == [
        "TRN160"
    ]
    (right / "scripts/cleansing.py").unlink()
    assert "TRN160" in {code for _, _, code in check("--select=TRN160", folder=right).places}
    added = dedented(PROCESSING_CONTRACT).replace("cleaning", "joining").replace("CLEANING", "JOINING")
    write(right, {"contracts/joining_contract.py": added})
    found = check("--select=TRN160", "contracts/joining_contract.py", folder=right).places
    assert ("contracts/joining_contract.py", 4, "TRN160") in found


@pytest.mark.parametrize(("there", "hint"), [("cleanign.py", ", did you mean cleanign.py?"), ("wash.py", "")])
def test_an_entry_point_that_is_nowhere(there: str, hint: str, right: Path) -> None:
    git(right, "mv", CLEANING_SCRIPT, f"scripts/{there}")
    (found,) = check("--select=TRN160", CLEANING_CONTRACT, folder=right).findings
    assert found["message"] == f"the contract's entry point does not exist: no file cleaning.py{hint}"


def test_from_a_folder_below(wrong: Path) -> None:
    found = check("--select=TRN208", "churn_training_spec.py", folder=wrong / "specs").places
    assert found == [("churn_training_spec.py", 18, "TRN208")]
    found = check("--select=TRN208", "--root", str(wrong), folder=wrong.parent).places
    assert found == [(f"wrong/{SPECIFICATION_PATH}", 18, "TRN208")]


def test_wrong_configuration(wrong: Path) -> None:
    write(wrong, {"pyproject.toml": '[tool.flake8-training]\nselct = ["TRN1"]\n'})
    run = check(SELECTED + ",TRN003", folder=wrong)
    assert run.exit_code == 2
    assert ("pyproject.toml", 2, "TRN003") in run.places
    assert "did you mean select?" in run.findings[-1]["message"] + run.findings[0]["message"] + str(
        run.findings
    )
    assert "TRN208" in {code for _, _, code in run.places}, "the steps are checked all the same"
    write(wrong, {"pyproject.toml": '[tool.flake8-training.steps.churn]\nscript = "scripts/chrun.py"\n'})
    assert check("--select=TRN003", folder=wrong).exit_code == 2


def test_steps(right: Path) -> None:
    run = training_alignment("steps", "--format", "json", folder=right)
    steps = {step["name"]: step for step in json.loads(run.output)}
    assert run.exit_code == 0
    assert {name: step["kind"] for name, step in steps.items()} == {
        "churn-training": "Training",
        "cleaning": "Processing",
    }
    roles = {part["role"]: part["path"] for part in steps["churn-training"]["parts"]}
    assert roles == {"script": SCRIPT_PATH, "contract": CONTRACT_PATH, "specification": SPECIFICATION_PATH}
    assert all(part["reason"] for step in steps.values() for part in step["parts"])
    text = training_alignment("steps", folder=right).output
    assert "churn-training: Training" in text
    assert SCRIPT_PATH in text


def test_no_steps_at_all(tmp_path: Path) -> None:
    folder = tmp_path
    write(folder, {"README.md": "Nothing.\n"})
    assert training_alignment("check", folder=folder) == (0, "", "")
    assert training_alignment("steps", folder=folder).output == "no steps found\n"


def test_nothing_is_written(wrong: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in wrong.rglob("*") if ".git" not in path.parts)
    check(folder=wrong)
    after = sorted((path, path.stat().st_mtime_ns) for path in wrong.rglob("*") if ".git" not in path.parts)
    assert after == before


def test_from_python(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(wrong)
    assert [finding.code for finding in check_in_python(select=["TRN208"])] == ["TRN208"]
    assert check_in_python([CLEANING_SCRIPT], select=["TRN2"]) == []
    assert [finding.code for finding in check_in_python("contracts", select="TRN208")] == ["TRN208"]
    assert check_in_python(CONTRACT_PATH, select="TRN2", ignore="TRN208") == []
    assert detect_training_framework(dedented(SCRIPT)) == "xgboost"
    assert detect_training_framework("def (") is None
    assert facts(SCRIPT_PATH)["frameworks"] == ["xgboost"]


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "# Nothing to check\n"})
    command = [sys.executable, "-m", "training_alignment", "check", "README.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = subprocess.run([*command[:3], "explain", "TRN999"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("training-alignment: TRN999 is no code")
