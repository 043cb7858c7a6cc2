"""Finds the rules: the modules of this package that are named after a code, with one rule class each."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import flake8_training.rules
from flake8_training.rules.base import Rule

if TYPE_CHECKING:
    from flake8_training.script import Script

_RULE_MODULE = re.compile(r"trn\d{3}")


@cache
def rules() -> tuple[Rule[Any], ...]:
    """Return every rule of the package, by code. Imports them all: only when there is something to check."""
    names = sorted(module.name for module in pkgutil.iter_modules(flake8_training.rules.__path__))
    return tuple(_rule_in(name) for name in names if _RULE_MODULE.fullmatch(name))


@cache
def script_rules(*, advice: bool) -> tuple[Rule[Script], ...]:
    """Return the rules that flake8 sees: the mistakes, or the advice family."""
    seen_by = "TRN9" if advice else "both"
    return tuple(rule for rule in rules() if rule.seen_by == seen_by)


def _rule_in(name: str) -> Rule[Any]:
    module = importlib.import_module(f"flake8_training.rules.{name}")
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Rule) and value.__module__ == module.__name__
    ]
    if [cls.code for cls in classes] != [name.upper()]:
        raise TypeError(f"{module.__name__} must define one rule, with the code {name.upper()}")
    rule: Rule[Any] = classes[0]()
    return rule
