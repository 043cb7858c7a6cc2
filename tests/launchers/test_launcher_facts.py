"""``training-alignment facts`` of a launcher: what it starts, and what it gives to each job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.alignment import training_alignment
from tests.harness import write
from tests.launchers.pairs import launcher, notebook, options

MORE = """hyperparameters={"epochs": 3, "layers": [64, 32], "rate": rate()},
    environment={"LEVEL": "debug"},
    metric_definitions=[{"Name": "loss", "Regex": "loss: ([0-9.]+)"}],"""
FILES = {
    "launch.py": launcher(more=MORE, inputs='{"train": "s3://churn/train"}'),
    "code/train.py": options('"--epochs"'),
}
TEXT = """launch.py line 4: PyTorch (pytorch)
  starts: code/train.py
  with the folder: code
  versions: framework_version 2.1, py_version py310
  settings: instance_type ml.m5.xlarge, instance_count 1
  channels:
    train  line 16
  hyperparameters:
    epochs  3         line 12
    layers  [64, 32]  line 12
    rate    'rate()'  line 12
  environment variables:
    LEVEL  'debug'  line 13
  metrics:
    loss  loss: ([0-9.]+)  line 14
"""
DATA = {
    "estimator": "PyTorch",
    "framework": "pytorch",
    "line": 4,
    "script": "code/train.py",
    "source_dir": "code",
    "versions": {"framework_version": "2.1", "py_version": "py310"},
    "settings": {"instance_type": "ml.m5.xlarge", "instance_count": 1},
    "channels": [{"name": "train", "certain": True, "line": 16}],
    "hyperparameters": [
        {"name": "epochs", "value": 3, "line": 12, "tuned": False},
        {"name": "layers", "value": [64, 32], "line": 12, "tuned": False},
        {"name": "rate", "value": "rate()", "line": 12, "tuned": False},
    ],
    "environment_variables": [{"name": "LEVEL", "value": "debug", "line": 13}],
    "metrics": [{"name": "loss", "regex": "loss: ([0-9.]+)", "line": 14}],
    "cannot_tell": [],
}
SCRIPT_KEYS = [
    "path",
    "is_training_script",
    "frameworks",
    "channels",
    "environment_variables",
    "arguments",
    "hyperparameters",
    "reads",
    "writes",
    "trains",
    "evaluates",
    "saves_model",
    "cannot_tell",
    "unknown",
]


def test_as_text(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert training_alignment("facts", "launch.py", folder=tmp_path) == (0, TEXT, "")


def test_as_json(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    found = json.loads(training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).output)
    assert list(found) == [*SCRIPT_KEYS, "launches"]
    assert found["launches"] == [DATA]


def test_of_a_notebook_the_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = notebook(FILES["launch.py"])
    write(tmp_path, {"launch.ipynb": text, "code/train.py": FILES["code/train.py"]})
    found = json.loads(
        training_alignment("facts", "--format", "json", "launch.ipynb", folder=tmp_path).output
    )
    assert list(found) == ["path", "launches"]
    (launch,) = found["launches"]
    lines = text.splitlines()
    assert "estimator = PyTorch(" in lines[launch["line"] - 1]
    assert "estimator.fit" in lines[launch["channels"][0]["line"] - 1]
    assert {"epochs", "layers", "rate"} == {one["name"] for one in launch["hyperparameters"]}


def test_what_cannot_be_told_is_named(tmp_path: Path) -> None:
    text = launcher(more="hyperparameters=given(), environment=given(),", inputs="channels()")
    write(tmp_path, {"launch.py": text})
    found = json.loads(training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).output)
    (launch,) = found["launches"]
    assert launch["script"] is None
    assert launch["cannot_tell"] == ["channels", "hyperparameters", "environment_variables"]
    text = training_alignment("facts", "launch.py", folder=tmp_path).output
    assert text.endswith("  there may be more: channels, hyperparameters, environment variables\n")


def test_a_script_has_the_facts_of_a_script_alone(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    done = training_alignment("facts", "--format", "json", "code/train.py", folder=tmp_path)
    assert list(json.loads(done.output)) == SCRIPT_KEYS


def test_a_notebook_that_starts_nothing_has_no_facts(tmp_path: Path) -> None:
    write(tmp_path, {"notes.ipynb": "no notebook"})
    done = training_alignment("facts", "notes.ipynb", folder=tmp_path)
    assert done.exit_code == 2
    assert done.errors == "training-alignment: notes.ipynb: starts no training job that can be read\n"


IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1"
SETTINGS = {
    "instance_type": "ml.m5.xlarge",
    "instance_count": 2,
    "volume_size": 50,
    "max_run": 600,
    "output_path": "s3://churn/models/",
}
JOB = """{
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 50},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    "OutputDataConfig": {"S3OutputPath": "s3://churn/models/"},
    "%s": {"epochs": "3"},
}"""
REQUEST = f"""import boto3

IMAGE = "{IMAGE}"
JOB = {JOB % "HyperParameters"}
boto3.client("sagemaker").create_training_job(TrainingJobName="churn", **JOB)
"""
TUNING = f"""import boto3

IMAGE = "{IMAGE}"
JOB = {JOB % "StaticHyperParameters"}
RANGE = {{"Name": "rate", "MinValue": "0.1", "MaxValue": "0.2"}}
boto3.client("sagemaker").create_hyper_parameter_tuning_job(
    HyperParameterTuningJobName="churn",
    HyperParameterTuningJobConfig={{
        "Strategy": "Bayesian",
        "ParameterRanges": {{"ContinuousParameterRanges": [RANGE]}},
    }},
    TrainingJobDefinition=JOB,
)
"""
ESTIMATOR = f"""from sagemaker.estimator import Estimator

Estimator(
    "{IMAGE}",
    "arn:aws:iam::123456789012:role/Training",
    2,
    "ml.m5.xlarge",
    volume_size=50,
    max_run=600,
    output_path="s3://churn/models/",
    hyperparameters={{"epochs": "3"}},
).fit()
"""
OF_SDK_V1 = (
    ESTIMATOR.replace("volume_size", "train_volume_size")
    .replace("max_run", "train_max_run")
    .replace("    2,\n", "    train_instance_count=2,\n")
    .replace('    "ml.m5.xlarge",', '    train_instance_type="ml.m5.xlarge",')
)
TRAINER = f"""from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, OutputDataConfig, StoppingCondition

ModelTrainer(
    training_image="{IMAGE}",
    role="arn:aws:iam::123456789012:role/Training",
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=2, volume_size_in_gb=50),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=600),
    output_data_config=OutputDataConfig(s3_output_path="s3://churn/models/"),
    hyperparameters={{"epochs": "3"}},
).train()
"""
REMOTE = f"""from sagemaker.remote_function import remote


@remote(
    image_uri="{IMAGE}",
    instance_type="ml.m5.xlarge",
    instance_count=2,
    volume_size=50,
    max_runtime_in_seconds=600,
    s3_root_uri="s3://churn/models/",
    environment_variables={{"LEVEL": "debug"}},
)
def train(epochs):
    print(epochs)


train(3)
"""


@pytest.mark.parametrize(
    ("source", "image"),
    [
        (REQUEST, "training_image"),
        (TUNING, "training_image"),
        (ESTIMATOR, "image_uri"),
        (OF_SDK_V1, "image_uri"),
        (TRAINER, "training_image"),
        (REMOTE, "image_uri"),
    ],
    ids=["request", "tuning", "v2", "v1", "v3", "remote"],
)
def test_settings_however_the_job_is_started(tmp_path: Path, source: str, image: str) -> None:
    write(tmp_path, {"launch.py": source})
    (found,) = training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).data["launches"]
    assert found["settings"] == SETTINGS
    assert found["versions"] == {image: IMAGE}


def test_a_range_of_a_request_is_tuned(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": TUNING})
    (found,) = training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).data["launches"]
    assert [(one["name"], one["tuned"]) for one in found["hyperparameters"]] == [
        ("epochs", False),
        ("rate", True),
    ]


def test_a_remote_function_is_a_job_of_its_own_file(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": REMOTE})
    (found,) = training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).data["launches"]
    assert (found["estimator"], found["line"], found["script"]) == ("remote", 4, "launch.py")
    assert found["environment_variables"] == [{"name": "LEVEL", "value": "debug", "line": 11}]
    write(tmp_path, {"launch.py": REMOTE.replace("sagemaker.remote_function", "ray")})
    assert (
        "launches" not in training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).data
    )


@pytest.mark.parametrize(
    ("arguments", "files", "variables", "open_ended"),
    [
        ("environment_variables=ENV", {"settings.py": "\n\nENV = {'LEVEL': 'debug'}\n"}, ["LEVEL"], False),
        ("environment_variables=read()", {"env.json": '{\n\n"LEVEL": "debug"}'}, ["LEVEL"], False),
        ("**other()", {}, [], True),
        ("environment_variables={}, **other()", {}, [], False),
    ],
    ids=["of another module", "of a data file", "among unknown arguments", "none"],
)
def test_the_variables_of_a_remote_function(
    tmp_path: Path, arguments: str, files: dict[str, str], variables: list[str], open_ended: bool
) -> None:
    imports = "import json\nfrom sagemaker.remote_function import remote\nfrom settings import ENV\n"
    reading = "def read():\n    return json.load(open('env.json'))\n"
    start = f"{imports}\n\n{reading}\n\n@remote({arguments})\ndef train():\n    pass\n"
    write(tmp_path, {"launch.py": start, **files})
    (found,) = training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).data["launches"]
    shown = [(one["name"], one["line"]) for one in found["environment_variables"]]
    assert shown == [(name, found["line"]) for name in variables]
    assert found["cannot_tell"] == ["environment_variables"] * open_ended


AIRFLOW = """from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator
from sagemaker.tuner import HyperparameterTuner, IntegerParameter
from sagemaker.workflow.airflow import training_config, tuning_config
from sagemaker.xgboost import XGBoost

estimator = XGBoost(
    entry_point="train.py",
    role="arn:aws:iam::123456789012:role/Training",
    framework_version="1.7-1",
    instance_type="ml.m5.xlarge",
    instance_count=1,
)
{config}
SageMakerTrainingOperator(task_id="train", config=config)
"""


@pytest.mark.parametrize(
    "config",
    [
        'config = training_config(estimator, {"train": "s3://churn/train/"})',
        'config = training_config(inputs={"train": "s3://churn/train/"}, estimator=estimator)',
        'tuner = HyperparameterTuner(estimator, "auc", {"depth": IntegerParameter(1, 9)})\n'
        'config = tuning_config(tuner, inputs={"train": "s3://churn/train/"})',
    ],
)
def test_a_configuration_for_airflow_is_the_job_of_its_estimator(tmp_path: Path, config: str) -> None:
    write(tmp_path, {"dag.py": AIRFLOW.format(config=config), "train.py": options()})
    (found,) = training_alignment("facts", "--format", "json", "dag.py", folder=tmp_path).data["launches"]
    assert (found["script"], [one["name"] for one in found["channels"]]) == ("train.py", ["train"])
    assert found["cannot_tell"] == []


def test_a_configuration_of_another_function_is_none_of_an_estimator(tmp_path: Path) -> None:
    own = 'def training_config(one, inputs):\n    return {}\n\n\nconfig = training_config(estimator, {"train": 1})'
    write(tmp_path, {"dag.py": AIRFLOW.format(config=own), "train.py": options()})
    found = training_alignment("facts", "--format", "json", "dag.py", folder=tmp_path).data["launches"]
    assert [one["estimator"] for one in found] == ["XGBoost", "create_training_job"]
    # No job of the estimator is known: it may get channels.
    assert (found[0]["channels"], found[0]["cannot_tell"]) == ([], ["channels"])


TASK = """from aws_cdk import aws_stepfunctions_tasks as tasks

tasks.SageMakerCreateTrainingJob(
    scope,
    "Train",
    training_job_name="churn",
    algorithm_specification=tasks.AlgorithmSpecification(training_image={image}),
)
"""


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        (f'tasks.DockerImage.from_registry("{IMAGE}")', IMAGE),
        (f'tasks.DockerImage.from_registry(image_uri="{IMAGE}")', IMAGE),
        ("tasks.DockerImage.from_registry(other())", "other()"),
        (
            'tasks.DockerImage.from_asset(scope, "Image", directory="image")',
            "tasks.DockerImage.from_asset(scope, 'Image', directory='image')",
        ),
    ],
)
def test_the_image_of_a_task_of_the_cdk(tmp_path: Path, image: str, shown: str) -> None:
    write(tmp_path, {"stack.py": TASK.format(image=image)})
    (found,) = training_alignment("facts", "--format", "json", "stack.py", folder=tmp_path).data["launches"]
    assert found["versions"] == {"training_image": shown}
