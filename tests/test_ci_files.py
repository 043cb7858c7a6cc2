"""The files for CI: the GitHub Action, the GitLab job and the image, run as far as no runner is needed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness import write
from tests.test_baseline import FILES

ROOT = Path(__file__).parents[1]
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are for bash")


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner does: bash with -e and pipefail."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": PATH, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def step() -> dict[str, Any]:
    """The step of the action that checks."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (found,) = (one for one in action["runs"]["steps"] if one.get("id") == "check")
    checked: dict[str, Any] = found
    return checked


def test_the_action_checks_and_names_its_report(step: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, FILES)
    output = tmp_path / "output"
    done = bash(
        step["run"],
        tmp_path,
        FILES="",
        ARGUMENTS="--select=TRN211 --strict",
        SARIF="a b.sarif",
        GITHUB_OUTPUT=str(output),
    )
    assert done.returncode == 1, done
    assert done.stdout.startswith("::error file=launch.py,line=6,")
    assert output.read_text() == "sarif-file=a b.sarif\n"
    assert json.loads((tmp_path / "a b.sarif").read_text())["version"] == "2.1.0"
    done = bash(
        step["run"],
        tmp_path,
        FILES="train.py",
        ARGUMENTS="--select=TRN9",
        SARIF="",
        GITHUB_OUTPUT=str(output),
    )
    assert done.returncode == 0, done


def test_no_input_of_the_action_is_run(step: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, FILES)
    hostile = "$(touch ran) `touch ran` ; touch ran"
    bash(
        step["run"],
        tmp_path,
        FILES=hostile,
        ARGUMENTS=hostile,
        SARIF="",
        GITHUB_OUTPUT=str(tmp_path / "output"),
    )
    assert not (tmp_path / "ran").exists()
    action = (ROOT / "action.yml").read_text()
    scripts = [one["run"] for one in yaml.safe_load(action)["runs"]["steps"] if "run" in one]
    assert not any("${{" in script for script in scripts)


def test_the_inputs_of_the_action_are_used() -> None:
    source = (ROOT / "action.yml").read_text()
    action = yaml.safe_load(source)
    used = set(re.findall(r"inputs\.([\w-]+)", source))
    assert used == set(action["inputs"])
    assert all(one["description"] for one in action["inputs"].values())


def test_the_job_for_gitlab_writes_its_report(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["training-alignment"]
    (command,) = job["script"]
    done = bash(command, tmp_path)
    assert done.returncode == 1, done
    assert "TRN211" in done.stdout
    issues = json.loads((tmp_path / job["artifacts"]["reports"]["codequality"]).read_text())
    assert {issue["check_name"] for issue in issues} == {"TRN104", "TRN211"}


def test_the_image_holds_what_is_installed() -> None:
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name
    (entry,) = (json.loads(line.partition(" ")[2]) for line in lines if line.startswith("ENTRYPOINT"))
    assert Path(sys.executable).with_name(entry[0]).exists()
    assert any(line.startswith("USER ") and line != "USER root" for line in lines)
