"""The files of a repository, their bytes and their parsed contents.

The files are those that git tracks or would track; without git, those of a bounded walk. Nothing outside the root is
read except local modules of scripts, up to the top of git's repository. No link is followed out of it, and nothing is
written.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from contextlib import contextmanager
from functools import cached_property

from flake8_training.resolver import Resolver
from flake8_training.source_file import (
    Refused,
    Root,
    exists,
    hash_of,
    is_large,
    look,
    note,
    note_unrepeatable,
    open_trace,
    repository_top,
    searched,
)
from training_alignment.artefacts.read_error import MAX_BYTES, ReadError, too_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any, TypeVar

    from training_alignment.artefacts.model import Contract, FileReading, Specification
    from training_alignment.artefacts.source import Source
    from training_alignment.repository.answer_forms import Form
    from training_alignment.repository.file_questions import FileQuestion
    from training_alignment.repository.kept_answers import KeptAnswers
    from training_alignment.repository.programs import Programs
    from training_alignment.repository.reading_shelf import ReadingShelf

    Answer = TypeVar("Answer")

KEPT_SOURCES = 8
"""Parsed files kept at a time: enough for one step, so that successive readers parse each file once."""

LEAST_SOURCE = 300_000
"""The bytes of source up to which all parsed files are kept: a check of one step reads the large bases of its classes
several times, and little more.
"""

MOST_SOURCE = 1_500_000
"""The bytes of source up to which a whole check keeps all parsed files. A tree takes 25 times the bytes of its source.

In a larger repository, none would be kept until it is read again.
"""

KEPT_BYTES = 8_000_000
"""The bytes of files up to which all are kept: they are searched several times, and most repositories are no larger."""

KEPT_FILES = 8
"""Files whose bytes are kept in a larger repository: each is searched for several things in succession."""

LARGEST_KEPT = 1_000_000
"""The bytes of the largest file that is kept."""

LEAST_LARGE = 100_000
"""The bytes beyond which the answers about a file are kept with the run: to ask a registry of all steps again takes as
long as all other questions of a run after an edit.
"""


class Repository:
    """The files below ``root``, by their paths relative to it, with ``/``."""

    def __init__(
        self, root: str | Path, files: Iterable[str], unsaved: Mapping[str, bytes] | None = None
    ) -> None:
        """Take the files below ``root``; ``unsaved`` holds what an editor has not saved, by the same paths."""
        self.folder = os.fspath(root)
        self._unsaved = {os.path.join(self.folder, path): data for path, data in (unsaved or {}).items()}
        self.files: frozenset[str] = frozenset([*files, *(unsaved or {})])
        self.gone: frozenset[str] = frozenset()
        """The files of the check that do not exist: the commit deletes or renames them."""
        self.errors: dict[str, ReadError] = {}
        """The errors in the artefacts read so far, by path."""
        self.failures: dict[str, Exception] = {}
        """Exceptions of the reader by path: a failure of the checker on one file does not affect the others."""
        self._inside = Root(self.folder, self._unsaved)
        self._data: dict[str, bytes] = {}
        self._room = KEPT_BYTES
        self._kept_files = KEPT_FILES
        self._sources: OrderedDict[str, Source] = OrderedDict()
        self._room_for_sources = LEAST_SOURCE
        self._roles: dict[str, tuple[str, bool]] = {}
        self._answers: dict[object, object] = {}

    @classmethod
    def open(cls, root: str | Path, unsaved: Mapping[str, bytes] | None = None) -> Repository:
        """Return the repository at ``root``, a folder, with the unsaved files of an editor."""
        folder = os.path.realpath(root)
        return cls(folder, listed_files(folder), unsaved)

    @cached_property
    def root(self) -> Path:
        """The folder as a path. Every commit opens a repository, and ``pathlib`` takes long to import."""
        from pathlib import Path

        return Path(self.folder)

    # -- files

    def relative(self, path: str | Path, folder: Path | None = None) -> str | None:
        """Return a path relative to the root; None if it is outside, or if no file can have this name.

        A relative path is relative to ``folder``, by default the current folder. The file need not exist.
        """
        whole = os.path.normpath(os.path.join(os.fspath(folder or os.getcwd()), os.fspath(path)))
        try:
            real = os.path.realpath(os.path.dirname(whole))
        except ValueError:  # a source may name a path with NUL or with half a character in it
            return None
        for candidate in (whole, os.path.join(real, os.path.basename(whole))):
            if candidate == self.folder or candidate.startswith(self.folder.rstrip(os.sep) + os.sep):
                return os.path.relpath(candidate, self.folder).replace(os.sep, "/")
        return None

    def listed(self, path: str) -> str | None:
        """Return the path of a listed file relative to the root; None if the repository does not list it."""
        relative = self.relative(path)
        return relative if relative in self.files else None

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.files)

    def below(self, folder: str) -> Sequence[str]:
        """Return the sorted paths of the files below a folder; all for the root, whose path is empty."""
        if not folder:
            return self._sorted
        from bisect import bisect_left

        start = bisect_left(self._sorted, f"{folder}/")
        return self._sorted[start : bisect_left(self._sorted, f"{folder}0", start)]  # "0" follows "/"

    def once(self, question: Callable[[Repository], Answer]) -> Answer:
        """Return the answer to a question about the whole repository, which is asked only the first time."""
        if question not in self._answers:
            self._answers[question] = question(self)
        found: Answer = self._answers[question]  # type: ignore[assignment]
        return found

    def is_large(self, path: str) -> bool:
        """Return whether a file is so large that YAML and JSON in it count as data."""
        return is_large(os.path.join(self.folder, path))

    def data(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a file. Raises `ReadError` if it is too large, outside the root, or cannot be read."""
        known = self._data.get(path)
        if known is not None and len(known) <= limit:
            self._inside.note_known(path)
            return known
        data = self._read_bytes(path, limit)
        if len(data) <= LARGEST_KEPT:
            self._room -= len(data)
            self._data[path] = data
            while self._room < 0 and len(self._data) > self._kept_files:
                del self._data[next(iter(self._data))]
        return data

    def answer(self, question: FileQuestion[Answer], path: str, *words: str) -> Answer:
        """Return the answer to a question about a file. Raises `ReadError` if it cannot be read.

        A kept run holds as long as the answer is the same, whatever else changes in the file.
        """
        if open_trace() is None:
            data = self.data(path, question.limit)
            # every file is asked several questions, nearly all of the bytes themselves
            answers = question.function if question.of is None else question.answer
            return answers(path, data, *words)
        try:
            if question.of is not None:
                found = question.function(path, self._answer(question.of, path), *words)
            else:
                found = self._answer(question, path, *words)
        except ReadError:
            raise
        except Exception:
            note_unrepeatable()
            raise
        self._inside.note_fact(path, (question.name, *words), found)
        return found

    def possible(self, question: FileQuestion[Any], paths: Sequence[str], *words: str) -> Sequence[str]:
        """Return the files of which the answer to a question may say something.

        That of each other file is known to say nothing; it counts as asked.
        """
        kept = self._kept_answers
        return kept.possible(paths, question, words) if kept is not None else paths

    def _answer(self, question: FileQuestion[Answer], path: str, *words: str) -> Answer:
        """Return the answer to a question about a file, which is not noted, but that the file was looked at."""
        kept = self._kept_answers if not words else None
        known = kept.recall(path, question) if kept is not None else None
        if known is not None:
            answer: Answer = known[0]
            return answer
        data = look(lambda: self.data(path, question.limit))
        if len(data) > LEAST_LARGE and not words and question.form is not None:
            found = _searched(question, question.form, path, data)
        else:
            found = question.answer(path, data, *words)
        if kept is not None:
            kept.keep(path, question, found)
        return found

    @cached_property
    def _kept_answers(self) -> KeptAnswers | None:
        """The answers about single files that earlier runs have kept; None if the run needs none."""
        trace = open_trace()
        if trace is None or trace.answers_folder is None:
            return None
        from training_alignment.repository.kept_answers import KeptAnswers

        return KeptAnswers.of(self._inside, self.files)

    def forget(self) -> None:
        """Release the bytes of files, after all searches are done."""
        self._data.clear()
        self._room, self._kept_files = -1, 0

    def beginning(self, path: str) -> bytes:
        """Return the first bytes of a file, as many as of a file that is read whole. Raises `ReadError`."""
        return self._read_bytes(path, MAX_BYTES, cut=True)

    def _read_bytes(self, path: str, limit: int, *, cut: bool = False) -> bytes:
        try:
            return self._inside.read(path, limit, cut=cut)
        except Refused as error:
            if error.size is not None:
                raise too_large(path, error.size) from None
            raise ReadError(path, 1, 1, error.reason) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise ReadError(path, 1, 1, f"cannot be read: {reason}") from None

    @cached_property
    def around(self) -> Root:
        """Return the folder that limits the local modules of scripts: the top of git's repository, or the root."""
        return Root(repository_top(self.folder) or self.folder, self._unsaved)

    @cached_property
    def executables(self) -> frozenset[str] | None:
        """Return the files that git records as executable; None if it records none of the files."""
        from training_alignment.repository.git import executables

        return executables(self.folder)

    def exists(self, path: str) -> bool:
        """Return whether the repository lists the file and it exists now."""
        if path not in self.files:
            return False
        full = os.path.join(self.folder, path)
        return full in self._unsaved or exists(full)

    # -- what they hold

    def source(self, path: str) -> Source:
        """Return the parsed Python file. Raises `ReadError`."""
        known = self._sources.get(path)
        if known is not None:
            self._sources.move_to_end(path)
            self._inside.note_known(path)
            return known
        # Most commits touch no step: the parsers are imported only if there is a file to parse.
        from training_alignment.artefacts.source import Source

        source = Source(self.data(path), path)
        self._sources[path] = source
        self._room_for_sources -= len(source.data)
        while self._room_for_sources < 0 and len(self._sources) > KEPT_SOURCES:
            self._sources.popitem(last=False)
        return source

    def keep_sources(self) -> None:
        """Keep all parsed files, as long as there are few: the caller reads every one several times."""
        self._room_for_sources = MOST_SOURCE

    @cached_property
    def programs(self) -> Programs:
        """Return the Python files as scripts and launchers."""
        from training_alignment.repository.programs import Programs

        return Programs(self.folder, self.source, lambda: self.around)

    def unfinished(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the programs that a bound on work has cut short, and those that it has left out: see `Programs`."""
        return self.programs.unfinished() if "programs" in self.__dict__ else ((), ())

    def expect(self, path: str, role: str, *, certain: bool) -> None:
        """Declare the part that a file plays, before it is read; if ``certain``, it is an error if the file is none."""
        self._roles.setdefault(path, (role, certain))

    def reading(self, path: str) -> FileReading | None:
        """Return the contents of an artefact file, read once;

        None if it cannot be read, with the reason in `errors`.
        """
        readings = self._readings
        if path not in readings:
            readings[path] = None
            with self.guarded(path):
                try:
                    readings[path] = self._read(path)
                except ReadError as error:
                    # The error may be in another file, from which this one imports a table.
                    self.errors.setdefault(path, error)
        return readings[path]

    @cached_property
    def _readings(self) -> ReadingShelf:
        from training_alignment.repository.reading_shelf import ReadingShelf

        return ReadingShelf(self)

    @contextmanager
    def guarded(self, path: str, but: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        """Record an exception of the reader on one file, so that the other files are still read.

        An exception of the kind ``but`` is raised.
        """
        try:
            yield
        except but:
            raise
        except Exception as error:
            self.failures.setdefault(path, error)

    def contract(self, path: str, _: str, number: int) -> Contract | None:
        """Return the contract of a file that has this number."""
        reading = self.reading(path)
        return reading.contracts[number] if reading is not None else None

    def specification(self, path: str, _: str, number: int) -> Specification | None:
        """Return the specification of a file that has this number."""
        reading = self.reading(path)
        return reading.specifications[number] if reading is not None else None

    def was_read(self, path: str) -> bool:
        """Return whether the reader parsed an artefact file, or tried to."""
        return "_readings" in self.__dict__ and path in self._readings

    def _read(self, path: str) -> FileReading:
        role, certain = self._roles.get(path, ("", False))
        if path.endswith(".py"):
            return self._read_python(path, certain=certain)
        from training_alignment.artefacts.data_file import read_data

        return read_data(self.data(path), path, role=role, certain=certain)

    def _read_python(self, path: str, *, certain: bool) -> FileReading:
        """Return the contents of a Python file; a kept run knows those of a registry by its content."""
        from training_alignment.artefacts.kept_registry import may_hold_registry, packed, unpacked
        from training_alignment.artefacts.python_file import read_python

        trace, data = open_trace(), self.data(path)
        if trace is None or trace.searches is None or not may_hold_registry(data):
            return read_python(self.source(path), self, certain=certain)
        search = ("registry", path, str(certain), hash_of(data).hex())
        if search in trace.searches:
            return unpacked(path, *trace.searches[search])
        kept, name = self._kept_answers, f"registry {certain}"
        text = kept.recall_text(path, name) if kept is not None else None
        if text is not None:
            trace.searches[search] = (text,)
            return unpacked(path, text)
        source, before = self.source(path), trace.reads
        reading = read_python(source, self, certain=certain)
        text = packed(reading) if trace.reads == before else None  # else it depends on other files
        if text is not None:
            trace.searches[search] = (text,)
            if kept is not None:
                kept.keep_text(path, name, text)
        return reading

    # -- modules

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver of the modules among the files."""
        return Resolver(self)

    def is_file(self, path: str) -> bool:
        """Return whether the repository lists that file."""
        return path in self.files

    def roots(self, folder: str, top: str) -> Iterator[str]:
        """Yield the folders that an absolute import may begin in: every one from ``folder`` up, then ``src/``."""
        yield folder
        while folder:
            folder = folder[: folder[:-1].rfind("/") + 1]
            yield folder
        yield "src/"


def _searched(question: FileQuestion[Answer], form: Form, path: str, data: bytes) -> Answer:
    """Return the answer to a question about a file, which is asked unless the open trace knows the answer."""

    def texts() -> list[str]:
        text = form.text(question.answer(path, data))
        return [text] if text is not None else []

    known = searched((question.name, path), texts)
    answer: Answer = form.read(path, known[0]) if known else question.answer(path, data)
    return answer


def listed_files(root: str | Path) -> list[str]:
    """Return the files below ``root``, a real path: those that git tracks or would track, else those of a walk."""
    from training_alignment.repository.git import files_of

    listed = files_of(root)
    if listed is None:
        from training_alignment.repository.listing import hash_of_names
        from training_alignment.repository.walk import walk

        listed = walk(root)
        note("walk", os.fspath(root), lambda: hash_of_names(listed or ()))
    return listed
