"""TRN206: contract and specification give an output different types."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import contract_and_specification
from training_alignment.levels.port_types import disagreements
from training_alignment.levels.subject import StepSubject


class OutputTypesDiffer(StepRule):
    """Reports an output that has one type in the contract and another in the specification."""

    code = "TRN206"
    severity = Severity.ERROR
    summary = "contract and specification give an output different types"
    why = """
        A model artifact is a `model.tar.gz` that SageMaker makes of `/opt/ml/model`; a processing output is a folder.
        A later step that takes one for the other looks for files that are not there.
    """
    bad = Example(
        contract_and_specification(
            specification=[(': "model_artifacts",', ': "processing_output",  # TRN206')],
        )
    )
    good = Example(contract_and_specification())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in disagreements(subject, "output"):
            if found.kind == "type":
                yield self.at(subject, found.place, found.detail, found.related)
