"""TRN162: script and contract use the same logical name for different paths."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.script_ports import moved
from training_alignment.levels.subject import StepSubject


class LogicalNameMoved(StepRule):
    """Reports a logical name that stands for one path in the script and for another in the contract."""

    code = "TRN162"
    severity = Severity.ERROR
    summary = "script and contract use the same logical name for different paths"
    why = """
        SageMaker puts the input where the contract says, and the script looks where it says itself: an empty folder,
        or none. An output is written where nobody uploads it.

        A path below the contract's, or the folder of a file that the contract names, is no disagreement.
    """
    bad = Example(
        processing(
            script=[
                (
                    'input_paths={"raw_data": "/opt/ml/processing/input/data"},',
                    'input_paths={"raw_data": "/opt/ml/processing/input/raw"},  # TRN162',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for found in moved(subject):
            yield self.in_script(subject, found.node, found.detail, found.related)
