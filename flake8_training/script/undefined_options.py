"""The reads of the parsed options of ``argparse`` under names that no option defines.

Source: argparse of Python 3.11 (``Namespace`` has the destinations of the parser's options, those of ``set_defaults``
and the ``dest`` of subparsers; any other attribute raises ``AttributeError``).
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import enclosing, is_caught
from flake8_training.engine.syntax.scopes import CallSite, Scope, last_name
from flake8_training.engine.values.values import LibraryObject, Reference, Value, Variable
from flake8_training.ledger import Reason, note_unknown, unknown_if
from flake8_training.record import Record
from flake8_training.sagemaker.variables import fixed_value
from flake8_training.script.namespaces import is_candidate, possible_names
from flake8_training.spelling import closest, only_unused

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_PARSER = "argparse.ArgumentParser()"
_PARSED = frozenset(
    f"{_PARSER}.{method}"
    for method in (
        "parse_args()",
        "parse_known_args()",
        "parse_known_args()[]()",
        "parse_intermixed_args()",
    )
)
_UNREAD_SETTINGS = frozenset({"argument_default", "parents"})
"""Settings of a parser that add options or defaults of their own."""
_PARSING = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args"})
_LOOKUPS = frozenset({"getattr", "hasattr", "setattr", "delattr"})
_CHANGING_NOTHING = (
    "builtins.print",
    "builtins.vars",
    "builtins.str",
    "builtins.repr",
    "builtins.dict",
    "builtins.getattr",
    "builtins.hasattr",
    "builtins.isinstance",
    "builtins.type",
    "builtins.len",
    "argparse.",
    "copy.",
    "json.",
    "logging.",
    "pprint.",
    "yaml.",
    "wandb.",
    "mlflow.",
    "torch.save",
    "pickle.",
    "joblib.",
)
"""Callees, or beginnings of their names, that set no attribute of an object that they receive."""


class UndefinedOption(Record):
    """One read. ``near`` is the nearest defined name, or None."""

    name: str
    node: ast.Attribute
    near: str | None


def undefined_options(analysis: Analysis) -> list[UndefinedOption]:
    """Return the reads in the script's own file under names that certainly no option defines, by line."""
    options, program = analysis.options, analysis.program
    if not any(o.source == "argparse" for o in options.all):
        return []
    if unknown_if(analysis.is_dynamic, Reason.DYNAMIC, 1) or unknown_if(
        options.open_ended, Reason.MAPPING, 1, what="options"
    ):
        return []
    own = [
        (node, scope)
        for node, scope in analysis.live_attribute_loads()
        if scope.module is program.entry
        and node.attr not in options.by_dest
        and not node.attr.startswith("_")
        and not hasattr(dict, node.attr)  # the parsed options may be the dict of ``vars(args)``
        and not hasattr(list, node.attr)  # or the rest of ``parse_known_args``
    ]
    if not own:
        return []
    names, _ = analysis.fact(possible_names)
    own = [(node, scope) for node, scope in own if is_candidate(node.value, names)]
    own = [(node, scope) for node, scope in own if _is_parsed(analysis, node.value, scope)]
    if not own or any(option.source != "argparse" for option in options.all):
        return []
    defined = _defined_otherwise(analysis, names)
    if defined is None:
        note_unknown(Reason.CODE, own[0][0], what="options", weak=True)
        return []
    read = {node.attr for node, _ in analysis.live_attribute_loads()}
    unread = [dest for dest in options.by_dest if dest not in read]
    found = [
        UndefinedOption(
            node.attr, node, closest(node.attr, list(options.by_dest)) or only_unused(node.attr, unread)
        )
        for node, scope in own
        if node.attr not in defined
        and not is_caught(
            scope.module.tree, node, frozenset({"AttributeError", "Exception", "BaseException"})
        )
        and not _is_only_without_sagemaker(analysis, node, scope)
    ]
    return sorted(found, key=lambda one: (one.node.lineno, one.node.col_offset))


def _is_only_without_sagemaker(analysis: Analysis, node: ast.AST, scope: Scope) -> bool:
    """Return whether a node runs only if a variable that SageMaker always sets is missing: never in a job."""
    below = node
    for around in enclosing(scope.module.tree, node):
        if isinstance(around, ast.BoolOp) and isinstance(around.op, ast.And):
            tests = around.values[: around.values.index(below)]  # type: ignore[arg-type]
        elif isinstance(around, ast.If | ast.IfExp) and below is not around.test:
            is_body = below in around.body if isinstance(around, ast.If) else below is around.body
            tests = _parts(around.test) if is_body else []
        elif isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        else:
            tests = []
        if any(_asks_for_missing(analysis, test, scope) for test in tests):
            return True
        below = around
    return False


def _parts(test: ast.expr) -> list[ast.expr]:
    """Return the tests that all have to hold: the operands of ``and``, or the test itself."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _asks_for_missing(analysis: Analysis, test: ast.expr, scope: Scope) -> bool:
    """Return whether a test is ``variable is None`` or ``not variable`` for a variable that SageMaker always sets."""
    asked: ast.expr | None = None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        asked = test.operand
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Is):
        is_none = isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None
        asked = test.left if is_none else None
    values = analysis.evaluator.values(asked, scope) if asked is not None else ()
    return bool(values) and all(
        isinstance(value, Variable) and fixed_value(value.name) is not None for value in values
    )


def _is_parsed(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression certainly holds the result of parsing, as an object."""
    values = analysis.evaluator.values(node, scope)
    return bool(values) and all(_is_namespace(value) for value in values)


def _is_namespace(value: Value) -> bool:
    return isinstance(value, Reference | LibraryObject) and value.name in _PARSED


def _defined_otherwise(analysis: Analysis, names: Set[str]) -> set[str] | None:
    """Return the names that the program sets or tests for; None if it may set any name."""
    program, evaluator = analysis.program, analysis.evaluator
    if program.unreadable or _has_own_parser(analysis):
        return None
    found = {
        str(store.key) for store in program.attribute_stores() if is_candidate(store.target, names)
    } | set(analysis.options.set_names)
    for site in program.all_calls():
        called = last_name(site.node.func)
        if called in _PARSING and (
            any(keyword.arg in ("namespace", None) for keyword in site.node.keywords)
            or len(site.node.args) > 1
        ):
            return None
        if called in ("set_defaults", "add_subparsers", "ArgumentParser", "add_parser"):
            keywords = {keyword.arg: keyword.value for keyword in site.node.keywords}
            if None in keywords or keywords.keys() & _UNREAD_SETTINGS:
                return None
            dest = keywords.get("dest")
            if isinstance(dest, ast.Constant):
                found.add(str(dest.value))
        elif called in ("add_argument", "add_option"):
            dest = next((k.value for k in site.node.keywords if k.arg == "dest"), None)
            if dest is not None and not isinstance(dest, ast.Constant):
                return None
        elif called in _LOOKUPS and isinstance(site.node.func, ast.Name) and len(site.node.args) > 1:
            owner, key = site.node.args[:2]
            if not is_candidate(owner, names):
                continue
            if isinstance(key, ast.Constant):
                found.add(str(key.value))
            elif called == "setattr":
                return None
        elif _changes_options(site, names):
            return None
        elif _passes(site, names, analysis):
            callees = evaluator.names(site.node, site.scope)
            if any(not callee.startswith(_CHANGING_NOTHING) for callee in callees):
                return None
            if not callees and not evaluator.values(site.node.func, site.scope):
                return None
    for store in program.subscript_stores:
        if is_candidate(store.target, names):
            return None
    for module in program.modules.values():
        for compare, _ in module.containments:
            if isinstance(compare.left, ast.Constant) and any(
                is_candidate(container, names) for container in compare.comparators
            ):
                found.add(str(compare.left.value))
    return found


def _has_own_parser(analysis: Analysis) -> bool:
    """Return whether a class of the program derives from argparse's, which may define options in other ways."""
    return any(
        base.startswith("argparse.")
        for scope in analysis.program.scopes
        if scope.kind == "class"
        for base in analysis.evaluator.ancestry(scope)[1]
        if base
    )


def _changes_options(site: CallSite, names: Set[str]) -> bool:
    """Return whether a call is ``vars(args).update(...)``, ``args.__dict__.update(...)`` or the like."""
    function = site.node.func
    if not isinstance(function, ast.Attribute) or function.attr not in (
        "update",
        "setdefault",
        "__setattr__",
    ):
        return False
    owner = function.value
    if isinstance(owner, ast.Attribute) and owner.attr == "__dict__":
        owner = owner.value
    return is_candidate(owner, names)


def _passes(site: CallSite, names: Set[str], analysis: Analysis) -> bool:
    """Return whether a call receives the parsed options, or the parser, as a whole."""
    for argument in (*site.node.args, *(k.value for k in site.node.keywords)):
        if isinstance(argument, ast.Starred):
            continue
        if isinstance(argument, ast.Name | ast.Attribute | ast.Call) and is_candidate(argument, names):
            values = analysis.evaluator.values(argument, site.scope)
            if not values or any(
                not isinstance(v, LibraryObject | Reference) or _is_namespace(v) for v in values
            ):
                return True
        elif isinstance(argument, ast.Name | ast.Attribute):
            values = analysis.evaluator.values(argument, site.scope)
            if any(isinstance(v, LibraryObject) and v.name == _PARSER for v in values):
                return True
    return False
