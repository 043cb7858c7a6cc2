"""Compares a step's ``required_methods`` and ``required_config`` with its builder and configuration."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.ledger import Reason, unknown_if
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.trn401_missing_method import left_out
from flake8_training.rules.launcher.trn416_role import judge_role
from flake8_training.sagemaker.estimator_settings import JUDGES
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.model import Requirement
from training_alignment.artefacts.tree import Node, Scalar, Table, all_closed
from training_alignment.comparisons.built_values import (
    agreed_value,
    built_job,
    declared_setting,
    is_setting,
)
from training_alignment.comparisons.configuration_fields import configuration_classes
from training_alignment.comparisons.declared_checks import BUILT_DIFFERS, Declared
from training_alignment.comparisons.declared_hyperparameters import declared_hyperparameters
from training_alignment.comparisons.disagreements import differ, is_literal
from training_alignment.comparisons.s3_locations import broken_s3, local_path
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side


def required_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN401, TRN402 and TRN417 in the step's lists of requirements.

    The values of ``required_config`` are judged by the rules TRN208, TRN211, TRN406, TRN410, TRN412 and TRN416, and
    compared with those of the specification, the contract and the builder.
    """
    builder = subject.reading.builder
    for requirement in subject.reading.requirements:
        yield from _values(subject, requirement)
        if builder is None:
            continue
        yield from _methods(builder, requirement)
        yield from _parameters(subject, builder, requirement)


_DATA = pattern(r"(?i)data_uri|s3_uri|s3_data|data_s3|input_uri|output_path")
"""The end of the name of a parameter that holds a location of data; any other name is not judged."""
_ROLES = ("role", "role_arn", "execution_role")
"""The names of a parameter that holds the role; any other name is not judged."""


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
        elif judge is not None:
            yield from _setting(subject, name, node)
        elif name in _ROLES and isinstance(node.value, str) and is_literal(node):
            wrong = judge_role(node.value) if node.value.startswith("arn:") else None
            if wrong is not None:
                yield Declared("TRN416", node.place, f"{name}: {wrong}")
        elif name == "entry_point" and isinstance(node.value, str):
            yield from _entry_point(subject, node, node.value)
        elif (wrong := broken_s3(node)) or (_DATA.search(name) and (wrong := local_path(node))):
            yield Declared("TRN412", node.place, f"{name}: {wrong}")


def _setting(subject: StepUnderCheck, name: str, node: Scalar) -> Iterator[Declared]:
    """Yield a setting that differs from the specification's, if the builder's is the specification's."""
    declared = declared_setting(subject, name)
    job = built_job(subject) if declared is not None else None
    built = job.argument(name) if job is not None else None
    if declared is None or (built is not None and differ(declared, built)):
        return
    if is_setting(node) and differ(declared, node):
        detail = f"{name} is {declared.value!r} in the specification and {node.value!r} here"
        side = other_side(declared, f"{name}: {declared.value!r}")
        yield Declared("TRN211", node.place, detail, (side,))


def _entry_point(subject: StepUnderCheck, node: Scalar, value: str) -> Iterator[Declared]:
    """Yield an entry point that does not exist, if it misspells the script of the step or is not the builder's."""
    script = subject.script_path
    last, own = value.rpartition("/")[2], script.rpartition("/")[2] if script is not None else ""
    files = {path.rpartition("/")[2] for path in subject.repository.discovery.repository.files}
    if not own or not is_literal(node) or last in files:
        return
    if closest(last, [own]) is not None:
        yield Declared("TRN406", node.place, f"no file {last}{did_you_mean(own)}")
        return
    job = built_job(subject)
    built = job.argument("entry_point") if job is not None else None
    if built is not None and isinstance(built.value, str) and built.value.rpartition("/")[2] == own:
        side = other_side(built, f"the builder starts {own}")
        yield Declared("TRN406", node.place, f"no file {last}, the builder starts {own}", (side,))


def _hyperparameters(subject: StepUnderCheck, table: Table[Node]) -> Iterator[Declared]:
    """Yield the names that misspell a hyperparameter of the contract or specification, and the other values."""
    declared = declared_hyperparameters(subject)
    for entry in table if declared is not None else ():
        name = entry.name.value
        near = (
            closest(name, [one for one in declared or () if one not in table])
            if name not in (declared or ())
            else None
        )
        if near is not None:
            yield Declared("TRN410", entry.place, f"{name} of required_config{did_you_mean(near)}")
    for entry in table:
        agreed = agreed_value(subject, entry.name.value)
        value = entry.value
        if agreed is None or not isinstance(value, Scalar) or not is_literal(value):
            continue
        if differ(agreed, value):
            detail = f"{entry.name.value} is {agreed.value!r} in the step and {value.value!r} here"
            side = other_side(agreed, f"{entry.name.value}: {agreed.value!r}")
            yield Declared("TRN208", value.place, detail, (side,), BUILT_DIFFERS)


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
    passed = {name for created in builder.constructions() for name in created.arguments.names}
    if not all_closed(*(created.arguments for created in builder.constructions())):
        return
    accepted = {name for method in builder.family.methods() for name in method.parameters}
    known = own.names() | passed | accepted
    for entry in requirement.parameters or ():
        name = entry.name.value
        if name in known or any(not one.declares_no(name) for one in classes):
            continue
        if classes:
            near = closest(name, sorted(known.union(*(one.names() for one in classes))))
            hint = did_you_mean(near)
            yield Declared("TRN417", entry.place, f"{name} of {classes[0].name}, which is required{hint}")
        else:
            detail = f"{builder.name} has no {name}, which required_config asks for"
            yield Declared("TRN402", builder.place, detail)
