"""What a rule over launches reports: a place in the launcher, and the script's side of it."""

from __future__ import annotations

import ast

from flake8_training.finding import Related
from flake8_training.record import Record


class Problem(Record):
    """One thing that is wrong: ``node`` stands in the launcher, ``related`` names the other side."""

    node: ast.AST
    detail: str
    related: tuple[Related, ...] = ()
