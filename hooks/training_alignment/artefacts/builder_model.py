"""Builders and configurations: a class with its bases, and the names bound to it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.class_model import ClassBody, ClassHierarchy, Construction, Field, Text
from training_alignment.artefacts.model import Bound
from training_alignment.artefacts.tree import Node, Place


class Builder(NamedTuple):
    """A class that builds a step."""

    family: ClassHierarchy
    specifications: tuple[Bound, ...] = ()
    contracts: tuple[Bound, ...] = ()
    configurations: tuple[Bound, ...] = ()
    """Configuration classes; the class in an annotation or an ``isinstance`` check comes first."""
    named_steps: tuple[Text, ...] = ()

    @property
    def name(self) -> str:
        return self.family.name

    @property
    def place(self) -> Place:
        return self.family.place

    @property
    def path(self) -> str:
        return self.family.path

    def constructions(self) -> Iterator[Construction]:
        """Yield the library objects that its methods construct."""
        for method in self.family.methods():
            yield from method.constructions

    def attribute(self, name: str) -> tuple[Node, ...]:
        """Return the values that its methods or its class body assign to ``self.name``."""
        found = [node for m in self.family.methods() for stored, node in m.stores if stored == name]
        found.extend(v for body in self.family.bodies if (v := body.constants.get(name)) is not None)
        return tuple(found)


class Configuration(NamedTuple):
    """A class whose instances hold the settings of a step."""

    family: ClassHierarchy

    @property
    def name(self) -> str:
        return self.family.name

    @property
    def place(self) -> Place:
        return self.family.place

    @property
    def path(self) -> str:
        return self.family.path

    @property
    def closed(self) -> bool:
        """Return whether its instances have only the fields that it and its bases declare."""
        return self.family.complete and not any(body.allows_more for body in self.family.bodies)

    def field(self, name: str) -> Field | None:
        """Return the field of that name, own or inherited, or None."""
        return next((f for body in self.family.bodies for f in body.fields if f.name.value == name), None)

    def fields(self) -> tuple[Field, ...]:
        """Return every field, the nearest class first; a field that is declared again is listed once."""
        found: dict[str, Field] = {}
        for body in self.family.bodies:
            for one in body.fields:
                found.setdefault(one.name.value, one)
        return tuple(found.values())

    def names(self) -> frozenset[str]:
        """Return every name that its instances have, by itself or by its bases."""
        return frozenset[str]().union(*(body.attribute_names for body in self.family.bodies))

    def has(self, name: str) -> bool:
        """Return whether its instances have the attribute, by itself or by its bases."""
        return any(name in body.attribute_names for body in self.family.bodies)

    def lacks(self, name: str) -> bool:
        """Return whether its instances certainly have no attribute of that name."""
        return self.closed and not self.has(name)

    def declares_no(self, name: str) -> bool:
        """Return whether neither it nor a base declares the attribute; instances may still accept extra fields."""
        family = self.family
        if not family.complete or any(body.dynamic or not _is_plain(body) for body in family.bodies):
            return False
        return not (self.has(name) or is_of_library(name, family.foreign))


_DECORATORS = frozenset({"dataclass", "define", "frozen", "mutable", "final", "total_ordering", "attrs"})


def _is_plain(body: ClassBody) -> bool:
    """Return whether no decorator may add attributes; decorators of dataclasses use only the class's own names."""
    return all(name.rpartition(".")[2] in _DECORATORS for name in body.decorators)


_OF_PYDANTIC = frozenset(
    "copy dict json construct parse_obj parse_raw parse_file from_orm schema schema_json validate fields "
    "update_forward_refs".split()
)
_OF_TUPLES = frozenset({"count", "index", "_asdict", "_replace", "_fields", "_make", "_field_defaults"})


def is_of_library(name: str, bases: tuple[str, ...]) -> bool:
    """Return whether an attribute belongs to the library's base class (``model_dump``)."""
    if name.startswith("__"):
        return True
    short = {base.rpartition(".")[2] for base in bases}
    if short & {"BaseModel", "BaseSettings"} and (name.startswith("model_") or name in _OF_PYDANTIC):
        return True
    return "NamedTuple" in short and name in _OF_TUPLES
