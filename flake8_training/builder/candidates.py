"""Which calls of a file can be of an SDK's class: a cheap look, before values are followed.

Local modules are read only where the file itself gives reason to: reading them is most of the cost of a file.
"""

from __future__ import annotations

import ast

from flake8_training.builder import classes
from flake8_training.script.modules import Program
from flake8_training.script.names import CallSite, ModuleNames

# Keywords that tell a call of a class of one's own that derives from an estimator.
_TELLING = frozenset(
    {"entry_point", "instance_type", "instance_count", "framework_version", "source_code", "compute"}
)


def candidates(program: Program) -> tuple[CallSite, ...]:
    """Return the calls of the entry file that can be of an SDK's class, in no order."""
    module = program.entry
    imports_sdk = any(_is_sdk(name) for name, _ in module.imports)
    telling = [site for site in module.calls if any(k.arg in _TELLING for k in site.node.keywords)]
    if not (imports_sdk or module.stars or telling):
        return ()
    names: set[str] = set()
    if imports_sdk or module.stars:
        names |= classes.short_names() | _imported_names(module)
    derived = _derived_classes(program) if telling else set()
    found = {
        id(site): site
        for name, sites in module.calls_by_name.items()
        for site in sites
        if name in names or (imports_sdk and _is_bound_to_value(site))
    }
    own = {scope.name for scope in module.scopes if scope.kind == "class"} if imports_sdk else set()
    for site in (*telling, *module.calls) if own else telling:
        name = _called(site)
        if name in derived or name in own:
            found[id(site)] = site
    return tuple(found.values())


def _is_sdk(dotted: str) -> bool:
    return dotted.partition(".")[0] == "sagemaker"


def _called(site: CallSite) -> str:
    func = site.node.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _imported_names(module: ModuleNames) -> set[str]:
    """The names under which things of an SDK are imported."""
    return {
        name
        for scope in module.scopes
        for name, bindings in scope.bindings.items()
        if any(b.kind == "import" and _is_sdk(b.dotted) for b in bindings)
    }


def _derived_classes(program: Program) -> set[str]:
    """The names of the program's classes that may derive from an SDK's."""
    return {
        scope.name
        for module in program.modules.values()
        if any(_is_sdk(name) for name, _ in module.imports)
        for scope in module.scopes
        if isinstance(scope.node, ast.ClassDef) and scope.node.bases
    }


def _is_bound_to_value(site: CallSite) -> bool:
    """Whether what is called is a variable or a parameter: it may hold a class."""
    if not isinstance(site.node.func, ast.Name):
        return False
    found = site.scope.lookup(site.node.func.id)
    return found is not None and any(b.kind in ("value", "parameter") for b in found[1])
