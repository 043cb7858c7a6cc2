"""What a step does in S3, and whether a list of IAM actions allows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from flake8_training.sagemaker.near import nearest
from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Place, Table
from training_alignment.levels.flow_tables import PIPELINE_FLOW, flow_tables
from training_alignment.levels.subject import StepSubject

READ, WRITE = "s3:GetObject", "s3:PutObject"


def uncovered(subject: StepSubject, flow: Flow) -> Iterator[tuple[Place, str]]:
    """Yield each action that the step needs and the flow's list of permissions does not allow, with its place."""
    listing = flow.required_permissions
    if listing is None or not listing.closed:
        return
    actions = [text.value for text in listing]
    for action, does in ((READ, _reads(subject, flow)), (WRITE, _writes(subject, flow))):
        if does and not _allowed(action, actions):
            near = nearest(action, actions)
            place = next((text.place for text in listing if text.value == near), listing.place)
            hint = f"{near} for {action}" if near else f"{action} is missing"
            yield place, f"{hint}, the step {does}"


def _allowed(action: str, given: Iterable[str]) -> bool:
    # Names of actions are matched whatever their case; * and ? are wildcards.
    return any(fnmatchcase(action.lower(), pattern.strip().lower()) for pattern in given)


def _reads(subject: StepSubject, flow: Flow) -> str:
    """Why the step reads from S3; empty where nothing says so."""
    if flow.input_artifacts is not None and flow.input_artifacts.items:
        return "takes input artifacts"
    if any(other.data_source is not None for other in flow_tables(subject, PIPELINE_FLOW)):
        return "has a data source"
    contract = subject.contract
    if contract is not None and _any_in(contract.inputs):
        return "has inputs"
    return "has inputs" if any(_any_in(s.dependencies) for s in subject.reading.specifications) else ""


def _writes(subject: StepSubject, flow: Flow) -> str:
    """Why the step writes to S3; empty where nothing says so."""
    if any(other.destination is not None for other in flow_tables(subject)):
        return "stores its model"
    contract = subject.contract
    if contract is not None and _any_in(contract.outputs):
        return "has outputs"
    return "has outputs" if any(_any_in(s.outputs) for s in subject.reading.specifications) else ""


def _any_in(table: Table[Any] | None) -> bool:
    return table is not None and len(table) > 0
