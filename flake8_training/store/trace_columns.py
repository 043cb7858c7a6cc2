"""A trace as plain columns of strings, and the test of whether it still holds.

A file counts as unchanged without being read if its size, times and inode are as they were. A file that was new when it
was read has no such stamp: its content is hashed again.
"""

from __future__ import annotations

import os
import stat
import time
from functools import cached_property

from flake8_training.source_file import (
    QUESTIONS,
    Root,
    Trace,
    failure_of,
    hash_of,
    hash_of_answer,
    stamp_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_STAMP = 4
"""The numbers of a stamp."""
_HASH = 32
"""The characters of a hash."""
_ABSENT = ("file", "folder", "exists", "there", "link")
"""Questions whose answer is False for a path in a folder that does not exist."""


class _Group:
    """Files of one root that are read whole, or cut after the same number of bytes.

    ``questions`` are those that were asked of each of the files; ``answers`` holds a hash of the answers of each.
    Without a question, the content counts.
    """

    def __init__(self, root: str, cut: int, questions: tuple[tuple[str, ...], ...] = ()) -> None:
        self.root = root
        self.cut = cut
        self.questions = questions
        self.paths: list[str] = []
        self.stamps: list[int] = []
        self.hashes = ""
        self.answers = ""

    def add(self, path: str, stamp: tuple[int, ...], digest: bytes) -> None:
        """Add a file by its whole path."""
        self.paths.append(os.path.relpath(path, self.root) if path.startswith(self.root) else path)
        self.stamps.extend(stamp or (-1,) * _STAMP)
        self.hashes += digest.hex()

    def without(self, asked: dict[tuple[str, str], set[tuple[str, ...]]]) -> Iterator[_Group]:
        """Yield the group without the files of which all its questions have been asked."""
        if not self.questions:
            yield self
            return
        kept = _Group(self.root, self.cut, self.questions)
        for number, path in enumerate(self.paths):
            if not asked.get((self.root, path), set()).issuperset(self.questions):
                kept.paths.append(path)
                kept.stamps += self.stamps[_STAMP * number : _STAMP * (number + 1)]
                kept.hashes += self.hashes[_HASH * number : _HASH * (number + 1)]
                kept.answers += self.answers[_HASH * number : _HASH * (number + 1)]
        if kept.paths:
            yield kept

    def strings(self) -> Iterator[str]:
        """Yield the group as strings, their number first."""
        words = [part for question in self.questions for part in (str(len(question)), *question)]
        found = [self.root, str(self.cut), str(len(self.questions)), *words]
        found += [" ".join(map(str, self.stamps)), self.hashes, self.answers, *self.paths]
        yield str(len(found))
        yield from found

    @classmethod
    def from_strings(cls, strings: list[str]) -> _Group:
        """Return the group that `strings` has written."""
        at, questions = 3, []
        for _ in range(int(strings[2])):
            end = at + 1 + int(strings[at])
            questions.append(tuple(strings[at + 1 : end]))
            at = end
        found = cls(strings[0], int(strings[1]), tuple(questions))
        found.stamps = list(map(int, strings[at].split()))
        found.hashes, found.answers = strings[at + 1 : at + 3]
        found.paths = strings[at + 3 :]
        return found


def _key_of(group: _Group) -> tuple[str, int, tuple[tuple[str, ...], ...]]:
    return group.root, group.cut, group.questions


class _Pieces:
    """A group to which the files of others are added."""

    def __init__(self, group: _Group) -> None:
        self._group = group
        self._paths = set(group.paths)
        self._hashes = [group.hashes]
        self._answers = [group.answers]

    def add(self, other: _Group) -> None:
        """Add the files that the group does not have."""
        for number, path in enumerate(other.paths):
            if path not in self._paths:
                self._paths.add(path)
                self._group.paths.append(path)
                self._group.stamps += other.stamps[_STAMP * number : _STAMP * (number + 1)]
                self._hashes.append(other.hashes[_HASH * number : _HASH * (number + 1)])
                self._answers.append(other.answers[_HASH * number : _HASH * (number + 1)])

    def end(self) -> None:
        """Put the hashes of all files into the group."""
        self._group.hashes, self._group.answers = "".join(self._hashes), "".join(self._answers)


class Columns:
    """A trace as plain data: contents, failures, and answers as strings."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self.failures: list[tuple[str, str, int, str]] = []
        self.answers: list[tuple[str, str, str]] = []
        """Question, path and answer."""
        self.searches: dict[tuple[str, ...], tuple[str, ...]] | None = None
        """The results of the searches over all files: they hold with the trace, but for contents of whole files."""

    @classmethod
    def of(cls, trace: Trace) -> Columns:
        """Return the columns of a trace."""
        found = cls()
        groups: dict[tuple[str, int, tuple[int, ...]], _Group] = {}
        for (root, path, cut), content in trace.contents.items():
            groups.setdefault((root, cut, ()), _Group(root, cut)).add(path, *content)
        asked = list(trace.questions)
        for key, answers in trace.facts.items():
            if key in trace.contents and trace.searches is None:
                continue  # the same content gives the same answers
            root, path, cut = key
            numbers = tuple(answers)
            if (root, cut, numbers) not in groups:
                groups[root, cut, numbers] = _Group(root, cut, tuple(asked[number] for number in numbers))
            group = groups[root, cut, numbers]
            group.add(path, *trace.looks[key])
            group.answers += hash_of(b"".join(map(hash_of_answer, answers.values()))).hex()
        found.groups = list(groups.values())
        found.failures = [(*key, reason) for key, reason in trace.failures.items()]
        found.answers = list(dict.fromkeys(_shortened(trace)))
        found.searches = trace.searches
        if trace.parts:
            found._extend(trace.parts)
        return found

    def _extend(self, parts: Iterable[Columns]) -> None:
        """Add what was read for parts of the result, each file of a group once."""
        pieces = {_key_of(group): _Pieces(group) for group in self.groups}
        failures, answers = dict.fromkeys(self.failures), dict.fromkeys(self.answers)
        for part in parts:
            for group in part.groups:
                key = _key_of(group)
                if key not in pieces:
                    self.groups.append(_Group(*key))
                    pieces[key] = _Pieces(self.groups[-1])
                pieces[key].add(group)
            failures.update(dict.fromkeys(part.failures))
            answers.update(dict.fromkeys(part.answers))
        self.failures, self.answers = list(failures), list(answers)
        for one in pieces.values():
            one.end()

    def with_earlier(self, earlier: Columns) -> Columns:
        """Return the columns with what an earlier run has asked, whose searches this run has not repeated."""
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
        self.answers = list(dict.fromkeys((*earlier.answers, *self.answers)))
        return self

    def strings(self) -> list[str]:
        """Return the columns as strings; `from_strings` reads them."""
        found = [str(len(self.groups))]
        for group in self.groups:
            found += group.strings()
        found.append(str(len(self.failures)))
        for root, path, limit, reason in self.failures:
            found += [root, path, str(limit), reason]
        found.append(str(len(self.answers)))
        for answer in self.answers:
            found += answer
        for search, result in (self.searches or {}).items():
            found += [str(len(search)), *search, str(len(result)), *result]
        return found

    @classmethod
    def from_strings(cls, strings: list[str]) -> Columns:
        """Return the columns that `strings` has written. Raises ``ValueError`` and ``IndexError`` for others."""
        found, at = cls(), 1
        for _ in range(int(strings[0])):
            end = at + 1 + int(strings[at])
            found.groups.append(_Group.from_strings(strings[at + 1 : end]))
            at = end
        end = at + 1 + 4 * int(strings[at])
        for one in range(at + 1, end, 4):
            root, path, limit, reason = strings[one : one + 4]
            found.failures.append((root, path, int(limit), reason))
        at, end = end + 1, end + 1 + 3 * int(strings[end])
        found.answers = list(
            zip(strings[at:end:3], strings[at + 1 : end : 3], strings[at + 2 : end : 3], strict=True)
        )
        found.searches = {}
        while end < len(strings):
            at, end = end + 1, end + 1 + int(strings[end])
            search = tuple(strings[at:end])
            at, end = end + 1, end + 1 + int(strings[end])
            found.searches[search] = tuple(strings[at:end])
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


def _shortened(trace: Trace) -> Iterator[tuple[str, str, str]]:
    """Yield the answers; of all paths below a folder that does not exist, yield that folder alone."""
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
        absent = missing(path) if answer is False and question in _ABSENT else ""
        yield ("there", absent, _text(False)) if absent else (question, path, _text(answer))


def _text(answer: object) -> str:
    """Return an answer as a string. No name of a file has a stroke."""
    if isinstance(answer, tuple):
        return "/".join(answer)
    return str(int(answer)) if isinstance(answer, bool) else str(answer)


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
        root, paths, stamps = group.root, group.paths, group.stamps
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
        digest = hash_of(data).hex()
        if digest != group.hashes[place]:
            if not group.questions or self._answers(group, path, data) != group.answers[place]:
                return False
            group.hashes = group.hashes[: place.start] + digest + group.hashes[place.stop :]
            self.is_renewed = True
        stamp = stamp_of(found, now) if stat.S_ISREG(found.st_mode) else ()
        if stamp:
            group.stamps[_STAMP * number : _STAMP * (number + 1)] = stamp
            self.is_renewed = True
        return True

    def _answers(self, group: _Group, path: str, data: bytes) -> str:
        """Return the hash of the answers to the questions of a group; empty if a question has none any more."""
        found: list[bytes] = []
        relative = os.path.relpath(path, group.root).replace(os.sep, "/")
        for question in group.questions:
            try:
                found.append(hash_of_answer(self._answer_of(relative, data, question)))
            except Exception:  # the run itself meets it again, and reports it
                return ""
        return hash_of(b"".join(found)).hex()

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
