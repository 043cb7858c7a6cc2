"""An argparse option whose settings are all known, and a parser that raises instead of exiting."""

from __future__ import annotations

import argparse
import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Collection, Constant, Reference
from flake8_training.record import Record

_TYPES: dict[str, Callable[[str], Any]] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.str": str,
    "builtins.bool": bool,
    "builtins.list": list,
    "builtins.tuple": tuple,
    "builtins.dict": lambda text: dict(text),  # type: ignore[arg-type]
    "builtins.set": set,
    "builtins.complex": complex,
    "json.loads": json.loads,
    "ast.literal_eval": ast.literal_eval,
    "pathlib.Path": Path,
}
_ACTIONS = frozenset(
    {"store", "store_true", "store_false", "store_const", "append", "append_const", "count", "extend"}
)
_SWITCHES = frozenset({"store_true", "store_false", "store_const", "append_const", "count"})


class Declared(Record, slots=False):
    """An argparse option whose settings are all known.

    ``flags`` are its spellings; ``type_name`` is the dotted name of its type, empty for none; the other fields are
    those of ``add_argument``.
    """

    flags: tuple[str, ...]
    dest: str
    action: str
    type_name: str
    nargs: int | str | None
    choices: tuple[object, ...] | None

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Add the option to a parser."""
        settings: dict[str, Any] = {"dest": self.dest, "action": self.action}
        if self.action == "BooleanOptionalAction":
            settings["action"] = argparse.BooleanOptionalAction
        elif self.action.endswith("_const"):
            settings["const"] = True
        elif self.action not in _SWITCHES:
            settings["type"] = _TYPES[self.type_name] if self.type_name else None
            settings |= {"nargs": self.nargs, "choices": self.choices}
        parser.add_argument(*self.flags, **settings)

    @property
    def is_switch(self) -> bool:
        """Return whether the option takes no value."""
        return self.action in _SWITCHES or self.action == "BooleanOptionalAction"


class Refused(Exception):
    """An error at which argparse would exit; the message is argparse's."""


class OptionParser(argparse.ArgumentParser):
    """A parser that raises ``Refused`` instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise ``Refused``."""
        raise Refused(message)


def declared(analysis: Analysis, option: Option) -> Declared | None:
    """Return the option with its action, type, number of values and choices; None if one of them is unknown."""
    evaluator = analysis.evaluator
    action = "store"
    if option.action is not None:
        values = evaluator.values(option.action, option.scope)
        if len(values) != 1:
            return None
        value = values[0]
        if isinstance(value, Constant) and value.value in _ACTIONS:
            action = str(value.value)
        elif isinstance(value, Reference) and value.name == "argparse.BooleanOptionalAction":
            action = "BooleanOptionalAction"
        else:
            return None
    type_name = ""
    if option.type is not None and action not in _SWITCHES:
        values = evaluator.values(option.type, option.scope)
        if len(values) != 1 or not isinstance(values[0], Reference) or values[0].name not in _TYPES:
            return None
        type_name = values[0].name
    nargs: int | str | None = None
    if option.nargs is not None:
        values = evaluator.values(option.nargs, option.scope)
        if len(values) != 1 or not isinstance(values[0], Constant):
            return None
        found = values[0].value
        if found is not None and (isinstance(found, bool) or not isinstance(found, int | str)):
            return None
        nargs = found
    choices: tuple[object, ...] | None = None
    if option.choices is not None:
        choices = _choices(analysis, option, option.choices)
        if choices is None:
            return None
    return Declared(option.flags, option.dest, action, type_name, nargs, choices)


def _choices(analysis: Analysis, option: Option, node: ast.expr) -> tuple[object, ...] | None:
    values = analysis.evaluator.values(node, option.scope)
    if len(values) != 1 or not isinstance(values[0], Collection):
        return None
    display = values[0]
    if not isinstance(display.node, ast.List | ast.Tuple | ast.Set):
        return None
    found: list[object] = []
    for element in display.node.elts:
        inner = analysis.evaluator.values(element, display.scope, display.frame)
        if len(inner) != 1 or not isinstance(inner[0], Constant):
            return None
        found.append(inner[0].value)
    return tuple(found)
