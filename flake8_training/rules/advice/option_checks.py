"""Hyperparameter options without a default, or without a check of their value."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import Constant
from flake8_training.script.hyperparameter_options import hyperparameter_options
from flake8_training.script.hyperparameters import is_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.inputs.options import Option

_Read = tuple[ast.Attribute, ast.Module]
"""Where an attribute is read, with the tree of the module."""

_CHECKS = frozenset(
    "int float bool str isinstance min max len round abs Decimal loads literal_eval str2bool".split()
)


_SETS_DEFAULTS = frozenset({"argparse.ArgumentParser().set_defaults", "?.set_defaults"})
"""The method, of a parser and of an unknown object, which may be the parser."""


def unset_options(analysis: Analysis) -> list[Option]:
    """Return the optional hyperparameters that are None unless a launcher passes them, and that are never tested."""
    defaults = _other_defaults(analysis)
    if defaults is None:
        return []
    reads = _reads(analysis)
    return [
        option
        for option in hyperparameter_options(analysis)
        if option.source == "argparse"
        and option.dest not in defaults
        and option.default is None
        and not option.required
        and option.action is None
        and option.nargs is None
        and not is_place(analysis, option)
        and reads.get(option.dest)
        and not any(_is_tested(read) for read in reads[option.dest])
    ]


def _other_defaults(analysis: Analysis) -> set[str] | None:
    """Return the options for which ``parser.set_defaults`` sets a default; None if it may be any option."""
    found: set[str] = set()
    for call in analysis.calls.all:
        if "argparse.ArgumentParser" in call.names:
            if any(keyword.arg in ("argument_default", "parents", None) for keyword in call.node.keywords):
                return None
        elif _SETS_DEFAULTS.intersection(call.names):
            names = {keyword.arg for keyword in call.node.keywords}
            if None in names:
                return None
            found.update(name for name in names if name is not None)
    return found


def unchecked_option(analysis: Analysis) -> Option | None:
    """Return the first numeric hyperparameter that is never checked, neither its type nor its value, or None."""
    options = [o for o in hyperparameter_options(analysis) if not is_place(analysis, o)]
    if not options or any(o.source != "argparse" for o in options):
        return None
    reads = _reads(analysis)
    for option in options:
        if (
            option.type
            or option.choices
            or option.action
            or option.nargs
            or not _is_numeric(analysis, option)
        ):
            continue
        own = reads.get(option.dest, ())
        if own and not any(_is_tested(read) or _is_checked(analysis, read) for read in own):
            return option
    return None


def _reads(analysis: Analysis) -> dict[str, list[_Read]]:
    """Where attributes of an option's name are loaded; nothing for those that are assigned as well."""
    dests = {option.dest for option in analysis.live_options}
    found: dict[str, list[_Read]] = {}
    for node, scope in analysis.live_attribute_loads():
        if node.attr in dests:
            found.setdefault(node.attr, []).append((node, scope.module.tree))
    stored = analysis.program.attribute_stores
    return {dest: nodes for dest, nodes in found.items() if not any(stored(dest))}


def _is_tested(read: _Read) -> bool:
    """Return whether a value is compared, or used as a truth value."""
    node, tree = read
    around = parent(tree, node)
    if isinstance(around, ast.Compare | ast.BoolOp | ast.Assert):
        return True
    if isinstance(around, ast.UnaryOp):
        return isinstance(around.op, ast.Not)
    return isinstance(around, ast.If | ast.IfExp | ast.While) and around.test is node


def _is_checked(analysis: Analysis, read: _Read) -> bool:
    """Return whether a value is converted, or reaches code that may convert it, such as the script's own function."""
    node, tree = read
    around = parent(tree, node)
    while isinstance(around, ast.keyword | ast.Dict):
        around = parent(tree, around)
    if isinstance(around, ast.Call):
        name = last_name(around.func)
        call = analysis.by_node.get(around)
        return name in _CHECKS or call is None or call.local or call.unknown
    # A name or a collection may be checked later.
    return not isinstance(around, ast.JoinedStr | ast.FormattedValue)


def _is_numeric(analysis: Analysis, option: Option) -> bool:
    """Return whether the default is a number, so that the value is meant to be one."""
    if option.default is None:
        return False
    values: Iterable[object] = analysis.evaluator.values(option.default, option.scope)
    numbers = [v for v in values if isinstance(v, Constant) and isinstance(v.value, int | float)]
    return bool(numbers) and not any(isinstance(v.value, bool) for v in numbers)
