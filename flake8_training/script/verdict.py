"""The answer to "does the script do this?": yes, no, or cannot be told."""

from __future__ import annotations

import ast
from enum import StrEnum

from flake8_training.record import Record


class State(StrEnum):
    """Present, absent, or neither can be told."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "cannot tell"


class Verdict(Record):
    """What was found, and where.

    ``evidence`` are the calls that do it (present) or that may (cannot tell). ``near_miss`` is what looks like it and
    is none, the best place to say so, and ``detail`` says what it does instead.
    """

    state: State
    evidence: tuple[ast.AST, ...] = ()
    near_miss: ast.AST | None = None
    detail: str = ""

    @property
    def lines(self) -> list[int]:
        """The lines of the evidence, each once."""
        return sorted({getattr(node, "lineno", 1) for node in self.evidence})


def verdict_from(
    present: list[ast.AST], possible: list[ast.AST], decoy: ast.AST | None = None, detail: str = ""
) -> Verdict:
    """Present where anything is, else "cannot tell" where anything may be, else absent."""
    if present:
        return Verdict(State.PRESENT, tuple(present))
    if possible:
        return Verdict(State.UNKNOWN, tuple(possible))
    return Verdict(State.ABSENT, (), decoy, detail)
