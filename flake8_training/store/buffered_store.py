"""A store for the many rows of one process: it is read through one connection, and rows are written together."""

from __future__ import annotations

from flake8_training.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from flake8_training.store.store import Row
    from flake8_training.store.trace_columns import Columns

_TOGETHER = 100
"""Rows that are written in one transaction: several processes of flake8 write to one store."""


class BufferedStore(Store):
    """A store that a process asks no more if it has to wait for it, or cannot read it. The user calls `write`."""

    def __init__(self, folder: str, key: bytes) -> None:
        super().__init__(folder, key)
        self._reading: sqlite3.Connection | None = None
        self._waiting: list[Row] = []

    def recall(self, request: list[str]) -> tuple[list[bytes], list[str]] | None:
        """Return the pieces of the trace and the result that were kept for a request, or None."""
        return super().recall(request) if self.is_readable else None

    def keep(self, request: list[str], trace: Columns, result: list[str]) -> None:
        """Keep a result with its trace, at the latest when `write` is called."""
        row = self._row(request, trace, result)
        if row is None:
            return
        self._waiting.append(row)
        if len(self._waiting) >= _TOGETHER:
            self.write()

    def write(self) -> None:
        """Write the rows that are waiting."""
        rows, self._waiting = self._waiting, []
        if rows:
            self._keep(rows)

    def _connection(self, *, create: bool = False) -> sqlite3.Connection:
        if create:
            return super()._connection(create=True)
        if self._reading is None:
            self._reading = super()._connection()
        return self._reading

    def _release(self, connection: sqlite3.Connection) -> None:
        """Keep the connection."""
