"""Reads made-up launchers."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

from flake8_training.launcher import Launcher, read_launcher
from flake8_training.launcher.located_expressions import Arguments
from flake8_training.launcher.sdk_objects import Estimator


def launcher(text: str, folder: Path | None = None, **modules: str) -> Launcher:
    """Read a launcher; ``modules`` are written beside it (``config="..."`` is ``config.py``)."""
    text = textwrap.dedent(text)
    path = ""
    if folder is not None:
        path = str(folder / "launch.py")
        for name, module in modules.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(module), encoding="utf-8")
    return read_launcher(ast.parse(text), path, text.splitlines(keepends=True))


def estimator(text: str, folder: Path | None = None, **modules: str) -> Estimator:
    """Read the one estimator of a launcher."""
    (found,) = launcher(text, folder, **modules).estimators
    return found


def known(entries: Arguments) -> dict[str, object]:
    """The names of entries with the literal that each is, or None."""
    return {entry.name: entry.constant for entry in entries}
