"""Checks of one artefact that flake8 cannot make: YAML, JSON, and the kind of step.

The facts are those of ``flake8_training.sagemaker``; the rules are those that flake8 runs. The tables of estimators and
of a training job's folders are imported only for a step that trains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flake8_training.finding import Related
from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker.paths import TRAINING_FOLDERS
from training_alignment.artefacts.model import Contract, Format, Port, Specification, StepKind
from training_alignment.artefacts.tree import Place, Scalar, Table, is_empty
from training_alignment.comparisons.step_subject import StepUnderCheck

BUILT_DIFFERS = "the builder passes another value of a hyperparameter than its step declares"
"""The summary of a hyperparameter that is not the declared one."""
NAME_DIFFERS = "the builder gives its step another name than the specification"
"""The summary of a step's name that is not its specification's."""


class Declared(NamedTuple):
    """A problem of the rule ``code``, with its place, the detail of its message and the other sides.

    ``summary`` is one of the rule's other summaries, or empty.
    """

    code: str
    place: Place
    detail: str
    related: tuple[Related, ...] = ()
    summary: str = ""


def declared_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of the step's contracts, and of its specifications in YAML and JSON.

    Contracts and specifications in Python are included, because flake8 does not know the kind of step. A finding that
    flake8 and the commit hook share is reported once.
    """
    for specification in subject.reading.specifications:
        if not specification.path.endswith(".py"):
            yield from _aliases(specification)
        if specification.format is Format.TABLE and _starts_training(subject, specification):
            yield from _settings(specification)
            yield from _code_location(specification)
    if subject.is_training:
        for contract in subject.contracts:
            yield from _paths(contract)
    elif subject.kind is StepKind.PROCESSING:
        for contract in subject.contracts:
            yield from _paths_of_training(contract)


def _starts_training(subject: StepUnderCheck, specification: Specification) -> bool:
    """Return whether a specification must configure an estimator and its code.

    It is a training step's, or it configures an estimator and nothing shows another kind of step.
    """
    if subject.kind is StepKind.UNKNOWN:
        return specification.estimator is not None
    return subject.is_training and (subject.kind is StepKind.TRAINING or specification.estimator is not None)


def _aliases(specification: Specification) -> Iterator[Declared]:
    outputs = specification.outputs
    names = {entry.name.value.lower(): entry for entry in outputs or ()}
    for entry in outputs or ():
        for alias in entry.value.aliases or ():
            meant = names.get(alias.value.lower())
            if meant is not None:
                owner = "its own output" if meant is entry else f"the output {meant.name.value}"
                yield Declared("TRN215", alias.place, f"{alias.value} is the name of {owner}, take it out")


def _settings(specification: Specification) -> Iterator[Declared]:
    from flake8_training.sagemaker.estimator_settings import JUDGES, missing_settings

    estimator = specification.estimator
    if estimator is None:
        if specification.raw.closed:
            yield Declared("TRN210", _start(specification), "estimator_config is missing")
        return
    missing = missing_settings(estimator.names) if estimator.closed else ()
    if missing:
        key = specification.raw.entries.get("estimator_config") or specification.raw.entries.get("estimator")
        place = key.place if key is not None else estimator.place
        yield Declared("TRN210", place, f"{', '.join(missing)} missing")
    for entry in estimator:
        judge = JUDGES.get(entry.name.value)
        if judge is not None and isinstance(entry.value, Scalar) and entry.value.known:
            reason = judge(entry.value.value)
            if reason is not None:
                yield Declared("TRN211", entry.value.place, reason)


def _start(specification: Specification) -> Place:
    """Return the place where flake8 reports the whole of a specification too: the dict itself in Python."""
    return specification.raw.place if specification.path.endswith(".py") else specification.place


def _code_location(specification: Specification) -> Iterator[Declared]:
    from flake8_training.sagemaker.estimator_settings import CODE_LOCATIONS

    tables = [specification.raw, *([specification.estimator] if specification.estimator is not None else [])]
    if not all(table.closed for table in tables):
        return
    locations = [entry for table in tables for entry in table if entry.name.value in CODE_LOCATIONS]
    if not locations:
        yield Declared("TRN212", _start(specification), "add code_location")
    elif all(is_empty(entry.value) for entry in locations):
        yield Declared("TRN212", locations[0].place, f"{locations[0].name.value} is empty")


def _paths(contract: Contract) -> Iterator[Declared]:
    from flake8_training.sagemaker.contract_paths import judge_input, judge_output

    sides: tuple[tuple[Table[Port] | None, Callable[[str], str | None]], ...] = (
        (contract.inputs, judge_input),
        (contract.outputs, judge_output),
    )
    for table, judge in sides:
        for entry in table or ():
            path = entry.value.path
            reason = judge(path.value) if path is not None and isinstance(path.value, str) else None
            if path is not None and reason is not None:
                yield Declared("TRN214", path.place, f"{entry.name.value}: {reason}")


def _paths_of_training(contract: Contract) -> Iterator[Declared]:
    """Yield the paths in a processing step's contract that only a training job has."""
    for side, table in (("input", contract.inputs), ("output", contract.outputs)):
        for entry in table or ():
            path = entry.value.path
            if path is not None and isinstance(path.value, str) and path.value.startswith(TRAINING_FOLDERS):
                reason = f"{side} {path.value} is of training jobs, and this step is a processing job"
                yield Declared(
                    "TRN214", path.place, f"{entry.name.value}: {reason}, use /opt/ml/processing/{side}"
                )
