"""TRN310: the required permissions do not cover what the step does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Place, Table, all_closed
from training_alignment.comparisons.flow_tables import DEPENDENCIES, PIPELINE_FLOW, flow_tables
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_pipeline import OPTIONS, flow
from training_alignment.rules.step_rule import StepRule


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
        Condition(
            "a wildcard such as `s3:*` or `s3:Get*` allows the action",
            suppressed={
                '"required_permissions": ["s3:GetObject"],  # TRN310': '"required_permissions": ["s3:*"],'
            },
            reported={
                '"required_permissions": ["s3:GetObject"],  # TRN310': '"required_permissions": ["s3:Get*"],  # TRN310'
            },
        ),
        Condition(
            "the step has no list of permissions, or it cannot be determined completely",
            suppressed={
                '"required_permissions": ["s3:GetObject"],  # TRN310': (
                    '"required_permissions": ["s3:GetObject", MORE],'
                ),
                "dependencies = {": "from pipeline.more import MORE\n\ndependencies = {",
            },
            reported={"dependencies = {": "from pipeline.more import MORE\n\ndependencies = {"},
        ),
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

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each missing permission, at the list."""
        for table in flow_tables(subject, DEPENDENCIES):
            for where, detail in uncovered(subject, table):
                yield self.at(subject, where, detail)


READ, WRITE = "s3:GetObject", "s3:PutObject"


def uncovered(subject: StepUnderCheck, flow: Flow) -> Iterator[tuple[Place, str]]:
    """Yield each action that the step needs and the flow's list of permissions does not allow, with its place."""
    listing = flow.required_permissions
    if listing is None or not all_closed(listing):
        return
    actions = [text.value for text in listing]
    for action, does in ((READ, _reads(subject, flow)), (WRITE, _writes(subject, flow))):
        if does and not _allowed(action, actions):
            near = closest(action, actions)
            place = next((text.place for text in listing if text.value == near), listing.place)
            hint = f"{near} for {action}" if near else f"{action} is missing"
            yield place, f"{hint}, the step {does}"


def _allowed(action: str, passed: Iterable[str]) -> bool:
    # Names of actions are matched whatever their case; * and ? are wildcards.
    return any(fnmatchcase(action.lower(), pattern.strip().lower()) for pattern in passed)


def _reads(subject: StepUnderCheck, flow: Flow) -> str:
    """Return why the step reads from S3; empty if nothing shows that it does."""
    if flow.input_artifacts is not None and flow.input_artifacts.items:
        return "takes input artifacts"
    if any(other.data_source is not None for other in flow_tables(subject, PIPELINE_FLOW)):
        return "has a data source"
    contract = subject.contract
    if contract is not None and _any_in(contract.inputs):
        return "has inputs"
    return "has inputs" if any(_any_in(s.dependencies) for s in subject.reading.specifications) else ""


def _writes(subject: StepUnderCheck, flow: Flow) -> str:
    """Return why the step writes to S3; empty if nothing shows that it does."""
    if any(other.destination is not None for other in flow_tables(subject)):
        return "stores its model"
    contract = subject.contract
    if contract is not None and _any_in(contract.outputs):
        return "has outputs"
    return "has outputs" if any(_any_in(s.outputs) for s in subject.reading.specifications) else ""


def _any_in(table: Table[Any] | None) -> bool:
    return table is not None and len(table) > 0
