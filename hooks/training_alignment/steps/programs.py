"""The Python files of a repository read as scripts and as launchers: each once while it is near at hand.

A step's script and builder are asked about by one rule after the other, and by the rules over launchers behind them.
What has been found out about a file is large, so that only few files are kept.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import TYPE_CHECKING

from flake8_training.script import Script, read

if TYPE_CHECKING:
    from flake8_training.builder import Launcher
    from training_alignment.steps.repository import Repository

KEPT = 6


class Programs:
    """Reads files, by their paths in the repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._scripts: OrderedDict[str, Script] = OrderedDict()
        self._launchers: dict[str, Launcher] = {}

    def script(self, path: str) -> Script:
        """The file as a script; raises `ReadError`."""
        known = self._scripts.get(path)
        if known is not None:
            self._scripts.move_to_end(path)
            return known
        source = self._repository.source(path)
        full = os.path.join(self._repository.root, path)
        script = read(source.tree, full, source.lines, self._repository.around)
        self._scripts[path] = script
        if len(self._scripts) > KEPT:
            last, _ = self._scripts.popitem(last=False)
            self._launchers.pop(last, None)
        return script

    def launcher(self, path: str) -> Launcher:
        """The file as a launcher, which it may not be; raises `ReadError`."""
        from flake8_training.builder import read_launcher

        script = self.script(path)
        if path not in self._launchers:
            self._launchers[path] = read_launcher(script.tree, path, script.lines, script.program)
        return self._launchers[path]
