"""Writing of fixed files: whole files by an atomic rename, or a diff."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from flake8_training.printable import printable
from flake8_training.source_file import Refused, Root
from training_alignment.output import is_terminal


class Changed(OSError):
    """A file that is not what was checked any more."""


def write_file(root: Path, path: str, before: bytes, after: bytes) -> None:
    """Replace the content of a file of the repository at once; its mode is kept.

    Raises `OSError`: `Refused` for a link or a path out of the repository, `Changed` if the file is not ``before``.
    """
    inside = Root(root)
    full = os.path.join(inside.path, path)
    folder = os.path.dirname(full)
    if not inside.contains(folder):
        raise Refused(path, "a path that leaves the repository")
    found = os.lstat(full)
    if stat.S_ISLNK(found.st_mode):
        raise Refused(path, "a link")
    if inside.read(path, len(before) + 1, cut=True) != before:
        raise Changed(0, "it has changed since it was checked", path)
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".fixed", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, stat.S_IMODE(found.st_mode))
        if inside.read(path, len(before) + 1, cut=True) != before:
            raise Changed(0, "it has changed since it was checked", path)
        os.replace(temporary, full)
    except BaseException:
        os.unlink(temporary)
        raise


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Return the changes of files as one unified diff, by the files' paths."""
    import difflib

    lines: list[str] = []
    for path in sorted(after):
        old, new = (one[path].decode("utf-8", "replace").split("\n") for one in (before, after))
        lines += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    if is_terminal(sys.stdout):
        # patch needs the lines as they are; a terminal obeys control characters
        lines = [printable(line) for line in lines]
    return "\n".join(lines)
