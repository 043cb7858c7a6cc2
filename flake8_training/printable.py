"""Strings from a source, made safe for terminals, editors and CI logs.

A name, a message or a path may contain anything: escape sequences of terminals, characters that change the writing
direction, lone surrogates that no encoding accepts, line breaks, commands to the runner of a CI job. Every string of a
source passes through here before it is printed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

MAX_LENGTH: Final = 1_000
"""The most characters of one string; of a longer one, the beginning and the end are shown."""

_ELLIPSIS: Final = "..."
_TAIL: Final = 300
"""The characters kept at the end of a string that is cut: the nearest right name is there."""

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@cache
def _unsafe() -> re.Pattern[str]:
    # Controls (C0, DEL, C1), marks of writing direction, invisible characters, line and paragraph separators,
    # lone surrogates, and noncharacters.
    # Compiled on demand: most runs print nothing unusual.
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
        "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
    )


def printable(text: str, limit: int = MAX_LENGTH) -> str:
    """Return ``text`` as one line of at most ``limit`` characters that is safe to print.

    An invisible character becomes a Python escape. A blank is added to a colon or hash that another program would read
    as a part of a place or a command. A string that is already safe is returned unchanged.
    """
    # Cut first: the removed part need not be escaped.
    text = escaped(_cut(text, limit))
    # Editors split a line of output at "path:line:column: code", greedily: the last such place in the line wins.
    # CI runners read "::name::" at the start of a line as a command.
    if ":" in text:
        text = re.sub(r":(?=\d*:)", ": ", text)
    # CI runners read "##[name]" and "##vso[name]" as commands anywhere in a line.
    if "##" in text:
        text = re.sub(r"#(?=#\w*\[)", "# ", text)
    return _cut(text, limit)


def escaped(text: str) -> str:
    """Return ``text`` with every character that is invisible or cannot be encoded as an escape."""
    return text if text.isprintable() else _unsafe().sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    wide = f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    return _SHORT.get(match[0]) or (f"\\x{number:02x}" if number < 0x100 else wide)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    tail = min(_TAIL, limit // 3)
    return f"{text[: limit - len(_ELLIPSIS) - tail]}{_ELLIPSIS}{text[-tail:]}"
