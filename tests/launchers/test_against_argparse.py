"""TRN410 and TRN411 against the real argparse: scripts and hyperparameters are made up, run, and checked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from flake8_training.sagemaker.arguments import arguments
from tests.launchers.argparse_cases import cases, compare

ROUNDS = 12
CASES_A_ROUND = 14


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_says_so_where_argparse_does(seed: int, tmp_path: Path) -> None:
    for number, case in enumerate(cases(seed, CASES_A_ROUND)):
        folder = tmp_path / str(number)

        def run(
            given: Mapping[str, object], script: Path = folder / "code/train.py"
        ) -> dict[str, object] | None:
            command = [sys.executable, str(script), *arguments(given, case.route)]  # noqa: B023
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            assert done.returncode in (0, 2), done.stderr
            received: dict[str, object] | None = json.loads(done.stdout) if done.returncode == 0 else None
            return received

        compare(case, folder, run)
