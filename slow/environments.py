"""The environments of the slow tests, one for each package that conflicts with another.

``python -m slow.environments`` creates the missing ones as ``.venv-NAME`` in the checkout. A failed installation is
reported, and the tests that need it are skipped. To install one again, remove its folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = {
    "sdk-v2": "sagemaker<3",
    "sdk-v3": "sagemaker>=3",
    "toolkit": "sagemaker-training",
    "examples": "sagemaker-training xgboost<2 scikit-learn pandas joblib torch",
    "cursus": "sagemaker<3 pydantic networkx",
}
CHECKOUTS = {"cursus": "CURSUS_CHECKOUT"}
"""Environments for a foreign repository, by the variable that holds the path of a checkout of it."""
_STAMP = "installed"


def folder(name: str) -> Path:
    """Return the folder of an environment, whether it exists or not."""
    return ROOT / f".venv-{name}"


def python(name: str) -> Path:
    """Return the Python of an environment."""
    return folder(name) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_there(name: str) -> bool:
    """Return whether an environment exists, with its requirements."""
    stamp = folder(name) / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == REQUIREMENTS[name]


def make(name: str) -> bool:
    """Create an environment unless it exists; return whether it exists now."""
    if is_there(name):
        return True
    print(f"Making the environment {folder(name).name} with {REQUIREMENTS[name]}", flush=True)
    venv.create(folder(name), with_pip=True)
    install = [str(python(name)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*install, *REQUIREMENTS[name].split()]).returncode:
        return False
    (folder(name) / _STAMP).write_text(REQUIREMENTS[name], encoding="utf-8")
    return True


def main() -> int:
    """Create every environment; the exit code is 0 even if one cannot be installed."""
    for name, requirement in REQUIREMENTS.items():
        if name in CHECKOUTS and not os.environ.get(CHECKOUTS[name]):
            print(f"{CHECKOUTS[name]} is not set: the tests that need {name} are SKIPPED", flush=True)
        elif not make(name):
            print(f"{requirement} cannot be installed here: the tests that need it are SKIPPED", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
