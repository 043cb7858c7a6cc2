"""The store: results of earlier runs, each with the trace of what it has read, in one SQLite file.

It lies in the git directory, or in the folder of ``--cache-dir``. It is never trusted. Each row has a code that only
this user's secret key produces, so a row that somebody else wrote, or that is damaged, counts as missing; so does a
store that cannot be read. A store that cannot be written is left as it is.

The rows hold for one version of the tool, its tables and the interpreter.
"""

from __future__ import annotations

import os
import stat
import sys

from flake8_training import __version__
from flake8_training.source_file import keyed_hash_of, repository_top
from flake8_training.store.pieces import joined, packed, split, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from types import ModuleType
    from typing import Any, ClassVar, Self

    from flake8_training.store.trace_columns import Columns

    Row = tuple[bytes, bytes, bytes]
    """A request, a trace and a result."""

_KEY = "key"
_KEY_BYTES = 32
_FORM = 5
"""The form of the rows; another form is another store."""
RUN = "CREATE TABLE run (request BLOB PRIMARY KEY, trace BLOB, result BLOB, code BLOB)"


class Store:
    """The results of earlier runs in one folder. Each kind of results is a class of its own."""

    file: ClassVar[str]
    """The name of the file in the folder."""
    packages: ClassVar[tuple[str, ...]]
    """The packages whose code computes the results: another state of one is another tool."""
    tables: ClassVar[tuple[str, ...]] = (RUN,)
    """The tables, each as it is created."""
    most_rows: ClassVar[int]
    most_bytes: ClassVar[int]
    """Bounds on the results that are kept, and on their size with the traces."""

    def __init__(self, folder: str, key: bytes) -> None:
        self._path = os.path.join(folder, self.file)
        self._key = key
        self._stamp = b""
        self.is_readable = True
        """Whether the store could be read so far."""

    @classmethod
    def open(cls, root: str, folder: str | None = None) -> Self | None:
        """Return the store for a repository; None if there is no folder for it that belongs to this user alone.

        ``folder`` is the folder that the user names, if any. It holds the key too.
        """
        try:
            if folder is not None:
                os.makedirs(folder, mode=0o700, exist_ok=True)
                place = os.path.realpath(folder)
                return cls(place, _key(place)) if _is_own(place) else None
            top = repository_top(root)
            home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
            if top is None or not os.path.isabs(home) or not _is_own(os.path.join(top, ".git")):
                return None
            place = os.path.join(top, ".git", "training-alignment")
            home = os.path.join(home, "flake8-training")
            for one in (home, place):
                os.makedirs(one, mode=0o700, exist_ok=True)
            return cls(place, _key(home)) if _is_own(place) and _is_own(home) else None
        except (OSError, ValueError):
            return None

    def recall(self, request: list[str]) -> tuple[list[bytes], list[str]] | None:
        """Return the pieces of the trace and the result that were kept for a request, or None."""
        sqlite3 = _sqlite()
        try:
            key = joined(request)
            connection = self._connection()
            try:
                row = connection.execute(
                    "SELECT trace, result, code FROM run WHERE request = ?", (key,)
                ).fetchone()
                if row is None or not all(isinstance(one, bytes) for one in row):
                    return None
                trace, result, code = row
                if code != self._code(key, trace, result):
                    return None
                return self._pieces(connection, trace), split(result)
            finally:
                self._release(connection)
        except (sqlite3.Error, OSError, ValueError, OverflowError, RecursionError, MemoryError):
            self.is_readable = False
            return None

    def keep(self, request: list[str], trace: Columns, result: list[str]) -> None:
        """Keep a result with its trace.

        A store that cannot be written stays as it is; a broken one is written anew.
        """
        row = self._row(request, trace, result)
        if row is not None:
            self._keep([row])

    def _row(self, request: list[str], trace: Columns, result: list[str]) -> Row | None:
        """Return request, trace and result as a row; None if it is not kept."""
        try:
            pieces = trace.pieces()
            row = joined(request), self._trace(pieces), joined(result)
        except ValueError:
            return None
        return row if sum(map(len, pieces)) + len(row[2]) <= self.most_bytes else None

    def _trace(self, pieces: list[bytes]) -> bytes:
        """Return the pieces of a trace as its row holds them."""
        return packed(pieces)

    def _pieces(self, connection: sqlite3.Connection, trace: bytes) -> list[bytes]:
        """Return the pieces of the trace of a row."""
        return unpacked(trace)

    def _keep(self, rows: list[Row]) -> None:
        sqlite3 = _sqlite()
        for _ in range(2):
            try:
                self._write(rows)
            except sqlite3.OperationalError:
                return  # locked, read-only or no space
            except (sqlite3.DatabaseError, ValueError):
                try:
                    os.unlink(self._path)
                except OSError:
                    return
                continue
            except (OSError, sqlite3.Error, OverflowError, MemoryError):
                pass
            return

    def _write(self, rows: list[Row]) -> None:
        connection = self._connection(create=True)
        try:
            connection.execute("BEGIN IMMEDIATE")
            for row in rows:
                self._insert(connection, row)
            self._bound(connection)
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _insert(self, connection: sqlite3.Connection, row: Row) -> None:
        connection.execute("DELETE FROM run WHERE request = ?", row[:1])
        connection.execute("INSERT INTO run VALUES (?, ?, ?, ?)", (*row, self._code(*row)))

    def _bound(self, connection: sqlite3.Connection) -> None:
        """Delete the oldest rows past the bounds."""
        sizes = connection.execute(
            "SELECT rowid, length(trace) + length(result) FROM run ORDER BY rowid DESC"
        )
        total = 0
        for number, (row_number, size) in enumerate(sizes.fetchall()):
            total += size
            if number >= self.most_rows or total > self.most_bytes:
                connection.execute("DELETE FROM run WHERE rowid = ?", (row_number,))

    def _release(self, connection: sqlite3.Connection) -> None:
        """End the use of a connection that has been read."""
        connection.close()

    def _connection(self, *, create: bool = False) -> sqlite3.Connection:
        """Return a connection to a store of the right form. Raises ``sqlite3.Error`` and ``ValueError``."""
        is_there = os.path.lexists(self._path)
        if is_there and not _is_own_file(self._path):
            raise ValueError("not a file of this user")
        if not is_there:
            if not create:
                raise ValueError("there is no store")
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
        connection: sqlite3.Connection = _sqlite().connect(self._path, timeout=0.2, isolation_level=None)
        try:
            for pragma in (
                "trusted_schema=OFF",
                "cell_size_check=ON",
                "mmap_size=0",
                "synchronous=OFF",
                "journal_mode=MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}")
            schema = [
                sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")
            ]
            if not schema and create:
                for table in self.tables:
                    connection.execute(table)
            elif schema != list(self.tables):
                raise ValueError("another form")
        except BaseException:
            connection.close()
            raise
        return connection

    def _code(self, request: bytes, trace: bytes, result: bytes) -> bytes:
        """Return the code that proves that this user's tool, in this version, wrote a row."""
        self._stamp = self._stamp or stamp_of_tool(self.packages).encode()
        parts = (self._stamp, request, trace, result)
        return keyed_hash_of(self._key, b"".join(keyed_hash_of(self._key, part) for part in parts))


def _sqlite() -> ModuleType:
    """Return the module of SQLite without its adapters for dates, whose import takes as long as the store's answer."""
    try:
        import _sqlite3 as found
    except ImportError:
        import sqlite3 as found  # type: ignore[no-redef]
    return found


def stamp_of_tool(packages: Iterable[str]) -> str:
    """Return what identifies the code of imported packages, their tables and the interpreter."""
    places = [os.path.dirname(os.path.abspath(sys.modules[package].__file__ or "")) for package in packages]
    stamps = [_stamp(os.path.join(place, "__init__.py")) for place in places]
    if not all("site-packages" in place for place in places):
        # a checkout: each of its files may change
        for package in places:
            for folder, _, names in os.walk(package):
                stamps += [
                    _stamp(os.path.join(folder, name)) for name in names if name.endswith((".py", ".json"))
                ]
    return repr((_FORM, __version__, sys.version, sys.platform, sorted(stamps)))


def _stamp(path: str) -> tuple[object, ...]:
    found = os.stat(path)
    return path, found.st_size, found.st_mtime_ns, found.st_ino


def _key(folder: str) -> bytes:
    """Return the secret key in a folder; a new one if there is none. Raises ``OSError`` and ``ValueError``."""
    path = os.path.join(folder, _KEY)
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    if not os.path.lexists(path):
        new = f"{path}.{os.getpid()}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | flags, 0o600)
        try:
            os.write(descriptor, os.urandom(_KEY_BYTES))
        finally:
            os.close(descriptor)
        try:
            os.link(new, path)  # it fails if another process was faster
        except FileExistsError:
            pass
        finally:
            os.unlink(new)
    if not _is_own_file(path):
        raise ValueError("not a file of this user")
    descriptor = os.open(path, os.O_RDONLY | flags)
    try:
        key = os.read(descriptor, _KEY_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(key) != _KEY_BYTES:
        raise ValueError("no key")
    return key


def _is_own(folder: str) -> bool:
    """Return whether a path is a folder that belongs to this user, and that nobody else can write to."""
    return _belongs(os.lstat(folder), stat.S_ISDIR)


def _is_own_file(path: str) -> bool:
    found = os.lstat(path)
    return _belongs(found, stat.S_ISREG) and found.st_nlink == 1


def _belongs(found: os.stat_result, is_kind: Any) -> bool:
    if not is_kind(found.st_mode):
        return False
    if not hasattr(os, "geteuid"):
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & stat.S_IWOTH
