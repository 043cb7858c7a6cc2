"""Findings and edits as objects of the Language Server Protocol, whose positions count UTF-16 code units from 0."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types as lsp
from pygls import uris

from flake8_training.finding import Finding, Severity
from flake8_training.fix import Edit
from flake8_training.parsing import lines_of
from flake8_training.pattern import pattern
from flake8_training.project_links import rule_page

SOURCE = "training-alignment"
_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.ADVICE: lsp.DiagnosticSeverity.Information,
}
_TOKEN = pattern(r"""(?:"[^"\n]*"|'[^'\n]*'|[\w.]+|\S)""")
"""What is underlined from the place of a finding without a fix: a literal, or a dotted name."""


class Positions:
    """Conversion of places in a text: lines and columns from 1, in characters."""

    def __init__(self, text: str) -> None:
        # The byte order mark is a character of the document, and of no source.
        self._mark = text.startswith("\ufeff")
        self._lines = [line.rstrip("\r\n") for line in lines_of(text)]
        if text.endswith(("\n", "\r")) or not text:
            self._lines.append("")

    def position(self, line: int, column: int) -> lsp.Position:
        """Return the position of a place; one behind the end of its line is its end."""
        number = min(max(line, 1), len(self._lines))
        string = self._lines[number - 1]
        before = string[: max(column - 1, 0) + (self._mark and number == 1)]
        return lsp.Position(line=number - 1, character=len(before.encode("utf-16-le", "surrogatepass")) // 2)

    def place(self, position: lsp.Position) -> tuple[int, int]:
        """Return the line and column of a position."""
        number = min(position.line, len(self._lines) - 1)
        units = self._lines[number].encode("utf-16-le", "surrogatepass")[: position.character * 2]
        column = len(units.decode("utf-16-le", "replace")) + 1
        return number + 1, column - (self._mark and number == 0)

    def range(self, line: int, column: int, end_line: int, end_column: int) -> lsp.Range:
        """Return the range between two places."""
        return lsp.Range(start=self.position(line, column), end=self.position(end_line, end_column))

    def token(self, line: int, column: int) -> lsp.Range:
        """Return the range of the literal or name at a place; the whole line for column 1."""
        number = min(max(line, 1), len(self._lines))
        string = self._lines[number - 1]
        if column <= 1:
            start = len(string) - len(string.lstrip())
            return self.range(number, start + 1, number, len(string.rstrip()) + 1)
        found = _TOKEN.match(string, column - 1)
        return self.range(number, column, number, (found.end() if found else column) + 1)

    @property
    def end(self) -> lsp.Position:
        """The end of the text."""
        return self.position(len(self._lines), len(self._lines[-1]) + 1)


def diagnostic(finding: Finding, positions: Positions) -> lsp.Diagnostic:
    """Return a finding as a diagnostic; the paths of its related places are absolute."""
    related = [
        lsp.DiagnosticRelatedInformation(
            location=lsp.Location(uri=uris.from_fs_path(other.path) or "", range=_line(other.line)),
            message=other.message,
        )
        for other in finding.related
    ]
    return lsp.Diagnostic(
        range=_range(finding, positions),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=lsp.CodeDescription(href=rule_page(finding.code)),
        source=SOURCE,
        related_information=related or None,
    )


def _range(finding: Finding, positions: Positions) -> lsp.Range:
    edits = [
        edit
        for edit in (finding.fix.edits if finding.fix is not None else ())
        if edit.path == finding.path and edit.line == finding.line and edit.column >= finding.column
    ]
    if edits:
        return positions.range(edits[0].line, edits[0].column, edits[0].end_line, edits[0].end_column)
    return positions.token(finding.line, finding.column)


def _line(line: int) -> lsp.Range:
    start = lsp.Position(line=max(line - 1, 0), character=0)
    return lsp.Range(start=start, end=lsp.Position(line=max(line, 1), character=0))


def text_edits(edits: Iterable[Edit], positions: Positions) -> list[lsp.TextEdit]:
    """Return located edits of one file."""
    return [
        lsp.TextEdit(
            range=positions.range(edit.line, edit.column, edit.end_line, edit.end_column), new_text=edit.new
        )
        for edit in edits
    ]


def whole_edit(positions: Positions, text: str) -> lsp.TextEdit:
    """Return the edit that replaces a whole document."""
    whole = lsp.Range(start=lsp.Position(line=0, character=0), end=positions.end)
    return lsp.TextEdit(range=whole, new_text=text)
