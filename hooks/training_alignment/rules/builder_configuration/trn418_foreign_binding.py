"""TRN418: a builder that is bound to another step's specification or contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.artefacts.model import Bound
from training_alignment.artefacts.tree import Place
from training_alignment.comparisons.declared_checks import NAME_DIFFERS
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_builder import built
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.step import Role, Step

_OTHER = {
    "specs/cleaning_spec.py": """
        from pipeline.specification import StepSpecification

        CLEANING_SPEC = StepSpecification(step_type="Cleaning", node_type="source", dependencies=[], outputs=[])
    """
}


_OWN = ("contracts/churn_training_contract.py", "specs/churn_training_spec.py")


def _bound(marker: str = "", without: tuple[str, ...] = ()) -> Example:
    """Return a builder that is bound to another step's specification, without some files of the project."""
    files = {
        **_OTHER,
        **built(
            [
                (
                    "from specs.churn_training_spec import CHURN_TRAINING_SPEC",
                    "from specs.cleaning_spec import CLEANING_SPEC",
                ),
                ("spec=CHURN_TRAINING_SPEC)", f"spec=CLEANING_SPEC){marker}"),
            ]
        ),
    }
    return Example(
        {path: text for path, text in files.items() if path not in without}, options=("--select=TRN418",)
    )


class BoundToAnotherStep(StepRule):
    """Reports builders and specifications that use another step's specification or contract."""

    code = "TRN418"
    severity = Severity.ERROR
    summary = "the builder is bound to another step"
    other_summaries = (NAME_DIFFERS,)
    why = """
        A builder takes its inputs, outputs and variables from its specification and contract. With those of another
        step, as after a copy of a builder, the job has that step's channels and lacks its own. The pipeline then
        connects the wrong steps.
    """
    fix = """
        Import the specification or contract of the builder's own step.
    """
    reported_when = (
        "the builder's step has a specification or contract, and the builder uses only that of one other "
        "step",
        "the step has a contract, and its specification uses the contract of one other step",
        "the builder loads the step file of another step by its name, and not its own",
        "the constant name of the step that the builder constructs is not the specification's `step_name`, also "
        "without regard to case, `-`, `_` and the ending `-step`",
    )
    not_reported_when = (
        Condition(
            "the builder uses its own specification or contract, and others besides",
            suppressed={
                "from specs.cleaning_spec": (
                    "from specs.churn_training_spec import CHURN_TRAINING_SPEC\nfrom specs.cleaning_spec"
                ),
                "spec=CLEANING_SPEC)  # TRN418": (
                    "spec=CLEANING_SPEC)\n        self.own = CHURN_TRAINING_SPEC"
                ),
            },
            reported={
                "spec=CLEANING_SPEC)  # TRN418": (
                    'spec=CLEANING_SPEC)  # TRN418\n        self.own = "CHURN_TRAINING_SPEC"'
                )
            },
        ),
        Condition(
            "the builder's step has none",
            suppressed=_bound(without=_OWN),
            reported=_bound("  # TRN418"),
        ),
        Condition(
            "several steps share the specification or contract that the builder uses, or no step has it",
            suppressed=_bound(without=tuple(_OTHER)),
            reported=_bound("  # TRN418"),
        ),
    )
    bad = _bound("  # TRN418")
    good = Example({**_OTHER, **built()}, options=("--select=TRN418",))

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield a finding at each such binding."""
        for place, detail in strange_bindings(subject):
            yield self.at(subject, place, detail)


def strange_bindings(subject: StepUnderCheck) -> Iterator[tuple[Place, str]]:
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
                contract_name = own[0].name or own[0].path
                yield bound.place, f"{bound.name} is of {other.name}, {subject.name} has {contract_name}"
    yield from _loaded(subject)


def _by_specification(subject: StepUnderCheck) -> Iterator[tuple[Place, str]]:
    """Yield the contracts of other steps to which the step's specifications are bound, with the detail."""
    own = subject.step.of(Role.CONTRACT)
    for specification in subject.reading.specifications if own else ():
        bound = specification.contract
        if bound is None or _is_of(subject.step, Role.CONTRACT, bound):
            continue
        other = _owner(subject, Role.CONTRACT, bound)
        if other is not None:
            contract_name = own[0].name or own[0].path
            yield bound.place, f"{bound.name} is of {other.name}, {subject.name} has {contract_name}"


def _loaded(subject: StepUnderCheck) -> Iterator[tuple[Place, str]]:
    """Yield the names of other steps whose step file the builder loads, with the detail."""
    builder = subject.reading.builder
    if builder is None or subject.reading.step_file is None:
        return
    own = subject.reading.step_file.registration.name
    loaded = builder.named_steps
    if not own or any(name.value == own for name in loaded):
        return
    others = {file.registration.name for file in subject.repository.discovery.step_files}
    for name in loaded:
        if name.value in others:
            yield name.place, f"{name.value} is loaded, the builder is of {own}"


def _is_of(step: Step, role: Role, bound: Bound) -> bool:
    return any(part.path == bound.path and part.name in (bound.name, "") for part in step.of(role))


def _owner(subject: StepUnderCheck, role: Role, bound: Bound) -> Step | None:
    """Return the one other step that has the bound part, or None."""
    if bound.path is None:
        return None
    found = [step for step in subject.repository.discovery.steps if _is_of(step, role, bound)]
    return found[0] if len(found) == 1 and found[0].name != subject.step.name else None
