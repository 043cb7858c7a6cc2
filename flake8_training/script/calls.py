"""The calls of a script that can run, with what the tables say of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from flake8_training.script.apis.rows import RECEIVER, Inert, Returns, Row
from flake8_training.script.apis.table import table
from flake8_training.script.values import Class, Constant, Function, Instance, Reference, Unknown, Values

if TYPE_CHECKING:
    from flake8_training.script.evaluator import Evaluator
    from flake8_training.script.flow import Flow, Origins
    from flake8_training.script.names import CallSite
    from flake8_training.script.reach import Reach

Kind = TypeVar("Kind", bound=Row)


@dataclass(slots=True, eq=False)
class Call:
    """One call that can run: its canonical names, the rows for them, whether it enters the program's own code."""

    site: CallSite
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    local: bool
    unknown: bool
    """Whether what is called cannot be told, or not for every value."""

    @property
    def node(self) -> ast.Call:
        """The call itself."""
        return self.site.node

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.site.node.lineno

    @property
    def inert(self) -> bool:
        """Whether it neither reads, writes nor trains, whatever it is given."""
        return bool(self.rows) and all(isinstance(r, Inert | Returns) for r in self.rows)

    def having(self, kind: type[Kind]) -> Iterator[Kind]:
        """The rows of one kind."""
        return (row for row in self.rows if isinstance(row, kind))


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
            self.classified(site)
            for module in self._evaluator.program.modules.values()
            for site in module.calls
            if self._reach.runs(site)
        )

    def classified(self, site: CallSite) -> Call:
        """One call with what the tables say of it."""
        values = self._evaluator.values(site.node.func, site.scope)
        names = self._evaluator.names(site.node, site.scope)
        rows = tuple(dict.fromkeys(row for name in names for row in self._table.match(name)))
        local = any(isinstance(v, Function | Class | Instance) for v in values)
        unknown = not values or any(isinstance(v, Unknown) for v in values)
        return Call(site, names, rows, local, unknown)

    def having(self, kind: type[Kind]) -> Iterator[tuple[Call, Kind]]:
        """Every call with a row of one kind, and the row."""
        for call in self.all:
            for row in call.having(kind):
                yield call, row

    def could(self, call: Call, what: str) -> bool:
        """Whether a call may do ``what`` ("reads", "trains", ...) in code that is not at hand and not in a table."""
        if call.inert:
            return False
        for name in call.names:
            if name.startswith("?"):
                continue
            if any(not isinstance(row, Returns) for row in self._table.match(name)):
                continue
            library = self._table.library(name)
            if library is None or what in library.could:
                return True
        return False

    def opaque(self, what: str) -> Call | None:
        """The first call that may do ``what`` out of sight, or None."""
        return next((call for call in self.all if self.could(call, what)), None)

    def argument(self, call: Call, places: tuple[int | str, ...]) -> ast.expr | None:
        """The expression given for the first of several argument positions or keywords; None for none."""
        node = call.node
        for place in places:
            if place == RECEIVER:
                return self.receiver(call)
            if isinstance(place, int):
                given = node.args[: place + 1]
                if len(given) > place and not any(isinstance(a, ast.Starred) for a in given):
                    return given[place]
            else:
                for keyword in node.keywords:
                    if keyword.arg == place:
                        return keyword.value
        return None

    def spreads(self, call: Call) -> bool:
        """Whether a call passes ``*args`` or ``**kwargs``, so that an argument may be given unseen."""
        return any(isinstance(a, ast.Starred) for a in call.node.args) or any(
            k.arg is None for k in call.node.keywords
        )

    @staticmethod
    def receiver(call: Call) -> ast.expr | None:
        """The object whose method is called."""
        return call.node.func.value if isinstance(call.node.func, ast.Attribute) else None

    def values(self, call: Call, node: ast.expr) -> Values:
        """The values of an argument of a call."""
        return self._evaluator.values(node, call.site.scope)

    def origins(self, call: Call, node: ast.expr) -> Origins:
        """What flows into an argument of a call."""
        return self._flow.origins(node, call.site.scope)

    def is_given(self, call: Call, places: tuple[int | str, ...]) -> bool | None:
        """Whether an argument is given and is not None, 0 or empty; None where it cannot be told."""
        node = self.argument(call, places)
        if node is None:
            return None if self.spreads(call) else False
        values = self.values(call, node)
        if values and all(isinstance(v, Constant) and not v.value for v in values):
            return False
        return True

    def constant(self, call: Call, places: tuple[int | str, ...]) -> object:
        """The literal given for an argument, or None."""
        node = self.argument(call, places)
        values = self.values(call, node) if node is not None else ()
        return values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None

    def references(self, prefix: tuple[str, ...]) -> bool:
        """Whether any call that can run is of one of these libraries."""
        return any(name.startswith(prefix) for call in self.all for name in call.names)


def names_of(values: Values) -> list[str]:
    """The canonical names among values."""
    return [v.name for v in values if isinstance(v, Reference)]
