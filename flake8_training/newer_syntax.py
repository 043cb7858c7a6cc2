"""Syntax of a newer Python than the one that runs, in a source that does not parse.

Each form is rewritten into an older one with as many lines. The form is the cause of the error if the rewritten line
no longer is. Source: the grammars of CPython 3.12 (PEP 695, PEP 701) and 3.14 (PEP 750, PEP 758).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from flake8_training.parsing import without_warnings
from flake8_training.pattern import pattern

_NESTED = pattern(r"""(?<=\{)[^{}"']*+(["'])[^{}"']*+\1[^{}"']*+(?=\})""")
_TYPE_STATEMENT = pattern(r"(\s*+)type\s++(\w++)(?:\[[^\]]*+\])?+(?=\s*+=)")
_TYPE_PARAMETERS = pattern(r"(\s*+(?:async\s++)?(?:def|class)\s++)(\w++)\[[^\]]*+\]")
_BARE_TYPES = pattern(r"(\s*+except\b\*?+\s*+)([^():\s][^():]*+)(?=:)")
_TEMPLATE_STRING = pattern(r"""(?<![\w"'])[tT](?=["'])""")


def _older_forms(line: str) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Yield the versions of Python, what they add, and the line without it."""
    if found := _TYPE_STATEMENT.match(line):
        yield (3, 12), "a `type` statement", f"{found[1]}{found[2]}{line[found.end() :]}"
    if found := _TYPE_PARAMETERS.match(line):
        yield (3, 12), "type parameters", f"{found[1]}{found[2]}{line[found.end() :]}"
    yield (3, 12), "quotes of an f-string inside it", _NESTED.sub("0", line)
    if (found := _BARE_TYPES.match(line)) and "," in found[2]:
        what = "`except` with several types and no parentheses"
        yield (3, 14), what, f"{found[1]}({found[2]}){line[found.end() :]}"
    yield (3, 14), "a template string", _TEMPLATE_STRING.sub("", line)


def newer_syntax(source: str, line: int, running: tuple[int, int] = sys.version_info[:2]) -> str:
    """Return the syntax at a line (from 1) that needs a newer Python than ``running``, and that version; else "".

    ``source`` does not parse, and its first error is at the line.
    """
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    written = lines[line - 1]
    for version, what, older in _older_forms(written):
        whole = "\n".join([*lines[: line - 1], older, *lines[line:]])
        if version > running and older != written and not _fails_at(whole, line):
            return f"{what}, which needs Python {version[0]}.{version[1]}"
    return ""


def _fails_at(source: str, line: int) -> bool:
    """Return whether a source has its first syntax error at a line, or before it."""
    try:
        with without_warnings():
            ast.parse(source)
    except SyntaxError as error:
        return (error.lineno or 1) <= line
    except (ValueError, RecursionError, MemoryError):
        return True
    return False
