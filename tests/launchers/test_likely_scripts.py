"""Entry points in a folder that is unknown: the only script of the name counts, and nothing is certain of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository

from tests.harness import write
from tests.launchers.pairs import options

LAUNCHER = """
import argparse

from sagemaker.pytorch import PyTorch

parser = argparse.ArgumentParser()
parser.add_argument("--entry-point", default="train.py")
parser.add_argument("--folder", required=True)
args = parser.parse_args()

estimator = PyTorch(
    entry_point={entry},
    source_dir={folder},
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="2.1",
    py_version="py310",
)
estimator.fit()
"""
SCRIPT = options("'--epochs', type=int")


def scripts(folder: Path, entry: str, source: str, *paths: str) -> list[tuple[str | None, bool]]:
    """The scripts of the launches, and whether they are certain."""
    launcher = LAUNCHER.format(entry=entry, folder=source)
    write(folder, {"deploy/launch.py": launcher, **dict.fromkeys(paths, SCRIPT)})
    found = Search(Repository.open(folder)).found()
    return [(launch.script_path, not launch.alternatives) for _, started in found for launch in started]


@pytest.mark.parametrize(
    ("entry", "folder"),
    [
        ('"train.py"', '"/home/somebody/churn/code"'),
        ('"train.py"', '"s3://churn/code/sourcedir.tar.gz"'),
        ('"train.py"', "args.folder"),
        ("args.entry_point", '"code"'),
        ("args.entry_point", "args.folder"),
    ],
)
def test_the_only_script_of_the_name(tmp_path: Path, entry: str, folder: str) -> None:
    assert scripts(tmp_path, entry, folder, "code/train.py") == [("code/train.py", False)]
    assert scripts(tmp_path, entry, folder, "code/train.py", "other/train.py") == [(None, True)]


def test_a_script_of_the_tests_is_no_other_script(tmp_path: Path) -> None:
    assert scripts(tmp_path, '"train.py"', "args.folder", "code/train.py", "tests/train.py") == [
        ("code/train.py", False)
    ]
