"""The classes of one file: their fields and methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from flake8_training.pattern import pattern
from training_alignment.artefacts.class_model import ClassBody, ClassFacts, Field, Method, MethodFacts
from training_alignment.artefacts.method_body import Function
from training_alignment.artefacts.methods import method, method_facts
from training_alignment.artefacts.python_expressions import PythonTree
from training_alignment.artefacts.source import Files, Source
from training_alignment.artefacts.tree import Call, Entry, Located, Name, Node, Place, Scalar, Table

_PRIVATE = ("PrivateAttr",)
_FIELDS = ("Field", "field")
_MAY_STORE_ANY = pattern(rb"setattr|__dict__|\bvars\b")


def class_bodies(source: Source, files: Files) -> tuple[ClassBody, ...]:
    """Return every top-level class of a file; each is read at the first access.

    The syntax tree is not kept: for a late access the file is parsed again.
    """
    return tuple(_body(source, files, node) for node in source.classes.values())


def _body(source: Source, files: Files, node: ast.ClassDef) -> ClassBody:
    return ClassBody(
        node.name,
        source.place(node),
        bases=tuple(
            Located(source.dotted(_unsubscripted(base)) or "", source.place(base)) for base in node.bases
        ),
        decorators=tuple(_decorator(source, d) for d in node.decorator_list),
        methods=tuple(_method(source, files, node.name, one) for one in _methods_in(node)),
        read=partial(_facts, files, source.path, node.name),
    )


def _method(source: Source, files: Files, owner: str, node: Function) -> Method:
    read = partial(_method_facts, files, source.path, owner, node.name, node.lineno)
    return method(source, node, owner, read)


def _facts(files: Files, path: str, name: str) -> ClassFacts:
    source = files.source(path)
    return _ClassReader(PythonTree(source, files, evaluate=False), source.classes[name]).read()


def _method_facts(files: Files, path: str, owner: str, name: str, line: int) -> MethodFacts:
    source = files.source(path)
    node = next(m for m in _methods_in(source.classes[owner]) if (m.name, m.lineno) == (name, line))
    return method_facts(PythonTree(source, files, evaluate=False), node)


def _methods_in(node: ast.ClassDef) -> Iterator[Function]:
    """Yield the methods in a class body, including those under a condition."""
    todo: list[ast.stmt] = list(reversed(node.body))
    while todo:
        statement = todo.pop()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement
        elif isinstance(statement, ast.If | ast.Try):
            todo.extend(reversed(statement.body))


class _ClassReader:
    def __init__(self, reader: PythonTree, node: ast.ClassDef) -> None:
        self.reader = reader
        self.source = reader.source
        self.node = node
        self.fields: list[Field] = []
        self.constants: dict[str, Entry[Node]] = {}
        self.dynamic = False
        self.allows_more = any(
            k.arg == "extra" and isinstance(k.value, ast.Constant) and k.value.value == "allow"
            for k in node.keywords
        )

    def read(self) -> ClassFacts:
        for statement in self.node.body:
            self._statement(statement)
        place = self.source.place(self.node)
        return ClassFacts(tuple(self.fields), Table(self.constants, place), self.allows_more, self.dynamic)

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            self._field(statement, statement.target)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self._constant(target.id, statement.value, self.source.place(target))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            if statement.name in ("__getattr__", "__getattribute__"):
                self.allows_more = self.dynamic = True
            elif not self.dynamic and _stores_any(self.source, statement):
                self.dynamic = True
        elif isinstance(statement, ast.ClassDef) and statement.name == "Config":
            # pydantic's older spelling of model_config
            for inner in statement.body:
                if isinstance(inner, ast.Assign) and any(
                    isinstance(t, ast.Name) and t.id == "extra" for t in inner.targets
                ):
                    self._extra(inner.value)
        elif isinstance(statement, ast.If | ast.Try):
            for inner in statement.body:
                self._statement(inner)

    def _constant(self, name: str, value: ast.expr, place: Place) -> None:
        node = self.reader.node(value)
        self.constants[name] = Entry(Located(name, place), node)
        if name == "model_config":
            extra = node.arguments.get("extra") if isinstance(node, Call) else None
            if isinstance(node, Table):
                extra = node.get("extra")
            if isinstance(extra, Scalar) and (not extra.known or extra.value == "allow"):
                self.allows_more = True

    def _extra(self, value: ast.expr) -> None:
        allows = isinstance(value, ast.Constant) and value.value == "allow"
        if allows or (isinstance(value, ast.Attribute) and value.attr == "allow"):
            self.allows_more = True

    def _field(self, statement: ast.AnnAssign, target: ast.Name) -> None:
        annotation = self.source.written(statement.annotation)
        if "ClassVar" in annotation:
            if statement.value is not None:
                self._constant(target.id, statement.value, self.source.place(target))
            return
        default, required = self._default(statement.value)
        value = statement.value
        name = self.source.dotted(value.func) if isinstance(value, ast.Call) else None
        self.fields.append(
            Field(
                name=Located(target.id, self.source.place(target)),
                owner=self.node.name,
                annotation=annotation,
                default=default,
                required=required,
                private=target.id.startswith("_") or (name or "").rpartition(".")[2] in _PRIVATE,
            )
        )

    def _default(self, value: ast.expr | None) -> tuple[Node | None, bool | None]:
        """Return the default of a field and whether it is required: plain, ``Field(...)`` or ``field(...)``."""
        if value is None:
            return None, True
        node = self.reader.node(value)
        if not (isinstance(node, Call) and node.last_name in (*_FIELDS, *_PRIVATE)):
            if isinstance(value, ast.Constant) and value.value is ...:
                return None, True
            return node, False
        first = value.args[0] if isinstance(value, ast.Call) and value.args else None
        if isinstance(first, ast.Constant) and first.value is ...:
            return None, True
        if node.positional.items:
            return node.positional.items[0], False
        default = node.arguments.get("default")
        if default is not None:
            is_ellipsis = isinstance(value, ast.Call) and any(
                k.arg == "default" and isinstance(k.value, ast.Constant) and k.value.value is ...
                for k in value.keywords
            )
            return (None, True) if is_ellipsis else (default, False)
        if "default_factory" in node.arguments:
            return Scalar(Name("default_factory"), node.place), False
        return None, (True if node.arguments.closed else None)


def _unsubscripted(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base


def _decorator(source: Source, node: ast.expr) -> str:
    return source.dotted(node.func if isinstance(node, ast.Call) else node) or ""


def _stores_any(source: Source, method: Function) -> bool:
    """Return whether a method stores attributes of unknown names in its object: ``setattr(self, name, value)``."""
    if not _MAY_STORE_ANY.search(source.text(method)):
        return False
    first = [*method.args.posonlyargs, *method.args.args][:1]
    return any(
        isinstance(node, ast.Call) and _stores_through(node, receiver.arg)
        for receiver in first
        for node in ast.walk(method)
    )


def _stores_through(call: ast.Call, receiver: str) -> bool:
    """Return whether a call stores attributes of unknown names in the receiver of a method."""
    func = call.func
    if isinstance(func, ast.Name):
        return func.id == "setattr" and len(call.args) > 1 and _is(call.args[0], receiver)
    if isinstance(func, ast.Attribute) and func.attr == "__setattr__":
        # A frozen class sets its own attributes so, by literal names.
        return (
            len(call.args) > 1 and _is(call.args[0], receiver) and not isinstance(call.args[1], ast.Constant)
        )
    if not isinstance(func, ast.Attribute) or func.attr != "update":
        return False
    of = func.value
    if isinstance(of, ast.Attribute):
        return of.attr == "__dict__" and _is(of.value, receiver)
    return (
        isinstance(of, ast.Call)
        and isinstance(of.func, ast.Name)
        and of.func.id == "vars"
        and len(of.args) == 1
        and _is(of.args[0], receiver)
    )


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
