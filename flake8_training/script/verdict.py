"""The three-valued verdict on a script: present, absent or unknown."""

from __future__ import annotations

import ast
from enum import StrEnum

from flake8_training.ledger import Reason
from flake8_training.record import Record


class State(StrEnum):
    """Present, absent or unknown."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "cannot tell"


class Verdict(Record):
    """A state and its evidence.

    ``evidence`` are the nodes that do it (present) or may do it (unknown). ``near_miss`` resembles it but is not it,
    and is the best place for a finding; ``detail`` describes the near miss. ``reason`` is why it is unknown.
    """

    state: State
    evidence: tuple[ast.AST, ...] = ()
    near_miss: ast.AST | None = None
    detail: str = ""
    reason: Reason = Reason.CODE

    @property
    def lines(self) -> list[int]:
        """The lines of the evidence, each once."""
        return sorted({getattr(node, "lineno", 1) for node in self.evidence})


def verdict_from(
    present: list[ast.AST],
    possible: list[ast.AST],
    decoy: ast.AST | None = None,
    detail: str = "",
    reason: Reason = Reason.CODE,
) -> Verdict:
    """Return present if ``present`` has a node, else unknown if ``possible`` has one, else absent."""
    if present:
        return Verdict(State.PRESENT, tuple(present))
    if possible:
        return Verdict(State.UNKNOWN, tuple(possible), reason=reason)
    return Verdict(State.ABSENT, (), decoy, detail)
