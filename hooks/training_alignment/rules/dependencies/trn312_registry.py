"""TRN312: a step type or name is not registered."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.model import StepKind, Text
from training_alignment.artefacts.step_types import split_job_type
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, pipeline
from training_alignment.rules.step_rule import StepRule

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
    """Reports a specification whose step the repository's registry lacks, and a misspelled type of step."""

    code = "TRN312"
    severity = Severity.ERROR
    summary = "a step type or name is not registered"
    why = """
        A pipeline looks a step up in the registry: its specification, its builder and what SageMaker runs for it. It
        cannot find a step type that the registry lacks. A specification that takes its name from the registry fails
        when it is imported.
    """
    fix = """
        Register the step, or use the registered name in the specification.
    """
    reported_when = (
        "the name or type of a specification's step is in no registry of the repository",
        "`sagemaker_step_type` of a registration is a misspelling of a type that SageMaker has",
    )
    not_reported_when = (
        Condition(
            "the repository has no registry, or fewer than half of its specifications are registered",
            suppressed={
                "STEP_NAMES = {": "OTHERS = {",
                '"spec_type"': '"kind"',
                '"builder_step_name"': '"b"',
                '"sagemaker_step_type"': '"s"',
            },
            reported={"STEP_NAMES = {": "OTHERS = {}\nSTEP_NAMES = {"},
        ),
        Condition(
            "`sagemaker_step_type` is a type of the project's own, with no similar name",
            suppressed={
                '"sagemaker_step_type": "Training",': '"sagemaker_step_type": "QualityGate",',
                'ChurnTrainning",  # TRN312': 'ChurnTraining",',
            },
            reported={
                '"sagemaker_step_type": "Training",': '"sagemaker_step_type": "Trainning",  # TRN312',
                'ChurnTrainning",  # TRN312': 'ChurnTraining",',
            },
        ),
        Condition(
            "the specification takes its name from an expression whose value is unknown",
            suppressed={
                'step_type="ChurnTrainning",  # TRN312': "step_type=MORE,",
                "CHURN_TRAINING_SPEC =": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC ="),
            },
            reported={"CHURN_TRAINING_SPEC =": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC =")},
        ),
    )
    bad = Example(
        {
            "registry/step_names.py": _REGISTRY,
            **pipeline([('step_type="ChurnTraining",', 'step_type="ChurnTrainning",  # TRN312')]),
        },
        options=OPTIONS,
    )
    good = Example({"registry/step_names.py": _REGISTRY, **pipeline()}, options=OPTIONS)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at each name that the registry lacks."""
        for where, detail in unregistered(subject):
            yield self.at(subject, where, detail)


_TYPES = tuple(kind.value for kind in StepKind if kind not in (StepKind.OTHER, StepKind.UNKNOWN))


def unregistered(subject: StepUnderCheck) -> Iterator[tuple[Text, str]]:
    """Yield each name or type that is not registered, with what is wrong with it."""
    graph = subject.repository.graph
    if graph.registered:
        for specification in subject.reading.specifications:
            named, base = specification.step_name, specification.base_name
            if named is None or not base:
                note_unknown(Reason.COMPUTED, specification.place, what="step name", weak=True)
                continue
            if {named.value, base} & graph.elsewhere:
                continue
            near = closest(base, sorted(graph.elsewhere))
            yield named, f"{base}{did_you_mean(near)}"
    registration = subject.step.registration
    stated = registration.sagemaker_type if registration is not None else None
    if stated is not None and registration is not None and registration.kind is StepKind.OTHER:
        near = closest(split_job_type(stated.value)[0], [name for t in _TYPES for name in (t, f"{t}Step")])
        if near is not None:
            yield stated, f"{stated.value}{did_you_mean(near)}"
