"""Cache of a repository's Python files, read as scripts and as launchers.

Each rule reads a step's script and builder, and the launcher rules read them again. The facts of a file
are large, so only a few files are kept.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import TYPE_CHECKING

from flake8_training.script import Script, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flake8_training.launcher import Launcher
    from flake8_training.source_file import Root
    from training_alignment.artefacts.source import Source

KEPT = 6


class Programs:
    """Reads files, by their paths in the repository, and keeps the last few."""

    def __init__(self, root: Path, source_of: Callable[[str], Source], around: Callable[[], Root]) -> None:
        self._root = root
        self._source_of = source_of
        self._around = around
        self._scripts: OrderedDict[str, Script] = OrderedDict()
        self._launchers: dict[str, Launcher] = {}

    def script(self, path: str) -> Script:
        """Return the file as a script. Raises `ReadError`."""
        known = self._scripts.get(path)
        if known is not None:
            self._scripts.move_to_end(path)
            return known
        source = self._source_of(path)
        full = os.path.join(self._root, path)
        script = read(source.tree, full, source.lines, self._around())
        self._scripts[path] = script
        if len(self._scripts) > KEPT:
            last, _ = self._scripts.popitem(last=False)
            self._launchers.pop(last, None)
        return script

    def launcher(self, path: str) -> Launcher:
        """Return the file as a launcher, whether it starts a job or not. Raises `ReadError`."""
        from flake8_training.launcher import read_launcher

        script = self.script(path)
        if path not in self._launchers:
            self._launchers[path] = read_launcher(script.tree, path, script.lines, script.program)
        return self._launchers[path]
