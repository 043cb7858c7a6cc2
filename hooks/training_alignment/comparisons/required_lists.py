"""Compares a step's ``required_methods`` and ``required_config`` with its builder and configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_training.ledger import Reason, unknown_if
from flake8_training.rules.launcher.trn401_missing_method import left_out
from flake8_training.sagemaker.estimator_settings import JUDGES
from flake8_training.spelling import closest
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.model import Requirement
from training_alignment.artefacts.tree import Node, Scalar, Table, all_closed
from training_alignment.comparisons.configuration_fields import configuration_classes
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.declared_hyperparameters import declared_hyperparameters
from training_alignment.comparisons.s3_locations import broken_s3, local_path
from training_alignment.comparisons.step_subject import StepUnderCheck


def required_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN401, TRN402 and TRN417 in the step's lists of requirements.

    The values of ``required_config`` are judged by the rules TRN211, TRN406, TRN410 and TRN412.
    """
    builder = subject.reading.builder
    for requirement in subject.reading.requirements:
        yield from _values(subject, requirement)
        if builder is None:
            continue
        yield from _methods(builder, requirement)
        yield from _parameters(subject, builder, requirement)


_DATA = re.compile(r"data_uri|s3_uri|s3_data|data_s3|input_uri|output_path", re.IGNORECASE)
"""The end of the name of a parameter that holds a location of data; any other name is not judged."""


def _values(subject: StepUnderCheck, requirement: Requirement) -> Iterator[Declared]:
    """Yield the values of the required parameters that cannot be right."""
    for entry in requirement.parameters or ():
        name, node = entry.name.value, entry.value
        if isinstance(node, Table) and name == "hyperparameters":
            yield from _hyperparameters(subject, node)
        if not isinstance(node, Scalar) or not node.known:
            continue
        judge = JUDGES.get(name)
        reason = judge(node.value) if judge is not None else None
        if reason is not None:
            yield Declared("TRN211", node.place, f"{name}: {reason}")
        elif name == "entry_point" and isinstance(node.value, str):
            yield from _entry_point(subject, node, node.value)
        elif (wrong := broken_s3(node)) or (_DATA.search(name) and (wrong := local_path(node))):
            yield Declared("TRN412", node.place, f"{name}: {wrong}")


def _entry_point(subject: StepUnderCheck, node: Scalar, value: str) -> Iterator[Declared]:
    """Yield an entry point that misspells the script of the step."""
    script = subject.script_path
    last, own = value.rpartition("/")[2], script.rpartition("/")[2] if script is not None else ""
    files = {path.rpartition("/")[2] for path in subject.repository.discovery.repository.files}
    if own and last not in files and closest(last, [own]) is not None:
        yield Declared("TRN406", node.place, f"no file {last}, did you mean {own}?")


def _hyperparameters(subject: StepUnderCheck, table: Table[Node]) -> Iterator[Declared]:
    """Yield the names that misspell a hyperparameter of the contract or specification."""
    declared = declared_hyperparameters(subject)
    for entry in table if declared is not None else ():
        name = entry.name.value
        near = (
            closest(name, [one for one in declared or () if one not in table])
            if name not in (declared or ())
            else None
        )
        if near is not None:
            yield Declared("TRN410", entry.place, f"{name} of required_config, did you mean {near}?")


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
