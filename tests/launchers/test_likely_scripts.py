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
    other = scripts(tmp_path, entry, folder, "code/train.py", "other/train.py")
    assert other == ([("code/train.py", False)] if folder.endswith('code"') else [(None, True)])


def test_a_shell_script_in_s3(tmp_path: Path) -> None:
    folder = '"s3://churn/"'
    assert scripts(tmp_path, '"start.sh"', folder, "code/start.sh") == [("code/start.sh", False)]
    assert scripts(tmp_path, '"start.sh"', folder, "code/start.sh", "other/start.sh") == [(None, True)]
    assert scripts(tmp_path, '"start.txt"', folder, "code/start.txt") == [(None, True)]


def test_a_script_of_the_tests_is_no_other_script(tmp_path: Path) -> None:
    assert scripts(tmp_path, '"train.py"', "args.folder", "code/train.py", "tests/train.py") == [
        ("code/train.py", False)
    ]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/home/somebody/churn/code", "code/train.py"),
        ("s3://churn/steps/code", "steps/code/train.py"),
        ("/home/somebody/churn/trees", None),
    ],
)
def test_the_end_of_a_path_on_another_machine(tmp_path: Path, folder: str, expected: str | None) -> None:
    third = () if folder.endswith("churn/code") else ("steps/code/train.py",)
    paths = ("code/train.py", "other/train.py", *third)
    ((found, certain),) = scripts(tmp_path, '"train.py"', f'"{folder}"', *paths)
    assert found == expected
    assert certain is (expected is None)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("code/train.py", "other/train.py"), "code/train.py"),
        (("deploy/jobs/code/train.py", "other/train.py"), "deploy/jobs/code/train.py"),
        (("churn/code/train.py", "churn/readme.md"), "churn/code/train.py"),
        (("churn/code/train.py", "other/train.py"), None),
        (("churn/scripts/train.py",), "churn/scripts/train.py"),
        (("deploy/train.py", "other/train.py"), None),
        (("deploy/code/prepare.py", "churn/code/train.py"), None),
    ],
)
def test_a_relative_folder_is_none_of_another_project(
    tmp_path: Path, paths: tuple[str, ...], expected: str | None
) -> None:
    found = scripts(tmp_path, "args.entry_point", '"code"', *paths)
    assert found == [(expected, expected is None)]


REQUEST = """
import boto3

boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    RoleArn="arn:aws:iam::123456789012:role/Training",
    AlgorithmSpecification={"TrainingImage": read_image(), "TrainingInputMode": "File"},
    OutputDataConfig={"S3OutputPath": "s3://churn/models/"},
    ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    StoppingCondition={"MaxRuntimeInSeconds": 3600},
    HyperParameters={"sagemaker_program": "train.py", "sagemaker_submit_directory": read_address()},
)
"""


@pytest.mark.parametrize(
    ("launcher", "expected"),
    [
        ("run_churn_trees.py", "jobs/churn_trees/train.py"),
        ("run_churn.py", "jobs/churn/train.py"),
        ("run-churn.py", "jobs/churn/train.py"),
        ("run_churner.py", None),
        ("run_churn_in_spring.py", None),
        ("run_jobs.py", None),
    ],
)
def test_of_several_scripts_the_one_in_the_folder_that_the_launcher_is_named_after(
    tmp_path: Path, launcher: str, expected: str | None
) -> None:
    scripts_of_jobs = ("jobs/churn/train.py", "jobs/churn_trees/train.py", "jobs/fraud/train.py")
    write(tmp_path, {f"deploy/{launcher}": REQUEST, **dict.fromkeys(scripts_of_jobs, SCRIPT)})
    ((_, (launch,)),) = Search(Repository.open(tmp_path)).found()
    assert launch.script_path == expected
    assert launch.alternatives is (expected is not None)


def test_the_script_of_a_clone_of_this_repository(tmp_path: Path) -> None:
    cloned = '"code",\n    git_config={"repo": "https://example.com/churn.git"}'
    assert scripts(tmp_path, '"train.py"', cloned, "code/train.py") == [("code/train.py", False)]
    assert scripts(tmp_path, '"other.py"', cloned, "code/train.py") == [(None, True)]


TRAINER = """
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import SourceCode

trainer = ModelTrainer(
    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310",
    source_code=SourceCode(source_dir="code", command=f"bash start.sh --rate {read_rate()}"),
    role="arn:aws:iam::123456789012:role/Training",
)
trainer.train()
"""


def test_a_shell_script_of_a_command(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": TRAINER, "code/start.sh": "python train.py $@\n", "code/train.py": SCRIPT})
    ((_, (launch,)),) = Search(Repository.open(tmp_path)).found()
    assert launch.script_path == "code/train.py"
    assert launch.started.by_command
