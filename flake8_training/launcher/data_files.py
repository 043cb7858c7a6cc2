"""YAML and JSON files at a literal path, read as literal dicts.

The file is parsed within bounds, and becomes a module with one literal. Nothing outside the project's root is read.
"""

from __future__ import annotations

import ast
import os
from typing import Final

from flake8_training.engine.syntax.indexer import index_module
from flake8_training.engine.syntax.scopes import ModuleIndex, Scope
from flake8_training.launcher.data_literals import Bounds, read_json_literal, read_yaml_literal
from flake8_training.source_file import Root, is_file

MAX_BYTES: Final = 40_000
_BOUNDS = Bounds(values=4_000, levels=20)
_YAML = (".yaml", ".yml")
_JSON = (".json",)


def read_data_file(root: Root, folder: str, path: str) -> tuple[ast.expr, Scope] | None:
    """Return the content of the file that a launcher in ``folder`` opens as ``path``, as a literal with its scope.

    A relative path is relative to the launcher's folder or to the root; None if both have a file, if there is none, or
    if it is unreadable.
    """
    if not path.endswith((*_YAML, *_JSON)):
        return None
    places = [path] if os.path.isabs(path) else [os.path.join(folder, path), os.path.join(root.path, path)]
    found = sorted({os.path.normpath(place) for place in places if is_file(place)})
    if len(found) != 1:
        return None
    try:
        literal = literal_of(root.read(found[0], MAX_BYTES), path)
    except OSError:
        return None
    return (literal, module_of(literal, found[0]).top) if literal is not None else None


def literal_of(data: bytes, path: str) -> ast.expr | None:
    """Return the content of a YAML or JSON file as a literal; None if it is too large or does not parse."""
    if not path.endswith((*_YAML, *_JSON)) or len(data) > MAX_BYTES:
        return None
    read = read_json_literal if path.endswith(_JSON) else read_yaml_literal
    try:
        return read(data.decode("utf-8-sig"), _BOUNDS).root
    except (ValueError, RecursionError, MemoryError):
        return None


def module_of(literal: ast.expr, path: str) -> ModuleIndex:
    """Return a module that holds a literal alone."""
    statement = ast.Assign(targets=[ast.Name("CONTENT", ast.Store())], value=literal)
    tree = ast.fix_missing_locations(ast.Module(body=[statement], type_ignores=[]))
    return index_module(tree, path)
