"""Which files show by themselves that they are the entry point of a training job."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.parsing import lines_of, parsed
from flake8_training.script import read
from tests.harness import write
from tests.script.reading import script

TRAINING = """
    import os
    import pandas as pd
    from sklearn.svm import SVC
    {before}
    SVC().fit(pd.read_csv(os.environ["SM_CHANNEL_TRAIN"] + "/data.csv"), 1)
    """
TRAINING_SCRIPTS = {
    "nothing else": "",
    "an import of a test library": "import pytest",
    "an import of a server": "from fastapi import FastAPI",
    "an import of a launcher": "from sagemaker.pytorch import PyTorch",
    "an import of a launcher's module": "import sagemaker.pytorch",
    "a part of the SDK for jobs": "from sagemaker.experiments import load_run\n    load_run()",
    "a variable of the project": 'os.environ["SM_DEBUG_NAME"] = "x"',
    "a fallback for a local run": 'os.environ.setdefault("SM_CHANNEL_TRAIN", "/tmp")',
}
OTHER_PROGRAMS = {
    "a test": "import pytest\n    @pytest.fixture\n    def data():\n        return 1",
    "a test case": "import unittest\n    class Tests(unittest.TestCase):\n        pass",
    "a launcher": "from sagemaker.pytorch import PyTorch\n    PyTorch('train.py')",
    "a launcher by its module": "import sagemaker.pytorch\n    sagemaker.pytorch.PyTorch('train.py')",
    "a step of a pipeline": "from sagemaker.workflow.function_step import step\n    @step\n    def go():\n        pass",
    "a server": "from fastapi import FastAPI\n    app = FastAPI()",
    "the environment of a job": 'os.environ["SM_CHANNEL_TRAIN"] = "/tmp"',
}


@pytest.mark.parametrize("before", TRAINING_SCRIPTS.values(), ids=TRAINING_SCRIPTS)
def test_a_training_script(before: str) -> None:
    assert script(TRAINING.format(before=before)).is_training_script


@pytest.mark.parametrize("before", OTHER_PROGRAMS.values(), ids=OTHER_PROGRAMS)
def test_another_program(before: str) -> None:
    assert not script(TRAINING.format(before=before)).is_training_script


def test_what_only_starts_jobs_is_no_training() -> None:
    launcher = """
        import boto3
        config = {"CheckpointConfig": {"LocalPath": "/opt/ml/checkpoints"}}
        boto3.client("sagemaker").create_hyper_parameter_tuning_job(**config)
        """
    assert not script(launcher).is_training_script


@pytest.mark.parametrize(
    ("code", "dynamic"),
    [
        ("eval(name)", True),
        ("def run():\n        return eval(name)\n    run()", True),
        ("def run():\n        return eval(name)", False),
        ("eval('[1, 2]')", False),
    ],
)
def test_dynamic_code_counts_where_it_runs(code: str, dynamic: bool) -> None:
    assert script(TRAINING.format(before=f"name = os.name\n    {code}")).analysis.is_dynamic is dynamic


@pytest.mark.parametrize(("folder", "found"), [("src/churn", True), ("lib/churn", False)])
def test_a_package_in_the_src_folder_of_the_project(folder: str, found: bool, tmp_path: Path) -> None:
    text = "from churn.modeling import train\ntrain()\n"
    fitting = "from sklearn.svm import SVC\ndef train():\n    SVC().fit([[1]], [1])\n"
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.flake8-training]\n",
            "scripts/train.py": text,
            f"{folder}/__init__.py": "",
            f"{folder}/modeling.py": fitting,
        },
    )
    path = str(tmp_path / "scripts" / "train.py")
    assert (str(read(parsed(text), path, lines_of(text)).training.state) == "present") is found
