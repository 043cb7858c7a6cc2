"""The bindings of a name that can reach a use of it, by statement order.

A launcher runs from top to bottom: it may bind ``hyperparameters = {...}`` once for each job, and each job uses the
last binding before it. The order of bindings in an enclosing function or module is unknown.
"""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.nodes import inner
from flake8_training.engine.syntax.scopes import ADDED, Binding, ModuleIndex, Scope
from flake8_training.engine.values.values import DICTS
from flake8_training.record import Record

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_RECORDED = (ast.stmt, ast.Name, ast.ExceptHandler, ast.match_case, *DICTS)
_Point = tuple[int, int]
_START: _Point = (-1, -1)


class _Blocks(Record):
    """The blocks around a statement, outermost first, and the loops whose body contains it."""

    blocks: tuple[int, ...]
    loops: tuple[int, ...]


class ReachingBindings:
    """The order of one module's statements."""

    def __init__(self, module: ModuleIndex) -> None:
        self._where: dict[int, _Blocks] = {}
        self._always: set[int] = set()
        """Blocks that run whenever their statement does: the bodies of loops and ``with``."""
        self._other_branch: dict[int, int] = {}
        """The other branch of an ``if``, by branch."""
        self._left: set[int] = set()
        """Blocks that end with raise, return, continue or break: no statement after theirs follows them."""
        self._read(module)

    def _read(self, module: ModuleIndex) -> None:
        """Record the blocks of each statement, name and dict. The walk is iterative: the tree may be deep."""
        stack: list[tuple[ast.AST, _Blocks, Scope]] = [(module.tree, _Blocks((), ()), module.top)]
        while stack:
            node, where, scope = stack.pop()
            scope = module.scope_of.get(node, scope)
            if isinstance(node, _RECORDED):
                self._where[id(node)] = where
            for name in inner(type(node)):
                value = getattr(node, name)
                if isinstance(value, ast.AST):
                    stack.append((value, where, scope))
                elif isinstance(value, list) and value:
                    within = where
                    if isinstance(value[0], ast.stmt):
                        looping = isinstance(node, _LOOPS) and name == "body"
                        loops = (*where.loops, id(node)) if looping else where.loops
                        within = _Blocks((*where.blocks, id(value)), loops)
                        self._record_block(node, name, value)
                    stack.extend([(item, within, scope) for item in value if isinstance(item, ast.AST)])

    def _record_block(self, node: ast.AST, name: str, block: list[ast.stmt]) -> None:
        if isinstance(node, ast.With | ast.AsyncWith) or (isinstance(node, _LOOPS) and name == "body"):
            self._always.add(id(block))
        if isinstance(node, ast.If) and node.orelse:
            other = node.orelse if name == "body" else node.body
            self._other_branch[id(block)] = id(other)
        if isinstance(block[-1], ast.Raise | ast.Return | ast.Continue | ast.Break):
            self._left.add(id(block))

    def reaching(self, bindings: list[Binding], owner: Scope, use: ast.Name, scope: Scope) -> list[Binding]:
        """Return the bindings in ``owner`` that can reach ``use``, which is in ``scope``."""
        where = self._where.get(id(use))
        if where is None or _holder(scope) is not owner:
            return bindings
        point = (use.lineno, use.col_offset)
        earlier = sorted((b for b in bindings if _point(b) <= point), key=_point, reverse=True)
        kept: list[Binding] = []
        certain: Binding | None = None
        covered = set(self._left)
        for binding in earlier:
            kept.append(binding)
            if self._is_certain(binding, where) or self._is_covered(binding, where, covered):
                certain = binding
                break
        loops = set(where.loops)
        if certain is not None:
            loops -= set(self._where[id(certain.node)].loops) if id(certain.node) in self._where else set()
            if isinstance(certain.node, ast.For | ast.AsyncFor):
                loops.discard(id(certain.node))
        for binding in bindings:
            place = self._where.get(id(binding.node))
            if _point(binding) > point and place is not None and loops.intersection(place.loops):
                kept.append(binding)
        return [b for b in bindings if b in kept] or bindings

    def same_block(self, one: ast.AST, other: ast.AST) -> bool:
        """Return whether the first node runs whenever the second does: no branch contains it alone.

        The body of a loop counts as run.
        """
        first, second = self._where.get(id(one)), self._where.get(id(other))
        if first is None or second is None:
            return False
        shared = len(second.blocks)
        return first.blocks[:shared] == second.blocks and self._always.issuperset(first.blocks[shared:])

    def _is_covered(self, binding: Binding, use: _Blocks, covered: set[int]) -> bool:
        """Return whether, with this binding, every branch before the use has a binding."""
        node = binding.node
        place = self._where.get(id(node))
        if place is None or binding.steps == (ADDED,) or not isinstance(node, ast.Assign | ast.AnnAssign):
            return False
        blocks = place.blocks
        while blocks and blocks != use.blocks[: len(blocks)]:
            covered.add(blocks[-1])
            if self._other_branch.get(blocks[-1], 0) not in covered:
                return False
            blocks = blocks[:-1]
        return True

    def _is_certain(self, binding: Binding, use: _Blocks) -> bool:
        """Return whether no path reaches the use without this binding."""
        node = binding.node
        if binding.kind == "parameter":
            return True
        if binding.steps == (ADDED,) or not isinstance(node, ast.stmt):
            return False
        if isinstance(node, ast.For | ast.AsyncFor):
            return id(node) in use.loops
        place = self._where.get(id(node))
        return place is not None and place.blocks == use.blocks[: len(place.blocks)]


def _holder(scope: Scope) -> Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _point(binding: Binding) -> _Point:
    """Return the position from which a binding is in effect."""
    node = binding.node
    if binding.kind == "parameter":
        return _START
    if isinstance(node, ast.For | ast.AsyncFor | ast.With | ast.AsyncWith):
        return node.body[0].lineno, node.body[0].col_offset
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
        return node.lineno, node.col_offset
    return getattr(node, "end_lineno", None) or 0, getattr(node, "end_col_offset", None) or 0
