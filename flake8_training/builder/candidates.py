"""Cheap search for the calls of a file that may construct an SDK class.

No value is evaluated here. Local modules are read only if the file itself calls for it: reading them is most of the
cost of a file.
"""

from __future__ import annotations

import ast

from flake8_training.builder import classes
from flake8_training.script.modules import Program
from flake8_training.script.names import CallSite, ModuleNames

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
        names |= classes.short_names() | _imported_names(module)
    derived = _derived_classes(program) if with_keywords else set()
    found = {
        id(site): site
        for name, sites in module.calls_by_name.items()
        for site in sites
        if name in names or (imports_sdk and _is_bound_to_value(site))
    }
    local_classes = {scope.name for scope in module.scopes if scope.kind == "class"} if imports_sdk else set()
    for site in (*with_keywords, *module.calls) if local_classes else with_keywords:
        name = _called(site)
        if name in derived or name in local_classes:
            found[id(site)] = site
    return tuple(found.values())


def _is_sdk(dotted: str) -> bool:
    return dotted.partition(".")[0] == "sagemaker"


def _called(site: CallSite) -> str:
    func = site.node.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _imported_names(module: ModuleNames) -> set[str]:
    """Return the names that imports from an SDK bind."""
    return {
        name
        for scope in module.scopes
        for name, bindings in scope.bindings.items()
        if any(b.kind == "import" and _is_sdk(b.dotted) for b in bindings)
    }


def _derived_classes(program: Program) -> set[str]:
    """Return the names of the program's classes that may derive from an SDK class."""
    return {
        scope.name
        for module in program.modules.values()
        if any(_is_sdk(name) for name, _ in module.imports)
        for scope in module.scopes
        if isinstance(scope.node, ast.ClassDef) and scope.node.bases
    }


def _is_bound_to_value(site: CallSite) -> bool:
    """Return whether the call's function is a variable or a parameter, which may hold a class."""
    if not isinstance(site.node.func, ast.Name):
        return False
    found = site.scope.lookup(site.node.func.id)
    return found is not None and any(b.kind in ("value", "parameter") for b in found[1])
