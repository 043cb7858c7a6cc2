"""The packages that a script needs to have installed."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import enclosing, is_import_caught
from flake8_training.resolver import absolute_name, prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import ModuleIndex


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


def packages_at_start(
    analysis: Analysis, is_followed: Callable[[ModuleIndex], bool]
) -> dict[str, tuple[ModuleIndex, ast.stmt]]:
    """Return the top-level names that starting the script certainly imports, each with its first import.

    Besides the script's own imports these are the ones of the local modules that it imports on the way, if
    ``is_followed`` accepts the module. Left out are the standard library, the program's own modules, and imports
    inside ``try``, ``if``, a function or a class.
    """
    program = analysis.program
    found: dict[str, tuple[ModuleIndex, ast.stmt]] = {}
    seen, todo = {program.entry.path}, [program.entry]
    while todo:
        module = todo.pop(0)
        for dotted, node in _certain_imports(module):
            local = [one for name in prefixes(dotted) if (one := program.module(name)) is not None]
            todo += [one for one in local if one.path not in seen and is_followed(one)]
            seen.update(one.path for one in local)
            top = dotted.partition(".")[0]
            if (
                top
                and top not in sys.stdlib_module_names
                and not local
                and program.why_unread(dotted) is None
            ):
                found.setdefault(top, (module, node))
    return found


def _certain_imports(module: ModuleIndex) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the absolute dotted names that a module imports whenever it is imported, with their statements."""
    for dotted, node in module.imports:
        name = absolute_name(dotted, module.package)
        if name and not _may_fail(module.tree, node) and not _is_inside(module.tree, node):
            yield name, node


def _is_inside(tree: ast.Module, node: ast.stmt) -> bool:
    around = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return any(isinstance(one, around) for one in enclosing(tree, node))


def _may_fail(tree: ast.Module, node: ast.stmt) -> bool:
    if is_import_caught(tree, node):
        return True
    return any(isinstance(around, ast.If | ast.ExceptHandler) for around in enclosing(tree, node))
