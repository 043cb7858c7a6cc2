"""The enhancer inside another validation system: its findings are in that system's report.

The system is that of TianpeiLuke/cursus at commit fc5b4c70. ``CURSUS_CHECKOUT`` is the path of a checkout; without it
the tests are skipped. The checkout is copied and never changed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from training_alignment import check

from slow import environments

PROGRAM = Path(__file__).parent / "programs" / "enhancer.py"
CODE = re.compile(r"(TRN\d{3}) ")

SCRIPT = "xgboost_training"
CONTRACT = "src/cursus/steps/contracts/xgboost_training_contract.py"
ROUTER = "src/cursus/validation/alignment/step_type_enhancement_router.py"
BUILDER = "src/cursus/steps/builders/builder_xgboost_training_step.py"

Report = list[dict[str, Any]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the checkout's sources, as a separate repository."""
    variable = environments.CHECKOUTS["cursus"]
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"{variable} is not set: it is the path of a checkout of TianpeiLuke/cursus at fc5b4c70")
    for needed in (CONTRACT, ROUTER):
        if not Path(path, needed).is_file():
            pytest.fail(f"{variable}={path} has no {needed}: check out commit fc5b4c70")
    shutil.copytree(Path(path, "src", "cursus"), tmp_path / "src" / "cursus")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.fixture
def validate(checkout: Path) -> Callable[[], Report]:
    """Return a function that runs the system on the copy."""
    if not environments.is_there("cursus"):
        pytest.skip("what cursus needs is not installed in .venv-cursus: python3 dev.py slow installs it")
    root = environments.ROOT
    path = os.pathsep.join([str(root), str(root / "hooks")])

    def run() -> Report:
        command: list[str | Path] = [environments.python("cursus"), PROGRAM, SCRIPT]
        done = subprocess.run(
            command,
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": path, "AWS_DEFAULT_REGION": "us-east-1"},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr[-2000:]
        report: Report = json.loads(done.stdout)
        return report

    return run


def places(report: Report) -> set[tuple[str, str, int]]:
    """Return code, path and line of the issues that are findings."""
    return {
        (found[1], issue["path"], issue["line"])
        for issue in report
        if (found := CODE.match(issue["message"]))
    }


def test_the_findings_of_the_step_come_out_of_the_report(
    checkout: Path, validate: Callable[[], Report]
) -> None:
    report = validate()
    wanted = {
        (finding.code, finding.path.rpartition(f"{checkout.name}/")[2], finding.line)
        for finding in check([checkout / CONTRACT], root=checkout)
        if finding.step == "XGBoostTraining"
    }
    assert wanted
    assert places(report) >= wanted
    ours = [issue for issue in report if CODE.match(issue["message"])]
    assert all("training-alignment explain TRN" in issue["recommendation"] for issue in ours)


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (CONTRACT, '"evaluation_output"', '"evaluation_outputs"', "TRN204"),
        (BUILDER, "instance_count=", "instance_counts=", "TRN403"),
    ],
)
def test_a_fault_of_any_level_is_an_error_of_the_report(
    checkout: Path, validate: Callable[[], Report], path: str, old: str, new: str, code: str
) -> None:
    before = places(validate())
    text = (checkout / path).read_text(encoding="utf-8")
    line = next(n for n, content in enumerate(text.splitlines(), 1) if old in content)
    (checkout / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    report = validate()
    assert (code, path, line) in places(report) - before
    issue = next(i for i in report if i["message"].startswith(f"{code} ") and i["line"] == line)
    assert issue["severity"] == "ERROR"
    assert not issue["passed"]
