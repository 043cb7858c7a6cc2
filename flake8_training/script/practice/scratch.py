"""Temporary files that a script makes and leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.script.apis.rows import Reads, Saves
from flake8_training.script.calls import Call
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.places import Root

if TYPE_CHECKING:
    import ast

    from flake8_training.script.analysis import Analysis

_MAKES = ("tempfile.mkdtemp", "tempfile.mkstemp")
_KEPT_FILE = "tempfile.NamedTemporaryFile"
_REMOVES = frozenset(
    "rmtree remove unlink rmdir removedirs cleanup rm delete_recursively delete_file rm_tree move rename replace "
    "register clear_folder".split()
)
_FOLDERS = ("/tmp/", "/var/tmp/")
_COMMANDS = ("subprocess.", "os.system", "os.popen")


def left_behind(analysis: Analysis) -> Call | None:
    """Return the first call that makes a temporary file in a program that removes none, or None."""
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
                p.root is Root.LOCAL and not p.open and p.path.startswith(_FOLDERS) for p in places
            ):
                return True
    return False
