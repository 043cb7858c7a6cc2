"""Compares a step's ``required_methods`` and ``required_config`` with its builder and configuration."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.ledger import Reason, unknown_if
from flake8_training.rules.launcher.trn401_missing_method import left_out
from flake8_training.spelling import closest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.model import Requirement
from training_alignment.artefacts.tree import all_closed
from training_alignment.comparisons.configuration_fields import configuration_classes
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.step_subject import StepUnderCheck


def required_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN401, TRN402 and TRN417 in the step's lists of requirements."""
    builder = subject.reading.builder
    if builder is None:
        return
    for requirement in subject.reading.requirements:
        yield from _methods(builder, requirement)
        yield from _parameters(subject, builder, requirement)


def _methods(builder: Builder, requirement: Requirement) -> Iterator[Declared]:
    family = builder.family
    has = {method.name.value for method in family.methods()}
    # The launcher rule TRN401 reports an incomplete set of methods for the class alone.
    reported = left_out(has) if len(family.bodies) == 1 else []
    missing = [
        name.value
        for name in requirement.names or ()
        if name.value not in reported and family.has_method(name.value) is False
    ]
    if missing:
        detail = f"{family.name} has no {', '.join(missing)}, which required_methods asks for"
        yield Declared("TRN401", family.place, detail)


def _parameters(subject: StepUnderCheck, builder: Builder, requirement: Requirement) -> Iterator[Declared]:
    """Yield the required parameters that neither the configuration's class nor the builder has."""
    own = Configuration(builder.family)
    classes = configuration_classes(subject)
    if unknown_if(not builder.family.complete, Reason.CODE, builder.place, what="a base class"):
        return
    if unknown_if(any(body.dynamic for body in builder.family.bodies), Reason.DYNAMIC, builder.place):
        return
    passed = {name for made in builder.made() for name in made.arguments.names}
    if not all_closed(*(made.arguments for made in builder.made())):
        return
    accepted = {name for method in builder.family.methods() for name in method.parameters}
    known = own.names() | passed | accepted
    for entry in requirement.parameters or ():
        name = entry.name.value
        if name in known or any(not one.declares_no(name) for one in classes):
            continue
        if classes:
            near = closest(name, sorted(known.union(*(one.names() for one in classes))))
            hint = f", did you mean {near}?" if near else ""
            yield Declared("TRN417", entry.place, f"{name} of {classes[0].name}, which is required{hint}")
        else:
            detail = f"{builder.name} has no {name}, which required_config asks for"
            yield Declared("TRN402", builder.place, detail)
