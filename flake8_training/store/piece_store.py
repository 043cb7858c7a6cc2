"""A store of large traces: a run keeps the pieces of the run before that are the same.

A run over 50,000 files has read all of them, and the next one finds a few changed. Only the pieces that hold these
are written. Each piece has its code as its name, and the row of a run holds the codes of its pieces.
"""

from __future__ import annotations

from flake8_training.source_file import keyed_hash_of
from flake8_training.store.store import RUN, Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from flake8_training.store.store import Row

_PIECE = "CREATE TABLE piece (code BLOB PRIMARY KEY, data BLOB)"
_CODE = 16
"""The bytes of a code."""


class PieceStore(Store):
    """A store whose traces are in pieces of their own."""

    tables = (RUN, _PIECE)

    def __init__(self, folder: str, key: bytes) -> None:
        super().__init__(folder, key)
        self._known: dict[int, tuple[bytes, bytes]] = {}
        """The pieces that were read or are to be written, each with its code, by identity."""
        self._right: set[bytes] = set()
        """The codes of the pieces that were read from the store."""

    def _trace(self, pieces: list[bytes]) -> bytes:
        return b"".join(map(self._code_of, pieces))

    def _code_of(self, piece: bytes) -> bytes:
        if id(piece) not in self._known:
            # not the hash itself: the code of a row is the hash of hashes
            code = keyed_hash_of(self._key, b"piece" + keyed_hash_of(self._key, piece))
            self._known[id(piece)] = piece, code
        return self._known[id(piece)][1]

    def _pieces(self, connection: sqlite3.Connection, trace: bytes) -> list[bytes]:
        """Return the pieces of a trace. Raises ``ValueError`` if one is missing or is not what was written."""
        found: list[bytes] = []
        for code in _codes(trace):
            row = connection.execute("SELECT data FROM piece WHERE code = ?", (code,)).fetchone()
            if row is None or not isinstance(row[0], bytes) or self._code_of(row[0]) != code:
                raise ValueError("a piece is missing or changed")
            self._right.add(code)
            found.append(row[0])
        return found

    def _insert(self, connection: sqlite3.Connection, row: Row) -> None:
        super()._insert(connection, row)
        there = {code for (code,) in connection.execute("SELECT code FROM piece")}
        wanted = set(_codes(row[1])) - (self._right & there)
        new = {code: piece for piece, code in self._known.values() if code in wanted}
        connection.executemany("INSERT OR REPLACE INTO piece VALUES (?, ?)", new.items())

    def _bound(self, connection: sqlite3.Connection) -> None:
        """Delete the oldest runs past the bounds, and the pieces of no run; runs may share pieces."""
        sizes = dict(connection.execute("SELECT code, length(data) FROM piece").fetchall())
        runs = connection.execute(
            "SELECT rowid, trace, length(result) FROM run ORDER BY rowid DESC"
        ).fetchall()
        used: set[bytes] = set()
        total = 0
        for number, (row_number, trace, size) in enumerate(runs):
            codes = set(_codes(trace)) if isinstance(trace, bytes) else set()
            more = size + sum(sizes.get(code, 0) for code in codes - used)
            if number >= self.most_rows or total + more > self.most_bytes:
                connection.execute("DELETE FROM run WHERE rowid = ?", (row_number,))
            else:
                total += more
                used |= codes
        connection.executemany("DELETE FROM piece WHERE code = ?", [(code,) for code in sizes.keys() - used])


def _codes(trace: bytes) -> Iterator[bytes]:
    return (trace[start : start + _CODE] for start in range(0, len(trace), _CODE))
