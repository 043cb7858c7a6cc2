"""Compares the values that a builder passes to its job with those that its contract and specification declare.

In scope are builders with one estimator, and values that are constants on both sides. A value that the builder takes
from its configuration is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.sagemaker.constraints import STEP_NAME
from flake8_training.sagemaker.estimator_settings import JUDGES
from flake8_training.sagemaker.paths import INPUT_DATA_DIR
from flake8_training.spelling import closest, did_you_mean, same_name
from training_alignment.artefacts.model import Contract, Format, Specification
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Located, Node, Place, Scalar, Table, all_closed
from training_alignment.comparisons.declared_checks import BUILT_DIFFERS, NAME_DIFFERS, Declared
from training_alignment.comparisons.disagreements import are_apart, differ, is_literal
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.requirements import needed

if TYPE_CHECKING:
    from flake8_training.launcher.located_expressions import Argument, LocatedExpression
    from flake8_training.launcher.sdk_objects import Estimator, Job, SdkObject

_SETTINGS = {
    "instance_type": ("instance_type",),
    "instance_count": ("instance_count",),
    "volume_size": ("volume_size_in_gb", "volume_size", "volume_size_gb"),
    "max_run": ("max_run", "max_run_in_seconds", "max_runtime_in_seconds", "max_runtime"),
}
"""The keys of an ``estimator_config`` for each argument of an estimator (SDK v2)."""

_LONGEST = 80
_CHANNELS = f"{INPUT_DATA_DIR}/"


class BuiltJob:
    """The one job that a builder of a step constructs, with its constants."""

    def __init__(self, subject: StepUnderCheck, job: Job) -> None:
        self._subject = subject
        self._job = job
        self._estimator: Estimator = job.estimator

    def argument(self, name: str) -> Scalar | None:
        """Return the constant that the estimator receives under a name, or None."""
        return self._constant(self._estimator, name)

    @cached_property
    def step_name(self) -> Scalar | None:
        """Return the name of the step, or None if it is unknown."""
        step = self._job.step
        return self._constant(step, "name") if step is not None else None

    def hyperparameters(self) -> Iterator[tuple[Located[str], Scalar | None]]:
        """Yield the hyperparameters that the job certainly has, each with its constant or None."""
        for entry in self._estimator.hyperparameters:
            if entry.certain and not entry.taken_out and not entry.replaceable:
                place = self._place(self._estimator.launcher.report_node(entry, self._estimator))
                constant = None if entry.encoding else self._scalar(entry.expression, self._estimator)
                yield Located(entry.name, place), constant

    def locations(self) -> Iterator[tuple[str, Scalar]]:
        """Yield the channels with the constant location of their data."""
        launcher = self._estimator.launcher
        for channel in self._job.channels.entries:
            if channel.expression is None or not channel.certain or channel.origin == "model":
                continue
            objects = launcher.constructions_in(channel.expression)
            if len(objects) == 1 and len(channel.expression.values) == 1:
                found = self._constant(objects[0], "s3_data")
            else:
                found = self._scalar(channel.expression, self._estimator)
            if found is not None:
                yield channel.name, found

    def _constant(self, sdk_object: SdkObject, name: str) -> Scalar | None:
        argument: Argument | None = sdk_object.get(name)
        if argument is None or name in sdk_object.overridden or not argument.certain or argument.replaceable:
            return None
        return self._scalar(argument.expression, sdk_object)

    def _scalar(self, expression: LocatedExpression, sdk_object: SdkObject) -> Scalar | None:
        value = expression.constant
        if not isinstance(value, str | int | float):
            return None
        node = self._estimator.launcher.literal(expression, value, sdk_object.node)
        return Scalar(value, self._place(node))

    def _place(self, node: object) -> Place:
        builder = self._subject.reading.builder
        assert builder is not None
        source = self._subject.repository.discovery.repository.source(builder.path)
        return source.place(node)  # type: ignore[arg-type]


def built_job(subject: StepUnderCheck) -> BuiltJob | None:
    """Return the job that the step's builder constructs; None if it is unknown, or one of several."""
    builder = subject.reading.builder
    if builder is None or not subject.is_training:
        return None
    repository = subject.repository.discovery.repository
    try:
        launcher = repository.programs.launcher(builder.path)
        node = repository.source(builder.path).classes.get(builder.name)
    except ReadError:
        return None
    if node is None:
        return None
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    jobs = [job for job in launcher.jobs if job.estimator.node.lineno in lines and job.tuner is None]
    estimators = {id(one.node) for one in launcher.estimators if one.node.lineno in lines}
    if len(jobs) != 1 or len(estimators) != 1 or jobs[0].estimator.is_trainer:
        return None
    return BuiltJob(subject, jobs[0])


def built_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN208, TRN211, TRN410, TRN412 and TRN418 in the values of a builder's job."""
    contract, specification = _declaring(subject)
    if contract is None and specification is None:
        return
    job = built_job(subject)
    if job is None:
        return
    yield from _hyperparameters(subject, job)
    yield from _settings(subject, job)
    if contract is not None:
        yield from _locations(job, contract)
    if specification is not None:
        yield from _step_name(job, specification)


def _declaring(subject: StepUnderCheck) -> tuple[Contract | None, Specification | None]:
    """Return the step's contract and specification if they are tables; None for each if there are several."""
    contracts = [one for one in subject.contracts if one.format is Format.TABLE]
    specifications = [one for one in subject.reading.specifications if one.format is Format.TABLE]
    if len(contracts) > 1 or len(specifications) > 1:
        return None, None
    return next(iter(contracts), None), next(iter(specifications), None)


def _tables(subject: StepUnderCheck) -> list[Table[Node]]:
    """Return the tables of hyperparameters that contract and specification declare, the contract's first."""
    found = [one.hyperparameters for one in _declaring(subject) if one is not None]
    return [table for table in found if table is not None]


def agreed_value(subject: StepUnderCheck, name: str) -> Scalar | None:
    """Return the value of a hyperparameter in contract and specification; None if it is unknown or they differ."""
    found = [node for table in _tables(subject) if (node := table.get(name)) is not None]
    scalars = [node for node in found if isinstance(node, Scalar) and is_literal(node)]
    if not scalars or len(scalars) < len(found) or any(differ(scalars[0], one) for one in scalars):
        return None
    return scalars[0]


def _hyperparameters(subject: StepUnderCheck, job: BuiltJob) -> Iterator[Declared]:
    declaring = _tables(subject)
    passed = list(job.hyperparameters())
    names = {name.value for name, _ in passed}
    for name, value in passed:
        if not any(name.value in table for table in declaring):
            if _may_misspell(subject, name.value):
                yield from _misspelt(name, names, declaring)
            continue
        declared = agreed_value(subject, name.value)
        if value is not None and declared is not None and differ(declared, value):
            detail = f"{name.value} is {_shown(declared)} in the step and {_shown(value)} here"
            side = other_side(declared, f"{name.value}: {declared.value!r}")
            yield Declared("TRN208", value.place, detail, (side,), BUILT_DIFFERS)


def _may_misspell(subject: StepUnderCheck, name: str) -> bool:
    """Return whether the script takes the hyperparameters as a whole, and its framework needs none of this name.

    The hyperparameters of any other script are compared with what it reads.
    """
    reads = subject.hyperparameters
    if reads is not None and not reads.open and subject.script is not None:
        return False
    contract = subject.contract
    framework = contract.framework.value if contract is not None and contract.framework is not None else None
    return not any(same_name(name, one) for one in needed(str(framework)))


def _shown(value: Scalar) -> str:
    """Return a value as a message quotes it."""
    quoted = repr(value.value)
    return quoted if len(quoted) <= _LONGEST else f"{quoted[:_LONGEST]}..."


def _misspelt(name: Located[str], passed: set[str], declaring: list[Table[Node]]) -> Iterator[Declared]:
    """Yield a passed name that misspells a declared hyperparameter, which the builder does not pass."""
    if not declaring or not all_closed(*declaring):
        return
    declared = {one: entry for table in declaring for one, entry in table.entries.items()}
    near = closest(name.value, [one for one in declared if one not in passed])
    if near is not None and not any(same_name(name.value, one) for one in declared):
        side = other_side(declared[near], f"{near} is declared")
        yield Declared("TRN410", name.place, f"{name.value!r}{did_you_mean(near)}", (side,))


def _settings(subject: StepUnderCheck, job: BuiltJob) -> Iterator[Declared]:
    for argument in _SETTINGS:
        value, declared = job.argument(argument), declared_setting(subject, argument)
        can_be = value is not None and JUDGES[argument](value.value) is None
        if value is not None and can_be and declared is not None and differ(declared, value):
            detail = f"{argument} is {declared.value!r} in the specification and {value.value!r} here"
            side = other_side(declared, f"{argument}: {declared.value!r}")
            yield Declared("TRN211", value.place, detail, (side,))


def declared_setting(subject: StepUnderCheck, argument: str) -> Scalar | None:
    """Return the specification's value for an argument of the estimator; None if it is unknown or cannot be right."""
    _, specification = _declaring(subject)
    table = specification.estimator if specification is not None else None
    for key in _SETTINGS.get(argument, ()):
        node = table.get(key) if table is not None else None
        if isinstance(node, Scalar) and is_literal(node) and JUDGES[key](node.value) is None:
            return node if is_setting(node) else None
    return None


def is_setting(scalar: Scalar) -> bool:
    """Return whether a value is a number or an instance type, and no name of a parameter."""
    return isinstance(scalar.value, int) or str(scalar.value).startswith("ml.")


def _locations(job: BuiltJob, contract: Contract) -> Iterator[Declared]:
    declared = {
        path.value.rstrip("/").removeprefix(_CHANNELS): (entry.value.location, entry.name.value)
        for entry in contract.inputs or ()
        if (path := entry.value.path) is not None
        and isinstance(path.value, str)
        and path.value.startswith(_CHANNELS)
    }
    for channel, value in job.locations():
        location, name = declared.get(channel, (None, ""))
        if location is not None and are_apart(location, value):
            detail = (
                f"channel {channel} has {_shown(value)}, and {name} of the contract is {_shown(location)}"
            )
            yield Declared("TRN412", value.place, detail, (other_side(location, f"the source of {name}"),))


def _step_name(job: BuiltJob, specification: Specification) -> Iterator[Declared]:
    stated, built = specification.step_name, job.step_name
    if stated is None or built is None or not isinstance(built.value, str) or not is_literal(built):
        return
    if not STEP_NAME.fullmatch(built.value):
        return  # TRN404 reports it
    if not same_name(_without_ending(stated.value), _without_ending(built.value)):
        side = other_side(stated, f"the step's name {stated.value}")
        detail = f"{built.value!r}, and the specification is of {stated.value!r}"
        yield Declared("TRN418", built.place, detail, (side,), NAME_DIFFERS)


def _without_ending(name: str) -> str:
    for ending in ("-step", "_step", "Step"):
        name = name.removesuffix(ending)
    return name
