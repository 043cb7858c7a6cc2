"""The environments of the slow lane, one for each package that cannot stand beside another.

``python -m slow.environments`` makes those that are not there, ``.venv-NAME`` in the checkout. What cannot be installed
is said, and the tests that need it are skipped. To install anew, remove the folder.
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
    "cursus": "sagemaker<3 pydantic networkx",
}
CHECKOUTS = {"cursus": "CURSUS_CHECKOUT"}
"""The environments that are for a repository of others, by the variable that holds the path of a checkout of it."""
_STAMP = "installed"


def folder(name: str) -> Path:
    """Return where an environment is, or would be."""
    return ROOT / f".venv-{name}"


def python(name: str) -> Path:
    """Return the Python of an environment."""
    return folder(name) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_there(name: str) -> bool:
    """Return whether an environment has been made, with what it needs."""
    stamp = folder(name) / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == REQUIREMENTS[name]


def make(name: str) -> bool:
    """Make an environment unless it is there; return whether it is there now."""
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
    """Make every environment; the exit code is 0 whatever can be installed."""
    for name, requirement in REQUIREMENTS.items():
        if name in CHECKOUTS and not os.environ.get(CHECKOUTS[name]):
            print(f"{CHECKOUTS[name]} is not set: the tests that need {name} are SKIPPED", flush=True)
        elif not make(name):
            print(f"{requirement} cannot be installed here: the tests that need it are SKIPPED", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
