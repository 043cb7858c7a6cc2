"""Options without a default whose value a script needs: without an argument it is None, and a certain call fails.

Sources: argparse of Python 3.11 (the default is None), CPython 3.11 ``posixpath.py``, ``pathlib.py`` and ``os`` (a path
that is None is a ``TypeError``), pandas 2.2 ``io/common.py: get_handle`` (``ValueError``), numpy 1.26 ``lib/npyio.py``,
joblib 1.4 ``numpy_pickle.py``, torch 2.3 ``serialization.py`` (an error of the type, the value or an attribute).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.inputs.options import NAMESPACES
from flake8_training.engine.values.values import LibraryObject, OptionValue
from training_alignment.launches.accepted_options import AcceptedOptions, Library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.syntax.scopes import CallSite
    from flake8_training.engine.values.option import Option
    from flake8_training.engine.values.values import Value

_ALL = -1
_NEEDED: dict[str, int] = {
    "os.path.join": _ALL,
    "os.path.exists": 0,
    "os.path.isfile": 0,
    "os.path.isdir": 0,
    "os.path.dirname": 0,
    "os.path.basename": 0,
    "os.path.abspath": 0,
    "os.makedirs": 0,
    "os.mkdir": 0,
    "pathlib.Path": _ALL,
    "builtins.open": 0,
    "builtins.int": 0,
    "builtins.float": 0,
    "pandas.read_csv": 0,
    "pandas.read_parquet": 0,
    "pandas.read_json": 0,
    "pandas.read_table": 0,
    "pandas.read_excel": 0,
    "pandas.read_pickle": 0,
    "numpy.load": 0,
    "numpy.loadtxt": 0,
    "joblib.load": 0,
    "torch.load": 0,
}
"""Calls that fail if this argument is None, or any argument."""
_CAUGHT = frozenset({"TypeError", "ValueError", "AttributeError", "Exception", "BaseException"})


def may_be_needed(option: Option) -> bool:
    """Return whether a script may fail because an option gets no value."""
    return option.required or _is_none(option)


def failing_call(accepted: AcceptedOptions, option: Option) -> Call | None:
    """Return a call that certainly runs and fails if an option of a parser gets no value; None without one."""
    if accepted.library is not Library.ARGPARSE or accepted.analysis is None or not _is_none(option):
        return None
    analysis = accepted.analysis
    if sum(other.dest == option.dest for other in accepted.options) > 1:
        return None
    for call in analysis.fact(_needing).get(id(option), ()):
        if runs_always(analysis, call.node, call.site.scope, _CAUGHT):
            return call if not _may_be_set(analysis, option) else None
    return None


def _is_none(option: Option) -> bool:
    """Return whether an option that gets no value is None."""
    default = option.default
    if (
        option.is_flag
        or option.required
        or option.suppressed
        or not option.flags
        or option.source != "argparse"
    ):
        return False
    return default is None or (isinstance(default, ast.Constant) and default.value is None)


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
        if target is not None and any(map(_is_namespace, analysis.evaluator.values(target, site.scope))):
            return True
    for store in analysis.program.subscript_stores:
        if any(map(_is_namespace, analysis.evaluator.values(store.target, store.scope))):
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
    return any(_is_namespace(value) for one in passed for value in analysis.calls.values(call, one))


_READING = ("builtins.", "argparse.", "json.", "logging.", "pprint.", "wandb.", "mlflow.", "yaml.")
"""The beginnings of the names of functions that leave the options as they are."""


def _is_namespace(value: Value) -> bool:
    return isinstance(value, LibraryObject) and any(value.name.startswith(name) for name in NAMESPACES)


def _needing(analysis: Analysis) -> dict[int, list[Call]]:
    """Return the calls that fail without the value of an option, by its identity."""
    found: dict[int, list[Call]] = {}
    for call in analysis.calls.all:
        for node in _needed(call):
            values = set(analysis.calls.values(call, node))
            if len(values) == 1 and isinstance(only := values.pop(), OptionValue):
                found.setdefault(id(only.option), []).append(call)
    return found


def _needed(call: Call) -> Iterator[ast.expr]:
    """Yield the arguments of a call that are not to be None."""
    if not call.names or call.unknown or call.local or not all(name in _NEEDED for name in call.names):
        return
    places = {_NEEDED[name] for name in call.names}
    arguments = call.node.args
    if any(isinstance(one, ast.Starred) for one in arguments):
        return
    for index, node in enumerate(arguments):
        if places == {_ALL} or places == {index}:
            yield node
