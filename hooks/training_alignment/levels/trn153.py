"""TRN153: the script writes a path or logical output that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.script_ports import undeclared
from training_alignment.levels.subject import StepSubject


class WritesUndeclared(StepRule):
    """Reports an output that the script writes and its contract does not have."""

    code = "TRN153"
    severity = Severity.ERROR
    summary = "the script writes a path or logical output that the contract does not declare"
    why = """
        Only declared outputs are uploaded when a processing job ends, and only they can be connected to a later step:
        what is written elsewhere is gone with the instance. A working function that is given its outputs by name ends
        with a KeyError.
    """
    bad = Example(
        processing(
            script=[
                (
                    'output_paths["clean_data"], name), index=False)',
                    'output_paths["cleaned_data"], name), index=False)  # TRN153',
                ),
                ('output_paths={"clean_data"', 'output_paths={"cleaned_data"'),
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in undeclared(subject, "output"):
            yield self.in_script(subject, found.node, found.detail, found.related)
