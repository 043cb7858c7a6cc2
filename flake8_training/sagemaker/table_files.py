"""The JSON tables of the folder ``tables``, each read once, at its first use.

``scripts/sagemaker_tables.py`` writes them; ``versions`` returns the packages that they come from.
"""

from __future__ import annotations

import functools
import json
import os
from typing import Any


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return the table of this name (``instance_types``). Callers must not change it."""
    # as pkgutil does, which takes as long to import as a table to read
    path = os.path.join(os.path.dirname(__file__), "tables", f"{name}.json")
    data = __loader__.get_data(path)  # type: ignore[name-defined]
    table: dict[str, Any] = json.loads(data)
    return table


def all_versions() -> dict[str, str]:
    """Return the packages that all tables come from, with their versions, by name."""
    from importlib.resources import files

    names = (entry.name for entry in files(__package__).joinpath("tables").iterdir())
    found: dict[str, str] = {}
    for name in names:
        if name.endswith(".json"):
            found.update(versions(name.removesuffix(".json")))
    return dict(sorted(found.items()))


def versions(name: str) -> dict[str, str]:
    """Return the packages that a table comes from, with their versions."""
    return dict(load(name)["_meta"])
