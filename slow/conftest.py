"""What is running beside the tests: the SDKs and the toolkit, each in its own environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slow import environments
from slow.toolkit import Toolkit


def _needed(name: str) -> Path:
    if not environments.is_there(name):
        needed = environments.REQUIREMENTS[name]
        pytest.skip(f"{needed} is not installed in .venv-{name}: python3 dev.py slow installs it")
    return environments.python(name)


@pytest.fixture(scope="session")
def toolkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolkit]:
    """The real toolkit, with a folder of its own in place of /opt/ml."""
    with Toolkit(_needed("toolkit"), tmp_path_factory.mktemp("toolkit")) as running:
        yield running
