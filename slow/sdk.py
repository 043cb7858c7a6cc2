"""A real SDK, v2 or v3, in its own environment: it runs launchers without access to AWS."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from slow.requests import Facts, facts

PROGRAM = Path(__file__).parent / "programs" / "sdk.py"
# Modules that most launchers import: imported once, before each launcher runs in its own process.
COMMON = {
    "sdk-v2": ("sagemaker", "sagemaker.workflow.pipeline", "sagemaker.tuner", "sagemaker.huggingface"),
    "sdk-v3": ("sagemaker.train", "sagemaker.mlops.workflow.pipeline"),
}


class Answer(NamedTuple):
    """The result of a launcher: the jobs that it requests, or the error that ended it.

    - ``jobs``: kind and request of each job.
    - ``paths``: references into the properties of steps.
    - ``uploads``: small files that the SDK uploaded, by key.
    - ``refused``: violations of the limits in SageMaker's own model.
    - ``raised``: the error, or an empty string.
    """

    jobs: list[dict[str, Any]]
    paths: list[str]
    uploads: dict[str, str]
    refused: list[str]
    raised: str

    @property
    def runs(self) -> bool:
        """Return whether neither the SDK nor SageMaker's model refuses the launcher."""
        return not self.raised and not self.refused

    @property
    def trainings(self) -> list[Facts]:
        """Return the facts of its trainings, including a tuner's."""
        return [facts(job, self.uploads) for job in self.jobs if job["kind"] in ("Training", "Tuning")]


def run(
    name: str, python: Path, launchers: Mapping[str, tuple[Path, str, str]], home: Path
) -> dict[str, Answer]:
    """Run launchers, each defined by its folder, its file and code to run after it; ``home`` is an empty folder."""
    requests = [
        {"folder": str(folder), "file": file, "more": more} for folder, file, more in launchers.values()
    ]
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SAGEMAKER_", "SM_"))
    }
    environment = {
        **kept,
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
    }
    done = subprocess.run(
        [python, "-W", "ignore", PROGRAM, *COMMON[name]],
        input=json.dumps(requests),
        capture_output=True,
        env=environment,
        encoding="utf-8",
        timeout=1800,
    )
    assert done.returncode == 0, (done.returncode, done.stdout[-200:], done.stderr[-3000:])
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"jobs"')]
    assert len(answers) == len(requests), done.stderr
    return {key: Answer(**answer) for key, answer in zip(launchers, answers, strict=True)}
