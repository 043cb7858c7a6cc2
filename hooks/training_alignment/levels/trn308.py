"""TRN308: the model destination is missing or no S3 location."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.destinations import not_in_s3
from training_alignment.levels.flow_tables import ARTIFACT_FLOW, PIPELINE_FLOW, flow_tables, is_left_out
from training_alignment.levels.pipeline_example import OPTIONS, flow
from training_alignment.levels.subject import StepSubject


class ModelDestinationIsNoS3Location(StepRule):
    """Reports a flow that does not say where the model goes, or names a place that SageMaker cannot store it in."""

    code = "TRN308"
    severity = Severity.ERROR
    summary = "the model destination is missing or no S3 location"
    why = """
        SageMaker packs `/opt/ml/model` and stores the archive in S3; the instance and its disk are gone a minute
        later. CreateTrainingJob refuses an output location that is not of the form `s3://bucket/...`, and where none
        is stated the model goes to a default bucket in which nobody looks for it.

        A destination that is put together at run time is not judged.
    """
    bad = Example(
        flow(
            [
                (
                    '"model_destination": "s3://bucket/models/",',
                    '"model_destination": "s3:/bucket/models/",  # TRN308',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html",)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding at each destination that is none, or at a flow without one."""
        for table in flow_tables(subject, PIPELINE_FLOW, ARTIFACT_FLOW):
            key = "model_destination" if table.subject == PIPELINE_FLOW else "destination"
            if is_left_out(table, "model_destination", "destination"):
                yield self.at(subject, table.place, f"{table.subject} names no {key}")
            elif table.destination is not None and (wrong := not_in_s3(table.destination)):
                yield self.at(subject, table.destination, wrong)
