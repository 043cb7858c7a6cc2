"""The modules of one program: the script, and the local modules that it imports.

A local module lies beside the script, or in a folder above it within the project. Any other module is a library.
"""

from __future__ import annotations

import ast
import os
from collections import OrderedDict
from collections.abc import Collection, Iterator
from functools import cached_property

from flake8_training.engine.syntax.indexer import index_module
from flake8_training.engine.syntax.nodes import with_scopes
from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex, Scope, Store
from flake8_training.ledger import Reason
from flake8_training.libraries.table import table
from flake8_training.parsing import parsed
from flake8_training.project_folder import project_root
from flake8_training.resolver import Resolver, absolute_name, is_package_file, prefixes
from flake8_training.source_file import Root, exists, is_file, is_folder, size_of

MAX_MODULES = 60
MAX_BYTES = 1_000_000
MAX_SOURCE = 500_000
"""Bytes of local modules after which no more are read for one script: about 12,000 lines."""
_MAX_ROOTS = 4
_KEPT_MODULES = 16
"""Local modules kept for the next scripts. Each garbage collection of the process looks at all of their nodes."""


class Disk:
    """The modules on disk. An absolute name starts in the folder of the importing file, or in a folder above it."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._above: dict[str, list[str]] = {}
        """The folders above a folder that are searched, by its path."""

    def is_file(self, path: str) -> bool:
        """Return whether the file exists."""
        return is_file(path)

    def roots(self, folder: str, top: str) -> Iterator[str]:
        """Yield the folder itself, then those above it: the nearest first, and at most `_MAX_ROOTS`.

        A script in a package (``app/train.py`` that imports ``app.model``) is started from above the package. A known
        library is local only if it lies in ``folder``. Last come the ``src`` folders in these: the packages of such a
        project are installed. The search ends at the root, and at the top of a repository inside the root.
        """
        yield folder
        if table().library(top) is None:
            if folder not in self._above:
                above = list(self._folders_above(folder))
                sources = (f"{one}src/" for one in (folder, *above))
                self._above[folder] = [
                    *above,
                    *(s for s in sources if is_folder(s) and self._root.contains(s)),
                ]
            yield from self._above[folder]

    def _folders_above(self, folder: str) -> Iterator[str]:
        for _ in range(_MAX_ROOTS - 1):
            parent = folder[: folder.rstrip("/").rfind("/") + 1]
            if not parent or exists(f"{folder}.git") or not self._root.contains(parent):
                return
            yield parent
            folder = parent


class Program:
    """A script and its local modules. ``folder`` is None if the script has no path (stdin).

    Nothing outside of ``root`` is read. By default it is the script's own project.
    """

    def __init__(self, tree: ast.Module, path: str, root: Root | None = None) -> None:
        self.path = path
        known = path not in ("-", "stdin", "")
        self.folder = os.path.dirname(os.path.abspath(path)) if known else None
        self._place = disk_path(path)
        self.entry = index_module(tree, path)
        self._root = root
        self._unreadable: dict[str, str] = {}
        self._over_budget: set[str] = set()
        self._source_read = 0
        """The bytes of the local modules that have been read."""
        self._indexes: dict[str, ModuleIndex] = {}
        """The indexes of local modules by dotted name, shared with `on_demand`."""
        self._used: list[ModuleIndex] = []
        """The indexes that other programs may use too, shared with `on_demand`."""

    def close(self) -> None:
        """Release the index of the script, and those of local modules that are not kept for the next programs."""
        self.entry.close()
        for module in self._used:
            LOCAL_MODULES.release(module)
        on_demand = self.__dict__.get("on_demand")
        if on_demand is not None:
            on_demand.__dict__.clear()
        self.__dict__.clear()

    @cached_property
    def modules(self) -> dict[str, ModuleIndex]:
        """The script, as ``""``, and its local modules by dotted name, read on first use."""
        found = {"": self.entry}
        todo = [self.entry]
        while todo:
            module = todo.pop()
            for dotted in [name for name, _ in module.imports]:
                for name in self._candidates(dotted, module):
                    enough = len(found) >= MAX_MODULES or self._source_read >= MAX_SOURCE
                    loaded = self._load(name, enough) if name not in found else None
                    if loaded is not None:
                        found[name] = loaded
                        todo.append(loaded)
        return found

    @property
    def unreadable(self) -> dict[str, str]:
        """Local modules that exist and are not read: broken, or beyond the bounds. Dotted name -> path."""
        return self._unreadable if self.modules else {}

    def why_unread(self, dotted: str) -> Reason | None:
        """Return why the local module that a dotted name begins with is not read; None if there is none."""
        name = next((one for one in prefixes(dotted) if one in self.unreadable), None)
        if name is None:
            return None
        return Reason.BUDGET if name in self._over_budget else Reason.UNPARSED

    def _candidates(self, dotted: str, module: ModuleIndex) -> list[str]:
        """Return every package and module that importing ``dotted`` may run, outermost first."""
        return prefixes(absolute_name(dotted, module.package) or "")[::-1]

    def _load(self, name: str, enough: bool) -> ModuleIndex | None:
        """Return the local module of that name; if ``enough`` has been read, only note its file."""
        if self.folder is None or name in self._unreadable:
            return None
        path = self.resolver.file(name, self._place)
        if path is None:
            return None
        if enough:
            self._unreadable[name] = path
            self._over_budget.add(name)
            return None
        known = self._indexes.get(name)
        if known is not None:
            if os.path.normpath(path) not in self.root.unsaved:
                self.root.note_content(path, MAX_BYTES)
            return known
        try:
            unsaved = self.root.unsaved.get(os.path.normpath(path))
            self._source_read += max(size_of(path), 0) if unsaved is None else len(unsaved)
            found = self.read(path, name if is_package_file(path) else name.rpartition(".")[0])
            return self._indexes.setdefault(name, found)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            self._unreadable[name] = path
            return None

    def read(self, path: str, package: str) -> ModuleIndex:
        """Return the index of a file as a module of ``package``. Raise what reading and parsing raise."""
        unsaved = self.root.unsaved.get(os.path.normpath(path))
        if unsaved is not None:
            return index_module(parsed(unsaved, path), path, package)
        stat = os.stat(path)
        found = LOCAL_MODULES.read(path, stat.st_mtime_ns, stat.st_size, package, self.root.path)
        self._used.append(found)
        self.root.note_content(path, MAX_BYTES)
        return found

    @cached_property
    def root(self) -> Root:
        """The folder outside of which nothing is read."""
        return self._root or Root(project_root(self.folder or os.curdir))

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver of modules on the disk."""
        return Resolver(Disk(self.root))

    # -- queries over all modules, in their order; ``Analysis`` has those restricted to code that can run

    @property
    def dynamic_sites(self) -> Iterator[CallSite]:
        """Every call of exec, eval, globals() or the like, which makes any name possible where it runs."""
        return (site for module in self.modules.values() for site in module.dynamic_sites)

    @property
    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """Every imported dotted name, as written, with its statement."""
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
        """Yield the calls whose last name is one of ``names``; without a name, every call."""
        ordered = sorted(
            names
        )  # callers pass sets: where values hold each other, the first one asked for is cut short
        for module in self.modules.values():
            if not names:
                yield from module.calls
            for name in ordered:
                yield from module.calls_by_name.get(name, ())

    def name_loads(self, *names: str) -> Iterator[tuple[ast.Name, Scope]]:
        """Yield the reads of these names, with their scopes."""
        ordered = sorted(names)
        for module in self.modules.values():
            for name in ordered:
                yield from module.name_loads.get(name, ())

    def attribute_loads(self, *names: str) -> Iterator[tuple[ast.Attribute, Scope]]:
        """Yield the reads of attributes with these names, with their scopes; without a name, every read."""
        for scope in self.scopes:
            for node, _ in scope.attribute_loads:
                if not names or node.attr in names:
                    yield node, scope

    def attribute_stores(self, *names: str) -> Iterator[Store]:
        """Yield the stores to attributes with these names; without a name, every attribute store."""
        ordered = sorted(names)
        for module in self.modules.values():
            for name in ordered or module.attribute_stores:
                yield from module.attribute_stores.get(name, ())

    def imports_from_entry(self, names: Collection[str]) -> bool:
        """Return whether a local module imports one of these names from the entry file."""
        entry = {os.path.splitext(os.path.basename(self.path))[0], "__main__"}
        return any(
            dotted.rpartition(".")[2] in names and dotted.rpartition(".")[0].rpartition(".")[2] in entry
            for module in self.modules.values()
            for dotted, _ in module.imports
        )

    @property
    def subscript_loads(self) -> Iterator[tuple[ast.Subscript, Scope]]:
        """Every ``a[b]`` that is read, with its scope."""
        return (found for module in self.modules.values() for found in module.subscript_loads)

    @property
    def subscript_stores(self) -> Iterator[Store]:
        """Every ``a[b] = c``."""
        return (store for module in self.modules.values() for store in module.subscript_stores)

    def local(self, dotted: str) -> tuple[ModuleIndex, str] | None:
        """Return the local module that a dotted absolute name begins with, and the rest of the name, or None."""
        for name in prefixes(dotted):
            module = self.module(name)
            if module is not None:
                return module, dotted[len(name) + 1 :]
        return None

    def module(self, name: str) -> ModuleIndex | None:
        """Return the local module with this dotted name, or None."""
        return self.modules.get(name)

    def has_module(self, name: str) -> bool:
        """Return whether the program has a local module with this dotted name."""
        return name in self.modules

    @cached_property
    def on_demand(self) -> Program:
        """The same program for few questions: it reads a local module when a value reaches it, not all of them."""
        return _ProgramOnDemand(self)


class _ProgramOnDemand(Program):
    """A program that reads its local modules one by one."""

    def __init__(self, whole: Program) -> None:
        self.__dict__.update({k: v for k, v in whole.__dict__.items() if k != "modules"})
        self._unreadable = {}
        self._over_budget = set()
        self._source_read = 0
        self._whole = whole
        self._loaded: dict[str, ModuleIndex | None] = {"": self.entry}

    @property
    def modules(self) -> dict[str, ModuleIndex]:
        """All local modules, which the whole program reads."""
        return self._whole.modules

    def module(self, name: str) -> ModuleIndex | None:
        """Return the local module with this dotted name, or None; it is read now."""
        if "modules" in self._whole.__dict__:
            return self._whole.modules.get(name)
        if name not in self._loaded:
            enough = len(self._loaded) >= MAX_MODULES or self._source_read >= MAX_SOURCE
            self._loaded[name] = self._load(name, enough)
        return self._loaded[name]

    def has_module(self, name: str) -> bool:
        """Return whether the program has a local module with this dotted name."""
        return self.module(name) is not None


def disk_path(path: str) -> str:
    """Return the absolute path of a file, separated by ``/`` on every system."""
    return os.path.abspath(path).replace(os.sep, "/")


class _Modules:
    """The indexes of local modules, the last few of which are kept for the next programs."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int, str, str], ModuleIndex] = OrderedDict()

    def read(self, path: str, mtime: int, size: int, package: str, root: str) -> ModuleIndex:
        """Return the index of one file, read once per process as long as its time and size stay the same.

        The caller has to `release` it.
        """
        key = (path, mtime, size, package, root)
        found = self._kept.get(key)
        if found is None:
            found = index_module(parsed(Root(root).read(path, MAX_BYTES), path), path, package)
            found.users += 1
            self._kept[key] = found
            if len(self._kept) > _KEPT_MODULES:
                self.release(self._kept.popitem(last=False)[1])
        else:
            self._kept.move_to_end(key)
        found.users += 1
        return found

    def release(self, module: ModuleIndex) -> None:
        """Close a module that nobody uses any more; a program that nobody closes uses its modules for ever."""
        module.users -= 1
        if not module.users:
            module.close()

    def forget(self) -> None:
        """Keep no module for the next programs."""
        while self._kept:
            self.release(self._kept.popitem()[1])


LOCAL_MODULES = _Modules()
"""The local modules of this process."""
