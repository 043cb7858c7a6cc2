"""Classes as their files have them, and with their bases: what builders and configurations are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from training_alignment.artefacts.tree import Listing, Located, Node, Place, Table

Text = Located[str]


class Read(NamedTuple):
    """A configuration field that a method reads; ``guarded`` where it says itself that the field may be missing."""

    field: Text
    guarded: bool
    of: str = ""
    """What the configuration object is called there: ``config``, ``settings``."""


class Made(NamedTuple):
    """A library object that a method makes: ``sagemaker.xgboost.XGBoost(...)``."""

    name: str
    place: Place
    arguments: Table[Node]
    positional: Listing[Node]


class Lookup(NamedTuple):
    """A loop over the variables of a contract that looks each up in the configuration.

    ``paths`` are where it looks, beneath the configuration: nothing for itself, ``hyperparameters``. ``default`` says
    that it takes something else where it finds nothing.
    """

    required: bool
    paths: tuple[str, ...]
    lower: bool
    default: bool


class Environment(NamedTuple):
    """The environment variables that a method returns.

    ``variables`` are those it names, closed if it adds no others but what it is given by the base class and by the
    attributes of the configuration that it asks (``asked``). ``guards`` are the fields without which it leaves a
    variable out.
    """

    variables: Table[Node]
    calls_super: bool
    asked: tuple[str, ...]
    guards: Mapping[str, tuple[Text, ...]]
    lookups: tuple[Lookup, ...]


class MethodFacts(NamedTuple):
    """What the body of a method shows."""

    calls_super: bool
    reads: tuple[Read, ...]
    made: tuple[Made, ...]
    stores: tuple[tuple[str, Node], ...]
    environment: Environment | None
    returned: tuple[Node, ...]
    requires: tuple[Text, ...]
    annotations: tuple[Text, ...]
    named_steps: tuple[Text, ...]
    uses: tuple[Text, ...]
    own_reads: tuple[Text, ...]
    """The attributes of its object that it reads and does not ask for first."""


class Method:
    """A method of a class. Its body is gone through when one of the facts that it shows is first asked for."""

    def __init__(
        self,
        name: Text,
        owner: str,
        parameters: tuple[str, ...],
        read: Callable[[], MethodFacts],
        *,
        abstract: bool = False,
        is_property: bool = False,
    ) -> None:
        self.name = name
        self.owner = owner
        self.parameters = parameters
        self.abstract = abstract
        self.is_property = is_property
        self._read = read

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Method) and self._head == other._head and self.facts == other.facts

    def __hash__(self) -> int:
        return hash(self._head)

    @property
    def _head(self) -> tuple[object, ...]:
        return (self.name, self.owner, self.parameters, self.abstract, self.is_property)

    @cached_property
    def facts(self) -> MethodFacts:
        """What its body shows."""
        return self._read()

    @property
    def calls_super(self) -> bool:
        """Whether it calls the method that it overrides."""
        return self.facts.calls_super

    @property
    def reads(self) -> tuple[Read, ...]:
        """The configuration fields that it reads."""
        return self.facts.reads

    @property
    def made(self) -> tuple[Made, ...]:
        """The library objects that it makes."""
        return self.facts.made

    @property
    def stores(self) -> tuple[tuple[str, Node], ...]:
        """What it puts into attributes of its object: name and value."""
        return self.facts.stores

    @property
    def environment(self) -> Environment | None:
        """The environment variables it returns, if its name says that it returns them."""
        return self.facts.environment

    @property
    def variables(self) -> Table[Node] | None:
        """Those that it names itself; closed if there are certainly no others."""
        found = self.environment
        if found is None:
            return None
        asks = found.calls_super or found.asked or found.lookups
        return found.variables.replaced(closed=found.variables.closed and not asks)

    @property
    def returned(self) -> tuple[Node, ...]:
        """The literals that it returns."""
        return self.facts.returned


class Field(NamedTuple):
    """A field of a configuration class. ``default`` is None where it has none; ``required`` None where unclear."""

    name: Text
    owner: str
    annotation: str
    default: Node | None
    required: bool | None
    private: bool = False


class ClassFacts(NamedTuple):
    """What the values in the statements of a class show, its methods left alone."""

    fields: tuple[Field, ...]
    constants: Table[Node]
    allows_more: bool
    dynamic: bool


class ClassBody:
    """One class as its own file has it; its bases are looked up by `ClassFamily`.

    ``bases`` and ``decorators`` are dotted as they are imported, empty texts for what has no name. Its fields are
    read when they are first asked for.
    """

    def __init__(
        self,
        name: str,
        place: Place,
        bases: tuple[Located[str], ...],
        decorators: tuple[str, ...],
        methods: tuple[Method, ...],
        read: Callable[[], ClassFacts],
    ) -> None:
        self.name = name
        self.place = place
        self.bases = bases
        self.decorators = decorators
        self.methods = methods
        self._read = read

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClassBody) or (self.name, self.place) != (other.name, other.place):
            return False
        heads = (self.bases, self.decorators, self.methods) == (other.bases, other.decorators, other.methods)
        return heads and self.facts == other.facts

    def __hash__(self) -> int:
        return hash((self.name, self.place))

    @cached_property
    def facts(self) -> ClassFacts:
        """What its statements show."""
        return self._read()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its annotated attributes."""
        return self.facts.fields

    @property
    def constants(self) -> Table[Node]:
        """Class attributes without annotation."""
        return self.facts.constants

    @property
    def allows_more(self) -> bool:
        """Whether instances take fields that the class does not name (``extra="allow"``, ``__getattr__``)."""
        return self.facts.allows_more

    @property
    def dynamic(self) -> bool:
        """Whether its code may give instances attributes of names that are not written down (``__getattr__``)."""
        return self.facts.dynamic

    @cached_property
    def requires(self) -> tuple[Text, ...]:
        """Configuration fields that it lists as required."""
        return tuple(text for method in self.methods for text in method.facts.requires)

    @cached_property
    def configuration_annotations(self) -> tuple[Text, ...]:
        """The classes that it says its configuration is of, most certain first."""
        return tuple(text for method in self.methods for text in method.facts.annotations)

    @cached_property
    def named_steps(self) -> tuple[Text, ...]:
        """Names given to a function that loads a step's interface."""
        return tuple(text for method in self.methods for text in method.facts.named_steps)

    @cached_property
    def uses(self) -> tuple[Text, ...]:
        """Imported names that its methods use, by what they are called here: ``CHURN_SPEC``."""
        found: dict[str, Text] = {}
        for method in self.methods:
            for used in method.facts.uses:
                found.setdefault(used.value, used)
        return tuple(found.values())


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
