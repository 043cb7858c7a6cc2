"""TRN307: a property path names an output that the producer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.named_outputs import missing_outputs
from training_alignment.levels.pipeline_example import OPTIONS, pipeline
from training_alignment.levels.subject import StepSubject


class OutputOfPropertyPathDoesNotExist(StepRule):
    """Reports ``Outputs['name']`` where the step has no output of that name, or where another output is meant."""

    code = "TRN307"
    severity = Severity.ERROR
    between_steps = True
    summary = "a property path names an output that the producer does not have"
    why = """
        `ProcessingOutputConfig.Outputs['name']` is looked up by the name that the builder gives the output, which is
        the logical name of the specification. Another name leads nowhere, or to the files of another output: the
        pipeline definition is accepted, and the execution fails when it comes to the step that reads it.
    """
    bad = Example(
        pipeline(
            producer=[
                ("Outputs['clean_data'].S3Output.S3Uri\",", "Outputs['cleaned'].S3Output.S3Uri\",  # TRN307"),
            ]
        ),
        options=OPTIONS,
    )
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each path whose output is not there."""
        for where, detail, related in missing_outputs(subject):
            yield self.at(subject, where, detail, related)
