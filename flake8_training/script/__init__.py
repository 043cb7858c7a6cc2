"""What a training script does, read from its source. Nothing of it is run, and no rules are here."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.script.facts import Script


def read(tree: ast.Module, path: str, lines: Sequence[str]) -> Script:
    """The facts of one file. ``path`` is empty for a text without a place on the disk."""
    return Script(tree, path, lines)


__all__ = ["Script", "read"]
