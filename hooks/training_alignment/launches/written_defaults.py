"""The uses of a class or function in all files of a repository, and whether its author's defaults decide.

A default decides if every use is harmless (an annotation, an import, a type test), or is a call that passes nothing
else. A use by a name that certainly means something else does not count. A file that is no Python counts if it names
the class or function with its module (``ferry.settings.DelaySettings``), as configurations of other libraries do.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.option import Option
from flake8_training.record import Record
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.notebook import read_notebook
from training_alignment.repository.repository import Repository
from training_alignment.scan.glance import HAS_ANY
from training_alignment.scan.launchers import MAX_NOTEBOOK_BYTES, NAMES_ANY, NOTEBOOK

_CODE = (".py", NOTEBOOK)
_PROSE = (".md", ".rst", ".txt", ".csv", ".html", ".lock")
_MOST_FILES = 60
"""The most files that are parsed for one name; a name in more files is taken as used otherwise."""
_TYPE_TESTS = frozenset({"isinstance", "issubclass", "cast", "TypeVar"})
# Decorators and base classes of classes whose fields keep their written defaults. Any other decorator or base may
# fill the fields: pydantic's settings from variables, hydra's from files.
_PLAIN_BASES = frozenset(
    {
        "builtins.object",
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "typing.NamedTuple",
        "typing.Generic",
    }
)
_PLAIN_DECORATORS = frozenset({"dataclass", "define", "frozen", "attrs", "s"})
_PLAIN_METHODS = frozenset(
    {"property", "cached_property", "staticmethod", "classmethod", "lru_cache", "cache"}
)


def _escaped(word: str) -> bytes:
    """Return a pattern for the bytes of a word."""
    return re.escape(word.encode(errors="surrogatepass"))


class _Uses(Record):
    """The uses of a name. ``other`` is whether one of them is neither harmless nor a call."""

    calls: tuple[ast.Call, ...]
    other: bool


class WrittenDefaults:
    """Answers which defaults decide in one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._uses: dict[tuple[str, str], _Uses] = {}
        self._starts: dict[str, list[bytes] | None] = {}
        self._variables: dict[str, bool] = {}

    def decides_field(self, owner: Scope, name: str, /) -> bool:
        """Return whether no file constructs a class with another value of a field, or assigns the field."""
        node = owner.node
        if not isinstance(node, ast.ClassDef) or not _is_plain(node):
            return False
        fields = [
            one.target.id
            for one in node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        uses = self._uses_of(owner)
        if uses.other or any(_may_pass(call, name, fields) for call in uses.calls):
            return False
        return not self._is_assigned(owner, name)

    def decides_parameter(self, function: Scope, parameter: ast.arg, /) -> bool:
        """Return whether no file calls a function with another value of a parameter."""
        owner = function.owner
        arguments = getattr(function.node, "args", None)
        if not isinstance(arguments, ast.arguments):
            return False
        positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        if owner is None:
            if function.parent is None or function.parent.kind != "module":
                return False
            uses = self._uses_of(function)
        elif function.name == "__init__":
            positional = positional[1:]
            if not isinstance(owner.node, ast.ClassDef) or _is_abstract(owner.node):
                return False
            uses = self._uses_of(owner)
        else:
            # Any object may be the receiver of a method.
            return False
        return not uses.other and not any(_may_pass(call, parameter.arg, positional) for call in uses.calls)

    def decides_option(self, option: Option, /) -> bool:
        """Return whether no file starts the launcher with an option: none that names the launcher has the flag.

        A flag with the default itself (``--config=params.yaml``) leaves it.
        """
        path = self._repository.relative(option.module.path) if option.module.path else None
        if path is None or not option.flags:
            return False
        starting = self._starting(path)
        default = option.default.value if isinstance(option.default, ast.Constant) else None
        same = _escaped(default) if isinstance(default, str) and default else b""
        after = rb"(?!(?:=|[\s\"',]{1,9})[\"']?" + same + rb"(?![\w./-]))" if same else b""
        flags = [re.compile(re.escape(flag.encode()) + rb"(?![\w-])" + after) for flag in option.flags]
        return starting is not None and not any(flag.search(data) for data in starting for flag in flags)

    def _starting(self, path: str) -> list[bytes] | None:
        """Return the files that name a launcher, by its file or as a module, and may start it; None if unknown."""
        if path not in self._starts:
            name, module = posixpath.basename(path), posixpath.splitext(path)[0].replace("/", ".")
            named = re.compile(
                rb"(?<![\w.-])" + _escaped(name) + rb"(?!\w)|-m[\s\"',]+" + _escaped(module) + rb"\b"
            )
            files = self._files(name, module) if path.endswith(".py") else ()
            found = [data for other, data in files if other != path and (data is None or named.search(data))]
            known = [data for data in found if data is not None]
            self._starts[path] = known if len(known) == len(found) else None
        return self._starts[path]

    def decides_variable(self, name: str, /) -> bool:
        """Return whether no file sets an environment variable: a Python file by a key, any other by naming it."""
        if not name:
            return False
        known = self._variables.get(name)
        if known is None:
            word = _escaped(name)
            key = rb"[\\]?[\"']" + word + rb"[\\]?[\"']"
            stored = re.compile(key + rb"\s*(?::|\]\s*=(?!=))|(?:setdefault|putenv|setenv)\(\s*" + key)
            mentioned = re.compile(rb"(?<!\w)" + word + rb"(?!\w)")
            known = self._variables[name] = not any(
                data is None or (stored if other.endswith(_CODE) else mentioned).search(data)
                for other, data in self._files(name)
            )
        return known

    def _files(self, *words: str) -> Iterator[tuple[str, bytes | None]]:
        """Yield the files, but for prose, in which one of the words occurs; None for code that cannot be read."""
        for path in sorted(self._repository.files):
            if path.endswith(_PROSE):
                continue
            names_any = NAMES_ANY if path.endswith(NOTEBOOK) else HAS_ANY
            try:
                # A question, since the contents of the other files do not count.
                if self._repository.answer(names_any, path, *words):
                    yield path, self._repository.data(path, names_any.limit)
            except ReadError:
                if path.endswith(_CODE):
                    yield path, None

    # -- uses in all files

    def _uses_of(self, scope: Scope) -> _Uses:
        path = self._repository.relative(scope.module.path) if scope.module.path else None
        key = path or "", scope.name
        known = self._uses.get(key)
        if known is None:
            known = self._uses[key] = _Uses((), True) if path is None else self._collected(path, scope.name)
        return known

    def _collected(self, path: str, name: str) -> _Uses:
        calls: list[ast.Call] = []
        named = re.compile(rb"[.:]" + _escaped(name) + rb"\b")
        parsed = 0
        for other, data in self._files(name):
            if data is not None and not other.endswith(_CODE):
                if named.search(data):
                    return _Uses((), True)
                continue
            parsed += 1
            tree = self._tree(other) if data is not None and parsed <= _MOST_FILES else None
            if tree is None:
                return _Uses((), True)
            for use in self._uses_in(tree, other, path, name):
                if use is None:
                    return _Uses((), True)
                calls.append(use)
        return _Uses(tuple(calls), False)

    def _tree(self, path: str) -> ast.Module | None:
        try:
            if not path.endswith(NOTEBOOK):
                return self._repository.source(path).tree
            return read_notebook(self._repository.data(path, MAX_NOTEBOOK_BYTES), path).tree
        except ReadError:
            return None

    def _uses_in(self, tree: ast.Module, file: str, path: str, name: str) -> Iterator[ast.Call | None]:
        """Yield the calls in a file; None for any other use that may construct, call or derive from it."""
        nodes = list(ast.walk(tree))
        own, foreign = self._names(nodes, file, path, name)
        harmless: set[int] = set()
        for node in nodes:
            if isinstance(node, _WITH_HARMLESS_PARTS):
                for part in _harmless_parts(node):
                    harmless.update(id(one) for one in ast.walk(part))
        for node in nodes:
            if isinstance(node, ast.Call) and _is_named(node.func, own, name, foreign):
                harmless.add(id(node.func))
                yield node
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute):
                if isinstance(node.ctx, ast.Load) and _is_named(node, own, name, foreign):
                    if id(node) not in harmless:
                        yield None
            elif id(node) in harmless:
                continue
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if node.value == name or node.value.endswith((f".{name}", f":{name}")):
                    yield None

    def _names(self, nodes: list[ast.AST], file: str, path: str, name: str) -> tuple[set[str], bool]:
        """Return the names that may mean it in a file, and whether the name itself means something else there."""
        own: set[str] = {name} if file == path else set()
        foreign = False
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name == name:
                        dotted = "." * node.level + (node.module or "")
                        found = self._repository.resolver.file(dotted, file)
                        if found is None or found == path or found.endswith("__init__.py"):
                            own.add(alias.asname or name)
                        else:
                            foreign = True
            elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                foreign = foreign or (node.name == name and file != path)
        if not own and not foreign:
            own.add(name)
        return own, foreign

    def _is_assigned(self, owner: Scope, name: str) -> bool:
        """Return whether a file that names the class assigns an attribute of the field's name to some object."""
        class_name = owner.name.encode(errors="surrogatepass")
        for file in sorted(self._repository.files):
            if not file.endswith(_CODE):
                continue
            try:
                if class_name not in self._repository.data(file, MAX_NOTEBOOK_BYTES):
                    continue
            except ReadError:
                return True
            tree = self._tree(file)
            if tree is None or any(_assigns(node, name) for node in ast.walk(tree)):
                return True
        return False


def _is_named(node: ast.expr, own: set[str], name: str, foreign: bool) -> bool:
    """Return whether an expression may be the class or function."""
    if isinstance(node, ast.Name):
        return node.id in own
    return isinstance(node, ast.Attribute) and node.attr == name and not foreign


_WITH_HARMLESS_PARTS = (ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign, ast.Call)


def _harmless_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a statement or call in which a class is only named: annotations, type tests, ``__all__``."""
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
        yield node.returns
    elif isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
    ):
        yield node.value
    elif isinstance(node, ast.Call):
        func = node.func
        if (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")) in _TYPE_TESTS:
            yield from node.args


def _may_pass(call: ast.Call, name: str, positional: list[str]) -> bool:
    """Return whether a call may pass an argument of this name."""
    if any(keyword.arg in (None, name) for keyword in call.keywords):
        return True
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return True
    return name in positional and positional.index(name) < len(call.args)


def _assigns(node: ast.AST, name: str) -> bool:
    """Return whether a node assigns an attribute: ``x.name = ...``, ``setattr`` or a copy with another value."""
    if isinstance(node, ast.Attribute):
        return node.attr == name and isinstance(node.ctx, ast.Store | ast.Del)
    if not isinstance(node, ast.Call):
        return False
    func = node.func
    called = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return called in ("setattr", "__setattr__", "replace", "model_copy", "evolve") and not (
        # A replacement of text: ``"a-b".replace("-", "_")``.
        called == "replace" and not node.keywords
    )


def _is_plain(node: ast.ClassDef) -> bool:
    """Return whether a class keeps the written defaults of its fields: no base or decorator may fill them."""
    bases = {
        base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "?") for base in node.bases
    }
    if node.keywords or not bases <= {one.rpartition(".")[2] for one in _PLAIN_BASES}:
        return False
    decorators = [_last_name(one) for one in node.decorator_list]
    if not set(decorators) <= _PLAIN_DECORATORS:
        return False
    if not (decorators or "BaseModel" in bases or "NamedTuple" in bases):
        return False
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    if any(_last_name(one) not in _PLAIN_METHODS for method in methods for one in method.decorator_list):
        return False
    # ``cls(**values)`` in a class method constructs it with anything.
    return not any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "cls"
        for method in methods
        for one in ast.walk(method)
    )


def _is_abstract(node: ast.ClassDef) -> bool:
    """Return whether a class is only for subclasses: it has abstract methods."""
    return any(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        and any("abstract" in _last_name(decorator) for decorator in one.decorator_list)
        for one in node.body
    ) or any(_last_name(base) in ("ABC", "Protocol") for base in node.bases)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
