"""TRN910: temporary files are not removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ANY, PathKind
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.flow.subprocesses import STARTERS, is_inert_command, started_commands
from flake8_training.finding import Finding, Severity
from flake8_training.libraries.rows import Reads, Saves
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Condition, Rule
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
        Condition(
            "a call removes or moves the file or its folder, or may receive it in code that is not available",
            suppressed={
                "import tempfile\n": "import shutil\nimport tempfile\n",
                '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n': (
                    '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n'
                    "    shutil.rmtree(scratch)\n"
                ),
            },
            reported={
                "import tempfile\n": "import shutil\nimport tempfile\n",
                '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n': (
                    '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n'
                    '    shutil.rmtree("/opt/ml/checkpoints/old")\n'
                    '    print("a-b".replace("-", "_"), train.rename(columns={"a": "b"}))\n'
                ),
            },
        ),
        Condition(
            "the script starts a program that may remove the files: `rm`, a shell script, an unknown one",
            suppressed={
                "import tempfile\n": "import subprocess\nimport tempfile\n",
                '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n': (
                    '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n'
                    '    subprocess.run(["rm", "-r", scratch])\n'
                ),
            },
            reported={
                "import tempfile\n": "import subprocess\nimport tempfile\n",
                '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n': (
                    '    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))\n'
                    '    subprocess.run(["pip", "install", "rm"])\n'
                ),
            },
        ),
    )
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

_REMOVERS = frozenset(
    {
        *("os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.rename", "os.replace"),
        *("shutil.rmtree", "shutil.move", "atexit.register"),
        *(f"pathlib.Path().{method}" for method in ("unlink", "rmdir", "rename", "replace")),
    }
)
"""Calls that remove or move what they receive, or that register such a call."""

_FOLDERS = ("/tmp/", "/var/tmp/")

_TEMPORARY = f"/tmp/{ANY}"
"""The path of what ``tempfile`` creates."""

_REMOVING_PROGRAMS = frozenset({"rm", "find"})
_COMMANDS = ("subprocess.", "os.system", "os.popen")


def left_behind(analysis: Analysis) -> Call | None:
    """Return the first call that creates a temporary file which the program certainly never removes, or None."""
    built: list[Call] = []
    removing: list[Call] = []
    for call in analysis.calls.all:
        if any(name.startswith(_COMMANDS) for name in call.names):
            if _may_remove_anything(analysis, call):
                return None
            continue
        if _makes(analysis, call):
            built.append(call)
        elif _removes(analysis, call):
            removing.append(call)
    return next(
        (one for one in built if not any(_concerns(analysis, other, one) for other in removing)), None
    )


def _removes(analysis: Analysis, call: Call) -> bool:
    """Return whether a call may remove what it receives."""
    if call.unknown or analysis.calls.of_unknown_library(call):
        return True
    return any(name in _REMOVERS or (name.startswith("?.") and not call.rows) for name in call.names)


def _may_remove_anything(analysis: Analysis, call: Call) -> bool:
    """Return whether the program that a call starts may remove files, whatever the command names."""
    if any(name.startswith("subprocess.") and name not in STARTERS for name in call.names):
        return False
    commands = started_commands(analysis.evaluator, call.names, call.site)
    return not is_inert_command(analysis.evaluator, call.names, call.site, "saves") or any(
        not _REMOVING_PROGRAMS.isdisjoint(words[:2]) for words in commands
    )


def _concerns(analysis: Analysis, call: Call, built: Call) -> bool:
    """Return whether a call may receive the temporary file that another call creates, or its folder.

    A call that removes may receive it in an unknown path, too.
    """
    removes = not (call.unknown or analysis.calls.of_unknown_library(call))
    receiver = analysis.calls.receiver(call)
    own = _path_of(analysis, built)
    folders = [place.path for place in analysis.roots(built, own)] if own is not None else [_TEMPORARY]
    for node in (*arguments(call.node), *([receiver] if receiver is not None else [])):
        if any(getattr(origin, "node", None) is built.node for origin in analysis.calls.origins(call, node)):
            return True
        for place in analysis.roots(call, node):
            if removes and (place.open or place.root is PathKind.UNKNOWN):
                return True
            if any(_covers(place.path, one) or _covers(one, place.path) for one in folders):
                return True
    return False


def _covers(folder: str, path: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _path_of(analysis: Analysis, call: Call) -> ast.expr | None:
    """Return the expression of the path that a call writes to, or None."""
    for row in call.rows:
        if isinstance(row, Saves):
            return analysis.calls.argument(call, row.path)
        if isinstance(row, Reads) and is_writing(analysis, call, row):
            return read_path(analysis, call, row)
    return None


def _makes(analysis: Analysis, call: Call) -> bool:
    if any(name in _MAKES for name in call.names):
        return True
    if _KEPT_FILE in call.names:
        return (
            analysis.calls.is_passed(call, ("delete", 7)) is False
            and not analysis.calls.spreads(call)
            and (analysis.calls.argument(call, ("delete", 7)) is not None)
        )
    node = _path_of(analysis, call)
    found = analysis.roots(call, node) if node is not None else []
    return bool(found) and all(
        place.root is PathKind.LOCAL and not place.open and place.path.startswith(_FOLDERS) for place in found
    )
