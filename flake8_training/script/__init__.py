"""Facts of a training script that several rules and commands use. The script is parsed, never run."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.engine.syntax.parents import forget_parents
from flake8_training.script.hyperparameter_mappings import hyperparameter_mappings
from flake8_training.script.script import Script
from flake8_training.source_file import Root


def read(tree: ast.Module, path: str, lines: Sequence[str], root: Root | None = None) -> Script:
    """Return the facts of one file. ``path`` is empty for source that is not in a file.

    No local module outside of the folder ``root`` is read; None stands for the file's own project.
    """
    return Script(tree, path, lines, root)


def forget_trees() -> None:
    """Release the trees of scripts that have been read, but for the indexes of their local modules."""
    forget_parents()
    hyperparameter_mappings.cache_clear()


__all__ = ["Script", "forget_trees", "read"]
