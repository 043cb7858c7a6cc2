"""Lines of text for a terminal.

Names in a line may hold any character; the line stays one line and is safe to print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from flake8_training.printable import printable

MAX_LINE: Final = 10_000


def screen(lines: Iterable[str]) -> str:
    """Return the lines as one string."""
    return "\n".join(printable(line, MAX_LINE) for line in lines)


def table(title: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield a title and the rows below it, or the title and "none"."""
    listed = list(rows)
    yield f"  {title}:{'' if listed else ' none'}"
    yield from (f"    {line}" for line in columns(listed))


def columns(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the rows as lines with aligned columns."""
    shown = [tuple(map(printable, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
