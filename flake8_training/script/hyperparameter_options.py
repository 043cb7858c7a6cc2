"""The options that receive hyperparameters, and the way in which they convert the values.

SageMaker passes every hyperparameter to the script as ``--name value``: one option, one value, always a string
(sagemaker-training 5.1.4 ``mapping.py``, sagemaker-train 1.27.0 ``container_drivers/common/utils.py``).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import PathKind, places
from flake8_training.engine.inputs.options import Option
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import (
    Collection,
    Constant,
    Function,
    Reference,
    Value,
    Values,
    Variable,
)
from flake8_training.libraries.rows import Reads
from flake8_training.sagemaker.variables import HYPERPARAMETER_PREFIX
from flake8_training.script.hyperparameter_file import names_file

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite

_HYPERPARAMETERS = ("SM_HPS", "SM_TRAINING_ENV", "SM_USER_ARGS")
# Facts of the cluster: SageMaker sets them as variables, never as hyperparameters.
_CLUSTER = frozenset({"hosts", "current-host", "host", "network-interface-name"})
_FLAGS = frozenset({"store_true", "store_false", "store_const", "append_const", "count"})
_OPTIONAL_FLAG = "BooleanOptionalAction"
# A call of one of these with a string splits it into characters, or fails.
_CONTAINERS = frozenset(
    {
        *(f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset", "dict")),
        *(f"typing.{name}" for name in ("List", "Tuple", "Set", "FrozenSet", "Dict")),
    }
)
_PARSERS = ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args")


def hyperparameter_options(analysis: Analysis) -> list[Option]:
    """Return the options declared in the script's own file that a launcher may pass as hyperparameters.

    Left out are positional arguments, options hidden from the help, and options that hold one of SageMaker's variables.
    The result is empty if the program only parses lists of literals, if it reads hyperparameters.json itself, as in an
    image without the training toolkit, which passes no options; or if the parser requires a positional argument: a
    launcher passes none, so something else starts the script (``train`` of the user's own container).
    """
    if _parses_literals_only(analysis) or any(_is_needed_position(o) for o in analysis.live_options):
        return []
    if _reads_file(analysis):
        return []
    return [
        option
        for option in analysis.live_options
        if option.module is analysis.program.entry
        and option.flags
        and not option.suppressed
        and not _holds_a_fact_of_the_job(analysis, option)
    ]


def _reads_file(analysis: Analysis) -> bool:
    """Return whether the program reads the job's hyperparameters.json."""
    return names_file(analysis) and any(
        place.root is PathKind.HYPERPARAMETERS
        for call, row in analysis.calls.having(Reads)
        if (node := analysis.calls.argument(call, row.path)) is not None
        for place in places(analysis.evaluator, analysis.calls.values(call, node))
    )


def _is_needed_position(option: Option) -> bool:
    """Return whether an option is a required positional argument of argparse."""
    if option.source != "argparse" or option.flags:
        return False
    nargs = option.nargs
    return nargs is None or (isinstance(nargs, ast.Constant) and nargs.value not in ("?", "*", "..."))


def spelling(option: Option) -> str:
    """Return the option in its long form if it has one, with its dashes."""
    return next((flag for flag in option.flags if flag.startswith("--")), option.flags[0])


def takes_any_text_as_true(analysis: Analysis, option: Option) -> bool:
    """Return whether the option's type is ``bool``, or a function of the script that only calls it."""
    if option.source != "argparse" or flag_action(analysis, option):
        return (
            False  # a flag takes no value; click, typer, absl and the dataclass parsers read "False" as false
        )
    return _all(_type(analysis, option), _is_truth)


def container_type(analysis: Analysis, option: Option) -> str:
    """Return the type as written if it splits a string (``list``, ``dict``, ``tuple``, ``set``), else ``""``."""
    if option.source not in ("argparse", "click") or option.type is None:
        return ""
    if not _all(_type(analysis, option), _is_container):
        return ""
    return ast.unparse(option.type)


def flag_action(analysis: Analysis, option: Option) -> str:
    """Return the action by which an option takes no value, or ``""`` for an option that takes one."""
    if option.source == "argparse":
        return _argparse_flag(analysis, option)
    if option.source == "click":
        return "is_flag" if option.is_flag or any("/" in flag for flag in option.flags) else ""
    if option.source == "typer" and option.type_name == "bool":
        return "bool"
    if option.source == "absl" and option.type_name == "bool":
        return "DEFINE_bool"
    return ""


def refuses_leftovers(analysis: Analysis) -> bool | None:
    """Return whether the parser ends the job at an unknown argument; None without parsers, or with both kinds."""
    lenient = {"known" in last_name(site.node.func) for site in _parsings(analysis)}
    return None if len(lenient) != 1 else not lenient.pop()


def _argparse_flag(analysis: Analysis, option: Option) -> str:
    if option.action is None:
        return ""
    values = analysis.evaluator.values(option.action, option.scope)
    if len(values) != 1:
        return ""
    value = values[0]
    if isinstance(value, Constant):
        return str(value.value) if value.value in _FLAGS else ""
    if isinstance(value, Reference) and value.name == f"argparse.{_OPTIONAL_FLAG}":
        return _OPTIONAL_FLAG
    return ""


def _type(analysis: Analysis, option: Option) -> Values:
    return analysis.evaluator.values(option.type, option.scope) if option.type is not None else ()


def _all(values: Values, test: Callable[[Value], bool]) -> bool:
    return bool(values) and all(test(value) for value in values)


def _is_truth(value: Value) -> bool:
    if isinstance(value, Reference):
        return value.name == "builtins.bool"
    if not isinstance(value, Function):
        return False
    function = value.scope
    node = function.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return bool(function.returns) and all(
        isinstance(result, ast.Call)
        and isinstance(result.func, ast.Name)
        and result.func.id == "bool"
        and function.lookup("bool") is None
        and len(result.args) == 1
        and isinstance(result.args[0], ast.Name)
        and result.args[0].id in names[:1]
        and all(binding.kind == "parameter" for binding in function.bindings[names[0]])
        for result in function.returns
    )


def _is_container(value: Value) -> bool:
    return isinstance(value, Reference) and value.name.partition("[")[0] in _CONTAINERS


def _holds_a_fact_of_the_job(analysis: Analysis, option: Option) -> bool:
    """Return whether an option holds a variable that SageMaker sets: a path, the hosts, the number of GPUs."""
    if option.name.replace("_", "-").lower() in _CLUSTER:
        return True
    if option.default is None:
        return False
    return any(
        isinstance(value, Variable)
        and value.name.startswith("SM_")
        and not value.name.startswith(HYPERPARAMETER_PREFIX)
        and value.name not in _HYPERPARAMETERS
        for value in analysis.evaluator.values(option.default, option.scope)
    )


def _parses_literals_only(analysis: Analysis) -> bool:
    """Return whether every parsing call receives a list of literals, as in notebooks and tests."""
    sites = list(_parsings(analysis))
    for site in sites:
        passed = [*site.node.args[:1], *(k.value for k in site.node.keywords if k.arg == "args")]
        if not passed:
            return False
        values = analysis.evaluator.values(passed[0], site.scope)
        if not _all(values, _is_literal_list):
            return False
    return bool(sites)


def _parsings(analysis: Analysis) -> Iterator[CallSite]:
    """Yield the calls that parse options, without calls to the script's own function ``parse_args``."""
    for site in analysis.live_calls(*_PARSERS):
        if analysis.evaluator.names(site.node, site.scope):
            yield site


def _is_literal_list(value: Value) -> bool:
    return (
        isinstance(value, Collection)
        and isinstance(value.node, ast.List | ast.Tuple)
        and all(isinstance(element, ast.Constant) for element in value.node.elts)
    )
