"""Patterns of rows over canonical dotted names (see ``rows.py``)."""

from __future__ import annotations

Rank = tuple[int, int, int, int, int]
"""How specific a pattern is: a smaller rank is more specific."""


class Pattern:
    """One pattern, split for matching. At most one segment of it is ``**``."""

    __slots__ = ("_after", "_before", "_many", "rank")

    def __init__(self, pattern: str) -> None:
        """Split the pattern of a row, such as ``sklearn.**().fit``."""
        segments = pattern.split(".")
        place = next((i for i, segment in enumerate(segments) if segment in ("**", "**()")), None)
        self._many = "" if place is None else segments[place]
        self._before = segments if place is None else segments[:place]
        self._after = [] if place is None else segments[place + 1 :]
        single = [segment for segment in segments if segment in ("*", "*()")]
        partial = [segment for segment in segments if segment.strip("*()") and "*" in segment]
        self.rank: Rank = (1 if self._many else 0, len(single), -len(segments), len(partial), -len(pattern))

    def matches(self, name: list[str]) -> bool:
        """Return whether the segments of a name match."""
        before, after = self._before, self._after
        if not self._many:
            return len(name) == len(before) and all(map(_same, before, name))
        end = len(name) - len(after)
        if end <= len(before):
            return False
        if self._many == "**()" and not name[end - 1].endswith("()"):
            return False
        return all(map(_same, before, name)) and all(map(_same, after, name[end:]))


def _same(pattern: str, segment: str) -> bool:
    """Return whether one segment matches; ``*`` in ``pattern`` matches any characters except ``()``."""
    if "*" not in pattern:
        return pattern == segment
    if pattern.endswith("()"):
        if not segment.endswith("()"):
            return False
        pattern, segment = pattern[:-2], segment[:-2]
    start, _, end = pattern.partition("*")
    return (
        len(segment) >= len(start) + len(end)
        and segment.startswith(start)
        and segment.endswith(end)
        and "()" not in segment
    )
