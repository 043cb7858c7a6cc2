"""The environment variables that a method returns, and the objects it takes others from."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flake8_training.pattern import pattern
from training_alignment.artefacts.class_model import Environment, Lookup, Text
from training_alignment.artefacts.tree import Entry, Located, Node, Table

if TYPE_CHECKING:
    from training_alignment.artefacts.method_body import MethodBody
    from training_alignment.artefacts.python_expressions import PythonTree

ENVIRONMENT = pattern(r"(?i)environment|env_vars")
"""A pattern in the names of methods that return environment variables."""

_IS_REQUIRED = {"required_env_vars": True, "optional_env_vars": False}


class EnvironmentReader:
    """Reads a method once; `read` returns its result."""

    def __init__(self, reader: PythonTree, body: MethodBody) -> None:
        self.reader = reader
        self.source = reader.source
        self.body = body
        self.known = body.known
        self.entries: dict[str, Entry[Node]] = {}
        self.guards: dict[str, tuple[Text, ...]] = {}
        self.lookups: list[Lookup] = []
        self.asked: list[str] = []
        self.closed = True
        self.super = False
        self.holders = {r.id for r in body.returns if isinstance(r, ast.Name)}
        self._around: list[Text] = []

    def read(self) -> Environment:
        """Return the environment variables that the method returns."""
        for returned in self.body.returns:
            if not isinstance(returned, ast.Name):
                self._merge(returned)
        self._statements(self.body.node.body)
        self._passed_on()
        place = self.source.place(self.body.node)
        return Environment(
            Table(self.entries, place, self.closed),
            self.super,
            tuple(dict.fromkeys(self.asked)),
            self.guards,
            tuple(self.lookups),
        )

    # -- statements

    def _statements(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                self._store(target, statement.value)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self._store(statement.target, statement.value)
        elif isinstance(statement, ast.AugAssign) and self._is_holder(statement.target):
            self._merge(statement.value)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            self._call(statement.value)
        elif isinstance(statement, ast.If):
            checked = self._checked_fields(statement.test)
            self._around.extend(checked)
            self._statements(statement.body)
            del self._around[len(self._around) - len(checked) :]
            self._statements(statement.orelse)
        elif isinstance(statement, ast.For):
            if not self._looks_up(statement):
                self._statements((*statement.body, *statement.orelse))
        else:
            for block in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(statement, block, ()):
                    self._statements(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])

    def _store(self, target: ast.expr, value: ast.expr) -> None:
        if self._is_holder(target):
            self._merge(value)
        elif isinstance(target, ast.Subscript) and self._is_holder(target.value):
            self._set(target.slice, value, target)

    def _call(self, call: ast.Call) -> None:
        function = call.func
        if not (isinstance(function, ast.Attribute) and self._is_holder(function.value)):
            return
        if function.attr == "update":
            for argument in call.args:
                self._merge(argument)
            for keyword in call.keywords:
                if keyword.arg is None:
                    self._merge(keyword.value)
                else:
                    self._add(Located(keyword.arg, self.source.place(keyword)), keyword.value)
        elif function.attr == "setdefault" and call.args:
            self._set(call.args[0], call.args[-1], call)

    def _set(self, key: ast.expr, value: ast.expr, at: ast.expr) -> None:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            self._add(Located(key.value, self.source.place(at)), value)
        else:
            self.closed = False

    def _add(self, name: Text, value: ast.expr) -> None:
        self.entries.setdefault(name.value, Entry(name, self.reader.node(value, self.known)))
        around = tuple(self._around)
        if not around:
            self.guards[name.value] = ()
        else:
            self.guards.setdefault(name.value, around)

    # -- expressions

    def _merge(self, value: ast.expr, depth: int = 0) -> None:
        """Add the entries of an expression that is a dict."""
        if depth > 5:
            self.closed = False
        elif isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if key is None:
                    self._merge(item, depth + 1)
                else:
                    self._set(key, item, key)
        elif isinstance(value, ast.IfExp):
            self._merge(value.body, depth + 1)
            self._merge(value.orelse, depth + 1)
        elif isinstance(value, ast.BoolOp):
            for one in value.values:
                self._merge(one, depth + 1)
        elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
            self._merge(value.left, depth + 1)
            self._merge(value.right, depth + 1)
        elif isinstance(value, ast.Name):
            if value.id in self.known:
                self._merge(self.known[value.id], depth + 1)
            elif value.id not in self.holders:
                self.closed = False
        elif isinstance(value, ast.Attribute) and self.body.is_configuration(value.value):
            self.asked.append(value.attr)
        elif isinstance(value, ast.Call):
            self._merge_call(value, depth)
        elif not (isinstance(value, ast.Constant) and value.value is None):
            self.closed = False

    def _merge_call(self, call: ast.Call, depth: int) -> None:
        function = call.func
        if is_super(call):
            self.super = True
        elif isinstance(function, ast.Attribute) and self.body.is_configuration(function.value):
            self.asked.append(function.attr)
        elif isinstance(function, ast.Attribute) and function.attr == "copy" and not call.args:
            self._merge(function.value, depth + 1)
        elif isinstance(function, ast.Name) and function.id == "dict":
            for argument in call.args:
                self._merge(argument, depth + 1)
            for keyword in call.keywords:
                if keyword.arg is None:
                    self._merge(keyword.value, depth + 1)
                else:
                    self._add(Located(keyword.arg, self.source.place(keyword)), keyword.value)
        else:
            self.closed = False

    def _is_holder(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self.holders

    def _checked_fields(self, test: ast.expr) -> list[Text]:
        """Return the fields without which a test is false: ``hasattr(self.config, "depth") and ...``."""
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            return [field for one in test.values for field in self._checked_fields(one)]
        if not (isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "hasattr"):
            return []
        if len(test.args) != 2 or not self.body.is_configuration(test.args[0]):
            return []
        name = test.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return [Located(name.value, self.source.place(test))]
        return []

    # -- what goes by the contract

    def _looks_up(self, loop: ast.For) -> bool:
        """Record a loop over the contract's variables that looks each up in the configuration;

        return whether it is one.
        """
        section = next(
            (n.attr for n in ast.walk(loop.iter) if isinstance(n, ast.Attribute) and n.attr in _IS_REQUIRED),
            None,
        )
        target = (
            loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else loop.target
        )
        if section is None or not isinstance(target, ast.Name):
            return False
        paths: set[str] = set()
        lower = default = False
        for node in ast.walk(loop):
            if isinstance(node, ast.Attribute) and node.attr == "lower":
                lower = True
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Subscript) and self._is_holder(t.value) for t in node.targets
            ):
                found = [self._path(inner) for inner in ast.walk(node.value) if isinstance(inner, ast.Call)]
                known = [path for path in found if path is not None]
                paths.update(known)
                default = default or not known
        self.lookups.append(Lookup(_IS_REQUIRED[section], tuple(sorted(paths)), lower, default))
        return True

    def _path(self, call: ast.Call) -> str | None:
        """Return the attribute path of ``getattr(self.config.hyperparameters, name)``: ``hyperparameters``;

        else None.
        """
        if not (isinstance(call.func, ast.Name) and call.func.id == "getattr" and call.args):
            return None
        parts: list[str] = []
        node = call.args[0]
        while not self.body.is_configuration(node):
            if not isinstance(node, ast.Attribute):
                return None
            parts.append(node.attr)
            node = node.value
        return ".".join(reversed(parts))

    def _passed_on(self) -> None:
        """Leave the variables open if the dict is passed to a function that may add entries."""
        for call in self.body.calls:
            if any(self._is_holder(argument) for argument in call.args) and not _keeps(call.func):
                self.closed = False


def _keeps(function: ast.expr) -> bool:
    """Return whether a function leaves a dict that it is passed as it is, by its name: nothing is evaluated here."""
    # Imported here: a commit without such a builder does not pay for the tables.
    from flake8_training.libraries.table import table

    if isinstance(function, ast.Attribute):
        name = f"?.{function.attr}"
    else:
        name = f"builtins.{getattr(function, 'id', '')}"
    return table().logs(name) is not None or table().same_value(name) is not None


def is_super(call: ast.Call) -> bool:
    """Return whether a call is a call of a method of ``super()``."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Call)
        and isinstance(function.value.func, ast.Name)
        and function.value.func.id == "super"
    )
