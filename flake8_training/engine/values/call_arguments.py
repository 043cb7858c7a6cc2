"""The arguments of one call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import UNKNOWN, Frame, Values

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite
    from flake8_training.engine.values.interface import EvaluatorInterface


class CallArguments:
    """The arguments of one call, evaluated on demand."""

    def __init__(self, evaluator: EvaluatorInterface, site: CallSite, frame: Frame | None) -> None:
        self.evaluator, self.site, self.frame = evaluator, site, frame
        self.positional = site.node.args

    def of(self, node: ast.expr) -> Values:
        """Return the values of an expression at the call site."""
        return self.evaluator.values(node, self.site.scope, self.frame)

    def at(self, index: int, keyword: str = "") -> Values:
        """Return the values of the argument at a position or with a keyword; nothing if the call does not pass it."""
        if index < len(self.positional):
            node = self.positional[index]
            return (UNKNOWN,) if isinstance(node, ast.Starred) else self.of(node)
        for argument in self.site.node.keywords:
            if keyword and argument.arg == keyword:
                return self.of(argument.value)
        return ()
