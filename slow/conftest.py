"""Fixtures of the slow tests: the SDKs and the toolkit, each in its own environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from slow import environments
from slow.driver import Driver
from slow.toolkit import Toolkit

COUNTS: Counter[str] = Counter()


class Lane:
    """The available environments, and the counts of the tests."""

    def has(self, name: str) -> bool:
        """Return whether an environment exists."""
        return environments.is_there(name)

    def python(self, name: str) -> Path:
        """Return the Python of an environment; skip the test if it does not exist."""
        if not self.has(name):
            needed = environments.REQUIREMENTS[name]
            pytest.skip(f"{needed} is not installed in .venv-{name}: python3 dev.py slow installs it")
        return environments.python(name)

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the final report."""
        COUNTS[what] += number


@pytest.fixture(scope="session")
def lane() -> Lane:
    """Return the environments."""
    return Lane()


@pytest.fixture(scope="session")
def toolkit(lane: Lane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolkit]:
    """Start the real toolkit, with a temporary folder in place of /opt/ml."""
    with Toolkit(lane.python("toolkit"), tmp_path_factory.mktemp("toolkit")) as running:
        yield running


@pytest.fixture(scope="session")
def driver(lane: Lane) -> Iterator[Driver]:
    """Start the program around the start script of SDK v3."""
    with Driver(lane.python("sdk-v3")) as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the counts of the comparisons."""
    if COUNTS:
        terminalreporter.section("compared")
        for what, number in sorted(COUNTS.items()):
            terminalreporter.write_line(f"{what}: {number}")
