"""One method of a class: the facts of its body.

The facts are the configuration fields that it reads, and the objects that it constructs, sets and returns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from flake8_training.pattern import pattern
from training_alignment.artefacts.class_model import Construction, Method, MethodFacts, Read, Text
from training_alignment.artefacts.environment_methods import ENVIRONMENT, EnvironmentReader, is_super
from training_alignment.artefacts.method_body import CONFIGURATION, Function, MethodBody, body_of
from training_alignment.artefacts.python_expressions import PythonTree
from training_alignment.artefacts.source import Source
from training_alignment.artefacts.tree import Located

_FACT_WORDS = pattern(
    rb"\b(?:_?config(?:uration)?|cfg|settings)\b\s*[.,):]|\bself\.\w+\s*(?::[^=\n]{0,200})?=(?!=)"
    rb"|SPEC\b|CONTRACT\b|interface|environ|env_vars|required_|step_name"
)
"""A pattern in the source of every method whose body has a fact that is read here."""

_SHORT = 2
"""Methods with no more statements than this are always read."""

_LOADS_A_STEP = pattern(r"interface|spec|contract", re.IGNORECASE)
_PROPERTY = (
    "property",
    "cached_property",
    "functools.cached_property",
    "computed_field",
    "pydantic.computed_field",
)


def method(source: Source, node: Function, owner: str, read: Callable[[], MethodFacts]) -> Method:
    """Return one method of the class ``owner``; ``read`` returns the facts of its body on demand."""
    arguments = node.args
    decorators = [source.dotted(d) or "" for d in node.decorator_list]
    return Method(
        Located(node.name, source.place(node)),
        owner,
        tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)),
        read,
        abstract=any(d.endswith("abstractmethod") for d in decorators) or _only_raises(node),
        is_property=any(d in _PROPERTY for d in decorators),
    )


def method_facts(reader: PythonTree, node: Function) -> MethodFacts:
    """Return the facts of a method's body."""
    return _MethodReader(reader, node).read()


def own_reads(source: Source, body: MethodBody) -> Iterator[Text]:
    """Yield the attributes that a method reads of its own object or class, unless it checks for them first."""
    if any(source.dotted(one) == "staticmethod" for one in body.node.decorator_list):
        return
    checked = {
        call.args[1].value
        for call in body.calls
        if isinstance(call.func, ast.Name)
        and call.func.id in ("hasattr", "getattr")
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
    }
    for node in body.attributes:
        if body.is_receiver(node.value) and not (node.attr in checked or node.attr in body.compared):
            if not any(first <= node.lineno <= last for first, last in body.lenient):
                yield Located(node.attr, source.place(node))


class _MethodReader:
    def __init__(self, reader: PythonTree, node: Function) -> None:
        self.reader = reader
        self.source = reader.source
        self.node = node
        self.body = MethodBody(reader.source, node)
        self.known: Mapping[str, ast.expr] = {}
        self.requires: list[Text] = []
        self.annotations: list[Text] = []
        self.named_steps: list[Text] = []

    def read(self) -> MethodFacts:
        body, node = self.body, self.node
        if len(node.body) <= _SHORT or self._may_have_facts():
            body = self.body = body_of(self.source, node)
            self.known = body.known
        reads = tuple(self._reads())
        self._annotated()
        environment = None
        if ENVIRONMENT.search(node.name):
            environment = EnvironmentReader(self.reader, body).read()
        return MethodFacts(
            calls_super=any(is_super(c) and _attribute(c.func) == node.name for c in body.calls),
            reads=reads,
            constructions=tuple(m for m in map(self._construction, body.calls) if m is not None),
            stores=tuple((name, self.reader.node(value, self.known)) for name, value in body.stores),
            environment=environment,
            returned=tuple(
                self.reader.node(r, self.known)
                for r in body.returns
                if isinstance(r, ast.Constant | ast.Dict | ast.List)
            ),
            requires=tuple(self.requires),
            annotations=tuple(self.annotations),
            named_steps=tuple(self.named_steps),
            own_reads=tuple(own_reads(self.source, body)),
            uses=tuple(Located(name, self.source.place(used)) for name, used in body.used.items()),
        )

    def _may_have_facts(self) -> bool:
        """Return whether the body may hold a fact; most methods do not, and are skipped after this text search."""
        source = self.source.text(self.node)
        if _FACT_WORDS.search(source):
            return True
        return any(name.encode(errors="surrogatepass") in source for name in self.reader.library_names)

    # -- the configuration object

    def _reads(self) -> list[Read]:
        guarded = set(self.body.compared)
        found: list[tuple[Text, bool, str]] = []
        for call in self.body.calls:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if (
                name not in ("hasattr", "getattr")
                or len(call.args) < 2
                or not self.body.is_configuration(call.args[0])
            ):
                continue
            field = call.args[1]
            if isinstance(field, ast.Constant) and isinstance(field.value, str):
                lenient = len(call.args) > 2 or (name == "hasattr" and not self._demands(call))
                found.append((Located(field.value, self.source.place(call)), lenient, _last(call.args[0])))
                if lenient:
                    guarded.add(field.value)
            elif not self.requires:
                self.requires.extend(self._required(field))
        for node in self.body.attributes:
            if self.body.is_configuration(node.value):
                lenient = any(first <= node.lineno <= last for first, last in self.body.lenient)
                found.append((Located(node.attr, self.source.place(node)), lenient, _last(node.value)))
        return [Read(name, lenient or name.value in guarded, owner) for name, lenient, owner in found]

    def _demands(self, check: ast.Call) -> bool:
        """Return whether a false ``hasattr`` raises an exception: ``if not hasattr(...): raise``."""
        for node in ast.walk(self.node):
            if isinstance(node, ast.If) and any(isinstance(s, ast.Raise) for s in node.body):
                parts = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
                if isinstance(node.test, ast.BoolOp) and not isinstance(node.test.op, ast.Or):
                    continue
                if any(isinstance(p, ast.UnaryOp) and p.operand is check for p in parts):
                    return True
        return False

    def _required(self, field: ast.expr) -> Iterator[Text]:
        """Yield the strings of a list of required fields: ``required_attrs = [...]``, or one whose loop raises."""
        lists = [v for name, v in self.body.local.items() if name.startswith(("required", "mandatory"))]
        for loop in ast.walk(self.node):
            if isinstance(loop, ast.For) and isinstance(field, ast.Name) and _id(loop.target) == field.id:
                if any(isinstance(inner, ast.Raise) for inner in ast.walk(loop)):
                    lists.append(self.body.local.get(_id(loop.iter) or "", loop.iter))
        for value in dict.fromkeys(lists):
            for item in value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else ():
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield Located(item.value, self.source.place(item))

    def _annotated(self) -> None:
        arguments = self.node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if (
                argument.arg in CONFIGURATION
                and argument.annotation is not None
                and self.node.name == "__init__"
            ):
                self._is_of_class(argument.annotation, first=True)
        for annotation in self.body.annotations:
            self._is_of_class(annotation, first=False)
        for call in self.body.calls:
            is_check = (
                isinstance(call.func, ast.Name) and call.func.id == "isinstance" and len(call.args) == 2
            )
            if is_check and self.body.is_configuration(call.args[0]):
                self._is_of_class(call.args[1], first=False)
            named = _attribute(call.func) or (call.func.id if isinstance(call.func, ast.Name) else "")
            if _LOADS_A_STEP.search(named) and call.args and isinstance(call.args[0], ast.Constant):
                if isinstance(call.args[0].value, str):
                    self.named_steps.append(Located(call.args[0].value, self.source.place(call)))

    def _is_of_class(self, annotation: ast.expr, *, first: bool) -> None:
        at = 0 if first else len(self.annotations)
        place = self.source.place(annotation)
        self.annotations[at:at] = [Located(name, place) for name in class_names(annotation)]

    # -- constructions

    def _construction(self, call: ast.Call) -> Construction | None:
        name = self.source.dotted(call.func)
        if name is None or not name.startswith("sagemaker.") or not name.rpartition(".")[2][:1].isupper():
            return None
        read = self.reader.call(call, self.known)
        return Construction(name, read.place, read.arguments, read.positional)


def class_names(annotation: ast.expr) -> list[str]:
    """Return the classes that an annotation names:

    ``X``, ``"X"``, ``Optional[X]``, ``X | Y``, ``(X, Y)``, ``module.X``.
    """
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        word = annotation.value.strip().strip("\"'")
        return [word] if word.isidentifier() else []
    if isinstance(annotation, ast.Name):
        return [annotation.id]
    if isinstance(annotation, ast.Attribute):
        return [annotation.attr]
    if isinstance(annotation, ast.Subscript):
        wrapper = class_names(annotation.value)
        inner = annotation.slice
        if wrapper in (["Optional"], ["Annotated"], ["Final"]):
            return class_names(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
        return class_names(inner) if wrapper == ["Union"] else []
    if isinstance(annotation, ast.BinOp):
        return [*class_names(annotation.left), *class_names(annotation.right)]
    if isinstance(annotation, ast.Tuple):
        return [name for one in annotation.elts for name in class_names(one)]
    return []


def _attribute(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else _id(node) or ""


def _id(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _only_raises(node: Function) -> bool:
    """Return whether the body is ``raise NotImplementedError`` and at most a docstring."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
