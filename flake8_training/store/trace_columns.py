"""A trace as plain columns, and the test of whether it still holds.

A file counts as unchanged without being read if its size, times and inode are as they were. A file that was new when it
was read has no such stamp: its content is hashed again.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from functools import cache, cached_property

from flake8_training.source_file import (
    QUESTIONS,
    Root,
    Trace,
    failure_of,
    hash_of,
    hash_of_answer,
    numbers_of,
    stamp_of,
)
from flake8_training.store.pieces import joined, packed, split, unpacked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    _Kind = tuple[str, int, tuple[tuple[str, ...], ...]]

_NUMBER = 8
_STAMP = 4 * _NUMBER
"""The bytes of the numbers of a stamp."""
_NO_STAMP = b"\xff" * _STAMP
_HASH = 16
"""The bytes of a hash."""
_MOST_FILES = 1_024
"""The most files of a group: its piece of the store is written anew when one of them changes."""
_LARGE = 10_000
"""The bytes of a result of a search that is a piece of its own."""
_MANY = 8
"""The files of a group for which their folder is opened: opening takes as long as looking at four files."""
_NAMES = " names"
"""The end of the name of a question for a list of files, without the question whether each of them exists."""
_MOST_UNSEEN = 500
"""The most files of a list that are asked for one by one: it takes as long as to list a few large folders."""
_ABSENT = ("file", "folder", "exists", "there", "link")
"""Questions whose answer is False for a path in a folder that does not exist."""


class _Group:
    """Some files of one root that are read whole, or cut after the same number of bytes.

    ``questions`` are those that were asked of each of the files; ``answers`` holds a hash of the answers of each.
    Without a question, the content counts.
    """

    def __init__(self, root: str, cut: int, questions: tuple[tuple[str, ...], ...] = ()) -> None:
        self.root = root
        self._above = root.rstrip(os.sep) + os.sep
        self.cut = cut
        self.questions = questions
        self.paths: list[str] = []
        self.stamps = bytearray()
        self.hashes = bytearray()
        self.answers = bytearray()
        self._piece: bytes | None = None

    @property
    def kind(self) -> _Kind:
        """What the group has in common with others."""
        return self.root, self.cut, self.questions

    def add(self, path: str, stamp: tuple[int, ...], digest: bytes) -> None:
        """Add a file by its whole path."""
        self.paths.append(path.removeprefix(self._above))
        self.stamps += _bytes_of(stamp)
        self.hashes += digest

    def renew(self, number: int, stamp: tuple[int, ...], digest: bytes) -> None:
        """Change the stamp, if there is one, and the hash of a file."""
        if stamp:
            self.stamps[_STAMP * number : _STAMP * (number + 1)] = _bytes_of(stamp)
        self.hashes[_HASH * number : _HASH * (number + 1)] = digest
        self._piece = None

    def without(self, asked: dict[tuple[str, str], set[tuple[str, ...]]]) -> Iterator[_Group]:
        """Yield the group without the files of which all its questions have been asked."""
        if not self.questions:
            yield self
            return
        kept = _Group(self.root, self.cut, self.questions)
        for number, path in enumerate(self.paths):
            if not asked.get((self.root, path), set()).issuperset(self.questions):
                kept.take(self, number)
        if kept.paths:
            yield kept

    def take(self, other: _Group, number: int) -> None:
        """Add the file of another group that has this number."""
        self.paths.append(other.paths[number])
        self.stamps += other.stamps[_STAMP * number : _STAMP * (number + 1)]
        self.hashes += other.hashes[_HASH * number : _HASH * (number + 1)]
        self.answers += other.answers[_HASH * number : _HASH * (number + 1)]

    def piece(self) -> bytes:
        """Return the group as bytes: those that it was read from, if it is unchanged."""
        if self._piece is None:
            words = [part for question in self.questions for part in (str(len(question)), *question)]
            about = joined([self.root, str(self.cut), *words])
            self._piece = packed([about, self.stamps, self.hashes, self.answers, joined(self.paths)])
        return self._piece

    @classmethod
    def from_piece(cls, piece: bytes) -> _Group:
        """Return the group that `piece` has written. Raises ``ValueError`` and ``IndexError`` for others."""
        about, stamps, hashes, answers, paths = unpacked(piece)
        root, cut, *words = split(about)
        questions: list[tuple[str, ...]] = []
        while words:
            end = 1 + int(words[0])
            questions.append(tuple(words[1:end]))
            words = words[end:]
        found = cls(root, int(cut), tuple(questions))
        found.stamps, found.hashes, found.answers = map(bytearray, (stamps, hashes, answers))
        found.paths = split(paths)
        found._piece = piece
        return found


def _bytes_of(stamp: tuple[int, ...]) -> bytes:
    """Return a stamp as bytes; that of no file if there is none, or if one of its numbers is too large."""
    try:
        numbers = [number.to_bytes(_NUMBER, sys.byteorder, signed=True) for number in stamp]
    except OverflowError:
        return _NO_STAMP
    return b"".join(numbers) or _NO_STAMP


class Columns:
    """A trace as plain data: contents, failures, and answers as strings."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self.failures: list[tuple[str, str, int, str]] = []
        self.answers: list[tuple[str, str, str]] = []
        """Question, path and answer."""
        self.searches: dict[tuple[str, ...], tuple[str, ...]] | None = None
        """The results of the searches over all files: they hold with the trace, but for contents of whole files."""
        self._large: dict[tuple[str, ...], tuple[tuple[str, ...], bytes]] = {}
        """The large ones of them as they were read, with their pieces."""

    @classmethod
    def of(cls, trace: Trace, earlier: Columns | None = None) -> Columns:
        """Return the columns of a trace, with those of an earlier run whose searches it has not repeated."""
        found = cls()
        last: dict[tuple[str, int, tuple[int, ...]], _Group] = {}
        asked = list(trace.questions)

        def group_of(root: str, cut: int, numbers: tuple[int, ...] = ()) -> _Group:
            group = last.get((root, cut, numbers))
            if group is None or len(group.paths) == _MOST_FILES:
                group = last[root, cut, numbers] = _Group(
                    root, cut, tuple(asked[number] for number in numbers)
                )
                found.groups.append(group)
            return group

        for (root, path, cut), content in trace.contents.items():
            group_of(root, cut).add(path, *content)
        for key, answers in trace.facts.items():
            if key in trace.contents and trace.searches is None:
                continue  # the same content gives the same answers
            root, path, cut = key
            group = group_of(root, cut, tuple(answers))
            group.add(path, *trace.looks[key])
            if any(answers.values()):
                group.answers += hash_of(b"".join(map(hash_of_answer, answers.values())))
            else:
                group.answers += _hash_of_no(len(answers))
        found.failures = [(*key, reason) for key, reason in trace.failures.items()]
        found.answers = list(dict.fromkeys(_shortened(trace, found._lists(trace) if earlier is None else {})))
        found.searches = trace.searches
        if trace.parts:
            found._extend(trace.parts)
        if earlier is not None:
            found._add_earlier(earlier)
        return found

    def _lists(self, trace: Trace) -> dict[tuple[str, str], list[str]]:
        """Return the lists of files most of which are looked at anyway, and the paths of the others.

        A search may hold although whole files have changed, so looking at these does not count.
        """
        if not trace.listed:
            return {}
        seen = {path for _, path, _ in trace.facts}
        if trace.searches is None:
            seen.update(path for _, path, _ in trace.contents)
        found: dict[tuple[str, str], list[str]] = {}
        for (question, folder), names in trace.listed.items():
            if len(names) > len(seen) + _MOST_UNSEEN:
                continue
            unseen = [path for path in (os.path.join(folder, name) for name in names) if path not in seen]
            if len(unseen) <= _MOST_UNSEEN:
                found[question, folder] = unseen
        return found

    def _extend(self, parts: Iterable[Columns]) -> None:
        """Add what was read for parts of the result, each file of a kind of groups once."""
        seen: dict[_Kind, set[str]] = {}
        open_groups: dict[_Kind, _Group] = {}
        for group in self.groups:
            seen.setdefault(group.kind, set()).update(group.paths)
        failures, answers = dict.fromkeys(self.failures), dict.fromkeys(self.answers)
        for part in parts:
            for group in part.groups:
                known = seen.setdefault(group.kind, set())
                for number, path in enumerate(group.paths):
                    if path in known:
                        continue
                    known.add(path)
                    last = open_groups.get(group.kind)
                    if last is None or len(last.paths) == _MOST_FILES:
                        last = open_groups[group.kind] = _Group(*group.kind)
                        self.groups.append(last)
                    last.take(group, number)
            failures.update(dict.fromkeys(part.failures))
            answers.update(dict.fromkeys(part.answers))
        self.failures, self.answers = list(failures), _without_repeated(answers)

    def _add_earlier(self, earlier: Columns) -> None:
        """Add what an earlier run has asked, whose searches this run has not repeated."""
        asked: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        for root in {group.root for group in self.groups if group.questions}:
            # an edit asks about few files again, and the earlier run has asked about all
            again = {path for one in self.groups if one.questions and one.root == root for path in one.paths}
            for group in earlier.groups:
                if group.questions and group.root == root:
                    for path in again.intersection(group.paths):
                        asked.setdefault((root, path), set()).update(group.questions)
        self.groups = [
            *(group for group in earlier.groups if group.questions),
            *(group for one in self.groups for group in one.without(asked)),
        ]
        self.failures = list(dict.fromkeys((*earlier.failures, *self.failures)))
        self.answers = _without_repeated(dict.fromkeys((*earlier.answers, *self.answers)))
        self._large = earlier._large

    def pieces(self) -> list[bytes]:
        """Return the columns as pieces of bytes: those of unchanged groups and searches are the ones that were read.

        Raises ``ValueError`` if a string holds a null character.
        """
        flat = [str(part) for rows in (self.failures, self.answers) for row in rows for part in row]
        first = joined([str(len(self.groups)), str(len(self.failures)), *flat])
        small: list[bytes] = []
        found = [first, *(group.piece() for group in self.groups)]
        for search, result in (self.searches or {}).items():
            known = self._large.get(search)
            if known is not None and known[0] is result:
                found.append(known[1])
                continue
            parts = joined(search), str(len(result)).encode(), joined(result)
            if len(parts[-1]) < _LARGE:
                small.extend(parts)
            else:
                found.append(packed(parts))
        return [*found, packed(small)] if small else found

    @classmethod
    def from_pieces(cls, pieces: list[bytes]) -> Columns:
        """Return the columns that `pieces` has written. Raises ``ValueError`` and ``IndexError`` for others."""
        found = cls()
        groups, failures, *flat = split(pieces[0])
        end = 4 * int(failures)
        for root, path, limit, reason in zip(*[iter(flat[:end])] * 4, strict=True):
            found.failures.append((root, path, int(limit), reason))
        found.answers = list(zip(*[iter(flat[end:])] * 3, strict=True))
        end = 1 + int(groups)
        found.groups = list(map(_Group.from_piece, pieces[1:end]))
        found.searches = {}
        for piece in pieces[end:]:
            parts = unpacked(piece)
            for words, count, strings in zip(*[iter(parts)] * 3, strict=True):
                search = tuple(split(words))
                result = found.searches[search] = tuple(split(strings)) if int(count) else ()
                if len(strings) >= _LARGE:
                    found._large[search] = result, piece
        return found


def digest_of(trace: Trace) -> str:
    """Return a hash of all that a trace has read and asked, whatever the order and the times of the files."""
    asked = list(trace.questions)
    contents = sorted((*key, digest.hex()) for key, (_, digest) in trace.contents.items())
    facts = sorted(
        (*key, asked[number], hash_of_answer(answer).hex())
        for key, answers in trace.facts.items()
        if key not in trace.contents
        for number, answer in answers.items()
    )
    failures = sorted((*key, reason) for key, reason in trace.failures.items())
    answers = sorted((*key, _text(answer)) for key, answer in trace.answers.items())
    searches = sorted((trace.searches or {}).items())
    read = repr((contents, facts, failures, answers, searches, trace.is_consistent))
    return hash_of(read.encode("utf-8", "surrogatepass")).hex()


def _without_repeated(answers: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the answers without those for lists of which the names are asked for, too."""
    known = set(answers)
    return [row for row in answers if (row[0] + _NAMES, *row[1:]) not in known]


def _shortened(trace: Trace, lists: dict[tuple[str, str], list[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield the answers; of all paths below a folder that does not exist, yield that folder alone.

    ``lists`` are those of which the names alone are asked for, with the files that are asked for one by one.
    """
    folders: dict[str, str] = {}

    def missing(path: str) -> str:
        """Return the first folder on the way to a path that does not exist; empty if all exist."""
        folder, unknown = os.path.dirname(path), list[str]()
        while folder not in folders:
            above = os.path.dirname(folder)
            if os.path.lexists(folder) or above == folder:
                folders[folder] = ""
            else:
                unknown.append(folder)
                folder = above
        for one in reversed(unknown):
            folders[one] = folders[os.path.dirname(one)] or one
        return folders[os.path.dirname(path)]

    for (question, path), answer in trace.answers.items():
        if (question, path) in lists:
            yield question + _NAMES, path, _text(answer)
            yield from (("there", one, _text(True)) for one in lists[question, path])
            continue
        absent = missing(path) if answer is False and question in _ABSENT else ""
        yield ("there", absent, _text(False)) if absent else (question, path, _text(answer))


def _text(answer: object) -> str:
    """Return an answer as a string. No name of a file has a stroke."""
    if isinstance(answer, tuple):
        return "/".join(answer)
    return str(int(answer)) if isinstance(answer, bool) else str(answer)


@cache
def _hash_of_no(answers: int) -> bytes:
    """Return the hash of answers that say nothing."""
    return hash_of(hash_of_answer(None) * answers)


def no_answer(path: str, data: bytes, question: tuple[str, ...]) -> object:
    """Say that a question about a file has no answer. Raises ``LookupError``."""
    raise LookupError(question)


class TraceCheck:
    """The comparison of a trace with the files of now. ``is_renewed`` says that stamps of it were renewed.

    ``lists`` are functions that answer questions besides those of every trace. ``answer_of`` answers a question about
    one file, by the file's path, its bytes and the question; it raises an exception if there is no answer any more.
    """

    def __init__(
        self,
        columns: Columns,
        lists: dict[str, Callable[[str], object]] | None = None,
        answer_of: Callable[[str, bytes, tuple[str, ...]], object] = no_answer,
    ) -> None:
        self._columns = columns
        self._questions = QUESTIONS | (lists or {})
        self._answer_of = answer_of
        self._real: dict[str, str] = {}
        self.is_renewed = False

    @cached_property
    def searches_hold(self) -> bool:
        """Return whether every answer is the same, but for the contents of whole files."""
        columns = self._columns
        return (
            all(self.answer(question, path) == answer for question, path, answer in columns.answers)
            and all(self.contents_hold(one) for one in columns.groups if one.questions or one.cut >= 0)
            and all(self._fails(*failure) for failure in columns.failures)
        )

    def holds(self) -> bool:
        """Return whether every answer and every content is the same."""
        whole = (one for one in self._columns.groups if not one.questions and one.cut < 0)
        return self.searches_hold and all(map(self.contents_hold, whole))

    def answer(self, question: str, path: str) -> str:
        """Return the answer of now to a question."""
        if question == "real":
            return self._real_path(path)
        return _text(self._questions[question](path))

    def _real_path(self, path: str) -> str:
        """Return the path with every link in it followed; each folder is looked at once."""
        unknown, above = list[str](), path
        while above not in self._real:
            unknown.append(above)
            if self._is_followed_whole(above):
                break
            above = os.path.dirname(above)
        for one in reversed(unknown):
            known = os.path.realpath(one) if self._is_followed_whole(one) else self._real_below(one)
            self._real[one] = known
        return self._real[path]

    @staticmethod
    def _is_followed_whole(path: str) -> bool:
        """Return whether a path is followed by the system, not folder by folder."""
        return os.path.basename(path) in ("", ".", "..") or os.name == "nt" or not os.path.isabs(path)

    def _real_below(self, path: str) -> str:
        """Return a path with every link in it followed, if its folder is known."""
        folder, name = os.path.split(path)
        known = os.path.join(self._real[folder], name)
        return os.path.realpath(path) if os.path.islink(known) else known

    def contents_hold(self, group: _Group) -> bool:
        """Return whether the files have the contents that were read."""
        try:
            found = _looks(group)
        except OSError:
            return False
        now = [number for one in found for number in numbers_of(one)]
        known = memoryview(group.stamps).cast("q").tolist()
        if now == known:
            return True
        each = _STAMP // _NUMBER
        return all(
            now[start : start + each] == known[start : start + each]
            or self._is_same(group, start // each, found[start // each])
            for start in range(0, len(now), each)
        )

    def _is_same(self, group: _Group, number: int, found: os.stat_result) -> bool:
        """Return whether a file with another stamp has the same content, or answers as before; renew its stamp then."""
        path, cut = os.path.join(group.root, group.paths[number]), group.cut
        if cut < 0 and stat.S_ISREG(found.st_mode):
            cut = found.st_size
        elif cut < 0:
            cut = _size(path)
        now = time.time_ns()
        try:
            data = Root(group.root).read(path, cut, cut=True)
        except OSError:
            return False
        place = slice(_HASH * number, _HASH * (number + 1))
        digest = hash_of(data)
        is_other = digest != group.hashes[place]
        if is_other and (not group.questions or self._answers(group, path, data) != group.answers[place]):
            return False
        stamp = stamp_of(found, now) if stat.S_ISREG(found.st_mode) else ()
        if stamp or is_other:
            group.renew(number, stamp, digest)
            self.is_renewed = True
        return True

    def _answers(self, group: _Group, path: str, data: bytes) -> bytes:
        """Return the hash of the answers to the questions of a group; empty if a question has none any more."""
        found: list[bytes] = []
        relative = os.path.relpath(path, group.root).replace(os.sep, "/")
        for question in group.questions:
            try:
                found.append(hash_of_answer(self._answer_of(relative, data, question)))
            except Exception:  # the run itself meets it again, and reports it
                return b""
        return hash_of(b"".join(found))

    def _fails(self, root: str, path: str, limit: int, reason: str) -> bool:
        try:
            Root(root).read(path, limit)
        except OSError as error:
            return failure_of(error) == reason
        return False


def _looks(group: _Group) -> list[os.stat_result]:
    """Return the status of each file of a group, without following a link at its end. Raises `OSError`.

    Many files are looked at from the folder that they have in common: the system follows the way to it only once.
    """
    base = group.root.rstrip(os.sep) + os.sep
    if len(group.paths) >= _MANY:
        first, last = min(group.paths), max(group.paths)
        common = os.path.commonprefix((first, last))  # noqa: RUF071 (cut below, at the end of a folder)
        start = common.rfind(os.sep) + 1
        opened = _opened(os.path.join(base, common[:start]))
        if opened >= 0:
            try:
                return [os.stat(path[start:], dir_fd=opened, follow_symlinks=False) for path in group.paths]
            finally:
                os.close(opened)
    return [os.lstat(os.path.join(base, path)) for path in group.paths]


def _opened(folder: str) -> int:
    """Return a descriptor of a folder, to look at files from it; -1 if the system or the folder allows none."""
    if os.stat not in os.supports_dir_fd:
        return -1
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return -1


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
