"""Code of a file that sets a field of a configuration object, or derives a class from the object's."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

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
        self._source = source
        self._files = files
        self._classes = {(one.path, one.name) for one in classes}
        self._names = {name for _, name in self._classes}
        self._objects = frozenset(objects)

    def derived(self) -> Iterator[str]:
        """Yield the classes of the file that derive from one of the classes."""
        for name, node in self._source.classes.items():
            if any(self._is_class(base) for base in node.bases):
                yield name

    def sets(self, field: str) -> bool:
        """Return whether the file passes the field to one of the classes, or sets it on an object of one."""
        top = self._holders(self._source.tree)
        for scope in [self._source.tree, *(n for n in walk(self._source.tree) if isinstance(n, Function))]:
            holders = top | self._holders(scope) | self._annotated(scope)
            if any(self._is_store(node, field, holders) for node in _within(scope)):
                return True
        return False

    def _is_store(self, node: ast.AST, field: str, holders: frozenset[str]) -> bool:
        if isinstance(node, ast.Attribute) and node.attr == field and isinstance(node.ctx, ast.Store):
            return self._is_object(node.value, holders)
        if not isinstance(node, ast.Call):
            return False
        if any(keyword.arg == field for keyword in node.keywords):
            return self._is_class(node.func)
        is_setattr = isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) == 3
        if not is_setattr or not self._is_object(node.args[0], holders):
            return False
        name = node.args[1]
        return not isinstance(name, ast.Constant) or name.value == field

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
