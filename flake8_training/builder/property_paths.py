"""Property paths that the step does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.made import PropertyUse
from flake8_training.builder.problem import Problem
from flake8_training.sagemaker.properties import Segment, path_text, property_path
from flake8_training.script.values import Constant

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

# Methods of a property in Python: the call is not a part of the path.
_METHODS = frozenset({"to_string"})


def wrong_property_paths(launcher: Launcher) -> Iterator[Problem]:
    """Yield the property paths that none of the possible steps has."""
    for use in launcher.properties:
        segments = segments_of(launcher, use)
        if not segments or any(step.local is not None for step in use.steps):
            continue
        judged = [property_path(step.kind, segments) for step in use.steps]
        if all(one.kind == "wrong" for one in judged):
            step = use.steps[0]
            hint = f", did you mean properties.{judged[0].nearest}?" if judged[0].nearest else ""
            detail = f"a {step.name} has no properties.{judged[0].detail or path_text(segments)}{hint}"
            yield Problem(use.node, detail, use.node)


def segments_of(launcher: Launcher, use: PropertyUse) -> tuple[Segment, ...]:
    """Return the segments of a property path; an unknown index or key becomes a key of None."""
    found: list[Segment] = []
    for link in use.path:
        if isinstance(link, ast.Attribute):
            if link.attr in _METHODS or link.attr.startswith("_"):
                break
            found.append(Segment("attribute", link.attr))
            continue
        values = launcher.evaluator.values(link.slice, use.scope)
        value = values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None
        if isinstance(value, int) and not isinstance(value, bool):
            found.append(Segment("index", value))
        else:
            found.append(Segment("key", value if isinstance(value, str) else None))
    return tuple(found)
