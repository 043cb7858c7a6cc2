"""Which files the user's globs name."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.settings import Settings


@pytest.mark.parametrize(
    ("pattern", "filename", "named"),
    [
        ("*", "train.py", True),
        ("*", "stdin", True),
        ("*", "deep/down/train.py", True),
        ("train.py", "train.py", True),
        ("train.py", "./src/train.py", True),
        ("train_*.py", "src/train_model.py", True),
        ("train.py", "src/retrain.py", False),
        ("src/train.py", "src/train.py", True),
        ("src/train.py", "./src/train.py", True),
        ("src/train.py", "other/../src/train.py", True),
        ("src/train.py", "lib/src/train.py", False),
        ("src/*.py", "src/train.py", True),
        ("src/*.py", "lib/train.py", False),
        ("src/**/train.py", "src/train.py", True),
        ("src/**/train.py", "src/a/b/train.py", True),
        ("**/jobs/*.py", "jobs/train.py", True),
        ("**/jobs/*.py", "src/jobs/train.py", True),
        ("./jobs", "jobs/train.py", True),
        ("./jobs", "jobs_of_others/train.py", False),
        ("src/jobs/", "src/jobs/a/train.py", True),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_names_training_script(
    pattern: str, filename: str, named: bool, absolute: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if absolute:
        filename = str(tmp_path / filename)
        if "/" in pattern:
            pattern = str(tmp_path / pattern)
    settings = Settings(training_scripts=("nothing.py", pattern))
    assert settings.names_training_script(filename) is named


def test_no_globs_name_nothing() -> None:
    assert not Settings().names_training_script("train.py")
