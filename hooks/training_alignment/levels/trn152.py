"""TRN152: a contract output is never written by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.script_ports import unused
from training_alignment.levels.subject import StepSubject


class OutputNeverWritten(StepRule):
    """Reports an output of the contract that the script never writes."""

    code = "TRN152"
    severity = Severity.ERROR
    summary = "a contract output is never written by the script"
    why = """
        The job ends green with an empty output, and the step that is connected to it fails, or goes on with nothing.

        That a training script never saves its model is said by a rule of its own.
    """
    bad = Example(
        processing(
            contract=[
                (
                    "expected_output_paths={",
                    'expected_output_paths={\n            "report": "/opt/ml/processing/report",  # TRN152',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in unused(subject, "output"):
            yield self.at(subject, found.entry, found.detail, found.related)
