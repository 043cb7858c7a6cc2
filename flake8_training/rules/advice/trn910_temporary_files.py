"""TRN910: temporary files are not removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import PathKind
from flake8_training.finding import Finding, Severity
from flake8_training.libraries.rows import Reads, Saves
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Rule
from flake8_training.script import Script
from flake8_training.script.data import is_writing, read_path

if TYPE_CHECKING:
    import ast

    from flake8_training.engine.analysis import Analysis


class TemporaryFilesLeft(Rule[Script]):
    """Reports a script that creates temporary files and removes nothing."""

    code = "TRN910"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "temporary files are not removed"
    why = """
        `mkdtemp`, `mkstemp` and `NamedTemporaryFile(delete=False)` leave the removal to the caller, and files below
        `/tmp` stay. The disk of a job is as large as its volume: unpacked archives and caches beside the data fill it.
        In local mode and on a warm instance they stay after the job.
    """
    fix = """
        Use `tempfile.TemporaryDirectory()` as a context manager, or remove the files.
    """
    reported_when = (
        "the script calls `mkdtemp`, `mkstemp` or `NamedTemporaryFile(delete=False)`, and removes nothing",
        "the script writes a file below `/tmp` or `/var/tmp`, and removes nothing",
    )
    not_reported_when = (
        "any call is named `remove`, `unlink`, `rmtree`, `cleanup`, `move`, `rename` or the like, whatever "
        "it removes",
        "the script starts a program, which may remove the files",
    )
    missed = ("`replace` of a string counts as moving a file",)
    bad = careless(
        ("import os", "import os\nimport tempfile"),
        (
            '    log.info("accuracy: %s", accuracy)',
            """    log.info("accuracy: %s", accuracy)
    scratch = tempfile.mkdtemp()  # TRN910
    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))""",
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first temporary file."""
        call = left_behind(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)


_MAKES = ("tempfile.mkdtemp", "tempfile.mkstemp")

_KEPT_FILE = "tempfile.NamedTemporaryFile"

_REMOVES = frozenset(
    "rmtree remove unlink rmdir removedirs cleanup rm delete_recursively delete_file rm_tree move rename replace "
    "register clear_folder".split()
)

_FOLDERS = ("/tmp/", "/var/tmp/")

_COMMANDS = ("subprocess.", "os.system", "os.popen")


def left_behind(analysis: Analysis) -> Call | None:
    """Return the first call that creates a temporary file in a program that removes none, or None."""
    first: Call | None = None
    for call in analysis.calls.all:
        if any(name.rpartition(".")[2] in _REMOVES or name.startswith(_COMMANDS) for name in call.names):
            return None
        if first is None and _makes(analysis, call):
            first = call
    return first


def _makes(analysis: Analysis, call: Call) -> bool:
    if any(name in _MAKES for name in call.names):
        return True
    if _KEPT_FILE in call.names:
        return (
            analysis.calls.is_given(call, ("delete", 7)) is False
            and not analysis.calls.spreads(call)
            and (analysis.calls.argument(call, ("delete", 7)) is not None)
        )
    for row in call.rows:
        node: ast.expr | None = None
        if isinstance(row, Saves):
            node = analysis.calls.argument(call, row.path)
        elif isinstance(row, Reads) and is_writing(analysis, call, row):
            node = read_path(analysis, call, row)
        if node is not None:
            places = analysis.roots(call, node)
            if places and all(
                p.root is PathKind.LOCAL and not p.open and p.path.startswith(_FOLDERS) for p in places
            ):
                return True
    return False
