"""The error for a file that cannot be read."""

from __future__ import annotations


class ReadError(Exception):
    """An artefact file cannot be read. ``path`` is relative to the repository; line and column count from 1."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        super().__init__(path, line, column, message)
        self.path = path
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"
