"""One run of the check as the store knows it: the request, what the run prints, and its exit code.

If everything that an earlier run with the same request has read is unchanged, what it printed is printed again, and no
module of the analysis is imported.
"""

from __future__ import annotations

import os
import sys

from flake8_training.source_file import Trace, record_in
from flake8_training.store.piece_store import PieceStore
from training_alignment import output
from training_alignment.exit_codes import FINDINGS, OK
from training_alignment.repository.root import root_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

_UNKEPT = (
    "fix",
    "diff",
    "unsafe_fixes",
    "watch",
    "show_settings",
    "write_baseline",
    "output_file",
    "no_cache",
)
"""Options of runs that write, or that are no check."""


class RunStore(PieceStore):
    """What earlier runs of the check have printed."""

    file = "store.sqlite"
    packages = ("flake8_training", "training_alignment")
    most_rows = 16
    most_bytes = 32_000_000


class KeptRun:
    """A request to the check, and the store with what earlier runs have printed."""

    def __init__(self, store: RunStore, request: list[str], folder: str, *, is_of_files: bool) -> None:
        self._store = store
        self._folder = folder
        """The folder of the store that the user names; empty for the usual one."""
        self._request = request
        self._is_of_files = is_of_files
        """Whether files are requested: their searches are kept, so that an edit of one repeats none."""

    @classmethod
    def of(cls, arguments: argparse.Namespace, gone: Sequence[str]) -> KeptRun | None:
        """Return the run that the command line asks for; None if nothing is kept for it.

        ``gone`` are the files that the commit deletes.
        """
        if any(getattr(arguments, option) not in (None, False) for option in _UNKEPT):
            return None
        if any(one.file is not None for one in arguments.format or ()):
            return None
        for file in arguments.files:
            # links may lead out of the repository, by ways that no trace holds
            if os.path.isabs(file) or file.startswith("..") or not os.path.lexists(file):
                return None
        root = root_of(arguments.root)
        if arguments.cache_dir is None and not _is_wanted(root):
            return None
        store = RunStore.open(root, arguments.cache_dir)
        if store is None:
            return None
        streams = (output.is_coloured(sys.stdout), output.is_terminal(sys.stderr))
        options = {
            name: value
            for name, value in vars(arguments).items()
            if name not in ("files", "cache_dir", "jobs")
        }
        named = repr((streams, sorted(options.items()), len(arguments.files)))
        request = [root, os.path.realpath(os.getcwd()), named, *arguments.files, *gone]
        is_of_files = bool(arguments.files) and not arguments.all
        return cls(store, request, arguments.cache_dir or "", is_of_files=is_of_files)

    def code(self, run: Callable[[], int]) -> int:
        """Return what `_code` returns, and forget what was asked for it."""
        from training_alignment.repository.git import forget_compared

        try:
            return self._code(run)
        finally:
            forget_compared()

    def _code(self, run: Callable[[], int]) -> int:
        """Return the exit code of an earlier run and print what it printed if it still holds; else run and keep it."""
        known = self._store.recall(self._request)
        earlier = None
        if known is not None:
            from flake8_training.store.trace_columns import Columns, TraceCheck
            from training_alignment.repository.file_questions import answer_of
            from training_alignment.repository.git import confirm_compared
            from training_alignment.repository.listing import LISTINGS

            earlier = Columns.from_pieces(known[0])
            check = TraceCheck(earlier, LISTINGS, answer_of)
            if check.holds():
                if check.is_renewed:
                    self._store.keep(self._request, earlier, known[1])
                return _repeated(*known[1])
            if not check.searches_hold:
                earlier = None
            elif self._is_of_files:
                confirm_compared()
        trace, lines = Trace(), list[tuple[str, str]]()
        trace.parts_folder = self._folder
        if earlier is None:
            trace.answers_folder = self._folder
        if self._is_of_files:
            trace.searches = dict(earlier.searches or {}) if earlier is not None else {}
        before = record_in(trace)
        output.record_in(lines)
        try:
            result = run()
        finally:
            record_in(before)
            output.record_in(None)
        if trace.kept_answers is not None:
            trace.kept_answers.write()
        # an internal error may come from the state of the machine
        is_repeatable = result in (OK, FINDINGS) and not any("TRN001" in text for _, text in lines)
        if trace.is_consistent and is_repeatable:
            from flake8_training.store.trace_columns import Columns

            columns = Columns.of(trace, earlier if self._is_of_files else None)
            flat = [part for line in lines for part in line]
            self._store.keep(self._request, columns, [str(result), *flat])
        return result


def _repeated(code: str, *printed: str) -> int:
    """Print again what a run has printed, and return its exit code."""
    for stream, text in zip(printed[::2], printed[1::2], strict=True):
        if stream == "out":
            output.write(text, end="")
        else:
            output.say(text)
    return int(code)


def deleted_by_commit(arguments: argparse.Namespace) -> list[str]:
    """Return the files that the commit deletes, when pre-commit runs: it passes only those that remain."""
    if os.environ.get("PRE_COMMIT") != "1" or arguments.all or not arguments.files:
        return []
    from training_alignment.repository.git import taken_away

    return taken_away(arguments.root)


def _is_wanted(root: str) -> bool:
    """Return whether the project's configuration leaves the store on."""
    from flake8_training.project_folder import content

    try:
        data = content(root)
    except OSError:
        return True
    if b"cache" not in data:
        return True
    from flake8_training.configuration import read_configuration

    return read_configuration(root).cache
