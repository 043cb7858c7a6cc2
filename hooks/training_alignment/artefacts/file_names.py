"""File names that declare an artefact.

The module imports nothing, because the name of every file in a repository is checked.
"""

from __future__ import annotations

STEP_FILES = (".step.yaml", ".step.yml", ".step.json")


def is_step_file(path: str) -> bool:
    """Return whether a file's name declares that it holds contract and specification of one step."""
    return path.endswith(STEP_FILES)
