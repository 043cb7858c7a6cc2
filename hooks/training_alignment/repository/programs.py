"""Cache of a repository's Python files, read as scripts and as launchers.

Each rule reads a step's script and builder, and the launcher rules read them again. The facts of a file
are large, so only a few files are kept. The steps of all files together are bounded; past the bound, the rest of the
files is unknown.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from flake8_training.script import Script, read
from training_alignment.artefacts.read_error import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from flake8_training.engine.syntax.program import Program
    from flake8_training.launcher import Launcher
    from flake8_training.source_file import Root
    from training_alignment.artefacts.source import Source

KEPT = 6

Work = tuple[tuple[str, ...], tuple[str, ...], int]

# As many as 500 files take that take the most; a public training script takes a few hundred.
MAX_STEPS: Final = 5_000_000


class Unfollowed(ReadError):
    """A file is not read as a program, because the files before it have taken all steps."""


class Programs:
    """Reads files, by their paths in the repository, and keeps the last few."""

    def __init__(self, root: str, source_of: Callable[[str], Source], around: Callable[[], Root]) -> None:
        self._root = root
        self._source_of = source_of
        self._around = around
        self._scripts: OrderedDict[str, Script] = OrderedDict()
        self._launchers: dict[str, Launcher] = {}
        self._left: list[tuple[Script, Launcher | None]] = []
        """The files that are no longer kept, which the caller may still use."""
        self._steps = 0
        self._cut_short: dict[str, None] = {}
        self._unfollowed: dict[str, None] = {}

    def script(self, path: str) -> Script:
        """Return the file as a script. Raises `ReadError`, and `Unfollowed` if no steps are left for it."""
        known = self._scripts.get(path)
        if known is not None:
            self._scripts.move_to_end(path)
            return known
        if self._steps > MAX_STEPS:
            self._unfollowed[path] = None
            raise Unfollowed(path, 1, 1, "the check has no steps left for this file")
        source = self._source_of(path)
        full = os.path.join(self._root, path)
        script = read(source.tree, full, source.lines, self._around())
        self._scripts[path] = script
        if len(self._scripts) > KEPT:
            last = next(iter(self._scripts))
            self._count(last)
            self._left.append((self._scripts.pop(last), self._launchers.pop(last, None)))
        return script

    def close_left(self, but: Container[Program]) -> None:
        """Release the files that are no longer kept, but those that the caller still asks."""
        for script, launcher in self._left:
            if script.program in but:
                continue
            if launcher is not None:
                launcher.close()
            script.close()
        self._left.clear()

    def _count(self, path: str) -> None:
        """Count the steps that a file has taken."""
        # an evaluator that nobody has asked for has taken none
        evaluators = [self._scripts[path].analysis.__dict__.get("evaluator")]
        if path in self._launchers:
            evaluators.append(self._launchers[path].__dict__.get("evaluator"))
        for evaluator in evaluators:
            if evaluator is not None:
                self._steps += evaluator.budget.steps
                if evaluator.is_exhausted:
                    self._cut_short[path] = None

    def unfinished(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the files with more values than the bound on one file, and those that no steps were left for."""
        for path in self._scripts:
            self._count(path)
        self._scripts.clear()
        self._launchers.clear()
        return tuple(sorted(self._cut_short)), tuple(self._unfollowed)

    def work_from_here(self) -> Callable[[], Work]:
        """Return a function that returns the work since now: the steps taken, and what `unfinished` returns.

        Another process may call it; what has been read so far is no part of its work.
        """
        self.unfinished()
        before = self._steps

        def work() -> Work:
            return (*self.unfinished(), self._steps - before)

        return work

    def add(self, works: Iterable[Work]) -> bool:
        """Add the work of other processes. Return False if one process would have left out some of it."""
        works = list(works)
        total = self._steps + sum(steps for _, _, steps in works)
        if total > MAX_STEPS or any(unfollowed for _, unfollowed, _ in works):
            return False
        self._steps = total
        self._cut_short.update((path, None) for cut_short, _, _ in works for path in cut_short)
        return True

    def launcher(self, path: str) -> Launcher:
        """Return the file as a launcher, whether it starts a job or not. Raises `ReadError`."""
        from flake8_training.launcher import read_launcher

        script = self.script(path)
        if path not in self._launchers:
            self._launchers[path] = read_launcher(script.tree, path, script.lines, script.program)
        return self._launchers[path]
