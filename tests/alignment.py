"""Runs the real command ``training-alignment``, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.harness import write

PROGRAM = "from training_alignment.cli import main; raise SystemExit(main())"


class Run(NamedTuple):
    """What a run of the command left behind."""

    exit_code: int
    output: str
    errors: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of a run with ``--format json``."""
        found: list[dict[str, Any]] = json.loads(self.output)
        return found

    @property
    def places(self) -> list[tuple[str, int, str]]:
        """Path, line and code of each finding of a run with ``--format json``."""
        return [(f["path"], f["line"], f["code"]) for f in self.findings]


def training_alignment(*arguments: str, folder: Path) -> Run:
    """Run the command in ``folder``; it must not have died."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
    )
    run = Run(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert run.exit_code in (0, 1, 2), run
    assert "Traceback" not in run.output + run.errors, run
    return run


def check(*arguments: str, folder: Path) -> Run:
    """Run ``check`` with JSON output."""
    return training_alignment("check", "--format", "json", *arguments, folder=folder)


def git(folder: Path, *arguments: str) -> None:
    """Run git in a scratch repository, with nothing of the user's configuration."""
    settings = (
        "user.name=test",
        "user.email=test@example.com",
        "commit.gpgsign=false",
        "init.defaultBranch=main",
    )
    options = [part for setting in settings for part in ("-c", setting)]
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files into a new git repository and commit them."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet")
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "begin")
    return folder
