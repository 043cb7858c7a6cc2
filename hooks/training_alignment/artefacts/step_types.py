"""Kinds of steps, from the words of registries and step files."""

from __future__ import annotations

from training_alignment.artefacts.model import StepKind

_KINDS = {kind.value.lower(): kind for kind in StepKind if kind not in (StepKind.OTHER, StepKind.UNKNOWN)}

JOB_TYPES = ("training", "validation", "testing", "calibration")
"""The job types of a step that has a specification for each."""


def kind_of_type(step_type: str) -> StepKind:
    """Return the kind that a SageMaker step type names (``Training``, ``TrainingStep``, ``training``); else OTHER.

    An empty string is UNKNOWN.
    """
    word = step_type.strip().lower().replace("_", "").replace("-", "")
    word = word.removesuffix("step").removesuffix("job")
    return _KINDS.get(word, StepKind.OTHER if word else StepKind.UNKNOWN)


def split_job_type(name: str) -> tuple[str, str]:
    """Return ``("RiskTableMapping", "training")`` for ``RiskTableMapping_Training``; the job type may be empty.

    Only a capitalised word after an underscore is a job type: ``xgboost_training`` and ``XGBoostTraining`` are names.
    """
    base, separator, last = name.rpartition("_")
    if separator and base[:1].isupper() and last[:1].isupper() and last.lower() in JOB_TYPES:
        return base, last.lower()
    return name, ""
