"""What is given in a launcher: expressions with their places, and collections of them by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.record import Record
from flake8_training.script.names import Scope
from flake8_training.script.values import UNKNOWN, Constant, Frame, OptionValue, Text, Values, Variable

if TYPE_CHECKING:
    from flake8_training.builder.following import LauncherEvaluator


class Given(Record, apart=("evaluator",)):
    """An expression of a launcher, and the call (``frame``) under which it is looked at."""

    node: ast.expr
    scope: Scope
    frame: Frame | None
    evaluator: LauncherEvaluator

    @property
    def values(self) -> Values:
        """Every value that can reach it; ``UNKNOWN`` among them says that there are others."""
        return self.evaluator.values(self.node, self.scope, self.frame)

    @property
    def is_known(self) -> bool:
        """Whether every value is a literal."""
        values = self.values
        return bool(values) and all(isinstance(v, Constant) for v in values)

    @property
    def constants(self) -> tuple[object, ...]:
        """The literals among the values, whatever else there may be."""
        return tuple(v.value for v in self.values if isinstance(v, Constant))

    @property
    def constant(self) -> object:
        """The one literal that it is; ``None`` where it is None, or anything else."""
        values = self.values
        return values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None

    @property
    def text(self) -> str | None:
        """The one text that it is, or None."""
        value = self.constant
        return value if isinstance(value, str) else None

    @property
    def is_none(self) -> bool:
        """Whether it is None for certain."""
        return self.values == (Constant(None),)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The literal beginning of each text that it can be; "" where a text begins with something unknown."""
        found: list[str] = []
        for value in self.values:
            if isinstance(value, Constant) and isinstance(value.value, str):
                found.append(value.value)
            elif isinstance(value, Text):
                first = value.parts[0] if value.parts else ""
                found.append(first if isinstance(first, str) else "")
            elif value is UNKNOWN or isinstance(value, Variable | OptionValue):
                found.append("")
        return tuple(found)


class Argument(Record):
    """Something given by name: a call's argument, an entry of a dict.

    ``at`` is where the name stands (the keyword, the key), ``given`` what is given. ``certain`` says that it is
    given on every way through the program. ``encoding`` says what a helper makes of the value: ``"json"``,
    ``"str"`` or nothing. ``taken_out`` says that the program takes it out again, before it is used or after,
    ``replaceable`` that something which is not told may give it another value.
    """

    name: str
    at: ast.AST
    given: Given
    certain: bool = True
    encoding: str = ""
    taken_out: bool = False
    replaceable: bool = False

    @property
    def values(self) -> Values:
        """Every value that can reach it."""
        return self.given.values if not self.encoding else (UNKNOWN,)

    @property
    def constant(self) -> object:
        """The one literal that it is, or None."""
        return self.given.constant if not self.encoding else None

    @property
    def text(self) -> str | None:
        """The one text that it is, or None."""
        return self.given.text if not self.encoding else None

    @property
    def node(self) -> ast.expr:
        """The expression that is given."""
        return self.given.node


class Arguments(Record):
    """Things given by name. ``open_ended`` says that there may be others, or that it is not known what."""

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
        """Everything that can be given by this name."""
        return tuple(entry for entry in self.entries if entry.name == name)

    def get(self, name: str) -> Argument | None:
        """The last that is given by this name, or None."""
        return next((entry for entry in reversed(self.entries) if entry.name == name), None)

    def only(self, name: str) -> Argument | None:
        """What is given by this name where there is one such thing, or None."""
        found = self.all(name)
        return found[0] if len(found) == 1 else None

    def lacks(self, *names: str) -> bool:
        """Whether none of these names is given for certain."""
        return not self.open_ended and not any(name in self for name in names)


UNTOLD = Arguments((), open_ended=True)
"""Nothing is known."""
