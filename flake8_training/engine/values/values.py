"""The values that the evaluator knows.

An expression has a *set* of values: every one that can reach it. `UNKNOWN` in the set says that there are
others. Values are compared by what they are, objects of the tree by identity.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, Scope
    from flake8_training.engine.values.option import Option


class Unknown(Record):
    """Something that cannot be told."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN: Final = Unknown()

MAX_VALUES = 24

"""How many values of one expression are told apart; beyond, there are others."""

MAX_FRAMES = 4

"""How many calls deep the arguments of each call are kept apart."""

MAX_BINDINGS = 100

"""How many of the statements that give a name its value are looked at; beyond, there are other values."""

MAX_TEXT = 4_096

"""The longest text that is put together; a longer one is unknown."""

MAX_PARTS = 100

"""The most parts of a text that is put together."""

MAX_ELEMENTS = 1_000

"""The most elements that are kept in their order."""

MAX_NESTED = 5

"""How deep elements, and the defaults of variables, are kept in each other."""

MAX_LINKS = 60

"""The most attributes and calls in the canonical name of what a library gives."""


class Constant(Record):
    """A literal: text, bytes, a number, a truth value or None."""

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

"""The folder of the channels; also what maps a channel's name to its folder in an environment object."""


class Variable(Record, apart=("depth",)):
    """An environment variable that is read; ``name`` is empty where it cannot be told."""

    name: str
    defaults: tuple[Value, ...] = ()
    depth: int = 1
    """How deep variables are in each other's defaults."""


class OptionValue(Record):
    """The value of a command-line option."""

    option: Option


class StringTemplate(Record):
    """Text put together from literals and values; a path is one, with ``/`` between its segments."""

    parts: tuple[str | Variable | OptionValue | Unknown, ...]


class Reference(Record):
    """Something of a library, by its canonical dotted name; ``()`` in it marks the result of a call."""

    name: str
    receiver: Value | None = None
    """The object a method was taken from, for methods that return it."""


class LibraryObject(Record):
    """What a library's call gave: an object of canonical name ``name`` (ends with ``()``)."""

    name: str
    site: CallSite | None = None
    frame: Frame | None = None


class Function(Record):
    """A function of the program; ``bound`` is the object of a method."""

    scope: Scope
    bound: Value | None = None


class Class(Record):
    """A class of the program."""

    scope: Scope


class Instance(Record):
    """An object of a class of the program, made at ``site``."""

    scope: Scope
    site: CallSite | None = None
    frame: Frame | None = None


class Collection(Record):
    """A dict, list, tuple or set display, a comprehension or a union, and where its parts are evaluated."""

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

"""The expressions of collections that are dicts."""


class Generator(Record):
    """What a generator function of the program gives."""

    scope: Scope
    frame: Frame | None = None


class Module(Record):
    """A module of the program."""

    name: str


class Elements(Record, apart=("depth",)):
    """Something iterable of which only the elements are known."""

    values: tuple[Value, ...]
    depth: int = 1
    """How deep elements are in each other."""


class Frame(Record):
    """One call of a function, under which its parameters have the arguments of that call."""

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
    """A value as text to put together with other text, or None where it is no text."""
    if isinstance(value, StringTemplate):
        return value
    if isinstance(value, Constant):
        return (
            StringTemplate((value.value,))
            if isinstance(value.value, str)
            else StringTemplate((str(value.value),))
        )
    if isinstance(value, Variable | OptionValue):
        return StringTemplate((value,))
    return StringTemplate((UNKNOWN,))


def depth(values: Iterable[Value | str]) -> int:
    """Return how deep the deepest of some values is nested; 0 for what holds no others."""
    found = 0
    for value in values:
        if isinstance(value, Elements | Variable):
            found = max(found, value.depth)
        elif isinstance(value, StringTemplate):
            found = max(found, depth(value.parts))
    return found


def elements(values: Values) -> Elements | Unknown:
    """Return something iterable with these elements; unknown where they are too many or too deep."""
    nested = depth(values) + 1
    return UNKNOWN if len(values) > MAX_ELEMENTS or nested > MAX_NESTED else Elements(values, nested)


def reference(name: str, receiver: Value | None = None) -> Reference | Unknown:
    """Return what a library has by a name that others were made longer to; unknown where it is too long."""
    return UNKNOWN if _is_long(name) else Reference(name, receiver)


def made(name: str, site: CallSite | None = None, frame: Frame | None = None) -> LibraryObject | Unknown:
    """Return the object of a library by a name that others were made longer to; unknown where it is too long."""
    return UNKNOWN if _is_long(name) else LibraryObject(name, site, frame)


def _is_long(name: str) -> bool:
    return len(name) > MAX_LINKS and name.count(".") + name.count("()") + name.count("[]") > MAX_LINKS


def joined(*texts: StringTemplate) -> Value:
    """Texts one after the other; a Constant where nothing but literals is in it, unknown where it is too long."""
    if sum(len(one.parts) for one in texts) > MAX_PARTS * 2:
        return UNKNOWN
    if sum(len(part) for one in texts for part in one.parts if isinstance(part, str)) > MAX_TEXT:
        return UNKNOWN
    parts: list[str | Variable | OptionValue | Unknown] = []
    for one in texts:
        for part in one.parts:
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    if len(parts) > MAX_PARTS:
        return UNKNOWN
    if not parts:
        return Constant("")
    if len(parts) == 1:
        only = parts[0]
        return Constant(only) if isinstance(only, str) else only
    return StringTemplate(tuple(parts))


def path_joined(first: StringTemplate, second: StringTemplate) -> StringTemplate:
    """Two paths joined as ``os.path.join`` does: an absolute second part stands alone."""
    if second.parts and isinstance(second.parts[0], str) and second.parts[0].startswith("/"):
        return second
    if not first.parts or first.parts == ("",):
        return second
    last = first.parts[-1]
    slash = StringTemplate(()) if isinstance(last, str) and last.endswith("/") else StringTemplate(("/",))
    whole = joined(first, slash, second)
    return text(whole) or StringTemplate((UNKNOWN,))


def distinct(values: Iterable[Value]) -> Values:
    """The values without repetition, in order; beyond ``MAX_VALUES`` of them, "unknown" stands for the rest."""
    found = dict.fromkeys(values)
    if len(found) > MAX_VALUES:
        return (*list(found)[:MAX_VALUES], UNKNOWN)
    return tuple(found)


DISPLAYS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
