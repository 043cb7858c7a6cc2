"""The class of what a field of a configuration holds."""

from __future__ import annotations

import ast

from training_alignment.artefacts.bindings import defining_file
from training_alignment.artefacts.builder_model import Configuration
from training_alignment.artefacts.methods import class_names
from training_alignment.levels.subject import StepSubject


def class_of_field(subject: StepSubject, configuration: Configuration, name: str) -> list[Configuration]:
    """The classes that a field is annotated with; empty where one of them cannot be told."""
    field = configuration.field(name)
    if field is None:
        return []
    try:
        annotation = ast.parse(field.annotation, mode="eval").body
    except (SyntaxError, ValueError):
        return []
    classes = subject.repository.discovery.classes
    path = field.name.path
    reading = classes.files.reading(path)
    found: list[Configuration] = []
    for word in class_names(annotation):
        imported = reading.imported.get(word) if reading is not None else None
        where: str | None = path
        member = word
        if imported is not None:
            where, member = defining_file(classes.files, *imported, path), imported[1]
        known = classes.configuration(where, member) if where is not None and member else None
        if known is None:
            return []
        found.append(known)
    return found
