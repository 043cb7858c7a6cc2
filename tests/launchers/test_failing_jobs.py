"""Jobs that fail, as the slow lane runs them: the failing ones are reported, their mended twins are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from slow.failing_jobs import JOBS, FailingJob
from tests.launchers.pairs import findings


@pytest.mark.parametrize("job", JOBS.values(), ids=list(JOBS))
def test_a_failing_job_is_reported(tmp_path: Path, job: FailingJob) -> None:
    found = findings(tmp_path / "failing", job.failing.repository, job.code)
    assert [one.code for one in found] == [job.code]
    assert findings(tmp_path / "mended", job.mended.repository, job.code) == []
