"""The flow of the command line (``sys.argv``) from the start of a program to its parsers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import CallSite, Scope, last_name
from flake8_training.engine.values.values import Function
from flake8_training.launcher.author_defaults import default_of
from flake8_training.libraries.table import table

PARSINGS = ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args")
_ARGV = "sys.argv"
_MAX_STEPS = 12
"""The most assignments and calls between ``sys.argv`` and a parser that are followed."""


def is_command_line(analysis: Analysis, node: ast.expr, scope: Scope, steps: int = 0) -> bool:
    """Return whether an expression is certainly the command line, or None, which a parser takes for it.

    A parameter has the arguments of the calls that can run, and its default if such a call passes none.
    """
    if steps > _MAX_STEPS or not analysis.evaluator.budget.follow(1):
        return False
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.BoolOp):
        return all(is_command_line(analysis, part, scope, steps + 1) for part in node.values)
    if isinstance(node, ast.IfExp):
        return all(is_command_line(analysis, part, scope, steps + 1) for part in (node.body, node.orelse))
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and _is_argv(analysis, node.value, scope)
    if isinstance(node, ast.Call):
        is_copy = analysis.evaluator.names(node, scope) in (("builtins.list",), ("copy.copy",))
        return is_copy and len(node.args) == 1 and is_command_line(analysis, node.args[0], scope, steps + 1)
    if _is_argv(analysis, node, scope):
        return True
    if not isinstance(node, ast.Name):
        return False
    sources = list(_sources(analysis, node, scope))
    return bool(sources) and all(
        one is not None and is_command_line(analysis, one, where, steps + 1) for one, where in sources
    )


def _is_argv(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    values = analysis.evaluator.values(node, scope) if isinstance(node, ast.Name | ast.Attribute) else ()
    return bool(values) and all(getattr(value, "name", "") == _ARGV for value in values)


def _sources(analysis: Analysis, node: ast.Name, scope: Scope) -> Iterator[tuple[ast.expr | None, Scope]]:
    """Yield the expressions that a name can have, each with its scope; None for one that is unknown."""
    found = scope.lookup(node.id)
    for binding in found[1] if found is not None else ():
        if binding.kind == "value" and not binding.steps:
            yield binding.value, binding.scope
        elif binding.kind == "parameter" and isinstance(binding.node, ast.arg):
            yield from _passed(analysis, binding.node, binding.scope)
        else:
            yield None, scope


def _passed(analysis: Analysis, node: ast.arg, function: Scope) -> Iterator[tuple[ast.expr | None, Scope]]:
    """Yield the expressions that the calls of a function pass for a parameter, or its default."""
    evaluator = analysis.evaluator
    sites = [site for site in evaluator.callers(function) if analysis.reach.runs(site)]
    if not sites or evaluator.parameters.escapes(function):
        yield None, function
    for site in sites:
        passed = evaluator.argument_node(node, function, site)
        unpacks = any(isinstance(argument, ast.Starred) for argument in site.node.args) or any(
            keyword.arg is None for keyword in site.node.keywords
        )
        if passed is not None:
            yield passed, site.scope
        else:
            yield (None if unpacks else default_of(node, function)), function.parent or function


def reads_command_line(analysis: Analysis) -> bool:
    """Return whether the program may read arguments from ``sys.argv`` other than through a parser."""
    if any(dotted == _ARGV for dotted, _ in analysis.program.imports):
        return True
    loads = analysis.live_attribute_loads("argv")
    return any(_may_be_read(analysis, node, scope, 0) for node, scope in loads)


def _may_be_read(analysis: Analysis, node: ast.expr, scope: Scope, steps: int) -> bool:
    """Return whether the use of an expression that holds the command line may read an argument from it."""
    tree = scope.module.tree
    around = parent(tree, node)
    if steps > _MAX_STEPS:
        return True
    if isinstance(around, ast.Subscript) and around.value is node:
        if isinstance(around.slice, ast.Slice):
            return _may_be_read(analysis, around, scope, steps + 1)
        return not (isinstance(around.slice, ast.Constant) and around.slice.value == 0)  # the script's name
    if isinstance(around, ast.IfExp | ast.BoolOp):
        is_test = isinstance(around, ast.IfExp) and around.test is node
        return not is_test and _may_be_read(analysis, around, scope, steps + 1)
    if isinstance(around, ast.Compare):
        return not all(isinstance(op, ast.Is | ast.IsNot) for op in around.ops)
    if isinstance(around, ast.FormattedValue | ast.Expr):
        return False
    if (
        isinstance(around, ast.Assign)
        and len(around.targets) == 1
        and isinstance(around.targets[0], ast.Name)
    ):
        return _may_read_name(analysis, around.targets[0].id, scope, steps)
    call = parent(tree, around) if isinstance(around, ast.keyword) else around
    if not isinstance(call, ast.Call) or call.func is node:
        return True
    site = CallSite(call, scope, guarded=False)
    if last_name(call.func) in PARSINGS:
        return False
    names = analysis.evaluator.names(call, scope)
    if names and (table().only_shows(names) or set(names) == {"builtins.len"}):
        return False
    if names in (("builtins.list",), ("builtins.str().join",)):
        return _may_be_read(analysis, call, scope, steps + 1)
    functions = analysis.evaluator.values(call.func, scope)
    for value in functions:
        if not isinstance(value, Function):
            return True
        taken = _parameter(analysis, value.scope, site, node)
        if taken is None or _may_read_name(analysis, taken, value.scope, steps):
            return True
    return not functions


def _parameter(analysis: Analysis, function: Scope, site: CallSite, node: ast.expr) -> str | None:
    """Return the plain parameter of a function that receives an argument of a call."""
    for name, bindings in function.bindings.items():
        argument = bindings[0].node
        if bindings[0].kind == "parameter" and isinstance(argument, ast.arg):
            if analysis.evaluator.argument_node(argument, function, site) is node:
                return name
    return None


def _may_read_name(analysis: Analysis, name: str, scope: Scope, steps: int) -> bool:
    loads = [
        (node, where)
        for node, where in analysis.program.name_loads(name)
        if (found := where.lookup(name)) is not None and found[0] is scope
    ]
    return any(_may_be_read(analysis, node, where, steps + 1) for node, where in loads)
