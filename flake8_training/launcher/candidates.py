"""The calls of a file that may construct an SDK class, by the names of their values.

Values are evaluated only for calls that look like one, and local modules are read only if a value comes from them:
reading them is most of the cost of a file. The tables of classes are imported only for a file that imports the SDK.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex, Scope
from flake8_training.engine.values.values import Class, Reference, Value
from flake8_training.named_tuple import NamedTuple

if TYPE_CHECKING:
    from flake8_training.engine.values.evaluator import Evaluator


_PACKAGE = "sagemaker."
# Keywords that show a call of a local class derived from an estimator. SDK v2's and v3's own arguments are
# listed; any other name is no evidence.
_ESTIMATOR_KEYWORDS = frozenset(
    {"entry_point", "instance_type", "instance_count", "framework_version", "source_code", "compute"}
)


class NamedClass(NamedTuple):
    """A class by the names of the SDK that it may have.

    They are the class's own name, or those of the bases of ``local``, a class of the project.
    """

    names: tuple[str, ...]
    local: Scope | None


class Candidate(NamedTuple):
    """A call, and a class of the SDK that it may construct."""

    site: CallSite
    called: NamedClass


def candidates(program: Program) -> Iterator[Candidate]:
    """Yield the calls of the entry file that may construct an SDK class, in no order.

    Nearly every file has none. This search needs neither the options of the program, which are expensive to collect,
    nor the modules that no value of a call comes from.
    """
    sites = _sites(program)
    if not sites:
        return
    from flake8_training.launcher.launcher_evaluator import LauncherEvaluator, ObjectsAsDefined

    evaluator = LauncherEvaluator(program.on_demand)
    evaluator.objects = ObjectsAsDefined(evaluator)
    for site in sites:
        for value in evaluator.values(site.node.func, site.scope):
            called = named(evaluator, value)
            if called is not None:
                yield Candidate(site, called)
    evaluator.close()


def named(evaluator: Evaluator, value: Value) -> NamedClass | None:
    """Return the names of the SDK that a value has if it is a class, or that its bases have; None without any."""
    if isinstance(value, Reference):
        return NamedClass((value.name,), None) if value.name.startswith(_PACKAGE) else None
    if not isinstance(value, Class):
        return None
    bases = tuple(name for name in evaluator.ancestry(value.scope)[1] if name.startswith(_PACKAGE))
    return NamedClass(bases, value.scope) if bases else None


def _sites(program: Program) -> tuple[CallSite, ...]:
    """Return the calls of the entry file that look like the construction of an SDK class."""
    module = program.entry
    imports_sdk = any(_is_sdk(name) for name, _ in module.imports)
    with_keywords = [
        site for site in module.calls if any(k.arg in _ESTIMATOR_KEYWORDS for k in site.node.keywords)
    ]
    if not (imports_sdk or module.stars or with_keywords):
        return ()
    names: set[str] = set()
    if imports_sdk or module.stars:
        from flake8_training.launcher.sdk_classes import short_names

        names |= short_names() | _imported_names(module, of_sdk=True)
    found = {
        id(site): site
        for name, sites in module.calls_by_name.items()
        for site in sites
        if name in names or (imports_sdk and _is_bound_to_value(site))
    }
    if with_keywords:
        own, imported = _own_classes(module), _imported_names(module, of_sdk=False)
        for site in with_keywords:
            # A module of the project may pass on an SDK class; an import of * may bind any name.
            if module.stars or _called(site) in own or _root(site) in imported:
                found[id(site)] = site
    local_classes = {scope.name for scope in module.scopes if scope.kind == "class"} if imports_sdk else set()
    for site in module.calls if local_classes else ():
        if _called(site) in local_classes:
            found[id(site)] = site
    return tuple(found.values())


def _is_sdk(dotted: str) -> bool:
    return dotted.partition(".")[0] == "sagemaker"


def _called(site: CallSite) -> str:
    func = site.node.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _root(site: CallSite) -> str:
    """Return the name at the beginning of a dotted callee; empty for any other expression."""
    func: ast.expr = site.node.func
    while isinstance(func, ast.Attribute):
        func = func.value
    return func.id if isinstance(func, ast.Name) else ""


def _imported_names(module: ModuleIndex, of_sdk: bool) -> set[str]:
    """Return the names that imports bind: those from an SDK, or those from other modules."""
    return {
        name
        for scope in module.scopes
        for name, bindings in scope.bindings.items()
        if any(b.kind == "import" and _is_sdk(b.dotted) is of_sdk for b in bindings)
    }


def _own_classes(module: ModuleIndex) -> set[str]:
    """Return the names of the classes with bases that a module defines: they may derive from an SDK class."""
    return {
        scope.name
        for scope in module.scopes
        if isinstance(scope.node, ast.ClassDef) and scope.node.bases and scope.name is not None
    }


def _is_bound_to_value(site: CallSite) -> bool:
    """Return whether the call's function is a variable or a parameter, which may hold a class."""
    if not isinstance(site.node.func, ast.Name):
        return False
    found = site.scope.lookup(site.node.func.id)
    return found is not None and any(b.kind in ("value", "parameter") for b in found[1])
