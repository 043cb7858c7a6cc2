"""Text from a source as one line that terminals, editors and the logs of CI take for nothing else.

A name, a message or a path may hold whatever its author put there: escape sequences of terminals, characters that
turn the direction of writing, halves of characters that no encoding takes, line breaks, commands to the runner of a
CI job. All that leaves the tool as text goes through here.
"""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH: Final = 1_000
"""Characters of one text; of a longer one, the beginning and the end are shown."""

_ELLIPSIS: Final = "..."
_TAIL: Final = 300
"""Of a text that is cut, the characters at the end: the nearest right name stands there."""

# Controls (C0, DEL, C1), what turns the direction of writing, what is not seen, line and paragraph separators, halves
# of surrogate pairs, and what is no character at all.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Editors cut a line of output at "path:line:column: code", greedily: the last such place in the line wins. Runners of
# CI jobs take "::name::" at the start of a line for a command.
_COLON_BEFORE_COLON = re.compile(r":(?=\d*:)")
# They take "##[name]" and "##vso[name]" for commands wherever they stand.
_HASHES_OF_COMMAND = re.compile(r"#(?=#\w*\[)")


def printable(text: str, limit: int = MAX_LENGTH) -> str:
    """Return ``text`` as one line of at most ``limit`` characters that is safe to print.

    What cannot be seen is shown as an escape of Python, and colons and hashes that another program would take for a
    place or a command are set apart. A text that is safe already comes back as it is.
    """
    # What is cut away need not be escaped.
    text = escaped(_cut(text, limit))
    text = _HASHES_OF_COMMAND.sub("# ", _COLON_BEFORE_COLON.sub(": ", text))
    return _cut(text, limit)


def escaped(text: str) -> str:
    """Return ``text`` with an escape in place of every character that cannot be seen, or cannot be encoded."""
    return text if text.isprintable() else _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    wide = f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    return _SHORT.get(match[0]) or (f"\\x{number:02x}" if number < 0x100 else wide)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    tail = min(_TAIL, limit // 3)
    return f"{text[: limit - len(_ELLIPSIS) - tail]}{_ELLIPSIS}{text[-tail:]}"
