"""Reads of a name by ``eval``, ``exec``, ``locals`` and the like."""

from __future__ import annotations

import ast
import re

from flake8_training.engine.syntax.scopes import CallSite, Scope
from flake8_training.launcher import Launcher
from flake8_training.ledger import Reason, note_unknown

_EVALUATING = frozenset({"eval", "exec"})
_NAMESPACES = frozenset({"globals", "locals", "vars"})


def may_be_read_by_name(launcher: Launcher, owner: Scope, name: str) -> bool:
    """Return whether a call may read a name of a scope: in code that is a string, or in a namespace as a dict."""
    for called in (*_EVALUATING, *_NAMESPACES):
        for site in launcher.module.calls_by_name.get(called, ()):
            if isinstance(site.node.func, ast.Name) and _sees(site, owner, called) and _names(site, name):
                note_unknown(Reason.DYNAMIC, site.node, what=name, weak=True)
                return True
    return False


def _sees(site: CallSite, owner: Scope, called: str) -> bool:
    """Return whether the call sees the names of a scope."""
    if called in ("locals", "vars"):
        return not site.node.args and (site.scope is owner or site.scope.function is owner)
    if called == "globals":
        return owner.kind == "module"
    scope: Scope | None = site.scope
    while scope is not None and scope is not owner:
        scope = scope.parent
    return scope is owner


def _names(site: CallSite, name: str) -> bool:
    """Return whether the call's text may contain the name: it is unknown, or has that word."""
    code = site.node.args[0] if site.node.args else None
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        return re.search(rf"\b{re.escape(name)}\b", code.value) is not None
    return True
