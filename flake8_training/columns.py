"""Columns in characters, from those of a syntax tree, which count bytes."""

from __future__ import annotations


def character_column(line: str, byte_offset: int) -> int:
    """Return the column (from 1, in characters) of an ast ``col_offset``, which counts UTF-8 bytes from 0."""
    if line.isascii():
        return byte_offset + 1
    return len(line.encode()[:byte_offset].decode(errors="ignore")) + 1
