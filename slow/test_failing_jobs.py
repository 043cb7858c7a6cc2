"""Jobs that fail for what they do not give their script, run by the real toolkit."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.sagemaker.hyperparameter_arguments import Route, job_text
from slow.conftest import Lane
from slow.failing_jobs import JOBS, FailingJob, Project
from slow.toolkit import Container, Ended, Toolkit
from tests.harness import write


@pytest.mark.parametrize("job", JOBS.values(), ids=list(JOBS))
def test_the_job_fails_as_the_finding_says(
    toolkit: Toolkit, lane: Lane, tmp_path: Path, job: FailingJob
) -> None:
    failed = run(toolkit, tmp_path / "failing", job.failing)
    assert bool(failed.exit_code) is job.ends
    assert job.outcome in failed.output + failed.errors
    mended = run(toolkit, tmp_path / "mended", job.mended)
    assert mended.exit_code == 0, mended.errors
    lane.count(f"toolkit: jobs that fail, {job.code}")


def run(toolkit: Toolkit, folder: Path, project: Project) -> Ended:
    """Run a project's script in a container of its own."""
    container = Container(folder, channels=("train",))
    write(folder / "code", project.sources)
    given = {name: job_text(value, Route.V2_FRAMEWORK) for name, value in project.hyperparameters.items()}
    given["sagemaker_program"] = f'"{project.entry}"'
    return toolkit.train(container, given, project.environment)
