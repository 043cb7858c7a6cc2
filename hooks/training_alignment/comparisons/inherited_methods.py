"""Finds methods that a builder lacks: abstract ones of a base class in another file, and ones that it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.class_model import ClassBody, ClassHierarchy, Method
from training_alignment.artefacts.method_body import body_of
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.configuration_fields import PLAIN_BASES
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.step_subject import StepUnderCheck


def inherited_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rule TRN401 in a builder with a base class in another file."""
    builder = subject.reading.builder
    if builder is None or not set(builder.family.foreign) <= PLAIN_BASES:
        return
    family = builder.family
    own, *bases = family.bodies
    if any(_is_abstract(subject, own, method) for method in own.methods):
        return
    if all(body.place.path == own.place.path for body in bases):
        return  # flake8 reports it: the whole class hierarchy is in one file
    missing = list(_left_abstract(subject, family, bases))
    if missing:
        yield Declared("TRN401", family.place, f"{family.name} has no {', '.join(missing)}")
    yield from _called(subject, family, missing)


def _called(subject: StepUnderCheck, family: ClassHierarchy, reported: list[str]) -> Iterator[Declared]:
    """Yield the calls of methods on ``self`` that neither the builder nor a base class has.

    ``reported`` holds the names that another finding reports.
    """
    if any(body.dynamic for body in family.bodies):
        return
    own = Configuration(family)
    try:
        source = subject.repository.discovery.repository.source(family.path)
    except ReadError:
        return
    seen = set(reported)
    for method in source.classes[family.name].body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) or not method.args.args:
            continue
        receiver = method.args.args[0].arg
        for call in body_of(source, method).calls:
            called = call.func
            if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
                continue
            name = called.attr
            if called.value.id != receiver or name in seen or name.startswith("__") or own.has(name):
                continue
            seen.add(name)
            near = closest(name, own.names())
            hint = did_you_mean(near)
            detail = f"{family.name} calls self.{name}, which it does not have{hint}"
            yield Declared("TRN401", source.place(called), detail)


def _left_abstract(subject: StepUnderCheck, family: ClassHierarchy, bases: list[ClassBody]) -> Iterator[str]:
    seen: set[str] = set()
    for body in bases:
        for method in body.methods:
            name = method.name.value
            if name not in seen and method.abstract and family.method(name) is method:
                if _is_abstract(subject, body, method):
                    yield name
            seen.add(name)


def _is_abstract(subject: StepUnderCheck, body: ClassBody, method: Method) -> bool:
    """Return whether Python requires the method: it is abstract, and ``abc`` decorates it."""
    if not method.abstract:
        return False
    try:
        source = subject.repository.discovery.repository.source(body.place.path)
    except ReadError:
        return False
    found = source.classes.get(body.name)
    return any(
        source.dotted(decorator) in ("abc.abstractmethod", "abc.abstractproperty")
        for node in (found.body if found is not None else ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == method.name.value
        for decorator in node.decorator_list
    )
