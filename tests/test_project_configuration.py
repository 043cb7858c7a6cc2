"""``[tool.flake8-training]`` of pyproject.toml, as flake8 sees it."""

from __future__ import annotations

from pathlib import Path

from tests.harness import flake8, write

LOST = """\
import argparse
import os

import pandas as pd
from sklearn.svm import SVC

parser = argparse.ArgumentParser()
parser.add_argument("--C", type=float)
args = parser.parse_args()
data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "a.csv"))
model = SVC(C=args.C).fit(data[["a"]], data["b"])
print(model.score(data[["a"]], data["b"]))
"""
# The same without a name of SageMaker's: nothing but the configuration says what it is.
PLAIN = LOST.replace('os.environ["SM_CHANNEL_TRAIN"]', "args.data").replace(
    "args = ", 'parser.add_argument("--data")\nargs = '
)


def project(section: str, folder: Path) -> None:
    write(
        folder,
        {"pyproject.toml": f"[tool.flake8-training]\n{section}\n", "jobs/fit.py": PLAIN, "lost.py": LOST},
    )


def test_scripts_are_named_relative_to_the_file(tmp_path: Path) -> None:
    project('training-scripts = ["jobs/*.py"]', tmp_path)
    assert flake8("--select=TRN", "jobs", folder=tmp_path).places == [("jobs/fit.py", 12, "TRN104")]
    assert flake8("--select=TRN", "fit.py", folder=tmp_path / "jobs").places == [("fit.py", 12, "TRN104")]


def test_the_option_of_flake8_comes_first(tmp_path: Path) -> None:
    project('training-scripts = ["jobs/*.py"]', tmp_path)
    assert flake8("--select=TRN", "--training-scripts=other.py", "jobs", folder=tmp_path).places == []


def test_codes_are_ignored_and_selected(tmp_path: Path) -> None:
    project("", tmp_path)
    assert flake8("--select=TRN", "lost.py", folder=tmp_path).places == [("lost.py", 11, "TRN104")]
    project('ignore = ["TRN104"]', tmp_path)
    assert flake8("--select=TRN", "lost.py", folder=tmp_path).places == []
    project('select = ["TRN2"]', tmp_path)
    assert flake8("--select=TRN", "lost.py", folder=tmp_path).places == []


def test_an_unknown_key_ends_flake8_with_its_name_and_line(tmp_path: Path) -> None:
    project('training-script = ["jobs/*.py"]', tmp_path)
    result = flake8("--select=TRN", "lost.py", folder=tmp_path)
    assert result.exit_code == 1
    assert "flake8-training: pyproject.toml line 2" in result.output
    assert "training-scripts" in result.output


def test_a_pyproject_of_others_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "this is [no TOML", "lost.py": LOST})
    assert flake8("--select=TRN", "lost.py", folder=tmp_path).places == [("lost.py", 11, "TRN104")]
