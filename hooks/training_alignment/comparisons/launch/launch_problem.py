"""A problem between a launcher and its script, as the comparisons yield it."""

from __future__ import annotations

import ast

from flake8_training.finding import Related
from flake8_training.record import Record


class Problem(Record):
    """A problem: ``node`` is in the launcher, ``detail`` is the message's, ``related`` names the other side.

    ``cause`` is the key that problems of one cause share, or empty.
    """

    node: ast.AST
    detail: str
    related: tuple[Related, ...] = ()
    cause: str = ""
