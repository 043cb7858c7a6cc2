"""The garbage collector while a program or a repository is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector while trees are read that hold no cycles and are soon dropped.

    Otherwise each collection looks at all of them, and at the modules of the engine: a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def freeze_once() -> None:
    """Take what a process of flake8 or the language server has loaded and read so far out of the collector's sight.

    Only the first call does: what later files leave in cycles has to be collected.
    """
    gc.freeze()
