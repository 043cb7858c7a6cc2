"""Evaluation of computed values, with the script evaluator over a repository's modules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.indexer import index_module
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import ModuleIndex
from flake8_training.engine.values.evaluator import Evaluator
from flake8_training.engine.values.values import Collection, Constant
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.source import Files, Source, package_of
from training_alignment.artefacts.tree import Literal

if TYPE_CHECKING:
    from _collections_abc import dict_values


class _Growing(dict[str, ModuleIndex]):
    """A dict of modules that may grow during iteration."""

    def values(self) -> dict_values[str, ModuleIndex]:
        """Return a snapshot of the modules."""
        return dict(self).values()


class RepositoryProgram(Program):
    """A file as a program whose local modules are the repository's, each read when a value reaches it."""

    def __init__(self, source: Source, files: Files) -> None:
        self.path = source.path
        self.folder = None
        self.entry = index_module(source.tree, source.path, package_of(source.path))
        self.modules = _Growing({"": self.entry})
        self._unreadable = {}
        self.sources = {source.path: source}
        self._files = files

    def module(self, name: str) -> ModuleIndex | None:
        """Return the module of that name in the repository, read now; None if there is none, or it is unreadable."""
        if name in self.modules or name in self._unreadable:
            return self.modules.get(name)
        path = self._files.resolver.file(name, self.path)
        if path is None:
            return None
        try:
            source = self._files.source(path)
        except ReadError:
            self._unreadable[name] = path
            return None
        self.sources[path] = source
        self.modules[name] = index_module(source.tree, path, package_of(path))
        return self.modules[name]


class Evaluation:
    """Evaluates expressions of one file."""

    def __init__(self, source: Source, files: Files) -> None:
        self.program = RepositoryProgram(source, files)
        self._evaluator = Evaluator(self.program)
        # The evaluator treats every file as a script in its container, and sets __file__ to a path there.
        self._uses_its_path = b"__file__" in source.data

    def value(self, expression: ast.expr) -> tuple[ast.expr, Source | None] | Literal | None:
        """Return the only value that reaches an expression: a literal, or a display with its file; None if unknown."""
        values = self._evaluator.values(expression, self.program.entry.top)
        if len(values) != 1:
            return None
        value = values[0]
        if isinstance(value, Constant):
            hidden = self._uses_its_path and isinstance(value.value, str) and "/opt/ml/code" in value.value
            known = value.value is None or isinstance(value.value, str | int | float | bool | bytes | complex)
            return Literal(value.value) if known and not hidden else None  # type: ignore[arg-type]
        if isinstance(value, Collection):
            return value.node, self.program.sources.get(value.scope.module.path)
        return None
