"""The steps that changed files affect, and the steps that depend on these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.tree import Scalar
from training_alignment.repository.folders import folder_of
from training_alignment.scan.name_forms import key, same, stem
from training_alignment.scan.related_files import Neighbours
from training_alignment.scan.required_files import Surroundings
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.step import Step, StepReading


class Selection(NamedTuple):
    """The steps of some files.

    ``steps`` have one of the files as a part, or use something from one. ``dependents`` name one of ``steps``, as the
    source of an input or as a consumer. ``discovery`` holds both, and the steps that ``steps`` name. Unless
    ``complete`` is True, it holds no other steps of the repository; except for ``steps``, it has then read only
    specifications and flows (`Step.partial`).
    """

    discovery: Discovery
    steps: tuple[Step, ...]
    dependents: tuple[Step, ...]
    complete: bool


def select(surroundings: Surroundings) -> Selection:
    """Return the steps of some files, reading no more of the repository than they need."""
    repository, configuration, index = surroundings.repository, surroundings.configuration, surroundings.index
    if surroundings.is_everything:
        discovery = Discovery(repository, configuration, index=index)
        return Selection(discovery, discovery.steps, (), complete=True)
    if surroundings.is_nothing:
        return Selection(Discovery(repository, configuration, index=index, only=()), (), (), complete=False)
    neighbours, reached, only = surroundings.neighbours, surroundings.reached, surroundings.artefacts
    discovery = Discovery(repository, configuration, index=index, only=only, naming=neighbours.naming)
    steps = steps_with(discovery, reached)
    if not steps:
        return Selection(discovery, (), (), complete=False)
    partly = (neighbours.mentioning(_names(steps)) | _sources(discovery, steps, neighbours)) - only
    if partly:
        discovery = Discovery(
            repository, configuration, index=index, only=only, partly=partly, naming=neighbours.naming
        )
        steps = steps_with(discovery, reached)
    return Selection(discovery, steps, dependents_of(discovery, steps), complete=False)


def steps_with(discovery: Discovery, files: Iterable[str]) -> tuple[Step, ...]:
    """Return the steps that have one of the files as a part, or would have it if it were not deleted."""
    files = set(files)
    deleted = [path for path in files if not discovery.repository.exists(path)]
    return tuple(
        step
        for step in discovery.steps
        if not files.isdisjoint(step.paths)
        or not files.isdisjoint(_inherited(discovery.read(step)))
        or any(_had_part(step, path) for path in deleted)
    )


def _inherited(reading: StepReading) -> Iterator[str]:
    """Yield the files of the base classes of a step's builder and configuration."""
    for owner in (reading.builder, reading.configuration):
        for body in owner.family.bodies[1:] if owner is not None else ():
            yield body.place.path


def _had_part(step: Step, path: str) -> bool:
    """Return whether a deleted file was a part of a step: its entry point, or a file with a matching name or folder."""
    entry = step.script.entry_point
    if (
        entry is not None
        and step.script.missing
        and entry.value.rpartition("/")[2] == path.rpartition("/")[2]
    ):
        return True
    name = key(stem(path))
    if not name:
        return any(folder_of(own) == folder_of(path) for own in step.paths)
    return same(key(step.name), name) or any(same(key(stem(own)), name) for own in step.paths)


def _names(steps: Iterable[Step]) -> set[str]:
    """Return the names by which other steps may refer to these steps."""
    return {step.name for step in steps}


def dependents_of(discovery: Discovery, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps that name one of ``steps``, as a source or as a consumer."""
    names = _names(steps)
    spellings = {key(name).text for name in names} - {""}
    return tuple(
        step
        for step in discovery.steps
        if step.name not in names
        and any(_refers_to(word, names, spellings) for word in named_steps(discovery.read(step)))
    )


def named_steps(reading: StepReading) -> Iterator[str]:
    """Yield the names of other steps in the specifications and flows of a step, as written."""
    for specification in reading.specifications:
        for dependency in specification.dependencies or ():
            for source in dependency.value.compatible_sources or ():
                yield source.value
    flows = [*reading.flows, *(flow for s in reading.specifications for flow in s.flows)]
    for flow in flows:
        for listing in (flow.upstream_steps, flow.downstream_consumers, flow.consumers):
            for item in listing or ():
                yield item.value
        for scalar in (flow.hyperparameter_source, flow.data_source):
            if isinstance(scalar, Scalar) and isinstance(scalar.value, str):
                yield scalar.value.partition(".properties")[0]


def _refers_to(word: str, names: set[str], spellings: set[str]) -> bool:
    """Return whether a name refers to one of the steps: exactly, with a job type appended, or in another spelling."""
    if word in names:
        return True
    base = word.replace("-", "_").rpartition("_")[0]
    if base in names:
        return True
    return key(word).text in spellings


def _sources(discovery: Discovery, steps: Iterable[Step], neighbours: Neighbours) -> set[str]:
    """Return the artefact files of the steps that ``steps`` name."""
    words = {word for step in steps for word in named_steps(discovery.read(step))}
    keys = [key(word) for word in words] + [key(word.replace("-", "_").rpartition("_")[0]) for word in words]
    return neighbours.named([one for one in keys if one])
