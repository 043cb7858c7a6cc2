"""Registry of the rules.

Each module of a package, or of a folder in it, that is named after a code defines one rule class. The rules that flake8
runs are in this package. A program with further rules passes the name of its package.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import flake8_training.rules
from flake8_training.rules.rule import Rule

_RULE_MODULE = re.compile(r"(?:.+\.)?(trn\d{3})(?:_\w+)?")
"""The name of a rule's module below its package: a code, and optionally the subject of the rule."""


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
        if (named := _RULE_MODULE.fullmatch(name)) and wants(named[1].upper())
    ]
    found.sort(key=lambda rule: rule.code)
    return tuple(found)


@cache
def script_rules(*, advice: bool) -> tuple[Rule[Any], ...]:
    """Return the rules that flake8 runs, over scripts and launchers: the mistakes, or the advice family."""
    seen_by = "TRN9" if advice else "both"
    return tuple(rule for rule in rules() if rule.seen_by == seen_by)


def _modules(package: str) -> list[str]:
    """Return the modules of a package and of its folders. ``pkgutil`` is avoided: it imports more than the rules."""
    found: list[str] = []
    for folder in importlib.import_module(package).__path__:
        for entry in os.scandir(folder):
            if entry.name.endswith(".py"):
                found.append(entry.name[:-3])
            elif entry.is_dir() and entry.name.isidentifier() and not entry.name.startswith("_"):
                below = os.listdir(entry.path)
                found.extend(f"{entry.name}.{name[:-3]}" for name in below if name.endswith(".py"))
    return found


def _rule_in(name: str) -> Rule[Any]:
    module = importlib.import_module(name)
    code = name.rpartition(".")[2].partition("_")[0].upper()
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__ and issubclass(value, Rule)
    ]
    if [cls.code for cls in classes] != [code]:
        raise TypeError(f"{module.__name__} must define one rule, with the code {code}")
    rule: Rule[Any] = classes[0]()
    return rule
