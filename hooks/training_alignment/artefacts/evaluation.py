"""Values that are put together: the evaluator of training scripts, over the modules of a repository."""

from __future__ import annotations

import ast

from flake8_training.script.evaluator import Evaluator
from flake8_training.script.modules import Program
from flake8_training.script.names import ModuleNames, Scope
from flake8_training.script.values import Collection, Constant
from training_alignment.artefacts.errors import ReadError
from training_alignment.artefacts.files import Files, package_of
from training_alignment.artefacts.source import Source


class RepositoryProgram(Program):
    """A file as a program whose local modules are the repository's, each read when a value leads into it."""

    def __init__(self, source: Source, files: Files) -> None:
        self.path = source.path
        self.folder = None
        self.entry = ModuleNames(source.tree, source.path, package_of(source.path))
        self.modules = {"": self.entry}
        self.unreadable = {}
        self.sources = {source.path: source}
        self._absent = set()
        self._files = files

    def local(self, dotted: str) -> tuple[ModuleNames, str] | None:
        """The module of the repository that a dotted name leads into, and the rest of the name."""
        name = dotted
        while name:
            if name in self.modules or self._load(name):
                return self.modules[name], dotted[len(name) + 1 :]
            name = name.rpartition(".")[0]
        return None

    def _load(self, name: str) -> bool:
        if name in self._absent or name in self.unreadable:
            return False
        path = self._files.module(name, self.path)
        if path is None or path == self.path:
            self._absent.add(name)
            return False
        try:
            source = self._files.source(path)
        except ReadError:
            self.unreadable[name] = path
            return False
        self.sources[path] = source
        self.modules[name] = ModuleNames(source.tree, path, package_of(path))
        return True


class Evaluation:
    """Evaluates expressions of one file."""

    def __init__(self, source: Source, files: Files) -> None:
        self.program = RepositoryProgram(source, files)
        self._evaluator = Evaluator(self.program)
        # The evaluator takes every file for a script in its container, and gives __file__ a place there.
        self._asks_where_it_is = b"__file__" in source.data

    def scope(self, function: ast.AST | None) -> Scope:
        """The scope of a function of the file, or the file's own."""
        entry = self.program.entry
        return entry.top if function is None else entry.scope_of.get(function, entry.top)

    def value(self, expression: ast.expr, function: ast.AST | None = None) -> Constant | Collection | None:
        """The one literal or display that reaches an expression; None where it cannot be told."""
        values = self._evaluator.values(expression, self.scope(function))
        if len(values) != 1:
            return None
        value = values[0]
        if isinstance(value, Constant):
            hidden = self._asks_where_it_is and isinstance(value.value, str) and "/opt/ml/code" in value.value
            return None if hidden else value
        return value if isinstance(value, Collection) else None

    def source_of(self, value: Collection) -> Source | None:
        """The file in which a display stands."""
        return self.program.sources.get(value.scope.module.path)
