"""Compares the configuration fields that a builder reads with its configuration class."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from flake8_training.ledger import Reason, unknown_if
from flake8_training.spelling import closest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.class_model import Text
from training_alignment.artefacts.method_body import CONFIGURATION, MethodBody
from training_alignment.artefacts.methods import own_reads
from training_alignment.artefacts.tree import ReadError
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.steps.step import Role

_NO_CLASS = frozenset({"Any", "object", "dict", "Dict", "BaseModel", "Mapping"})
_DERIVED = re.compile(rb"class\s+(\w+)\s*\(([^)]*)")
_SETTINGS = "settings"


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
    for field in _needed(builder):
        name = field.value
        if name in seen | guarded or not all(one.declares_no(name) for one in classes):
            continue
        seen.add(name)
        if _is_set_elsewhere(subject, classes, name):
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
        body = MethodBody(source, node)
        body.read()
        for read in own_reads(body):
            name = read.value
            if name in seen or name.startswith("__") or not configuration.declares_no(name):
                continue
            seen.add(name)
            near = closest(name, sorted(configuration.names()))
            certain = configuration.lacks(name)
            if certain or near is not None:
                yield Lacking(read, configuration, certain, near)


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


def _is_set_elsewhere(subject: StepUnderCheck, classes: list[Configuration], name: str) -> bool:
    """Return whether a subclass may have the field, or code of the repository sets it on an object of the classes.

    The search reads only files that name one of the classes. It runs only for a field that is about to be reported.
    """
    repository = subject.repository.discovery.repository
    known = b"|".join(one.name.encode(errors="surrogatepass") for one in classes)
    field = name.encode(errors="surrogatepass")
    known_word = re.compile(rb"\b(?:%s)\b" % known)
    constructed = re.compile(rb"\b(?:%s)\(([^)]*)" % known)
    passed = re.compile(rb"\b%s\s*=(?!=)" % field)
    assigned = re.compile(rb"\b(\w+)\s*(?::[^=\n]{1,200})?=\s*(?:\w+\.)*(?:%s)\(" % known)
    assert subject.reading.builder is not None
    for path in sorted(repository.files):
        if not path.endswith(".py"):
            continue
        try:
            data = repository.data(path)
        except ReadError:
            continue
        if not any(one.name.encode(errors="surrogatepass") in data for one in classes):
            continue
        holders = {match[1] for match in assigned.finditer(data)}
        if path == subject.reading.builder.path:
            holders.update(word.encode(errors="surrogatepass") for word in CONFIGURATION)
        stored = rb"\b(?:%s)\.%s\s*(?::[^=\n]{0,200})?=[^=]" % (b"|".join(sorted(holders)), field)
        if any(map(passed.search, constructed.findall(data))) or (holders and re.search(stored, data)):
            return True
        for match in _DERIVED.finditer(data):
            if known_word.search(match[2]) is None:
                continue
            family = subject.repository.discovery.classes.configuration(path, match[1].decode())
            if family is not None and not family.declares_no(name):
                return True
    return False
