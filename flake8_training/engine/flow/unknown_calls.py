"""Calls of unknown libraries: the parts of a job that such a call may do.

Only what flows into a call, or out of it, is its to do. A call that receives an object of the program may do
anything with it. A call that receives literals alone cannot save or evaluate a model that the program trains itself,
and cannot pass hyperparameters or data to that training unless its result reaches it. It may still use a file that the
program writes, if an argument names the file, and write a file that the program reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.values.values import (
    Collection,
    Constant,
    LibraryObject,
    Reference,
    StringTemplate,
    Value,
)
from flake8_training.libraries.rows import Carries, Reads, Saves, Trains
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.flow.calls import Call, Calls
    from flake8_training.engine.flow.dataflow import Flow, Origins
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.engine.values.evaluator import Evaluator
    from flake8_training.engine.values.values import Frame

_MAX_DEPTH = 5
_ABSOLUTE = ("/", "~")


class UnknownCalls:
    """The effects of a program's calls of unknown libraries."""

    def __init__(self, calls: Calls, evaluator: Evaluator, flow: Flow) -> None:
        self._calls = calls
        self._evaluator = evaluator
        self._flow = flow
        self._table = table()

    def may_do(self, call: Call, what: str) -> bool:
        """Return whether a call of an unknown library may do ``what`` ("reads", "trains", ...) for this program."""
        if not self._receives_literals(call):
            return True
        if not self._trainings:
            return self._is_statement(call) or call.node in self._reaching_training
        if what == "trains":
            return False
        if what in ("saves", "evaluates"):
            return self._names_written_file(call)
        if call.node in self._reaching_training:
            return True
        return what == "reads" and self._is_statement(call) and self._reads_local_files

    # -- what flows into a call

    def _receives_literals(self, call: Call) -> bool:
        """Return whether only literals flow into a call: its arguments, and those of the object that it belongs to."""
        receiver = self._calls.receiver(call)
        if receiver is not None and not self._is_literal(receiver, call.site.scope, None, 0):
            return False
        return all(self._is_literal(node, call.site.scope, None, 0) for node in arguments(call.node))

    def _is_literal(self, node: ast.expr, scope: Scope, frame: Frame | None, depth: int) -> bool:
        values = self._evaluator.values(node, scope, frame)
        return all(self._is_plain(value, depth) for value in values)

    def _is_plain(self, value: Value, depth: int) -> bool:
        if isinstance(value, Constant):
            return True
        if isinstance(value, Reference):
            return value.receiver is None or self._is_plain(value.receiver, depth + 1)
        if depth >= _MAX_DEPTH:
            return False
        if isinstance(value, LibraryObject):
            if value.site is None or self._table.library(value.name) is not None:
                return False
            function = value.site.node.func
            parts = [*arguments(value.site.node)]
            if isinstance(function, ast.Attribute):
                parts.append(function.value)
            return all(self._is_literal(part, value.site.scope, value.frame, depth + 1) for part in parts)
        if isinstance(value, Collection) and isinstance(
            value.node, ast.List | ast.Tuple | ast.Set | ast.Dict
        ):
            items = value.node.elts if not isinstance(value.node, ast.Dict) else value.node.values
            keys = value.node.keys if isinstance(value.node, ast.Dict) else []
            return None not in keys and all(
                self._is_literal(item, value.scope, value.frame, depth + 1) for item in items
            )
        return False

    def _names_written_file(self, call: Call) -> bool:
        """Return whether an argument names a file or folder that the program writes to."""
        named = [
            value.value
            for node in arguments(call.node)
            for value in self._calls.values(call, node)
            if isinstance(value, Constant) and isinstance(value.value, str)
        ]
        return any(
            _is_within(path, name) or _is_within(name, path) for name in named for path in self._written
        )

    @cached_property
    def _written(self) -> tuple[str, ...]:
        found: list[str] = []
        for call in self._calls.all:
            for row in call.rows:
                if not isinstance(row, Saves | Carries):
                    continue
                node = self._calls.argument(call, row.path)
                for value in self._calls.values(call, node) if node is not None else ():
                    if isinstance(value, Constant) and isinstance(value.value, str):
                        found.append(value.value)
                    elif isinstance(value, StringTemplate) and isinstance(value.parts[0], str):
                        found.append(value.parts[0])
        return tuple(found)

    # -- what flows out of a call

    @staticmethod
    def _is_statement(call: Call) -> bool:
        return id(call.node) in call.site.scope.module.effects

    @cached_property
    def _trainings(self) -> tuple[Call, ...]:
        return tuple(call for call, _ in self._calls.having(Trains))

    @cached_property
    def _reaching_training(self) -> frozenset[ast.Call]:
        """The calls whose results reach a training, a framework, a saved model, or a loop or condition around one."""
        found: set[ast.Call] = set()
        around: dict[int, tuple[ast.expr, Scope]] = {}
        for call in self._calls.all:
            saves = any(row.what == "model" for row in call.having(Saves))
            if not (saves or call.has(Trains) or any(self._is_of_framework(name) for name in call.names)):
                continue
            receiver = self._calls.receiver(call)
            for node in (*arguments(call.node), *([receiver] if receiver is not None else [])):
                found.update(_results(self._calls.origins(call, node)))
            for node in _controls(call):
                around[id(node)] = node, call.site.scope
        for node, scope in around.values():
            found.update(_results(self._flow.origins(node, scope)))
        return frozenset(found)

    def _is_of_framework(self, name: str) -> bool:
        library = self._table.library(name) if not name.startswith("?") else None
        return library is not None and bool(library.framework)

    @cached_property
    def _reads_local_files(self) -> bool:
        """Whether the program reads data from a relative path, where a call may have written it."""
        for call, row in self._calls.having(Reads):
            node = self._calls.argument(call, row.path) if row.what == "data" else None
            for value in self._calls.values(call, node) if node is not None else ():
                if isinstance(value, Constant) and isinstance(value.value, str):
                    if not value.value.startswith(_ABSOLUTE):
                        return True
        return False


def _results(origins: Origins) -> Iterator[ast.Call]:
    return (origin.node for origin in origins if isinstance(origin, Result) and origin.node is not None)


def _controls(call: Call) -> Iterator[ast.expr]:
    """Yield what the loops and conditions around a call ask, within its function."""
    for node in enclosing(call.site.scope.module.tree, call.node):
        if isinstance(node, ast.For | ast.AsyncFor):
            yield node.iter
        elif isinstance(node, ast.While | ast.If):
            yield node.test
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return


def _is_within(path: str, folder: str) -> bool:
    folder = folder.rstrip("/")
    return bool(folder) and (path == folder or path.startswith(folder + "/"))
