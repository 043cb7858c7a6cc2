"""Strings and bytes in one piece of bytes, as the rows of the store hold them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_END = "\0"
"""The end of a string. No path has it; a report that has it is not kept."""
_SIZE = 4
"""The bytes of the length before each part."""


def joined(strings: Sequence[str]) -> bytes:
    """Return strings as bytes. Raises ``ValueError`` if one holds a null character."""
    text = _END.join(strings)
    if text.count(_END) > max(len(strings) - 1, 0):
        raise ValueError("a string with a null character")
    return text.encode("utf-8", "surrogatepass")


def split(data: bytes) -> list[str]:
    """Return the strings that `joined` has written; none and one empty string are the same."""
    return data.decode("utf-8", "surrogatepass").split(_END)


def packed(parts: Iterable[bytes | bytearray]) -> bytes:
    """Return several parts as one."""
    return b"".join([one for part in parts for one in (len(part).to_bytes(_SIZE, "big"), part)])


def unpacked(data: bytes) -> list[bytes]:
    """Return the parts that `packed` has written. Raises ``ValueError`` for other bytes."""
    found: list[bytes] = []
    start = 0
    while start < len(data):
        begin = start + _SIZE
        start = begin + int.from_bytes(data[start:begin], "big")
        if start > len(data):
            raise ValueError("a part is cut")
        found.append(data[begin:start])
    return found
