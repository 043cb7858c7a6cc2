"""A Python file or notebook that starts training jobs, read as a launcher."""

from __future__ import annotations

import ast
import os
import posixpath
from functools import cached_property

from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import Constant, StringTemplate, Value
from flake8_training.finding import Finding, Related
from flake8_training.launcher import Launcher
from flake8_training.parsing import lines_of, parsed
from flake8_training.record import Record, replace
from training_alignment.artefacts.limits import MAX_BYTES
from training_alignment.artefacts.tree import ReadError
from training_alignment.launches.notebook import Notebook, Written, read_notebook
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import MAX_NOTEBOOK_BYTES, NOTEBOOK


class LauncherFile(Record, slots=False):
    """A launcher, by its path in the repository. ``notebook`` is None for a Python file."""

    path: str
    repository: Repository
    launcher: Launcher
    notebook: Notebook | None = None

    @cached_property
    def written(self) -> dict[str, Written]:
        """Return the files that the launcher writes and the repository lacks, by their paths in the repository."""
        folder = posixpath.dirname(self.path)
        found = self.notebook.written if self.notebook is not None else {}
        by_path = {posixpath.normpath(posixpath.join(folder, name)): one for name, one in found.items()}
        return {path: one for path, one in by_path.items() if path not in self.repository.files}

    def has_file(self, path: str) -> bool:
        """Return whether the repository has a file, or the launcher writes it."""
        return path in self.repository.files or path in self.written

    def data(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a file of the repository, or of one that the launcher writes. Raises `ReadError`."""
        written = self.written.get(path)
        return self.repository.data(path, limit) if written is None else written.text.encode()[: limit + 1]

    def may_write(self, name: str) -> bool:
        """Return whether code or shell lines may write or change a file of this name; ``pip install`` reads it."""
        if self.launcher.mentions(name):
            return True
        lines = self.notebook.commands.splitlines() if self.notebook is not None else []
        return any(name in line and "pip install" not in line for line in lines)

    def placed(self, finding: Finding, summary: str, before: int = 0) -> Finding:
        """Return a finding in the launcher's module as one in its file; in a notebook, the message names the cell.

        ``before`` is the number of lines of the module before the first line of the finding's source.
        """
        if self.notebook is None:
            return replace(finding, path=self.path)
        place = self._line(finding.line + before)
        if place is None:
            return replace(finding, path=self.path, line=1, column=1)
        cell, line, file_line, column = place
        rest = finding.message.removeprefix(summary).removeprefix(": ")
        where = f"cell {cell} line {line}"
        return replace(
            finding,
            path=self.path,
            line=file_line,
            column=column + finding.column,
            message=f"{summary}: {where}: {rest}" if rest else f"{summary}: {where}",
        )

    def related(self, line: int, message: str) -> Related:
        """Return the other side of a finding: a place in the launcher, by the line of its module."""
        return Related(self.path, self.line_in_file(line), message)

    def line_in_file(self, line: int) -> int:
        """Return the line of the file that holds a line of the launcher's module."""
        place = self._line(line)
        return place[2] if place else line

    def _line(self, line: int) -> tuple[int, int, int, int] | None:
        lines = self.notebook.lines if self.notebook is not None else ()
        return lines[line - 1] if 1 <= line <= len(lines) else None

    @cached_property
    def writes_files(self) -> bool:
        """Return whether the launcher may create or fetch files that the repository lacks."""
        if self.notebook is not None and self.notebook.commands.strip():
            return True
        names = self.launcher.module.calls_by_name
        if any(name in names for name in _CREATING):
            return True
        return any(self._may_write_script(site) for site in names.get("open", ()))

    def _may_write_script(self, site: CallSite) -> bool:
        """Return whether a call of ``open`` may write a script: the mode may write, the name may be a script's."""
        arguments, keywords = site.node.args, {k.arg: k.value for k in site.node.keywords}
        mode = arguments[1] if len(arguments) > 1 else keywords.get("mode")
        if mode is None or (isinstance(mode, ast.Constant) and str(mode.value).strip("bt") == "r"):
            return False
        named = arguments[0] if arguments else keywords.get("file")
        values = self.launcher.evaluator.values(named, site.scope) if named is not None else ()
        return not values or any(_may_be_script(value) for value in values)


def _may_be_script(value: Value) -> bool:
    """Return whether a path may be that of a script, by its suffix."""
    if isinstance(value, Constant):
        return str(value.value).endswith(_PROGRAMS)
    end = value.parts[-1] if isinstance(value, StringTemplate) else None
    return not isinstance(end, str) or "." not in end or end.endswith(_PROGRAMS)


_PROGRAMS = (".py", ".sh")
_CREATING = (
    "download_file download write_text write_bytes copy copyfile copy2 copytree run system check_call "
    "check_output Popen call urlretrieve extractall unpack_archive clone_from clone makedirs git_clone get_ipython "
    "download_fileobj snapshot_download move rename"
).split()


def read_launcher_file(repository: Repository, path: str) -> LauncherFile | None:
    """Return the launcher at a path; None if the file is no launcher, or is unreadable."""
    try:
        if path.endswith(NOTEBOOK):
            return _of_notebook(repository, path, repository.data(path, MAX_NOTEBOOK_BYTES))
        launcher = repository.programs.launcher(path)
    except ReadError:
        return None
    return LauncherFile(path, repository, launcher) if launcher.is_launcher else None


def _of_notebook(repository: Repository, path: str, data: bytes) -> LauncherFile | None:
    notebook = read_notebook(data, path)
    try:
        tree = parsed(notebook.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    full = os.path.join(repository.root, path)
    launcher = Launcher(Program(tree, full, repository.around), path, lines_of(notebook.text))
    return LauncherFile(path, repository, launcher, notebook) if launcher.is_launcher else None
