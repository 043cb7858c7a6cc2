"""The commit hook through real pre-commit in a scratch repository, installed from this checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from training_alignment.repository import child_process

from tests.alignment import check, git, repository
from tests.test_command import (
    CLEANING_CONTRACT,
    CLEANING_SCRIPT,
    CONTRACT_PATH,
    SPECIFICATION_PATH,
    two_steps,
)

ROOT = Path(__file__).parents[1]
SHIPPED = (
    *("flake8_training", "hooks", "examples", ".pre-commit-hooks.yaml"),
    *("pyproject.toml", "README.md", "LICENSE"),
)
CANNOT_INSTALL = re.compile(
    r"Could not find a version|No matching distribution|ConnectionError|NewConnectionError"
    r"|install build dependencies did not run successfully"
)


def test_manifest() -> None:
    hooks = {
        hook["id"]: hook
        for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    }
    assert set(hooks) == {"training-alignment", "training-alignment-all"}
    for hook in hooks.values():
        assert hook["entry"].startswith("training-alignment check")
        assert hook["language"] == "python"
        assert hook["require_serial"] is True
        pattern = re.compile(hook["files"])
        assert all(
            pattern.search(f)
            for f in (
                "a/train.py",
                "a.step.yaml",
                "c.yml",
                "d.json",
                "pyproject.toml",
                "b/Dockerfile",
                "trees/train",
            )
        )
        assert not any(
            pattern.search(f) for f in ("README.md", "a/data.csv", "notes.txt", "poetry.lock", "train/a.csv")
        )
    assert hooks["training-alignment-all"]["pass_filenames"] is False
    assert hooks["training-alignment-all"]["always_run"] is True, "pre-commit counts no deleted file"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the project ships, as a git repository of its own: pre-commit clones nothing else."""
    folder = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return repository(folder, {})


def commit(folder: Path, home: Path, message: str) -> subprocess.CompletedProcess[str]:
    """Commit everything; the hook decides."""
    git(folder, "add", "--all")
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-m", message]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT"))}
    environment["PRE_COMMIT_HOME"] = str(home)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", env=environment)


def test_commits(source: Path, tmp_path: Path) -> None:
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=source, capture_output=True, check=True, encoding="utf-8"
    ).stdout.strip()
    configuration = {
        "repos": [{"repo": source.as_uri(), "rev": head, "hooks": [{"id": "training-alignment"}]}]
    }
    files = {**two_steps(), ".pre-commit-config.yaml": yaml.safe_dump(configuration)}
    folder, home = repository(tmp_path / "work", files), tmp_path / "home"
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=folder, check=True, capture_output=True
    )
    specification = folder / SPECIFICATION_PATH
    right = specification.read_text()

    specification.write_text(right.replace('"eta": 0.3', '"eta": 0.5'))
    broken = commit(folder, home, "break the step")
    if CANNOT_INSTALL.search(broken.stdout + broken.stderr):
        pytest.skip("pip cannot install the project here: no package index")
    assert broken.returncode == 1
    assert f"{SPECIFICATION_PATH}:18:9: TRN208" in broken.stdout + broken.stderr

    specification.write_text(right + "# mended\n")
    mended = commit(folder, home, "mend it")
    assert mended.returncode == 0, mended.stdout + mended.stderr

    git(folder, "mv", CLEANING_SCRIPT, "scripts/tidying.py")
    renamed = commit(folder, home, "rename a script")
    assert renamed.returncode == 1
    assert f"{CLEANING_CONTRACT}:4:17: TRN160" in renamed.stdout + renamed.stderr
    git(folder, "reset", "--quiet", "--hard")

    (folder / "scripts/new.py").write_text("x = 1\n")
    of_no_step = commit(folder, home, "a file of no step")
    assert of_no_step.returncode == 0, of_no_step.stdout + of_no_step.stderr
    assert "TRN" not in of_no_step.stdout + of_no_step.stderr

    (folder / "README.md").write_text("Nothing of a step.\n")
    unrelated = commit(folder, home, "something else")
    assert unrelated.returncode == 0
    assert "no files to check" in unrelated.stdout + unrelated.stderr


def test_files_that_a_commit_takes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path / "work", {**two_steps(), "lib/other.py": "x = 1\n"})
    git(folder, "rm", "--quiet", CLEANING_SCRIPT)
    git(folder, "mv", CONTRACT_PATH, "contracts/fraud_contract.py")
    (folder / "lib/other.py").write_text("x = 2\n")
    git(folder, "add", "--all")
    asked = ("--select=TRN004,TRN160", "lib/other.py")
    monkeypatch.delenv("PRE_COMMIT", raising=False)
    assert check(*asked, folder=folder).findings == []
    monkeypatch.setenv("PRE_COMMIT", "1")
    for name in ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"):
        monkeypatch.delenv(name, raising=False)
    run = check(*asked, folder=folder)
    found = {(f["path"], f["code"], f["severity"], f["message"].rpartition(": ")[2]) for f in run.findings}
    assert (CLEANING_CONTRACT, "TRN160", "error", "no file cleaning.py") in found
    assert (SPECIFICATION_PATH, "TRN004", "warning", "churn-training has no contract") in found
    assert run.exit_code == 1


def test_files_that_a_push_takes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path / "work", {**two_steps(), "lib/other.py": "x = 1\n"})
    git(folder, "rm", "--quiet", CLEANING_SCRIPT)
    git(folder, "commit", "--quiet", "--message", "take a script away")
    monkeypatch.setenv("PRE_COMMIT", "1")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert check("--select=TRN160", "lib/other.py", folder=folder).places == [
        (CLEANING_CONTRACT, 4, "TRN160")
    ]
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "nothing")
    assert check("--select=TRN160", "lib/other.py", folder=folder).places == []


def test_a_commit_of_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path / "work", {**two_steps(), "lib/other.py": "x = 1\n"})
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert check("lib/other.py", folder=folder).findings == []


def test_git_is_asked_once_for_each_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path / "work", {**two_steps(), "lib/other.py": "x = 1\n"})
    monkeypatch.setenv("PRE_COMMIT", "1")
    asked: list[str] = []

    def run(command: list[str], environment: dict[str, str], seconds: float) -> tuple[int, bytes, bytes]:
        asked.append(next(word for word in command if word in ("diff", "ls-files")))
        return child_process.run(command, environment, seconds)

    monkeypatch.setattr("training_alignment.repository.git.run", run)
    for path in ("lib/other.py", CLEANING_SCRIPT):
        asked.clear()
        check(path, folder=folder)
        assert asked == ["diff", "ls-files"]
