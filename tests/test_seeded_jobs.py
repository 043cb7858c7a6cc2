"""Faults in what a job needs around its script: each kind has a place, and the command reports it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.seeding import job_changes
from benchmarks.seeding.changes import KINDS
from benchmarks.seeding.repositories import Repository, measure
from tests.harness import write

ESTIMATOR = """
from sagemaker.{module} import {name}
estimator = {name}(
    entry_point="{entry}", source_dir="code", role="arn:aws:iam::111122223333:role/training",
    instance_type="ml.g5.12xlarge", instance_count=2, framework_version="{version}", hyperparameters={{"epochs": 3}},
    {more}
)
estimator.fit("s3://bucket/train")
"""
HEAD = """
import argparse
import os

import torch
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=1)
args = parser.parse_args()
"""
TRAIN = (
    HEAD
    + """
def main():
    model = torch.nn.Linear(2, args.epochs)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(args.epochs):
        optimizer.zero_grad()
        loss = model(torch.load(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "x.pt"))).sum()
        loss.backward()
        optimizer.step()
    torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))

if __name__ == "__main__":
    main()
"""
)
TORCH = {"module": "pytorch", "name": "PyTorch", "version": "2.5.1", "entry": "train.py"}
LEARN = {"module": "sklearn", "name": "SKLearn", "version": "1.2-1", "entry": "train.py"}
FACE = ESTIMATOR.replace("framework_version", "pytorch_version").format(
    module="huggingface",
    name="HuggingFace",
    version="2.8.0",
    entry="train.py",
    more='transformers_version="4.56.2", py_version="py312",',
)
PIPELINE = """
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep
kind = ParameterString(name="Kind", default_value="ml.m5.large")
data = ParameterString(name="Data", default_value="s3://bucket/train")
step = TrainingStep(name="Train", estimator=estimator, inputs=TrainingInput(data))
Pipeline(name="training", parameters=[data], steps=[step])
"""
PY = 'py_version="py311",'
FILES = {
    "torch": {"launch.py": ESTIMATOR.format(**TORCH, more=PY), "code/train.py": TRAIN},
    "learn": {
        "launch.py": ESTIMATOR.format(**LEARN, more="").replace("instance_count=2", "instance_count=1"),
        "code/train.py": "import os\nimport joblib\nfrom sklearn.svm import SVC\nprint(joblib, SVC, os)\n",
    },
    "face": {
        "launch.py": FACE,
        "code/train.py": "from transformers import TrainingArguments\n"
        "TrainingArguments('/tmp/x', eval_strategy='no')\n",
    },
    "pipeline": {
        "launch.py": ESTIMATOR.format(**TORCH, more=PY) + PIPELINE,
        "code/train.py": TRAIN,
    },
    "child": {
        "launch.py": ESTIMATOR.format(**TORCH, more=PY),
        "code/train.py": "import subprocess\nimport sys\n"
        "subprocess.run([sys.executable, 'fit.py', '--epochs', '3'], check=True)\n",
        "code/fit.py": HEAD + "print(args.epochs)\n",
    },
    "shell": {
        "launch.py": ESTIMATOR.format(**TORCH | {"entry": "run.sh"}, more=PY),
        "code/run.sh": '#!/bin/bash\npython train.py "$@"\n',
        "code/train.py": TRAIN,
    },
    "horovod": {
        "launch.py": ESTIMATOR.format(
            **TORCH, more=PY + '\n    distribution={"mpi": {"enabled": True, "processes_per_host": 4}},'
        ),
        "code/train.py": TRAIN.replace(
            "import torch\n", "import horovod.torch as hvd\nimport torch\nhvd.init()\n"
        ),
    },
    "image": {
        "launch.py": "from sagemaker.estimator import Estimator\n"
        'Estimator("1.dkr.ecr.eu-west-1.amazonaws.com/trees:1", "r", 1, "ml.m5.large").fit("s3://bucket/t")\n',
        "Dockerfile": 'FROM python:3.11\nENV PATH="/opt/program:${PATH}"\nCOPY trees /opt/program\n'
        "RUN chmod +x /opt/program/train\n",
        "trees/train": '#!/usr/bin/env python\nimport os\n\nprint(os.listdir("/opt/ml/input/data/training"))\n',
    },
}
EXPECTED = {
    "TRN126": "torch", "TRN127": "learn", "TRN128": "torch", "TRN313": "pipeline", "TRN314": "pipeline",
    "TRN429": "torch", "TRN430": "child", "TRN433": "shell", "TRN438": "horovod", "TRN439": "image",
}  # fmt: skip
OWN = [kind for kind in KINDS if kind.seed.__module__ == job_changes.__name__]
PLACES = {kind.name: EXPECTED[min(kind.codes)] for kind in OWN} | {"a keyword of another version": "face"}


@pytest.mark.parametrize("name", PLACES)
def test_each_fault_is_reported(tmp_path: Path, name: str) -> None:
    write(tmp_path, FILES[PLACES[name]])
    found = measure(Repository("owner/name@1", tmp_path), 3, 1, f"^{name}$").outcomes
    assert found
    assert [(one.reason, bool(one.said)) for one in found] == [("", True)] * len(found)


def test_every_code_has_a_fault() -> None:
    assert {min(kind.codes) for kind in OWN} == set(EXPECTED)
