"""The reading of a file that holds nothing but registries, as plain data.

A registry names every step of a repository, and a check of one step reads it: a kept run has it by the hash of its
content.
"""

from __future__ import annotations

import json

from training_alignment.artefacts.model import FileReading, Registration, StepKind
from training_alignment.artefacts.registries import MARKS

_MARKS = tuple(mark.encode() for mark in MARKS)


def may_hold_registry(data: bytes) -> bool:
    """Return whether a file may hold a registry, by its bytes."""
    return any(mark in data for mark in _MARKS)


def packed(reading: FileReading) -> str | None:
    """Return the reading of a file as a string; None if it holds more than registries, or places in other files."""
    registries = FileReading(reading.path, registrations=reading.registrations, imported=reading.imported)
    paths = {path for one in reading.registrations for path in one.strings[5:]}
    if reading != registries or paths != {reading.path}:
        return None
    rows = [(one.kind.value, one.strings[:5], one.numbers) for one in reading.registrations]
    return json.dumps([rows, {name: list(imported) for name, imported in reading.imported.items()}])


def unpacked(path: str, text: str) -> FileReading:
    """Return the reading that `packed` has written."""
    rows, imported = json.loads(text)
    kinds = {kind.value: kind for kind in StepKind}

    new_registration, paths = Registration._make, (path,) * 5  # a registry may have thousands of steps

    return FileReading(
        path,
        registrations=tuple(
            new_registration((kinds[kind], (*strings, *paths), tuple(numbers)))
            for kind, strings, numbers in rows
        ),
        imported={name: (module, member) for name, (module, member) in imported.items()},
    )
