"""Base classes of the rules over a step or a repository: a finding is in any of the step's files."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import ClassVar

from flake8_training.finding import Finding, Related, Severity
from flake8_training.fix import Fix
from flake8_training.named_tuple import NamedTuple
from flake8_training.record import replace
from flake8_training.rules.rule import Rule, SeenBy
from training_alignment.artefacts.tree import Place
from training_alignment.comparisons.step_subject import Placed, RepositorySubject, StepUnderCheck, place_of

PACKAGE = __name__.rpartition(".")[0]

"""The package of these rules, for the registry."""


class File(NamedTuple):
    """A file with a finding."""

    path: str


class StepRule(Rule[StepUnderCheck]):
    """A rule over one step."""

    seen_by: ClassVar[SeenBy] = "hook"
    folders: ClassVar[tuple[str, ...]] = (
        "builder_configuration",
        "contract_specification",
        "dependencies",
        "repository",
        "script_contract",
    )

    def at(
        self,
        subject: StepUnderCheck,
        where: Placed,
        detail: str = "",
        related: Iterable[Related] = (),
        summary: str = "",
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding at a place in an artefact."""
        place = place_of(where)
        found = self.finding(
            File(place.path),
            place.line,
            detail,
            related=tuple(related),
            step=subject.name,
            summary=summary,
            fix=fix,
        )
        return replace(found, column=place.column)

    def in_script(
        self, subject: StepUnderCheck, node: ast.AST, detail: str = "", related: Iterable[Related] = ()
    ) -> Finding:
        """Return a finding at a node of the step's script."""
        return self.at(subject, script_place(subject, node), detail, related)


class RepositoryRule(Rule[RepositorySubject]):
    """A rule over a repository."""

    seen_by: ClassVar[SeenBy] = "hook"
    folders: ClassVar[tuple[str, ...]] = ("dependencies", "repository")

    def at(self, place: Place, detail: str = "", step: str = "", severity: Severity | None = None) -> Finding:
        """Return a finding at a place in a file."""
        found = self.finding(File(place.path), place.line, detail, step=step, severity=severity)
        return replace(found, column=place.column)


def script_place(subject: StepUnderCheck, node: ast.AST) -> Place:
    """Return the place of a node of the step's script."""
    assert subject.script_path is not None
    return subject.repository.discovery.repository.source(subject.script_path).place(node)
