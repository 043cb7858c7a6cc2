"""Compares the configuration fields that a builder reads with its configuration class."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.ledger import Reason, unknown_if
from flake8_training.named_tuple import NamedTuple
from flake8_training.spelling import closest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.class_model import Text
from training_alignment.artefacts.method_body import CONFIGURATION, body_of
from training_alignment.artefacts.methods import own_reads
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.source import Source
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.scan.glance import HAS_ANY
from training_alignment.steps.step import Role

if TYPE_CHECKING:
    from training_alignment.comparisons.field_stores import FieldStores

_NO_CLASS = frozenset({"Any", "object", "dict", "Dict", "BaseModel", "Mapping"})
_SETTINGS = "settings"
PLAIN_BASES = frozenset({"object", "abc.ABC", "ABC", "typing.Generic"})
"""Bases outside the repository that have no attributes of their own."""


class Lacking(NamedTuple):
    """A field that a class reads and no configuration class declares.

    ``field`` is the read; ``configuration`` is the class; ``certain`` is whether its objects cannot have the field;
    ``near`` is the nearest declared name, or None.
    """

    field: Text
    configuration: Configuration
    certain: bool
    near: str | None


def fields_lacking(subject: StepUnderCheck) -> Iterator[Lacking]:
    """Yield the first read of each field that the builder needs and its configuration classes do not have."""
    builder = subject.reading.builder
    if builder is None:
        return
    classes = configuration_classes(subject)
    if unknown_if(not classes, Reason.CODE, builder.place, what="configuration class"):
        return
    guarded = {
        read.field.value for method in builder.family.own.methods for read in method.reads if read.guarded
    }
    seen: set[str] = set()
    stores: list[FieldStores] | None = None
    for field in _needed(builder):
        name = field.value
        if name in seen | guarded or not all(one.declares_no(name) for one in classes):
            continue
        seen.add(name)
        if stores is None:
            stores = list(_stores(subject, classes))
        if any(_may_set(subject, store, name) for store in stores):
            continue
        names = [other for one in classes for other in sorted(one.names())]
        certain = all(one.lacks(name) for one in classes)
        yield Lacking(field, classes[0], certain, closest(name, names))


def own_fields_lacking(subject: StepUnderCheck) -> Iterator[Lacking]:
    """Yield the first read of each field of ``self`` that the configuration class does not have."""
    configuration = subject.reading.configuration
    if configuration is None:
        return
    try:
        source = subject.repository.discovery.repository.source(configuration.path)
    except ReadError:
        return
    seen: set[str] = set()
    for node in source.classes[configuration.name].body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for read in own_reads(source, body_of(source, node)):
            name = read.value
            if name in seen or name.startswith("__") or not configuration.declares_no(name):
                continue
            seen.add(name)
            near = closest(name, sorted(configuration.names()))
            certain = configuration.lacks(name)
            if certain or near is not None:
                yield Lacking(read, configuration, certain, near)


def attributes_lacking(subject: StepUnderCheck) -> Iterator[Lacking]:
    """Yield the first read of each attribute of its own object that the builder's class never has.

    ``configuration`` of each is the builder's class itself.
    """
    builder = subject.reading.builder
    if builder is None:
        return
    own = Configuration(builder.family)
    if not set(builder.family.foreign) <= PLAIN_BASES:
        return
    try:
        sources = [
            subject.repository.discovery.repository.source(b.place.path) for b in builder.family.bodies
        ]
    except ReadError:
        return
    seen: set[str] = set()
    stores: list[FieldStores] | None = None
    for read in _own_attributes(sources[0], builder.name):
        name = read.value
        if name in seen or name.startswith("__") or not own.declares_no(name):
            continue
        seen.add(name)
        if any(name in source.stored_attributes for source in sources):
            continue
        if stores is None:
            stores = list(_stores(subject, [own]))
        if not any(_may_set(subject, store, name) for store in stores):
            yield Lacking(read, own, own.lacks(name), closest(name, sorted(own.names())))


def _own_attributes(source: Source, name: str) -> Iterator[Text]:
    """Yield the attributes that the methods of a class read of its object without a check, not those they call."""
    for node in source.classes[name].body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = body_of(source, node)
            called = {source.place(call.func) for call in body.calls}
            yield from (read for read in own_reads(source, body) if read.place not in called)


def configuration_classes(subject: StepUnderCheck) -> list[Configuration]:
    """Return the classes that the builder's configuration may be of; no class if one of them is unknown."""
    builder, own = subject.reading.builder, subject.reading.configuration
    if builder is None:
        return []
    annotated = {text.value for text in builder.family.own.configuration_annotations} - _NO_CLASS
    if not annotated:
        return [own] if own is not None and _fits(subject, builder, own) else []
    found = [
        subject.repository.discovery.classes.configuration(bound.path, bound.name)
        for bound in builder.configurations
        if bound.path is not None and bound.name not in _NO_CLASS
    ]
    known = [one for one in found if one is not None]
    return known if len(known) == len(annotated) else []


def _fits(subject: StepUnderCheck, builder: Builder, own: Configuration) -> bool:
    """Return whether a class that the builder does not name is its configuration.

    It is if a registry says so, or if the class has most of the fields that the builder reads.
    """
    part = subject.step.part(Role.CONFIGURATION)
    if part is not None and "registered" in part.reason:
        return True
    read = {field.value for field in _needed(builder)}
    declared = read & own.names()
    return len(declared) >= 2 and len(declared) > len(read - declared)


def _needed(builder: Builder) -> Iterator[Text]:
    """Yield the fields that the builder's own methods read without a guard or list as required, in source order."""
    own = builder.family.own
    holders = Counter(read.of for method in own.methods for read in method.reads)
    for method in own.methods:
        for read in method.reads:
            apart = read.of == _SETTINGS and len(holders) > 1
            if not read.guarded and not apart:
                yield read.field
    yield from own.requires


def _stores(subject: StepUnderCheck, classes: list[Configuration]) -> Iterator[FieldStores]:
    """Yield what the files of the repository set on objects of the classes.

    Only files that name one of the classes are parsed, and only if a field is about to be reported.
    """
    from training_alignment.comparisons.field_stores import FieldStores

    repository = subject.repository.discovery.repository
    words = [one.name for one in classes]
    assert subject.reading.builder is not None
    for path in sorted(repository.files):
        if not path.endswith(".py"):
            continue
        try:
            if not repository.answer(HAS_ANY, path, *words):
                continue
            source = repository.source(path)
        except ReadError:
            continue
        objects = CONFIGURATION if path == subject.reading.builder.path else ()
        yield FieldStores(source, repository, classes, objects)


def _may_set(subject: StepUnderCheck, stores: FieldStores, name: str) -> bool:
    """Return whether the file sets the field, or derives a class that has it."""
    if stores.sets(name):
        return True
    for derived in stores.derived:
        family = subject.repository.discovery.classes.configuration(stores.path, derived)
        if family is not None and not family.declares_no(name):
            return True
    return False
