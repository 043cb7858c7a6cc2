"""What goes wrong in a launcher stays there."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.launches import search

from tests.launchers.pairs import findings, launcher, options, said


def test_a_failure_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(search, "read_launcher_file", fail)
    files = {"launch.py": launcher(), "code/train.py": options()}
    assert {f.code for f in findings(tmp_path, files, "TRN0")} == {"TRN001"}


@pytest.mark.parametrize(
    "text", ["", "sagemaker entry_point", "{", "import sagemaker\nentry_point = ", "\x00"]
)
@pytest.mark.parametrize("name", ["launch.py", "launch.ipynb"])
def test_what_is_no_launcher_is_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert said(tmp_path, {name: text}, "TRN4") == []


def test_a_script_that_cannot_be_read(tmp_path: Path) -> None:
    files = {"launch.py": launcher(more="hyperparameters={'a': 1},"), "code/train.py": "def ("}
    assert said(tmp_path, files, "TRN4") == []
