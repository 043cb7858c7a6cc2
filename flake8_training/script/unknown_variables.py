"""The variables that a script reads as SageMaker's and that SageMaker never sets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.record import Record
from flake8_training.sagemaker.variables import CHANNEL_PREFIX, HYPERPARAMETER_PREFIX, judge_variable
from flake8_training.script.enclosing import enclosing, is_caught, stands_in
from flake8_training.script.environment import VariableRead
from flake8_training.script.library_values import ENVIRON
from flake8_training.script.places import ANY

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis
    from flake8_training.script.names import Scope

_LOOKUP_FAILURES = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
# What a name that can only be told in its beginning may go on with, to be judged.
_SOME_CHANNEL = "TRAIN"


class UnknownVariable(Record):
    """One reading of a variable that SageMaker never sets.

    ``node`` is the name as it is written where it is written there, else what reads it. ``meant`` is the right
    name, None where the name is no slip. ``required`` says that the reading raises.
    """

    name: str
    node: ast.AST
    meant: str | None
    required: bool


def unknown_variables(analysis: Analysis) -> Iterator[UnknownVariable]:
    """The readings in the script's own file, in the order of their lines.

    A name that is no slip may be set by the launcher (``environment=``), so only its reading without a default
    counts. What the program sets by itself, asks for first, or reads within ``try`` is no mistake.
    """
    environment, tree = analysis.environment, analysis.program.entry.tree
    expected = {read.name for read in environment.reads if read.test}
    optional = {read.name for read in environment.reads if not read.required}
    open_ended = _sets_unseen_variables(analysis)
    for read in sorted(environment.reads, key=lambda r: r.line):
        if read.test or read.name in expected or read.name in environment.written:
            continue
        kind, meant = _judged(read.name)
        if kind == "unset" and (not read.required or open_ended or read.name in optional):
            continue
        if kind not in ("unset", "misspelt") or not stands_in(tree, read.node):
            continue
        if not analysis.reach.scope_runs(read.scope) or _is_caught(analysis, read):
            continue
        if meant is not None and not read.required and _is_alternative(analysis, read, meant):
            continue
        yield UnknownVariable(read.name.removesuffix(ANY), _literal(read), meant, read.required)


def _judged(name: str) -> tuple[str, str | None]:
    """The kind of a name, and what was meant by a slip; of half a name only its prefix is judged."""
    if not name.endswith(ANY):
        judgement = judge_variable(name)
        return judgement.kind, judgement.nearest
    half = name.removesuffix(ANY)
    if not half.upper().startswith("SM") or half == half.rstrip("_-"):
        return "foreign", None
    meant = judge_variable(half + _SOME_CHANNEL).nearest
    for prefix in (CHANNEL_PREFIX, HYPERPARAMETER_PREFIX):
        if meant == prefix + _SOME_CHANNEL:
            return "misspelt", prefix
    return "foreign", None


def _literal(read: VariableRead) -> ast.AST:
    """The name where it is written in the reading itself."""
    for child in ast.walk(read.node):
        if isinstance(child, ast.Constant) and child.value == read.name:
            return child
    return read.node


def _is_caught(analysis: Analysis, read: VariableRead) -> bool:
    """Whether the failure of a reading is caught where it reads, or in the function that reads for others."""
    if not read.required:
        return False
    module = read.scope.module
    if is_caught(module.tree, read.node, _LOOKUP_FAILURES):
        return True
    return _reads_elsewhere(read) and any(
        is_caught(module.tree, node, _LOOKUP_FAILURES)
        for node, scope in module.subscript_loads
        if scope is read.scope
    )


def _reads_elsewhere(read: VariableRead) -> bool:
    """Whether the name is only handed to the function that reads it."""
    function: Scope | None = read.scope.function
    if function is None:
        return False
    module = function.module
    return not (
        stands_in(module.tree, read.node)
        and any(a is function.node for a in enclosing(module.tree, read.node))
    )


def _is_alternative(analysis: Analysis, read: VariableRead, meant: str) -> bool:
    """Whether the right name is read in the same expression, so that the wrong one is only tried as well."""
    tree = analysis.program.entry.tree
    statement = _statement(tree, read.node)
    return any(
        other.name == meant and _statement(tree, other.node) is statement
        for other in analysis.environment.reads
        if stands_in(tree, other.node)
    )


def _statement(tree: ast.Module, node: ast.AST) -> ast.AST | None:
    return next((around for around in enclosing(tree, node) if isinstance(around, ast.stmt)), None)


def _sets_unseen_variables(analysis: Analysis) -> bool:
    """Whether the program may set variables whose names cannot be seen (``load_dotenv()``, ``update(settings)``)."""
    program = analysis.program
    if any(name.partition(".")[0] in ("dotenv", "environs", "decouple") for name, _ in program.imports):
        return True
    for site in analysis.live_calls("update"):
        names = analysis.evaluator.names(site.node, site.scope)
        if f"{ENVIRON}.update" in names and not _is_literal(site.node):
            return True
    return any(
        isinstance(store.key, ast.Name) and _is_environ(analysis, store.target, store.scope)
        for store in program.subscript_stores
    )


def _is_literal(call: ast.Call) -> bool:
    return all(
        isinstance(argument, ast.Dict) and all(isinstance(key, ast.Constant) for key in argument.keys)
        for argument in call.args
    ) and all(keyword.arg is not None for keyword in call.keywords)


def _is_environ(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    return any(getattr(v, "name", "") == ENVIRON for v in analysis.evaluator.values(node, scope))
