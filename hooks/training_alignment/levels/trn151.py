"""TRN151: a contract input is never read by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.script_ports import unused
from training_alignment.levels.subject import StepSubject


class InputNeverRead(StepRule):
    """Reports an input of the contract that the script never reads."""

    code = "TRN151"
    severity = Severity.WARNING
    summary = "a contract input is never read by the script"
    why = """
        The input is downloaded before every job and read by nobody. Either it is a leftover, or the script reads
        something else in its place.
    """
    bad = Example(
        processing(
            contract=[
                (
                    "expected_input_paths={",
                    'expected_input_paths={\n            "schema": "/opt/ml/processing/input/schema",  # TRN151',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in unused(subject, "input"):
            yield self.at(subject, found.entry, found.detail, found.related)
