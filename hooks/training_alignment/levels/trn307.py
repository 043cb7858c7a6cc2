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
    """Reports `Outputs['name']` if the step has no output of that name, or if the path is another output's."""

    code = "TRN307"
    severity = Severity.ERROR
    between_steps = True
    summary = "a property path names an output that the producer does not have"
    why = """
        SageMaker looks up `ProcessingOutputConfig.Outputs['name']` by the name that the builder passes for the output,
        which is the logical name of the specification. A path with another name leads to no files, or to those of
        another output. SageMaker accepts the pipeline definition, and the execution fails at the step that reads the
        output.
    """
    fix = """
        Use the logical name of the output in its property path.
    """
    reported_when = (
        "the property path of an output names another output of the specification",
        "the property path of an output names no output of specification, contract or builder",
        "`data_source` of a `training_pipeline_flow` names an output that the step does not have",
    )
    not_reported_when = (
        "the path names no processing output, such as `ModelArtifacts.S3ModelArtifacts`",
        "the outputs of the specification or of the named step cannot be determined completely",
        "the builder constructs a `ProcessingOutput` with that `output_name`",
    )
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
        """Yield one finding at each path whose output does not exist or is another one."""
        for where, detail, related in missing_outputs(subject):
            yield self.at(subject, where, detail, related)
