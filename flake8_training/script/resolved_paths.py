"""Checks on whether the source determines the path that a call receives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ContainerPath, PathKind
from flake8_training.engine.values.values import LibraryObject, Reference, Unknown, Value
from flake8_training.libraries.rows import Carries, Reads, Saves
from flake8_training.pattern import pattern

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

# These return an open file or a name that they generate, never a path that is defined elsewhere.
_OWN_MAKING = (
    "builtins.open()",
    "open()",
    "io.",
    "os.",
    "gzip.",
    "bz2.",
    "lzma.",
    "tarfile.",
    "zipfile.",
    "tempfile.",
    "pathlib.",
    "shutil.",
    "time.",
    "datetime.",
    "uuid.",
)

# These return data. A call that reads takes it as data (``xgboost.DMatrix(frame.iloc[:, 1:])``), one that writes takes
# a cell of it as the path.
_DATA = (
    "pandas.",
    "numpy.",
    "polars.",
    "dask.",
    "cudf.",
    "cupy.",
    "scipy.",
    "sklearn.",
    "torch.",
    "datasets.",
    "keras.datasets.",
)

_READ_TEXT = pattern(r"\)\.(?:read|readline|readlines|read_text|read_bytes)\(\)")
"""The methods of files and paths that return what the file holds."""

MOVING = frozenset({"os.chdir", "contextlib.chdir", "os.symlink", "os.link", "pathlib.Path().symlink_to"})


def is_resolved(analysis: Analysis, call: Call, node: ast.expr, *, writes: bool = False) -> bool:
    """Return whether every value of an argument is known, and none comes from unavailable code.

    A path from a configuration file or from an unknown library may be any path. ``writes``: the argument is the path
    that the call writes to, so that what the script has read from a file is a path too.
    """
    values = analysis.calls.values(call, node)
    return all(_is_known(analysis, one) and not (writes and is_read_from_file(one)) for one in values)


def is_read_from_file(value: Value) -> bool:
    """Return whether a value is what a file or a table holds, and not the file: a line, a cell, a whole text."""
    if not isinstance(value, Reference | LibraryObject):
        return False
    return _READ_TEXT.search(value.name) is not None or ("()" in value.name and value.name.startswith(_DATA))


def is_moved(analysis: Analysis, roots: list[ContainerPath]) -> bool:
    """Return whether a place is relative and the program changes its working directory or creates links."""
    relative = any(p.root is PathKind.LOCAL and not p.path.startswith("/") for p in roots)
    return relative and any(name in MOVING for call in analysis.calls.all for name in call.names)


def _is_known(analysis: Analysis, value: Value) -> bool:
    if isinstance(value, Unknown):
        return False
    if isinstance(value, Reference | LibraryObject) and "()" in value.name and value.name.startswith(_DATA):
        return True
    if isinstance(value, Reference):
        return not (value.name.startswith("sys.argv") or analysis.calls.is_foreign_name(value.name))
    if not isinstance(value, LibraryObject) or value.name.startswith(_OWN_MAKING):
        return True
    built = analysis.by_node.get(value.site.node) if value.site is not None else None
    if built is None or "[]()" in value.name:
        return False
    return built.inert or any(isinstance(row, Reads | Saves | Carries) for row in built.rows)
