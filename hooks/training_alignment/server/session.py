"""The open files of an editor and what is known of them, without the protocol.

The texts of open files replace those on disk. A check of one open file covers its steps and launches; its findings are
those in the file, and those of other files that name a place in it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from flake8_training.finding import Finding
from flake8_training.parsing import lines_of
from flake8_training.record import Record
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.noqa import Comments
from training_alignment.checking.relevance import may_concern
from training_alignment.checking.workspace import Workspace, findings_seen_from
from training_alignment.fixes.applied import apply
from training_alignment.server.links import Link, links_in


class Silencing(Record):
    """A comment that silences a code: the words to insert, and their place: file, line and column, from 1."""

    path: str
    line: int
    column: int
    words: str


class Session:
    """The workspaces of the folders of an editor, and its open files by their absolute paths."""

    def __init__(self) -> None:
        self.folders: list[str] = []
        self._texts: dict[str, str] = {}
        self._workspaces: dict[str, Workspace] = {}
        self._links: dict[str, list[Link]] = {}
        self._reported: dict[str, dict[Finding, Finding]] = {}
        """The findings that are shown in a file, each with the finding as it is reported, maybe in another file."""

    # -- files

    def put(self, path: str, text: str) -> None:
        """Take the text of an open file."""
        self._texts[path] = text
        self._forget_links()

    def close(self, path: str) -> None:
        """Forget an open file; the one on disk counts again."""
        self._texts.pop(path, None)
        self._reported.pop(path, None)
        self._forget_links()

    def text(self, path: str) -> str | None:
        """Return the text of an open file."""
        return self._texts.get(path)

    @property
    def paths(self) -> tuple[str, ...]:
        """The open files."""
        return tuple(self._texts)

    def refresh(self) -> None:
        """Read the lists of files and the configurations again: files were saved, created or deleted."""
        for workspace in self._workspaces.values():
            workspace.refresh()
        self._forget_links()

    def _forget_links(self) -> None:
        """Forget the links of all files: those of other files lead into the changed one, too.

        The thread of the checks may be about to keep older ones: it keeps them in the dict that it began with.
        """
        self._links = {}

    def _workspace(self, path: str) -> tuple[Workspace, str] | None:
        """Return the repository of a file, and the file's path in it.

        The repository is that of the editor's folder around the file, as for a command that is started there.
        """
        around = [one for one in self.folders if path.startswith(one.rstrip(os.sep) + os.sep)]
        folder = max(around, key=len) if around else os.path.dirname(path)
        if folder not in self._workspaces:
            self._workspaces[folder] = Workspace(Path(folder))
        workspace = self._workspaces[folder]
        inside = workspace.relative(path)
        return (workspace, inside) if inside is not None else None

    def _unsaved(self, workspace: Workspace) -> Mapping[str, bytes]:
        # A copy, because files are opened and closed on another thread than the checks'.
        found = {workspace.relative(path): text for path, text in self._texts.copy().items()}
        return {
            path: text.encode("utf-8", "surrogatepass") for path, text in found.items() if path is not None
        }

    # -- questions

    def findings(self, path: str) -> list[Finding]:
        """Return the findings to show in a file, with absolute paths."""
        found = self._workspace(path) if may_concern(path) else None
        if found is None:
            return []
        workspace, inside = found
        outcome = workspace.check([inside], self._unsaved(workspace), with_alone=True)
        shown = findings_seen_from([*outcome.findings, *outcome.alone], inside)
        absolute = workspace.absolute
        self._reported[path] = {absolute(one): absolute(reported) for one, reported in shown.items()}
        return list(self._reported[path])

    def links(self, path: str) -> list[Link]:
        """Return the names in a file that another file has the other side of, with absolute paths."""
        found = self._workspace(path) if may_concern(path) else None
        if found is None or path not in self._texts:
            return []
        known = self._links
        if path not in known:
            workspace, inside = found
            repository = workspace.repository(self._unsaved(workspace))
            known[path] = [link.inside(workspace.root) for link in links_in(repository, inside)]
        return known[path]

    def every_fix(self, path: str, findings: list[Finding]) -> str | None:
        """Return the text of a file after the safe fixes of its findings that are in it alone; None for none."""
        text = self._texts.get(path)
        safe = [
            one
            for one in findings
            if one.fix is not None and one.fix.is_safe and all(edit.path == path for edit in one.fix.edits)
        ]
        if text is None or not safe:
            return None
        return apply(safe, {path: text}).sources.get(path)

    def silencing(self, path: str, finding: Finding) -> Silencing | None:
        """Return the comment that silences a finding shown in a file; None if no comment on its statement's lines does.

        A finding that another file reports is silenced there.
        """
        reported = self._reported.get(path, {}).get(finding)
        if reported is None or not reported.path.endswith((".py", ".yaml", ".yml")):
            return None
        text = self.source(reported.path)
        if text is None:
            return None
        lines = lines_of(text)
        for number in range(reported.line, min(reported.line + _MOST_LINES, len(lines) + 1)):
            found = _comment(lines, number, reported)
            changed = "".join(_with(lines, found))
            if _is_same(reported.path, text, changed) and Comments(
                changed, reported.path.endswith(".py")
            ).silence(reported.line, reported.code):
                return found
        return None

    def source(self, path: str) -> str | None:
        """Return the text of a file, open or on disk; None if it cannot be read."""
        if path in self._texts:
            return self._texts[path]
        found = self._workspace(path)
        if found is None:
            return None
        workspace, inside = found
        try:
            return workspace.repository({}).data(inside, _MOST_BYTES).decode("utf-8-sig")
        except (ReadError, UnicodeDecodeError):
            return None


_MOST_BYTES = 10_000_000
"""The largest file on disk in which a place is converted."""
_MOST_LINES = 60
"""The most lines of a statement after the finding's line that are tried for a comment."""


def _comment(lines: list[str], number: int, finding: Finding) -> Silencing:
    """Return the comment at the end of a line; a code is added to the codes that a comment names already."""
    line, path, code = lines[number - 1].rstrip("\r\n"), finding.path, finding.code
    _, mark, codes = line.rpartition("# noqa: ")
    if mark and codes.strip():
        return Silencing(path, number, len(line.rstrip()) + 1, f", {code}")
    return Silencing(path, number, len(line) + 1, f"{'' if line.endswith(' ') else '  '}# noqa: {code}")


def _with(lines: list[str], comment: Silencing) -> list[str]:
    line = lines[comment.line - 1]
    at = comment.column - 1
    return [*lines[: comment.line - 1], line[:at] + comment.words + line[at:], *lines[comment.line :]]


def _is_same(path: str, before: str, after: str) -> bool:
    """Return whether the files have the same content apart from comments."""
    if not path.endswith(".py"):
        return True
    import ast

    from flake8_training.parsing import parsed

    try:
        return ast.dump(parsed(before)) == ast.dump(parsed(after))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
