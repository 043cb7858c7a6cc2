"""The file that a dotted module name means, as seen from the file that imports it.

The plugin asks it of the disk, the command of the files of a repository: each is a `ModuleSource`. A folder without
an ``__init__.py`` (a namespace package) has no file of its own, and the modules in it are found through it.

Every commit that the command checks loads this module, so it imports nothing of the engine.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol
else:
    Protocol = object

NEVER_LOCAL = frozenset({*sys.stdlib_module_names, "sagemaker"})
"""The first names of absolute imports that always mean a library. The interpreter lists its own modules.

A folder named ``sagemaker`` holds what belongs to the SDK, or tests of it. Every other name may be a local module.
"""

MAX_PARTS = 32
"""A name of more parts, or with more dots in front, means no file: each part costs a search of its own."""

KEPT_MODULES = 4_096
"""Modules that are kept: most importers are near each other."""

_PACKAGE_FILE = "__init__.py"


class ModuleSource(Protocol):
    """The files that modules are looked for in. Their paths are separated by ``/``."""

    def is_file(self, path: str) -> bool:
        """Return whether there is such a file."""

    def roots(self, folder: str, top: str) -> Iterable[str]:
        """Yield the folders in which a file in ``folder`` finds the package or module ``top``, the nearest first.

        Every folder ends with ``/``, but for ``""``, the top of the source.
        """


class Resolver:
    """Finds the files of modules in one source.

    ``dotted`` is a name as it is imported: ``a.b``, ``..a.b``, ``..``. ``member`` is what is imported from it, if
    that may be a module. ``importer`` is the path of the importing file.
    """

    def __init__(self, source: ModuleSource) -> None:
        self._source = source
        self._found: dict[tuple[str, str], str | None] = {}
        """The last modules that were found."""

    def file(self, dotted: str, importer: str, member: str = "") -> str | None:
        """Return the path of the module's file, of a package its ``__init__.py``; None if the source has none."""
        name = joined(dotted, member)
        key = (name, _folder(importer))
        if key not in self._found:
            if len(self._found) == KEPT_MODULES:
                self._found.clear()
            self._found[key] = self._first(name, importer)
        found = self._found[key]
        if found == importer and not name.startswith("."):
            return next((path for path in self._existing(name, importer) if path != importer), None)
        return found

    def candidates(self, dotted: str, importer: str, member: str = "") -> Iterator[str]:
        """Yield the paths that the module's file may have, there or not, in the order in which Python looks."""
        name = joined(dotted, member)
        rest = name.lstrip(".")
        level = len(name) - len(rest)
        if level > MAX_PARTS or rest.count(".") >= MAX_PARTS:
            return
        for root in self._roots(level, rest, _folder(importer)):
            if rest:
                base = root + rest.replace(".", "/")
                yield f"{base}/{_PACKAGE_FILE}"
                yield f"{base}.py"
            else:
                yield root + _PACKAGE_FILE

    def _roots(self, level: int, name: str, folder: str) -> Iterable[str]:
        if level:
            above = _above(folder, level - 1)
            return () if above is None else (above,)
        top = name.partition(".")[0]
        return () if not top or top in NEVER_LOCAL else self._source.roots(folder, top)

    def _first(self, name: str, importer: str) -> str | None:
        return next(self._existing(name, importer), None)

    def _existing(self, name: str, importer: str) -> Iterator[str]:
        return (path for path in self.candidates(name, importer) if self._source.is_file(path))


def is_package_file(path: str) -> bool:
    """Return whether a file is the ``__init__.py`` of a package."""
    return path.rpartition("/")[2] == _PACKAGE_FILE


def joined(dotted: str, member: str) -> str:
    """Return the dotted name of a member of a module; the module's own for an empty member."""
    return f"{dotted}{'' if dotted.endswith('.') else '.'}{member}" if member else dotted


def prefixes(dotted: str) -> list[str]:
    """Return the modules that a dotted name may lead into, the longest first: ``.a.b`` and ``.a`` for ``.a.b``.

    The name of a package alone (``..``) is a prefix of nothing but itself. None has more than `MAX_PARTS` parts.
    """
    rest = dotted.lstrip(".")
    dots = dotted[: len(dotted) - len(rest)]
    if not rest:
        return [dotted] if dotted else []
    parts = rest.split(".", MAX_PARTS)[:MAX_PARTS]
    return [dots + ".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def absolute_name(dotted: str, package: str) -> str | None:
    """Return a dotted name, as imported inside ``package``, as an absolute one; None if it leaves the top package."""
    rest = dotted.lstrip(".")
    level = len(dotted) - len(rest)
    if not level:
        return dotted
    parts = package.split(".") if package else []
    if level - 1 > len(parts):
        return None
    kept = parts[: len(parts) - (level - 1)]
    return ".".join([*kept, rest] if rest else kept)


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _above(folder: str, levels: int) -> str | None:
    """Return the folder that many levels above; None if that is above the top."""
    for _ in range(levels):
        if folder in ("", "/"):
            return None
        folder = _folder(folder[:-1])
    return folder
