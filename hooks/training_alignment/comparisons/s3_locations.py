"""S3 locations that artefacts declare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_training.pattern import pattern
from training_alignment.artefacts.model import Specification
from training_alignment.artefacts.tree import Name, Scalar
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.flow_tables import is_reference
from training_alignment.comparisons.step_subject import StepUnderCheck

_BUCKET = pattern(r"(?s)s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/.*)?")

"""Bucket names as S3 defines them; any key may follow."""


def not_in_s3(scalar: Scalar) -> str:
    """Return what is wrong with a destination; empty if it is an S3 location, or unknown."""
    value = scalar.value
    if isinstance(value, Name) or not scalar.known:
        return ""
    if not isinstance(value, str):
        return f"{value!r} is no location"
    text = value.strip()
    if is_reference(text) or text.startswith("file://") or _BUCKET.fullmatch(text):
        return ""
    rest = re.sub(r"^[sS]3:?/*", "", text)
    hint = f", did you mean s3://{rest}?" if rest != text and _BUCKET.fullmatch(f"s3://{rest}") else ""
    return f"{text or 'an empty text'}{hint}"


_LIKE_S3 = pattern(r"(?i)s3:?/|s3:")
_IN_CONTAINER = "/opt/ml/"


def broken_s3(scalar: Scalar | None) -> str:
    """Return what is wrong with a string that is meant as an S3 location (``s3:/bucket/x``); else an empty string."""
    if scalar is None or not isinstance(scalar.value, str) or not _LIKE_S3.match(scalar.value.strip()):
        return ""
    return not_in_s3(scalar)


def location_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN212 and TRN412: wrong locations in contracts and specifications."""
    for contract in subject.contracts:
        for entry in contract.inputs or ():
            location = entry.value.location
            wrong = broken_s3(location)
            if subject.is_training and location is not None:
                # The job of another kind may take a path of another step's container.
                wrong = wrong or local_path(location) or nothing(location)
            if location is not None and wrong:
                yield Declared("TRN412", location.place, f"the source of {entry.name.value}: {wrong}")
    for specification in subject.reading.specifications:
        yield from _code_location(specification)


def wrong_destinations(subject: StepUnderCheck) -> Iterator[tuple[Scalar, str]]:
    """Yield the destinations of a contract's outputs that no job can write to, with what is wrong."""
    for contract in subject.contracts:
        for entry in contract.outputs or ():
            location = entry.value.location
            if location is not None and (
                wrong := broken_s3(location) or local_path(location) or nothing(location)
            ):
                yield location, f"the destination of {entry.name.value}: {wrong}"


def nothing(scalar: Scalar) -> str:
    """Return what is wrong with an empty string as a location; else an empty string."""
    return not_in_s3(scalar) if isinstance(scalar.value, str) and not scalar.value.strip() else ""


def local_path(scalar: Scalar) -> str:
    """Return what is wrong with an absolute path as the place outside the container; else an empty string."""
    text = scalar.value.strip() if isinstance(scalar.value, str) else ""
    return not_in_s3(scalar) if text.startswith("/") and not text.startswith(_IN_CONTAINER) else ""


def _code_location(specification: Specification) -> Iterator[Declared]:
    location = specification.code_location
    if location is not None and (wrong := broken_s3(location)):
        yield Declared("TRN212", location.place, wrong)
