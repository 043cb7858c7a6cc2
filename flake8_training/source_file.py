"""The only reader of the checked repository's files, for plugin and command.

Only regular files are read: no device, pipe or socket. No more bytes are read than the caller allows. A link is
followed only to a target inside the root, and a path outside is refused. A refused file raises `OSError`, like a file
that the system refuses. flake8 loads this module at every start, so it stays small.

Each other question about the checked repository goes through here too: what exists, what is a folder, where a link
leads. A `Trace` that is open records the contents and the answers.
"""

from __future__ import annotations

import errno
import os
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
# Opening a pipe for reading waits for its other end, unless O_NONBLOCK is set; a checked program inherits no file.
_OPEN = (
    os.O_RDONLY
    | _NOFOLLOW
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


MAX_DATA_BYTES = 256_000
"""Larger YAML and JSON files count as data, unless their names declare a part: public state machines have 100 kB."""


class Refused(OSError):
    """A file that is not read although the system would open it. ``size`` is set if the file is too large."""

    def __init__(self, path: str, reason: str, size: int | None = None) -> None:
        super().__init__(errno.EACCES, reason, path)
        self.reason = reason
        self.size = size


class Trace:
    """What a run has read and asked: if all of it is still the same, so is the result of the run."""

    def __init__(self) -> None:
        self.contents: dict[tuple[str, str, int], tuple[tuple[int, ...], bytes]] = {}
        """The stamp and the hash of each file's content.

        The key is the root, the path, and the number of bytes after which the content is cut; -1 for a whole file.
        """
        self.looks: dict[tuple[str, str, int], tuple[tuple[int, ...], bytes]] = {}
        """The same of every file that was read, those included of which only `facts` count."""
        self.facts: dict[tuple[str, str, int], dict[int, object]] = {}
        """The answers to questions about one file, by the numbers of the questions."""
        self.questions: dict[tuple[str, ...], int] = {}
        """The numbers of the questions about one file: the function that answers, and its words."""
        self.failures: dict[tuple[str, str, int], str] = {}
        """The reason why a file is not read, by root, path, and the largest size that would have been read."""
        self.answers: dict[tuple[str, str], object] = {}
        """The answers by question, one of `QUESTIONS`, and path."""
        self.listed: dict[tuple[str, str], Sequence[str]] = {}
        """The lists of existing files of which the answer to a question is a hash, by question and folder."""
        self.searches: dict[tuple[str, ...], tuple[str, ...]] | None = None
        """The results of searches over all files, by their names and words; None if they are not recorded.

        A result holds as long as `facts` and `answers` do: a search that has read more is not recorded.
        """
        self.parts: list[Any] = []
        """The columns of what was read for parts of the result that earlier runs have kept: it is unchanged."""
        self.parts_folder: str | None = None
        """The folder of the store with parts of results, empty for the usual one; None if no part is kept."""
        self.answers_folder: str | None = None
        """The folder of the store with answers about single files, empty for the usual one; None if none is needed."""
        self.kept_answers: Any = None
        """The answers of that store, once they are asked for."""
        self.reads = 0
        """The number of times that the content of a whole file was read, for itself."""
        self.is_consistent = True
        """Whether no two answers to one question differ."""

    def note_content(self, key: tuple[str, str, int], found: os.stat_result, data: bytes) -> None:
        """Record the content of a file; ``found`` is its status before it was read."""
        content = stamp_of(found, time.time_ns()), hash_of(data)
        known = self.looks.setdefault(key, content)
        self.is_consistent = self.is_consistent and known[1] == content[1]
        if not _is_looking:
            self.note_read(key, known)

    def note_read(self, key: tuple[str, str, int], content: tuple[tuple[int, ...], bytes]) -> None:
        """Record that the content of a file counts."""
        self.reads += key[2] < 0
        self.contents.setdefault(key, content)

    def merge(self, other: Trace) -> None:
        """Add what another process has read for the same run."""
        for key, (stamp, digest) in other.looks.items():
            known = self.looks.setdefault(key, (stamp, digest))
            self.is_consistent = self.is_consistent and known[1] == digest
        for key, content in other.contents.items():
            self.contents.setdefault(key, content)
        questions = list(other.questions)
        for key, answers in other.facts.items():
            own = self.facts.setdefault(key, {})
            for number, answer in answers.items():
                question = questions[number]
                own.setdefault(self.questions.setdefault(question, len(self.questions)), answer)
        for failed, reason in other.failures.items():
            self.is_consistent = self.is_consistent and self.failures.setdefault(failed, reason) == reason
        for (question_of_path, path), reply in other.answers.items():
            self.note_answer(question_of_path, path, reply)
        self.is_consistent = self.is_consistent and other.is_consistent

    def note_fact(self, key: tuple[str, str, int], question: tuple[str, ...], answer: object) -> None:
        """Record the answer to a question about a file that has been read."""
        number = self.questions.setdefault(question, len(self.questions))
        self.facts.setdefault(key, {}).setdefault(number, answer)

    def note_no(
        self,
        question: tuple[str, ...],
        files: Iterable[tuple[tuple[str, str, int], tuple[tuple[int, ...], bytes]]],
    ) -> None:
        """Record that the answers to a question about files, which have been read, say nothing."""
        number = self.questions.setdefault(question, len(self.questions))
        looks, facts = self.looks, self.facts
        for key, content in files:
            if key in facts:
                facts[key].setdefault(number, False)
            else:
                looks.setdefault(key, content)
                facts[key] = {number: False}

    def note_failure(self, key: tuple[str, str, int], error: OSError) -> None:
        """Record that a file is not read."""
        reason = failure_of(error)
        self.is_consistent = self.is_consistent and self.failures.setdefault(key, reason) == reason

    def note_answer(self, question: str, path: str, answer: object) -> None:
        """Record the answer to a question."""
        known = self.answers.setdefault((question, path), answer)
        self.is_consistent = self.is_consistent and known == answer


_open_trace: Trace | None = None
_is_looking = False
"""Whether a file is read for a question about it, so that its content does not count, but the answer."""

_COARSEST = 2_000_000_000
"""The coarsest step of the times of a file system, in nanoseconds."""


def record_in(trace: Trace | None) -> Trace | None:
    """Record what is read and asked from now on; None ends the recording. Return the trace that was open."""
    global _open_trace
    before = _open_trace
    _open_trace = trace
    return before


def searched(search: tuple[str, ...], run: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    """Return the result of a search over all files, which is run unless the open trace knows it.

    A search asks only what files exist, and questions about each of them.
    """
    trace = _open_trace
    if trace is None or trace.searches is None:
        return tuple(run())
    known = trace.searches.get(search)
    if known is None:
        before = trace.reads
        known = tuple(run())
        if trace.reads == before:
            trace.searches[search] = known
    return known


def look(read: Callable[[], bytes]) -> bytes:
    """Return what a function reads; not the content counts for the trace, but the answer that is recorded of it."""
    global _is_looking
    before, _is_looking = _is_looking, True
    try:
        return read()
    finally:
        _is_looking = before


def hash_of_answer(answer: object) -> bytes:
    """Return the hash of an answer to a question about a file; one that says nothing has the same for every type."""
    return hash_of(repr(answer).encode("utf-8", "surrogatepass")) if answer else bytes(16)


def open_trace() -> Trace | None:
    """Return the trace that records, if any."""
    return _open_trace


def stamp_of(found: os.stat_result, now: int) -> tuple[int, ...]:
    """Return what changes whenever a file changes; nothing if the file is so new that its next change may not show.

    ``now`` is the time at which the file is read, in nanoseconds.
    """
    stamp = numbers_of(found)
    return stamp if max(stamp[1], stamp[2]) < now - _COARSEST else ()


def numbers_of(found: os.stat_result) -> tuple[int, ...]:
    """Return the size, the times and the inode of a file."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def hash_of(data: bytes) -> bytes:
    """Return a hash of a content, of 16 bytes."""
    return keyed_hash_of(b"", data)


def keyed_hash_of(key: bytes, data: bytes) -> bytes:
    """Return a hash of 16 bytes that nobody can compute without the key."""
    try:
        from _blake2 import blake2b  # hashlib loads OpenSSL, which takes five milliseconds
    except ImportError:
        from hashlib import blake2b

    return blake2b(data, digest_size=16, key=key).digest()


def failure_of(error: OSError) -> str:
    """Return the reason why a file is not read."""
    return error.reason if isinstance(error, Refused) else f"{type(error).__name__} {error.errno}"


def names_of(folder: str) -> tuple[str, ...]:
    """Return the sorted names in a folder; a stroke and the reason if it cannot be listed."""
    try:
        return tuple(sorted(os.listdir(folder)))
    except OSError as error:
        return ("/", failure_of(error))
    except ValueError:
        return ("/", "a name that no folder can have")


def _python_names(folder: str) -> tuple[str, ...]:
    """Return what `names_of` returns, without the names that are not of Python files."""
    names = names_of(folder)
    return names if names[:1] == ("/",) else tuple(name for name in names if name.endswith(".py"))


def _real_path(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # no file can have this name: NUL, or half a character
        return path


def _size_of(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return -1


def _is_large(path: str) -> bool:
    return _size_of(path) > MAX_DATA_BYTES


QUESTIONS: dict[str, Callable[[str], object]] = {
    "file": os.path.isfile,
    "folder": os.path.isdir,
    "exists": os.path.exists,
    "there": os.path.lexists,
    "link": os.path.islink,
    "real": _real_path,
    "names": names_of,
    "python": _python_names,
    "size": _size_of,
    "large": _is_large,
}
"""The functions that answer the questions of a trace."""


def is_file(path: str) -> bool:
    """Return whether a path is a file, or leads to one."""
    return bool(_answer("file", path))


def is_folder(path: str) -> bool:
    """Return whether a path is a folder, or leads to one."""
    return bool(_answer("folder", path))


def exists(path: str) -> bool:
    """Return whether a path exists, and where it leads to."""
    return bool(_answer("exists", path))


def is_there(path: str) -> bool:
    """Return whether a path exists; it may be a link that leads nowhere."""
    return bool(_answer("there", path))


def is_link(path: str) -> bool:
    """Return whether a path is a link."""
    return bool(_answer("link", path))


def real_path(path: str) -> str:
    """Return the path with every link in it followed; the path itself if no file can have this name."""
    return str(_answer("real", path))


def size_of(path: str) -> int:
    """Return the size of a file in bytes, -1 if it is unknown."""
    size = _answer("size", path)
    assert isinstance(size, int)
    return size


def is_large(path: str) -> bool:
    """Return whether a file has more than `MAX_DATA_BYTES`."""
    return bool(_answer("large", path))


def names_in(folder: str) -> tuple[str, ...]:
    """Return the sorted names in a folder. Raises `OSError`."""
    return _listed("names", folder)


def python_names_in(folder: str) -> tuple[str, ...]:
    """Return the sorted names of the Python files in a folder. Raises `OSError`."""
    return _listed("python", folder)


def _listed(question: str, folder: str) -> tuple[str, ...]:
    names = _answer(question, folder)
    assert isinstance(names, tuple)
    if names[:1] == ("/",):
        raise OSError(errno.EIO, names[1], folder)
    return names


def files_below(folder: str) -> Iterator[str]:
    """Yield the paths of the files below a folder; linked folders count as files, unreadable ones are skipped."""
    todo = [folder]
    while todo:
        above = todo.pop()
        try:
            names = names_in(above)
        except OSError:
            continue
        for name in names:
            path = os.path.join(above, name)
            if is_folder(path) and not is_link(path):
                todo.append(path)
            else:
                yield path


def note(question: str, path: str, answer: Callable[[], object]) -> None:
    """Record the answer to a question of another module, if a trace is open."""
    if _open_trace is not None:
        _open_trace.note_answer(question, path, answer())


def note_list(question: str, folder: str, names: Sequence[str]) -> None:
    """Record the existing files of which the answer to a question about a folder is a hash, if a trace is open."""
    if _open_trace is not None:
        _open_trace.listed[question, folder] = names


def note_unrepeatable() -> None:
    """Record that the result depends on something that no trace holds, if a trace is open."""
    if _open_trace is not None:
        _open_trace.is_consistent = False


def _answer(question: str, path: str) -> object:
    answer = QUESTIONS[question](path)
    if _open_trace is not None:
        _open_trace.note_answer(question, path, answer)
    return answer


class Root:
    """A folder outside of which nothing is read.

    ``unsaved`` holds the bytes of files that an editor has not saved, by their real paths; they replace those on disk.
    """

    def __init__(self, folder: str | os.PathLike[str], unsaved: Mapping[str, bytes] | None = None) -> None:
        self.path = real_path(os.fspath(folder))
        self.unsaved: Mapping[str, bytes] = unsaved or {}
        self._above = os.path.join(self.path, "")
        self._folders: dict[str, bool] = {}
        """Whether a folder is inside the root, by path. Cached: most folders hold many files."""
        self._keys: dict[str, tuple[str, str, int]] = {}
        """The keys of whole files in a trace, by the paths as they are asked for."""

    def contains(self, path: str) -> bool:
        """Return whether a path, with every link in it followed, is inside."""
        real = real_path(os.path.join(self.path, path))
        return real == self.path or real.startswith(self.path.rstrip(os.sep) + os.sep)

    def allows(self, path: str) -> bool:
        """Return whether the folder of a file, with every link in it followed, is inside."""
        return self._is_inside(os.path.dirname(self.whole_path(path)))

    def whole_path(self, path: str) -> str:
        """Return the path of a file with the folder of the root, unless it has one."""
        return self._key(path)[1]

    def _is_inside(self, folder: str) -> bool:
        inside = self._folders.get(folder)
        if inside is None:
            inside = self._folders[folder] = self.contains(folder)
        return inside

    def read(self, path: str, limit: int, *, cut: bool = False) -> bytes:
        """Return the bytes of a file; a relative path begins at the root.

        Raises `Refused` for more than ``limit`` bytes, unless ``cut`` is set.
        """
        full = os.path.join(self.path, path)
        inside = self._is_inside(os.path.dirname(full))
        if self.unsaved and inside and (data := self.unsaved.get(os.path.normpath(full))) is not None:
            note_unrepeatable()
            if len(data) > limit and not cut:
                raise _oversized(path, len(data), limit)
            return data[:limit]
        if _open_trace is not None:
            return self._read_and_noted(full, path, limit, cut, inside)
        if not inside:
            raise Refused(path, "a path that leaves the repository")
        return _read(self._opened(full, path), path, limit, cut)

    def _read_and_noted(self, full: str, path: str, limit: int, cut: bool, inside: bool) -> bytes:
        trace = _open_trace
        assert trace is not None
        try:
            if not inside:
                raise Refused(path, "a path that leaves the repository")
            descriptor = self._opened(full, path)
            found = os.fstat(descriptor)
            data = _read(descriptor, path, limit, cut)
        except OSError as error:
            trace.note_failure((self.path, full, limit), error)
            raise
        trace.note_content((self.path, full, limit if cut else -1), found, data)
        return data

    def note_known(self, path: str) -> None:
        """Record the content of a file that has been read before, if a trace is open."""
        if _open_trace is not None and not _is_looking:
            key = self._key(path)
            if key in _open_trace.looks:
                _open_trace.note_read(key, _open_trace.looks[key])

    def note_fact(self, path: str, question: tuple[str, ...], answer: object) -> None:
        """Record the answer to a question about a file that has been read, if a trace is open."""
        if _open_trace is not None:
            _open_trace.note_fact(self._key(path), question, answer)

    def note_no(
        self, question: tuple[str, ...], files: Iterable[tuple[str, tuple[tuple[int, ...], bytes]]]
    ) -> None:
        """Record that the answers to a question about files say nothing, each with its stamp and hash."""
        if _open_trace is not None:
            _open_trace.note_no(question, ((self._key(path), content) for path, content in files))

    def note_look(self, path: str, content: tuple[tuple[int, ...], bytes]) -> None:
        """Record the stamp and the hash of a file whose content is known, if a trace is open."""
        if _open_trace is not None:
            _open_trace.looks.setdefault(self._key(path), content)

    def look_at(self, path: str) -> tuple[tuple[int, ...], bytes] | None:
        """Return the stamp and the hash of a file that was read; None without an open trace."""
        if _open_trace is None:
            return None
        return _open_trace.looks.get(self._key(path))

    def _key(self, path: str) -> tuple[str, str, int]:
        key = self._keys.get(path)
        if key is None:
            # every file of the repository has a key, and ``os.path.join`` looks for much more than is needed here
            full = path if os.path.isabs(path) else self._above + path
            key = self._keys[path] = (self.path, full, -1)
        return key

    def note_content(self, path: str, limit: int) -> None:
        """Record the content of a file that is in a cache, if a trace is open."""
        if _open_trace is None:
            return
        key = self._key(path)
        known = _open_trace.contents.get(key)
        if known is None:
            self.read(path, limit)
        elif not _is_looking:
            _open_trace.note_read(key, known)  # a search is not kept if it reads, whoever has read before it

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
    if _open_trace is None and not os.path.islink(full):
        return _read(os.open(full, _OPEN), full, limit, cut=True)
    return Root((repository_top(folder) if is_link(full) else None) or folder).read(full, limit, cut=True)


def read_named(path: str, limit: int) -> bytes:
    """Return the bytes of a file that the user names, which may be standard input or another device."""
    if os.path.abspath(path).startswith("/dev/"):
        with open(path, "rb") as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Refused(path, f"larger than {limit} bytes")
        return data
    folder = real_path(os.path.dirname(path))
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
    while not exists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here


def package_parent(folder: str) -> str:
    """Return the folder above the outermost package that a folder is in; the folder itself if it is no package."""
    while is_file(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
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
