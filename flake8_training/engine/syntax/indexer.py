"""The single pass over a syntax tree that fills a `ModuleIndex`.

The pass evaluates nothing. It uses a stack instead of recursion, so a tree may be as deep as the parser allows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import ClassVar

from flake8_training.engine.syntax.nodes import NODES as _NODES
from flake8_training.engine.syntax.nodes import inner
from flake8_training.engine.syntax.scopes import (
    ADDED,
    COMPREHENSIONS,
    ELEMENT,
    ENTERED,
    FUNCTIONS,
    REST,
    Binding,
    CallSite,
    ModuleIndex,
    Scope,
    ScopeNode,
    Store,
    is_false_guard,
    is_main_guard,
    last_name,
    parameters,
)
from flake8_training.parsing import without_warnings
from flake8_training.resolver import joined


def index_module(tree: ast.Module, path: str, package: str = "") -> ModuleIndex:
    """Return the index of one module. ``package`` is its dotted package, ``""`` for a script."""
    module = ModuleIndex(tree, path, package)
    _Pass(module).run()
    for scope, name, binding in module.postponed:
        scope.outer_owner(name).bindings.setdefault(name, []).append(binding)
    return module


_MAX_LITERAL = 200
"""The longest string that is tried as a literal."""


class _Pass:
    """The pass: a stack of (node, scope, guarded). Children are pushed in reverse to keep source order."""

    def __init__(self, module: ModuleIndex) -> None:
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
        self.stack.extend([(n, scope, guarded) for n in reversed(nodes)])

    def _children(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        # The same as `nodes.children`, but without a list in between: most of the pass's time is spent here.
        stack = self.stack
        for name in inner(type(node)):
            value = getattr(node, name)
            if type(value) is list:
                stack.extend([(item, scope, guarded) for item in reversed(value) if item.__class__ in _NODES])
            elif value.__class__ in _NODES:
                stack.append((value, scope, guarded))

    def _noted(self, node: ast.AST, scope: Scope, guarded: bool) -> None:
        self.module.of_kind.setdefault(type(node), []).append((node, scope))
        self._children(node, scope, guarded)

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
            # Python evaluates the first iterable in the enclosing scope.
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
        """Bind a target in ``scope`` to a value whose own scope is ``around``, by default ``scope``."""
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
        """Visit the expressions inside a target (the object and index of ``a[i] = ...``), not the names it binds."""
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
        if isinstance(node.op, ast.BitOr):
            self.module.additions.append((node, scope))
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
            dotted = joined(source, alias.name)
            self.module.imports.append((dotted, node))
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
        elif isinstance(node.ctx, ast.Del):
            self.module.deletions.append((node, scope))
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
            if here or name == "globals" or (name in ("exec", "eval") and not _is_of_literal(node)):
                self.module.dynamic_sites.append(site)
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
        elif scope.kind == "module" and is_false_guard(node):
            self._push(node.orelse, scope, guarded)
        elif isinstance(node.test, ast.Constant):  # if False: the other branch never runs
            self._push(node.body if node.test.value else node.orelse, scope, guarded)
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

    _HANDLERS: ClassVar[dict[type[ast.AST], Callable[[_Pass, ast.AST, Scope, bool], None]]] = {
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
        ast.Dict: _noted,
        ast.BinOp: _noted,
        ast.FormattedValue: _noted,
        ast.Try: _noted,
    }


def _is_of_literal(node: ast.Call) -> bool:
    """Return whether ``eval`` or ``exec`` gets a literal string that is a literal itself: ``eval("1")``."""
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
        return False
    source = node.args[0].value
    if not isinstance(source, str) or len(source) > _MAX_LITERAL:
        return False
    try:
        with without_warnings():
            ast.literal_eval(source)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return False
    return True


def _pairwise(target: ast.expr, value: ast.expr) -> bool:
    """Return whether ``a, b = x, y`` pairs each target with one value."""
    targets, values = target.elts, value.elts  # type: ignore[attr-defined]
    return len(targets) == len(values) and not any(isinstance(e, ast.Starred) for e in (*targets, *values))


def _declared_outer(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> tuple[set[str], set[str]]:
    """Return the names that a function or class declares global, and nonlocal, in any of its statements."""
    outermost: set[str] = set()
    around: set[str] = set()
    todo: list[ast.AST] = list(node.body)
    while todo:
        item = todo.pop()
        if isinstance(item, ast.Global):
            outermost.update(item.names)
        elif isinstance(item, ast.Nonlocal):
            around.update(item.names)
        else:
            for name in _BLOCKS.get(type(item), ()):
                todo.extend(getattr(item, name))
    return outermost, around


_BLOCKS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name in ("body", "orelse", "finalbody", "handlers", "cases"))
    for kind in _NODES
    if issubclass(kind, ast.stmt | ast.ExceptHandler | ast.match_case)
    and not issubclass(kind, (*FUNCTIONS, ast.ClassDef))
}
"""The fields of a statement, or of a part of one, that hold statements of the same scope."""
