"""The baseline: findings that a project knows and does not want to see again.

A baseline file is JSON. It lists findings by code, file and message, with their number; lines are left out, so that a
change elsewhere in the file keeps an entry valid. The command writes the file, plugin and command read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from flake8_training.finding import Finding
from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern

MAX_BYTES: Final = 16_000_000
"""The largest baseline that is read."""
VERSION: Final = 1
NEVER_KNOWN: Final = ("TRN001", "TRN003")
"""Codes of an error of the checker and of a wrong configuration: a baseline does not hide them."""

_LINES = pattern(r"\b(lines?) \d+(?:(?:, | and )\d+)*")
_CONSEQUENCE = pattern(r"(?s)(TRN\d{3}) (.+)")


class Entry(NamedTuple):
    """A known finding: its code, its file relative to the repository, and its message without numbers of lines."""

    code: str
    path: str
    message: str


class BadBaseline(ValueError):
    """A file that is no baseline."""


def entry_of(finding: Finding, path: str | None = None) -> Entry:
    """Return the entry of a finding; ``path`` replaces the finding's own path."""
    return Entry(finding.code, finding.path if path is None else path, _plain(finding.message))


class Baseline:
    """The known findings by their entries, each with its number.

    ``consequences`` are findings that the command merges into another one, and that flake8 reports on their own.
    """

    def __init__(self, known: Mapping[Entry, int], consequences: Iterable[Entry] = ()) -> None:
        self.known = dict(known)
        self.consequences = frozenset(consequences)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Baseline:
        """Return the baseline of findings, whose paths are relative to the repository."""
        known: Counter[Entry] = Counter()
        consequences: set[Entry] = set()
        for finding in findings:
            if finding.code in NEVER_KNOWN:
                continue
            known[entry_of(finding)] += 1
            for other in finding.related:
                if merged := _CONSEQUENCE.fullmatch(other.message):
                    consequences.add(Entry(merged[1], other.path, _plain(merged[2])))
        return cls(known, consequences - known.keys())

    @classmethod
    def read(cls, data: bytes) -> Baseline:
        """Return the baseline in a file's bytes. Raises `BadBaseline`."""
        import json

        try:
            content = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BadBaseline(f"no JSON: {error}") from None
        if not isinstance(content, dict) or content.get("version") != VERSION:
            raise BadBaseline(f"no baseline of version {VERSION}")
        known: dict[Entry, int] = {}
        for one in _entries(content, "findings"):
            count = one.get("count", 1)
            if type(count) is not int or count < 1:
                raise BadBaseline("a count that is no positive number")
            known[_entry(one)] = count
        return cls(known, map(_entry, _entries(content, "consequences")))

    @property
    def data(self) -> dict[str, object]:
        """The content of the baseline's file."""
        return {
            "version": VERSION,
            "findings": [
                {**entry._asdict(), "count": count} if count > 1 else entry._asdict()
                for entry, count in sorted(self.known.items(), key=_by_file)
            ],
            "consequences": [
                entry._asdict() for entry in sorted(self.consequences, key=lambda e: (e.path, *e))
            ],
        }

    def unknown(
        self, findings: Iterable[Finding], path_of: Callable[[Finding], str] = lambda finding: finding.path
    ) -> tuple[list[Finding], dict[Entry, int]]:
        """Return the findings that the baseline does not list, and its entries that are left, with their numbers."""
        left = dict(self.known)
        new: list[Finding] = []
        for finding in findings:
            entry = entry_of(finding, path_of(finding))
            if left.get(entry, 0) and finding.code not in NEVER_KNOWN:
                left[entry] -= 1
            elif entry not in self.consequences:
                new.append(finding)
        return new, {entry: count for entry, count in left.items() if count}


def _by_file(item: tuple[Entry, int]) -> tuple[str, Entry]:
    return item[0].path, item[0]


def _plain(message: str) -> str:
    """Return a message without the numbers of lines in it."""
    return _LINES.sub(r"\1 *", message)


def _entries(content: Mapping[str, object], key: str) -> list[dict[str, object]]:
    listed = content.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise BadBaseline(f"{key} is no list of objects")
    return listed


def _entry(one: Mapping[str, object]) -> Entry:
    values = [one.get(field) for field in Entry._fields]
    if not all(isinstance(value, str) for value in values):
        raise BadBaseline(f"an entry without {', '.join(Entry._fields)}")
    return Entry(*map(str, values))
