"""Reader of Python expressions into the tree.

Literals are read directly. Names are followed to their assignment in this file or in another module of the repository.
The evaluator computes f-strings, joins and conditions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from flake8_training.engine.syntax.dict_forms import (
    Drop,
    Mapped,
    Merge,
    Part,
    Put,
    Unread,
    copied,
    display_parts,
    keyword_parts,
)
from training_alignment.artefacts.later_changes import apply_changes
from training_alignment.artefacts.limits import MAX_DEPTH, Budget
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.source import Files, Source
from training_alignment.artefacts.tree import (
    UNKNOWN,
    Call,
    Entry,
    Listing,
    Literal,
    Located,
    Name,
    Node,
    Place,
    Scalar,
    Table,
    merged,
    opened,
)

if TYPE_CHECKING:
    from training_alignment.artefacts.computed_values import Evaluation

MAX_FOLLOWED: Final = 12
"""Names followed in sequence, so that a name defined by itself ends."""

_MEMBERS = frozenset({"dependency_type", "output_type", "node_type", "data_type"})
"""Keywords whose values are members of an enumeration: the member's name is enough, its class is not read."""

_AS_WRITTEN = frozenset({"step_type", "script_contract", "contract"})
"""Keywords whose values are kept as calls: the arguments are more informative than the result."""

_NOTHING: Final[Mapping[str, ast.expr]] = {}


class PythonTree:
    """Reads expressions of one file. If ``evaluate`` is False, only literals and plain names are read.

    ``budget`` is that of the file from which names lead into this one; the file's own unless it is passed.
    """

    def __init__(
        self, source: Source, files: Files, *, evaluate: bool = True, budget: Budget | None = None
    ) -> None:
        self.budget = budget or source.budget
        self.source = source
        self.files = files
        self.evaluate = evaluate
        self._evaluation: Evaluation | None = None
        self._followed = 0

    @cached_property
    def library_names(self) -> tuple[str, ...]:
        """Return the local names of objects that the file imports from the SageMaker SDK."""
        imports = self.source.imports.items()
        return tuple(name for name, bound in imports if bound.module.partition(".")[0] == "sagemaker")

    def node(self, expression: ast.expr, local: Mapping[str, ast.expr] = _NOTHING) -> Node:
        """Return the tree of an expression; ``local`` holds the values of local names of its function."""
        place = self.source.place(expression)
        budget = self.budget
        if not budget.take():
            return Scalar(UNKNOWN, place)
        if isinstance(expression, ast.Constant):
            value = expression.value
            return Scalar(UNKNOWN if value is ... else value, place)
        if budget.depth >= MAX_DEPTH:
            budget.exhausted = True
            return Scalar(UNKNOWN, place)
        budget.depth += 1
        try:
            return self._inner(expression, local, place)
        finally:
            budget.depth -= 1

    def _inner(self, expression: ast.expr, local: Mapping[str, ast.expr], place: Place) -> Node:
        """The tree of an expression that may hold others."""
        if isinstance(expression, ast.Dict):
            return self._dict(expression, local, place)
        if isinstance(expression, ast.List | ast.Tuple | ast.Set):
            return self._listing(expression.elts, local, place)
        if isinstance(expression, ast.DictComp):
            parts = display_parts(expression)
            found = self.table(parts, Table({}, place), local) if parts is not None else None
            return found if found is not None and found.closed else self._computed(expression, place)
        if isinstance(expression, ast.Call):
            return self._call(expression, local, place)
        if isinstance(expression, ast.Name):
            return self._name(expression, local, place)
        if isinstance(expression, ast.UnaryOp) and isinstance(expression.op, ast.USub):
            operand = expression.operand
            if isinstance(operand, ast.Constant) and isinstance(operand.value, int | float):
                return Scalar(-operand.value, place)
        if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.BitOr | ast.Add):
            together = self._together(expression, local)
            if together is not None:
                return together
        return self._computed(expression, place)

    def _together(self, expression: ast.BinOp, local: Mapping[str, ast.expr]) -> Node | None:
        """``a | b | ...`` and ``a + b + ...`` of tables or listings; None where all of it is something else."""
        chain: list[ast.BinOp] = []
        first: ast.expr = expression
        while isinstance(first, ast.BinOp) and isinstance(first.op, ast.BitOr | ast.Add):
            chain.append(first)
            first = first.left
        left = self.node(first, local)
        for one in reversed(chain):
            right = self.node(one.right, local)
            if isinstance(left, Table | Listing) or isinstance(right, Table | Listing):
                left = _joined(left, right, self.source.place(one))
        return left if isinstance(left, Table | Listing) else None

    # -- displays

    def _dict(self, node: ast.Dict, local: Mapping[str, ast.expr], place: Place) -> Table[Node]:
        return self.table(display_parts(node) or (), Table({}, place), local, unique=self.evaluate)

    def table(
        self,
        parts: Iterable[Part],
        before: Table[Node],
        local: Mapping[str, ast.expr] = _NOTHING,
        *,
        unique: bool = False,
    ) -> Table[Node]:
        """Return a table after some parts. If ``unique``, raise `ReadError` for a constant key that is repeated."""
        entries = dict(before.entries)
        closed = before.closed
        written: dict[str, int] = {}
        for part in parts:
            if isinstance(part, Put):
                put = self._put(part, entries, closed, local)
                closed = closed and put is not None
                if put is None or not unique:
                    continue
                if put.value in written and isinstance(part.key, ast.Constant):
                    problem = f"duplicate key {put.value!r}, first on line {written[put.value]}"
                    raise ReadError(put.path, put.line, put.column, problem)
                written[put.value] = put.line
            elif isinstance(part, Drop):
                if part.every:
                    entries, closed = {}, True
                    continue
                name = self._key(part.key, local) if part.key is not None else None
                closed = closed and name is not None
                if name is not None:
                    entries.pop(name.value, None)
            else:
                merged = self._merged(part, local)
                if merged is not None:
                    entries.update(merged.entries)
                closed = closed and merged is not None and merged.closed
        return Table(entries, before.place, closed)

    def _put(
        self, part: Put, entries: dict[str, Entry[Node]], closed: bool, local: Mapping[str, ast.expr]
    ) -> Located[str] | None:
        """Put one entry into a table; return its key, or None if it is unknown."""
        if isinstance(part.key, str):
            name: Located[str] | None = Located(part.key, self.source.place(part.at))
            value = self._argument(part.key, part.value, local)
        else:
            name = self._key(part.key, local)
            value = self.node(part.value, local)
        if name is None:
            return None
        if part.default and not closed and name.value not in entries:
            value = Scalar(UNKNOWN, value.place)
        if not part.default or name.value not in entries:
            entries[name.value] = Entry(name, value)
        return name

    def _merged(self, part: Merge | Mapped | Unread, local: Mapping[str, ast.expr]) -> Table[Node] | None:
        """Return the table that a part merges into another; None if it is unknown."""
        if isinstance(part, Unread):
            return None
        found = self.node(part.source, local)
        if not isinstance(found, Table) or isinstance(part, Merge):
            return found if isinstance(found, Table) else None
        if not part.certain or not part.keeps_keys(lambda call: self.source.dotted(call.func) == "str"):
            return None
        if part.keeps_values:
            return found
        return found.replaced(
            entries={
                name: Entry(entry.name, Scalar(UNKNOWN, self.source.place(part.value)))
                for name, entry in found.entries.items()
            }
        )

    def _key(self, key: ast.expr, local: Mapping[str, ast.expr]) -> Located[str] | None:
        node = self.node(key, local)
        if not isinstance(node, Scalar) or not node.known:
            return None
        value = node.value
        return Located(value if isinstance(value, str) else str(value), self.source.place(key))

    def _listing(
        self, elements: Iterable[ast.expr], local: Mapping[str, ast.expr], place: Place
    ) -> Listing[Node]:
        items: list[Node] = []
        closed = True
        for element in elements:
            if isinstance(element, ast.Starred):
                spread = self.node(element.value, local)
                if isinstance(spread, Listing):
                    items.extend(spread)
                closed = closed and isinstance(spread, Listing) and spread.closed
            else:
                items.append(self.node(element, local))
        return Listing(tuple(items), place, closed)

    # -- calls

    def _call(self, node: ast.Call, local: Mapping[str, ast.expr], place: Place) -> Node:
        name = self.source.dotted(node.func) or ""
        last = name.rpartition(".")[2]
        if (
            name in ("dict", "list", "tuple", "set", "frozenset", "copy.deepcopy", "copy.copy", "str")
            and name == last
        ):
            result = self._builtin(node, last, local, place)
            if result is not None:
                return result
        elif name in ("copy.deepcopy", "copy.copy", "types.MappingProxyType") and len(node.args) == 1:
            return self.node(node.args[0], local)
        source = copied(node)
        if source is not None and not node.args:
            found = self.node(source, local)
            if isinstance(found, Table):
                return found
        if last[:1].isupper() or not self.evaluate or name.startswith("self."):
            return self.call(node, local)
        return self._computed(node, place)

    def call(self, node: ast.Call, local: Mapping[str, ast.expr] = _NOTHING) -> Call:
        """Return a call as written: its name and its arguments."""
        place = self.source.place(node)
        return Call(
            self.source.dotted(node.func) or "",
            self.table(keyword_parts(node), Table({}, place), local),
            self._listing(node.args, local, place),
            place,
        )

    def _argument(self, name: str, value: ast.expr, local: Mapping[str, ast.expr]) -> Node:
        """Return the tree of a keyword argument."""
        dotted = self.source.dotted(value) if name in _MEMBERS else None
        if dotted is not None and "." in dotted:
            return Scalar(Name(dotted), self.source.place(value))
        if name in _AS_WRITTEN and isinstance(value, ast.Call):
            return self.call(value, local)
        return self.node(value, local)

    def _builtin(self, node: ast.Call, name: str, local: Mapping[str, ast.expr], place: Place) -> Node | None:
        """Return the node of ``dict(a=1)``, ``dict(other, a=1)``, ``list((1, 2))``; None for any other call."""
        if name == "dict":
            found = self.table(display_parts(node) or (), Table({}, place), local)
            return found if found.closed or found.entries else None
        arguments = [self.node(argument, local) for argument in node.args]
        if name in ("list", "tuple", "set", "frozenset") and not node.keywords:
            if not arguments:
                return Listing((), place)
            if len(arguments) == 1 and isinstance(arguments[0], Listing):
                return arguments[0].replaced(place=place)
        if (
            name == "str"
            and len(arguments) == 1
            and isinstance(arguments[0], Scalar)
            and isinstance(arguments[0].value, str)
        ):
            return arguments[0]
        return None

    # -- names

    def _name(self, node: ast.Name, local: Mapping[str, ast.expr], place: Place) -> Node:
        if node.id in local:
            if self._followed >= MAX_FOLLOWED:
                return Scalar(UNKNOWN, place)
            self._followed += 1
            try:
                return _used_at(self.node(local[node.id], local), place)
            finally:
                self._followed -= 1
        found = self.followed(node.id)
        if found is not None:
            return _used_at(found, place)
        if self.evaluate and node.id in self.source.assigned:
            return self._computed(node, place)
        return Scalar(Name(self.source.dotted(node) or node.id), place)

    def followed(self, name: str, depth: int = 0) -> Node | None:
        """Return the value of a top-level name, here or in the module it is imported from; None if unknown."""
        if self._followed + depth >= MAX_FOLLOWED:
            return None
        assignment = self.source.single(name)
        if assignment is not None and not (assignment.conditional and self.evaluate):
            reading = (self.source.path, name)
            if reading in self.budget.reading:
                return None  # it is defined by itself
            self._followed += 1
            self.budget.reading.add(reading)
            try:
                return self.assigned(name, assignment.value)
            finally:
                self.budget.reading.discard(reading)
                self._followed -= 1
        imported = self.source.imports.get(name)
        if imported is None or not imported.member or not self.evaluate or name in self.source.assigned:
            return None
        path = self.files.resolver.file(imported.module, self.source.path)
        if path is None or path == self.source.path:
            return None
        try:
            other = PythonTree(self.files.source(path), self.files, budget=self.budget)
            return other.followed(imported.member, self._followed + depth + 1)
        except ReadError:
            return None

    def assigned(self, name: str, value: ast.expr) -> Node:
        """Return the tree of a top-level name's value, with the changes by later statements."""
        return apply_changes(self, name, self.node(value))

    # -- computed values

    def _computed(self, expression: ast.expr, place: Place) -> Node:
        if not self.evaluate:
            dotted = self.source.dotted(expression)
            return Scalar(Name(dotted) if dotted else UNKNOWN, place)
        found = self._evaluated(expression)
        if isinstance(found, Literal):
            return Scalar(found.value, place)
        if found is not None:
            return self._display(*found, place)
        dotted = self.source.dotted(expression)
        return Scalar(Name(dotted) if dotted else UNKNOWN, place)

    def _evaluated(self, expression: ast.expr) -> tuple[ast.expr, Source | None] | Literal | None:
        """Return the evaluator's result: a literal, or a display with its file; None if unknown."""
        if self._evaluation is None:
            # Most artefacts are literals throughout, and the evaluator takes time to import.
            from training_alignment.artefacts.computed_values import Evaluation

            self._evaluation = Evaluation(self.source, self.files)
        return self._evaluation.value(expression)

    def _display(self, node: ast.expr, source: Source | None, place: Place) -> Node:
        """Return a display that the evaluator found, in this file or another; it is open to later additions."""
        if source is None or not isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set):
            return Scalar(UNKNOWN, place)
        if self._followed >= MAX_FOLLOWED:
            return Scalar(UNKNOWN, place)
        reader = self if source is self.source else PythonTree(source, self.files, budget=self.budget)
        reader._followed = self._followed + 1
        try:
            return opened(reader.node(node))
        finally:
            reader._followed -= 1


def _used_at(node: Node, place: Place) -> Node:
    """Return a value reached through a name: a scalar at the place of use, a table's entries at their own places."""
    return node._replace(place=place) if isinstance(node, Scalar) else node


def _joined(left: Node, right: Node, place: Place) -> Node:
    """Return ``a | b`` of tables or ``a + b`` of listings; open if one side is unknown."""
    if isinstance(left, Table) and isinstance(right, Table):
        return _placed(merged(left, right, deep=False), place)
    if isinstance(left, Listing) and isinstance(right, Listing):
        return Listing((*left.items, *right.items), place, left.closed and right.closed)
    known = left if isinstance(left, Table | Listing) else right
    return opened(known)


def _placed(node: Node, place: Place) -> Node:
    return node.replaced(place=place) if isinstance(node, Table | Listing) else node
