"""Classes as their files define them, and with their bases.

Builders and configurations consist of these records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.tree import Listing, Located, Node, Place, Table

Text = Located[str]


class Read(NamedTuple):
    """A configuration field that a method reads; ``guarded`` if the method allows for a missing field."""

    field: Text
    guarded: bool
    of: str = ""
    """The name of the configuration object in the method: ``config``, ``settings``."""


class Construction(NamedTuple):
    """A library object that a method constructs: ``sagemaker.xgboost.XGBoost(...)``."""

    name: str
    place: Place
    arguments: Table[Node]
    positional: Listing[Node]


class Lookup(NamedTuple):
    """A loop over a contract's variables that looks each up in the configuration.

    - ``required``: the loop is over the required variables, not over the optional ones.
    - ``paths``: the attributes of the configuration that it searches; an empty string is the configuration itself.
    - ``lower``: it searches for the name in lower case.
    - ``default``: it uses another value if the configuration has none.
    """

    required: bool
    paths: tuple[str, ...]
    lower: bool
    default: bool


class Environment(NamedTuple):
    """The environment variables that a method returns.

    ``variables`` are those that it names. They are closed if the method adds no others, except from the base class
    (``calls_super``) and from attributes of the configuration (``asked``). ``guards`` are the fields without which the
    method leaves a variable out.
    """

    variables: Table[Node]
    calls_super: bool
    asked: tuple[str, ...]
    guards: Mapping[str, tuple[Text, ...]]
    lookups: tuple[Lookup, ...]


class MethodFacts(NamedTuple):
    """The facts of a method's body."""

    calls_super: bool
    reads: tuple[Read, ...]
    constructions: tuple[Construction, ...]
    stores: tuple[tuple[str, Node], ...]
    environment: Environment | None
    returned: tuple[Node, ...]
    requires: tuple[Text, ...]
    annotations: tuple[Text, ...]
    named_steps: tuple[Text, ...]
    uses: tuple[Text, ...]
    own_reads: tuple[Text, ...]
    """The attributes of its own object that it reads without a check first."""


class Method:
    """A method of a class. Its body is analysed at the first access to one of its facts."""

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
        """Return the facts of its body."""
        return self._read()

    @property
    def calls_super(self) -> bool:
        """Return whether it calls the method that it overrides."""
        return self.facts.calls_super

    @property
    def reads(self) -> tuple[Read, ...]:
        """Return the configuration fields that it reads."""
        return self.facts.reads

    @property
    def constructions(self) -> tuple[Construction, ...]:
        """Return the library objects that it constructs."""
        return self.facts.constructions

    @property
    def stores(self) -> tuple[tuple[str, Node], ...]:
        """Return the name and the value of each attribute of its object that it sets."""
        return self.facts.stores

    @property
    def environment(self) -> Environment | None:
        """Return the environment variables that it returns; None if its name declares no such result."""
        return self.facts.environment

    @property
    def variables(self) -> Table[Node] | None:
        """Return the variables that it names itself, closed if there are certainly no others; else None."""
        found = self.environment
        if found is None:
            return None
        asks = found.calls_super or found.asked or found.lookups
        return found.variables.replaced(closed=found.variables.closed and not asks)

    @property
    def returned(self) -> tuple[Node, ...]:
        """Return the literals that it returns."""
        return self.facts.returned


class Field(NamedTuple):
    """A field of a configuration class. ``default`` is None if it has none; ``required`` is None if that is unknown."""

    name: Text
    owner: str
    annotation: str
    default: Node | None
    required: bool | None
    private: bool = False


class ClassFacts(NamedTuple):
    """The facts of the statements in a class body, without its methods."""

    fields: tuple[Field, ...]
    constants: Table[Node]
    allows_more: bool
    dynamic: bool


class ClassBody:
    """One class as its own file defines it; `ClassHierarchy` adds its bases.

    ``bases`` and ``decorators`` are dotted names as imported; an expression without a name is an empty string. The
    fields are read at the first access.
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
        """Return the facts of its statements."""
        return self._read()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return its annotated attributes."""
        return self.facts.fields

    @property
    def constants(self) -> Table[Node]:
        """Return the class attributes without annotation."""
        return self.facts.constants

    @property
    def allows_more(self) -> bool:
        """Return whether instances accept undeclared fields (``extra="allow"``, ``__getattr__``)."""
        return self.facts.allows_more

    @property
    def dynamic(self) -> bool:
        """Return whether its code may set attributes of its instances under computed names (``__getattr__``)."""
        return self.facts.dynamic

    @cached_property
    def attribute_names(self) -> frozenset[str]:
        """Return the names that it gives its instances: fields, properties, methods, class and instance attributes."""
        names = {one.name.value for one in self.fields}
        names.update(self.constants.names)
        for method in self.methods:
            names.add(method.name.value)
            names.update(stored for stored, _ in method.stores)
        return frozenset(names)

    @cached_property
    def requires(self) -> tuple[Text, ...]:
        """Return the configuration fields that it lists as required."""
        return tuple(name for method in self.methods for name in method.facts.requires)

    @cached_property
    def configuration_annotations(self) -> tuple[Text, ...]:
        """Return the classes that it declares for its configuration, most certain first."""
        return tuple(name for method in self.methods for name in method.facts.annotations)

    @cached_property
    def named_steps(self) -> tuple[Text, ...]:
        """Return the names passed to a function that loads a step's interface."""
        return tuple(name for method in self.methods for name in method.facts.named_steps)

    @cached_property
    def uses(self) -> tuple[Text, ...]:
        """Return the imported names that its methods use, under their local names: ``CHURN_SPEC``."""
        found: dict[str, Text] = {}
        for method in self.methods:
            for used in method.facts.uses:
                found.setdefault(used.value, used)
        return tuple(found.values())


class ClassHierarchy(NamedTuple):
    """A class with its bases in method resolution order. ``complete``: all bases are known."""

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
        """Return the method of this name, own or inherited, or None."""
        return next((m for body in self.bodies for m in body.methods if m.name.value == name), None)

    def methods(self) -> Iterator[Method]:
        """Yield every method that is not overridden."""
        seen: set[str] = set()
        for body in self.bodies:
            for method in body.methods:
                if method.name.value not in seen:
                    yield method
            seen.update(m.name.value for m in body.methods)

    def has_method(self, name: str) -> bool | None:
        """Return whether the class has that method and it is not abstract; None if an unknown base may have it."""
        method = self.method(name)
        if method is not None:
            return not method.abstract
        return False if self.complete else None
