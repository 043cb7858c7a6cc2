"""Repositories that want a program run, a file outside of them opened, or memory and time without end.

What each wants is left in the folder of the test: a marker that a program would write, a name that only a file outside
of the repository holds.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.alignment import git, repository
from tests.harness import write
from tests.hostile.running import CODE, COMMAND, SCRIPTS, SELECT, STEP, Run, run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and devices are others there")

SECTION = "[tool.flake8-training]\n"
EMBEDDED = """\
[core]
\trepositoryformatversion = 0
\tbare = false
\tworktree = .
\tfsmonitor = "touch {marker}; false"
"""


def check(*arguments: str, folder: Path, **surroundings: dict[str, str]) -> Run:
    return run(COMMAND, "check", SELECT, *arguments, folder=folder, **surroundings)  # type: ignore[arg-type]


# -- programs that git would run


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A clone with a folder that looks like a repository to git, with a program in its settings; and its marker."""
    top = tmp_path_factory.mktemp("embedded")
    marker = top / "was-run"
    files = {
        "jobs/HEAD": "ref: refs/heads/main\n",
        "jobs/config": EMBEDDED.format(marker=marker),
        "jobs/objects/.keep": "",
        "jobs/refs/.keep": "",
        "jobs/pyproject.toml": SECTION,
        **{f"jobs/{name}": text for name, text in STEP.items()},
        "train.py": STEP["train.py"],
    }
    repository(top / "origin", files)
    git(top, "clone", "--quiet", "origin", "work")
    return top / "work", marker


def test_git_by_itself_runs_the_program(embedded: tuple[Path, Path]) -> None:
    """Without this the next test would prove nothing."""
    work, marker = embedded
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", "jobs", "ls-files", "--others"], cwd=work, capture_output=True, env=kept)
    assert marker.exists()
    marker.unlink()


@pytest.mark.parametrize(
    ("below", "arguments"),
    [
        ("jobs", ("check", SELECT)),
        (".", ("check", SELECT, "--root", "jobs")),
        (".", ("check", SELECT, "jobs/train.py", "--root", "jobs")),
        (".", ("facts", "jobs/train.py")),
        (".", ("check", SELECT)),
        ("jobs", ("check", SELECT, "gone.py")),
    ],
)
def test_no_program_of_a_folder_that_looks_like_a_repository(
    below: str, arguments: tuple[str, ...], embedded: tuple[Path, Path]
) -> None:
    work, marker = embedded
    done = run(COMMAND, *arguments, folder=work / below)
    assert not marker.exists()
    expected = 0 if arguments[0] == "facts" else 2 if "gone.py" in arguments else 1
    assert done.exit_code == expected, done


@pytest.mark.parametrize("pre_commit", ["", "1"])
def test_no_program_of_the_settings(pre_commit: str, tmp_path: Path) -> None:
    work = repository(tmp_path / "work", {**STEP, ".gitattributes": "*.py diff=own\n", "gone.py": "x = 1\n"})
    program = tmp_path / "program"
    marker = tmp_path / "was-run"
    program.write_text(f"#!/bin/sh\ntouch {marker}\nexit 1\n")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager", "core.sshCommand", "diff.own.textconv"):
        git(work, "config", name, str(program))
    git(work, "-c", "core.fsmonitor=false", "rm", "--quiet", "gone.py")
    marker.unlink(missing_ok=True)
    environment = {"PRE_COMMIT": pre_commit, "GIT_EXTERNAL_DIFF": str(program), "GIT_PAGER": str(program)}
    done = check("train.py", folder=work, environment=environment)
    assert (done.exit_code, done.errors, marker.exists()) == (1, "", False)


# -- modules that lie in the repository

PLANTED = (
    "yaml.py",
    "json.py",
    "ast.py",
    "tomllib.py",
    "subprocess.py",
    "sitecustomize.py",
    "usercustomize.py",
)
OWN = ("flake8_training/__init__.py", "training_alignment/__init__.py")
WAYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "the script": ((COMMAND, "check", SELECT), PLANTED + OWN),
    "python -P -m": ((sys.executable, "-P", "-m", "training_alignment", "check", SELECT), PLANTED + OWN),
    # Python itself takes the folder training_alignment there
    "python -m": ((sys.executable, "-m", "training_alignment", "check", SELECT), (*PLANTED, OWN[0])),
    "flake8": ((str(SCRIPTS / "flake8"), "--isolated", SELECT, "train.py"), PLANTED + OWN),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_imported_from_the_repository(way: str, tmp_path: Path) -> None:
    command, planted = WAYS[way]
    marker = tmp_path / "was-imported"
    folder = tmp_path / "work"
    write(folder, {name: f"open({str(marker)!r}, 'a').write(__name__)\n" for name in planted})
    write(folder, STEP)
    done = run(*command, folder=folder)
    assert not marker.exists(), marker.read_text()
    assert (done.exit_code, done.errors) == (1, "")
    assert CODE in done.output


# -- files that are none, or that stand elsewhere

IN_PACKAGE = """\
import os

import joblib
from .model import Net

if __name__ == "__main__":
    model = Net().fit(os.environ["SM_CHANNEL_TRAIN"])
    joblib.dump(model, os.path.join(os.environ["SM_MODELDIR"], "model.joblib"))
"""
LAUNCHER = """\
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import SourceCode

trainer = ModelTrainer(
    training_image="image",
    source_code=SourceCode(source_dir="{folder}", command="python train.py"),
    hyperparameters={{"epochs": 3}},
    role="r",
)
trainer.train()
"""


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link_to_pipe(path: Path) -> None:
    os.mkfifo(path.parents[2] / "pipe")
    path.symlink_to(path.parents[2] / "pipe")


def _socket(path: Path) -> None:
    # a socket's path is short, wherever the test's folder is
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _large(path: Path) -> None:
    with open(path, "wb") as stream:
        stream.truncate(3_000_000_000)


KINDS: dict[str, Callable[[Path], None]] = {
    "device": _device,
    "pipe": _pipe,
    "link to a pipe outside": _link_to_pipe,
    "socket": _socket,
    "loop": _loop,
    "large": _large,
}


@pytest.mark.parametrize("kind", KINDS)
def test_files_without_an_end(kind: str, tmp_path: Path) -> None:
    """Beside a script in a package, as a module, in the folder of a job's code, as contract and as configuration."""
    folder = tmp_path / "work"
    write(
        folder,
        {
            "pkg/__init__.py": "",
            "pkg/train.py": "import helpers\n" + IN_PACKAGE,
            "launch.py": LAUNCHER.format(folder="src"),
            "src/train.py": "print('trains')\n",
            "sub/train.py": STEP["train.py"],
        },
    )
    for name in ("pkg/aaa.py", "pkg/helpers.py", "src/a.bin", "sub/train_contract.py", "sub/pyproject.toml"):
        try:
            KINDS[kind](folder / name)
        except FileExistsError:
            (folder / name).symlink_to(tmp_path / "pipe")
    for command in (
        (COMMAND, "check", "--select=TRN001,TRN110"),
        (str(SCRIPTS / "flake8"), "--isolated", "--select=TRN001,TRN110", "pkg/train.py", "launch.py"),
        (COMMAND, "facts", "pkg/train.py"),
    ):
        done = run(*command, folder=folder)
        assert (done.exit_code in (0, 1), done.errors) == (True, ""), done
        assert "TRN001" not in done.output
    done = run(str(SCRIPTS / "flake8"), "--select=TRN001,TRN110", "train.py", folder=folder / "sub")
    assert done.exit_code == 1, done
    assert CODE in done.output
    done = run(COMMAND, "facts", "pkg/aaa.py", folder=folder)
    assert (done.exit_code, done.output, done.errors.count("\n")) == (2, "", 1)


SECRET = """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--only-outside")
arguments = parser.parse_args()
"""
IMPORTING = """\
import os

import joblib
from sklearn.svm import SVC

import helpers

if __name__ == "__main__":
    print(helpers.arguments)
    model = SVC().fit(os.environ["SM_CHANNEL_TRAIN"])
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""


def _link_to_link(folder: Path, outside: Path) -> None:
    (folder / "other.py").symlink_to(outside / "helpers.py")
    (folder / "helpers.py").symlink_to("other.py")


WAYS_OUT: dict[str, Callable[[Path, Path], object]] = {
    "a link": lambda folder, outside: (folder / "helpers.py").symlink_to(outside / "helpers.py"),
    "a relative link": lambda folder, _: (folder / "helpers.py").symlink_to("../../outside/helpers.py"),
    "a folder that is a link": lambda folder, outside: (folder / "helpers").symlink_to(outside / "package"),
    "a link to a link": _link_to_link,
}


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("marked", [".git", "pyproject.toml", "nothing"])
def test_no_module_from_outside(marked: str, way: str, tmp_path: Path) -> None:
    write(tmp_path / "outside", {"helpers.py": SECRET, "package/__init__.py": SECRET})
    work = tmp_path / "work"
    write(work, {"steps/train.py": IMPORTING})
    if marked == ".git":
        git(work, "init", "--quiet")
    elif marked == "pyproject.toml":
        write(work, {"pyproject.toml": SECTION})
    WAYS_OUT[way](work / "steps", tmp_path / "outside")
    done = run(COMMAND, "facts", "steps/train.py", folder=work)
    assert (done.exit_code, done.errors) == (0, "")
    assert "only-outside" not in done.output
    # the same file inside is read: what is seen above is not that nothing is
    (work / "inside").mkdir()
    write(work, {"inside/train.py": IMPORTING, "other/helpers.py": SECRET})
    (work / "inside/helpers.py").symlink_to("../other/helpers.py")
    if way == "a link" and marked != "nothing":
        assert "only-outside" in run(COMMAND, "facts", "inside/train.py", folder=work).output


@pytest.mark.parametrize("source", ["../outside", "{outside}", "linked"])
def test_no_code_of_a_job_from_outside(source: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"train.py": "print('trains')\n"})
    work = tmp_path / "work"
    write(work, {"launch.py": LAUNCHER.format(folder=source.format(outside=outside))})
    git(work, "init", "--quiet")
    (work / "linked").symlink_to(outside)
    flake8 = (str(SCRIPTS / "flake8"), "--isolated", "--select=TRN", "launch.py")
    assert run(*flake8, folder=work) == (0, "", "")
    write(work, {"src/train.py": "print('trains')\n", "launch.py": LAUNCHER.format(folder="src")})
    assert "TRN" in run(*flake8, folder=work).output, "the folder's files are looked at where they are inside"


def test_no_configuration_from_outside(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"outside/pyproject.toml": SECTION + 'secret-key = "x"\n', "work/train.py": STEP["train.py"]},
    )
    work = tmp_path / "work"
    git(work, "init", "--quiet")
    (work / "pyproject.toml").symlink_to("../outside/pyproject.toml")
    done = check(folder=work)
    assert done.exit_code == 2
    assert "a link that leaves the repository" in done.output
    assert "secret-key" not in done.output
    done = run(str(SCRIPTS / "flake8"), "--select=TRN", "train.py", folder=work)
    assert "secret-key" not in done.output + done.errors


def test_a_script_that_is_a_link_out_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"outside/train.py": STEP["train.py"]})
    work = repository(tmp_path / "work", STEP)
    (work / "train.py").unlink()
    (work / "train.py").symlink_to("../outside/train.py")
    done = run(COMMAND, "facts", "train.py", folder=work)
    assert done == (2, "", "training-alignment: train.py: a link that leaves the repository\n")
    done = check(folder=work)
    assert (done.exit_code, done.errors) == (1, "")
    assert "train.py:1:1: TRN002" in done.output
