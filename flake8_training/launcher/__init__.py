"""Facts of a launcher: SDK objects, their arguments, jobs, channels and requests. Nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.engine.syntax.program import Program
from flake8_training.launcher.launcher import Launcher


def read_launcher(
    tree: ast.Module, path: str, lines: Sequence[str], program: Program | None = None
) -> Launcher:
    """Return the facts of one file. ``path`` is empty for source that is in no file.

    ``program`` is the program of the same file read as a script (``Script.program``), if there is one: then the file
    and its local modules are parsed only once.
    """
    return Launcher(program or Program(tree, path), path, lines)


__all__ = ["Launcher", "read_launcher"]
