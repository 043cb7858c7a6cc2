"""The only reader of the checked repository's files, for plugin and command.

Only regular files are read: no device, pipe or socket. No more bytes are read than the caller allows. A link is
followed only to a target inside the root, and a path outside is refused. A refused file raises `OSError`, like a file
that the system refuses. flake8 loads this module at every start, so it stays small.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
# Opening a pipe for reading waits for its other end, unless O_NONBLOCK is set; a checked program inherits no file.
_OPEN = (
    os.O_RDONLY
    | _NOFOLLOW
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Refused(OSError):
    """A file that is not read although the system would open it. ``size`` is set if the file is too large."""

    def __init__(self, path: str, reason: str, size: int | None = None) -> None:
        super().__init__(errno.EACCES, reason, path)
        self.reason = reason
        self.size = size


class Root:
    """A folder outside of which nothing is read.

    ``unsaved`` holds the bytes of files that an editor has not saved, by their real paths; they replace those on disk.
    """

    def __init__(self, folder: str | os.PathLike[str], unsaved: Mapping[str, bytes] | None = None) -> None:
        self.path = os.path.realpath(folder)
        self.unsaved: Mapping[str, bytes] = unsaved or {}
        self._folders: dict[str, bool] = {}
        """Whether a folder is inside the root, by path. Cached: most folders hold many files."""

    def contains(self, path: str) -> bool:
        """Return whether a path, with every link in it followed, is inside."""
        real = os.path.realpath(os.path.join(self.path, path))
        return real == self.path or real.startswith(self.path.rstrip(os.sep) + os.sep)

    def read(self, path: str, limit: int, *, cut: bool = False) -> bytes:
        """Return the bytes of a file; a relative path begins at the root.

        Raises `Refused` for more than ``limit`` bytes, unless ``cut`` is set.
        """
        full = os.path.join(self.path, path)
        folder = os.path.dirname(full)
        inside = self._folders.get(folder)
        if inside is None:
            inside = self._folders[folder] = self.contains(folder)
        if not inside:
            raise Refused(path, "a path that leaves the repository")
        if self.unsaved and (data := self.unsaved.get(os.path.normpath(full))) is not None:
            if len(data) > limit and not cut:
                raise _oversized(path, len(data), limit)
            return data[:limit]
        return _read(self._opened(full, path), path, limit, cut)

    def _opened(self, full: str, path: str) -> int:
        if _NOFOLLOW or not os.path.islink(full):
            try:
                return os.open(full, _OPEN)
            except OSError as error:
                # Not every system raises ELOOP for a link that must not be followed.
                if not os.path.islink(full):
                    raise _without_device(error, path) from None
        if not self.contains(full):
            raise Refused(path, "a link that leaves the repository")
        try:
            return os.open(os.path.realpath(full), _OPEN)
        except OSError as error:
            raise _without_device(error, path) from None


def read_beside(folder: str, name: str, limit: int) -> bytes:
    """Return the first ``limit`` bytes of a file in a trusted folder, such as a project's settings.

    A link may lead anywhere in the folder's repository.
    """
    full = os.path.join(folder, name)
    if not os.path.islink(full):
        return _read(os.open(full, _OPEN), full, limit, cut=True)
    return Root(repository_top(folder) or folder).read(full, limit, cut=True)


def read_named(path: str, limit: int) -> bytes:
    """Return the bytes of a file that the user names, which may be standard input or another device."""
    if os.path.abspath(path).startswith("/dev/"):
        with open(path, "rb") as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Refused(path, f"larger than {limit} bytes")
        return data
    folder = os.path.realpath(os.path.dirname(path))
    try:
        return Root(repository_top(folder) or folder).read(
            os.path.join(folder, os.path.basename(path)), limit
        )
    except Refused as error:
        if error.size is not None:
            raise Refused(path, f"larger than {limit} bytes") from None
        raise


def repository_top(folder: str) -> str | None:
    """Return the nearest folder, this one or above, that contains ``.git``; None without git."""
    here = os.path.abspath(folder)
    while not os.path.exists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here


def package_parent(folder: str) -> str:
    """Return the folder above the outermost package that a folder is in; the folder itself if it is no package."""
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


def _read(descriptor: int, path: str, limit: int, cut: bool) -> bytes:
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Refused(path, "not a file")
        if found.st_size > limit and not cut:
            raise _oversized(path, found.st_size, limit)
        # A file that grows while it is read, or a kernel file without a size, is read no further than its
        # size.
        wanted = min(found.st_size, limit)
        data = os.read(descriptor, wanted)
        while len(data) < wanted and (more := os.read(descriptor, wanted - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)


def _oversized(path: str, size: int, limit: int) -> Refused:
    return Refused(path, f"{size:,} bytes, and {limit:,} are read at most", size)


def _without_device(error: OSError, path: str) -> OSError:
    """Return the error of a socket, or of a device without a driver, as the one of other special files."""
    return Refused(path, "not a file") if error.errno in (errno.ENXIO, errno.EOPNOTSUPP) else error
