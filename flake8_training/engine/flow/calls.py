"""The calls of a script that can run, with their rows of the library tables."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.flow.subprocesses import is_inert_command
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.values.library_calls import ENVIRONMENTS
from flake8_training.engine.values.values import (
    Class,
    Collection,
    Constant,
    Function,
    Instance,
    LibraryObject,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Values,
)
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import RECEIVER, Carries, Inert, May, Reads, Returns, Row, Saves, Trains
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.flow.dataflow import Flow, Origins
    from flake8_training.engine.flow.reachability import Reach
    from flake8_training.engine.syntax.scopes import CallSite, Scope
    from flake8_training.engine.values.evaluator import Evaluator
    from flake8_training.engine.values.values import Frame

_MODULE_METHODS = frozenset(
    "parameters named_parameters state_dict load_state_dict cuda zero_grad requires_grad_".split()
)
"""Methods of torch.nn.Module that few other classes have."""

Kind = TypeVar("Kind", bound=Row)


class Call:
    """One call that can run: its canonical names, their rows, and whether it enters the program's own code."""

    __slots__ = ("local", "names", "rows", "site", "unknown")

    def __init__(
        self, site: CallSite, names: tuple[str, ...], rows: tuple[Row, ...], local: bool, unknown: bool
    ) -> None:
        self.site = site
        self.names = names
        self.rows = rows
        self.local = local
        self.unknown = unknown
        """Whether at least one value of the callee is unknown."""

    @property
    def node(self) -> ast.Call:
        """The call expression."""
        return self.site.node

    @property
    def line(self) -> int:
        """The line of the call, from 1."""
        return self.site.node.lineno

    @property
    def inert(self) -> bool:
        """Whether the call has no effect that any check looks for."""
        return bool(self.rows) and all(isinstance(r, Inert | Returns) for r in self.rows)

    def having(self, kind: type[Kind]) -> list[Kind]:
        """Return the rows of one kind."""
        return [row for row in self.rows if isinstance(row, kind)] if self.rows else []

    def has(self, kind: type[Row]) -> bool:
        """Return whether the call has a row of one kind."""
        return any(isinstance(row, kind) for row in self.rows) if self.rows else False


class Calls:
    """All calls that can run, in the order of the modules and their lines."""

    def __init__(self, evaluator: Evaluator, flow: Flow, reach: Reach) -> None:
        self._evaluator = evaluator
        self._flow = flow
        self._reach = reach
        self._table = table()

    @cached_property
    def all(self) -> tuple[Call, ...]:
        """Every call that can run."""
        return tuple(
            self.classified(site) for site in self._evaluator.program.all_calls() if self._reach.runs(site)
        )

    def classified(self, site: CallSite) -> Call:
        """Return a call with the rows of the tables for it."""
        values = self._evaluator.values(site.node.func, site.scope)
        names = self._evaluator.names(site.node, site.scope)
        for value in values:
            if isinstance(value, Class):
                # A class without its own constructor runs those of its library bases.
                names += tuple(base for base in self._evaluator.ancestry(value.scope)[1] if base)
        rows = tuple(dict.fromkeys(row for name in names for row in self._rows(name)))
        local = any(isinstance(v, Function | Class | Instance) for v in values)
        unknown = not values or any(isinstance(v, Unknown) for v in values)
        return Call(site, names, rows, local, unknown)

    def _rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows for a name; a method of an object's attribute is looked up by its own name alone."""
        found = self._table.match(name)
        after = name.rpartition("()")[2]
        if not found and "()" in name and after.count(".") > 1:
            return self._table.match(f"?.{after.rpartition('.')[2]}")
        return found

    def is_foreign(self, call: Call) -> bool:
        """Return whether the callee is unknown, or of a library outside of the standard library."""
        if call.unknown:
            return True
        return any(self.is_foreign_name(name) for name in call.names)

    @staticmethod
    def is_foreign_name(name: str) -> bool:
        """Return whether a canonical name is of a library outside of the standard library."""
        top = name.partition(".")[0].partition("()")[0]
        return top not in sys.stdlib_module_names and not hasattr(builtins, top)

    def of_unknown_library(self, call: Call) -> bool:
        """Return whether the callee is of a library without a table."""
        return any(not name.startswith("?") and self._table.library(name) is None for name in call.names)

    def having(self, kind: type[Kind]) -> Iterator[tuple[Call, Kind]]:
        """Yield every call with a row of one kind, and the row."""
        for call in self._with_rows:
            for row in call.having(kind):
                yield call, row

    @cached_property
    def _with_rows(self) -> tuple[Call, ...]:
        return tuple(call for call in self.all if call.rows)

    def may_do(self, call: Call, what: str) -> bool:
        """Return whether a call may do ``what`` ("reads", "trains", ...) in unavailable code without a table row."""
        if call.inert or is_inert_command(self._evaluator, call.names, call.site, what):
            return False
        for name in call.names:
            # Methods of a started process do nothing that a check looks for.
            if name.startswith(("?", "subprocess.Popen().", "os.popen().")) or name in ENVIRONMENTS:
                continue
            if name.partition("()")[0] in self._torch_modules:
                continue
            rows = self._rows(name)
            if any(isinstance(row, May) and what in row.what for row in rows):
                return True
            if any(not isinstance(row, Returns | May) for row in rows):
                continue
            library = self._table.library(name)
            if library is None:
                if self._unknown.may_do(call, what):
                    return True
            elif what in library.could:
                return True
        return False

    @cached_property
    def _unknown(self) -> UnknownCalls:
        return UnknownCalls(self, self._evaluator, self._flow)

    @cached_property
    def _torch_modules(self) -> frozenset[str]:
        """Classes of unavailable libraries whose objects are used as PyTorch modules."""
        return frozenset(
            name.partition("()")[0]
            for call in self.all
            for name in call.names
            if "()" in name and name.rpartition(".")[2] in _MODULE_METHODS
        )

    def first_opaque_call(self, what: str, *, noted: bool = True) -> Call | None:
        """Return the first call whose implementation is unavailable and that may do ``what``, or None.

        The call is noted for the rule that asks, unless a kept fact asks (``noted`` is false).
        """
        found = next((call for call in self.all if self.may_do(call, what)), None)
        if found is not None and noted:
            note_unknown(self.why_opaque(found), found.line, found.site.scope.module.path, weak=True)
        return found

    def why_opaque(self, call: Call) -> Reason:
        """Return why the implementation of a call is unavailable: its file is not read, or it has none here."""
        program = self._evaluator.program
        found = [reason for name in call.names if (reason := program.why_unread(name)) is not None]
        return found[0] if found else Reason.CODE

    def argument(self, call: Call, places: tuple[int | str, ...]) -> ast.expr | None:
        """Return the argument at the first of these positions or keywords that the call passes; None if it has none."""
        node = call.node
        for place in places:
            if place == RECEIVER:
                return self.receiver(call)
            if isinstance(place, int):
                passed = node.args[: place + 1]
                if len(passed) > place and not any(isinstance(a, ast.Starred) for a in passed):
                    return passed[place]
            else:
                for keyword in node.keywords:
                    if keyword.arg == place:
                        return keyword.value
        return None

    def spreads(self, call: Call) -> bool:
        """Return whether a call unpacks ``*args`` or ``**kwargs``, so that it may pass an unknown argument."""
        return any(isinstance(a, ast.Starred) for a in call.node.args) or any(
            k.arg is None for k in call.node.keywords
        )

    @staticmethod
    def receiver(call: Call) -> ast.expr | None:
        """Return the receiver of a method call, or None."""
        return call.node.func.value if isinstance(call.node.func, ast.Attribute) else None

    def values(self, call: Call, node: ast.expr) -> Values:
        """Return the values of an argument of a call."""
        return self._evaluator.values(node, call.site.scope)

    def origins(self, call: Call, node: ast.expr) -> Origins:
        """Return the origins that flow into an argument of a call."""
        return self._flow.origins(node, call.site.scope)

    def is_passed(self, call: Call, places: tuple[int | str, ...]) -> bool | None:
        """Return whether an argument is passed and not certainly None, 0 or empty; None if that is unknown."""
        node = self.argument(call, places)
        if node is None:
            return None if self.spreads(call) else False
        values = self.values(call, node)
        if values and all(isinstance(v, Constant) and not v.value for v in values):
            return False
        return True

    def constant(self, call: Call, places: tuple[int | str, ...]) -> object:
        """Return the constant passed for an argument, or None."""
        node = self.argument(call, places)
        values = self.values(call, node) if node is not None else ()
        return values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None

    def references(self, prefix: tuple[str, ...]) -> bool:
        """Return whether a callee of any call that can run begins with one of these prefixes."""
        return any(name.startswith(prefix) for call in self.all for name in call.names)


_MAX_DEPTH = 5
_ABSOLUTE = ("/", "~")


class UnknownCalls:
    """The parts of a job that calls of unknown libraries may do.

    Only what flows into a call, or out of it, is its to do. A call that receives an object of the program may do
    anything with it. A call that receives literals alone cannot save or evaluate a model that the program trains
    itself, and cannot pass hyperparameters or data to that training unless its result reaches it. It may still use a
    file that the program writes, if an argument names the file, and write a file that the program reads.
    """

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
