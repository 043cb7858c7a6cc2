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

from tests.alignment import git, repository
from tests.test_command import SPECIFICATION_PATH, two_steps

ROOT = Path(__file__).parents[1]
SHIPPED = ("flake8_training", "hooks", ".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE")
CANNOT_INSTALL = re.compile(
    r"Could not find a version|No matching distribution|ConnectionError|NewConnectionError"
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
            pattern.search(f) for f in ("a/train.py", "a.step.yaml", "c.yml", "d.json", "pyproject.toml")
        )
        assert not any(pattern.search(f) for f in ("README.md", "a/data.csv", "notes.txt", "poetry.lock"))
    assert hooks["training-alignment-all"]["pass_filenames"] is False


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

    (folder / "README.md").write_text("Nothing of a step.\n")
    unrelated = commit(folder, home, "something else")
    assert unrelated.returncode == 0
    assert "no files to check" in unrelated.stdout + unrelated.stderr
