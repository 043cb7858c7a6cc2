"""Failures that only a launcher and its script together show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.failures.case import GITHUB, Failure, assert_said_by_check, name
from tests.launchers.pairs import notebook

SDK = f"{GITHUB}aws/sagemaker-python-sdk/issues"
VERSIONS = {"TensorFlow": ("2.11", "py39")}
LAUNCHER = """
from sagemaker.{package} import {estimator}

estimator = {estimator}({mark}
    entry_point={entry_point}
    {source_dir}
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="{version}",
    py_version="{python}",
    {given}
)
{start}
"""
TUNER = """
from sagemaker.tuner import HyperparameterTuner, IntegerParameter

tuner = HyperparameterTuner(
    estimator,
    objective_metric_name="loss",{mark}
    hyperparameter_ranges={{"epochs": IntegerParameter(1, 3)}},
    {metrics}
)
tuner.fit({{"train": "s3://churn/train"}})
"""
METRICS = 'metric_definitions=[{"Name": "loss", "Regex": "loss: ([0-9.]+)"}],'
SCRIPT = """
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
{options}
args{rest} = parser.{parse}()
print(args, os.listdir(os.environ["SM_CHANNEL_{channel}"]))
print(f"loss: {{1 / args.epochs}}")
{more}
"""
ALGORITHM = """
from sagemaker import image_uris
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri=image_uris.retrieve("xgboost", "eu-west-1", version="1.7-1"),
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    hyperparameters={{"objective": "reg:squarederror", "num_round": 50}},
)
estimator.fit({inputs}
)
"""
AIRFLOW = """
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator

CONFIG = {{
    "TrainingJobName": "churn",
    "RoleArn": "arn:aws:iam::123456789012:role/Training",
    "AlgorithmSpecification": {{
        "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
        "TrainingInputMode": "File",
    }},
    "HyperParameters": {{"sagemaker_program": "train.py", "epochs": "3"}},
    {inputs}
    "OutputDataConfig": {{"S3OutputPath": "s3://churn/output/"}},
    "ResourceConfig": {{"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}},
    "StoppingCondition": {{"MaxRuntimeInSeconds": 3600}},
}}
train = SageMakerTrainingOperator({mark}
    task_id="train", config=CONFIG
)
"""
SAVING = """
import argparse
import os

import numpy as np
import tensorflow as tf

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--model_dir", default=os.environ["SM_MODEL_DIR"])
    args, _ = parser.parse_known_args()

    rows = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npy"))
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile(loss="mse")
    model.fit(rows[:, 1:], rows[:, 0], epochs=args.epochs)
    model.evaluate(rows[:, 1:], rows[:, 0])
    model.save(os.path.join(args.model_dir, "1")){mark}
"""
PIPED = """
import argparse

from sagemaker_tensorflow import PipeModeDataset

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=1)
args, _ = parser.parse_known_args()
for number, record in zip(range(args.epochs), PipeModeDataset(channel="train", record_format="TFRecord")):
    print(number, record)
"""
CHECKPOINTS = """
import argparse
import os

from datasets import load_from_disk
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()

    rows = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
    model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
    settings = TrainingArguments({mark}
        output_dir="{folder}", num_train_epochs=args.epochs
    )
    trainer = Trainer(model=model, args=settings, train_dataset=rows["train"], eval_dataset=rows["test"])
    trainer.train()
    trainer.evaluate()
    trainer.save_model(os.environ["SM_MODEL_DIR"])
"""


def launcher(
    given: str = "",
    estimator: str = "PyTorch",
    entry_point: str = '"train.py",',
    source_dir: str = 'source_dir="code",',
    inputs: str = '{"train": "s3://churn/train"}',
    mark: str = "",
    start: str = "",
) -> str:
    """The text of a launcher."""
    version, python = VERSIONS.get(estimator, ("2.1", "py310"))
    return LAUNCHER.format(
        package=estimator.lower(),
        estimator=estimator,
        mark=mark and f"  # {mark}",
        entry_point=entry_point,
        source_dir=source_dir,
        version=version,
        python=python,
        given=given,
        start=start or f"estimator.fit({inputs}\n)",
    )


def script(
    *declared: str, parse: str = "parse_args", channel: str = "TRAIN", more: str = "", uses: str = ""
) -> str:
    """The text of a script with these options beside ``--epochs``."""
    return SCRIPT.format(
        options="\n".join(f"parser.add_argument({one})" for one in declared),
        rest=", _" if parse == "parse_known_args" else "",
        parse=parse,
        channel=channel,
        more=more,
    )


def pair(launch: str, code: str, **more: str) -> dict[str, str]:
    """A launcher and its script."""
    return {"launch.py": launch, "code/train.py": code, **more}


def algorithm(inputs: str) -> dict[str, str]:
    """A launcher of an algorithm of SageMaker's own."""
    return {"launch.py": ALGORITHM.format(inputs=inputs)}


def airflow(channel: str, mark: str = "") -> dict[str, str]:
    """A job of Airflow, and its script."""
    source = '{"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://churn/"}}'
    inputs = f'"InputDataConfig": [{{"ChannelName": "{channel}", "DataSource": {source}}}],{mark}'
    return pair(AIRFLOW.format(inputs=inputs, mark=""), script())


LOCAL = """
from sagemaker.local import LocalSession

session = LocalSession()
session.config = {"local": {"local_code": True}}
"""
WITHOUT_FOLDER = {"source_dir": ""}
IMPORTING = {"code/train.py": "import source\n\nprint(source.SIZE)\n", "code/source.py": "SIZE = 1\n"}
PACKAGED = {"code/setup.py": "from setuptools import setup\n\nsetup(name='churn')\n"}
SPOT = 'checkpoint_s3_uri="s3://churn/checkpoints",'
OPTION_LINE = 7
NOTEBOOK_LINE = 38

TRANSFORMERS = {"code/requirements.txt": "transformers\ndatasets\n"}
FAILURES = [
    Failure(
        f"{GITHUB}awsdocs/amazon-sagemaker-developer-guide/issues/251",
        pair(launcher(inputs='{"train": "s3://churn/train"}  # TRN408'), script(channel="TRAINING")),
        pair(launcher(inputs='{"training": "s3://churn/train"}'), script(channel="TRAINING")),
    ),
    Failure(
        f"{SDK}/1036",
        airflow("training", "  # TRN408"),
        airflow("train"),
    ),
    Failure(
        f"{GITHUB}aws/amazon-sagemaker-examples/issues/3402",
        algorithm('{"training": "s3://churn/train"}  # TRN408'),
        algorithm('{"train": "s3://churn/train"}'),
    ),
    Failure(
        f"{SDK}/964",
        pair(launcher(inputs='"s3://churn/train"  # TRN408'), script()),
        pair(launcher(inputs='"s3://churn/train"'), script(channel="TRAINING")),
    ),
    Failure(
        f"{SDK}/332",
        pair(launcher(inputs='inputs="s3://churn/train"  # TRN408'), script()),
        pair(launcher(inputs='inputs={"train": "s3://churn/train"}'), script()),
    ),
    Failure(
        f"{GITHUB}aws/sagemaker-tensorflow-extensions/issues/27",
        pair(launcher(estimator="TensorFlow", inputs='{"train": "s3://churn/train"}  # TRN408'), PIPED),
        pair(launcher('input_mode="Pipe",', estimator="TensorFlow"), PIPED),
    ),
    Failure(
        f"{GITHUB}aws/sagemaker-tensorflow-extensions/issues/27#channel",
        pair(
            launcher(
                'input_mode="Pipe",',
                "TensorFlow",
                inputs='{"training": "s3://churn/train"}  # TRN408',
            ),
            PIPED,
        ),
        pair(launcher('input_mode="Pipe",', estimator="TensorFlow"), PIPED),
    ),
    Failure(
        f"{SDK}/1720",
        pair(launcher(estimator="TensorFlow", mark="TRN414"), script()),
        pair(launcher(estimator="TensorFlow"), script('"--model_dir"')),
    ),
    Failure(
        f"{GITHUB}aws/sagemaker-tensorflow-training-toolkit/issues/340",
        pair(launcher(estimator="TensorFlow", mark="TRN414"), script('"--model-dir"')),
        pair(launcher("model_dir=False,", "TensorFlow"), script('"--model-dir"')),
    ),
    Failure(
        f"{SDK}/1895",
        pair(launcher(estimator="TensorFlow"), SAVING.format(mark="  # TRN104")),
        pair(launcher("model_dir=False,", "TensorFlow"), SAVING.format(mark="")),
    ),
    Failure(
        f"{SDK}/634",
        pair(
            launcher(
                'hyperparameters={\n        "model_dir": "s3://churn/model",  # TRN410\n    },', "TensorFlow"
            ),
            script('"--model_dir"'),
        ),
        pair(launcher('model_dir="s3://churn/model",', "TensorFlow"), script('"--model_dir"')),
    ),
    Failure(
        f"{SDK}/634#both",
        pair(
            launcher(
                'model_dir="/opt/ml/model",\n    hyperparameters={\n'
                '        "model_dir": "/tmp/model",  # TRN410\n    },',
                "TensorFlow",
            ),
            script('"--model_dir"'),
        ),
        pair(
            launcher(
                'model_dir="/opt/ml/model",\n    hyperparameters={"model_dir": "/opt/ml/model"},',
                "TensorFlow",
            ),
            script('"--model_dir"'),
        ),
    ),
    Failure(
        f"{GITHUB}huggingface/accelerate/issues/980",
        pair(
            launcher('hyperparameters={"fp16": True},  # TRN411'),
            script('"--fp16", action="store_true"'),
        ),
        pair(
            launcher('hyperparameters={"fp16": True},'),
            script('"--fp16", type=lambda text: text == "True"'),
        ),
        elsewhere=(("code/train.py", OPTION_LINE, "TRN114"),),
    ),
    Failure(
        f"{SDK}/613",
        pair(
            launcher('hyperparameters={"layers": [64, 32]},  # TRN411'),
            script('"--layers", type=int, nargs="+"'),
        ),
        pair(launcher('hyperparameters={"layers": "64"},'), script('"--layers", type=int, nargs="+"')),
    ),
    Failure(
        f"{GITHUB}huggingface/notebooks/issues/52",
        pair(
            launcher('hyperparameters={"train_batch_size": 8},  # TRN410'),
            script('"--train-batch-size"', parse="parse_known_args"),
        ),
        pair(
            launcher('hyperparameters={"train-batch-size": 8},'),
            script('"--train-batch-size"', parse="parse_known_args"),
        ),
    ),
    Failure(
        f"{GITHUB}huggingface/notebooks/issues/52#notebook",
        {
            "launch.ipynb": notebook(launcher('hyperparameters={"train_batch_size": 8},').lstrip()),
            "code/train.py": script('"--train-batch-size"', parse="parse_known_args"),
        },
        {
            "launch.ipynb": notebook(launcher('hyperparameters={"train-batch-size": 8},').lstrip()),
            "code/train.py": script('"--train-batch-size"', parse="parse_known_args"),
        },
        elsewhere=(("launch.ipynb", NOTEBOOK_LINE, "TRN410"),),
    ),
    Failure(
        f"{SDK}/3932",
        pair(launcher(METRICS, start=TUNER.format(metrics="", mark="  # TRN421")), script()),
        pair(launcher(start=TUNER.format(metrics=METRICS, mark="")), script()),
    ),
    Failure(
        f"{SDK}/3518",
        {
            "launch.py": LOCAL
            + launcher("sagemaker_session=session,", entry_point='"churn/train.py",  # TRN406'),
            "code/churn/train.py": script(),
        },
        pair(LOCAL + launcher("sagemaker_session=session,"), script()),
    ),
    Failure(
        f"{SDK}/3737",
        {
            "launch.py": launcher(entry_point='"pipeline/train.py",  # TRN406'),
            "code/pipeline/train.py": script(),
            **PACKAGED,
        },
        {"launch.py": launcher(), "code/train.py": script(), **PACKAGED},
    ),
    Failure(
        f"{SDK}/312",
        {"launch.py": launcher(entry_point='"train.py",  # TRN406'), "code/training.py": script()},
        pair(launcher(), script()),
    ),
    Failure(
        f"{SDK}/471",
        pair(launcher(entry_point='"s3://churn/train.py",  # TRN406', **WITHOUT_FOLDER), script()),
        pair(launcher(entry_point='"code/train.py",', **WITHOUT_FOLDER), script()),
    ),
    Failure(
        f"{GITHUB}aws/sagemaker-pytorch-training-toolkit/issues/255",
        {
            "launch.py": launcher(entry_point='"code/train.py",  # TRN407', start=" ", **WITHOUT_FOLDER),
            **IMPORTING,
        },
        {"launch.py": launcher(start=" "), **IMPORTING},
    ),
    Failure(
        f"{GITHUB}philschmid/sagemaker-huggingface-llama-2-samples/issues/10",
        {
            **pair(launcher(SPOT), CHECKPOINTS.format(folder="/tmp/checkpoints", mark="  # TRN112")),
            **TRANSFORMERS,
        },
        {**pair(launcher(SPOT), CHECKPOINTS.format(folder="/opt/ml/checkpoints", mark="")), **TRANSFORMERS},
    ),
    Failure(
        f"{GITHUB}philschmid/sagemaker-huggingface-llama-2-samples/issues/10#path",
        TRANSFORMERS
        | pair(
            launcher(f'{SPOT}\n    checkpoint_local_path="/opt/ml/kept",'),
            CHECKPOINTS.format(folder="/tmp/checkpoints", mark="  # TRN112"),
        ),
        TRANSFORMERS
        | pair(
            launcher(f'{SPOT}\n    checkpoint_local_path="/tmp/checkpoints",'),
            CHECKPOINTS.format(folder="/tmp/checkpoints", mark=""),
        ),
    ),
]


@pytest.mark.parametrize("failure", FAILURES, ids=name)
def test_failure(failure: Failure, tmp_path: Path) -> None:
    assert_said_by_check(failure, tmp_path)
