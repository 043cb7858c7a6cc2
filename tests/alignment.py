"""Runs the command ``training-alignment``: in this process, or the real one as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.harness import write
from tests.in_process import Ended, run_command
from tests.margin import Place

COMMAND = str(Path(sys.executable).with_name("training-alignment" + (".exe" if os.name == "nt" else "")))
# Output is kept back until there is much of it, as on the command line of most people.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


class Run(NamedTuple):
    """What a run of the command left behind."""

    exit_code: int
    output: str
    errors: str

    @property
    def data(self) -> Any:
        """The output as JSON."""
        return json.loads(self.output)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of a run with ``--format json``."""
        found: list[dict[str, Any]] = self.data
        return found

    @property
    def places(self) -> list[Place]:
        """Path, line and code of each finding of a run with ``--format json``."""
        return [(f["path"], f["line"], f["code"]) for f in self.findings]

    @property
    def messages(self) -> dict[Place, str]:
        """The message of each finding of a run with ``--format json``, by its place."""
        return {(f["path"], f["line"], f["code"]): f["message"] for f in self.findings}


def training_alignment(*arguments: str, folder: Path, stdin: str | None = None) -> Run:
    """Run the command in ``folder``, in this process."""
    return _ended(run_command(list(arguments), folder, stdin))


def training_alignment_process(*arguments: str, folder: Path, stdin: str = "") -> Run:
    """Run the installed command in ``folder``, as a process; it must not have died."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=folder,
        input=stdin.encode(),
        capture_output=True,
        env=ENVIRONMENT,
        timeout=300,
    )
    return _ended(Ended(done.returncode, done.stdout.decode(), done.stderr.decode()))


def _ended(ended: Ended) -> Run:
    """Return what a run left behind; fails unless it ended as the command ends."""
    run = Run(*ended)
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
