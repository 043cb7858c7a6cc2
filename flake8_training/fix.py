"""Fixes: the edits that remove a finding, as data.

The rule that knows the right thing creates a fix. An edit names a range of the file and the words in it to replace. It
is located in the file's source before it is applied, and is dropped if its place is not certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from flake8_training.columns import character_column
from flake8_training.pattern import pattern
from flake8_training.record import Record, replace

if TYPE_CHECKING:
    import ast

_LINE_ENDS_ELSEWHERE = pattern("[\x85\u2028\u2029]")
"""Characters that end a line in YAML and not in Python: lines after them are counted differently."""
_OPENING = pattern(r"""[fFrRbBuU]{0,2}(?:"{3}|'{3}|["'])?(?:--?)?""")
"""The characters that may be between the beginning of a value and a name in it: quotes and dashes."""


class Edit(Record):
    """A replacement of words in one file.

    * ``line``, ``column``, ``end_line``, ``end_column``: the range, from 1, in characters; its end is exclusive. An
      ``end_line`` of 0 means that the end is unknown: the words begin at the range, after quotes and dashes.
    * ``old``: the words, which must occur once in the range; empty for all of the range.
    * ``new``: the replacement.
    * ``path``: the file; empty for the file of the finding.
    """

    old: str
    new: str
    line: int
    column: int
    end_line: int = 0
    end_column: int = 0
    path: str = ""


class Fix(Record):
    """The edits that remove a finding, all or none of them.

    ``title`` is an imperative for an editor's menu. A fix is safe if there is one right thing and one place for it.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = True

    @property
    def applicability(self) -> str:
        """Return ``safe`` or ``unsafe``."""
        return "safe" if self.is_safe else "unsafe"


def renamed(
    node: ast.AST | None,
    old: str,
    new: str,
    *,
    path: str = "",
    lines: Sequence[str] | None = None,
    safe: bool = True,
) -> Fix | None:
    """Return the fix that renames a name: an argument's keyword, an attribute, or words in a literal string.

    Return None for any other node, since another place may write the name. Columns count bytes until
    :func:`in_characters` converts them, unless ``lines`` are those of the file.
    """
    if old == new or not old or "\n" in new:
        return None
    title = f"Replace {old} by {new}"
    edit = _edit_of(node, old, new)
    if edit is None:
        return None
    fix = Fix(title, (replace(edit, path=path),), safe)
    return fix if lines is None else in_characters(fix, lines, path)


def renamed_at(
    line: int, column: int, old: str, new: str, *, path: str = "", safe: bool = True
) -> Fix | None:
    """Return the fix that renames the value beginning at a place, whose column counts characters."""
    if old == new or not old or "\n" in new:
        return None
    return Fix(f"Replace {old} by {new}", (Edit(old, new, line, column, path=path),), safe)


def rewritten(node: ast.AST, new: str, title: str, *, safe: bool = True) -> Fix | None:
    """Return the fix that replaces the whole of a node by another source."""
    where = _range(node)
    return None if where is None else Fix(title, (Edit("", new, *where),), safe)


def words_replaced(node: ast.AST, old: str, new: str, title: str, *, safe: bool = True) -> Fix | None:
    """Return the fix that replaces words which occur once in the source of a node."""
    where = _range(node)
    return None if where is None else Fix(title, (Edit(old, new, *where),), safe)


def in_characters(fix: Fix, lines: Sequence[str], path: str = "") -> Fix:
    """Return a fix with columns in characters where they count UTF-8 bytes, for its edits in the file at ``path``."""
    return replace(
        fix, edits=tuple(_in_characters(edit, lines) if edit.path == path else edit for edit in fix.edits)
    )


def located(edit: Edit, source: str) -> Edit | None:
    """Return an edit whose range is exactly ``old``, the words to replace; None if their place is not certain."""
    starts = _line_starts(source)
    if not 1 <= edit.line <= len(starts) or _LINE_ENDS_ELSEWHERE.search(source):
        return None
    first = starts[edit.line - 1] + edit.column - 1
    if edit.end_line == 0:
        opening = _OPENING.match(source, first)
        assert opening is not None
        start = (
            opening.end() if not edit.old.startswith("-") else source.find(edit.old, first, opening.end() + 2)
        )
        if start < 0 or not source.startswith(edit.old, start) or not _is_whole(source, start, edit.old):
            return None
    else:
        if edit.end_line > len(starts):
            return None
        last = starts[edit.end_line - 1] + edit.end_column - 1
        if not edit.old:
            return replace(edit, old=source[first:last]) if first < last <= len(source) else None
        hits = [hit.start() for hit in _words(edit.old).finditer(source, first, last)]
        if len(hits) != 1:
            return None
        start = hits[0]
    line, column = _place(starts, start)
    end_line, end_column = _place(starts, start + len(edit.old))
    return replace(edit, line=line, column=column, end_line=end_line, end_column=end_column)


def located_fix(fix: Fix, path: str, read: Callable[[str], str | None]) -> Fix | None:
    """Return a fix with exact ranges and paths; None if one of its edits is not certain.

    ``path`` is the file of the finding; ``read`` returns the source of a file by its path, or None.
    """
    edits: list[Edit] = []
    for edit in fix.edits:
        where = edit.path or path
        source = read(where)
        found = located(edit, source) if source is not None else None
        if found is None:
            return None
        edits.append(replace(found, path=where))
    return replace(fix, edits=tuple(edits))


def moved_fix(fix: Fix | None, shown: Callable[[str], str]) -> Fix | None:
    """Return a fix with other paths."""
    if fix is None:
        return None
    return replace(fix, edits=tuple(replace(edit, path=shown(edit.path)) for edit in fix.edits))


def offsets(edit: Edit, source: str) -> tuple[int, int]:
    """Return the beginning and end of a located edit as offsets in the source."""
    starts = _line_starts(source)
    return starts[edit.line - 1] + edit.column - 1, starts[edit.end_line - 1] + edit.end_column - 1


def _edit_of(node: ast.AST | None, old: str, new: str) -> Edit | None:
    # Every commit imports this module, and most commits touch no step.
    import ast

    if isinstance(node, ast.keyword):
        if node.arg != old or not new.isidentifier():
            return None
        return Edit(
            old, new, node.lineno, node.col_offset + 1, node.lineno, node.col_offset + 1 + len(old.encode())
        )
    if isinstance(node, ast.Attribute):
        if (
            node.attr != old
            or not new.isidentifier()
            or node.end_lineno is None
            or node.end_col_offset is None
        ):
            return None
        end = node.end_col_offset + 1
        return Edit(old, new, node.end_lineno, end - len(old.encode()), node.end_lineno, end)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    where = _range(node)
    if where is None or old not in node.value or set(new) & set("\"'\\{}\r"):
        return None
    return Edit(old, new, *where)


def _range(node: ast.AST) -> tuple[int, int, int, int] | None:
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    end_line, end_column = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    if line is None or column is None or end_line is None or end_column is None:
        return None
    return line, column + 1, end_line, end_column + 1


def _in_characters(edit: Edit, lines: Sequence[str]) -> Edit:
    column = _column(lines, edit.line, edit.column)
    end_column = _column(lines, edit.end_line, edit.end_column)
    return replace(edit, column=column, end_column=end_column)


def _column(lines: Sequence[str], line: int, column: int) -> int:
    return character_column(lines[line - 1], column - 1) if 1 <= line <= len(lines) and column > 0 else column


@lru_cache(maxsize=256)
def _words(old: str) -> re.Pattern[str]:
    """Return the pattern of words that are no part of a longer name; dashes before an option are none."""
    before = r"(?<!\w)(?<!\w-)" if old[0].isalnum() or old[0] == "_" else ""
    after = r"(?!-?\w)" if old[-1].isalnum() or old[-1] == "_" else ""
    return re.compile(f"{before}{re.escape(old)}{after}")


def _is_whole(source: str, start: int, old: str) -> bool:
    found = _words(old).search(source, start, start + len(old) + 1)
    return found is not None and found.start() == start


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for found in re.finditer(r"\r\n|\r|\n", source):
        starts.append(found.end())
    return starts


def _place(starts: Sequence[int], offset: int) -> tuple[int, int]:
    from bisect import bisect_right

    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
