"""TRN206: contract and specification give an output different types."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.port_parts import missing_types
from training_alignment.comparisons.port_types import disagreements
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class OutputTypesDiffer(StepRule):
    """Reports an output that has one type in the contract and another in the specification."""

    code = "TRN206"
    severity = Severity.ERROR
    summary = "the types of an output differ"
    why = """
        A model artifact is the archive `model.tar.gz` that SageMaker packs from `/opt/ml/model`. A processing output is
        a folder. A later step that expects one and receives the other looks for files that do not exist.
    """
    fix = """
        Declare the same type on both sides.
    """
    reported_when = (
        "contract and specification declare different types for an output of the same name",
        "the contract of a training step has an output without a type at `/opt/ml/model`, and the "
        "specification does not declare it as `model_artifacts`",
        "the specification lists a type that no output of the contract has",
        "the specification lists a word that is neither the name nor the type of an output, while it does "
        "not list an output with a type",
        "an output of a contract has no type, and the other ports of its side have one, or for a single output "
        "all inputs",
    )
    not_reported_when = (
        Condition(
            "one of the two types is unknown, or missing on every port of that side",
            suppressed={
                "CHURN_TRAINING_SPEC = {\n": "from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n",
                '"processing_output",  # TRN206': "MORE,",
            },
            reported={
                "CHURN_TRAINING_SPEC = {\n": "from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n"
            },
        ),
        Condition(
            "the types differ in case, `-` or `_` only",
            suppressed={'"processing_output",  # TRN206': '"Model-Artifacts",'},
            reported={'"processing_output",  # TRN206': '"model_artifact_reports",  # TRN206'},
        ),
        Condition(
            "one side declares a class of the SDK, the other a kind of artifact that it may hold: "
            "`ProcessingOutput` in a processing step, or beside `processing_output`",
            suppressed=Example(
                contract_and_specification(
                    contract=[('"type": "model_artifacts",', '"type": "processing_output",')],
                    specification=[(': "model_artifacts",', ': "ProcessingOutput",')],
                )
            ),
            reported=Example(
                contract_and_specification(
                    specification=[(': "model_artifacts",', ': "ProcessingOutput",  # TRN206')],
                )
            ),
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            specification=[(': "model_artifacts",', ': "processing_output",  # TRN206')],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for found in disagreements(subject, "output"):
            if found.kind == "type":
                yield self.at(subject, found.place, found.detail, found.related)
        for place, detail in missing_types(subject, "output"):
            yield self.at(subject, place, detail)
