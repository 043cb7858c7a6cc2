"""Problems of a launcher, and the conditions that the rules share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import UNKNOWN, Constant, Function
from flake8_training.finding import Related, Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.ledger import Reason, note_unknown, unknown_if
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.launcher.launcher import Launcher
    from flake8_training.launcher.sdk_objects import Estimator, SdkObject


class Problem(Record):
    """One problem of a launcher.

    ``report_at`` is the place to fix; ``failing_call`` is the call that fails; ``detail`` follows the rule's summary.
    ``severity`` is None for the rule's own, and ``summary`` empty. ``fix`` removes the problem, if one thing is right.
    ``related`` are other places, by their lines in the launcher's module.
    """

    report_at: ast.AST
    detail: str
    failing_call: ast.AST
    severity: Severity | None = None
    summary: str = ""
    fix: Fix | None = None
    related: tuple[Related, ...] = ()


def at_call(sdk_object: SdkObject, detail: str, summary: str = "") -> Problem:
    """Return a problem of a call as a whole, such as a missing argument."""
    return Problem(sdk_object.node, detail, sdk_object.node, summary=summary)


def at_argument(
    sdk_object: SdkObject, argument: Argument, detail: str, summary: str = "", meant: str | None = None
) -> Problem:
    """Return a problem of an argument's name or presence; ``meant`` is the right name of a misspelled argument."""
    at = sdk_object.launcher.report_node(argument, sdk_object)
    fix = renamed(at, argument.name, meant) if meant is not None else None
    return Problem(at, detail, sdk_object.node, summary=summary, fix=fix)


def at_value(
    sdk_object: SdkObject,
    expression: LocatedExpression,
    value: object,
    detail: str,
    summary: str = "",
    meant: str | None = None,
) -> Problem:
    """Return a problem of a literal that reaches an argument, reported at the literal; ``meant`` is the right one."""
    at = sdk_object.launcher.literal(expression, value, sdk_object.node)
    fix = renamed(at, value, meant) if meant is not None and isinstance(value, str) else None
    return Problem(at, detail, sdk_object.node, summary=summary, fix=fix)


def is_old_style(sdk_object: SdkObject) -> bool:
    """Return whether a call uses the argument names of SDK v1 (``train_instance_count``, ``image_name``).

    Such a launcher may run with v1, which needs other arguments.
    """
    return any(_is_old(_written_name(argument)) for argument in sdk_object.arguments)


def _is_old(name: str) -> bool:
    return name == "image_name" or name.startswith("train_")


def _written_name(argument: Argument) -> str:
    """Return the name of an argument as the launcher writes it: SDK v2 translates the names of v1."""
    if isinstance(argument.at, ast.keyword) and argument.at.arg is not None:
        return argument.at.arg
    key = argument.at.value if isinstance(argument.at, ast.Constant) else None
    return key if isinstance(key, str) and _is_old(key) else argument.name


def current(launcher: Launcher) -> Iterator[Estimator]:
    """Yield the estimators and trainers of a file for whose arguments the tables hold."""
    for estimator in launcher.estimators:
        if estimator.signature is not None and not any(map(_is_old, estimator.arguments.names)):
            yield estimator


def of_one_class(launcher: Launcher) -> Iterator[Estimator]:
    """Yield the estimators of :func:`current` whose class is certain and whose arguments are all named as in v2."""
    for one in current(launcher):
        if unknown_if(not one.is_of_one_class, Reason.SEVERAL, one.node, what="class") or is_old_style(one):
            continue
        yield one


def is_left_out(sdk_object: SdkObject, *names: str) -> bool:
    """Return whether all of several arguments are certainly missing or None.

    A misspelled argument does not count as missing; the misspelling is reported instead.
    """
    if sdk_object.arguments.open_ended:
        note_unknown(Reason.MAPPING, sdk_object.node, what=", ".join(names), weak=True)
        return False
    if sdk_object.overridden.intersection(names):
        note_unknown(Reason.BRANCH, sdk_object.node, what=", ".join(names), weak=True)
        return False
    from flake8_training.launcher.argument_names import intended_arguments

    if intended_arguments(sdk_object).intersection(names):
        return False
    return all(
        argument.expression.is_none and not argument.replaceable and _is_written(argument.expression)
        for name in names
        for argument in sdk_object.arguments.all(name)
    )


def _is_written(expression: LocatedExpression, depth: int = 0) -> bool:
    """Return whether the program itself writes the None that an expression is, and nothing can replace it.

    A field, the default of a parameter or option, or a null in a data file may be filled in elsewhere.
    """
    node, scope, evaluator = expression.node, expression.scope, expression.evaluator
    if isinstance(node, ast.Constant):
        return scope.module not in evaluator.readers
    if depth >= _MOST_NAMES:
        return False
    if isinstance(node, ast.Subscript):
        return _is_written_entry(expression, depth)
    if isinstance(node, ast.Call):
        called = evaluator.values(node.func, scope, expression.frame)
        return bool(called) and all(
            isinstance(value, Function) and _returns_nothing(expression, value.scope) for value in called
        )
    found = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if found is None or not isinstance(node, ast.Name):
        return False
    owner, bindings = found
    for binding in evaluator.order(scope.module).reaching(bindings, owner, node, scope):
        if binding.kind == "value" and binding.value is not None and not binding.steps:
            sources = [LocatedExpression(binding.value, binding.scope, expression.frame, evaluator)]
        elif isinstance(binding.node, ast.arg):
            sources = _passed(binding.node, binding.scope, expression)
        else:
            return False
        if not sources or not all(_is_written(source, depth + 1) for source in sources):
            return False
    return True


def _returns_nothing(expression: LocatedExpression, function: Scope) -> bool:
    """Return whether a function has a body and no value: no subclass replaces it, and it is no mere declaration."""
    node = function.node
    if function.returns or function.yields or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    if node.decorator_list or all(map(_is_declaration, node.body)):
        return False
    if isinstance(node.body[-1], ast.Raise):
        return False
    owner = function.owner
    return owner is None or len(expression.evaluator.heirs(owner)) == 1


def _is_declaration(statement: ast.stmt) -> bool:
    """Return whether a statement does nothing: a docstring, ``...``, ``pass`` or ``raise``."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass | ast.Raise)


def _is_written_entry(expression: LocatedExpression, depth: int) -> bool:
    """Return whether a subscript is the entry of a dict of the program, in which None is written."""
    node, scope, evaluator = expression.node, expression.scope, expression.evaluator
    assert isinstance(node, ast.Subscript)
    keys = evaluator.values(node.slice, scope, expression.frame)
    if len(keys) != 1 or not isinstance(keys[0], Constant):
        return False
    found = evaluator.dicts.of(node.value, scope, expression.frame)
    entries = [entry for entry in found.entries if entry.key == keys[0].value]
    return bool(entries) and all(
        entry.certain
        and not entry.replaceable
        and not entry.encoding
        and _is_written(LocatedExpression(entry.value, entry.scope, entry.frame, evaluator), depth + 1)
        for entry in entries
    )


def _passed(parameter: ast.arg, function: Scope, expression: LocatedExpression) -> list[LocatedExpression]:
    """Return the arguments of a parameter's calls; nothing if a call leaves it out, or if none is visible."""
    evaluator, frame = expression.evaluator, expression.frame
    within = frame is not None and frame.function is function
    sites = [frame.site] if within and frame is not None else evaluator.callers(function)
    if evaluator.parameters.escapes(function):
        return []
    found: list[LocatedExpression] = []
    for site in sites:
        node = evaluator.argument_node(parameter, function, site)
        if node is None:
            return []
        caller = frame.caller if within and frame is not None else None
        found.append(LocatedExpression(node, site.scope, caller, evaluator))
    return found


_MOST_NAMES = 6
"""The most names, entries and parameters through which a None is followed."""


def is_set(sdk_object: SdkObject, name: str) -> Argument | None:
    """Return an argument that is certainly passed and not None, or None."""
    argument = sdk_object.get(name)
    if argument is None or not argument.certain or argument.replaceable or name in sdk_object.overridden:
        return None
    values = argument.values
    if not values or UNKNOWN in values:
        note_values(values, argument.node, argument.expression.scope, name, weak=True)
    return argument if values and UNKNOWN not in values and Constant(None) not in values else None


def is_true(sdk_object: SdkObject, name: str) -> Argument | None:
    """Return an argument that is certainly True, or None."""
    argument = is_set(sdk_object, name)
    return argument if argument is not None and argument.values == (Constant(True),) else None
