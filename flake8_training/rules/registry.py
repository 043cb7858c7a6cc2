"""Registry of the rules.

Each module of a package that is named after a code defines one rule class. The rules that flake8 runs are in this
package. A program with further rules passes the name of its package.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import flake8_training.rules
from flake8_training.rules.base import Rule

_RULE_MODULE = re.compile(r"trn\d{3}")


@cache
def rules(*packages: str) -> tuple[Rule[Any], ...]:
    """Return every rule of this package and of ``packages`` (dotted names), by code.

    All of them are imported, so call this only if there is something to check.
    """
    return chosen_rules(lambda _: True, *packages)


def chosen_rules(wants: Callable[[str], bool], *packages: str) -> tuple[Rule[Any], ...]:
    """Return the rules with a wanted code, of this package and of ``packages``, by code; import no others."""
    found = [
        _rule_in(f"{package}.{name}")
        for package in (flake8_training.rules.__name__, *packages)
        for name in _modules(package)
        if _RULE_MODULE.fullmatch(name) and wants(name.upper())
    ]
    found.sort(key=lambda rule: rule.code)
    return tuple(found)


@cache
def script_rules(*, advice: bool) -> tuple[Rule[Any], ...]:
    """Return the rules that flake8 runs, over scripts and launchers: the mistakes, or the advice family."""
    seen_by = "TRN9" if advice else "both"
    return tuple(rule for rule in rules() if rule.seen_by == seen_by)


def _modules(package: str) -> list[str]:
    """Return the modules of a package. ``pkgutil`` is avoided: it imports more than all of the rules."""
    folders = importlib.import_module(package).__path__
    return [name[:-3] for folder in folders for name in os.listdir(folder) if name.endswith(".py")]


def _rule_in(name: str) -> Rule[Any]:
    module = importlib.import_module(name)
    code = name.rpartition(".")[2].upper()
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
    ]
    if [cls.code for cls in classes] != [code]:
        raise TypeError(f"{module.__name__} must define one rule, with the code {code}")
    rule: Rule[Any] = classes[0]()
    return rule
