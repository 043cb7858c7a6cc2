"""TRN312: a step type or name is not registered."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.pipeline_example import OPTIONS, pipeline
from training_alignment.levels.registered import unregistered
from training_alignment.levels.subject import StepSubject

_REGISTRY = """
    STEP_NAMES = {
        "Cleaning": {
            "builder_step_name": "CleaningStepBuilder",
            "spec_type": "Cleaning",
            "sagemaker_step_type": "Processing",
        },
        "ChurnTraining": {
            "builder_step_name": "ChurnTrainingStepBuilder",
            "spec_type": "ChurnTraining",
            "sagemaker_step_type": "Training",
        },
    }
"""


class StepNotRegistered(StepRule):
    """Reports a specification of a step that the repository's registry lacks, and a misspelt type of job."""

    code = "TRN312"
    severity = Severity.ERROR
    summary = "a step type or name is not registered"
    why = """
        Where a registry names the steps of a repository, pipelines look a step up in it: its specification, its
        builder, and what SageMaker runs for it. A step type that it lacks cannot be looked up; a specification that
        asks it for the name fails on import.

        It is said where most steps of the repository are registered. A type of job (`sagemaker_step_type`) of the
        user's own is none of this rule's business, a slip of a known one is.
    """
    bad = Example(
        {
            "registry/step_names.py": _REGISTRY,
            **pipeline([('step_type="ChurnTraining",', 'step_type="ChurnTrainning",  # TRN312')]),
        },
        options=OPTIONS,
    )
    good = Example({"registry/step_names.py": _REGISTRY, **pipeline()}, options=OPTIONS)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each name that the registry lacks."""
        for where, detail in unregistered(subject):
            yield self.at(subject, where, detail)
