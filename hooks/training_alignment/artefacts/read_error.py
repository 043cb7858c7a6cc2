"""The error for a file that cannot be read, and the limit on a file's size.

Every commit that the command checks loads this module, so it imports nothing.
"""

from __future__ import annotations

MAX_BYTES = 1_000_000
"""The largest file that is read as an artefact."""


class ReadError(Exception):
    """An artefact file cannot be read. ``path`` is relative to the repository; line and column count from 1.

    ``is_newer``: the file is Python of a newer version than the one that runs the command, so it may be right.
    """

    def __init__(self, path: str, line: int, column: int, message: str, is_newer: bool = False) -> None:
        super().__init__(path, line, column, message, is_newer)
        self.is_newer = is_newer
        self.path = path
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


def too_large(path: str, size: int) -> ReadError:
    """Return the error for a file of ``size`` bytes."""
    return ReadError(path, 1, 1, f"the file has {size:,} bytes, and {MAX_BYTES:,} are read at most")
