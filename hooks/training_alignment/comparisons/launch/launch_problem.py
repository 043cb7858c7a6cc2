"""A problem between a launcher and its script, as the comparisons yield it."""

from __future__ import annotations

import ast

from flake8_training.finding import Related, Severity
from flake8_training.fix import Fix
from flake8_training.record import Record


class Problem(Record):
    """A problem: ``detail`` is the message's, ``related`` names the other side.

    ``node`` is in the launcher, or in the file of the script with ``in_script``. ``cause`` is the key that problems of
    one cause share, or empty. ``summary`` is one of the rule's other summaries, or empty.
    ``fix`` removes the problem, if one thing is right. ``severity`` is None for the rule's own.
    """

    node: ast.AST
    detail: str
    related: tuple[Related, ...] = ()
    cause: str = ""
    in_script: bool = False
    summary: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
