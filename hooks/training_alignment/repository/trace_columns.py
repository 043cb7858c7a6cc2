"""A trace as plain columns for JSON, and the test of whether it still holds.

A file counts as unchanged without being read if its size, times and inode are as they were. A file that was new when it
was read has no such stamp: its content is hashed again.
"""

from __future__ import annotations

import os
import stat
import time

from flake8_training.source_file import QUESTIONS, Root, Trace, failure_of, hash_of, names_of, stamp_of
from training_alignment.repository.listing import LISTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_STAMP = 4
"""The numbers of a stamp."""
_HASH = 32
"""The characters of a hash."""
_ABSENT = ("file", "folder", "exists", "there", "link")
"""Questions whose answer is False for a path in a folder that does not exist."""


def columns_of(trace: Trace) -> dict[str, Any]:
    """Return a trace as plain data."""
    groups: dict[tuple[str, int], dict[str, Any]] = {}
    for (root, path, cut), (stamp, digest) in trace.contents.items():
        group = groups.setdefault(
            (root, cut), {"root": root, "cut": cut, "paths": [], "stamps": [], "hashes": []}
        )
        group["paths"].append(os.path.relpath(path, root) if path.startswith(root) else path)
        group["stamps"].extend(stamp or (-1,) * _STAMP)
        group["hashes"].append(digest.hex())
    for group in groups.values():
        group["hashes"] = "".join(group["hashes"])
    answers: dict[str, list[list[object]]] = {}
    for question, path, answer in dict.fromkeys(_shortened(trace)):
        answers.setdefault(question, []).append([path, answer])
    return {
        "contents": list(groups.values()),
        "failures": [[*key, reason] for key, reason in trace.failures.items()],
        "answers": answers,
    }


def _shortened(trace: Trace) -> Iterator[tuple[str, str, object]]:
    """Yield the answers; of all paths below a folder that does not exist, yield that folder alone."""
    folders: dict[str, str] = {}

    def missing(path: str) -> str:
        """Return the first folder on the way to a path that does not exist; empty if all exist."""
        folder = os.path.dirname(path)
        if folder not in folders:
            if os.path.lexists(folder) or folder == path:
                folders[folder] = ""
            else:
                folders[folder] = missing(folder) or folder
        return folders[folder]

    for (question, path), answer in trace.answers.items():
        absent = missing(path) if answer is False and question in _ABSENT else ""
        yield ("there", absent, False) if absent else (question, path, answer)


class TraceCheck:
    """The comparison of a trace with the files of now. ``is_renewed`` says that stamps of it were renewed."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self._columns = columns
        self._real: dict[str, str] = {}
        self.is_renewed = False

    def holds(self) -> bool:
        """Return whether every answer and every content is the same. Raises for columns of another form."""
        answers = self._columns["answers"]
        return (
            all(self._answers_hold(question, answers[question]) for question in answers)
            and all(map(self._contents_hold, self._columns["contents"]))
            and all(self._fails(*failure) for failure in self._columns["failures"])
        )

    def _answers_hold(self, question: str, answers: list[list[Any]]) -> bool:
        if question == "names":
            return all(list(names_of(path)) == answer for path, answer in answers)
        ask = self._real_path if question == "real" else QUESTIONS.get(question) or LISTINGS[question]
        return all(ask(path) == answer for path, answer in answers)

    def _real_path(self, path: str) -> str:
        """Return the path with every link in it followed; each folder is looked at once."""
        known = self._real.get(path)
        if known is None:
            folder, name = os.path.split(path)
            if not name or name in (".", "..") or os.name == "nt" or not os.path.isabs(path):
                known = os.path.realpath(path)
            else:
                known = os.path.join(self._real_path(folder), name)
                if os.path.islink(known):
                    known = os.path.realpath(path)
            self._real[path] = known
        return known

    def _contents_hold(self, group: dict[str, Any]) -> bool:
        root, paths, stamps = group["root"], group["paths"], group["stamps"]
        look, place = os.lstat, 0
        base = root.rstrip(os.sep) + os.sep
        for path in paths:
            try:
                found = look(base + path if path[:1] != os.sep else path)
            except OSError:
                return False
            if (
                found.st_mtime_ns != stamps[place + 1]
                or found.st_size != stamps[place]
                or found.st_ctime_ns != stamps[place + 2]
                or found.st_ino != stamps[place + 3]
            ) and not self._is_same(group, place // _STAMP, found):
                return False
            place += _STAMP
        return True

    def _is_same(self, group: dict[str, Any], number: int, found: os.stat_result) -> bool:
        """Return whether a file with another stamp has the same content; renew its stamp if it has."""
        path, cut = os.path.join(group["root"], group["paths"][number]), group["cut"]
        if cut < 0 and stat.S_ISREG(found.st_mode):
            cut = found.st_size
        elif cut < 0:
            cut = _size(path)
        now = time.time_ns()
        try:
            digest = hash_of(Root(group["root"]).read(path, cut, cut=True)).hex()
        except OSError:
            return False
        if digest != group["hashes"][_HASH * number : _HASH * (number + 1)]:
            return False
        stamp = stamp_of(found, now) if stat.S_ISREG(found.st_mode) else ()
        if stamp:
            group["stamps"][_STAMP * number : _STAMP * (number + 1)] = stamp
            self.is_renewed = True
        return True

    def _fails(self, root: str, path: str, limit: int, reason: str) -> bool:
        try:
            Root(root).read(path, limit)
        except OSError as error:
            return failure_of(error) == reason
        return False


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
