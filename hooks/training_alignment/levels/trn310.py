"""TRN310: the required permissions do not cover what the step does."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.base import StepRule
from training_alignment.levels.flow_tables import DEPENDENCIES, flow_tables
from training_alignment.levels.permissions import uncovered
from training_alignment.levels.pipeline_example import OPTIONS, flow
from training_alignment.levels.subject import StepSubject


class PermissionsDoNotCover(StepRule):
    """Reports an action in S3 that the step needs and its list of permissions does not allow."""

    code = "TRN310"
    severity = Severity.ERROR
    summary = "the required permissions do not cover what the step does"
    why = """
        SageMaker reads the channels of a job with `s3:GetObject` and stores its model with `s3:PutObject`, both by the
        role of the job. The list of `required_permissions` is what that role is made from; what it lacks, the job is
        refused: reading at its start, storing after the whole training has been paid for.

        `s3:*`, `s3:Get*` and the like cover what they match. A step without a list of permissions is not judged.
    """
    bad = Example(
        flow(
            [
                (
                    '"required_permissions": ["s3:GetObject", "s3:PutObject"],',
                    '"required_permissions": ["s3:GetObject"],  # TRN310',
                )
            ]
        ),
        options=OPTIONS,
    )
    good = Example(flow(), options=OPTIONS)
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",)

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding for each permission that is missing, at the list."""
        for table in flow_tables(subject, DEPENDENCIES):
            for where, detail in uncovered(subject, table):
                yield self.at(subject, where, detail)
