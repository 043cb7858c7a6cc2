"""Facts of a training script that several rules and commands use. The script is parsed, never run."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.script.script import Script
from flake8_training.source_file import Root


def read(tree: ast.Module, path: str, lines: Sequence[str], root: Root | None = None) -> Script:
    """Return the facts of one file. ``path`` is empty for source that is not in a file.

    No local module outside of the folder ``root`` is read; None stands for the file's own project.
    """
    return Script(tree, path, lines, root)


__all__ = ["Script", "read"]
