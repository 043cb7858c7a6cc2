"""The index of a module: scopes, bindings, imports, call sites and stores."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ScopeNode = (
    ast.Module | FunctionNode | ast.ClassDef | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
)

# Steps from the bound expression to the name: an index of a tuple, or one of these.
ELEMENT = "element"  # an element of the iterable
ENTERED = "entered"  # the result of a context manager's ``__enter__``
REST = "rest"  # the list that a starred target takes
ADDED = "added"  # one operand of an augmented assignment


class Binding:
    """One binding of a name.

    ``kind`` is "value" (``value`` reached by ``steps``), "import" (``dotted``), "scope" (a function or class:
    ``target``), "parameter" or "opaque" (an exception, a match capture: the value is unknown).
    """

    __slots__ = ("dotted", "kind", "node", "scope", "steps", "target", "value")

    def __init__(
        self,
        kind: str,
        node: ast.AST,
        scope: Scope,
        value: ast.expr | None = None,
        steps: tuple[int | str, ...] = (),
        dotted: str = "",
        target: Scope | None = None,
    ) -> None:
        self.kind = kind
        self.node = node
        self.scope = scope
        self.value = value
        self.steps = steps
        self.dotted = dotted
        self.target = target


class CallSite:
    """One call and its scope. ``guarded``: it is below the main guard."""

    __slots__ = ("guarded", "node", "scope")

    def __init__(self, node: ast.Call, scope: Scope, guarded: bool) -> None:
        self.node = node
        self.scope = scope
        self.guarded = guarded

    @property
    def line(self) -> int:
        """The line of the call, from 1."""
        return self.node.lineno


class Store:
    """``target.attribute = value`` or ``target[key] = value``."""

    __slots__ = ("key", "scope", "steps", "target", "value")

    def __init__(
        self,
        target: ast.expr,
        key: str | ast.expr,
        value: ast.expr,
        scope: Scope,
        steps: tuple[int | str, ...] = (),
    ) -> None:
        self.target = target
        self.key = key
        self.value = value
        self.scope = scope
        self.steps = steps


class Scope:
    """A module, function, class, lambda or comprehension."""

    def __init__(
        self, node: ScopeNode, kind: str, name: str, parent: Scope | None, module: ModuleIndex
    ) -> None:
        self.node = node
        self.kind = kind
        self.name = name
        self.parent = parent
        self.module = module
        self.bindings: dict[str, list[Binding]] = {}
        self.returns: list[ast.expr] = []
        self.yields = False
        self.loads: set[str] = set()
        self.attribute_loads: list[tuple[ast.Attribute, bool]] = []
        self.guarded_loads: set[str] = set()
        self.globals: set[str] = set()
        """Names declared ``global``."""
        self.nonlocals: set[str] = set()
        """Names declared ``nonlocal``."""

    def bind(self, name: str, binding: Binding) -> None:
        """Add a binding to the scope that owns the name: this one, or that of ``global`` or ``nonlocal``."""
        if name in self.nonlocals:
            # An enclosing function may bind the name further down.
            self.module.postponed.append((self, name, binding))
        else:
            owner = self.module.top if name in self.globals else self
            owner.bindings.setdefault(name, []).append(binding)

    def outer_owner(self, name: str) -> Scope:
        """Return the enclosing function that owns a name declared ``nonlocal`` here; otherwise the module's scope."""
        scope = self.parent
        while scope is not None:
            if scope.kind == "function" and name in scope.bindings:
                return scope
            scope = scope.parent
        return self.module.top

    @property
    def function(self) -> Scope | None:
        """The nearest enclosing function or lambda, this scope included."""
        scope: Scope | None = self
        while scope is not None and scope.kind not in ("function", "lambda"):
            scope = scope.parent
        return scope

    @property
    def owner(self) -> Scope | None:
        """The class that this method belongs to; None for any other scope."""
        return (
            self.parent if self.kind == "function" and self.parent and self.parent.kind == "class" else None
        )

    def lookup(self, name: str) -> tuple[Scope, list[Binding]] | None:
        """Return the scope that binds a name as seen from here, by Python's rules, and its bindings; or None."""
        scope: Scope | None = self
        first = True
        while scope is not None:
            if name in scope.globals:
                scope = self.module.top
            if (scope.kind != "class" or first) and name in scope.bindings:
                return scope, scope.bindings[name]
            first = False
            scope = scope.parent
        return None

    def only_binding(self, name: str) -> Binding | None:
        """Return the binding of a name as seen from here; None if the name has several or none."""
        found = self.lookup(name)
        return found[1][0] if found is not None and len(found[1]) == 1 else None

    def only_source(self, name: str) -> ast.expr | None:
        """Return the expression that a name's only binding takes whole; None for a part of one, or another name."""
        binding = self.only_binding(name)
        return binding.value if binding is not None and not binding.steps else None


class ModuleIndex:
    """The index of one module. ``package`` is its dotted package, ``""`` for a script."""

    def __init__(self, tree: ast.Module, path: str, package: str = "") -> None:
        self.tree = tree
        self.path = path
        self.package = package
        self.users = 0
        """The number of programs that use the index, and of stores that keep it for others."""
        self.top = Scope(tree, "module", "", None, self)
        self.scopes: list[Scope] = [self.top]
        self.scope_of: dict[ast.AST, Scope] = {tree: self.top}
        self.calls: list[CallSite] = []
        self.calls_by_name: dict[str, list[CallSite]] = {}
        self.attribute_stores: dict[str, list[Store]] = {}
        self.subscript_stores: list[Store] = []
        self.subscript_loads: list[tuple[ast.Subscript, Scope]] = []
        self.deletions: list[tuple[ast.Subscript, Scope]] = []
        """The items that ``del`` removes."""
        self.additions: list[tuple[ast.AugAssign, Scope]] = []
        """The statements ``target |= value``."""
        self.containments: list[tuple[ast.Compare, Scope]] = []
        self.imports: list[tuple[str, ast.stmt]] = []
        self.stars: list[str] = []
        self.guard: ast.If | None = None
        self.name_loads: dict[str, list[tuple[ast.Name, Scope]]] = {}
        self.texts: list[tuple[ast.Constant, Scope]] = []
        """Every string constant, docstrings included."""
        self.of_kind: dict[type[ast.AST], list[tuple[ast.AST, Scope]]] = {}
        """The dict displays, binary operations, values in f-strings and ``try`` statements, by node class."""
        self.effects: set[int] = set()
        """The identities of the calls that are statements: their results are unused."""
        self.dynamic_sites: list[CallSite] = []
        """The calls of exec, eval, globals() and the like, which make any name possible."""
        self.postponed: list[tuple[Scope, str, Binding]] = []
        """Bindings of names declared ``nonlocal``, kept until every function's own names are known."""

    def close(self) -> None:
        """Release the scopes: they refer to their bindings and back, and would wait for the garbage collector."""
        for scope in self.scopes:
            scope.__dict__.clear()
        self.__dict__.clear()

    @cached_property
    def aliases(self) -> list[tuple[str, frozenset[str]]]:
        """The names bound by imports or to attributes, each with the last names of what it may be."""
        found: list[tuple[str, frozenset[str]]] = []
        for scope in self.scopes:
            for name, bindings in scope.bindings.items():
                meant = {b.dotted.rpartition(".")[2] for b in bindings if b.dotted}
                meant.update(
                    b.value.attr for b in bindings if isinstance(b.value, ast.Attribute) and not b.steps
                )
                if meant:
                    found.append((name, frozenset(meant)))
        return found

    def uses_import(self, is_wanted: Callable[[str], bool]) -> bool:
        """Return whether the module reads a name that a wanted import binds: an import alone is no use."""
        tops = {dotted.partition(".")[0] for dotted, _ in self.imports if is_wanted(dotted)}
        names = {
            name
            for scope in (self.scopes if tops else ())
            for name, bindings in scope.bindings.items()
            if any(b.kind == "import" and (b.dotted in tops or is_wanted(b.dotted)) for b in bindings)
        }
        return any(not names.isdisjoint(scope.loads | scope.guarded_loads) for scope in self.scopes if names)


def is_main_guard(node: ast.AST) -> bool:
    """Return whether ``node`` is ``if __name__ == "__main__":``, with the operands in either order."""
    return _guarded_name(node) == "__main__"


def is_false_guard(node: ast.AST) -> bool:
    """Return whether ``node`` misspells ``if __name__ == "__main__":``, as in ``"main"``: its body never runs."""
    name = _guarded_name(node)
    return name is not None and name != "__main__" and name.strip("_ ").casefold() == "main"


def _guarded_name(node: ast.AST) -> str | None:
    """Return the string that ``if __name__ == ...:`` compares with, or None for another node."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and len(node.test.ops) == 1):
        return None
    if not isinstance(node.test.ops[0], ast.Eq):
        return None
    sides = (node.test.left, node.test.comparators[0])
    names = [s.id for s in sides if isinstance(s, ast.Name)]
    strings = [s.value for s in sides if isinstance(s, ast.Constant) and isinstance(s.value, str)]
    return strings[0] if names == ["__name__"] and len(strings) == 1 else None


def last_name(function: ast.expr) -> str:
    """Return the last identifier of a callee: ``save`` of ``torch.save``, ``""`` if there is none."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def parameters(node: FunctionNode) -> Iterator[ast.arg]:
    """Yield every parameter of a function, in order, the starred ones last."""
    yield from node.args.posonlyargs
    yield from node.args.args
    yield from node.args.kwonlyargs
    if node.args.vararg:
        yield node.args.vararg
    if node.args.kwarg:
        yield node.args.kwarg
