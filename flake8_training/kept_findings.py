"""The findings of flake8's earlier runs, file by file.

A file is not analysed again if its lines, the settings that it depends on, and everything that was read for it are as
they were. flake8 loads this module for a file that may be a training script or a launcher.
"""

from __future__ import annotations

import os
import weakref
from functools import lru_cache

from flake8_training.finding import Finding, Severity
from flake8_training.source_file import Trace, hash_of, open_trace, record_in, repository_top
from flake8_training.store.file_store import FileStore
from flake8_training.store.trace_columns import Columns, TraceCheck

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

_FIELDS = 7
"""The strings of a finding."""


def kept_findings(
    tree: ast.Module,
    filename: str,
    lines: Sequence[str],
    choice: Sequence[str],
    compute: Callable[[], list[Finding]],
) -> list[Finding]:
    """Return the findings that ``compute`` returns for a file, or those that an earlier run has kept.

    ``choice`` is what the findings depend on besides the file, its lines and what is read for it. Kept findings have
    neither related places nor fixes, which flake8 does not show.
    """
    top = repository_top(os.path.dirname(os.path.abspath(filename))) if open_trace() is None else None
    store = _store(top, os.getpid()) if top is not None else None
    if store is None:
        return compute()
    request = [os.getcwd(), filename, *choice]
    digest = hash_of("".join(lines).encode("utf-8", "surrogatepass")).hex()
    known = store.recall(request)
    if known is not None and known[1][0] == digest:
        columns = Columns.from_pieces(known[0])
        check = TraceCheck(columns)
        if check.holds():
            if check.is_renewed:
                store.keep(request, columns, known[1])
            return _findings(known[1][1:])
    trace = _trace_of(tree)
    record_in(trace)
    try:
        found = compute()
    finally:
        record_in(None)
    # an internal error may come from the state of the machine
    if trace.is_consistent and not any(one.code == "TRN001" for one in found):
        store.keep(request, Columns.of(trace), [digest, *_strings(found)])
    return found


_last: tuple[weakref.ref[ast.Module], Trace] | None = None


def _trace_of(tree: ast.Module) -> Trace:
    """Return a trace; of a tree that both entry points read it is the same: the second one reads nothing again."""
    global _last
    if _last is None or _last[0]() is not tree:
        _last = weakref.ref(tree), Trace()
    return _last[1]


# flake8 may fork after a file, and a connection belongs to one process.
@lru_cache(maxsize=256)
def _store(top: str, process: int) -> FileStore | None:
    """Return the store of the repository in a folder."""
    return FileStore.open(top)


def _strings(findings: Sequence[Finding]) -> list[str]:
    return [
        text
        for one in findings
        for text in (
            one.code,
            one.severity.value,
            str(one.level),
            one.path,
            str(one.line),
            str(one.column),
            one.message,
        )
    ]


def _findings(strings: Sequence[str]) -> list[Finding]:
    found = []
    for place in range(0, len(strings), _FIELDS):
        code, severity, level, path, line, column, message = strings[place : place + _FIELDS]
        found.append(Finding(code, Severity(severity), int(level), "", path, int(line), int(column), message))
    return found
