"""TRN203: contract and specification give an input different types."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import contract_and_specification
from training_alignment.levels.port_types import disagreements
from training_alignment.levels.subject import StepSubject


class InputTypesDiffer(StepRule):
    """Reports an input that has one type in the contract and another in the specification."""

    code = "TRN203"
    severity = Severity.ERROR
    summary = "contract and specification give an input different types"
    why = """
        A training job takes its data as `TrainingInput`, a processing job as `ProcessingInput`: the builder makes one
        or the other from what the artefacts say, and the SDK refuses the wrong one when the pipeline is put together.

        A specification may name its inputs with their types, or list the types alone: `["TrainingInput"]`.
    """
    bad = Example(
        contract_and_specification(
            specification=[
                ('"validation_data": "TrainingInput",', '"validation_data": "ProcessingInput",  # TRN203')
            ],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in disagreements(subject, "input"):
            if found.kind == "type":
                yield self.at(subject, found.place, found.detail, found.related)
