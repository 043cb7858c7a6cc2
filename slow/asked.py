"""A program in a separate environment that answers requests: one line of JSON for each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Asked:
    """The program as a process; it ends when its standard input ends."""

    def __init__(self, *command: str | Path, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)

    def _next_answer(self) -> Any:
        """Return the content of the next line of its output."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def _answer(self, question: Mapping[str, str]) -> Any:
        """Return its answer to one request."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._next_answer()
