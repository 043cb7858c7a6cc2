"""A store for the many files of one process: it is read through one connection, and rows are written together."""

from __future__ import annotations

from flake8_training.store.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import ClassVar

    from flake8_training.store.store import Row
    from flake8_training.store.trace_columns import Columns

_TOGETHER = 100
"""Rows that are written in one transaction: several processes of flake8 write to one store."""


class FileStore(Store):
    """A store of results of single files. A process that has to wait for it, or cannot read it, asks it no more."""

    file = "flake8.sqlite"
    packages: ClassVar[tuple[str, ...]] = ("flake8_training",)
    most_rows = 20_000
    most_bytes = 32_000_000

    def __init__(self, folder: str, key: bytes) -> None:
        super().__init__(folder, key)
        self._reading: sqlite3.Connection | None = None
        self._waiting: list[Row] = []
        self._is_written_at_the_end = False

    def recall(self, request: list[str]) -> tuple[list[bytes], list[str]] | None:
        """Return the pieces of the trace and the result that were kept for a request, or None."""
        return super().recall(request) if self.is_readable else None

    def keep(self, request: list[str], trace: Columns, result: list[str]) -> None:
        """Keep a result with its trace, at the latest when the process ends."""
        row = self._row(request, trace, result)
        if row is None:
            return
        if not self._waiting:
            self._write_at_the_end()
        self._waiting.append(row)
        if len(self._waiting) >= _TOGETHER:
            self.write()

    def write(self) -> None:
        """Write the rows that are waiting."""
        rows, self._waiting = self._waiting, []
        if rows:
            self._keep(rows)

    def _write_at_the_end(self) -> None:
        # atexit knows nothing of the end of a worker process, and flake8 has loaded multiprocessing
        from multiprocessing.util import Finalize

        if not self._is_written_at_the_end:
            Finalize(None, self.write, exitpriority=0)
            self._is_written_at_the_end = True

    def _connection(self, *, create: bool = False) -> sqlite3.Connection:
        if create:
            return super()._connection(create=True)
        if self._reading is None:
            self._reading = super()._connection()
        return self._reading

    def _release(self, connection: sqlite3.Connection) -> None:
        """Keep the connection."""
