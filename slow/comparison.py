"""Comparison of the SDK's request with the static reading of a launcher."""

from __future__ import annotations

from typing import Any, NamedTuple

from slow.requests import Facts
from slow.static_reading import GROUPS, Beginning, Fact, Known, Reading, Unknown


class Comparison(NamedTuple):
    """The facts of a job that were read, those that are unknown, and the contradictions."""

    known: int
    unknown: tuple[str, ...]
    contradictions: tuple[str, ...]

    @property
    def merit(self) -> tuple[int, int]:
        """Return how well a reading fits: fewer contradictions first, then more facts."""
        return -len(self.contradictions), self.known


def compare(facts: Facts, reading: Reading) -> Comparison:
    """Compare a job's request with the reading of one job."""
    known = 0
    unknown: list[str] = []
    wrong: list[str] = []
    for name, value in facts.items():
        fact = reading.facts.get(name)
        if fact is None and _group(name) in reading.closed:
            wrong.append(f"{name} is {value!r}, and was read not to be there")
        elif fact is None or isinstance(fact, Unknown):
            if fact is not None or _group(name):
                unknown.append(name)
        elif _fits(fact, value):
            known += 1
        else:
            wrong.append(f"{name} is {value!r}, and was read as {fact}")
    for name, fact in reading.facts.items():
        if name not in facts and name not in reading.maybe and not _is_off(fact):
            wrong.append(f"{name} was read as {fact}, and is not there")
    image = facts.get("AlgorithmSpecification.TrainingImage")
    tag = image.rpartition(":")[2] if isinstance(image, str) else None
    for version, mark in ((reading.image, ""), (reading.python, "-")):
        if version is not None and tag is not None and "image_uri" not in str(reading.facts):
            if mark and f"{mark}py" not in tag:
                # The tag of the image does not name its Python.
                continue
            known += 1
            if not (tag.startswith(version) if not mark else f"{mark}{version}" in tag):
                wrong.append(f"the image is {image}, and was read to be of {version}")
    return Comparison(known, tuple(unknown), tuple(wrong))


def best(facts: Facts, readings: list[Reading]) -> Comparison:
    """Compare a job's request with the reading that fits it best."""
    if not readings:
        return Comparison(0, (), ("no job was read",))
    return max((compare(facts, reading) for reading in readings), key=lambda one: one.merit)


def _group(name: str) -> str:
    return next((group for group in GROUPS if name.startswith(f"{group} ")), "")


def _fits(fact: Fact, value: Any) -> bool:
    if isinstance(fact, Known):
        return any(_same(one, value) for one in fact.values)
    if isinstance(value, dict):
        # A string that SageMaker joins when the pipeline runs.
        return True
    return isinstance(fact, Beginning) and isinstance(value, str) and value.startswith(fact.strings)


def _same(one: object, value: object) -> bool:
    if one == value:
        return True
    both = isinstance(one, str) and isinstance(value, str)
    return both and str(one).rstrip("/") == str(value).rstrip("/")


def _is_off(fact: Fact) -> bool:
    """Return whether a fact is an unset member: the SDKs leave such a member out."""
    return isinstance(fact, Known) and all(value in (False, None, "") for value in fact.values)
