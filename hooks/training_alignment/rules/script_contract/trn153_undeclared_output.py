"""TRN153: the script writes a path or logical output that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Example
from training_alignment.comparisons.script_ports import undeclared
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class WritesUndeclared(StepRule):
    """Reports an output that the script writes and the contract does not declare."""

    code = "TRN153"
    severity = Severity.ERROR
    summary = "the script writes a path or logical output that the contract does not declare"
    why = """
        SageMaker uploads only the declared outputs when a processing job ends, and a later step can use only these.
        Other files are lost with the instance. If the function looks the output up by its logical name, the script ends
        with `KeyError`.
    """
    fix = """
        Declare the output in the contract, or write to the declared one.
    """
    reported_when = (
        "the working function looks up a logical name in `output_paths` that no contract of the step has "
        "as an output",
        "a script without logical names writes to the model, output or checkpoint folder or below "
        "`/opt/ml/processing`, at a path that the contract does not have",
    )
    not_reported_when = (
        "the outputs of the contract are not stated, or cannot be determined completely",
        "the path lies in a declared path, or a declared path lies in it",
        "the path is not below `/opt/ml`: TRN112 reports a training output that SageMaker does not keep",
        "the script tests for the name before it uses it, and its `__main__` block never passes it",
        "the script uses no logical names, and its path or a path of the contract is unknown or wrong for "
        "a training job (TRN214)",
    )
    missed = (
        "a module that the script imports writes to the path: only the writes of the script's own file "
        "are compared by path",
    )
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each undeclared output, at its first use."""
        for found in undeclared(subject, "output"):
            yield self.in_script(subject, found.node, found.detail, found.related)
