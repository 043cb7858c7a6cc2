"""TRN203: contract and specification give an input different types."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.port_parts import missing_types
from training_alignment.comparisons.port_types import disagreements
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import BOUND_ELSEWHERE, contract_and_specification
from training_alignment.rules.step_rule import StepRule


class InputTypesDiffer(StepRule):
    """Reports an input that has one type in the contract and another in the specification."""

    code = "TRN203"
    severity = Severity.ERROR
    summary = "the types of an input differ"
    why = """
        A training job takes its data as `TrainingInput`, a processing job as `ProcessingInput`. The builder constructs
        the input from what the artefacts declare. The SDK refuses an input of the wrong class when the pipeline is
        built.
    """
    fix = """
        Declare the same type on both sides.
    """
    reported_when = (
        "contract and specification declare different types for an input of the same name",
        "the specification lists bare words, such as `['TrainingInput']`, and neither the name nor the "
        "type of a typed input of the contract is among them",
        "the specification lists a type that no input of the contract has",
        "an input of a contract has no type, and the other ports of its side have one",
    )
    not_reported_when = (
        Condition(
            "one of the two types is unknown, or missing on every port of that side",
            suppressed={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n"),
                '"ProcessingInput",  # TRN203': "MORE,",
            },
            reported={
                "CHURN_TRAINING_SPEC = {\n": ("from pipeline.more import MORE\n\nCHURN_TRAINING_SPEC = {\n")
            },
        ),
        Condition(
            "the types differ in case, `-` or `_` only",
            suppressed={'"ProcessingInput",  # TRN203': '"training_input",'},
            reported={'"training_data": "TrainingInput",': '"training_data": "training_input",'},
        ),
        Condition(
            "one side declares a class of the SDK that takes any content (`TrainingInput`), the other a kind of "
            "artifact (`training_data`)",
            suppressed=Example(
                contract_and_specification(
                    specification=[(': "TrainingInput",', ': "training_data",')],
                )
            ),
            reported=Example(
                contract_and_specification(
                    contract=[('"type": "TrainingInput",', '"type": "training_data",')],
                    specification=[(': "TrainingInput",', ': "model_artifacts",  # TRN203')],
                )
            ),
        ),
        BOUND_ELSEWHERE,
    )
    bad = Example(
        contract_and_specification(
            specification=[
                ('"validation_data": "TrainingInput",', '"validation_data": "ProcessingInput",  # TRN203')
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for found in disagreements(subject, "input"):
            if found.kind == "type":
                yield self.at(subject, found.place, found.detail, found.related)
        for place, detail in missing_types(subject, "input"):
            yield self.at(subject, place, detail)
