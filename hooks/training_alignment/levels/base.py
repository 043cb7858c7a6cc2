"""What the rules of the commit hook share: a finding stands at a place of any of the step's files."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from flake8_training.finding import Finding, Related
from flake8_training.record import replace
from flake8_training.rules.base import Rule, SeenBy
from training_alignment.artefacts.tree import Entry, Located, Place, Scalar
from training_alignment.levels.subject import RepositorySubject, StepSubject

PACKAGE = __name__.rpartition(".")[0]
"""The package of these rules, for the registry."""


class File(NamedTuple):
    """A file that a finding stands in."""

    path: str


Placed = Place | Located[Any] | Scalar | Entry[Any]


class StepRule(Rule[StepSubject]):
    """A rule over one step."""

    seen_by: ClassVar[SeenBy] = "hook"
    between_steps: ClassVar[bool] = False
    """Whether a change of one step can break another one that way: then it is asked of those that depend on it."""

    def at(
        self, subject: StepSubject, where: Placed, detail: str = "", related: Iterable[Related] = ()
    ) -> Finding:
        """Return a finding at a place in an artefact."""
        place = place_of(where)
        found = self.finding(File(place.path), place.line, detail, related=tuple(related), step=subject.name)
        return replace(found, column=place.column)

    def in_script(
        self, subject: StepSubject, node: ast.AST, detail: str = "", related: Iterable[Related] = ()
    ) -> Finding:
        """Return a finding at a node of the step's script."""
        return self.at(subject, script_place(subject, node), detail, related)


class RepositoryRule(Rule[RepositorySubject]):
    """A rule over a repository."""

    seen_by: ClassVar[SeenBy] = "hook"

    def at(self, place: Place, detail: str = "", step: str = "") -> Finding:
        """Return a finding at a place in a file."""
        return replace(self.finding(File(place.path), place.line, detail, step=step), column=place.column)


def place_of(where: Placed) -> Place:
    """The place of anything that has one."""
    return where if isinstance(where, Place) else where.place


def script_place(subject: StepSubject, node: ast.AST) -> Place:
    """Where a node of the step's script stands."""
    assert subject.script_path is not None
    return subject.repository.discovery.repository.source(subject.script_path).place(node)


def other_side(where: Placed, message: str) -> Related:
    """The other side of a disagreement."""
    place = place_of(where)
    return Related(place.path, place.line, message)
