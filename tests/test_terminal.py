"""The command at a terminal: colours on standard output, a summary on standard error."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from training_alignment import output

from tests.harness import write

SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
print(parser.parse_args().epochs)
"""
LAUNCHER = """
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py", role="arn:aws:iam::123456789012:role/R", instance_type="ml.m5.large", instance_count=1,
    framework_version="1.2-1", py_version="py3", hyperparameters={"rounds": 3},
)
estimator.fit("s3://bucket/train/")
"""


def at_a_terminal(folder: Path, **variables: str) -> str:
    """Return what the command prints if both its streams are a terminal."""
    leader, follower = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    command = [str(Path(sys.executable).with_name("training-alignment")), "check", "--select=TRN410"]
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**environment, "TERM": "xterm", **variables},
        check=False,
    )
    os.close(follower)
    assert done.returncode == 1
    printed = b""
    while True:
        try:
            part = os.read(leader, 65_536)
        except OSError:  # Linux reports the end of a terminal as an error
            break
        if not part:
            break
        printed += part
    os.close(leader)
    return printed.decode().replace("\r\n", "\n")


def test_a_terminal_sees_colours_and_a_summary(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": LAUNCHER, "train.py": SCRIPT})
    printed = at_a_terminal(tmp_path)
    assert "\x1b[31merror:\x1b[0m" in printed
    assert printed.splitlines()[-1] == "1 launcher, 2 files: 1 error"


def test_no_color_is_respected(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": LAUNCHER, "train.py": SCRIPT})
    assert "\x1b" not in at_a_terminal(tmp_path, NO_COLOR="1")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_a_file_has_colours_only_if_forced(
    variables: dict[str, str], expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with open(tmp_path / "report", "w") as stream:
        assert output.is_coloured(stream) is expected
        assert not output.is_terminal(stream)
    assert not output.is_terminal(stream), "a closed stream is no terminal"
