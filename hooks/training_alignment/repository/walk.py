"""The files of a folder without git, by a bounded walk that follows no linked folder."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

MAX_FILES = 100_000
MAX_DEPTH = 40

_SKIPPED = frozenset(
    {
        "__pycache__",
        "__pypackages__",
        "node_modules",
        "site-packages",
        "venv",
        "env",
        "build",
        "dist",
        "htmlcov",
    }
)


def walk(root: str | Path) -> list[str]:
    """Return the paths of the files below ``root``, relative to it.

    Hidden folders, environments and build folders are skipped.
    """
    found: list[str] = []
    todo: list[tuple[str, str, int]] = [(os.fspath(root), "", 0)]
    while todo and len(found) < MAX_FILES:
        folder, prefix, depth = todo.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names and prefix:
            continue
        for entry in entries:
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if is_folder:
                skipped = (
                    entry.name in _SKIPPED or entry.name.startswith(".") or entry.name.endswith(".egg-info")
                )
                if not skipped and depth < MAX_DEPTH:
                    todo.append((entry.path, f"{prefix}{entry.name}/", depth + 1))
            elif not (entry.is_symlink() and os.path.isdir(entry.path)):
                found.append(prefix + entry.name)
    return found[:MAX_FILES]
