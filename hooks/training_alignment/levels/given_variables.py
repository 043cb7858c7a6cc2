"""Which environment variables reach the job that a builder makes: named by it, by its bases and its configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from flake8_training.builder.classes import is_estimator, known_class
from flake8_training.sagemaker.library_variables import is_read_by_libraries
from flake8_training.sagemaker.near import nearest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.class_model import ClassFamily, Lookup, Made, Text
from training_alignment.artefacts.tree import Call, Entry, Node, Place, Scalar, Table, is_absent
from training_alignment.levels.configuration_fields import configuration_classes
from training_alignment.levels.set_variables import declared_variables
from training_alignment.levels.subject import StepSubject
from training_alignment.levels.variable_classes import class_of_field

_MAX_DEPTH = 4
_NO_GUARDS: Mapping[str, tuple[Text, ...]] = MappingProxyType({})


class Problem(NamedTuple):
    """A variable that does not reach the job, where that is mended, and what to say of it.

    ``certain`` is False where the configuration may be given a field that its class does not name.
    """

    place: Place
    detail: str
    certain: bool
    required: Text | None = None


class Given:
    """The environment variables of a job, as far as they are told."""

    def __init__(self, subject: StepSubject, place: Place) -> None:
        self.subject = subject
        self.place = place
        """Where they are put together: a method, or the call that makes the job."""
        self.entries: dict[str, Entry[Node]] = {}
        self.guards: dict[str, tuple[Text, ...]] = {}
        self.lookups: list[Lookup] = []
        self.open = False
        self.unused: str | None = None
        """The builder's own method for them, where the job is given none."""
        self.certain = True
        """Whether no variables come by fields that no class names, and objects may be given all the same."""

    def take(self, family: ClassFamily, name: str, depth: int = 0) -> None:
        """Take in what a method of a class returns, and the methods that it asks."""
        for index, body in enumerate(family.bodies):
            method = next((m for m in body.methods if m.name.value == name), None)
            if method is None:
                continue
            found = method.environment
            if found is None or depth > _MAX_DEPTH:
                self.open = True
                return
            if depth == 0:
                self.place = method.name.place
            self._take_table(found.variables, found.guards)
            self.lookups.extend(found.lookups)
            for asked in found.asked:
                self._ask_configuration(asked, depth + 1)
            if found.calls_super:
                self.take(family._replace(bodies=family.bodies[index + 1 :]), name, depth + 1)
            return
        self.open = self.open or not family.complete

    def _take_table(self, table: Table[Node], guards: Mapping[str, tuple[Text, ...]] = _NO_GUARDS) -> None:
        self.open = self.open or not table.closed
        for entry in table:
            name = entry.name.value
            self.entries.setdefault(name, entry)
            around = guards.get(name, ())
            if name not in self.guards or not around:
                self.guards[name] = around

    def _ask_configuration(self, name: str, depth: int) -> None:
        classes = configuration_classes(self.subject)
        if classes and all(one.declares_no(name) for one in classes):
            self.certain = self.certain and all(one.lacks(name) for one in classes)
            return
        if len(classes) != 1 or classes[0].family.method(name) is None:
            self.open = True
            return
        self.take(classes[0].family, name, depth)


def given_variables(subject: StepSubject, builder: Builder) -> Given | None:
    """The variables of the one job that a builder makes; None where there is none, or several."""
    jobs = [(made, name) for made in builder.made() if (name := _argument(made)) is not None]
    if len(jobs) != 1:
        return None
    made, name = jobs[0]
    given = Given(subject, made.place)
    node = made.arguments.get(name)
    if is_absent(node):
        given.open = not made.arguments.closed
        own = [m.name.value for m in builder.family.own.methods if m.environment is not None]
        given.unused = own[0] if len(own) == 1 and not given.open else None
    elif isinstance(node, Table):
        given._take_table(node)
    elif isinstance(node, Call) and node.name.startswith("self.") and node.name.count(".") == 1:
        given.take(builder.family, node.name.removeprefix("self."))
    else:
        given.open = True
    return given


def is_called(builder: Builder, name: str) -> bool:
    """Whether a method of the builder, or of a base of it, names another one."""
    return any(name == read.value for method in builder.family.methods() for read in method.facts.own_reads)


def _argument(made: Made) -> str | None:
    """What a job's class calls its environment variables."""
    short = made.name.rpartition(".")[2]
    if short.endswith("Processor"):
        return "env"
    known = known_class(made.name)
    return "environment" if known is not None and is_estimator(known) else None


def unset_variables(subject: StepSubject) -> Iterator[Problem]:
    """Yield the variables that the contract requires, and that the job is not given."""
    builder = subject.reading.builder
    given = given_variables(subject, builder) if builder is not None else None
    if given is None:
        return
    assert builder is not None
    if given.unused is not None and not is_called(builder, given.unused):
        yield Problem(given.place, f"{given.unused} is never called, the job is given no variables", True)
        return
    if not given.open:
        yield from _required(subject, given)
        yield from _switches(subject, given)
    yield from _never_set(subject, given)


def _required(subject: StepSubject, given: Given) -> Iterator[Problem]:
    seen: set[str] = set()
    declared = {text.value for contract in subject.contracts for text in contract.required_variables or ()}
    for contract in subject.contracts:
        for text in contract.required_variables or ():
            name = text.value
            if name in seen or name in given.entries or name.startswith(("SM_", "SAGEMAKER_", "AWS_")):
                continue
            seen.add(name)
            found = _looked_up(subject, given.lookups, name, required=True)
            if found is None:
                continue
            certain = found and given.certain
            near = nearest(name, [one for one in given.entries if one not in declared])
            if near is not None:
                yield Problem(given.entries[near].place, f"{name}, {near} is set", certain, text)
            else:
                yield Problem(given.place, name, certain, text)


def _switches(subject: StepSubject, given: Given) -> Iterator[Problem]:
    """Yield the switches of the script that nothing can turn: they have the contract's default in every job."""
    if not any(not lookup.required for lookup in given.lookups) or subject.variables is None:
        return
    read = {one.name for one in subject.variables.reads}
    for contract in subject.contracts:
        for entry in contract.optional_variables or ():
            name, default = entry.name.value, entry.value
            is_switch = isinstance(default, Scalar) and str(default.value).lower() in ("true", "false")
            if not is_switch or name not in read or name in given.entries or is_read_by_libraries(name):
                continue
            if _looked_up(subject, given.lookups, name, required=False) is not None:
                owner = " and ".join(one.name for one in configuration_classes(subject))
                detail = f"{name}, always the contract's default, {owner} has no {name.lower()}"
                yield Problem(entry.place, detail, False)


def _looked_up(subject: StepSubject, lookups: list[Lookup], name: str, *, required: bool) -> bool | None:
    """Whether no loop over the contract's variables finds one, for certain; None where one may."""
    certain = True
    for lookup in lookups:
        if lookup.required is not required:
            continue
        if lookup.default and required:
            return None
        wanted = name.lower() if lookup.lower else name
        for path in lookup.paths:
            classes = _beneath(subject, path)
            if classes is None:
                continue
            if not classes or not all(one.declares_no(wanted) for one in classes):
                return None
            certain = certain and all(one.lacks(wanted) for one in classes)
    return certain


def _beneath(subject: StepSubject, path: str) -> list[Configuration] | None:
    """The classes of what stands at a path beneath the configuration; empty: cannot tell, None: nothing is there."""
    classes = configuration_classes(subject)
    if not path:
        return classes
    if "." in path or len(classes) != 1:
        return []
    if classes[0].declares_no(path):
        return None
    return class_of_field(subject, classes[0], path)


def _never_set(subject: StepSubject, given: Given) -> Iterator[Problem]:
    """The variables that are set only where the configuration has a field that its class does not have."""
    classes = configuration_classes(subject)
    variables = subject.variables
    if not classes:
        return
    declared = {name for contract in subject.contracts for name in declared_variables(contract)}
    for name, fields in given.guards.items():
        unread = variables is not None and variables.never_reads(name)
        if is_read_by_libraries(name) or (unread and name not in declared):
            continue
        for field in fields:
            if all(one.declares_no(field.value) for one in classes):
                owner = classes[0].name
                detail = (
                    f"{name}, set only if the configuration has {field.value}, which {owner} does not have"
                )
                yield Problem(field.place, detail, False)
                break
