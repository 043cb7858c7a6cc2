"""Names of steps and types of jobs against the registry."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.sagemaker.near import nearest
from training_alignment.artefacts.kinds import split_job_type
from training_alignment.artefacts.model import StepKind, Text
from training_alignment.levels.subject import StepSubject

_TYPES = tuple(kind.value for kind in StepKind if kind not in (StepKind.OTHER, StepKind.UNKNOWN))


def unregistered(subject: StepSubject) -> Iterator[tuple[Text, str]]:
    """Yield each name or type that is not registered, with what is wrong with it."""
    graph = subject.repository.graph
    if graph.registered:
        for specification in subject.reading.specifications:
            named, base = specification.step_name, specification.base_name
            if named is None or not base or {named.value, base} & graph.elsewhere:
                continue
            near = nearest(base, sorted(graph.elsewhere))
            yield named, f"{base}{f', did you mean {near}?' if near else ''}"
    registration = subject.step.registration
    stated = registration.sagemaker_type if registration is not None else None
    if stated is not None and registration is not None and registration.kind is StepKind.OTHER:
        near = nearest(split_job_type(stated.value)[0], [name for t in _TYPES for name in (t, f"{t}Step")])
        if near is not None:
            yield stated, f"{stated.value}, did you mean {near}?"
