"""Kinds of steps, from the words that registries and step files use."""

from __future__ import annotations

from training_alignment.artefacts.model import StepKind

_KINDS = {kind.value.lower(): kind for kind in StepKind if kind not in (StepKind.OTHER, StepKind.UNKNOWN)}

JOB_TYPES = ("training", "validation", "testing", "calibration")
"""What a step is run for, where one step has a specification for each."""


def kind_of_type(text: str) -> StepKind:
    """The kind that a SageMaker step type names (``Training``, ``TrainingStep``, ``training``); else OTHER."""
    word = text.strip().lower().replace("_", "").replace("-", "")
    word = word.removesuffix("step").removesuffix("job")
    return _KINDS.get(word, StepKind.OTHER if word else StepKind.UNKNOWN)


def split_job_type(name: str) -> tuple[str, str]:
    """``RiskTableMapping_Training`` as ``("RiskTableMapping", "training")``; no job type as ``""``.

    Only a capital word behind an underscore is a job type: ``xgboost_training`` and ``XGBoostTraining`` are names.
    """
    base, separator, last = name.rpartition("_")
    if separator and base[:1].isupper() and last[:1].isupper() and last.lower() in JOB_TYPES:
        return base, last.lower()
    return name, ""
