"""YAML and JSON files at a literal path, read as literal dicts.

The file is parsed by a safe loader, within bounds, and becomes a module with one literal. Nothing outside the project's
root is read. A value that is no literal of Python, such as a date, is unknown.
"""

from __future__ import annotations

import ast
import json
import os
from typing import Final

from flake8_training.engine.syntax.indexer import index_module
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.source_file import Root, is_file

MAX_BYTES: Final = 40_000
_MAX_VALUES = 4_000
_MAX_NESTING = 20
_LARGEST = 10**15
_YAML = (".yaml", ".yml")
_JSON = (".json",)


class _TooLarge(Exception):
    """A file with more values, or deeper ones, than are read."""


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
        text = root.read(found[0], MAX_BYTES).decode("utf-8-sig")
        literal = _Literals().of(_parsed(text, found[0]))
    except (OSError, ValueError, TypeError, RecursionError, MemoryError, _TooLarge):
        return None
    statement = ast.Assign(targets=[ast.Name("CONTENT", ast.Store())], value=literal)
    tree = ast.fix_missing_locations(ast.Module(body=[statement], type_ignores=[]))
    return literal, index_module(tree, found[0]).top


def _parsed(text: str, path: str) -> object:
    """Return the content of a file. Raises `ValueError` if it is malformed."""
    if path.endswith(_JSON):
        return json.loads(text)
    import yaml

    try:
        # The loader that is written in Python: a deep file ends it with RecursionError.
        return yaml.load(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


class _Literals:
    """Converts values to expressions, up to a number of them: aliases of YAML multiply."""

    def __init__(self) -> None:
        self._left = _MAX_VALUES

    def of(self, value: object, depth: int = 0) -> ast.expr:
        """Return a value as an expression; an undefined name stands for an unknown one."""
        self._left -= 1
        if self._left < 0 or depth > _MAX_NESTING:
            raise _TooLarge
        if isinstance(value, dict):
            keys: list[ast.expr | None] = [self.of(key, depth + 1) for key in value]
            return ast.Dict(keys=keys, values=[self.of(one, depth + 1) for one in value.values()])
        if isinstance(value, list):
            return ast.List(elts=[self.of(one, depth + 1) for one in value], ctx=ast.Load())
        if value is None or isinstance(value, str | bool):
            return ast.Constant(value)
        if isinstance(value, int | float) and abs(value) < _LARGEST:
            return ast.Constant(value)
        return ast.Name("unknown", ast.Load())
