"""Options without a default whose value a script needs: without an argument it is None, and a certain call fails.

Source: argparse of Python 3.11 (the default is None, ``set_defaults`` and ``argument_default`` set another one).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import LibraryObject, Reference
from training_alignment.comparisons.launch.needed_values import failing_call, is_none
from training_alignment.launches.accepted_options import AcceptedOptions, Library

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.syntax.scopes import CallSite
    from flake8_training.engine.values.option import Option
    from flake8_training.engine.values.values import Values


def may_be_needed(option: Option) -> bool:
    """Return whether a script may fail because an option gets no value."""
    return option.required or _is_none(option)


def call_without(accepted: AcceptedOptions, option: Option) -> Call | None:
    """Return a call that certainly runs and fails if an option of a parser gets no value; None without one."""
    if accepted.library is not Library.ARGPARSE or accepted.analysis is None or not _is_none(option):
        return None
    analysis = accepted.analysis
    if sum(other.dest == option.dest for other in accepted.options) > 1:
        return None
    call = failing_call(analysis, option)
    return call if call is not None and not _may_be_set(analysis, option) else None


def _is_none(option: Option) -> bool:
    """Return whether an option that gets no value is None."""
    if option.is_flag or option.required or option.suppressed or not option.flags:
        return False
    return option.source == "argparse" and is_none(option.default)


def _may_be_set(analysis: Analysis, option: Option) -> bool:
    """Return whether the script may set the value of an option itself."""
    modules = analysis.program.modules.values()
    if any(module.attribute_stores.get(option.dest) for module in modules):
        return True
    return analysis.fact(_fills_namespaces)


def _fills_namespaces(analysis: Analysis) -> bool:
    """Return whether the script may set options by names that it computes: ``setattr``, ``vars(args).update``.

    ``set_defaults(**settings)`` and ``ArgumentParser(argument_default=...)`` set their defaults.
    """
    for site in analysis.live_calls("set_defaults", "ArgumentParser"):
        if any(keyword.arg in (None, "argument_default") for keyword in site.node.keywords):
            return True
    for site in analysis.live_calls("setattr", "update"):
        func = site.node.func
        target = func.value if isinstance(func, ast.Attribute) else next(iter(site.node.args), None)
        if target is not None and _has_namespace(analysis, analysis.evaluator.values(target, site.scope)):
            return True
    for store in analysis.program.subscript_stores:
        if _has_namespace(analysis, analysis.evaluator.values(store.target, store.scope)):
            return True
    return any(map(_takes_namespace, analysis.live_calls("parse_args", "parse_known_args"))) or any(
        _is_handed(analysis, call) for call in analysis.calls.all
    )


def _takes_namespace(site: CallSite) -> bool:
    """Return whether a call of a parser's method gets a namespace, which may have values already."""
    return len(site.node.args) > 1 or any(
        keyword.arg in (None, "namespace") for keyword in site.node.keywords
    )


def _is_handed(analysis: Analysis, call: Call) -> bool:
    """Return whether a call hands the options on to code that is not known, and may set them."""
    if (call.local and not call.unknown) or call.inert or not call.node.args:
        return False
    if call.names and all(name.startswith(_READING) for name in call.names):
        return False
    passed = (one for one in call.node.args if isinstance(one, ast.Name | ast.Attribute))
    return any(_has_namespace(analysis, analysis.calls.values(call, one)) for one in passed)


_READING = ("builtins.", "argparse.", "json.", "logging.", "pprint.", "wandb.", "mlflow.", "yaml.")
"""The beginnings of the names of functions that leave the options as they are."""


def _has_namespace(analysis: Analysis, values: Values) -> bool:
    """Return whether one of the values holds the parsed options."""
    return any(
        isinstance(value, Reference | LibraryObject) and analysis.options.is_namespace(value)
        for value in values
    )
