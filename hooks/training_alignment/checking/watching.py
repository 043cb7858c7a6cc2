"""Changes of a repository's files, found by looking at them again and again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from training_alignment.checking.relevance import ENDINGS
from training_alignment.repository.repository import Repository
from training_alignment.repository.root import find_root

INTERVAL: Final = 1.0
"""Seconds between two looks."""

State = dict[str, tuple[int, int]]
"""The time of change (in nanoseconds) and the size of each file."""


def changes(root: Path, wait: Callable[[float], None] = time.sleep) -> Iterator[tuple[str, ...]]:
    """Yield an empty tuple at once, then the changed, new and deleted files whenever there are some."""
    root = find_root(root)
    before = _state(root)
    yield ()
    while True:
        wait(INTERVAL)
        after = _state(root)
        if after != before:
            different = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
            before = after
            yield tuple(sorted(different))


def _state(root: Path) -> State:
    found: State = {}
    for path in Repository.open(root).files:
        if path.endswith(ENDINGS):
            try:
                status = os.lstat(root / path)
            except OSError:
                continue
            found[path] = status.st_mtime_ns, status.st_size
    return found
