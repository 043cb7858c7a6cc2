"""Places of findings as hosts of code need them: paths from the repository's top, ends of regions, fingerprints."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from flake8_training.baseline import entry_of
from flake8_training.finding import Finding
from flake8_training.parsing import lines_of
from flake8_training.pattern import pattern
from flake8_training.source_file import Root

MAX_BYTES = 4_000_000
"""The largest file that is read for the end of a region."""

# What a finding is about: a string, a dotted name with its call's parenthesis left out, a number.
_TOKEN = pattern(
    r"""(?:[rbfuRBFU]{0,2})(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|[^\W\d]\w*(?:\.[^\W\d]\w*)*|-?\d[\w.]*"""
)

Path = Callable[[str], str]
"""Converts a path of a finding."""


def from_root(root: str, top: str | None = None) -> Path:
    """Return the converter of paths of findings to paths from the folder ``top``, by default ``root``.

    The paths are those of a check of the repository at ``root``, as seen from the current folder. A path outside stays
    as it is.
    """
    here = os.path.realpath(os.getcwd())
    top = top or root
    if not top or top == root == here:
        return lambda path: path
    base = top.rstrip(os.sep) + os.sep

    def converted(path: str) -> str:
        whole = os.path.normpath(os.path.join(here, path))
        if whole + os.sep == base:
            return "."
        if not whole.startswith(base):
            # The path of a finding outside the current folder is relative to the repository.
            whole = os.path.normpath(os.path.join(root, path))
        return whole[len(base) :].replace(os.sep, "/") if whole.startswith(base) else path

    return converted


class Sources:
    """The lines of the files that findings are in, read once; ``folder`` is what their paths are relative to."""

    def __init__(self, folder: str) -> None:
        self._root = Root(folder)
        self._lines: dict[str, Sequence[str]] = {}

    def lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file with their ends; an empty list if it cannot be read."""
        if path not in self._lines:
            try:
                source = self._root.read(path, MAX_BYTES).decode("utf-8", "replace")
            except (OSError, ValueError):
                source = ""
            self._lines[path] = lines_of(source)
        return self._lines[path]

    def line(self, path: str, number: int) -> str:
        """Return a line (from 1) without its end; an empty string if there is none."""
        lines = self.lines(path)
        return lines[number - 1].rstrip("\r\n") if 1 <= number <= len(lines) else ""

    def end(self, path: str, number: int, column: int) -> int | None:
        """Return the column behind the word or string at a place, or behind the line; None if the place is unknown."""
        line = self.line(path, number)
        if not 1 <= column <= len(line):
            return None
        found = _TOKEN.match(line, column - 1)
        return (found.end() if found is not None else max(len(line.rstrip()), column)) + 1


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return a fingerprint for each finding, which stays the same if its lines move; no two are equal."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[str] = []
    for finding in findings:
        entry = entry_of(finding)
        seen[entry] += 1
        text = "\0".join((*entry, str(seen[entry])))
        found.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return found
