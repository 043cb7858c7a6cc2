"""One Python file, parsed once: its top-level names, its imports and its classes.

Nothing is imported or run.

The repository interface of the readers: parsed Python files, and the resolver of modules.
"""

from __future__ import annotations

import ast
import sys
from codecs import BOM_UTF8
from functools import cached_property
from typing import Protocol

from flake8_training.columns import character_column
from flake8_training.engine.syntax import dict_forms
from flake8_training.engine.syntax.nodes import walk
from flake8_training.named_tuple import NamedTuple
from flake8_training.parsing import lines_of, parsed
from flake8_training.pattern import pattern
from flake8_training.resolver import Resolver, joined
from training_alignment.artefacts.limits import budget_of, check_size
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Place

_RUNNING = ".".join(map(str, sys.version_info[:2]))
_IMPORT_INSIDE = pattern(rb"\n[ \t]+(?:from|import)[ \t]")

CHANGING = (*dict_forms.CHANGING, "append", "extend", "insert", "remove", "add")

"""Methods that change a table or list in place."""

_CHANGED = pattern(rf"\b(\w++)\s*+(?:\[|\|=|\+=|\.(?:{'|'.join(CHANGING)})\b)".encode())

_SIMPLE = frozenset(
    {
        ast.Assign,
        ast.AnnAssign,
        ast.AugAssign,
        ast.Expr,
        ast.Return,
        ast.Raise,
        ast.Assert,
        ast.Delete,
        ast.Pass,
    }
    | {ast.Break, ast.Continue, ast.Global, ast.Nonlocal}
)

"""Statements that contain no other statements."""

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Import(NamedTuple):
    """The object that an import statement binds: ``member`` of ``module``, or the module itself.

    A relative module begins with dots: ``from ..contracts.churn import CHURN_CONTRACT as C`` has the module
    ``..contracts.churn`` and the member ``CHURN_CONTRACT``.
    """

    module: str
    member: str
    line: int

    @property
    def dotted(self) -> str:
        return joined(self.module, self.member)


class Assignment(NamedTuple):
    """A value bound to a top-level name; ``conditional`` if the binding depends on an if, try or loop."""

    value: ast.expr
    statement: ast.stmt
    conditional: bool


class Source:
    """A parsed Python file. ``path`` is relative to the repository."""

    def __init__(self, data: bytes, path: str) -> None:
        """Parse the file. Raises `ReadError` if it is not Python, or too large."""
        check_size(data, path)
        self.path = path
        self.data = data
        self._ascii = data.isascii()
        try:
            self.tree = parsed(data, path)
        except SyntaxError as error:
            from flake8_training.newer_syntax import newer_syntax

            line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
            newer = newer_syntax(data.decode("utf-8", "replace"), line)
            message = f"not Python {_RUNNING}: {newer}" if newer else f"not Python: {error.msg}"
            raise ReadError(path, line, column, message, is_newer=bool(newer)) from None
        except (ValueError, RecursionError, MemoryError) as error:
            reason = str(error) or "nested too deeply"
            raise ReadError(path, 1, 1, f"not Python: {reason}") from None
        self.budget = budget_of(data)
        self.assigned: dict[str, list[Assignment]] = {}
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.imports: dict[str, Import] = {}
        self.stars: list[str] = []
        self.bodies: dict[ast.AST, object] = {}
        """What was read of the bodies of methods, by their nodes."""
        self._statements()

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of the file, with their ends."""
        return lines_of(self.data.removeprefix(BOM_UTF8).decode("utf-8", "replace"))

    @cached_property
    def _byte_lines(self) -> list[bytes]:
        return self.data.split(b"\n")

    def text(self, node: ast.stmt) -> bytes:
        """Return the bytes of the lines that a statement covers."""
        return b"\n".join(self._byte_lines[node.lineno - 1 : node.end_lineno])

    def written(self, node: ast.expr) -> str:
        """Return an expression as written, on one line."""
        if node.lineno == node.end_lineno and node.lineno <= len(self._byte_lines):
            line = self._byte_lines[node.lineno - 1]
            return line[node.col_offset : node.end_col_offset].decode("utf-8", "replace")
        return ast.unparse(node)

    def place(self, node: ast.AST) -> Place:
        """Return the place of a node of this file; the column counts characters, from 1."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        if self._ascii or line > len(self.lines):
            return Place(self.path, line, offset + 1)
        return Place(self.path, line, character_column(self.lines[line - 1], offset))

    def may_change(self, name: str) -> bool:
        """Return whether a statement of the file may change a top-level name in place, by the file's bytes."""
        return name.encode(errors="surrogatepass") in self._changed or not name.isascii()

    @cached_property
    def _changed(self) -> frozenset[bytes]:
        return frozenset(_CHANGED.findall(self.data))

    @cached_property
    def changes(self) -> dict[str, list[ast.stmt]]:
        """The top-level statements that may change what a name holds, by the name."""
        found: dict[str, list[ast.stmt]] = {}
        for statement in self.tree.body:
            changed: ast.expr | None = None
            if isinstance(statement, ast.Assign | ast.Delete) and len(statement.targets) == 1:
                changed = statement.targets[0]
            elif isinstance(statement, ast.AugAssign):
                changed = statement.target
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                changed = statement.value.func
            name = root_of(changed) if changed is not None else None
            if name is not None:
                found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def stores(self) -> dict[str, list[int]]:
        """The lines of all expressions that may change in place what a name holds, wherever they stand."""
        found: dict[str, list[int]] = {}
        for node in walk(self.tree):
            changed: ast.expr | None = None
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                changed = node
            elif isinstance(node, ast.AugAssign):
                changed = node.target
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                changed = node.func.value if node.func.attr in CHANGING else None
            name = root_of(changed) if changed is not None else None
            if name is not None:
                found.setdefault(name, []).append(getattr(node, "lineno", 0))
        return found

    @cached_property
    def stored_attributes(self) -> frozenset[str]:
        """The attributes that a statement of the file sets or deletes, of any object."""
        nodes = (node for node in walk(self.tree) if isinstance(node, ast.Attribute))
        return frozenset(node.attr for node in nodes if not isinstance(node.ctx, ast.Load))

    def single(self, name: str) -> Assignment | None:
        """Return the only assignment of a top-level name; None if there is none, several, or an import as well."""
        found = self.assigned.get(name, [])
        usable = [a for a in found if not (a.conditional and _is_none(a.value))]
        return usable[0] if len(usable) == 1 and name not in self.imports else None

    def _statements(self) -> None:
        """Collect the names in one pass over statements, not expressions; functions are read for their imports."""
        descends = _IMPORT_INSIDE.search(self.data) is not None
        todo: list[tuple[ast.stmt, bool, bool]] = [(s, True, False) for s in reversed(self.tree.body)]
        while todo:
            node, top, conditional = todo.pop()
            kind = type(node)
            if kind is ast.Import or kind is ast.ImportFrom:
                self._import(node)  # type: ignore[arg-type]
            elif kind in _SIMPLE:
                if top and isinstance(node, ast.Assign):
                    for target in node.targets:
                        self._bind(target, node.value, node, conditional)
                elif top and isinstance(node, ast.AnnAssign) and node.value is not None:
                    self._bind(node.target, node.value, node, conditional)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if top:
                    self._define(node)
                if descends:
                    todo.extend([(s, False, True) for s in reversed(node.body)])
            else:
                for block in _BLOCKS:
                    inside = getattr(node, block, None)
                    if inside:
                        todo.extend([(s, top, True) for s in reversed(inside)])

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        if isinstance(node, ast.ClassDef):
            self.classes[node.name] = node
        else:
            self.functions[node.name] = node

    def _bind(self, target: ast.expr, value: ast.expr, statement: ast.stmt, conditional: bool) -> None:
        if isinstance(target, ast.Name):
            self.assigned.setdefault(target.id, []).append(Assignment(value, statement, conditional))
        elif isinstance(target, ast.Tuple | ast.List):
            pairs = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            for index, one in enumerate(target.elts):
                paired = len(pairs) == len(target.elts)
                self._bind(one, pairs[index] if paired else _element(value, index), statement, conditional)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                self.imports.setdefault(bound, Import(alias.name if alias.asname else bound, "", node.lineno))
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
            else:
                self.imports.setdefault(alias.asname or alias.name, Import(module, alias.name, node.lineno))

    def dotted(self, node: ast.expr) -> str | None:
        """Return ``a.b.c`` with its first name replaced by the imported object; None for any other expression."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        bound = self.imports.get(node.id)
        parts.append(bound.dotted if bound else node.id)
        return ".".join(reversed(parts))


def root_of(node: ast.expr) -> str | None:
    """Return the name in front of ``name["a"].b``; None for another expression."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _element(value: ast.expr, index: int) -> ast.expr:
    """Return ``value[index]`` as an expression, for a name bound by unpacking."""
    found = ast.Subscript(value, ast.Constant(index), ast.Load())
    return ast.copy_location(found, value)


class Files(Protocol):
    """The files of a repository, by their paths relative to it, with ``/``."""

    def source(self, path: str) -> Source:
        """Return the parsed Python file. Raises `ReadError`."""

    @property
    def resolver(self) -> Resolver:
        """The resolver of the modules among the files."""


def package_of(path: str) -> str:
    """Return the dotted folder of a file, from the root of the repository."""
    return path.rpartition("/")[0].replace("/", ".")
