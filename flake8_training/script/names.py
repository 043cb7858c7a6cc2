"""One pass over a tree: scopes, what binds each name, imports, calls, and what is stored where.

Nothing is evaluated here and nothing is recursive: a tree may be as deep as the parser lets it be.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ScopeNode = (
    ast.Module | FunctionNode | ast.ClassDef | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
)

# Steps from the bound expression to the name: an index of a tuple, or one of these.
ELEMENT = "element"  # an element of what is iterated over
ENTERED = "entered"  # what a context manager gives
REST = "rest"  # what a starred target takes
ADDED = "added"  # one operand of an augmented assignment


@dataclass(slots=True, eq=False)
class Binding:
    """One thing that gives a name its value.

    ``kind`` is "value" (``value`` reached by ``steps``), "import" (``dotted``), "scope" (a function or class:
    ``scope``), "parameter" or "opaque" (an exception, a match capture: nothing is known).
    """

    kind: str
    node: ast.AST
    scope: Scope
    value: ast.expr | None = None
    steps: tuple[int | str, ...] = ()
    dotted: str = ""
    target: Scope | None = None


@dataclass(slots=True, eq=False)
class CallSite:
    """One call, the scope it stands in, and whether only the main guard leads to it."""

    node: ast.Call
    scope: Scope
    guarded: bool

    @property
    def line(self) -> int:
        return self.node.lineno


@dataclass(slots=True, eq=False)
class Store:
    """``target.attribute = value`` or ``target[key] = value``."""

    target: ast.expr
    key: str | ast.expr
    value: ast.expr
    scope: Scope
    steps: tuple[int | str, ...] = ()


@dataclass(slots=True, eq=False)
class Scope:
    """A module, function, class, lambda or comprehension."""

    node: ScopeNode
    kind: str
    name: str
    parent: Scope | None
    module: ModuleNames
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    returns: list[ast.expr] = field(default_factory=list)
    yields: bool = False
    loads: set[str] = field(default_factory=set)
    attribute_loads: list[tuple[ast.Attribute, bool]] = field(default_factory=list)
    guarded_loads: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    """Names declared ``global``."""
    nonlocals: set[str] = field(default_factory=set)
    """Names declared ``nonlocal``."""

    def bind(self, name: str, binding: Binding) -> None:
        if name in self.nonlocals:
            # the function around may bind the name further down
            self.module.postponed.append((self, name, binding))
        else:
            owner = self.module.top if name in self.globals else self
            owner.bindings.setdefault(name, []).append(binding)

    def outer_owner(self, name: str) -> Scope:
        """The function around that owns a name declared ``nonlocal`` here."""
        scope = self.parent
        while scope is not None:
            if scope.kind == "function" and name in scope.bindings:
                return scope
            scope = scope.parent
        return self.module.top

    @property
    def function(self) -> Scope | None:
        """The nearest function or lambda around, itself included."""
        scope: Scope | None = self
        while scope is not None and scope.kind not in ("function", "lambda"):
            scope = scope.parent
        return scope

    @property
    def owner(self) -> Scope | None:
        """The class whose method this is, if it is one."""
        return (
            self.parent if self.kind == "function" and self.parent and self.parent.kind == "class" else None
        )

    def lookup(self, name: str) -> tuple[Scope, list[Binding]] | None:
        """The scope that binds a name as seen from here, by Python's rules, and its bindings there."""
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


class ModuleNames:
    """The names of one module. ``package`` is its dotted package, ``""`` for a script."""

    def __init__(self, tree: ast.Module, path: str, package: str = "") -> None:
        self.tree = tree
        self.path = path
        self.package = package
        self.top = Scope(tree, "module", "", None, self)
        self.scopes: list[Scope] = [self.top]
        self.scope_of: dict[ast.AST, Scope] = {tree: self.top}
        self.calls: list[CallSite] = []
        self.calls_by_name: dict[str, list[CallSite]] = {}
        self.attribute_stores: dict[str, list[Store]] = {}
        self.subscript_stores: list[Store] = []
        self.subscript_loads: list[tuple[ast.Subscript, Scope]] = []
        self.containments: list[tuple[ast.Compare, Scope]] = []
        self.imports: list[tuple[str, ast.stmt]] = []
        self.stars: list[str] = []
        self.guard: ast.If | None = None
        self.name_loads: dict[str, list[tuple[ast.Name, Scope]]] = {}
        self.texts: list[tuple[ast.Constant, Scope]] = []
        """Every literal text, the documentation of functions and classes included."""
        self.effects: set[int] = set()
        """The identities of the calls that are statements: nobody takes their results."""
        self.dynamic = False
        """Whether exec, eval, globals() or the like make any name possible."""
        self.postponed: list[tuple[Scope, str, Binding]] = []
        """Bindings of names declared ``nonlocal``, until every function's own names are known."""
        _Walk(self).run()
        for scope, name, binding in self.postponed:
            scope.outer_owner(name).bindings.setdefault(name, []).append(binding)


def is_main_guard(node: ast.AST) -> bool:
    """Whether ``node`` is ``if __name__ == "__main__":``, either way round."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and len(node.test.ops) == 1):
        return False
    if not isinstance(node.test.ops[0], ast.Eq):
        return False
    sides = (node.test.left, node.test.comparators[0])
    names = [s.id for s in sides if isinstance(s, ast.Name)]
    texts = [s.value for s in sides if isinstance(s, ast.Constant)]
    return names == ["__name__"] and texts == ["__main__"]


def last_name(function: ast.expr) -> str:
    """The last identifier of what is called: ``save`` of ``torch.save``, ``""`` where there is none."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


class _Walk:
    """The pass itself: a stack of (node, scope, guarded), children pushed in reverse to keep source order."""

    def __init__(self, module: ModuleNames) -> None:
        self.module = module
        self.stack: list[tuple[ast.AST, Scope, bool]] = []

    def run(self) -> None:
        self._push(self.module.tree.body, self.module.top, False)
        stack, handlers = self.stack, self._HANDLERS
        while stack:
            node, scope, guarded = stack.pop()
            handler = handlers.get(type(node))
            if handler is None:
                self._children(node, scope, guarded)
            else:
                handler(self, node, scope, guarded)

    def _push(self, nodes: list[ast.stmt] | list[ast.expr], scope: Scope, guarded: bool) -> None:
        self.stack.extend((n, scope, guarded) for n in reversed(nodes))

    def _children(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        found: list[tuple[ast.AST, Scope, bool]] = []
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append((value, scope, guarded))
            elif isinstance(value, list):
                found.extend((item, scope, guarded) for item in value if isinstance(item, ast.AST))
        found.reverse()
        self.stack.extend(found)

    # -- scopes

    def _inner(self, node: ScopeNode, kind: str, name: str, parent: Scope) -> Scope:
        scope = Scope(node, kind, name, parent, self.module)
        self.module.scopes.append(scope)
        self.module.scope_of[node] = scope
        return scope

    def _function(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        named = not isinstance(node, ast.Lambda)
        inner = self._inner(node, "function" if named else "lambda", getattr(node, "name", "<lambda>"), scope)
        for argument in parameters(node):
            inner.bindings[argument.arg] = [Binding("parameter", argument, inner)]
        if isinstance(node, ast.Lambda):
            inner.returns.append(node.body)
            self.stack.append((node.body, inner, guarded))
        else:
            scope.bind(node.name, Binding("scope", node, scope, target=inner))
            inner.globals, inner.nonlocals = _declared_outer(node)
            self._push(node.body, inner, guarded)
            self._push(node.decorator_list, scope, guarded)
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self.stack.append((default, scope, guarded))

    def _class(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.ClassDef)
        inner = self._inner(node, "class", node.name, scope)
        inner.globals, inner.nonlocals = _declared_outer(node)
        scope.bind(node.name, Binding("scope", node, scope, target=inner))
        self._push(node.body, inner, guarded)
        for keyword in node.keywords:
            self.stack.append((keyword.value, scope, guarded))
        self._push(node.bases, scope, guarded)
        self._push(node.decorator_list, scope, guarded)

    def _comprehension(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, COMPREHENSIONS)
        inner = self._inner(node, "comprehension", "", scope)
        for number, generator in enumerate(node.generators):
            # what the first one goes through is evaluated outside, before there is an inside
            around = scope if number == 0 else inner
            self._bind_target(generator.target, generator.iter, (ELEMENT,), inner, generator.iter, around)
            self.stack.append((generator.iter, around, guarded))
            self._push(generator.ifs, inner, guarded)
        if isinstance(node, ast.DictComp):
            self._push([node.key, node.value], inner, guarded)
        else:
            self.stack.append((node.elt, inner, guarded))

    # -- bindings

    def _bind_target(
        self,
        target: ast.expr,
        value: ast.expr,
        steps: tuple[int | str, ...],
        scope: Scope,
        node: ast.AST,
        around: Scope | None = None,
    ) -> None:
        """Bind a target in ``scope`` to a value that stands in ``around``, by default the same scope."""
        around = around or scope
        todo: list[tuple[ast.expr, tuple[int | str, ...]]] = [(target, steps)]
        while todo:
            item, path = todo.pop()
            if isinstance(item, ast.Name):
                scope.bind(item.id, Binding("value", node, around, value=value, steps=path))
            elif isinstance(item, ast.Tuple | ast.List):
                starred = any(isinstance(e, ast.Starred) for e in item.elts)
                for index, element in enumerate(item.elts):
                    if isinstance(element, ast.Starred):
                        todo.append((element.value, (*path, REST)))
                    else:
                        todo.append((element, (*path, ELEMENT if starred else index)))
            elif isinstance(item, ast.Attribute):
                store = Store(item.value, item.attr, value, around, path)
                self.module.attribute_stores.setdefault(item.attr, []).append(store)
            elif isinstance(item, ast.Subscript):
                self.module.subscript_stores.append(Store(item.value, item.slice, value, around, path))

    def _assign(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            direct = isinstance(node.value, ast.Tuple | ast.List) and isinstance(target, ast.Tuple | ast.List)
            if direct and _pairwise(target, node.value):
                for one, value in zip(target.elts, node.value.elts, strict=True):  # type: ignore[attr-defined]
                    self._bind_target(one, value, (), scope, node)
            else:
                self._bind_target(target, node.value, (), scope, node)
            self._stored(target, scope, guarded)
        self.stack.append((node.value, scope, guarded))

    def _stored(self, target: ast.expr, scope: Scope, guarded: bool) -> None:
        """Visit what a target computes (the object and index of ``a[i] = ...``), not the names it binds."""
        todo = [target]
        while todo:
            item = todo.pop()
            if isinstance(item, ast.Tuple | ast.List):
                todo.extend(item.elts)
            elif isinstance(item, ast.Starred):
                todo.append(item.value)
            elif isinstance(item, ast.Subscript):
                self.stack.append((item.slice, scope, guarded))
                self.stack.append((item.value, scope, guarded))
            elif isinstance(item, ast.Attribute):
                self.stack.append((item.value, scope, guarded))

    def _ann_assign(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.AnnAssign)
        if node.value is not None:
            self._bind_target(node.target, node.value, (), scope, node)
            self.stack.append((node.value, scope, guarded))
        elif isinstance(node.target, ast.Name):
            scope.bind(node.target.id, Binding("opaque", node, scope))
        self._stored(node.target, scope, guarded)

    def _aug_assign(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.AugAssign)
        self._bind_target(node.target, node.value, (ADDED,), scope, node)
        if isinstance(node.target, ast.Name):
            scope.loads.add(node.target.id)
        self._stored(node.target, scope, guarded)
        self.stack.append((node.value, scope, guarded))

    def _named(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.NamedExpr)
        holder = scope
        while holder.kind == "comprehension" and holder.parent is not None:
            holder = holder.parent
        self._bind_target(node.target, node.value, (), holder, node, scope)
        self.stack.append((node.value, scope, guarded))

    def _for(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.For | ast.AsyncFor)
        self._bind_target(node.target, node.iter, (ELEMENT,), scope, node)
        self._push(node.orelse, scope, guarded)
        self._push(node.body, scope, guarded)
        self.stack.append((node.iter, scope, guarded))

    def _with(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.With | ast.AsyncWith)
        self._push(node.body, scope, guarded)
        for item in reversed(node.items):
            if item.optional_vars is not None:
                self._bind_target(item.optional_vars, item.context_expr, (ENTERED,), scope, node)
            self.stack.append((item.context_expr, scope, guarded))

    def _except(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.ExceptHandler)
        if node.name:
            scope.bind(node.name, Binding("opaque", node, scope))
        self._children(node, scope, guarded)

    def _capture(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name:
            scope.bind(name, Binding("opaque", node, scope))
        self._children(node, scope, guarded)

    # -- imports

    def _import(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Import)
        for alias in node.names:
            self.module.imports.append((alias.name, node))
            dotted = alias.name if alias.asname else alias.name.partition(".")[0]
            scope.bind(alias.asname or dotted, Binding("import", node, scope, dotted=dotted))

    def _import_from(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.ImportFrom)
        source = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.module.stars.append(source)
                self.module.imports.append((source, node))
                continue
            joint = "" if source.endswith(".") else "."
            self.module.imports.append((f"{source}{joint}{alias.name}", node))
            dotted = f"{source}{joint}{alias.name}"
            scope.bind(alias.asname or alias.name, Binding("import", node, scope, dotted=dotted))

    # -- uses

    def _name(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Load):
            (scope.guarded_loads if guarded else scope.loads).add(node.id)
            self.module.name_loads.setdefault(node.id, []).append((node, scope))

    def _attribute(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Attribute)
        if isinstance(node.ctx, ast.Load):
            scope.attribute_loads.append((node, guarded))
        self.stack.append((node.value, scope, guarded))

    def _subscript(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Subscript)
        if isinstance(node.ctx, ast.Load):
            self.module.subscript_loads.append((node, scope))
        self._children(node, scope, guarded)

    def _compare(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Compare)
        if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            self.module.containments.append((node, scope))
        self._children(node, scope, guarded)

    def _call(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Call)
        site = CallSite(node, scope, guarded)
        self.module.calls.append(site)
        name = last_name(node.func)
        self.module.calls_by_name.setdefault(name, []).append(site)
        if isinstance(node.func, ast.Name):
            here = name in ("locals", "vars") and not node.args and scope.kind == "module"
            if here or name in ("exec", "eval", "globals"):
                self.module.dynamic = True
        self._children(node, scope, guarded)

    def _return(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Return)
        if node.value is not None:
            scope.returns.append(node.value)
            self.stack.append((node.value, scope, guarded))

    def _yield(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Yield | ast.YieldFrom)
        if node.value is not None:
            scope.returns.append(node.value)
        scope.yields = True
        self._children(node, scope, guarded)

    def _if(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.If)
        if scope.kind == "module" and is_main_guard(node):
            self.module.guard = self.module.guard or node
            self._push(node.orelse, scope, guarded)
            self._push(node.body, scope, True)
        else:
            self._push(node.orelse, scope, guarded)
            self._push(node.body, scope, guarded)
            self.stack.append((node.test, scope, guarded))

    def _constant(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, str):
            self.module.texts.append((node, scope))

    def _statement(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        assert isinstance(node, ast.Expr)
        if isinstance(node.value, ast.Call):
            self.module.effects.add(id(node.value))
        self.stack.append((node.value, scope, guarded))

    _HANDLERS: ClassVar[dict[type[ast.AST], Callable[[_Walk, ast.AST, Scope, bool], None]]] = {
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.Lambda: _function,
        ast.ClassDef: _class,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.DictComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.Assign: _assign,
        ast.AnnAssign: _ann_assign,
        ast.AugAssign: _aug_assign,
        ast.NamedExpr: _named,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.ExceptHandler: _except,
        ast.MatchAs: _capture,
        ast.MatchStar: _capture,
        ast.MatchMapping: _capture,
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.Compare: _compare,
        ast.Call: _call,
        ast.Return: _return,
        ast.Yield: _yield,
        ast.YieldFrom: _yield,
        ast.If: _if,
        ast.Constant: _constant,
        ast.Expr: _statement,
    }


def parameters(node: FunctionNode) -> Iterator[ast.arg]:
    """Every parameter of a function, in order, the starred ones last."""
    yield from node.args.posonlyargs
    yield from node.args.args
    yield from node.args.kwonlyargs
    if node.args.vararg:
        yield node.args.vararg
    if node.args.kwarg:
        yield node.args.kwarg


def _pairwise(target: ast.expr, value: ast.expr) -> bool:
    """Whether ``a, b = x, y`` pairs one by one."""
    targets, values = target.elts, value.elts  # type: ignore[attr-defined]
    return len(targets) == len(values) and not any(isinstance(e, ast.Starred) for e in (*targets, *values))


def _declared_outer(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> tuple[set[str], set[str]]:
    """Names that a function or class declares global, and nonlocal, wherever in its statements."""
    outermost: set[str] = set()
    around: set[str] = set()
    todo: list[ast.AST] = list(node.body)
    while todo:
        item = todo.pop()
        if isinstance(item, ast.Global):
            outermost.update(item.names)
        elif isinstance(item, ast.Nonlocal):
            around.update(item.names)
        elif isinstance(item, ast.stmt | ast.ExceptHandler) and not isinstance(
            item, (*FUNCTIONS, ast.ClassDef)
        ):
            for name in ("body", "orelse", "finalbody", "handlers"):
                todo.extend(getattr(item, name, ()))
            todo.extend(s for case in getattr(item, "cases", ()) for s in case.body)
    return outermost, around
