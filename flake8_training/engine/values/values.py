"""The values that the evaluator knows.

An expression has a *set* of values: every one that can reach it. `UNKNOWN` in the set means that there may be
others. Values are equal by their contents; nodes and scopes in them by identity.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from flake8_training.engine.syntax.excluded_values import is_excluded
from flake8_training.ledger import Reason
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, Scope
    from flake8_training.engine.values.option import Option


class Unknown(Record, apart=("reason", "path", "line")):
    """An unknown value. The evaluator adds the place that stopped it while a ledger is open.

    All are equal, so that ``UNKNOWN in values`` finds any of them, and a union keeps the first.
    """

    reason: Reason | None = None
    path: str = ""
    line: int = 0

    def __repr__(self) -> str:
        return "?"


UNKNOWN: Final = Unknown()

FROM_OUTSIDE: Final = Unknown(Reason.OUTSIDE)
"""The argument of a function that nothing calls, or another input of the program."""

OVER_BUDGET: Final = Unknown(Reason.BUDGET)
"""A value that the evaluator does not compute because a bound is reached."""

OF_UNKNOWN_CODE: Final = Unknown(Reason.CODE)
"""The result of code that is not available."""

OF_OPEN_MAPPING: Final = Unknown(Reason.MAPPING)
"""An entry that a dict, a list or ``**settings`` may have."""

OF_DYNAMIC_CODE: Final = Unknown(Reason.DYNAMIC)
"""A name or an attribute that only the running program binds."""

MAX_VALUES = 24

"""The most values of one expression that are kept; the rest is unknown."""

MAX_FRAMES = 4

"""The most nested calls whose arguments are kept apart."""

MAX_BINDINGS = 100

"""The most bindings of one name that are evaluated; the rest is unknown."""

MAX_TEXT = 4_096

"""The longest string that is built; a longer one is unknown."""

MAX_PARTS = 100

"""The most parts of a string template; one with more is unknown."""

MAX_ELEMENTS = 1_000

"""The most elements that are kept in order."""

MAX_NESTED = 5

"""The deepest nesting of elements, and of the defaults of variables."""

MAX_LINKS = 60

"""The most attributes and calls in the canonical name of a library object."""


class Constant(Record):
    """A constant: a string, bytes, a number, a boolean or None."""

    value: object

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Constant)
            and type(other.value) is type(self.value)
            and other.value == self.value
        )


CHANNELS: Final = Constant("/opt/ml/input/data")

"""The folder of the channels, and the dict of an environment object that maps channels to their folders."""


class Variable(Record, apart=("depth",)):
    """The value of an environment variable; ``name`` is empty if the name is unknown."""

    name: str
    defaults: tuple[Value, ...] = ()
    depth: int = 1
    """How deep variables are nested in each other's defaults."""


class OptionValue(Record):
    """The value of a command-line option."""

    option: Option


class StringTemplate(Record):
    """A string with unknown parts: literals and values in order; a path is one, with ``/`` between its segments."""

    parts: tuple[str | Variable | OptionValue | Unknown, ...]


class Reference(Record):
    """A name in a library, by its canonical dotted name; ``()`` in it marks the result of a call."""

    name: str
    receiver: Value | None = None
    """The object that the attribute was read from, for methods that return it."""


class LibraryObject(Record):
    """The result of a library call, by its canonical name, which ends with ``()``."""

    name: str
    site: CallSite | None = None
    frame: Frame | None = None


class Function(Record):
    """A function of the program; ``bound`` is the receiver of a method."""

    scope: Scope
    bound: Value | None = None


class Class(Record):
    """A class of the program."""

    scope: Scope


class Instance(Record):
    """An instance of a class of the program, built at ``site``."""

    scope: Scope
    site: CallSite | None = None
    frame: Frame | None = None


class Collection(Record):
    """A dict, list, tuple or set display, a comprehension or a union, and the scope and frame of its parts."""

    node: (
        ast.Dict
        | ast.List
        | ast.Tuple
        | ast.Set
        | ast.ListComp
        | ast.SetComp
        | ast.GeneratorExp
        | ast.DictComp
        | ast.Call
        | ast.BinOp
    )
    scope: Scope
    frame: Frame | None = None


DICTS = (ast.Dict, ast.DictComp, ast.Call, ast.BinOp)

"""The nodes of collections that are dicts."""


class Generator(Record):
    """The generator that a generator function of the program returns."""

    scope: Scope
    frame: Frame | None = None


class Module(Record):
    """A module of the program."""

    name: str


class Elements(Record, apart=("depth",)):
    """An iterable with known elements; its type is unknown. ``ordered``: it is a list of exactly these, in order."""

    values: tuple[Value, ...]
    depth: int = 1
    """How deep elements are nested in each other."""
    ordered: bool = False


class Frame(Record):
    """One call of a function: its parameters have the arguments of that call."""

    function: Scope
    site: CallSite
    caller: Frame | None
    bound: Value | None
    depth: int


Value = (
    Unknown
    | Constant
    | Variable
    | OptionValue
    | StringTemplate
    | Reference
    | LibraryObject
    | Function
    | Class
    | Instance
    | Collection
    | Generator
    | Module
    | Elements
)

Values = tuple[Value, ...]


def text(value: Value) -> StringTemplate | None:
    """Return a value as a string template; a value that is no string becomes one with an unknown part."""
    if isinstance(value, StringTemplate):
        return value
    if isinstance(value, Constant):
        return (
            StringTemplate((value.value,))
            if isinstance(value.value, str)
            else StringTemplate((str(value.value),))
        )
    if isinstance(value, Variable | OptionValue | Unknown):
        return StringTemplate((value,))
    return StringTemplate((UNKNOWN,))


def depth(values: Iterable[Value | str]) -> int:
    """Return the depth of the deepest value; 0 if no value holds others."""
    found = 0
    for value in values:
        if isinstance(value, Elements | Variable):
            found = max(found, value.depth)
        elif isinstance(value, StringTemplate):
            found = max(found, depth(value.parts))
    return found


def elements(values: Values, *, ordered: bool = False) -> Elements | Unknown:
    """Return an iterable with these elements, each once unless they are in order; unknown if too many or too deep."""
    if not ordered:
        values = tuple(dict.fromkeys(values))
    nested = depth(values) + 1
    return (
        OVER_BUDGET
        if len(values) > MAX_ELEMENTS or nested > MAX_NESTED
        else Elements(values, nested, ordered)
    )


def reference(name: str, receiver: Value | None = None) -> Reference | Unknown:
    """Return a library's reference by an extended name; unknown if the name is too long."""
    return OVER_BUDGET if _is_long(name) else Reference(name, receiver)


def library_object(
    name: str, site: CallSite | None = None, frame: Frame | None = None
) -> LibraryObject | Unknown:
    """Return a library object by an extended name; unknown if the name is too long."""
    return OVER_BUDGET if _is_long(name) else LibraryObject(name, site, frame)


def _is_long(name: str) -> bool:
    return len(name) > MAX_LINKS and name.count(".") + name.count("()") + name.count("[]") > MAX_LINKS


def joined(*templates: StringTemplate) -> Value:
    """Return the concatenation of string templates: a Constant if it has only literals, unknown if it is too long."""
    if sum(len(one.parts) for one in templates) > MAX_PARTS * 2:
        return OVER_BUDGET
    if sum(len(part) for one in templates for part in one.parts if isinstance(part, str)) > MAX_TEXT:
        return OVER_BUDGET
    parts: list[str | Variable | OptionValue | Unknown] = []
    for one in templates:
        for part in one.parts:
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    if len(parts) > MAX_PARTS:
        return OVER_BUDGET
    if not parts:
        return Constant("")
    if len(parts) == 1:
        only = parts[0]
        return Constant(only) if isinstance(only, str) else only
    return StringTemplate(tuple(parts))


def path_joined(first: StringTemplate, second: StringTemplate) -> StringTemplate:
    """Return two paths joined as ``os.path.join`` does: an absolute second path replaces the first."""
    if second.parts and isinstance(second.parts[0], str) and second.parts[0].startswith("/"):
        return second
    if not first.parts or first.parts == ("",):
        return second
    last = first.parts[-1]
    slash = StringTemplate(()) if isinstance(last, str) and last.endswith("/") else StringTemplate(("/",))
    whole = joined(first, slash, second)
    return text(whole) or StringTemplate((UNKNOWN,))


def distinct(values: Iterable[Value]) -> Values:
    """Return the values without repetition, in order; beyond ``MAX_VALUES``, `UNKNOWN` replaces the rest."""
    if isinstance(values, tuple | list) and len(values) < 2:
        return tuple(values)
    found = dict.fromkeys(values)
    if len(found) > MAX_VALUES:
        return (*list(found)[:MAX_VALUES], OVER_BUDGET)
    return tuple(found)


def is_empty(value: Value) -> bool:
    """Return whether a value is a constant that is false."""
    return isinstance(value, Constant) and not value.value


def without(values: Iterable[Value], excluded: tuple[object, ...]) -> list[Value]:
    """Return the values without the constants ``excluded``."""
    return [
        value
        for value in values
        if not (excluded and isinstance(value, Constant) and is_excluded(value.value, excluded))
    ]


DISPLAYS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
