"""``# noqa`` comments, as flake8 reads them, in Python and in YAML.

The expressions are those of flake8 7 (``flake8.defaults``); a test compares them with the installed one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from flake8_training.finding import Finding
from flake8_training.parsing import lines_of

_INLINE = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FILE = re.compile(
    r"\s*# flake8[:=]\s*noqa(?P<codes>:\s?(?P<list>[A-Z][0-9]+(?:[,\s]+)?.*))?\s*$", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[,\s]+")
# In YAML, Unicode's separators end a line, in Python they do not.
_YAML_LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029])|[^\r\n\x85\u2028\u2029]+")


class Comments:
    """The comments of one file that silence findings."""

    def __init__(self, text: str, is_python: bool) -> None:
        self._lines = lines_of(text) if is_python else _YAML_LINE.findall(text)
        self._is_python = is_python

    def silence(self, line: int, code: str) -> bool:
        """Whether a comment silences ``code`` on a line (from 1)."""
        if any(_names(codes, code) for codes in self._of_file):
            return True
        found = _INLINE.search(self._joined.get(line) or self._line(line))
        return found is not None and _names(found["codes"], code)

    @cached_property
    def _of_file(self) -> list[str | None]:
        """The codes that each comment over the whole file names; None for all codes."""
        return [m["list"] for m in map(_FILE.match, self._lines) if m]

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 1 <= line <= len(self._lines) else ""

    @cached_property
    def _joined(self) -> dict[int, str]:
        """For the lines of a Python string over several lines: all of them, since a comment stands behind the last."""
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
        except (tokenize.TokenError, SyntaxError):
            return {}
        return joined


def not_silenced(findings: Iterable[Finding], read: Callable[[str], str | None]) -> list[Finding]:
    """The findings that no comment silences. ``read`` gives the text of a file by its path, None for none."""
    comments: dict[str, Comments | None] = {}
    kept: list[Finding] = []
    for finding in findings:
        if finding.path not in comments:
            text = read(finding.path)
            has_any = text is not None and "noqa" in text.lower()
            comments[finding.path] = (
                Comments(text, finding.path.endswith(".py")) if text and has_any else None
            )
        known = comments[finding.path]
        if known is None or not known.silence(finding.line, finding.code):
            kept.append(finding)
    return kept


def _names(codes: str | None, code: str) -> bool:
    """Whether a list of codes, as it stands in a comment, names a code or a beginning of it; None names all."""
    if codes is None:
        return True
    return code.startswith(tuple(c for c in _SEPARATORS.split(codes) if c))
