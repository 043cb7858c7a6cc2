"""The reading of a file that holds nothing but registries, as plain data.

A registry names every step of a repository, and a check of one step reads it: a kept run has it by the hash of its
content.
"""

from __future__ import annotations

import json

from training_alignment.artefacts.model import FileReading, Registration, StepKind, Text
from training_alignment.artefacts.registries import MARKS
from training_alignment.artefacts.tree import Located, Place

_MARKS = tuple(mark.encode() for mark in MARKS)


def may_hold_registry(data: bytes) -> bool:
    """Return whether a file may hold a registry, by its bytes."""
    return any(mark in data for mark in _MARKS)


def packed(reading: FileReading) -> str | None:
    """Return the reading of a file as a string; None if it holds more than registries, or places in other files."""
    registries = FileReading(reading.path, registrations=reading.registrations, imported=reading.imported)
    paths = {one.path for one in reading.registrations}
    paths |= {one.sagemaker_type.path for one in reading.registrations if one.sagemaker_type is not None}
    if reading != registries or paths != {reading.path}:
        return None
    rows = [(name, kind.value, stated, *others) for name, _, kind, stated, *others in reading.registrations]
    return json.dumps([rows, {name: list(imported) for name, imported in reading.imported.items()}])


def unpacked(path: str, text: str) -> FileReading:
    """Return the reading that `packed` has written."""
    rows, imported = json.loads(text)
    kinds = {kind.value: kind for kind in StepKind}

    def located(text: tuple[str, tuple[str, int, int]] | None) -> Text | None:
        return new_located((text[0], new_place(text[1]))) if text is not None else None

    # a registry may have thousands of steps
    new_located, new_place, new_registration = Located._make, Place._make, Registration._make

    return FileReading(
        path,
        registrations=tuple(
            new_registration((name, path, kinds[kind], located(stated), *others))
            for name, kind, stated, *others in rows
        ),
        imported={name: (module, member) for name, (module, member) in imported.items()},
    )
