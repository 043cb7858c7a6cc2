"""The answers to questions about single files that earlier runs have kept, whatever files they were asked to check.

What a run has printed holds for its own request, and a commit is nearly always another one than the one before. Most of
the time of its check is the search of all files, whose questions without words have one answer for every request.
"""

from __future__ import annotations

import os
from binascii import crc32

from flake8_training.source_file import numbers_of, open_trace
from flake8_training.store.buffered_store import BufferedStore
from flake8_training.store.trace_columns import Columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from flake8_training.source_file import Root
    from training_alignment.repository.file_questions import FileQuestion

    Look = tuple[tuple[int, ...], bytes]
    """The stamp and the hash of a content."""

_FILES = 1_024
"""About as many files are in one block: a block is written anew when the answers about one of its files change."""
_FEW = 64
"""A block is written for one new answer to as many files: it costs less to read some files again."""
_UNKNOWN = "\x02"
"""Stands for an answer that is not known."""
_LONGEST = 4_000
"""The longest answer that is kept, in characters."""


class AnswerStore(BufferedStore):
    """The answers about blocks of files."""

    file = "answers.sqlite"
    packages = ("flake8_training", "training_alignment")
    most_rows = 512
    most_bytes = 64_000_000


class _File:
    """The answers about one file, by the names of the questions, and the stamp and the hash of its content.

    ``texts`` holds the answers as they are kept, ``answers`` those that were asked for.
    """

    __slots__ = ("answers", "look", "texts")

    def __init__(self, look: Look, texts: dict[str, str]) -> None:
        self.look = look
        self.texts = texts
        self.answers: dict[str, Any] = {}


class KeptAnswers:
    """The answers about the files of one repository, and the store that has them."""

    def __init__(self, store: AnswerStore, root: Root, files: Iterable[str]) -> None:
        self._store = store
        self._root = root
        self._files = frozenset(files)
        self._blocks = 1 << max(len(self._files) // _FILES, 1).bit_length() - 1
        """The number of blocks, a power of two: most changes of the list of files leave it."""
        self._read: dict[int, dict[str, _File]] = {}
        self._unchanged: dict[str, _File | None] = {}
        self._new: dict[int, int] = {}
        """The numbers of new answers in the blocks that have some."""

    @classmethod
    def of(cls, root: Root, files: Iterable[str]) -> KeptAnswers | None:
        """Return the answers about the files below a root; None if the run, by its trace, needs none."""
        trace = open_trace()
        if trace is None or trace.answers_folder is None or root.unsaved:
            return None
        store = AnswerStore.open(root.path, trace.answers_folder or None)
        if store is None:
            return None
        found = trace.kept_answers = cls(store, root, files)
        return found

    def recall(self, path: str, question: FileQuestion[Any]) -> tuple[Any] | None:
        """Return the answer to a question about a file, which counts as looked at; None if it is not known."""
        file = self._file(path)
        if file is None or question.form is None:
            return None
        name, answers = question.name, file.answers
        if name not in answers:
            text = file.texts.get(name)
            if text is None:
                return None
            answers[name] = question.form.read(path, text)
        self._root.note_look(path, file.look)
        return (answers[name],)

    def possible(
        self, paths: Iterable[str], question: FileQuestion[Any], words: tuple[str, ...]
    ) -> list[str]:
        """Return the files of which the answer may say something, or is not known.

        The answer of each other one says nothing, and counts as asked. A commit asks the same of every file of the
        repository: to ask them one by one by way of `recall` was half of its check.
        """
        if words and question.needles is None:
            return list(paths)
        of = question.of or question
        needles = question.needles(*words) if question.needles is not None else ()
        name, known = of.name, self._unchanged
        found: list[str] = []
        silent: list[tuple[str, Look]] = []
        for path in paths:
            file = known[path] if path in known else self._file(path)
            text = file.texts.get(name) if file is not None else None
            if file is None or text is None or (text and _may_say(text, needles)):
                found.append(path)
            else:
                silent.append((path, file.look))
        self._root.note_no((question.name, *words), silent)
        return found

    def keep(self, path: str, question: FileQuestion[Any], answer: Any) -> None:
        """Keep the answer to a question about a file that has been read, unless it is long."""
        text = question.form.text(answer) if question.form is not None else None
        if text is not None and len(text) <= _LONGEST:
            self.keep_text(path, question.name, text)

    def recall_text(self, path: str, name: str) -> str | None:
        """Return a text that was kept for a file under a name; None if there is none, or if the file has changed."""
        file = self._file(path)
        return file.texts.get(name) if file is not None else None

    def keep_text(self, path: str, name: str, text: str) -> None:
        """Keep a text for a file that has been read, unless the file is so new that a change may not show."""
        look = self._root.look_at(path)
        if look is None or not look[0]:
            return
        file = self._file(path)
        if file is None or file.look != look:
            file = self._unchanged[path] = self._block(path)[path] = _File(look, {})
        file.texts[name] = text
        number = self._number(path)
        self._new[number] = self._new.get(number, 0) + 1

    def write(self) -> None:
        """Write the blocks with so many new answers that it is worth it, without files that the repository lacks."""
        for number, new in sorted(self._new.items()):
            if new * _FEW >= len(self._read[number]):
                block = {path: file for path, file in self._read[number].items() if path in self._files}
                self._store.keep(self._key(number), Columns(), _strings_of(block))
        self._new.clear()
        self._store.write()

    def _file(self, path: str) -> _File | None:
        """Return the answers about a file; None if there are none, or if it is not as it was."""
        if path not in self._unchanged:
            file = self._block(path).get(path)
            if file is not None:
                is_same = file.look[0] == _stamp(self._root.whole_path(path))
                file = file if is_same and self._root.allows(path) else None
            self._unchanged[path] = file
        return self._unchanged[path]

    def _block(self, path: str) -> dict[str, _File]:
        number = self._number(path)
        if number not in self._read:
            known = self._store.recall(self._key(number))
            self._read[number] = _files_in(known[1]) if known is not None else {}
        return self._read[number]

    def _number(self, path: str) -> int:
        return crc32(path.encode("utf-8", "surrogatepass")) % self._blocks

    def _key(self, number: int) -> list[str]:
        return [self._root.path, str(self._blocks), str(number)]


def _may_say(text: str, needles: tuple[str, ...]) -> bool:
    """Return whether a text has one of the needles; True without any."""
    for needle in needles:
        if needle in text:
            return True
    return not needles


def _stamp(path: str) -> tuple[int, ...]:
    try:
        return numbers_of(os.lstat(path))
    except (OSError, ValueError):
        return ()


def _strings_of(block: dict[str, _File]) -> list[str]:
    """Return the answers about some files as strings: a row for each file, with a column for each question."""
    names = list(dict.fromkeys(name for file in block.values() for name in file.texts))
    found = [str(len(names)), *names]
    for path, file in block.items():
        stamp, digest = file.look
        texts = [file.texts.get(name, _UNKNOWN) for name in names]
        found += path, f"{' '.join(map(str, stamp))} {digest.hex()}", *texts
    return found


def _files_in(strings: list[str]) -> dict[str, _File]:
    """Return the answers that `_strings_of` has written; none for others."""
    found: dict[str, _File] = {}
    try:
        start = 1 + int(strings[0])
        names = strings[1:start]
        for path, look, *texts in zip(*[iter(strings[start:])] * (2 + len(names)), strict=True):
            *stamp, digest = look.split(" ")
            known = {name: text for name, text in zip(names, texts, strict=True) if text != _UNKNOWN}
            found[path] = _File((tuple(map(int, stamp)), bytes.fromhex(digest)), known)
    except (ValueError, IndexError):
        return {}
    return found
