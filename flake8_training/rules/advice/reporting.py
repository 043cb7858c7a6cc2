"""The hyperparameters and metrics that a script prints, logs or sends to an experiment tracker."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import PathKind, places
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.values.values import (
    Collection,
    Constant,
    LibraryObject,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Variable,
)
from flake8_training.libraries.plain_calls import TRACKERS
from flake8_training.libraries.rows import FACT, Evaluates, Predicts, Saves, Trains
from flake8_training.libraries.table import table
from flake8_training.script.hyperparameters import is_place

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

_REPORTING_FRAMEWORKS = frozenset({"huggingface", "tensorflow", "mxnet", "other"})
_VERBOSE = ("verbose", "verbose_eval", "verbosity", "disp")
_MAX_HOPS = 60


def is_report(call: Call) -> bool:
    """Return whether a call prints, logs or tracks something."""
    return any((row := table().logs(name)) is not None and not row.file for name in call.names)


def hyperparameters_are_reported(analysis: Analysis) -> bool:
    """Return whether hyperparameters are or may be reported: by output, a tracker, a trainer or unavailable code."""
    if _has_tracker(analysis) or analysis.calls.first_opaque_call("trains") is not None:
        return True
    if any(row.framework == "huggingface" for _, row in analysis.calls.having(Trains)):
        return True  # its trainers and callbacks report their arguments
    for call in analysis.calls.all:
        if any((row := table().logs(name)) is not None and row.settings for name in call.names):
            return True
        if not _is_output(call):
            continue
        for argument in _shown(analysis, call):
            if _mentions_hyperparameters(analysis, argument, call.site.scope):
                return True
    return False


def measures_are_reported(analysis: Analysis) -> bool:
    """Return whether a metric is or may be reported: any computed value that is printed, logged or written."""
    if _has_tracker(analysis) or analysis.calls.first_opaque_call("trains") is not None:
        return True
    for call, row in analysis.calls.having(Trains):
        if row.framework in _REPORTING_FRAMEWORKS or (row.framework == "pytorch" and not row.step):
            return True  # these show a bar, or a line for each epoch
        if row.held_out and analysis.calls.is_passed(call, row.held_out) is not False:
            return True  # boosting prints its metrics
        if analysis.calls.is_passed(call, ("callbacks",)) is not False:
            return True
    measured = _measured(analysis)
    loops = any(row.step for _, row in analysis.calls.having(Trains))
    for call in analysis.calls.all:
        if analysis.calls.argument(call, _VERBOSE) is not None and analysis.calls.is_passed(call, _VERBOSE):
            return True
        if _is_output(call):
            for argument in _shown(analysis, call):
                if _is_computed(analysis, argument, call.site.scope) and (
                    loops or _flows_into(analysis, call, argument, measured)
                ):
                    return True
        elif call.unknown and any(_flows_into(analysis, call, a, measured) for a in arguments(call.node)):
            return True
    return False


def _has_tracker(analysis: Analysis) -> bool:
    """Return whether the program calls a tracker, or passes one of its objects on (a callback, a writer)."""
    if not any(dotted.startswith(TRACKERS) for dotted, _ in analysis.program.imports):
        return False
    return any(
        name.startswith(TRACKERS) and (name in TRACKERS or name[len(tracker)] in ".(")
        for call in analysis.calls.all
        for name in call.names
        for tracker in TRACKERS
        if name.startswith(tracker)
    )


def _is_output(call: Call) -> bool:
    """Return whether a call reports, or writes plain data into a file."""
    return is_report(call) or any(row.what == "data" for row in call.having(Saves))


def _shown(analysis: Analysis, call: Call) -> Iterator[ast.expr]:
    """Return what a call writes: its arguments without the path, and its receiver (``frame.to_csv(...)``)."""
    paths = [analysis.calls.argument(call, row.path) for row in call.having(Saves)]
    for argument in arguments(call.node):
        if not any(argument is path for path in paths):
            yield argument
    receiver = analysis.calls.receiver(call)
    if receiver is not None and paths:
        yield receiver


def _mentions_hyperparameters(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression, or a value of its names, holds hyperparameters unchanged."""
    todo: list[tuple[ast.AST, Scope]] = [(node, scope)]
    seen: set[int] = set()
    while todo and len(seen) < _MAX_HOPS:
        current, where = todo.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            values = analysis.evaluator.values(current, where)
            if any(_holds_hyperparameters(analysis, value) for value in values):
                return True
            for value in values:
                if isinstance(value, Collection):
                    todo.append((value.node, value.scope))
        if isinstance(current, ast.Attribute) and current.attr in analysis.options.by_dest:
            if _is_namespace(analysis, current.value, where):
                continue  # one option, judged by its value
        if isinstance(current, ast.Call) and not _holds_its_argument(analysis, current, where):
            continue
        if isinstance(current, ast.Name):
            found = where.lookup(current.id)
            for binding in found[1] if found else ():
                if binding.kind == "value" and binding.value is not None:
                    todo.append((binding.value, binding.scope))
                elif binding.kind == "parameter" and isinstance(binding.node, ast.arg):
                    for site in analysis.evaluator.callers(binding.scope):
                        passed = analysis.evaluator.argument_node(binding.node, binding.scope, site)
                        if passed is not None:
                            todo.append((passed, site.scope))
        inner = where.module.scope_of.get(current, where)
        todo.extend((child, inner) for child in ast.iter_child_nodes(current))
    return bool(todo)


def _holds_its_argument(analysis: Analysis, node: ast.Call, scope: Scope) -> bool:
    """Return whether the result of a call holds what it is passed, or an element of it."""
    names = analysis.evaluator.names_or_method(node, scope)
    row = table().same_value(*names)
    return table().reads_key(*names) is not None or (row is not None and row.result != FACT)


def _is_namespace(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    return any(
        isinstance(value, Reference | LibraryObject) and analysis.options.is_namespace(value)
        for value in analysis.evaluator.values(node, scope)
    )


def _holds_hyperparameters(analysis: Analysis, value: Value) -> bool:
    if isinstance(value, OptionValue):
        return not is_place(analysis, value.option)
    if isinstance(value, Variable):
        return value.name.startswith(("SM_HP", "SM_TRAINING_ENV", "SM_USER_ARGS"))
    if isinstance(value, StringTemplate):
        return any(_holds_hyperparameters(analysis, p) for p in value.parts if not isinstance(p, str))
    if isinstance(value, Reference | LibraryObject):
        if analysis.options.is_namespace(value) or "hyperparameters" in value.name:
            return True
        if (
            isinstance(value, LibraryObject)
            and value.site is not None
            and value.name.startswith(("json.load", "builtins."))
        ):
            origins = [
                o for a in arguments(value.site.node) for o in analysis.flow.origins(a, value.site.scope)
            ]
            return any(getattr(origin, "root", None) is PathKind.HYPERPARAMETERS for origin in origins)
    return False


def _is_computed(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether a part of an expression is neither a literal, nor an option, nor a path."""
    if isinstance(node, ast.JoinedStr):
        return any(
            _is_computed(analysis, part.value, scope)
            for part in node.values
            if isinstance(part, ast.FormattedValue)
        )
    if isinstance(node, ast.BinOp):
        return _is_computed(analysis, node.left, scope) or _is_computed(analysis, node.right, scope)
    if isinstance(node, ast.Tuple | ast.List):
        return any(_is_computed(analysis, element, scope) for element in node.elts)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "join")
    ):
        return any(_is_computed(analysis, a, scope) for a in (*arguments(node), node.func.value))
    values = analysis.evaluator.values(node, scope)
    return not values or any(not _is_plain(analysis, value) for value in values)


def _is_plain(analysis: Analysis, value: Value) -> bool:
    if isinstance(value, Constant | OptionValue | Variable):
        return True
    if isinstance(value, StringTemplate):
        return not any(isinstance(part, Unknown) for part in value.parts)
    if isinstance(value, Reference | LibraryObject):
        plain = value.name.startswith(
            ("argparse.", "os.path.", "sys.", "logging.", "os.environ", "time.", "platform.")
        )
        return plain or analysis.options.is_namespace(value) or bool(places(analysis.evaluator, (value,)))
    return False


def _measured(analysis: Analysis) -> set[ast.Call]:
    """Return the calls that train, predict or measure."""
    return {
        call.node
        for call in analysis.calls.all
        if any(isinstance(row, Evaluates | Predicts | Trains) for row in call.rows)
    }


def _flows_into(analysis: Analysis, call: Call, node: ast.expr, measured: set[ast.Call]) -> bool:
    """Return whether the result of one of these calls reaches an argument."""
    return any(getattr(origin, "node", None) in measured for origin in analysis.calls.origins(call, node))
