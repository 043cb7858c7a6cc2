"""One method of a class: what its body reads of the configuration, makes, stores and returns."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from training_alignment.artefacts.class_model import Made, Method, Read, Text
from training_alignment.artefacts.python_tree import PythonTree
from training_alignment.artefacts.tree import Entry, Located, Node, Table

_SPEAKS = re.compile(
    rb"\b(?:_?config(?:uration)?|cfg|settings)\b\s*[.,):]|\bself\.\w+\s*(?::[^=\n]*)?=(?!=)"
    rb"|SPEC\b|CONTRACT\b|interface|environ|env_vars|required_|step_name"
)
"""What the text of a method has in it if its body says anything that is read here."""

_SHORT = 2
"""Statements of a method that is looked at in any case."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

CONFIGURATION = ("config", "configuration", "_config", "cfg", "settings")
"""What builders call the object that holds their settings."""

_LOADS_A_STEP = re.compile(r"interface|spec|contract", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"environment|env_vars", re.IGNORECASE)
_PROPERTY = (
    "property",
    "cached_property",
    "functools.cached_property",
    "computed_field",
    "pydantic.computed_field",
)


class FoundMethod(NamedTuple):
    """A method, and what its body says of the whole class."""

    method: Method
    requires: list[Text]
    annotations: list[Text]
    named_steps: list[Text]
    uses: list[Text]


def method(reader: PythonTree, node: Function, owner: str) -> FoundMethod:
    """Read one method of the class ``owner``."""
    return _MethodReader(reader, node, owner).read()


class _MethodReader:
    def __init__(self, reader: PythonTree, node: Function, owner: str) -> None:
        self.reader = reader
        self.source = reader.source
        self.node = node
        arguments = node.args
        self.parameters = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        self.receiver = self.parameters[0] if self.parameters else ""
        self.owner = owner
        self.local: dict[str, ast.expr] = {}
        self.assigned_twice: set[str] = set()
        self.configurations = {p for p in self.parameters[1:] if p in CONFIGURATION}
        self.attributes: list[ast.Attribute] = []
        self.calls: list[ast.Call] = []
        self.stores: list[tuple[str, ast.expr]] = []
        self.items: list[tuple[ast.Subscript, ast.expr]] = []
        self.returns: list[ast.expr] = []
        self.requires: list[Text] = []
        self.annotations: list[Text] = []
        self.named_steps: list[Text] = []
        self.uses: list[Text] = []
        self.used: set[str] = set()

    def read(self) -> FoundMethod:
        if len(self.node.body) <= _SHORT or self._speaks():
            self._walk()
        reads = tuple(self._reads())
        self._annotated()
        made = tuple(m for m in map(self._made, self.calls) if m is not None)
        decorators = [self.source.dotted(d) or "" for d in self.node.decorator_list]
        table, asks = self._variables() if _ENVIRONMENT.search(self.node.name) else (None, False)
        method = Method(
            name=Located(self.node.name, self.source.place(self.node)),
            owner=self.owner,
            parameters=tuple(self.parameters),
            abstract=any(d.endswith("abstractmethod") for d in decorators) or _only_raises(self.node),
            is_property=any(d in _PROPERTY for d in decorators),
            calls_super=any(self._is_super(c) and _attribute(c.func) == self.node.name for c in self.calls),
            reads=reads,
            made=made,
            stores=tuple((name, self.reader.node(value, self.known)) for name, value in self.stores),
            variables=table,
            asks_configuration=asks,
            returned=tuple(
                self.reader.node(r, self.known)
                for r in self.returns
                if isinstance(r, ast.Constant | ast.Dict | ast.List)
            ),
        )
        return FoundMethod(method, self.requires, self.annotations, self.named_steps, self.uses)

    def _speaks(self) -> bool:
        """Whether the body may say anything; most methods of most classes do not, and need no second look."""
        text = self.source.text(self.node)
        if _SPEAKS.search(text):
            return True
        return any(name.encode() in text for name in self.reader.library_names)

    @property
    def known(self) -> Mapping[str, ast.expr]:
        """Local names that are given a value once."""
        return self.local

    # -- the one pass

    def _walk(self) -> None:
        todo: list[ast.AST] = list(reversed(self.node.body))
        while todo:
            node = todo.pop()
            kind: type[ast.AST] = type(node)
            note = _NOTES.get(kind)
            if note is not None:
                note(self, node)
            for name in _inner(kind):
                value = getattr(node, name)
                if type(value) is list:
                    if value and isinstance(value[0], ast.AST | None):
                        todo.extend([item for item in reversed(value) if item is not None])
                elif isinstance(value, ast.AST):
                    todo.append(value)

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
        """A target that gets several values, one after the other."""
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
        if isinstance(node.ctx, ast.Load) and node.id not in self.used and node.id in self.source.imports:
            self.used.add(node.id)
            self.uses.append(Located(node.id, self.source.place(node)))

    def _store(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if target.id in self.local or target.id in self.assigned_twice:
                self._again(target.id)
            else:
                self.local[target.id] = value
                if self._is_configuration(value):
                    self.configurations.add(target.id)
        elif isinstance(target, ast.Attribute) and self._is_receiver(target.value):
            self.stores.append((target.attr, value))
        elif isinstance(target, ast.Subscript):
            self.items.append((target, value))
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                if isinstance(one, ast.Name):
                    self._again(one.id)

    def _again(self, name: str) -> None:
        self.local.pop(name, None)
        self.assigned_twice.add(name)

    def _annotate(self, node: ast.AST) -> None:
        assert isinstance(node, ast.AnnAssign)
        if isinstance(node.target, ast.Attribute) and node.target.attr in CONFIGURATION:
            self._is_of_class(node.annotation, first=False)
        if node.value is not None:
            self._store(node.target, node.value)

    # -- the configuration object

    def _is_receiver(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.receiver

    def _is_configuration(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.configurations
        return (
            isinstance(node, ast.Attribute) and node.attr in CONFIGURATION and self._is_receiver(node.value)
        )

    def _reads(self) -> list[Read]:
        guarded: set[str] = set()
        found: list[tuple[Text, bool]] = []
        for call in self.calls:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if (
                name not in ("hasattr", "getattr")
                or len(call.args) < 2
                or not self._is_configuration(call.args[0])
            ):
                continue
            asked = call.args[1]
            if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
                lenient = name == "hasattr" or len(call.args) > 2
                found.append((Located(asked.value, self.source.place(call)), lenient))
                if name == "hasattr":
                    guarded.add(asked.value)
            else:
                self._required()
        for node in self.attributes:
            if self._is_configuration(node.value):
                found.append((Located(node.attr, self.source.place(node)), False))
        return [Read(name, lenient or name.value in guarded) for name, lenient in found]

    def _required(self) -> None:
        """Texts of the lists whose fields a loop asks for: ``required_attrs = [...]``."""
        if self.requires:
            return
        for name, value in self.local.items():
            if name.startswith(("required", "mandatory")) and isinstance(
                value, ast.List | ast.Tuple | ast.Set
            ):
                for item in value.elts:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        self.requires.append(Located(item.value, self.source.place(item)))

    def _annotated(self) -> None:
        arguments = self.node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if (
                argument.arg in CONFIGURATION
                and argument.annotation is not None
                and self.node.name == "__init__"
            ):
                self._is_of_class(argument.annotation, first=True)
        for call in self.calls:
            is_check = (
                isinstance(call.func, ast.Name) and call.func.id == "isinstance" and len(call.args) == 2
            )
            if is_check and self._is_configuration(call.args[0]):
                self._is_of_class(call.args[1], first=False)
            named = _attribute(call.func) or (call.func.id if isinstance(call.func, ast.Name) else "")
            if _LOADS_A_STEP.search(named) and call.args and isinstance(call.args[0], ast.Constant):
                if isinstance(call.args[0].value, str):
                    self.named_steps.append(Located(call.args[0].value, self.source.place(call)))

    def _is_of_class(self, annotation: ast.expr, *, first: bool) -> None:
        name = class_name(annotation)
        if name is not None:
            text = Located(name, self.source.place(annotation))
            self.annotations.insert(0 if first else len(self.annotations), text)

    # -- what is made

    def _made(self, call: ast.Call) -> Made | None:
        name = self.source.dotted(call.func)
        if name is None or not name.startswith("sagemaker.") or not name.rpartition(".")[2][:1].isupper():
            return None
        read = self.reader.call(call, self.known)
        return Made(name, read.place, read.arguments, read.positional)

    @staticmethod
    def _is_super(call: ast.Call) -> bool:
        function = call.func
        return (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Call)
            and isinstance(function.value.func, ast.Name)
            and function.value.func.id == "super"
        )

    # -- environment variables

    def _variables(self) -> tuple[Table[Node], bool]:
        """The variables that the method's dicts name, and whether the configuration adds others."""
        place = self.source.place(self.node)
        entries: dict[str, Entry[Node]] = {}
        closed = True
        asks = False

        def add(node: Node) -> None:
            nonlocal closed
            if isinstance(node, Table):
                for entry in node:
                    entries.setdefault(entry.name.value, entry)
                closed = closed and node.closed
            else:
                closed = False

        holders = {r.id for r in self.returns if isinstance(r, ast.Name)}
        for call in self.calls:
            attribute = _attribute(call.func)
            if isinstance(call.func, ast.Attribute) and self._is_configuration(call.func.value):
                asks = asks or bool(_ENVIRONMENT.search(attribute))
            if (
                attribute == "update"
                and isinstance(call.func, ast.Attribute)
                and _id(call.func.value) in holders
            ):
                for argument in call.args:
                    add(self.reader.node(argument, self.known))
                add(
                    self.reader.call(
                        ast.copy_location(ast.Call(call.func, [], call.keywords), call)
                    ).arguments
                )
            if self._is_super(call):
                closed = False
        for target, value in self.items:
            if _id(target.value) in holders and isinstance(target.slice, ast.Constant):
                key = Located(str(target.slice.value), self.source.place(target))
                entries.setdefault(key.value, Entry(key, self.reader.node(value, self.known)))
            elif _id(target.value) in holders:
                closed = False
        for returned in self.returns:
            add(self.reader.node(returned, self.known))
        return Table(entries, place, closed and not asks), asks


_NOTES: dict[type, Callable[[_MethodReader, ast.AST], None]] = {
    ast.Name: _MethodReader._use,
    ast.Call: _MethodReader._call,
    ast.Attribute: _MethodReader._attribute,
    ast.Assign: _MethodReader._assign,
    ast.AnnAssign: _MethodReader._annotate,
    ast.AugAssign: _MethodReader._bound_again,
    ast.For: _MethodReader._bound_again,
    ast.AsyncFor: _MethodReader._bound_again,
    ast.comprehension: _MethodReader._bound_again,
    ast.NamedExpr: _MethodReader._bound_again,
    ast.Return: _MethodReader._return,
}

_NO_NODES = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "kind", "type_comment", "conversion"}
    | {"module", "level", "simple", "is_async", "rest"}
)


_INNER: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}


def _inner(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that hold other nodes worth visiting, the last first."""
    known = _INNER.get(kind)
    if known is None:
        known = _INNER[kind] = tuple(name for name in reversed(kind._fields) if name not in _NO_NODES)
    return known


def class_name(annotation: ast.expr) -> str | None:
    """The class that an annotation names: ``X``, ``"X"``, ``Optional[X]``, ``X | None``, ``module.X``."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        word = annotation.value.strip().strip("\"'")
        return word if word.isidentifier() else None
    if isinstance(annotation, ast.Name):
        return annotation.id
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    if isinstance(annotation, ast.Subscript) and class_name(annotation.value) in (
        "Optional",
        "Annotated",
        "Final",
    ):
        inner = annotation.slice
        return class_name(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
    if isinstance(annotation, ast.BinOp):
        return class_name(annotation.left) or class_name(annotation.right)
    if isinstance(annotation, ast.Tuple) and annotation.elts:
        return class_name(annotation.elts[0])
    return None


def _attribute(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


def _id(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _only_raises(node: Function) -> bool:
    """Whether the body is ``raise NotImplementedError`` and nothing else but a docstring."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
