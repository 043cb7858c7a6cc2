"""The JSON schemas of the project's formats: the section of pyproject.toml, the findings, the step files."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

NAMES: Final = ("configuration", "findings", "step-file")


def schema_text(name: str) -> str:
    """Return a schema, one of `NAMES`, as JSON."""
    return (files(__name__) / f"{name}.schema.json").read_text(encoding="utf-8")


def schema(name: str) -> dict[str, Any]:
    """Return a schema, one of `NAMES`."""
    found: dict[str, Any] = json.loads(schema_text(name))
    return found


def of_tool(tool: str) -> dict[str, Any]:
    """Return the schema of the section ``[tool.flake8-training]``, as ``validate-pyproject`` asks for it."""
    return schema("configuration")
