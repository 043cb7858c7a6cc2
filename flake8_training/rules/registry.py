"""Registry of the rules.

Each module of a package, or of a folder in it, that is named after a code defines one rule class. The rules that flake8
runs are in this package. A program with further rules passes the name of its package.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeVar

import flake8_training.rules
from flake8_training.ledger import open_ledger
from flake8_training.rules.rule import Rule

ADVICE = "TRN9"
"""The beginning of the codes of the advice family."""
_OVER_SCRIPTS = ("", "script", "advice")
"""The folders of the rules over one script."""

Kind = TypeVar("Kind", bound="Rule[Any]")


class Rules:
    """The rules with a wanted code, of this package and of ``packages``, by code.

    A rule is imported when its folder or its code is first asked for: most checks need the rules of few folders.
    """

    def __init__(self, wants: Callable[[str], bool], *packages: str) -> None:
        self._packages = packages
        self._modules: dict[str, tuple[str, str]] = {}
        """The folder and the module of each rule, by code."""
        self._found: dict[str, Rule[Any]] = {}
        self._of: dict[object, tuple[Rule[Any], ...]] = {}
        for package in (flake8_training.rules.__name__, *packages):
            self._modules.update((code, place) for code, place in _coded(package) if wants(code))
        self._modules = dict(sorted(self._modules.items()))

    def __iter__(self) -> Iterator[Rule[Any]]:
        """Yield every rule."""
        return iter(map(self._rule, self._modules))

    def __contains__(self, code: str) -> bool:
        """Return whether there is a rule with a code."""
        return code in self._modules

    @property
    def codes(self) -> Iterable[str]:
        """Return the codes."""
        return self._modules.keys()

    def coded(self, code: str) -> Rule[Any] | None:
        """Return the rule with a code, None without one."""
        return self._rule(code) if code in self._modules else None

    def codes_in(self, *folders: str) -> list[str]:
        """Return the codes of the rules in some folders, without an import."""
        return [code for code, (folder, _) in self._modules.items() if folder in folders]

    def needed(self, codes: Iterable[str], is_needed: Callable[[str], bool]) -> Iterator[Rule[Any]]:
        """Yield the rules with these codes that are needed; the others are not imported.

        While a ledger is open, which counts the questions of every rule, all of them are needed. A rule is needed too
        if the function raises: the rule fails in the same way, and its failure is reported.
        """
        every = open_ledger() is not None
        for code in codes:
            try:
                needed = every or is_needed(code)
            except Exception:
                needed = True
            rule = self.coded(code) if needed else None
            if rule is not None:
                yield rule

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the rules of a kind: a class that names the folders of its rules."""
        if kind not in self._of:
            self._of[kind] = tuple(rule for rule in self._in(kind.folders) if isinstance(rule, kind))
        return self._of[kind]  # type: ignore[return-value]

    def over_scripts(self) -> tuple[Rule[Any], ...]:
        """Return the rules over one script."""
        if "" not in self._of:
            self._of[""] = tuple(self._in(_OVER_SCRIPTS))
        return self._of[""]

    def only(self, codes: Iterable[str]) -> Rules:
        """Return those with one of the codes."""
        return Rules(frozenset(code for code in codes if code in self).__contains__, *self._packages)

    def _in(self, folders: tuple[str, ...]) -> Iterator[Rule[Any]]:
        return (self._rule(code) for code, (folder, _) in self._modules.items() if folder in folders)

    def _rule(self, code: str) -> Rule[Any]:
        if code not in self._found:
            self._found[code] = _rule_in(self._modules[code][1])
        return self._found[code]


@cache
def rules(*packages: str) -> tuple[Rule[Any], ...]:
    """Return every rule of this package and of ``packages`` (dotted names), by code.

    All of them are imported, so call this only if there is something to check.
    """
    return tuple(Rules(lambda _: True, *packages))


def script_rules(*, advice: bool, wants: Callable[[str], bool] = lambda _: True) -> Rules:
    """Return the wanted rules that flake8 runs, over scripts and launchers: the mistakes, or the advice family."""
    return Rules(lambda code: code.startswith(ADVICE) == advice and wants(code))


@cache
def _coded(package: str) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Return the codes of the rules in a package, each with the folder and the module of its rule."""
    return tuple(
        (_code_of(name), (name.rpartition(".")[0], f"{package}.{name}"))
        for name in _modules(package)
        if name.rpartition(".")[2].startswith("trn")
    )


def _code_of(name: str) -> str:
    """Return the code of a rule's module, whose name is the code, and optionally the subject of the rule."""
    return name.rpartition(".")[2].partition("_")[0].upper()


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


@cache
def _rule_in(name: str) -> Rule[Any]:
    """Return the rule of a module. It has no state, so all who want it share it."""
    module = importlib.import_module(name)
    code = _code_of(name)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__ and issubclass(value, Rule)
    ]
    if [cls.code for cls in classes] != [code]:
        raise TypeError(f"{module.__name__} must define one rule, with the code {code}")
    rule: Rule[Any] = classes[0]()
    return rule
