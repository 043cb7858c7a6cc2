"""Runs flake8 over files and over standard input: in this process, or the real one as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.in_process import Ended, run_flake8
from tests.margin import Place

PLUGINS = Path(__file__).parent / "plugins"

_OUTPUT_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?P<code>[A-Z]+\d+) (?P<message>.*)")


class Found(NamedTuple):
    """A line of flake8's output."""

    path: str
    line: int
    column: int
    code: str
    message: str


class Result(NamedTuple):
    """What a run of flake8 left behind."""

    exit_code: int
    output: str
    errors: str

    @property
    def found(self) -> list[Found]:
        """The findings in flake8's default format; fails on any other line of output."""
        matches = [_OUTPUT_LINE.fullmatch(line) for line in self.output.splitlines()]
        assert all(matches), self.output
        return [
            Found(Path(path).as_posix(), int(line), int(column), code, message)
            for path, line, column, code, message in (match.groups() for match in matches if match)
        ]

    @property
    def places(self) -> list[Place]:
        """Path, line and code of each finding, in flake8's order."""
        return [(found.path, found.line, found.code) for found in self.found]

    @property
    def messages(self) -> dict[Place, str]:
        """The message of each finding, by its place."""
        return {(found.path, found.line, found.code): found.message for found in self.found}


def flake8(*arguments: str, folder: Path, stdin: str | None = None, isolated: bool = True) -> Result:
    """Run flake8 in ``folder``, in this process; exit codes 0 and 1 only, nothing on standard error."""
    return _result(run_flake8([*(["--isolated"] if isolated else []), *arguments], folder, stdin))


def flake8_process(
    *arguments: str,
    folder: Path,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
    program: tuple[str, ...] = ("-m", "flake8"),
    isolated: bool = True,
) -> Result:
    """Run flake8 in ``folder``, as a process; it must not have died."""
    command = [sys.executable, *program, *(["--isolated"] if isolated else []), *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        input=None if stdin is None else stdin.encode(),
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        env={
            **os.environ,
            "PYTHONWARNINGS": "error::DeprecationWarning:flake8_training",
            **(environment or {}),
        },
        timeout=300,
    )
    return _result(Ended(done.returncode, done.stdout.decode(), done.stderr.decode()))


def _result(ended: Ended) -> Result:
    """Return what a run left behind; fails unless it ended as flake8 ends."""
    result = Result(*ended)
    assert result.exit_code in (0, 1), result
    assert result.errors == "", result
    return result


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def failing_plugin(folder: Path) -> str:
    """Write a configuration file that loads the plugin with a rule that raises; return its path."""
    config = folder / "failing.cfg"
    config.write_text(
        "[flake8:local-plugins]\n"
        "extension =\n    TRN0 = failing:FailingPlugin\n"
        f"paths =\n    {PLUGINS.as_posix()}\n"
    )
    return str(config)
