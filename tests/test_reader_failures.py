"""A failure of the reader on one file: that file is named, and the rest is checked all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training_alignment import check
from training_alignment.cli import main
from training_alignment.repository.repository import Repository

from tests.harness import flake8, write
from tests.hostile.texts import commands
from tests.test_command import WRONG, two_steps


class _Broken(Exception):
    """A mistake in the checker that nobody has thought of."""


def test_an_artefact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, two_steps(**WRONG))
    before = {(f.path, f.code) for f in check(root=tmp_path)}
    read = Repository._read

    def failing(self: Repository, path: str) -> Any:
        if path == "contracts/cleaning_contract.py":
            raise _Broken("\x1b[31m")
        return read(self, path)

    monkeypatch.setattr(Repository, "_read", failing)
    found = check(root=tmp_path)
    (failure,) = (f for f in found if f.code == "TRN001")
    assert failure.path == "contracts/cleaning_contract.py"
    assert "the reader on cleaning_contract.py, _Broken \\x1b[31m" in failure.message
    churn = {(path, code) for path, code in before if "churn" in path}
    assert churn
    assert churn <= {(f.path, f.code) for f in found}


@pytest.mark.parametrize(
    "where",
    [
        "training_alignment.scan.glance.GLANCE.function",
        "training_alignment.steps.artefact_items._add_artefacts",
        "training_alignment.steps.completion.Finisher._script",
        "training_alignment.steps.completion.Finisher._configuration",
        "training_alignment.steps.linking.Linker._specification",
        "training_alignment.steps.linking.Linker._free_contract",
        "training_alignment.steps.drafts.Drafts.called",
        "training_alignment.scan.launchers._MAY_LAUNCH.function",
        "training_alignment.checking.units.findings_of_step",
        "training_alignment.checking.selection.select",
        "training_alignment.checking.steps._training_script",
        "training_alignment.checking.steps.property_problems",
    ],
)
@pytest.mark.parametrize("of_one_file", [False, True])
def test_any_other_place(
    where: str, of_one_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, two_steps(**WRONG))
    # the reader fails on files that were asked for, or nothing is said of it
    files = [tmp_path / "contracts", tmp_path / "specs"] if of_one_file else None
    if where.endswith(".select") and not of_one_file:
        pytest.skip("every step is selected")

    def failing(*_: object, **__: object) -> Any:
        raise _Broken

    monkeypatch.setattr(where, failing)
    assert "TRN001" in {f.code for f in check(files, root=tmp_path)}


def test_the_selection_of_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, two_steps(**WRONG))
    files = [tmp_path / "contracts/churn_training_contract.py"]
    before = {(f.path, f.code) for f in check(files, root=tmp_path)}

    def failing(_: object) -> Any:
        raise RecursionError

    monkeypatch.setattr("training_alignment.checking.selection.select", failing)
    assert {(f.path, f.code) for f in check(files, root=tmp_path)} == before | {(".", "TRN001")}


def test_one_reader_of_a_step_costs_its_own_question_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, two_steps(**WRONG))
    before = {(f.path, f.code) for f in check(root=tmp_path)}

    def failing(_: object) -> Any:
        raise RecursionError

    monkeypatch.setattr("training_alignment.checking.steps._training_script", failing)
    after = {(f.path, f.code) for f in check(root=tmp_path)}
    assert {code for _, code in after - before} == {"TRN001"}
    assert {path for path, code in before if code[3] in "23"} <= {path for path, _ in after}


def test_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"train.py": "print(1)\n"})

    def failing(_: str) -> Any:
        raise _Broken("a\nb")

    monkeypatch.setattr("training_alignment.script_api.facts", failing)
    assert main(["facts", str(tmp_path / "train.py")]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.endswith("train.py: internal error of the checker, _Broken a\\nb\n")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("verb", [[], ["check"]])
def test_a_name_of_a_file_among_the_options(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*verb, "--x\n::stop-commands::x"])
    assert ended.value.code == 2
    assert commands(capsys.readouterr().err) == []


@pytest.mark.parametrize(
    "name", ["\\ud800", "\\x1b[31m", "\\n::stop-commands::x", "\\u202e", "##[error]", "\\x9b"]
)
def test_flake8_survives_names_of_any_kind(name: str, tmp_path: Path) -> None:
    script = f'import os\nprint(os.environ["SM_MODELDIR{name}"], os.environ["SM_CHANNEL_TRAIN{name}"])\n'
    write(tmp_path, {"train.py": script})
    run = flake8("--select=TRN", "--training-scripts=train.py", "train.py", folder=tmp_path)
    assert "TRN110" in {code for _, _, code in run.places}
    shown = name.replace("::stop-commands::", ": :stop-commands: :").replace("##[", "# #[")
    assert f"SM_MODELDIR{shown}" in run.output
    assert "\x1b" not in run.output


@pytest.mark.parametrize("mark", ["\x0c", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"])
def test_noqa_behind_what_ends_no_line_of_python(mark: str, tmp_path: Path) -> None:
    line = 'print(os.environ["SM_MODELDIR"])'
    script = f'import os\n# {mark} #\n"""{mark}"""\n{line}  # noqa: TRN110\n{line}\n'
    write(tmp_path, {"train.py": script, "launch.py": LAUNCHER})
    found = {f.line for f in check(root=tmp_path, select="TRN110") if f.path == "train.py"}
    assert found == {5}


LAUNCHER = """\
from sagemaker.sklearn import SKLearn
SKLearn("train.py", role="r", instance_type="ml.m5.large", framework_version="1.2-1", instance_count=1).fit()
"""
