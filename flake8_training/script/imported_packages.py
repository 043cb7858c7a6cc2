"""The packages that a script needs to have installed."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import enclosing, is_import_caught

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis


def needed_packages(analysis: Analysis) -> dict[str, ast.stmt]:
    """Return the top-level names that the script imports, each with its first import.

    Left out are the standard library, the program's own modules, and imports inside ``try`` or for type checkers.
    """
    module = analysis.program.entry
    found: dict[str, ast.stmt] = {}
    for dotted, node in module.imports:
        top = dotted.partition(".")[0]
        if not top or top in sys.stdlib_module_names or top in found:
            continue
        if analysis.program.local(dotted) is None and not _may_fail(module.tree, node):
            found[top] = node
    return found


def _may_fail(tree: ast.Module, node: ast.stmt) -> bool:
    if is_import_caught(tree, node):
        return True
    return any(isinstance(around, ast.If | ast.ExceptHandler) for around in enclosing(tree, node))
