"""Plain data as JSON that every parser accepts.

No runner of a CI job finds a workflow command in it.
"""

from __future__ import annotations

import json
import math
from typing import Final

from flake8_training.pattern import pattern

_HALF: Final = pattern("[\ud800-\udfff]")
"""Half of a surrogate pair: JSON parsers other than Python's refuse one that is alone."""


def json_text(data: object) -> str:
    """Return data as JSON in ASCII; a value without a JSON form becomes a string."""
    encoded = json.dumps(_plain(data), indent=2)
    # Only strings hold these two sequences, and "\u0023" in a string is "#".
    return encoded.replace("##", "#\\u0023").replace("\x7f", "\\u007f")


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", value)
    if isinstance(value, dict):
        return {_plain(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return repr(value)
