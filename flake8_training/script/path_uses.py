"""The paths that reach a use: a read, a listing, a write, or code that is not available.

To build a path from others, to show it, or to test whether it exists is no use of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.values.values import Class, Collection, Constant, Instance, Module, Values
from flake8_training.libraries.rows import Reads, Saves
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.syntax.scopes import Scope

BUILDING = (
    "os.path.join",
    "os.path.dirname",
    "os.path.basename",
    "os.path.abspath",
    "os.path.normpath",
    "os.path.realpath",
    "os.path.expanduser",
    "posixpath.join",
    "os.fspath",
    "os.environ.",
    "os.getenv",
    "pathlib.Path",
    "pathlib.PurePath",
    "pathlib.PosixPath",
    "pathlib.PurePosixPath",
    "pathlib.Path().joinpath",
    "pathlib.Path().resolve",
    "pathlib.Path().absolute",
    "argparse.",
    "logging.",
    "warnings.",
    "builtins.print",
    "builtins.str",
    "builtins.repr",
    "builtins.len",
    "builtins.isinstance",
)
"""Calls that only convert their argument to another path or string, or show it; a name with a final dot is a prefix."""

TESTING = (
    *("os.path.exists", "os.path.isdir", "os.path.isfile"),
    *("pathlib.Path().exists", "pathlib.Path().is_dir", "pathlib.Path().is_file"),
)
"""Calls that only test for a file or a folder."""

CREATING = ("os.makedirs", "os.mkdir", "pathlib.Path().mkdir")
"""Calls that only create a folder."""

_NO_USE = (*TESTING, *CREATING, "os.path.isabs", "os.access")
_STRINGS = "builtins.str()."
_PREFIXES = tuple(name for name in BUILDING if name.endswith("."))
_MAX_NESTED = 4
_MAX_ELEMENTS = 200


def only_builds(name: str) -> bool:
    """Return whether a function only converts a path, by its canonical name."""
    return name in BUILDING or name.startswith((*_PREFIXES, _STRINGS))


def is_no_use(call: Call) -> bool:
    """Return whether a call does nothing with the paths that it receives, or does it in the program's own code."""
    if call.local and not call.unknown:
        return True
    if not call.names:
        return False
    return all(only_builds(name) or name in _NO_USE for name in call.names) or table().only_shows(call.names)


def path_uses(analysis: Analysis) -> Iterator[ContainerPath]:
    """Yield the places that calls use, and those that the program stores where other code may find them."""
    for call in analysis.calls.all:
        if not is_no_use(call):
            yield from used_by(analysis, call)
    yield from stored_paths(analysis)


def stored_paths(analysis: Analysis) -> Iterator[ContainerPath]:
    """Yield the places that the program stores where other code may find them."""
    for store in analysis.program.subscript_stores:
        yield from _places(analysis, store.value, store.scope)
    for store in analysis.program.attribute_stores():
        owners = analysis.evaluator.values(store.target, store.scope)
        if not owners or not all(isinstance(owner, Instance | Class | Module) for owner in owners):
            yield from _places(analysis, store.value, store.scope)


def used_by(analysis: Analysis, call: Call, *, inside: bool = True) -> Iterator[ContainerPath]:
    """Yield the places that a call receives, as arguments or as its receiver; ``inside``: in lists and dicts too."""
    receiver = analysis.calls.receiver(call)
    for node in (*arguments(call.node), *([receiver] if receiver is not None else [])):
        yield from _places(analysis, node, call.site.scope, 0 if inside else _MAX_NESTED)


def _places(analysis: Analysis, node: ast.expr, scope: Scope, depth: int = 0) -> Iterator[ContainerPath]:
    passed = node.value if isinstance(node, ast.Starred) else node
    if isinstance(passed, ast.Constant) and not isinstance(passed.value, str):
        return
    yield from _places_of(analysis, analysis.evaluator.values(passed, scope), depth)


def _places_of(analysis: Analysis, values: Values, depth: int) -> Iterator[ContainerPath]:
    """Yield the places of values, those inside lists and dicts included."""
    yield from places(analysis.evaluator, values)
    for value in values if depth < _MAX_NESTED else ():
        if isinstance(value, Collection):
            for element in _elements(value.node)[:_MAX_ELEMENTS]:
                inner = analysis.evaluator.values(element, value.scope, value.frame)
                yield from _places_of(analysis, inner, depth + 1)


def _elements(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    return [keyword.value for keyword in node.keywords] if isinstance(node, ast.Call) else []


def has_unknown_access(analysis: Analysis) -> bool:
    """Return whether a call that can run reads or writes at a path of which nothing is known."""
    for call in analysis.calls.all:
        for row in call.rows:
            if not isinstance(row, Reads | Saves) or (isinstance(row, Reads) and row.what == "model"):
                continue
            node = analysis.calls.argument(call, row.path)
            values = analysis.calls.values(call, node) if node is not None else ()
            if any(isinstance(value, Constant) and not isinstance(value.value, str) for value in values):
                continue
            if any(
                p.root is PathKind.UNKNOWN and p.path.startswith(ANY)
                for p in places(analysis.evaluator, values)
            ):
                return True
    return False
