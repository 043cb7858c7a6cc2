"""The start script of SDK v3, asked what it makes of hyperparameters."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

PROGRAM = Path(__file__).parent / "programs" / "driver.py"


class Started(NamedTuple):
    """The script's arguments, and the variables that it is started with."""

    arguments: list[str]
    variables: dict[str, str]


class Driver:
    """The start script as a process that is asked."""

    def __init__(self, python: Path) -> None:
        self._process = subprocess.Popen(
            [python, "-W", "ignore", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)

    def ask(self, texts: Mapping[str, str]) -> Started | None:
        """Return what becomes of hyperparameters, as they stand in the job; None where the start itself fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(texts) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())
        return Started(**found) if found is not None else None
