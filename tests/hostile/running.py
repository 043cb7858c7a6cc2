"""Runs the command, or flake8, as people start them: as processes, with any streams and surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

SCRIPTS = Path(sys.executable).parent
COMMAND = str(SCRIPTS / "training-alignment")
SELECT = "--select=TRN001,TRN002,TRN003,TRN110"

SCRIPT = """\
import os

import joblib
import pandas as pd
from sklearn.svm import SVC

if __name__ == "__main__":
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "x.csv"))
    model = SVC().fit(data, data.pop("y"))
    joblib.dump(model, os.path.join(os.environ["SM_MODELDIR"], "model.joblib"))
"""
"""A script with one mistake, an error, in its last line."""
CODE = "TRN110"

CONTRACT = """\
TRAIN_CONTRACT = {
    "entry_point": "train.py",
    "inputs": {"train": "/opt/ml/input/data/train"},
    "outputs": {"model": "/opt/ml/model"},
}
"""
STEP = {"train.py": SCRIPT, "train_contract.py": CONTRACT}


class Run(NamedTuple):
    """What a process left behind."""

    exit_code: int
    output: str
    errors: str


def run(
    *command: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
    timeout: float = 60,
) -> Run:
    """Run a program; it must not have died."""
    inherited = {name: value for name, value in os.environ.items() if name not in without}
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**inherited, **(environment or {})},
        timeout=timeout,
        preexec_fn=_limited if os.name != "nt" else None,
    )
    found = Run(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    assert "Traceback" not in found.output + found.errors, found
    return found


def _limited() -> None:
    """Let a process that reads without end fail before it takes the machine with it."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
