"""Metrics computed on the training data itself, which are no evidence for unseen data.

Only certain cases count: a whole training and the metric are in one function and receive the same names, and nothing
assigns these names after the training.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.libraries.rows import Predicts, Trains

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

_DATA = ("X", "x")
_LABELS = ("y", "Y")
_BOOSTING = frozenset({"xgboost.train", "lightgbm.train"})
_MATRIX = ("dtrain", "train_set")
_TRUTH = ("y_true", "labels_true")
_PREDICTIONS = ("y_pred", "y_score", "y_prob", "y_proba", "labels_pred")


class TrainingData:
    """The data that the whole trainings of a program receive by name."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._trained = [
            (call, data, labels)
            for call, row in analysis.calls.having(Trains)
            if not row.step
            for data, labels in [_received(call)]
            if data
        ]

    def is_measured_by(self, call: Call) -> bool:
        """Return whether a call certainly measures, or predicts, on training data alone."""
        node = call.node
        method = getattr(node.func, "attr", "")
        if call.has(Predicts):
            return self._is(call, _name(node, 0, (*_DATA, "data")), 1)
        if any(name.startswith("sklearn.metrics.") for name in call.names):
            predictions = _argument(node, 1, _PREDICTIONS)
            return self._is(call, _name(node, 0, _TRUTH), 2) and self._is_predicted(call, predictions)
        if method == "score" or (method == "evaluate" and len(node.args) > 1):
            return self._is(call, _name(node, 0, _DATA), 1) and self._is(call, _name(node, 1, _LABELS), 2)
        return False

    def _is(self, call: Call, name: str, place: int) -> bool:
        """Return whether a name holds the data (1) or labels (2) of an earlier training, unchanged until the call."""
        return bool(name) and any(
            trained[0].site.scope is call.site.scope
            and trained[place] == name
            and trained[0].line <= call.line
            and self._stays(call, name, trained[0].line)
            for trained in self._trained
        )

    def _stays(self, call: Call, name: str, since: int) -> bool:
        """Return whether nothing binds a name on or after a line."""
        found = call.site.scope.lookup(name)
        return found is not None and all(getattr(b.node, "lineno", 1) < since for b in found[1])

    def _is_predicted(self, call: Call, node: ast.expr | None) -> bool:
        """Return whether an expression is a prediction on the training data, or an element of one."""
        if isinstance(node, ast.Name):
            found = call.site.scope.lookup(node.id)
            node = found[1][0].value if found and len(found[1]) == 1 and not found[1][0].steps else None
        while isinstance(node, ast.Subscript):
            node = node.value
        made = self._analysis.by_node.get(node) if isinstance(node, ast.Call) else None
        return made is not None and made.has(Predicts) and self.is_measured_by(made)


def _received(call: Call) -> tuple[str, str]:
    """Return the names of the data and the labels that a training receives; "" for one without a name.

    ``train`` of a boosting library receives both in one object, which is constructed from the labels.
    """
    node = call.node
    if not _BOOSTING.intersection(call.names):
        return _name(node, 0, _DATA), _name(node, 1, _LABELS)
    data = _name(node, 1, _MATRIX)
    found = call.site.scope.lookup(data) if data else None
    made = found[1][0].value if found and len(found[1]) == 1 and not found[1][0].steps else None
    return data, _name(made, 1, ("label",)) if isinstance(made, ast.Call) else ""


def _argument(node: ast.Call, place: int, names: tuple[str, ...]) -> ast.expr | None:
    for keyword in node.keywords:
        if keyword.arg in names:
            return keyword.value
    if len(node.args) <= place or any(isinstance(a, ast.Starred) for a in node.args):
        return None
    return node.args[place]


def _name(node: ast.Call, place: int, names: tuple[str, ...]) -> str:
    given = _argument(node, place, names)
    return given.id if isinstance(given, ast.Name) else ""


__all__ = ["TrainingData"]
