"""The modules of one program: the script, and the local modules that it imports, read from disk.

A local module stands beside the script (or in a package there). Whatever is not found so is a library.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from functools import cached_property, lru_cache

from flake8_training.configured import project_root
from flake8_training.parsing import parsed
from flake8_training.script.apis.table import table
from flake8_training.script.names import CallSite, ModuleNames, Scope, Store
from flake8_training.script.nodes import with_scopes
from flake8_training.script.tree_pass import read_names
from flake8_training.source_file import Root

MAX_MODULES = 60
MAX_BYTES = 1_000_000
_MAX_ROOTS = 4
_SDK = "sagemaker"
"""Never a local module: a folder of that name beside a script holds what belongs to the SDK, or tests of it."""


class Program:
    """A script and its local modules. ``folder`` is None where the script has no place on disk (stdin).

    ``root`` is the folder outside of which nothing is read: the script's own project unless it is said.
    """

    def __init__(self, tree: ast.Module, path: str, root: Root | None = None) -> None:
        self.path = path
        known = path not in ("-", "stdin", "")
        self.folder = os.path.dirname(os.path.abspath(path)) if known else None
        self.entry = read_names(tree, path)
        self._root = root
        self._unreadable: dict[str, str] = {}
        self._absent: set[str] = set()

    @cached_property
    def modules(self) -> dict[str, ModuleNames]:
        """The script, as ``""``, and its local modules by dotted name, read when they are first asked for."""
        found = {"": self.entry}
        todo = [self.entry]
        while todo and len(found) < MAX_MODULES:
            module = todo.pop()
            for dotted in [name for name, _ in module.imports]:
                for name in self._candidates(dotted, module):
                    loaded = self._load(name) if name not in found else None
                    if loaded is not None:
                        found[name] = loaded
                        todo.append(loaded)
        return found

    @property
    def unreadable(self) -> dict[str, str]:
        """Local modules that are there and cannot be parsed: dotted name -> path."""
        return self._unreadable if self.modules else {}

    def _candidates(self, dotted: str, module: ModuleNames) -> list[str]:
        """Every package and module that importing ``dotted`` may run, outermost first."""
        absolute = absolute_name(dotted, module.package)
        if absolute is None:
            return []
        parts = absolute.split(".")
        return [".".join(parts[: n + 1]) for n in range(len(parts))]

    def _load(self, name: str) -> ModuleNames | None:
        if self.folder is None or not name or name in self._absent or name in self._unreadable:
            return None
        found = self._find(name)
        if found is None:
            self._absent.add(name)
            return None
        path, package = found
        try:
            stat = os.stat(path)
            return _parsed(path, stat.st_mtime_ns, stat.st_size, package, self.root.path)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            self._unreadable[name] = path
            return None

    def _find(self, name: str) -> tuple[str, str] | None:
        """The file of a dotted module beside the script, and its package; None where there is none."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top == _SDK:
            return None
        for number, folder in enumerate(self._roots):
            if number == 1 and table().library(top) is not None:
                return None
            base = os.path.join(folder, *name.split("."))
            for path, package in (
                (os.path.join(base, "__init__.py"), name),
                (base + ".py", name.rpartition(".")[0]),
            ):
                if os.path.isfile(path) and os.path.abspath(path) != os.path.abspath(self.path):
                    return path, package
        return None

    @cached_property
    def root(self) -> Root:
        """The folder outside of which nothing is read."""
        return self._root or Root(project_root(self.folder or os.curdir))

    @cached_property
    def _roots(self) -> list[str]:
        """The folders that may be the top of the source directory: the script's, and those above it, nearest first.

        A script in a package (``app/train.py`` that imports ``app.model``) is started from above the package.
        The root ends the search, and so does the top of a repository inside it.
        """
        found: list[str] = []
        folder = self.folder
        while folder is not None and len(found) < _MAX_ROOTS:
            found.append(folder)
            parent = os.path.dirname(folder)
            if parent == folder or os.path.exists(os.path.join(folder, ".git")):
                break
            if not self.root.contains(parent):
                break
            folder = parent
        return found

    # -- queries over all modules, in their order: ``Analysis`` has those that ask only for code that can run

    @property
    def is_dynamic(self) -> bool:
        """Whether exec, eval, globals() or the like make any name possible in some module."""
        return any(module.dynamic for module in self.modules.values())

    @property
    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Every dotted name that is imported, as it is written, with its statement."""
        return (found for module in self.modules.values() for found in module.imports)

    @property
    def scopes(self) -> Iterator[Scope]:
        """Every scope."""
        return (scope for module in self.modules.values() for scope in module.scopes)

    @property
    def strings(self) -> Iterator[ast.Constant]:
        """Every literal string, docstrings included."""
        return (node for module in self.modules.values() for node, _ in module.texts)

    @property
    def nodes(self) -> Iterator[tuple[ast.AST, Scope]]:
        """Every node, with its scope, in the order of the source."""
        return (found for module in self.modules.values() for found in with_scopes(module))

    def all_calls(self, *names: str) -> Iterator[CallSite]:
        """Yield the calls of functions and methods of these last names; without a name, every call."""
        for module in self.modules.values():
            if not names:
                yield from module.calls
            for name in names:
                yield from module.calls_by_name.get(name, ())

    def name_loads(self, *names: str) -> Iterator[tuple[ast.Name, Scope]]:
        """Yield where these names are read, with the scope of the place."""
        for module in self.modules.values():
            for name in names:
                yield from module.name_loads.get(name, ())

    def attribute_loads(self, *names: str) -> Iterator[tuple[ast.Attribute, Scope]]:
        """Yield where attributes of these names are read, with the scope; without a name, every attribute."""
        for scope in self.scopes:
            for node, _ in scope.attribute_loads:
                if not names or node.attr in names:
                    yield node, scope

    def attribute_stores(self, *names: str) -> Iterator[Store]:
        """Yield what is stored in attributes of these names; without a name, in every attribute."""
        for module in self.modules.values():
            for name in names or module.attribute_stores:
                yield from module.attribute_stores.get(name, ())

    @property
    def subscript_loads(self) -> Iterator[tuple[ast.Subscript, Scope]]:
        """Every ``a[b]`` that is read, with its scope."""
        return (found for module in self.modules.values() for found in module.subscript_loads)

    @property
    def subscript_stores(self) -> Iterator[Store]:
        """Every ``a[b] = c``."""
        return (store for module in self.modules.values() for store in module.subscript_stores)

    def local(self, dotted: str) -> tuple[ModuleNames, str] | None:
        """The local module that a dotted absolute name leads into, and the rest of the name."""
        name = dotted
        while name:
            if name in self.modules:
                return self.modules[name], dotted[len(name) + 1 :]
            name = name.rpartition(".")[0]
        return None


def absolute_name(dotted: str, package: str) -> str | None:
    """A dotted name as imported inside ``package``, made absolute; None where it leaves the top."""
    level = len(dotted) - len(dotted.lstrip("."))
    if not level:
        return dotted
    parts = package.split(".") if package else []
    if level - 1 > len(parts):
        return None
    kept = parts[: len(parts) - (level - 1)]
    rest = dotted[level:]
    return ".".join([*kept, rest] if rest else kept)


@lru_cache(maxsize=128)
def _parsed(path: str, mtime: int, size: int, package: str, root: str) -> ModuleNames:
    """The names of one file, read once per process for as long as the file stays as it is."""
    return read_names(parsed(Root(root).read(path, MAX_BYTES), path), path, package)
