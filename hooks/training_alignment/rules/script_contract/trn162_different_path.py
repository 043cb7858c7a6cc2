"""TRN162: script and contract use the same logical name for different paths."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_ports import moved
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class LogicalNameMoved(StepRule):
    """Reports a logical name that has one path in the script and another in the contract."""

    code = "TRN162"
    severity = Severity.ERROR
    summary = "script and contract differ in a path"
    why = """
        SageMaker puts the input at the contract's path, and the script reads another one: it finds an empty folder, or
        none. SageMaker uploads the output from the contract's path, and the script writes elsewhere: the output is
        lost.
    """
    fix = """
        Use the path of the contract in the script.
    """
    reported_when = (
        "the call of the working function passes a path for a logical name that is not the path of any "
        "contract of the step",
        "it passes the path that the contract has under another name",
    )
    not_reported_when = (
        Condition(
            "the script's path lies below the contract's path",
            suppressed={
                '"/opt/ml/processing/input/raw"},  # TRN162': '"/opt/ml/processing/input/data/raw"},'
            },
            reported={
                '"/opt/ml/processing/input/raw"},  # TRN162': '"/opt/ml/processing/input/data_raw"},  # TRN162'
            },
        ),
        Condition(
            "the contract names a file, and the script its folder",
            suppressed={'"/opt/ml/processing/input/data",\n': '"/opt/ml/processing/input/raw/raw.csv",\n'},
            reported={'"/opt/ml/processing/input/data",\n': '"/opt/ml/processing/raw.csv",\n'},
        ),
        Condition(
            "one of the two paths is unknown",
            suppressed={'"/opt/ml/processing/input/raw"},  # TRN162': 'os.environ["RAW"]},'},
            reported={
                '"/opt/ml/processing/input/raw"},  # TRN162': (
                    '"/opt/ml/processing/input/raw"},  # TRN162\n        # os.environ["RAW"]'
                )
            },
        ),
    )
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each path that differs, at the script's entry."""
        for found in moved(subject):
            yield self.in_script(subject, found.node, found.detail, found.related)
