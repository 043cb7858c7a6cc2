"""What a builder, a pipeline or a launcher's file makes, read from its source. Nothing of it is run; no rules."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.builder.launcher import Launcher
from flake8_training.script.modules import Program


def read_launcher(
    tree: ast.Module, path: str, lines: Sequence[str], program: Program | None = None
) -> Launcher:
    """Return the facts of one file. ``path`` is empty for a text without a place on the disk.

    ``program`` is that of the file read as a script (``Script.program``), where there is one: a file and the
    modules around it are parsed once.
    """
    return Launcher(program or Program(tree, path), path, lines)


__all__ = ["Launcher", "read_launcher"]
