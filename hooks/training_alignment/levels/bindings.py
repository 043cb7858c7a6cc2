"""Which steps' specifications and contracts a builder is bound to."""

from __future__ import annotations

from collections.abc import Iterator

from training_alignment.artefacts.model import Bound
from training_alignment.artefacts.tree import Place
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.step import Role, Step


def strange_bindings(subject: StepSubject) -> Iterator[tuple[Place, str]]:
    """Yield where a builder is bound to what is another step's, though its own step has the same.

    Its specification may be, too: a builder has the contract of its specification.
    """
    yield from _by_specification(subject)
    builder = subject.reading.builder
    if builder is None:
        return
    for role, bounds in ((Role.SPECIFICATION, builder.specifications), (Role.CONTRACT, builder.contracts)):
        own = subject.step.of(role)
        if not own or any(_is_of(subject.step, role, bound) for bound in bounds):
            continue
        for bound in bounds:
            other = _owner(subject, role, bound)
            if other is not None:
                mine = own[0].name or own[0].path
                yield bound.place, f"{bound.name} is of {other.name}, {subject.name} has {mine}"
    yield from _loaded(subject)


def _by_specification(subject: StepSubject) -> Iterator[tuple[Place, str]]:
    """The contracts of other steps that the step's specifications take for theirs."""
    own = subject.step.of(Role.CONTRACT)
    for specification in subject.reading.specifications if own else ():
        bound = specification.contract
        if bound is None or _is_of(subject.step, Role.CONTRACT, bound):
            continue
        other = _owner(subject, Role.CONTRACT, bound)
        if other is not None:
            mine = own[0].name or own[0].path
            yield bound.place, f"{bound.name} is of {other.name}, {subject.name} has {mine}"


def _loaded(subject: StepSubject) -> Iterator[tuple[Place, str]]:
    """The same of a step file that the builder loads by the step's name."""
    builder = subject.reading.builder
    if builder is None or subject.reading.step_file is None:
        return
    own = subject.reading.step_file.registration.name.value
    loaded = builder.named_steps
    if not own or any(name.value == own for name in loaded):
        return
    others = {file.registration.name.value for file in subject.repository.discovery.items.step_files}
    for name in loaded:
        if name.value in others:
            yield name.place, f"{name.value} is loaded, the builder is of {own}"


def _is_of(step: Step, role: Role, bound: Bound) -> bool:
    return any(part.path == bound.path and part.name in (bound.name, "") for part in step.of(role))


def _owner(subject: StepSubject, role: Role, bound: Bound) -> Step | None:
    """The one other step that something is of."""
    if bound.path is None:
        return None
    found = [step for step in subject.repository.discovery.steps if _is_of(step, role, bound)]
    return found[0] if len(found) == 1 and found[0].name != subject.step.name else None
