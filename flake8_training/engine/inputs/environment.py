"""Environment variables that a program reads, tests and writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.dict_forms import Merge, Part, Put, changes_in
from flake8_training.engine.values.library_calls import ENVIRON, variable
from flake8_training.engine.values.values import LibraryObject, Reference, Value, Values, Variable
from flake8_training.libraries.table import table
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope
    from flake8_training.engine.values.evaluator import Evaluator


class VariableRead(Record):
    """One read of a variable. ``name`` ends with ``*`` if only its beginning is known.

    ``required``: an unset variable raises. ``default``: the expression used for an unset variable, if any.
    ``test``: the program only tests whether the variable is set.
    """

    name: str
    node: ast.AST
    scope: Scope
    required: bool
    default: ast.expr | None = None
    test: bool = False

    @property
    def line(self) -> int:
        """The line, from 1."""
        return getattr(self.node, "lineno", 1)


class Environment:
    """Every use of the environment in a program."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.reads: list[VariableRead] = []
        self.written: set[str] = set()
        """The variables that the program itself sets."""
        self.replaced: set[str] = set()
        """Those of them that it sets whether they were set before or not."""
        for module in evaluator.program.modules.values():
            self._read(module)

    def _read(self, module: ModuleIndex) -> None:
        for node, scope in module.subscript_loads:
            if self._is_environ(node.value, scope):
                for name, at in self._names(node.slice, scope):
                    self.reads.append(VariableRead(name, at or node, scope, required=True))
        readers = table().key_readers
        for method in (*readers, *_other_names(module)):
            for site in module.calls_by_name.get(method, ()):
                names = self._evaluator.names(site.node, site.scope)
                rows = [row for row in map(table().reads_key, names) if row is not None]
                if not any(row.environment for row in rows):
                    continue
                passed = {k.arg: k.value for k in site.node.keywords}
                passed |= dict(zip(("key", "default"), site.node.args, strict=False))
                key, default = passed.get("key"), passed.get("default")
                if key is None:
                    continue
                required = default is None and method in readers and readers[method].required
                for name, at in self._names(key, site.scope):
                    self.reads.append(VariableRead(name, at or site.node, site.scope, required, default))
                    if method in readers and readers[method].writes:
                        self.written.add(name)
        for compare, scope in module.containments:
            if len(compare.comparators) == 1 and self._is_environ(compare.comparators[0], scope):
                for name, at in self._names(compare.left, scope):
                    self.reads.append(VariableRead(name, at or compare, scope, required=False, test=True))
        for placed in changes_in(module):
            if self._is_environ(placed.change.target, placed.scope):
                for part in placed.change.parts:
                    stored = set(self._keys(part, placed.scope))
                    self.written |= stored
                    if not (isinstance(part, Put) and part.default):
                        self.replaced |= stored

    def _keys(self, part: Part, scope: Scope) -> Iterator[str]:
        """Yield the names of the variables that a part of a change sets."""
        if isinstance(part, Merge):
            yield from (entry.key for entry in self._evaluator.dicts.of(part.source, scope).entries)
        elif isinstance(part, Put):
            if isinstance(part.key, str):
                yield part.key
            else:
                yield from (name for name, _ in self._names(part.key, scope))

    def _is_environ(self, node: ast.expr, scope: Scope) -> bool:
        if isinstance(node, ast.Attribute):
            if node.attr != "environ":
                return False
        elif isinstance(node, ast.Call):
            if not (isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "keys")):
                return False
            node = node.func.value
        elif not isinstance(node, ast.Name):
            return False
        return any(
            isinstance(v, Reference | LibraryObject) and v.name in (ENVIRON, f"{ENVIRON}.copy()")
            for v in self._evaluator.values(node, scope)
        )

    def _names(self, node: ast.expr, scope: Scope) -> list[tuple[str, ast.AST | None]]:
        """Return the names that a key can be; for a parameter, with the calls that pass them."""
        names = _variable_names(self._evaluator.values(node, scope))
        passed = self._passed(node.id, scope, set()) if isinstance(node, ast.Name) else []
        known = {name for name, _ in passed}
        return [*passed, *((name, None) for name in names if name not in known)]

    def _passed(
        self, name: str, scope: Scope, seen: set[tuple[Scope, str]]
    ) -> list[tuple[str, ast.AST | None]]:
        """Return the names that calls pass to a wrapper such as ``get_env("SM_MODEL_DIR")``, directly or through it."""
        found = scope.lookup(name)
        if found is None or len(found[1]) != 1 or found[1][0].kind != "parameter":
            return []
        if (found[0], name) in seen:
            return []
        seen.add((found[0], name))
        binding = found[1][0]
        assert isinstance(binding.node, ast.arg)
        names: list[tuple[str, ast.AST | None]] = []
        for site in self._evaluator.callers(binding.scope):
            passed = self._evaluator.argument_node(binding.node, binding.scope, site)
            if passed is None:
                continue
            outer = self._passed(passed.id, site.scope, seen) if isinstance(passed, ast.Name) else []
            names.extend(
                outer or ((n, site.node) for n in _variable_names(self._evaluator.values(passed, site.scope)))
            )
        return names


def _other_names(module: ModuleIndex) -> set[str]:
    """Return names bound to a reading function: ``from os import getenv as env``, ``get = os.environ.get``."""
    readers = table().key_readers
    return {
        name
        for scope in module.scopes
        for name, bindings in scope.bindings.items()
        if name not in readers
        and any(
            b.dotted == "os.getenv" or (isinstance(b.value, ast.Attribute) and b.value.attr in readers)
            for b in bindings
        )
    }


def _variable_names(values: Values) -> list[str]:
    found: dict[str, None] = {}
    for value in values:
        named: Value = variable(value)
        if isinstance(named, Variable) and named.name:
            found[named.name] = None
    return list(found)
