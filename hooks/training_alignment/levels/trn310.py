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
        SageMaker reads the channels of a job with `s3:GetObject` and stores its model with `s3:PutObject`, both with
        the role of the job. If the role is created from `required_permissions`, SageMaker gets `AccessDenied` for an
        action that the list lacks. A read fails when the job starts, a write fails after the whole training.
    """
    fix = """
        Add the action to `required_permissions`.
    """
    reported_when = (
        "the list lacks `s3:GetObject`, and the step has inputs, input artifacts or a `data_source`",
        "the list lacks `s3:PutObject`, and the step has outputs or a destination of its model",
    )
    not_reported_when = (
        "a wildcard such as `s3:*` or `s3:Get*` allows the action",
        "the step has no list of permissions, or it cannot be determined completely",
    )
    missed = ("the table of dependencies has no `required_permissions`",)
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
        """Yield one finding for each missing permission, at the list."""
        for table in flow_tables(subject, DEPENDENCIES):
            for where, detail in uncovered(subject, table):
                yield self.at(subject, where, detail)
