"""Located expressions, and argument lists that map names to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import (
    UNKNOWN,
    Constant,
    Frame,
    LibraryObject,
    OptionValue,
    StringTemplate,
    Unknown,
    Value,
    Values,
    Variable,
)
from flake8_training.ledger import open_ledger
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.launcher.launcher_evaluator import LauncherEvaluator


class LocatedExpression(Record, apart=("evaluator",)):
    """An expression of a launcher, and the call (``frame``) in which it is evaluated."""

    node: ast.expr
    scope: Scope
    frame: Frame | None
    evaluator: LauncherEvaluator

    @property
    def values(self) -> Values:
        """Every value that can reach the expression; ``UNKNOWN`` among them means that there are others."""
        return self.evaluator.values(self.node, self.scope, self.frame)

    @property
    def is_known(self) -> bool:
        """Whether every value is a constant."""
        values = self.values
        found = bool(values) and all(isinstance(v, Constant) for v in values)
        if not found:
            self.note_unknown()
        return found

    @property
    def constants(self) -> tuple[object, ...]:
        """The constants among the values; there may be other values."""
        values = self.values
        found = tuple(v.value for v in values if isinstance(v, Constant))
        if len(found) < len(values):
            self.note_unknown()
        return found

    @property
    def constant(self) -> object:
        """The constant, if it is the only value. ``None`` also stands for the constant None."""
        values = self.values
        if len(values) == 1 and isinstance(values[0], Constant):
            return values[0].value
        self.note_unknown()
        return None

    def note_unknown(self) -> None:
        """Note for the rule that asks that the value is unknown, if the rule reports nothing.

        The SDK's own results are right: the role of ``get_execution_role``, the address of ``upload_data``.
        """
        if open_ledger() is None:
            return
        values = tuple(value for value in self.values if not _is_result_of_sdk(value))
        if values:
            note_values(values, self.node, self.scope, weak=True)

    @property
    def text(self) -> str | None:
        """The string, if it is the only value, or None."""
        value = self.constant
        return value if isinstance(value, str) else None

    @property
    def candidates(self) -> tuple[object, ...]:
        """The constants that it can be, with the defaults of options, variables and pipeline parameters."""
        found: list[object] = []
        for value in self.values:
            literals = tuple(_literals(self.evaluator, value))
            if not literals:
                self.note_unknown()
            found.extend(literals)
        return tuple(found)

    @property
    def by_default(self) -> object:
        """The constant that it is unless an option or a variable replaces the author's default.

        None stands for several constants, for a default that is None or empty (the program fills it in), and for
        the constant None.
        """
        values = self.values
        if len(values) == 1 and isinstance(values[0], Constant):
            return values[0].value
        found = {Constant(one) for value in values for one in _literals(self.evaluator, value) or (None,)}
        only = found.pop().value if len(found) == 1 else None
        if only is None or only == "":
            self.note_unknown()
            return None
        return only

    @property
    def text_by_default(self) -> str | None:
        """The string that it is unless an option or a variable replaces the author's default, or None."""
        value = self.by_default
        return value if isinstance(value, str) else None

    @property
    def values_by_default(self) -> Values:
        """Every value; an option or a variable counts with its default, and as it is without one."""
        found: list[Value] = []
        for value in self.values:
            if isinstance(value, OptionValue) and value.option.default is not None:
                found += self.evaluator.values(value.option.default, value.option.scope)
            elif isinstance(value, Variable) and value.defaults:
                found += value.defaults
            else:
                found.append(value)
        return tuple(found)

    @property
    def is_none(self) -> bool:
        """Whether None is the only value."""
        return self.values == (Constant(None),)

    def is_filled_in(self, value: object) -> bool:
        """Return whether a value is an empty string that stands beside others: the program fills it in."""
        return value == "" and len(self.values) > 1

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The literal beginning of each possible string; "" for a string that begins with an unknown part."""
        found: list[str] = []
        for value in self.values:
            if isinstance(value, Constant) and isinstance(value.value, str):
                found.append(value.value)
            elif isinstance(value, StringTemplate):
                first = value.parts[0] if value.parts else ""
                found.append(first if isinstance(first, str) else "")
            elif isinstance(value, Unknown | Variable | OptionValue):
                found.append("")
        if "" in found:
            self.note_unknown()
        return tuple(found)


def _literals(evaluator: LauncherEvaluator, value: Value) -> list[object]:
    """Return the constants of a value: its own, or the default of an option, a variable or a pipeline parameter."""
    if isinstance(value, Constant):
        return [value.value]
    found: Values = ()
    if isinstance(value, Variable):
        found = value.defaults
    elif isinstance(value, OptionValue):
        option = value.option
        found = evaluator.values(option.default, option.scope) if option.default is not None else ()
    elif (
        isinstance(value, LibraryObject) and value.site is not None and ".parameters.Parameter" in value.name
    ):
        site = value.site
        defaults = [k.value for k in site.node.keywords if k.arg == "default_value"] or site.node.args[1:2]
        found = tuple(v for node in defaults for v in evaluator.values(node, site.scope, value.frame))
    return [v.value for v in found if isinstance(v, Constant) and v.value is not None]


def _is_result_of_sdk(value: Value) -> bool:
    return isinstance(value, LibraryObject) and value.name.startswith("sagemaker.")


class Argument(Record):
    """An expression passed by name: an argument of a call, or an entry of a dict.

    * ``at``: the node of the name (the keyword, the key).
    * ``expression``: what is passed.
    * ``certain``: it is passed on every path through the program.
    * ``encoding``: the function that converts the value: ``"json"``, ``"str"``, ``"other"`` or "" for none.
    * ``taken_out``: the program removes it again, before it is used or after.
    * ``replaceable``: unknown code may replace its value.
    """

    name: str
    at: ast.AST
    expression: LocatedExpression
    certain: bool = True
    encoding: str = ""
    taken_out: bool = False
    replaceable: bool = False

    @property
    def values(self) -> Values:
        """Every value that can reach it; unknown if the value is converted."""
        return self.expression.values if not self.encoding else (UNKNOWN,)

    @property
    def constant(self) -> object:
        """The only constant that it can be, or None."""
        return self.expression.constant if not self.encoding else None

    @property
    def text(self) -> str | None:
        """The only string that it can be, or None."""
        return self.expression.text if not self.encoding else None

    @property
    def text_by_default(self) -> str | None:
        """The string that it is unless an option or a variable replaces the author's default, or None."""
        return self.expression.text_by_default if not self.encoding else None

    @property
    def node(self) -> ast.expr:
        """The expression that is passed."""
        return self.expression.node


class Arguments(Record):
    """Expressions passed by name. ``open_ended`` means that there may be others, or that none is known."""

    entries: tuple[Argument, ...] = ()
    open_ended: bool = False

    def __iter__(self) -> Iterator[Argument]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return any(entry.name == name for entry in self.entries)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, each once, in order."""
        return tuple(dict.fromkeys(entry.name for entry in self.entries))

    def all(self, name: str) -> tuple[Argument, ...]:
        """Return every expression that may be passed by this name."""
        return tuple(entry for entry in self.entries if entry.name == name)

    def get(self, name: str) -> Argument | None:
        """Return the last argument of this name, or None."""
        return next((entry for entry in reversed(self.entries) if entry.name == name), None)

    def only(self, name: str) -> Argument | None:
        """Return the argument of this name if there is exactly one, or None."""
        found = self.all(name)
        return found[0] if len(found) == 1 else None

    def lacks(self, *names: str) -> bool:
        """Return whether none of these names can be passed."""
        return not self.open_ended and not any(name in self for name in names)


UNTOLD = Arguments((), open_ended=True)
"""Arguments that are entirely unknown."""
