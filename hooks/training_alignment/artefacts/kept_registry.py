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
    texts = [text for one in reading.registrations for text in _texts(one) if text is not None]
    if reading != registries or not texts or any(text.path != reading.path for text in texts):
        return None
    rows = [
        [one.kind.value, *(text and [text.value, text.line, text.column] for text in _texts(one))]
        for one in reading.registrations
    ]
    return json.dumps([rows, {name: list(imported) for name, imported in reading.imported.items()}])


def unpacked(path: str, text: str) -> FileReading:
    """Return the reading that `packed` has written."""
    rows, imported = json.loads(text)
    kinds = {kind.value: kind for kind in StepKind}

    def located(text: tuple[str, int, int] | None) -> Text | None:
        return new_located((text[0], new_place((path, text[1], text[2])))) if text is not None else None

    # a registry may have thousands of steps
    new_located, new_place, new_registration = Located._make, Place._make, Registration._make

    return FileReading(
        path,
        registrations=tuple(
            new_registration((located(name), kinds[kind], *map(located, texts)))
            for kind, name, *texts in rows
        ),
        imported={name: (module, member) for name, (module, member) in imported.items()},
    )


def _texts(one: Registration) -> tuple[Text | None, ...]:
    return one.name, one.sagemaker_type, one.specification_type, one.builder_class, one.configuration_class
