"""flake8's option ``--training-alignment``: what takes more than one file, reported in the file that flake8 checks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from training_alignment.checking.run import Outcome
from training_alignment.checking.workspace import Workspace

from tests.harness import flake8, flake8_process, write
from tests.in_process import run_command, run_flake8
from tests.launchers.pairs import launcher

OPTION = "--training-alignment"
SELECT = "--select=TRN1,TRN4"
ACROSS = "--select=TRN4"
SCRIPT = """\
import os

import joblib
from sklearn.linear_model import LogisticRegression


def main():
    folder = os.environ["SM_CHANNEL_TRAIN"]
    model = LogisticRegression().fit([[0], [1]], [0, 1])
    print(model.score([[0]], [0]), os.listdir(folder))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))


if __name__ == "__main__":
    main()
"""
READ_AT = 8
LAUNCHER = (
    launcher("SKLearn", inputs='{"training": "s3://bucket/training"}')
    .replace('"2.1"', '"1.2-1"')
    .replace('"py310"', '"py3"')
    .replace('"code"', '"../code"')
)
FIT_AT = LAUNCHER.splitlines().index('estimator.fit({"training": "s3://bucket/training"})') + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    section = "[tool.flake8-training]\n"
    write(
        tmp_path,
        {"pyproject.toml": section, "jobs/launch.py": LAUNCHER, "code/train.py": SCRIPT, "code/other.py": ""},
    )
    return tmp_path


def test_the_option_is_off(folder: Path) -> None:
    assert (folder / "jobs").is_dir()
    assert flake8(SELECT, "jobs", folder=folder).places == []


def test_the_launcher_and_the_script_show_the_finding(folder: Path) -> None:
    found = flake8_process(SELECT, OPTION, "jobs", "code", folder=folder)
    assert ("jobs/launch.py", FIT_AT, "TRN408") in found.places
    assert ("code/train.py", READ_AT, "TRN408") in found.places
    assert found.messages["code/train.py", READ_AT, "TRN408"].endswith(f"(jobs/launch.py line {FIT_AT})")


def test_the_text_of_standard_input_counts(folder: Path) -> None:
    at = ("--stdin-display-name", "code/train.py", "-")
    assert ("code/train.py", READ_AT, "TRN408") in flake8_process(
        ACROSS, OPTION, *at, folder=folder, stdin=SCRIPT
    ).places
    right = SCRIPT.replace("SM_CHANNEL_TRAIN", "SM_CHANNEL_TRAINING")
    assert flake8_process(ACROSS, OPTION, *at, folder=folder, stdin=right).places == []
    # the file on disk is as it was
    assert flake8(ACROSS, OPTION, "code/train.py", folder=folder).places == [
        ("code/train.py", READ_AT, "TRN408")
    ]


def test_the_unsaved_launcher_is_compared_with_the_saved_script(folder: Path) -> None:
    at = ("--stdin-display-name", "jobs/launch.py", "-")
    assert (
        flake8(SELECT, OPTION, *at, folder=folder, stdin=LAUNCHER.replace("training", "train")).places == []
    )


def test_standard_input_without_a_name_has_no_repository(folder: Path) -> None:
    assert flake8(ACROSS, OPTION, "-", folder=folder, stdin=SCRIPT).places == []


def test_the_findings_of_the_launcher_are_those_of_the_command(folder: Path) -> None:
    command = run_command(["check", "jobs/launch.py"], folder)
    lines = [line.replace(" error:", "").replace(" warning:", "") for line in command.output.splitlines()]
    expected = [line for line in lines if line.startswith("jobs/launch.py")]
    assert expected
    assert flake8(SELECT, OPTION, "jobs", folder=folder).output.replace("./", "").splitlines() == expected


def test_the_option_of_a_configuration_file(folder: Path) -> None:
    (folder / "setup.cfg").write_text("[flake8]\nselect = TRN4\ntraining-alignment = true\n")
    assert flake8("code", folder=folder, isolated=False).places == [("code/train.py", READ_AT, "TRN408")]


def test_workers_find_the_same(folder: Path) -> None:
    one = flake8_process(SELECT, OPTION, "--jobs=1", ".", folder=folder)
    assert flake8_process(SELECT, OPTION, "--jobs=2", ".", folder=folder).output == one.output


def test_a_run_over_many_files_checks_the_repository_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [f"pair{number:02}" for number in range(20)]
    for pair in pairs:
        write(folder, {f"{pair}/jobs/launch.py": LAUNCHER, f"{pair}/code/train.py": SCRIPT})
    checks: list[object] = []
    check = Workspace.check

    def counted(self: Workspace, files: Iterable[str] | None, *others: Any, **options: Any) -> Outcome:
        checks.append(files)
        return check(self, files, *others, **options)

    monkeypatch.setattr(Workspace, "check", counted)
    one_by_one = [place for pair in pairs for place in flake8(SELECT, OPTION, pair, folder=folder).places]
    assert len(one_by_one) >= 2 * len(pairs)
    assert None not in checks
    checks.clear()
    assert flake8(SELECT, OPTION, "--jobs=1", *pairs, folder=folder).places == one_by_one
    assert checks.count(None) == 1
    assert checks[-1] is None


def test_the_collector_does_not_look_at_what_the_check_has_read(folder: Path) -> None:
    # the file is covered by the check, so the rules over one file, which have loaded the engine, do not run
    program = (
        "import gc, sys\n"
        "from flake8.main.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "sys.exit(code if gc.get_freeze_count() > 20_000 and gc.isenabled() else 'not frozen')\n"
    )
    ended = flake8_process(SELECT, OPTION, "jobs/launch.py", folder=folder, program=("-c", program))
    assert ended.places == [("jobs/launch.py", FIT_AT, "TRN408")]


def test_a_comment_at_the_place_in_the_script_silences_it(folder: Path) -> None:
    quiet = SCRIPT.replace('_TRAIN"]', '_TRAIN"]  # noqa: TRN408')
    write(folder, {"code/train.py": quiet})
    assert flake8(ACROSS, OPTION, "code", folder=folder).places == []


def test_findings_of_the_file_alone_are_reported_once(folder: Path) -> None:
    write(folder, {"code/train.py": SCRIPT.replace("SM_MODEL_DIR", "SM_MODEL_DRI")})
    found = flake8(SELECT, OPTION, "code", folder=folder).places
    assert ("code/train.py", 11, "TRN110") in found
    assert len(found) == len(set(found))
    alone = flake8(SELECT, "code", folder=folder).places
    assert set(alone) <= set(found)


def test_a_script_of_no_launcher_has_its_own_findings(folder: Path) -> None:
    write(folder, {"alone/fit.py": SCRIPT.replace("SM_MODEL_DIR", "SM_MODEL_DRI")})
    found = flake8(SELECT, OPTION, "alone", folder=folder).output
    assert found == flake8(SELECT, "alone", folder=folder).output != ""


def test_a_script_without_a_word_of_sagemaker(folder: Path) -> None:
    (folder / "code" / "train.py").write_text("import time\n\ntime.sleep(1)\n")
    assert flake8(SELECT, OPTION, "code/train.py", folder=folder).places == [("code/train.py", 1, "TRN409")]


def test_a_launcher_without_a_word_of_sagemaker(folder: Path) -> None:
    line = "from sagemaker.pytorch import PyTorch\n"
    write(
        folder, {"jobs/launch.py": LAUNCHER.replace(line, "from ours import PyTorch\n"), "jobs/ours.py": line}
    )
    found = flake8(SELECT, OPTION, "jobs/launch.py", folder=folder)
    assert ("jobs/launch.py", FIT_AT, "TRN408") in found.places


def test_settings_of_the_project_hold(folder: Path) -> None:
    write(folder, {"pyproject.toml": '[tool.flake8-training]\nignore = ["TRN408", "TRN409"]\n'})
    assert flake8(ACROSS, OPTION, ".", folder=folder).places == []


def test_a_path_outside_the_working_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    found = flake8(ACROSS, OPTION, str(folder / "code" / "train.py"), folder=elsewhere)
    assert [(line, code) for _, line, code in found.places] == [(READ_AT, "TRN408")]


def test_without_an_installed_package_the_option_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flake8_training.plugin.ACROSS_FILES", "flake8_training.nothing")
    ended = run_flake8(["--isolated", OPTION, "code"], folder)
    assert ended.exit_code == 1
    assert "--training-alignment" in ended.output + ended.errors
