"""One pass over a method's body: calls, attributes, assignments, names and returns."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from flake8_training.engine.syntax.nodes import children
from training_alignment.artefacts.source import CHANGING, Source

Function = ast.FunctionDef | ast.AsyncFunctionDef

CONFIGURATION = ("config", "configuration", "_config", "cfg", "settings")
"""Names of the object that holds a builder's settings."""

_CATCHING = ("AttributeError", "Exception", "BaseException")


def body_of(source: Source, node: Function) -> MethodBody:
    """Return the nodes in the body of a method of a file, collected once."""
    known = source.bodies.get(node)
    if isinstance(known, MethodBody):
        return known
    found = source.bodies[node] = MethodBody(source, node)
    found.read()
    return found


class MethodBody:
    """The relevant nodes in the body of a method; `read` collects them."""

    def __init__(self, source: Source, node: Function) -> None:
        # not the source: it keeps the bodies, and is released without a collection
        self._imports = source.imports
        self.node = node
        arguments = node.args
        self.parameters = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        self.receiver = self.parameters[0] if self.parameters else ""
        self.local: dict[str, ast.expr] = {}
        """Local names with exactly one assignment."""
        self.attributes: list[ast.Attribute] = []
        self.calls: list[ast.Call] = []
        self.stores: list[tuple[str, ast.expr]] = []
        """The values assigned to attributes of the method's object."""
        self.items: list[tuple[ast.Subscript, ast.expr]] = []
        self.returns: list[ast.expr] = []
        self.used: dict[str, ast.Name] = {}
        """Imported names that are used."""
        self.annotations: list[ast.expr] = []
        """Annotations of the attribute that holds the configuration object."""
        self.compared: set[str] = set()
        """Constant strings in comparisons: ``"depth" in config.model_fields``."""
        self.lenient: list[tuple[int, int]] = []
        """First and last lines of ``try`` blocks that catch a missing attribute."""
        self._configurations = {p for p in self.parameters[1:] if p in CONFIGURATION}
        self._assigned_twice: set[str] = set()

    @property
    def known(self) -> Mapping[str, ast.expr]:
        """Return local names with one unchanged value; a dict that a later statement changes is left out."""
        changed = {target.value.id for target, _ in self.items if isinstance(target.value, ast.Name)}
        for call in self.calls:
            function = call.func
            if (
                isinstance(function, ast.Attribute)
                and function.attr in CHANGING
                and isinstance(function.value, ast.Name)
            ):
                changed.add(function.value.id)
        return {name: value for name, value in self.local.items() if name not in changed}

    def is_configuration(self, node: ast.expr) -> bool:
        """Return whether an expression is the configuration object."""
        if isinstance(node, ast.Name):
            return node.id in self._configurations
        return isinstance(node, ast.Attribute) and node.attr in CONFIGURATION and self.is_receiver(node.value)

    def is_receiver(self, node: ast.expr) -> bool:
        """Return whether an expression is the method's own object."""
        return isinstance(node, ast.Name) and node.id == self.receiver

    def read(self) -> None:
        """Collect the nodes of the body."""
        todo: list[ast.AST] = list(reversed(self.node.body))
        while todo:
            node = todo.pop()
            note = _NOTES.get(type(node))
            if note is not None:
                note(self, node)
            todo.extend(children(node))

    def _call(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        self.calls.append(node)

    def _attribute(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Attribute)
        if isinstance(node.ctx, ast.Load):
            self.attributes.append(node)

    def _assign(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            self._store(target, node.value)

    def _bound_again(self, node: ast.AST) -> None:
        """Record the names of a target that is bound repeatedly."""
        target = getattr(node, "target", None)
        for one in ast.walk(target) if target is not None else ():
            if isinstance(one, ast.Name):
                self._again(one.id)

    def _return(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Return)
        if node.value is not None:
            self.returns.append(node.value)

    def _use(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Load) and node.id in self._imports:
            self.used.setdefault(node.id, node)

    def _store(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if target.id in self.local or target.id in self._assigned_twice:
                self._again(target.id)
            else:
                self.local[target.id] = value
                if self.is_configuration(value):
                    self._configurations.add(target.id)
        elif isinstance(target, ast.Attribute) and self.is_receiver(target.value):
            self.stores.append((target.attr, value))
        elif isinstance(target, ast.Subscript):
            self.items.append((target, value))
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                if isinstance(one, ast.Name):
                    self._again(one.id)

    def _again(self, name: str) -> None:
        self.local.pop(name, None)
        self._assigned_twice.add(name)

    def _compare(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)
        for one in (node.left, *node.comparators):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                self.compared.add(one.value)

    def _try(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Try)
        for handler in node.handlers:
            caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            if any(c is None or (isinstance(c, ast.Name) and c.id in _CATCHING) for c in caught):
                if not any(isinstance(inner, ast.Raise) for inner in ast.walk(handler)):
                    self.lenient.append((node.body[0].lineno, node.body[-1].end_lineno or 0))

    def _annotate(self, node: ast.AST) -> None:
        assert isinstance(node, ast.AnnAssign)
        if isinstance(node.target, ast.Attribute) and node.target.attr in CONFIGURATION:
            self.annotations.append(node.annotation)
        if node.value is not None:
            self._store(node.target, node.value)


_NOTES: dict[type, Callable[[MethodBody, ast.AST], None]] = {
    ast.Name: MethodBody._use,
    ast.Call: MethodBody._call,
    ast.Attribute: MethodBody._attribute,
    ast.Assign: MethodBody._assign,
    ast.AnnAssign: MethodBody._annotate,
    ast.AugAssign: MethodBody._bound_again,
    ast.For: MethodBody._bound_again,
    ast.AsyncFor: MethodBody._bound_again,
    ast.comprehension: MethodBody._bound_again,
    ast.NamedExpr: MethodBody._bound_again,
    ast.Return: MethodBody._return,
    ast.Compare: MethodBody._compare,
    ast.Try: MethodBody._try,
}
