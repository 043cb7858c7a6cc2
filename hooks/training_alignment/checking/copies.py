"""Findings in copies of one file: reported once, with the places of the copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from flake8_training.finding import Finding, Related
from flake8_training.record import replace
from training_alignment.artefacts.read_error import ReadError


def without_copies(findings: Iterable[Finding], data: Callable[[str], bytes]) -> list[Finding]:
    """Return the findings without those that repeat one in a file with the same bytes, which names their places.

    ``data`` returns the bytes of a file; it may raise ``ReadError``.
    """
    found = list(findings)
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, one in enumerate(found):
        alike[one.code, one.severity, one.message, one.line, one.column].append(index)
    copies: dict[int, list[Finding]] = {}
    dropped: set[int] = set()
    for group in alike.values():
        if len(group) < 2:
            continue
        first_with: dict[bytes, int] = {}
        for index in group:
            try:
                source = data(found[index].path)
            except ReadError:
                continue
            first = first_with.setdefault(source, index)
            if found[first].path != found[index].path:
                copies.setdefault(first, []).append(found[index])
                dropped.add(index)
    return [
        _with_copies(one, copies[index]) if index in copies else one
        for index, one in enumerate(found)
        if index not in dropped
    ]


def _with_copies(finding: Finding, copies: list[Finding]) -> Finding:
    number = f"and {len(copies)} copies" if len(copies) > 1 else "and a copy"
    places = tuple(Related(one.path, one.line, "a copy of the file") for one in copies)
    return replace(finding, message=f"{finding.message} ({number})", related=(*finding.related, *places))
