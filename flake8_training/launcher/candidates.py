"""The calls of a file that may construct an SDK class.

No value is evaluated here. Local modules are read only if the file itself calls for it: reading them is most of the
cost of a file. The tables of classes are imported only for a file that imports the SDK.
"""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex

# Keywords that show a call of a local class derived from an estimator. SDK v2's and v3's own arguments are
# listed; any other name is no evidence.
_ESTIMATOR_KEYWORDS = frozenset(
    {"entry_point", "instance_type", "instance_count", "framework_version", "source_code", "compute"}
)


def candidates(program: Program) -> tuple[CallSite, ...]:
    """Return the calls of the entry file that may construct an SDK class, in no order."""
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
