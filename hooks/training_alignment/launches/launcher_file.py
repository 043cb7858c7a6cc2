"""A Python file, notebook, or JSON or YAML file that starts training jobs, read as a launcher."""

from __future__ import annotations

import os
import posixpath
from functools import cached_property
from itertools import takewhile

from flake8_training.engine.syntax.program import Program
from flake8_training.finding import Finding, Related
from flake8_training.fix import Edit, Fix
from flake8_training.launcher import Launcher
from flake8_training.launcher.author_defaults import AuthorDefaults
from flake8_training.parsing import lines_of, with_bounded_numbers
from flake8_training.record import Record, replace
from training_alignment.artefacts.read_error import MAX_BYTES, ReadError
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import DATA, MAX_NOTEBOOK_BYTES, NOTEBOOK

# Most launchers are the builders of steps: what reads a notebook or a table is imported with the first of them.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_training.script import Script
    from training_alignment.launches.brought_files import BroughtFiles
    from training_alignment.launches.notebook import Notebook, Written


class LauncherFile(Record, slots=False):
    """A launcher, by its path in the repository. ``notebook`` is None for a Python file."""

    path: str
    repository: Repository
    launcher: Launcher
    notebook: Notebook | None = None

    def by_default(self, defaults: AuthorDefaults) -> LauncherFile | None:
        """Return the launcher read with the author's defaults; None if they decide no value of it."""
        launcher = self.launcher.by_default(defaults)
        if launcher is None:
            return None
        again = replace(self, launcher=launcher)
        again.__dict__["opened"] = self.opened
        return again

    @cached_property
    def opened(self) -> list[Script]:
        """The scripts that are read for this launcher alone: as its jobs run them, and those that its cells write."""
        return []

    def close(self) -> None:
        """Release what is read for this launcher alone; a Python file is one of `Programs`."""
        for script in self.opened:
            script.close()
        if not self.path.endswith(".py"):
            program = self.launcher.program
            self.launcher.close()
            program.close()

    @cached_property
    def written(self) -> dict[str, Written]:
        """Return the files that the launcher writes, by their paths in the repository, without those that it has alike.

        The cell counts for this launcher although the repository has another version: it runs before the job starts.
        """
        folder = posixpath.dirname(self.path)
        found = self.notebook.written if self.notebook is not None else {}
        by_path = {posixpath.normpath(posixpath.join(folder, name)): one for name, one in found.items()}
        return {path: one for path, one in by_path.items() if not self._is_alike(path, one)}

    def _is_alike(self, path: str, written: Written) -> bool:
        """Return whether the repository has a file with the text that a cell writes, or one that it cannot read."""
        if path not in self.repository.files:
            return False
        try:
            data = self.repository.data(path)
        except ReadError:
            return True
        return data.decode("utf-8", "replace").split() == written.text.split()

    def has_file(self, path: str) -> bool:
        """Return whether the repository has a file, or the launcher writes it."""
        return path in self.repository.files or path in self.written

    def data(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Return the bytes of a file of the repository, or of one that the launcher writes. Raises `ReadError`."""
        written = self.written.get(path)
        return self.repository.data(path, limit) if written is None else written.text.encode()[: limit + 1]

    def text(self, path: str, limit: int = MAX_BYTES) -> str:
        """Return the text of a file of the repository or of one that the launcher writes; empty if it is unreadable."""
        written = self.written.get(path)
        if written is not None:
            return written.text
        try:
            return self.repository.data(path, limit).decode("utf-8", "replace")
        except ReadError:
            return ""

    def placed(self, finding: Finding, before: int = 0) -> Finding:
        """Return a finding in the launcher's module as one in its file; in a notebook, the message names the cell.

        A finding in a data file that the launcher reads stays there.

        ``before`` is the number of lines of the module before the first line of the finding's source.
        """
        if finding.path in self._data_paths:
            return finding
        if self.notebook is None:
            return replace(finding, path=self.path)
        place = self._line(finding.line + before)
        if place is None:
            return replace(finding, path=self.path, line=1, column=1, fix=None)
        cell, line, file_line, column = place
        summary, _, rest = finding.message.partition(": ")  # no summary contains a colon
        where = f"cell {cell} line {line}"
        return replace(
            finding,
            path=self.path,
            line=file_line,
            column=column + finding.column,
            message=f"{summary}: {where}: {rest}" if rest else f"{summary}: {where}",
            fix=self._placed_fix(finding.fix, before),
        )

    def with_related_placed(self, finding: Finding) -> Finding:
        """Return a finding whose related places are in the launcher's module as one with places in its file."""
        if self.notebook is None or not finding.related:
            return finding
        related = (
            self.related(one.line, one.message) if one.path == self.path else one for one in finding.related
        )
        return replace(finding, related=tuple(related))

    def _placed_fix(self, fix: Fix | None, before: int) -> Fix | None:
        """Return a fix whose edits of the module are edits of the notebook's JSON; None if one has no certain place."""
        if fix is None:
            return None
        edits: list[Edit] = []
        for edit in fix.edits:
            found = edit if edit.path else self._placed_edit(edit, before)
            if found is None:
                return None
            edits.append(found)
        return replace(fix, edits=tuple(edits))

    def _placed_edit(self, edit: Edit, before: int) -> Edit | None:
        place = self._line(edit.line + before)
        if place is None or edit.line != edit.end_line:
            return None
        cell, _, line, column = place
        assert self.notebook is not None
        above = self.notebook.lines[: edit.line + before - 1]
        same = takewhile(
            lambda one: (one.cell, one.file_line, one.column) == (cell, line, column), reversed(above)
        )
        lines_before = sum(1 for _ in same)
        try:
            lines = lines_of(self.repository.data(self.path, MAX_NOTEBOOK_BYTES).decode("utf-8-sig"))
        except (ReadError, UnicodeDecodeError):
            return None
        from training_alignment.launches.notebook import columns_in_json, in_json

        written = columns_in_json(lines[line - 1], column, lines_before) if line <= len(lines) else []
        if max(edit.column, edit.end_column) > len(written):
            return None
        return replace(
            edit,
            old=in_json(edit.old),
            new=in_json(edit.new),
            line=line,
            column=written[edit.column - 1],
            end_line=line,
            end_column=written[edit.end_column - 1],
        )

    @property
    def _data_paths(self) -> set[str | None]:
        """The paths of the data files that the launcher has read so far and that findings can stand in."""
        launcher = self.launcher
        return {launcher.shown_path(module.path) for module in launcher.evaluator.readers}

    def reading(self, finding: Finding) -> Finding:
        """Return a finding in a data file with the place where the launcher reads the file; any other as it is."""
        launcher = self.launcher
        for module, site in launcher.evaluator.readers.items():
            if launcher.shown_path(module.path) == finding.path:
                read_here = site.scope.module is launcher.module
                objects = (*launcher.estimators, *launcher.requested) if not read_here else ()
                line = site.node.lineno if read_here else objects[0].node.lineno if objects else 1
                message = "the launcher reads the file" if read_here else "the launcher takes the value"
                return replace(finding, related=(*finding.related, self.related(line, message)))
        return finding

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
    def brought(self) -> BroughtFiles:
        """The files that the launcher may write, copy or download."""
        from training_alignment.launches.brought_files import BroughtFiles

        return BroughtFiles(self.launcher, self.notebook.commands if self.notebook is not None else ())


def read_launcher_file(repository: Repository, path: str) -> LauncherFile | None:
    """Return the launcher at a path; None if the file is no launcher, or is unreadable."""
    try:
        if path.endswith(NOTEBOOK):
            return _of_notebook(repository, path, repository.data(path, MAX_NOTEBOOK_BYTES))
        if path.endswith(DATA):
            return _of_document(repository, path, repository.data(path))
        launcher = repository.programs.launcher(path)
    except ReadError:
        return None
    return _launcher_file(LauncherFile(path, repository, launcher))


def _launcher_file(file: LauncherFile) -> LauncherFile | None:
    """Return a file whose findings may stand in data files of the repository; None if it is no launcher."""
    file.launcher.shown_path = file.repository.listed
    if file.launcher.is_launcher:
        return file
    file.close()
    return None


def read_error(repository: Repository, path: str) -> ReadError | None:
    """Return why the file at a path cannot be read as a launcher; None if it can, or if no steps are left for it."""
    try:
        if path.endswith(NOTEBOOK):
            from training_alignment.launches.notebook import read_notebook

            read_notebook(repository.data(path, MAX_NOTEBOOK_BYTES), path)
        elif path.endswith(DATA):
            from training_alignment.launches.documents import read_document

            read_document(repository.data(path), path)
        else:
            repository.source(path)
    except ReadError as error:
        return error
    return None


def _of_document(repository: Repository, path: str, data: bytes) -> LauncherFile | None:
    from training_alignment.launches.documents import read_document

    found = read_document(data, path)
    if found is None:
        return None
    full = os.path.join(repository.root, path)
    launcher = Launcher(Program(found.tree, full, repository.around), path, found.lines)
    return LauncherFile(path, repository, launcher)


def _of_notebook(repository: Repository, path: str, data: bytes) -> LauncherFile | None:
    from training_alignment.launches.installed_sdk import installed_sdk
    from training_alignment.launches.notebook import read_notebook

    notebook = read_notebook(data, path)
    if notebook.tree is None:
        return None
    tree = with_bounded_numbers(notebook.tree, (notebook.text,))
    full = os.path.join(repository.root, path)
    launcher = Launcher(Program(tree, full, repository.around), path, lines_of(notebook.text))
    launcher.installed_sdk = installed_sdk(notebook)
    return _launcher_file(LauncherFile(path, repository, launcher, notebook))
