"""Classes as their files have them, and with their bases: what builders and configurations are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from training_alignment.artefacts.tree import Listing, Located, Node, Place, Table

Text = Located[str]


class Read(NamedTuple):
    """A configuration field that a method reads; ``guarded`` where it says itself that the field may be missing."""

    field: Text
    guarded: bool


class Made(NamedTuple):
    """A library object that a method makes: ``sagemaker.xgboost.XGBoost(...)``."""

    name: str
    place: Place
    arguments: Table[Node]
    positional: Listing[Node]


class Method(NamedTuple):
    """A method of a class, with what its body shows."""

    name: Text
    owner: str
    parameters: tuple[str, ...] = ()
    abstract: bool = False
    is_property: bool = False
    calls_super: bool = False
    reads: tuple[Read, ...] = ()
    made: tuple[Made, ...] = ()
    stores: tuple[tuple[str, Node], ...] = ()
    """What it puts into attributes of its object: name and value."""
    variables: Table[Node] | None = None
    """The environment variables it returns, if its name says that it returns them."""
    asks_configuration: bool = False
    """Whether it takes them from the configuration object."""
    returned: tuple[Node, ...] = ()


class Field(NamedTuple):
    """A field of a configuration class. ``default`` is None where it has none; ``required`` None where unclear."""

    name: Text
    owner: str
    annotation: str
    default: Node | None
    required: bool | None
    private: bool = False


class ClassBody(NamedTuple):
    """One class as its own file has it; its bases are looked up by `ClassFamily`."""

    name: str
    place: Place
    bases: tuple[Located[str], ...]
    decorators: tuple[str, ...]
    fields: tuple[Field, ...]
    methods: tuple[Method, ...]
    constants: Table[Node]
    """Class attributes without annotation."""
    allows_more: bool = False
    """Whether instances take fields that the class does not name (``extra="allow"``, ``__getattr__``)."""
    requires: tuple[Text, ...] = ()
    """Configuration fields that it lists as required."""
    configuration_annotations: tuple[Text, ...] = ()
    """The classes that it says its configuration is of, most certain first."""
    named_steps: tuple[Text, ...] = ()
    """Names given to a function that loads a step's interface."""
    uses: tuple[Text, ...] = ()
    """Imported names that its methods use, by what they are called here: ``CHURN_SPEC``."""


class ClassFamily(NamedTuple):
    """A class with its bases in the order in which Python looks names up. ``complete``: all bases are known."""

    bodies: tuple[ClassBody, ...]
    complete: bool
    foreign: tuple[str, ...] = ()
    """Dotted names of bases outside the repository."""

    @property
    def own(self) -> ClassBody:
        return self.bodies[0]

    @property
    def name(self) -> str:
        return self.own.name

    @property
    def place(self) -> Place:
        return self.own.place

    @property
    def path(self) -> str:
        return self.own.place.path

    def method(self, name: str) -> Method | None:
        """The method that the name leads to, own or inherited."""
        return next((m for body in self.bodies for m in body.methods if m.name.value == name), None)

    def methods(self) -> Iterator[Method]:
        """Every method in force: one that is overridden is left out."""
        seen: set[str] = set()
        for body in self.bodies:
            for method in body.methods:
                if method.name.value not in seen:
                    yield method
            seen.update(m.name.value for m in body.methods)

    def has_method(self, name: str) -> bool | None:
        """Whether the class has that method and it is not abstract; None where an unknown base may have it."""
        method = self.method(name)
        if method is not None:
            return not method.abstract
        return False if self.complete else None
