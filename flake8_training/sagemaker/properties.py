"""The properties of pipeline steps: existing paths, indexing of lists and maps.

Source: botocore's SageMaker model below the shapes that sagemaker 2.257.7 ``workflow/*.py`` assigns to each step
(``tables/property_trees.json``), walked like ``workflow/properties.py``. A structure has attributes, a list is indexed
by a number or a name in brackets, a map by a key in brackets; a scalar has nothing below it.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.sagemaker.paths import Judgement
from flake8_training.sagemaker.table_files import load
from flake8_training.spelling import closest

STEP_CLASSES = {
    "TrainingStep": "Training",
    "ProcessingStep": "Processing",
    "TransformStep": "Transform",
    "TuningStep": "Tuning",
    "CreateModelStep": "CreateModel",
    "ModelStep": "Model",
    "AutoMLStep": "AutoML",
    "ConditionStep": "Condition",
    "QualityCheckStep": "QualityCheck",
    "ClarifyCheckStep": "ClarifyCheck",
    "NotebookJobStep": "NotebookJob",
    "LambdaStep": "Lambda",
    "CallbackStep": "Callback",
}
"""Class name of a step -> kind of step."""

PYTHON_MEMBERS = frozenset({"expr", "path", "step_name", "to_string"})
"""Attributes that every property has in Python; they are not a part of the path."""

# Steps with properties that the SDK lists itself (workflow/condition_step.py, quality_check_step.py, ...).
_NAMED: dict[str, dict[str, Any]] = {
    "Condition": {"Outcome": "s"},
    "Lambda": {"Outputs": {"*": "s"}},
    "Callback": {"Outputs": {"*": "s"}},
    "ClarifyCheck": {"CalculatedBaselineConstraints": "s", "BaselineUsedForDriftCheckConstraints": "s"},
    "QualityCheck": {
        "CalculatedBaselineConstraints": "s",
        "CalculatedBaselineStatistics": "s",
        "BaselineUsedForDriftCheckStatistics": "s",
        "BaselineUsedForDriftCheckConstraints": "s",
    },
    "NotebookJob": {
        "ComputingJobName": "s",
        "ComputingJobStatus": "s",
        "NotebookJobInputLocation": "s",
        "NotebookJobOutputLocationPrefix": "s",
        "InputNotebookName": "s",
        "OutputNotebookName": "s",
    },
}
_EXTRA: dict[str, dict[str, Any]] = {
    "AutoML": {"BestCandidateProperties": ":BestCandidateProperties"},
}
_EXTRA_SHAPES: dict[str, dict[str, Any]] = {
    ":BestCandidateProperties": {"ModelInsightsJsonReportPath": "s", "ExplainabilityJsonReportPath": "s"},
}

_SEGMENT = pattern(r"""\.?(?P<name>[A-Za-z_]\w*)|\[(?:(?P<index>\d+)|'(?P<one>[^']*)'|"(?P<two>[^"]*)")\]""")

_DEEPEST = 4


class Segment(Record):
    """One segment of a property path: an attribute, an index or a key. An unknown key is ``None``."""

    kind: str
    """``attribute``, ``index`` or ``key``."""
    value: str | int | None = None


def step_kinds() -> frozenset[str]:
    """Return the kinds of step with known properties."""
    return frozenset({*load("property_trees")["steps"], *_NAMED})


def parse_path(path: str) -> tuple[Segment, ...] | None:
    """Return the segments of ``ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri``; None if it is malformed.

    A leading ``properties.`` is removed.
    """
    source = path.strip().removeprefix("properties.")
    segments: list[Segment] = []
    place = 0
    while place < len(source):
        match = _SEGMENT.match(source, place)
        if match is None or (place == 0 and source[0] in ".["):
            return None
        if place > 0 and match["name"] is not None and source[place] != ".":
            return None
        segments.append(_segment(match))
        place = match.end()
    return tuple(segments) or None


def property_path(step: str, path: str | tuple[Segment, ...]) -> Judgement:
    """Judge a path into a step's properties; ``step`` is a kind (``Training``) or a class name (``TrainingStep``).

    * ``ok``
    * ``wrong``: it does not exist. ``closest`` is the intended path, if there is one; ``detail`` is the path up to
      the first segment that fails.
    * ``unknown``: the kind of step is not in the table, or the path is malformed.
    """
    kind = STEP_CLASSES.get(step, step)
    if kind not in step_kinds():
        return Judgement("unknown")
    segments = parse_path(path) if isinstance(path, str) else path
    if not segments:
        return Judgement("unknown")
    problem = _first_problem(kind, segments)
    if problem is None:
        return Judgement("ok")
    corrected = _corrected(kind, segments)
    return Judgement("wrong", None if corrected is None else path_text(corrected), problem)


def output_name(segments: tuple[Segment, ...]) -> str | None:
    """Return the name of an output that a step must have; None for any other path.

    ``ProcessingOutputConfig.Outputs['name']`` is one of a processing step, ``Outputs['name']`` one of a Lambda or
    callback step.
    """
    match segments:
        case Segment("attribute", "Outputs"), Segment("key", str(name)), *_:
            return name
        case (
            Segment("attribute", "ProcessingOutputConfig"),
            Segment("attribute", "Outputs"),
            Segment("key", str(name)),
            *_,
        ):
            return name
    return None


def output_index(segments: tuple[Segment, ...]) -> int | None:
    """Return the place in the list of a processing step's outputs that a path takes; None for any other path."""
    match segments:
        case (
            Segment("attribute", "ProcessingOutputConfig"),
            Segment("attribute", "Outputs"),
            Segment("index", int(place)),
            *_,
        ):
            return place
    return None


def path_text(segments: tuple[Segment, ...]) -> str:
    """Return a path as Python source."""
    source = ""
    for segment in segments:
        if segment.kind == "attribute":
            source += f".{segment.value}"
        else:
            source += f"[{segment.value!r}]" if segment.value is not None else "[...]"
    return source.removeprefix(".")


def _segment(match: re.Match[str]) -> Segment:
    if match["name"] is not None:
        return Segment("attribute", match["name"])
    if match["index"] is not None:
        return Segment("index", int(match["index"]))
    return Segment("key", match["one"] if match["one"] is not None else match["two"])


@functools.cache
def _root(kind: str) -> dict[str, Any]:
    if kind in _NAMED:
        return _NAMED[kind]
    table = load("property_trees")
    root: dict[str, Any] = {}
    for shape in table["steps"][kind]:
        for name, below in table["shapes"][shape].items():
            root.setdefault(name, below)
    return {**root, **_EXTRA.get(kind, {})}


def _structure(node: Any) -> dict[str, Any] | None:
    """Return the members of a structure, or None for any other node."""
    if not isinstance(node, str):
        return None
    found = _EXTRA_SHAPES.get(node) or load("property_trees")["shapes"].get(node)
    return None if found is None else dict(found)


def _first_problem(kind: str, segments: tuple[Segment, ...]) -> str | None:
    members: dict[str, Any] | None = _root(kind)
    node: Any = None
    walked: list[Segment] = []
    for segment in segments:
        walked.append(segment)
        if segment.kind == "attribute":
            if segment.value in PYTHON_MEMBERS:
                return None
            if members is None or segment.value not in members:
                return path_text(tuple(walked))
            node = members[str(segment.value)]
        elif isinstance(node, list):
            node = node[0]
        elif isinstance(node, dict):
            node = node["*"]
        else:
            return path_text(tuple(walked))
        members = _structure(node)
    return None


def _corrected(kind: str, segments: tuple[Segment, ...]) -> tuple[Segment, ...] | None:
    """Return the path with its misspellings fixed, or None if no such path exists."""
    members: dict[str, Any] | None = _root(kind)
    node: Any = None
    done: list[Segment] = []
    for place, segment in enumerate(segments):
        if segment.kind != "attribute":
            if isinstance(node, list | dict):
                done.append(segment)
                node = node[0] if isinstance(node, list) else node["*"]
                members = _structure(node)
                continue
            return None
        name = str(segment.value)
        if members is not None and name in members:
            target = name
        elif isinstance(node, list | dict) and _below(node):
            # Outputs.train for Outputs['train'], or a missing index.
            inner = _below(node)
            if name in inner:
                return None
            done.append(Segment("key", name))
            node = node[0] if isinstance(node, list) else node["*"]
            members = inner
            continue
        else:
            found = closest(name, members or ())
            if found is None:
                deeper = _deeper(members, name) if members else None
                if deeper is None or place + 1 < len(segments):
                    return None
                return (*done, *(Segment("attribute", step) for step in deeper))
            target = found
        done.append(Segment("attribute", target))
        assert members is not None
        node = members[target]
        members = _structure(node)
    corrected = tuple(done)
    return corrected if _first_problem(kind, corrected) is None else None


def _below(node: Any) -> dict[str, Any]:
    return _structure(node[0] if isinstance(node, list) else node["*"]) or {}


def _deeper(members: dict[str, Any], name: str) -> tuple[str, ...] | None:
    """Return the one path below that ends in this name and passes no list or map; None for none or several."""
    found: list[tuple[str, ...] | None] = []

    def walk(inside: dict[str, Any], walked: tuple[str, ...], plain: bool) -> None:
        for key, node in inside.items():
            if key == name and walked:
                found.append((*walked, key) if plain else None)
            below, direct = _structure(node), plain
            while below is None and isinstance(node, list | dict):
                node, direct = (node[0] if isinstance(node, list) else node["*"]), False
                below = _structure(node)
            if below is not None and len(walked) < _DEEPEST:
                walk(below, (*walked, key), direct)

    walk(members, (), True)
    return found[0] if len(found) == 1 else None
