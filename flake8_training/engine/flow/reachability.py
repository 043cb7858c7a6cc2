"""The functions of a program that can run when the script is started.

A function runs if code that runs names it: calls it, passes it as an argument, or loads a method of its name. All
methods of a class with a library base run when the class is used: the library calls them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.nodes import with_scopes
from flake8_training.engine.values.values import (
    Class,
    Constant,
    Function,
    LibraryObject,
    Reference,
    StringTemplate,
)
from flake8_training.libraries.rows import Saves, Trains
from flake8_training.libraries.table import table
from flake8_training.resolver import absolute_name

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex, Scope
    from flake8_training.engine.values.evaluator import Evaluator

# Decorators that only wrap: the decorated function runs only when it is called. Any other decorator registers it.
_WRAPPERS = frozenset(
    "staticmethod classmethod property abstractmethod cached_property lru_cache cache wraps contextmanager "
    "no_grad inference_mode function jit pmap vmap njit setter getter overload total_ordering dataclass record "
    "torch_compile compile script checkpoint map_fn retry timeit timer".split()
)


# Functions that call ``main`` of the script if they get no function (TensorFlow 1.15, tensorflow.compat.v1 2.16).
_MAIN_CALLERS = ("tensorflow.app.run", "tensorflow.platform.app.run")


class Reach:
    """The scopes of a program that can run. If the script does no work at module level, all can."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._live: set[Scope] = set()
        self._names: set[str] = set()
        self._attributes: set[str] = set()
        self._todo: list[Scope] = []
        self._classes: list[Scope] = []
        program = evaluator.program
        self.has_work = _has_work(evaluator)
        self._by_name: dict[str, list[Scope]] = {}
        self._looked_up: dict[Scope, list[CallSite]] = {}
        """The calls of ``getattr`` and ``run``, by scope."""
        for scope in program.scopes:
            if scope.kind in ("function", "class"):
                self._by_name.setdefault(scope.name, []).append(scope)
        for site in program.all_calls("getattr", "run"):
            self._looked_up.setdefault(site.scope, []).append(site)
        if not self.has_work:
            self._live.update(program.scopes)
            return
        for module in program.modules.values():
            self._mark(module.top)
        self._spread()
        if any(self.runs(site) for site in program.dynamic_sites):
            self._live.update(program.scopes)

    def runs(self, site: CallSite) -> bool:
        """Return whether a call can run."""
        if site.guarded and site.scope.module is not self._evaluator.program.entry:
            return False
        return site.scope in self._live

    def scope_runs(self, scope: Scope) -> bool:
        """Return whether a scope's body can run."""
        return scope in self._live

    def nodes(self, module: ModuleIndex) -> Iterator[tuple[ast.AST, Scope]]:
        """Yield every node of a module that can run, with its scope."""
        return ((node, scope) for node, scope in with_scopes(module) if scope in self._live)

    def _mark(self, scope: Scope) -> None:
        if scope not in self._live:
            self._live.add(scope)
            self._todo.append(scope)

    def _spread(self) -> None:
        program = self._evaluator.program
        inner: dict[Scope, list[Scope]] = {}
        for scope in program.scopes:
            if scope.parent is not None:
                inner.setdefault(scope.parent, []).append(scope)
        while self._todo:
            scope = self._todo.pop()
            for child in inner.get(scope, ()):
                if child.kind in ("lambda", "comprehension"):
                    self._mark(child)
                elif child.kind == "function" and _is_registered(child):
                    self._mark(child)
                elif child.kind == "class" and _is_registered(child):
                    self._use(child)
            entry = scope.module is program.entry
            names = scope.loads | scope.guarded_loads if entry else scope.loads
            for name in names:
                self._name(name, scope)
            for node, guarded in scope.attribute_loads:
                if entry or not guarded:
                    self._attribute(node.attr)
            for site in self._looked_up.get(scope, ()):
                if entry or not site.guarded:
                    self._lookup(site)

    def _name(self, name: str, scope: Scope) -> None:
        found = scope.lookup(name)
        if found is None:
            if scope.module.stars:
                for target in self._by_name.get(name, ()):
                    if target.parent is not None and target.parent.kind == "module":
                        self._use(target)
            return
        for binding in found[1]:
            if binding.target is not None:
                self._use(binding.target)
            elif binding.kind == "import":
                for value in self._evaluator.imported(binding.dotted, scope.module):
                    if isinstance(value, Function | Class):
                        self._use(value.scope)

    def _lookup(self, site: CallSite) -> None:
        """Mark every method or function that ``getattr(object, name)`` may return, by the names that it can get.

        ``tf.app.run()`` runs the script's ``main``.
        """
        if any(name in _MAIN_CALLERS for name in self._evaluator.names(site.node, site.scope)):
            self._name("main", self._evaluator.program.entry.top)
            return
        if len(site.node.args) < 2 or getattr(site.node.func, "id", "") != "getattr":
            return
        names = self._evaluator.values(site.node.args[1], site.scope)
        holders = self._evaluator.values(site.node.args[0], site.scope)
        for name in names:
            if isinstance(name, Constant):
                self._attribute(str(name.value))
            elif all(
                isinstance(holder, Reference | LibraryObject) and holder.name != "sys.modules[]"
                for holder in holders
            ):
                continue
            else:
                beginning = (
                    name.parts[0]
                    if isinstance(name, StringTemplate) and isinstance(name.parts[0], str)
                    else ""
                )
                for known in self._by_name:
                    if known.startswith(beginning):
                        self._attribute(known)
            if any(isinstance(holder, Reference) and holder.name == "sys.modules[]" for holder in holders):
                for scope in [s for scopes in self._by_name.values() for s in scopes]:
                    if scope.name in self._attributes and scope.parent is self._evaluator.program.entry.top:
                        self._use(scope)

    def _attribute(self, name: str) -> None:
        if name in self._attributes:
            return
        self._attributes.add(name)
        for target in self._by_name.get(name, ()):
            parent = target.parent
            if parent is None:
                continue
            if parent.kind == "module" and (target.module is not self._evaluator.program.entry):
                self._use(target)
            elif parent.kind == "class" and parent in self._live:
                self._use(target)

    def _use(self, target: Scope) -> None:
        if target in self._live:
            return
        self._mark(target)
        if target.kind != "class":
            return
        self._classes.append(target)
        local, foreign = self._evaluator.ancestry(target)
        for base in local[1:]:
            self._use(base)
        hooks = any(name not in ("builtins.object", "abc.ABC", "typing.NamedTuple") for name in foreign)
        for owner in local:
            for bindings in owner.bindings.values():
                for binding in bindings:
                    method = binding.target
                    if method is None or method.kind not in ("function", "class"):
                        continue
                    special = method.name.startswith("__") and method.name.endswith("__")
                    if hooks or special or method.name in self._attributes or owner is not target:
                        self._use(method)


def does_nothing(evaluator: Evaluator) -> bool:
    """Return whether starting the script certainly does nothing: no code runs that does more than prepare or define.

    A local module that the script imports runs its own module-level code. An unknown library may do anything when
    it is imported, and a decorator may register a function for it.
    """
    program = evaluator.program
    if _has_work(evaluator) or any(program.dynamic_sites) or program.unreadable:
        return False
    if any(_is_registered(scope) for module in program.modules.values() for scope in module.scopes):
        return False
    for module in program.modules.values():
        if module.guard is not None and module is program.entry:
            return False
        for site in module.calls:
            if site.scope is not module.top or site.guarded:
                continue
            names = evaluator.names(site.node, site.scope)
            if not names or not all(_only_prepares(name) for name in names):
                return False
    return all(
        _is_known(evaluator, name, module)
        for module in program.modules.values()
        for name, _ in module.imports
    )


def _only_prepares(name: str) -> bool:
    return not name.startswith("?") and name.startswith(_PREPARING)


def _is_known(evaluator: Evaluator, dotted: str, module: ModuleIndex) -> bool:
    """Return whether an import runs no code that is unknown."""
    absolute = absolute_name(dotted, module.package)
    if absolute is None:
        return False
    top = absolute.partition(".")[0]
    known = top in sys.stdlib_module_names or table().library(top) is not None
    return known or evaluator.program.local(absolute) is not None


def _is_registered(scope: Scope) -> bool:
    """Return whether a decorator registers the function for another caller (a command, a hook)."""
    node = scope.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        if name not in _WRAPPERS:
            return True
    return False


# Calls at module level that only prepare. A module with no other calls is written to be imported.
_PREPARING = (
    "logging.",
    "warnings.",
    "sys.",
    "os.",
    "builtins.print",
    "random.",
    "numpy.random.",
    "torch.manual_seed",
    "?.",
)


def _has_work(evaluator: Evaluator) -> bool:
    """Return whether the script does any work: it has a main guard, or module-level calls that do more than prepare."""
    entry = evaluator.program.entry
    if entry.guard is not None:
        return True
    if any(isinstance(s, ast.For | ast.While | ast.With | ast.Try) for s in entry.tree.body):
        return True
    statements = {id(s.value) for s in entry.tree.body if isinstance(s, ast.Expr)}
    for site in entry.calls:
        if site.scope is not entry.top:
            continue
        names = evaluator.names(site.node, site.scope)
        values = evaluator.values(site.node.func, site.scope)
        if any(isinstance(v, Function) for v in values):
            return True
        if id(site.node) in statements:
            if any(not name.startswith(_PREPARING) for name in names):
                return True
        elif any(isinstance(row, Trains | Saves) for name in names for row in table().match(name)):
            return True
    return False
