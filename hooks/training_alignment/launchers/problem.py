"""What a rule over launches reports: a place in the launcher, and the script's side of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from flake8_training.finding import Related


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``node`` stands in the launcher, ``related`` names the other side."""

    node: ast.AST
    detail: str
    related: tuple[Related, ...] = ()
