"""TRN004: a step lacks one of its artefacts."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.artefacts.model import StepKind
from training_alignment.artefacts.tree import Place
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import CONTRACT, SPECIFICATION
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.naming import role as said
from training_alignment.steps.naming import stem
from training_alignment.steps.step import Role

_ROLES = (Role.CONTRACT, Role.SPECIFICATION, Role.BUILDER)


class ArtefactMissing(StepRule):
    """Reports a step without a kind of artefact that the repository has for other steps."""

    code = "TRN004"
    severity = Severity.WARNING
    summary = "a step lacks one of its artefacts"
    why = """
        What is not there cannot be compared: a step without a contract is not checked against its script, one without
        a specification not against its pipeline. Often the file is there, and its name, or the name of the constant
        in it, does not show which step it belongs to: `training-alignment steps` says which files were taken for
        what, and `[tool.flake8-training.steps]` in `pyproject.toml` names them outright.

        A kind of artefact that the repository has for no step at all is not asked for.
    """
    bad = Example(
        {
            "contracts/churn_training_contract.py": CONTRACT,
            "specs/churn_training_spec.py": SPECIFICATION,
            "specs/price_training_spec.py": SPECIFICATION.replace("churn-training", "price-training").replace(
                "SPEC = {", "SPEC = {  # TRN004"
            ),
        }
    )
    good = Example(
        {
            "contracts/churn_training_contract.py": CONTRACT,
            "specs/churn_training_spec.py": SPECIFICATION,
        }
    )

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield one finding for each artefact that the step lacks, at the one that it has."""
        place = _place(subject)
        if place is None or subject.step.explicit:
            return
        steps = subject.repository.discovery.steps
        usual = {role for role in _ROLES if any(step.has(role) for step in steps)}
        usual.update(role for path in subject.repository.gone for role in _ROLES if said(stem(path)) == role)
        if subject.reading.step_file is not None:
            usual.discard(Role.BUILDER)  # made from the step file
        runs_a_script = subject.kind in (StepKind.TRAINING, StepKind.PROCESSING)
        for role in _ROLES:
            wanted = role in usual and (role is not Role.CONTRACT or runs_a_script)
            if wanted and not subject.step.has(role):
                yield self.at(subject, place, f"{subject.name} has no {role}")
        contract, search = subject.contract, subject.step.script
        if runs_a_script and contract is not None and search.path is None and search.entry_point is None:
            names_none = contract.entry_point is None and "entry_point" not in contract.raw
            if names_none and any(step.script.path is not None for step in steps):
                yield self.at(subject, place, f"{subject.name} has no script")


def _place(subject: StepSubject) -> Place | None:
    """The artefact to speak of: contract, specification or builder."""
    reading = subject.reading
    for artefact in (reading.contract, reading.specification, reading.builder):
        if artefact is not None:
            return artefact.place
    return None
