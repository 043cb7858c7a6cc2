"""TRN410 and TRN411 against the real argparse: scripts and hyperparameters are made up, run, and checked."""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from flake8_training.sagemaker.hyperparameter_arguments import arguments
from tests.launchers.argparse_cases import cases, compare

ROUNDS = 12
CASES_A_ROUND = 14

Ended = tuple[int, str]
"""Exit code and output."""


def in_process(command: list[str], monkeypatch: pytest.MonkeyPatch) -> Ended:
    """Run a script in this process."""
    monkeypatch.setattr(sys, "argv", command)
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        try:
            runpy.run_path(command[0], run_name="__main__")
        except SystemExit as end:
            return (end.code if isinstance(end.code, int) else 1), output.getvalue()
    return 0, output.getvalue()


def as_process(command: list[str], _: pytest.MonkeyPatch) -> Ended:
    """Run a script as a job does."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("seed", "start"), [*((seed, in_process) for seed in range(ROUNDS)), (ROUNDS, as_process)]
)
def test_says_so_where_argparse_does(
    seed: int,
    start: Callable[[list[str], pytest.MonkeyPatch], Ended],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number, case in enumerate(cases(seed, CASES_A_ROUND)):
        folder = tmp_path / str(number)

        def run(
            given: Mapping[str, object], script: Path = folder / "code/train.py"
        ) -> dict[str, object] | None:
            code, output = start([str(script), *arguments(given, case.route)], monkeypatch)  # noqa: B023
            assert code in (0, 2), (case, code)  # noqa: B023
            received: dict[str, object] | None = json.loads(output) if code == 0 else None
            return received

        compare(case, folder, run)
