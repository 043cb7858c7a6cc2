"""The classes of one file: fields, methods, and what the methods make, read and store."""

from __future__ import annotations

import ast

from training_alignment.artefacts.class_model import ClassBody, Field, Method, Text
from training_alignment.artefacts.files import Files
from training_alignment.artefacts.methods import method
from training_alignment.artefacts.python_tree import PythonTree
from training_alignment.artefacts.source import Source
from training_alignment.artefacts.tree import Call, Entry, Located, Name, Node, Place, Scalar, Table

_PRIVATE = ("PrivateAttr",)
_FIELDS = ("Field", "field")


def class_bodies(source: Source, files: Files) -> tuple[ClassBody, ...]:
    """Every top-level class of a file."""
    reader = PythonTree(source, files, evaluate=False)
    return tuple(_ClassReader(reader, node).body() for node in source.classes.values())


class _ClassReader:
    def __init__(self, reader: PythonTree, node: ast.ClassDef) -> None:
        self.reader = reader
        self.source = reader.source
        self.node = node
        self.fields: list[Field] = []
        self.constants: dict[str, Entry[Node]] = {}
        self.methods: list[Method] = []
        self.allows_more = any(
            k.arg == "extra" and isinstance(k.value, ast.Constant) and k.value.value == "allow"
            for k in node.keywords
        )
        self.requires: list[Text] = []
        self.annotations: list[Text] = []
        self.named_steps: list[Text] = []
        self.uses: dict[str, Text] = {}

    def body(self) -> ClassBody:
        for statement in self.node.body:
            self._statement(statement)
        source = self.source
        place = source.place(self.node)
        return ClassBody(
            name=self.node.name,
            place=place,
            bases=tuple(
                Located(source.dotted(_unsubscripted(base)) or "", source.place(base))
                for base in self.node.bases
            ),
            decorators=tuple(_decorator(source, d) for d in self.node.decorator_list),
            fields=tuple(self.fields),
            methods=tuple(self.methods),
            constants=Table(self.constants, place),
            allows_more=self.allows_more,
            requires=tuple(self.requires),
            configuration_annotations=tuple(self.annotations),
            named_steps=tuple(self.named_steps),
            uses=tuple(self.uses.values()),
        )

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            self._field(statement, statement.target)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self._constant(target.id, statement.value, self.source.place(target))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            found = method(self.reader, statement, self.node.name)
            self.methods.append(found.method)
            self.requires.extend(found.requires)
            self.annotations.extend(found.annotations)
            self.named_steps.extend(found.named_steps)
            for used in found.uses:
                self.uses.setdefault(used.value, used)
            if statement.name in ("__getattr__", "__getattribute__"):
                self.allows_more = True
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
        made = statement.value
        name = self.source.dotted(made.func) if isinstance(made, ast.Call) else None
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
        """The default of a field and whether it has to be given: plain, ``Field(...)``, ``field(...)``."""
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
        given = node.arguments.get("default")
        if given is not None:
            is_ellipsis = isinstance(value, ast.Call) and any(
                k.arg == "default" and isinstance(k.value, ast.Constant) and k.value.value is ...
                for k in value.keywords
            )
            return (None, True) if is_ellipsis else (given, False)
        if "default_factory" in node.arguments:
            return Scalar(Name("default_factory"), node.place), False
        return None, (True if node.arguments.closed else None)


def _unsubscripted(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base


def _decorator(source: Source, node: ast.expr) -> str:
    return source.dotted(node.func if isinstance(node, ast.Call) else node) or ""
