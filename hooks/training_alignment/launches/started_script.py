"""Scripts that a launcher starts: a file of the repository, or one that a cell of the launcher's notebook writes."""

from __future__ import annotations

import ast
import os
import posixpath

from flake8_training.engine.flow.reachability import does_nothing
from flake8_training.finding import Related
from flake8_training.parsing import lines_of, parsed
from flake8_training.script import Script, read
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.notebook import Written


def read_started(file: LauncherFile, path: str | None) -> Script | None:
    """Return the Python script at a path of the repository, or None if there is none or it is unreadable."""
    if path is None or not _is_python(file, path):
        return None
    written = file.written.get(path)
    if written is not None:
        return _of_text(file, path, written)
    try:
        return file.repository.programs.script(path)
    except ReadError:
        return None


def _is_python(file: LauncherFile, path: str) -> bool:
    """Return whether a file is Python by its name, or a program without an ending by its first line."""
    if path.endswith(".py"):
        return True
    if "." in posixpath.basename(path):
        return False
    try:
        first, _, _ = file.repository.data(path).partition(b"\n")
    except ReadError:
        return False
    return first.startswith(b"#!") and b"python" in first


def is_idle(script: Script) -> bool:
    """Return whether a script is empty or only defines: no call of it runs."""
    return not script.analysis.calls.all and does_nothing(script.analysis.evaluator)


def error_of(file: LauncherFile, path: str | None) -> ReadError | None:
    """Return why a script's file is unreadable; None if it is readable, or if there is none."""
    if path is None or path in file.written or not _is_python(file, path):
        return None
    try:
        file.repository.source(path)
    except ReadError as error:
        return error
    return None


def read_with_options(
    file: LauncherFile, script: Script, launched: dict[str, str], unset: frozenset[str] = frozenset()
) -> Script:
    """Return a script as it runs in a job, with paths for its options, and variables that nothing sets."""
    found = Script(script.tree, script.path, script.lines, file.repository.around)
    found.analysis.evaluator.launched.update(launched)
    found.analysis.evaluator.unset = unset
    file.opened.append(found)
    return found


def lines_before(file: LauncherFile, path: str | None) -> int | None:
    """Return the number of notebook lines before a script that a cell writes; None for any other script."""
    written = file.written.get(path or "")
    return written.before if written is not None else None


def place_in_script(
    file: LauncherFile, path: str | None, script: Script | None, node: ast.AST | None, message: str
) -> tuple[Related, ...]:
    """Return the other side of a finding: a place in the script, or its first line for a node of another file."""
    if path is None:
        return ()
    own = node is not None and script is not None and script.owns(node)
    line = getattr(node, "lineno", 1) if own else 1
    before = lines_before(file, path)
    if before is not None:
        return (file.related(line + before, message),)
    return (Related(path, line, message),)


def _of_text(file: LauncherFile, path: str, written: Written) -> Script | None:
    try:
        tree = parsed(written.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    repository = file.repository
    full = os.path.join(repository.root, path)
    found = read(tree, full, lines_of(written.text), repository.around)
    file.opened.append(found)
    return found
