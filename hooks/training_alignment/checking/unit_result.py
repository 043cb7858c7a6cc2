"""What a unit of work has found: plain data, which another process may have computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.finding import Finding
from flake8_training.ledger import Page, kept_apart
from training_alignment.artefacts.read_error import ReadError

if TYPE_CHECKING:
    from training_alignment.checking.consequences import Passed
    from training_alignment.launches.launch import Launch


class UnitResult:
    """What a unit of work has found: in its step, if it has one, and in its launchers."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.pages: tuple[Page, ...] = ()
        self.as_scripts: list[str] = []
        self.script_error: ReadError | None = None
        self.launchers: list[LauncherResult] = []


class LauncherResult:
    """What a run has found in one launcher.

    ``is_own``: whether no other check covers the rules of one file. ``of_images`` is None if another process has read
    launches that run images of the project.
    """

    def __init__(self, path: str, *, is_own: bool) -> None:
        self.path = path
        self.is_own = is_own
        self.is_launcher = False
        self.of_images: list[Launch] | None = []
        self.passed: list[tuple[str, Passed]] = []
        self.parts: list[tuple[str, list[Finding], tuple[Page, ...]]] = []

    def add(self, script: str, findings: Iterator[Finding]) -> None:
        """Add the findings in a script, or others, with an empty path."""
        with kept_apart() as pages:
            found = list(findings)
        self.parts.append((script, found, tuple(pages())))

    def sent(self) -> LauncherResult:
        """Return the result without what no other process can read."""
        self.of_images = None if self.of_images else []
        return self
