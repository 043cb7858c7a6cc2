"""The real toolkit sagemaker-training: its handling of hyperparameters, and trainings.

A training runs as in a container.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from slow.asked import Asked

PROGRAM = Path(__file__).parent / "programs" / "toolkit.py"

CLUSTER: dict[str, Any] = {
    "current_host": "localhost",
    "hosts": ["localhost"],
    "current_instance_type": "ml.m5.large",
    "current_group_name": "first",
    "network_interface_name": "lo",
    "instance_groups": [
        {"instance_group_name": "first", "instance_type": "ml.m5.large", "hosts": ["localhost"]}
    ],
}


class Answer(NamedTuple):
    """The toolkit's handling of hyperparameters.

    - ``arguments``: the script's arguments.
    - ``variables``: the environment variables.
    - ``hyperparameters``: the hyperparameters without those for the toolkit itself.
    """

    arguments: list[str]
    variables: dict[str, str]
    hyperparameters: dict[str, Any]


class Ended(NamedTuple):
    """The result of a training in the container."""

    exit_code: int
    output: str
    errors: str


class Container:
    """A folder in place of /opt/ml."""

    def __init__(
        self, folder: Path, channels: tuple[str, ...] = (), cluster: Mapping[str, Any] | None = None
    ) -> None:
        self.folder = folder
        for name in ("input/config", "input/data", "model", "output/data", "code"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.configure("resourceconfig", {**CLUSTER, **(cluster or {})})
        self.configure("inputdataconfig", {name: {"TrainingInputMode": "File"} for name in channels})
        self.configure("hyperparameters", {})

    def configure(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one of the files in input/config."""
        path = self.folder / "input/config" / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables of a process in the container."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("SM_", "SAGEMAKER_"))}
        return {**kept, "SAGEMAKER_BASE_DIR": str(self.folder), "AWS_DEFAULT_REGION": "us-east-1"}


class Toolkit(Asked):
    """The toolkit in a process that answers requests; each training starts a new process."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        super().__init__(python, PROGRAM, environment=Container(folder).environment)
        self.names: list[str] = self._next_answer()
        """Names of variables and hyperparameters that the toolkit knows, among other strings."""

    def ask(self, strings: Mapping[str, str]) -> Answer:
        """Return the effect of hyperparameters, passed as the strings that the job stores."""
        return Answer(**self._answer(strings))

    def train(
        self, container: Container, strings: Mapping[str, str], variables: Mapping[str, str] | None = None
    ) -> Ended:
        """Run the container's script with hyperparameters and variables, as the platform starts a training."""
        container.configure("hyperparameters", strings)
        done = subprocess.run(
            [self._python.with_name("train")],
            cwd=container.folder,
            env={**container.environment, **(variables or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        return Ended(done.returncode, done.stdout, done.stderr)
