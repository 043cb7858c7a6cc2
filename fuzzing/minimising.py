"""Minimising of a failing input: drops files, runs, lines and bytes as long as the failure stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from fuzzing.cases import Case

Part = TypeVar("Part")


class _Spent(Exception):
    """The trials are used up."""


class Minimiser:
    """The search for a smaller case; ``fails`` returns whether a case still fails in the same way."""

    def __init__(self, fails: Callable[[Case], bool], trials: int) -> None:
        self._fails = fails
        self._left = trials

    def smaller(self, case: Case) -> Case:
        """Return the smallest case found."""
        self.best = case
        try:
            self._runs()
            self._files()
            for path in sorted(self.best.files, key=lambda path: -len(self.best.files[path])):
                self._content(path, b"\n")
            for path in self.best.files:
                if len(self.best.files[path]) < 4_000:
                    self._content(path, b"")
        except _Spent:
            pass
        return self.best

    def _try(self, case: Case) -> bool:
        if self._left <= 0:
            raise _Spent
        self._left -= 1
        if not self._fails(case):
            return False
        self.best = case
        return True

    def _runs(self) -> None:
        for run in (*self.best.scripts, *self.best.commands):
            scripts = tuple(one for one in self.best.scripts if one != run)
            commands = tuple(one for one in self.best.commands if one != run)
            if scripts or commands:
                self._try(self.best._replace(scripts=scripts, commands=commands))

    def _files(self) -> None:
        for path in list(self.best.links):
            self._try(self.best._replace(links={p: t for p, t in self.best.links.items() if p != path}))

        def with_files(paths: Sequence[str]) -> Case:
            files = self.best.files
            return self.best._replace(files={path: files[path] for path in files if path in paths})

        self._reduce(list(self.best.files), lambda paths: self._try(with_files(paths)))

    def _content(self, path: str, between: bytes) -> None:
        content = self.best.files[path]
        parts = content.split(between) if between else [bytes([byte]) for byte in content]

        def trial(kept: Sequence[bytes]) -> bool:
            return self._try(self.best._replace(files={**self.best.files, path: between.join(kept)}))

        self._reduce(parts, trial)

    def _reduce(self, parts: list[Part], still: Callable[[Sequence[Part]], bool]) -> None:
        """Leave out runs of parts, long ones first."""
        length = max(len(parts) // 2, 1)
        while parts:
            at = 0
            while at < len(parts):
                kept = parts[:at] + parts[at + length :]
                if still(kept):
                    parts = kept
                else:
                    at += length
            if length == 1:
                return
            length = max(length // 2, 1)
