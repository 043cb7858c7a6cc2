"""Calls that certainly run, and fail if a value is None: that of an option or of an environment variable.

Sources: CPython 3.11 ``posixpath.py``, ``pathlib.py`` and ``os`` (a path that is None is a ``TypeError``), pandas 2.2
``io/common.py: get_handle`` (``ValueError``), numpy 1.26 ``lib/npyio.py``, joblib 1.4 ``numpy_pickle.py``, torch 2.3
``serialization.py`` (an error of the type, the value or an attribute).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.values.values import Constant, OptionValue, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.values.option import Option

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


def is_none(default: ast.expr | None) -> bool:
    """Return whether the default of an option or variable is None: written, or left out."""
    return default is None or (isinstance(default, ast.Constant) and default.value is None)


def failing_call(analysis: Analysis, value: Option | str) -> Call | None:
    """Return a call that certainly runs and fails if an option, or a variable of this name, is None."""
    key = value if isinstance(value, str) else id(value)
    calls = analysis.fact(_needing).get(key, ())
    return next((one for one in calls if runs_always(analysis, one.node, one.site.scope, _CAUGHT)), None)


def outcome_of_none(call: Call) -> str:
    """Return what a call does, for a message: ``os.path.join(None) fails``."""
    return f"{call.names[0].removeprefix('builtins.')}(None) fails"


def _needing(analysis: Analysis) -> dict[int | str, list[Call]]:
    """Return the calls that fail without a value: by the identity of its option, or by the name of its variable."""
    found: dict[int | str, list[Call]] = {}
    for call in analysis.calls.all:
        for node in _needed(call):
            values = set(analysis.calls.values(call, node))
            only = values.pop() if len(values) == 1 else None
            if isinstance(only, OptionValue):
                found.setdefault(id(only.option), []).append(call)
            elif isinstance(only, Variable) and only.name and only.defaults == (Constant(None),):
                found.setdefault(only.name, []).append(call)
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
