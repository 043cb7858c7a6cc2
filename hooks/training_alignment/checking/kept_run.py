"""One run of the check as the store knows it: the request, and the answer that a person or a program sees.

If everything that an earlier run with the same request has read is unchanged, its answer is repeated, and no module of
the analysis is imported.
"""

from __future__ import annotations

import os

from flake8_training.source_file import Trace, record_in
from training_alignment.repository.root import root_of
from training_alignment.repository.store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence


class Answer:
    """What a check prints, and its exit code.

    * ``report``: the report, empty if there is none.
    * ``complaints``: the messages about the check itself.
    * ``summary``: the line for a person at a terminal.
    """

    def __init__(self, report: str, complaints: Sequence[str], summary: str, code: int) -> None:
        self.report = report
        self.complaints = tuple(complaints)
        self.summary = summary
        self.code = code
        self.is_repeatable = True
        """Whether another run would give the same answer."""


class KeptRun:
    """A request to the check, and the store with the answers of earlier runs."""

    def __init__(self, store: Store, request: list[str]) -> None:
        self._store = store
        self._request = request

    @classmethod
    def of(
        cls, arguments: argparse.Namespace, files: Sequence[str] | None, *, is_coloured: bool
    ) -> KeptRun | None:
        """Return the run that the command line asks for; None if nothing is kept for it."""
        if arguments.no_cache:
            return None
        if files is not None and any(os.path.isabs(file) or file.startswith("..") for file in files):
            return None  # links may lead to them, by ways that no trace holds
        root = root_of(arguments.root)
        if arguments.cache_dir is None and not _is_wanted(root):
            return None
        store = Store.open(root, arguments.cache_dir)
        if store is None:
            return None
        options = (
            (arguments.format, is_coloured, arguments.show_unknown, arguments.strict),
            (arguments.select, arguments.ignore, arguments.levels),
            files is None,
        )
        return cls(
            store, [root, os.path.realpath(os.getcwd()), arguments.root, repr(options), *(files or ())]
        )

    def answer(self, compute: Callable[[], Answer]) -> Answer:
        """Return the answer of an earlier run if it still holds, else compute and keep it."""
        found = self._recalled()
        if found is not None:
            return found
        trace = Trace()
        before = record_in(trace)
        try:
            answer = compute()
        finally:
            record_in(before)
        if trace.is_consistent and answer.is_repeatable:
            from training_alignment.repository.trace_columns import Columns

            result = [answer.report, answer.summary, str(answer.code), *answer.complaints]
            self._store.keep(self._request, Columns.of(trace).strings(), result)
        return answer

    def _recalled(self) -> Answer | None:
        known = self._store.recall(self._request)
        if known is None:
            return None
        from training_alignment.repository.trace_columns import Columns, TraceCheck

        strings, result = known
        columns = Columns.from_strings(strings)
        check = TraceCheck(columns)
        if not check.holds():
            return None
        if check.is_renewed:
            self._store.keep(self._request, columns.strings(), result)
        report, summary, code, *complaints = result
        return Answer(report, complaints, summary, int(code))


def _is_wanted(root: str) -> bool:
    """Return whether the project's configuration leaves the store on."""
    from flake8_training.project_folder import content

    try:
        data = content(root)
    except OSError:
        return True
    if b"cache" not in data:
        return True
    from pathlib import Path

    from flake8_training.configuration import read_configuration

    return read_configuration(Path(root)).cache
