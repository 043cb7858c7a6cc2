"""TRN152: a contract output is never written by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Example
from training_alignment.comparisons.script_ports import unused
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class OutputNeverWritten(StepRule):
    """Reports an output of the contract that the script never writes."""

    code = "TRN152"
    severity = Severity.ERROR
    summary = "a contract output is never written by the script"
    why = """
        The job ends successfully with an empty output. The step that consumes the output fails, or continues without
        data.
    """
    fix = """
        Write the output, or remove it from the contract.
    """
    reported_when = (
        "no call of the script uses the output's path, a folder above it or a path below it, and no "
        "option or variable stands for it",
        "the working function never looks up the output's logical name, and nothing else in the script "
        "uses its path",
    )
    not_reported_when = (
        "a training script without logical names has the output `/opt/ml/model`: TRN104 reports a model "
        "that is never saved",
        "the script passes the dict of paths, or looks up unknown names, where the analysis cannot follow",
        "the script uses no logical names, and a call into an unknown library or an option without a "
        "default may lead to the output",
        "the path is unknown, or wrong for a training job (TRN214)",
    )
    missed = (
        "the script passes a folder above the output, such as `/opt/ml`, to any call: this counts as a "
        "use of all outputs below",
    )
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each output that is never written, at the contract's entry."""
        for found in unused(subject, "output"):
            yield self.at(subject, found.entry, found.detail, found.related)
