"""What a file is by its name alone. Imports nothing, since every file of a repository is looked at."""

from __future__ import annotations

STEP_FILES = (".step.yaml", ".step.yml", ".step.json")


def is_step_file(path: str) -> bool:
    """Whether a file holds contract and specification of one step, by its name."""
    return path.endswith(STEP_FILES)
