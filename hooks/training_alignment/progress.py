"""The progress of a long check, on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TextIO

DELAY: Final = 2.0
"""Seconds after which the progress is shown: a short check shows none."""
INTERVAL: Final = 0.1


class Progress:
    """A line that counts the steps and launchers that have been checked, and that is erased at the end."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._next = clock() + DELAY
        self._is_shown = False

    def __call__(self, done: int, total: int) -> None:
        """Show the numbers, unless the check is young or they have just been shown."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + INTERVAL
        self._is_shown = True
        self._write(f"\r\x1b[2KChecking {done} of {total} steps and launchers")

    def clear(self) -> None:
        """Erase the line."""
        if self._is_shown:
            self._write("\r\x1b[2K")

    def _write(self, string: str) -> None:
        try:
            self._stream.write(string)
            self._stream.flush()
        except OSError:
            pass
