"""TRN150: the script reads a path or logical input that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.script_ports import undeclared
from training_alignment.levels.subject import StepSubject


class ReadsUndeclared(StepRule):
    """Reports an input that the script reads and its contract does not have."""

    code = "TRN150"
    severity = Severity.ERROR
    summary = "the script reads a path or logical input that the contract does not declare"
    why = """
        What the contract does not declare, nobody delivers: the specification has no dependency for it, the builder
        no channel. The script ends with a KeyError or an empty folder, minutes after the job was started.

        A script that works with logical names (`input_paths["training_data"]`) is compared by the names, any other by
        the paths that it reads. SageMaker's own files (`/opt/ml/input/config`, `/opt/ml/code`) need no declaration.
    """
    bad = Example(
        processing(
            script=[
                ('input_paths["raw_data"], "raw.csv"))', 'input_paths["data"], "raw.csv"))  # TRN150'),
                ('input_paths={"raw_data"', 'input_paths={"data"'),
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in undeclared(subject, "input"):
            yield self.in_script(subject, found.node, found.detail, found.related)
