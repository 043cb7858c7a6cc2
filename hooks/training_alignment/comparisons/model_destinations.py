"""The S3 locations that a step declares for its model: in its contract, its flows and its builder."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Related
from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker.paths import MODEL_DIR, normal_path
from training_alignment.artefacts.tree import Scalar
from training_alignment.comparisons.built_values import built_job
from training_alignment.comparisons.disagreements import are_apart
from training_alignment.comparisons.flow_tables import ARTIFACT_FLOW, PIPELINE_FLOW, flow_tables
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side


class Destination(NamedTuple):
    """A location of the model, and the artefact that declares it."""

    location: Scalar
    owner: str


class OtherDestination(NamedTuple):
    """A destination that is apart from most others: where it is, the detail of the message, and the other side."""

    location: Scalar
    detail: str
    related: Related


def other_destinations(subject: StepUnderCheck) -> Iterator[OtherDestination]:
    """Yield the destinations that are apart from the one that most artefacts declare.

    If as many declare each of two, the contract's is the right one, or that of the first flow.
    """
    if not subject.is_training:
        return
    known = list(_destinations(subject))
    agreeing = [[other for other in known if not are_apart(one.location, other.location)] for one in known]
    together = max(agreeing, key=len, default=[])
    for one in known:
        if one not in together and together:
            most = together[0]
            detail = (
                f"{one.location.value!r} of the {one.owner}, and the {most.owner} has {most.location.value!r}"
            )
            yield OtherDestination(
                one.location, detail, other_side(most.location, f"the destination of the {most.owner}")
            )


def _destinations(subject: StepUnderCheck) -> Iterator[Destination]:
    """Yield the locations of the model that are written out, most certain first."""
    found = list(_declared(subject))
    yield from (one for one in found if _is_s3(one.location))
    if found:
        job = built_job(subject)
        path = job.argument("output_path") if job is not None else None
        if path is not None and _is_s3(path):
            yield Destination(path, "builder")


def _declared(subject: StepUnderCheck) -> Iterator[Destination]:
    for contract in subject.contracts[:1]:
        for entry in contract.outputs or ():
            path, location = entry.value.path, entry.value.location
            if path is not None and isinstance(path.value, str) and location is not None:
                if normal_path(path.value) == MODEL_DIR:
                    yield Destination(location, "contract")
    for flow in flow_tables(subject, PIPELINE_FLOW, ARTIFACT_FLOW):
        if flow.destination is not None:
            yield Destination(flow.destination, flow.subject)


def _is_s3(scalar: Scalar) -> bool:
    return isinstance(scalar.value, str) and scalar.value.startswith("s3://")
