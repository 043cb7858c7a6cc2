"""Code of a file that sets a field of a configuration object, or derives a class from the object's."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from flake8_training.engine.syntax.nodes import walk
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.name_resolution import bound
from training_alignment.artefacts.source import Files, Source

Function = ast.FunctionDef | ast.AsyncFunctionDef


class FieldStores:
    """The stores of one file to objects of some classes. ``objects`` are names and attributes that hold one anyway."""

    def __init__(
        self, source: Source, files: Files, classes: Iterable[Configuration], objects: Iterable[str] = ()
    ) -> None:
        self.path = source.path
        self._source = source
        self._files = files
        self._classes = {(one.path, one.name) for one in classes}
        self._names = {name for _, name in self._classes}
        self._objects = frozenset(objects)

    @cached_property
    def derived(self) -> tuple[str, ...]:
        """Return the classes of the file that derive from one of the classes."""
        named = self._source.classes.items()
        return tuple(name for name, node in named if any(self._is_class(base) for base in node.bases))

    @cached_property
    def _fields(self) -> tuple[frozenset[str], bool]:
        """Return the fields that the file sets, and whether it sets some under unknown names."""
        tree = self._source.tree
        top = self._holders(tree)
        found: set[str] = set()
        is_open = False
        for scope in [tree, *(node for node in walk(tree) if isinstance(node, Function))]:
            holders = top | self._holders(scope) | self._annotated(scope)
            for node in _within(scope):
                for field in self._stored(node, holders):
                    is_open = is_open or field is None
                    found.update([field] if field is not None else [])
        return frozenset(found), is_open

    def sets(self, field: str) -> bool:
        """Return whether the file passes the field to one of the classes, or sets it on an object of one."""
        fields, is_open = self._fields
        return is_open or field in fields

    def _stored(self, node: ast.AST, holders: frozenset[str]) -> Iterator[str | None]:
        """Yield the fields that a node sets on an object of the classes; None for an unknown name."""
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if self._is_object(node.value, holders):
                yield node.attr
        elif isinstance(node, ast.Call):
            if node.keywords and self._is_class(node.func):
                yield from (keyword.arg for keyword in node.keywords if keyword.arg is not None)
            is_setattr = isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) == 3
            if is_setattr and self._is_object(node.args[0], holders):
                name = node.args[1]
                is_known = isinstance(name, ast.Constant) and isinstance(name.value, str)
                yield str(name.value) if is_known and isinstance(name, ast.Constant) else None

    def _is_object(self, node: ast.expr, holders: frozenset[str]) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr in self._objects
        return isinstance(node, ast.Name) and node.id in holders | self._objects

    def _is_class(self, node: ast.expr) -> bool:
        """Return whether an expression is one of the classes; a name that leads nowhere may be."""
        found = bound(self._source, self._files, node) if isinstance(node, ast.Name | ast.Attribute) else None
        if found is None:
            dotted = self._source.dotted(node) or ""
            return dotted.rpartition(".")[2] in self._names
        return (found.path, found.name) in self._classes or (found.path is None and found.name in self._names)

    def _holders(self, scope: ast.AST) -> frozenset[str]:
        """Return the names that a scope binds to a new object of one of the classes."""
        found: set[str] = set()
        for node in _within(scope):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) else None
            if isinstance(value, ast.Call) and self._makes(value.func):
                found.update(target.id for target in targets if isinstance(target, ast.Name))
        return frozenset(found)

    def _makes(self, function: ast.expr) -> bool:
        """Return whether a call makes an object: of the class, or by a method of the class (``Config.load()``)."""
        return self._is_class(function) or (
            isinstance(function, ast.Attribute) and self._is_class(function.value)
        )

    def _annotated(self, scope: ast.AST) -> frozenset[str]:
        """Return the parameters of a function that are annotated with one of the classes."""
        arguments = scope.args if isinstance(scope, Function) else None
        if arguments is None:
            return frozenset()
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        return frozenset(
            one.arg
            for one in every
            if one.annotation is not None
            and any(
                self._is_class(node)
                for node in walk(one.annotation)
                if isinstance(node, ast.Name | ast.Attribute)
            )
        )


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope without those of the functions in it."""
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, Function):
            todo.extend(ast.iter_child_nodes(node))
