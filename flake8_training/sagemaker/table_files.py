"""Reads the JSON tables of the folder ``tables``, each once, when it is first asked for.

They are made by ``scripts/sagemaker_tables.py``; ``versions`` tells from which packages.
"""

from __future__ import annotations

import functools
import json
import pkgutil
from typing import Any


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return the table of this name (``instance_types``). Callers must not change it."""
    data = pkgutil.get_data(__package__, f"tables/{name}.json")
    assert data is not None
    table: dict[str, Any] = json.loads(data)
    return table


def all_versions() -> dict[str, str]:
    """Return the packages that all the tables were read from, with their versions, by name."""
    from importlib.resources import files

    names = (entry.name for entry in files(__package__).joinpath("tables").iterdir())
    found: dict[str, str] = {}
    for name in names:
        if name.endswith(".json"):
            found.update(versions(name.removesuffix(".json")))
    return dict(sorted(found.items()))


def versions(name: str) -> dict[str, str]:
    """Return the packages that a table was read from, with their versions."""
    return dict(load(name)["_meta"])
