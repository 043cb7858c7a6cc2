"""Interfaces that the evaluator's parts use.

The evaluator imports its parts; the parts import this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ast
    from collections import abc
    from collections.abc import Callable, Iterable, Sequence

    from flake8_training.engine.syntax.dict_forms import PlacedChange
    from flake8_training.engine.syntax.program import Program
    from flake8_training.engine.syntax.scopes import Binding, CallSite, Scope, Store
    from flake8_training.engine.values.budget import Budget
    from flake8_training.engine.values.option import Option
    from flake8_training.engine.values.values import (
        Collection,
        Frame,
        LibraryObject,
        Reference,
        Value,
        Values,
    )


class OptionsInterface(Protocol):
    """The options of a program, as the evaluator uses them."""

    @property
    def all(self) -> Sequence[Option]:
        """The options."""

    @property
    def set_names(self) -> abc.Collection[str]:
        """The names whose values the program sets for all parsers."""

    def fills(self, value: Value, /) -> bool:
        """Return whether a parser fills an object."""

    def is_namespace(self, value: Reference | LibraryObject, /) -> bool:
        """Return whether a value holds the parsed options as attributes."""

    def looks_like_option(self, name: str, /) -> bool:
        """Return whether an attribute of an unknown object is likely the value of an option."""

    def value(self, dest: str, /) -> Values:
        """Return the values of the option stored as ``dest``."""

    def attribute(self, value: Reference | LibraryObject, name: str, /) -> Values | None:
        """Return the values of an attribute of the parsed options; None for any other object."""

    def field_value(self, classes: Iterable[Scope], name: str, /) -> Values:
        """Return the option behind a field of a dataclass that a parser fills."""

    def parameter_value(self, scope: Scope, name: str, /) -> Values:
        """Return the option behind a parameter of a command."""

    def parse_results(self, function: Reference, /) -> Values | None:
        """Return the results of parsing into dataclasses; None for any other function."""


class EvaluatorInterface(Protocol):
    """The evaluator of a program, as its parts use it."""

    @property
    def program(self) -> Program:
        """The program whose expressions are evaluated."""

    @property
    def budget(self) -> Budget:
        """The budget of the program."""

    @property
    def options(self) -> OptionsInterface | None:
        """The options of the program, once they are known."""

    def values(self, node: ast.expr, scope: Scope, frame: Frame | None = None, /) -> Values:
        """Return every value that can reach an expression."""

    def names(self, node: ast.Call, scope: Scope, frame: Frame | None = None, /) -> tuple[str, ...]:
        """Return the canonical names of the function that a call calls."""

    def remembered(
        self, key: tuple[object, Frame | None], compute: Callable[[], Iterable[Value]], /
    ) -> Values:
        """Return ``compute()``, called once for each key, with cycles cut."""

    def bound(self, bindings: list[Binding], owner: Scope, frame: Frame | None, /) -> Iterable[Value]:
        """Return the values of a name with these bindings."""

    def bound_once(self, bindings: list[Binding], owner: Scope, /) -> Values:
        """Return the values of a name with these bindings, outside of any call."""

    def stepped(self, values: Values, steps: tuple[int | str, ...], /) -> Values:
        """Return values after the steps of a binding."""

    def result(self, value: Value, site: CallSite | None, frame: Frame | None, /) -> Values:
        """Return what calling a value at a call site returns."""

    def returned(self, scope: Scope, frame: Frame | None, /) -> Values:
        """Return what a function returns or yields."""

    def attribute(self, value: Value, name: str, /) -> Values:
        """Return the values of ``value.name``."""

    def item(self, value: Value, key: str | int, /) -> Values:
        """Return the values of ``value[key]``."""

    def element(self, value: Value, /) -> Values:
        """Return the values that iterating over a value yields."""

    def item_stores(self, value: Collection, /) -> list[Store]:
        """Return the statements ``target[key] = value`` whose target can be a dict."""

    def dict_changes(self, value: Collection, /) -> list[PlacedChange]:
        """Return the statements and calls that can change a dict, in the order of the source."""

    def callers(self, scope: Scope, /) -> list[CallSite]:
        """Return the calls of a function of the program."""

    def ancestry(self, owner: Scope, /) -> tuple[list[Scope], list[str]]:
        """Return a class with its local bases, and the names of its library bases."""

    def heirs(self, owner: Scope, /) -> list[Scope]:
        """Return a class with the local classes that derive from it."""

    def method(self, owner: Scope, name: str, /) -> Scope | None:
        """Return the function that a method name resolves to in a class or its local bases."""

    def combined(self, pieces: list[Values], combine: Callable[..., Value], /) -> list[Value]:
        """Return ``combine`` over the combinations of the values of some pieces, within bounds."""

    def joined_paths(self, pieces: list[Values], /) -> list[Value]:
        """Return every join of the pieces as paths."""
