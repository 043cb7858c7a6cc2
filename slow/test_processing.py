"""The findings on processing jobs, against the real SDKs and the scripts that the jobs would run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from slow import sdk
from slow.conftest import Lane
from slow.processing_jobs import JOBS, Prepared
from slow.test_sdk import CHECK, SDKS
from tests.harness import write

CASES = [(name, key) for name in SDKS for key, job in JOBS.items() if name in job.sdks]


class Run(NamedTuple):
    """A job in its folder, and the SDK's answer."""

    job: Prepared
    folder: Path
    answer: sdk.Answer


@pytest.fixture(scope="module")
def runs(lane: Lane, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Run]:
    """Run the launchers with the available SDKs."""
    found: dict[tuple[str, str], Run] = {}
    for name in SDKS:
        if not lane.has(name):
            continue
        root = tmp_path_factory.mktemp(name)
        keys = [key for sdk_name, key in CASES if sdk_name == name]
        folders = {key: root / f"job{number}" for number, key in enumerate(keys)}
        for key in keys:
            write(folders[key], dict(JOBS[key].files(name)))
        home = root / "home"
        home.mkdir()
        launchers = {key: (folders[key], "launch.py", "") for key in keys}
        answers = sdk.run(name, lane.python(name), launchers, home)
        found.update({(name, key): Run(JOBS[key], folders[key], answers[key]) for key in keys})
    return found


def _codes(folder: Path) -> set[str]:
    """Return the codes that the command reports in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, "check"], cwd=folder, capture_output=True, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stderr
    return {line.split()[1] for line in done.stdout.splitlines() if not line.startswith(" ")}


@pytest.mark.parametrize(("name", "key"), CASES)
def test_processing(runs: dict[tuple[str, str], Run], lane: Lane, name: str, key: str) -> None:
    lane.python(name)
    job, folder, answer = runs[name, key]
    assert answer.runs is not job.refused, (answer.raised, answer.refused)
    codes = _codes(folder)
    assert job.code in codes if job.code else codes <= {"TRN451"}
    lane.count(f"{name}: processing jobs with a mistake" if job.code else f"{name}: right processing jobs")
    if job.refused:
        lane.count(f"{name}: processing jobs that the SDK or SageMaker's model refuses")
        return
    (request,) = [one["request"] for one in answer.jobs if one["kind"] == "Processing"]
    words = [
        word for word in request["AppSpecification"].get("ContainerArguments", []) if isinstance(word, str)
    ]
    done = subprocess.run(
        [sys.executable, "prepare.py", *words], cwd=folder, capture_output=True, encoding="utf-8"
    )
    if job.fails:
        assert done.returncode
        assert job.fails in done.stderr
        lane.count(f"{name}: processing jobs whose script fails")
