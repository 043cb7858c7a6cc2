"""Kinds of steps, from the words of registries, step files and specifications."""

from __future__ import annotations

from flake8_training.sagemaker.artifact_types import job_of_type as job_of_class
from flake8_training.sagemaker.properties import STEP_CLASSES
from training_alignment.artefacts.model import Format, StepKind, Text
from training_alignment.artefacts.sections import first
from training_alignment.artefacts.tree import Node, Table, is_absent, text_of

_KINDS = {kind.value.lower(): kind for kind in StepKind if kind not in (StepKind.OTHER, StepKind.UNKNOWN)}

KIND_OF_CLASS = {
    "TrainingStep": StepKind.TRAINING,
    "ProcessingStep": StepKind.PROCESSING,
    "TransformStep": StepKind.TRANSFORM,
    "TuningStep": StepKind.TUNING,
    "CreateModelStep": StepKind.CREATE_MODEL,
    "ModelStep": StepKind.CREATE_MODEL,
    "LambdaStep": StepKind.LAMBDA,
    "RegisterModel": StepKind.REGISTER_MODEL,
}
"""The classes of steps of the SDK whose kind is one of SageMaker's jobs.

``ModelStep`` also registers models: its kind is that of what it most often does.
"""

SDK_STEPS = frozenset(
    {*STEP_CLASSES, *KIND_OF_CLASS}
    | {"CallbackStep", "EMRServerlessStep", "EMRStep", "FailStep", "MonitorBatchTransformStep"}
)
"""The classes of steps of the SDK (sagemaker 2.257, ``sagemaker.workflow``)."""

JOB_TYPES = ("training", "validation", "testing", "calibration")
"""The job types of a step that has a specification for each."""


def kind_of_type(step_type: str) -> StepKind:
    """Return the kind that a SageMaker step type names (``Training``, ``TrainingStep``, ``training``); else OTHER.

    An empty string is UNKNOWN.
    """
    if step_type in KIND_OF_CLASS:
        return KIND_OF_CLASS[step_type]
    word = step_type.strip().lower().replace("_", "").replace("-", "")
    word = word.removesuffix("step").removesuffix("job")
    return _KINDS.get(word, StepKind.OTHER if word else StepKind.UNKNOWN)


def job_of_type(word: str) -> StepKind | None:
    """Return the kind of step that a type of an input or output shows (``ProcessingInput``); None for another word."""
    job = job_of_class(word)
    return StepKind(job) if job is not None else None


def is_kind_of_step(step_type: str) -> bool:
    """Return whether a step type names a class or kind of SageMaker's steps rather than one step."""
    return step_type in SDK_STEPS or kind_of_type(step_type) not in (StepKind.OTHER, StepKind.UNKNOWN)


def split_job_type(name: str) -> tuple[str, str]:
    """Return ``("RiskTableMapping", "training")`` for ``RiskTableMapping_Training``; the job type may be empty.

    Only a capitalised word after an underscore is a job type: ``xgboost_training`` and ``XGBoostTraining`` are names.
    """
    base, separator, last = name.rpartition("_")
    if separator and base[:1].isupper() and last[:1].isupper() and last.lower() in JOB_TYPES:
        return base, last.lower()
    return name, ""


def names_of(table: Table[Node], form: Format) -> tuple[Node | None, Text | None]:
    """Return the name of the step that a table declares, and the kind of step; either is None if not declared.

    ``step_type`` is a name in registries and in classes of specifications (``ChurnTraining``). In other tables it may
    be a class of the SDK (``TrainingStep``), which says the kind: then ``step_name`` or ``name`` is the name.
    """
    step_type, name = table.get("step_type"), first(table, "step_name", "name")
    kind = text_of(step_type)
    if kind is not None and is_kind_of_step(kind.value) and (not is_absent(name) or form is Format.TABLE):
        return name, kind
    return (step_type if step_type is not None else name), None
