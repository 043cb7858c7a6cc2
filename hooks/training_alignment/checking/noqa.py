"""``# noqa`` comments in Python and YAML, as flake8 reads them.

The regular expressions are those of flake8 7 (``flake8.defaults``); a test compares their effect with the installed
version. A line ``# flake8: noqa`` silences the whole file, also if codes follow it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from flake8_training.finding import Finding
from flake8_training.parsing import lines_of
from flake8_training.pattern import pattern

_INLINE = pattern(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FILE = pattern(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_SEPARATORS = pattern(r"[,\s]+")
# Unicode's line separators end a line in YAML, but not in Python.
_YAML_LINE = pattern("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029])|[^\r\n\x85\u2028\u2029]+")


class Comments:
    """The comments of one file that silence findings."""

    def __init__(self, source: str, is_python: bool) -> None:
        self._lines = lines_of(source) if is_python else _YAML_LINE.findall(source)
        self._is_python = is_python

    def silence(self, line: int, code: str) -> bool:
        """Return whether a comment silences ``code`` on a line (from 1)."""
        if self._leaves_out_file:
            return True
        found = _INLINE.search(self._joined.get(line) or self._line(line))
        return found is not None and _names(found["codes"], code)

    @cached_property
    def _leaves_out_file(self) -> bool:
        """Return whether a comment covers the whole file."""
        return any(map(_FILE.match, self._lines))

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 1 <= line <= len(self._lines) else ""

    @cached_property
    def _joined(self) -> dict[int, str]:
        """Map each line of a multi-line statement to all of its lines, since the comment is at the end of the last."""
        if not self._is_python:
            return {}
        import io
        import tokenize

        joined: dict[int, str] = {}
        first: int | None = None
        last = 0
        try:
            for token in tokenize.generate_tokens(io.StringIO("".join(self._lines)).readline):
                if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
                    continue
                first = token.start[0] if first is None else min(first, token.start[0])
                last = max(last, token.end[0])
                if token.type in (tokenize.NL, tokenize.NEWLINE):
                    if last > first:
                        whole = "".join(self._lines[first - 1 : last])
                        joined.update(dict.fromkeys(range(first, last + 1), whole))
                    first, last = None, 0
        except (tokenize.TokenError, SyntaxError, SystemError):  # the tokenizer of 3.13 ends so at a NUL
            return {}
        return joined


def not_silenced(findings: Iterable[Finding], read: Callable[[str], str | None]) -> list[Finding]:
    """Return the findings that no comment silences. ``read`` returns the source of a file by its path, or None."""
    comments: dict[str, Comments | None] = {}
    kept: list[Finding] = []
    for finding in findings:
        if finding.path not in comments:
            source = read(finding.path)
            has_any = source is not None and "noqa" in source.lower()
            comments[finding.path] = (
                Comments(source, finding.path.endswith(".py")) if source and has_any else None
            )
        known = comments[finding.path]
        if known is None or not known.silence(finding.line, finding.code):
            kept.append(finding)
    return kept


def _names(codes: str | None, code: str) -> bool:
    """Return whether the codes of a comment include a code or a prefix of it; None includes every code."""
    if codes is None:
        return True
    return code.startswith(tuple(c for c in _SEPARATORS.split(codes) if c))
