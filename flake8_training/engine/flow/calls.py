"""The calls of a script that can run, with their rows of the library tables."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from flake8_training.engine.flow.subprocesses import is_inert_command
from flake8_training.engine.values.library_calls import ENVIRONMENTS
from flake8_training.engine.values.values import Class, Constant, Function, Instance, Unknown, Values
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import RECEIVER, Inert, May, Returns, Row
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.flow.dataflow import Flow, Origins
    from flake8_training.engine.flow.reachability import Reach
    from flake8_training.engine.syntax.scopes import CallSite
    from flake8_training.engine.values.evaluator import Evaluator

_WORD = re.compile("[a-z]+")
_DRIVERS = frozenset(
    "train training trainer fit run runner main launch launcher start execute go learn optimize experiment "
    "pipeline work process job task evaluate test validate save export build solve tune search parse args config "
    "load read setup".split()
)
"""Words in the names of functions that usually do the whole of a job, or a part of it.

A call of unknown code with such a name may do the job; for any other name, `_may_have_effect` looks at the arguments.
"""

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
                if self._may_have_effect(call, name):
                    return True
            elif what in library.could:
                return True
        return False

    def _may_have_effect(self, call: Call, name: str) -> bool:
        """Return whether a call to unknown code may perform part of the job.

        It may if its name is a driver's, if its result is unused, or if an argument is not a constant: that argument
        may carry a part of the job.
        """
        last = name.rpartition(".")[2]
        if any(word in _DRIVERS for word in _WORD.findall(last.lower())):
            return True
        return id(call.node) in call.site.scope.module.effects or any(
            not isinstance(value, Constant)
            for argument in (*call.node.args, *(k.value for k in call.node.keywords))
            for value in self.values(call, argument)
        )

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
            note_unknown(Reason.CODE, found.line, found.site.scope.module.path, weak=True)
        return found

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

    def is_given(self, call: Call, places: tuple[int | str, ...]) -> bool | None:
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
