"""The tables of SageMaker's facts against the installed packages."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from slow.conftest import Lane
from tests.sagemaker.test_tables import NAMES, TABLES, script

__all__ = ["script"]


@pytest.fixture(scope="module")
def built(lane: Lane, script: ModuleType) -> dict[str, dict[str, Any]]:
    """Return the tables built from the packages in the SDKs' environments."""
    pythons = [lane.python(name) for name in ("sdk-v2", "sdk-v3")]
    folders = [next(path.parents[1].glob("lib/python*/site-packages")) for path in pythons]
    tables: dict[str, dict[str, Any]] = script.make(folders)
    return tables


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_up_to_date(built: dict[str, dict[str, Any]], lane: Lane, name: str) -> None:
    """Newer packages may add to a table, but what it holds must still be true."""
    shipped = json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))
    fresh = built[f"{name}.json"]
    same_versions = shipped.pop("_meta") == fresh.pop("_meta")
    removed, added = _differences(shipped, fresh, name)
    assert removed == []
    if same_versions:
        assert added == []
    lane.count(f"tables: added in newer packages to {name}", len(added))


def _differences(old: Any, new: Any, place: str) -> tuple[list[str], list[str]]:
    """Return the removed or changed facts, and the new ones."""
    removed: list[str] = []
    added: list[str] = []
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            if key not in new:
                removed.append(f"{place}.{key}")
            elif key not in old:
                added.append(f"{place}.{key}")
            else:
                more = _differences(old[key], new[key], f"{place}.{key}")
                removed.extend(more[0])
                added.extend(more[1])
    elif isinstance(old, list) and isinstance(new, list):
        removed.extend(f"{place}: {item}" for item in old if item not in new)
        added.extend(f"{place}: {item}" for item in new if item not in old)
    elif old != new:
        removed.append(f"{place}: {old} is {new}")
    return removed, added


def test_differences_are_seen() -> None:
    old = {"a": {"b": [1, 2], "c": "x"}, "gone": 1}
    new = {"a": {"b": [2, 3], "c": "y"}, "new": 1}
    assert _differences(old, new, "t") == (["t.a.b: 1", "t.a.c: x is y", "t.gone"], ["t.a.b: 3", "t.new"])
    assert _differences(old, old, "t") == ([], [])
