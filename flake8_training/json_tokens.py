"""The tokens of JSON, for the readers that keep the place of each value. Python's own parser keeps none."""

from __future__ import annotations

import json
from typing import Final

from flake8_training.pattern import pattern

TOKEN: Final = pattern(
    r"""(?xa)[ \t\r\n]*(?:
        (?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")
      | (?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])
      | (?P<word>true|false|null)\b
      | (?P<mark>[{}\[\],:])
    )""",
)

WORDS: Final = {"true": True, "false": False, "null": None}


def string_of(token: str) -> str:
    """Return the string that a token in quotes denotes. Raises ``ValueError`` for a wrong escape."""
    if "\\" not in token:
        return token[1:-1]
    string: str = json.loads(token)
    return string
