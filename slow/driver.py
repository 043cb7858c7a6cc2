"""The start script of SDK v3: what it passes to the training script."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from slow.asked import Asked

PROGRAM = Path(__file__).parent / "programs" / "driver.py"


class Started(NamedTuple):
    """The script's arguments, and the environment variables that it is started with."""

    arguments: list[str]
    variables: dict[str, str]


class Driver(Asked):
    """The start script in a process that answers requests."""

    def __init__(self, python: Path) -> None:
        super().__init__(python, "-W", "ignore", PROGRAM)

    def ask(self, strings: Mapping[str, str]) -> Started | None:
        """Return the effect of hyperparameters as the job stores them; None if the start itself fails."""
        found = self._answer(strings)
        return Started(**found) if found is not None else None
