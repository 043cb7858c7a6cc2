"""Raw requests for training jobs: the script that they name is compared with them like that of an estimator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alignment import check
from tests.harness import write
from tests.launchers.pairs import options

REQUEST = """
import boto3

request = {{
    "TrainingJobName": "churn",
    "RoleArn": "arn:aws:iam::123456789012:role/Training",
    "AlgorithmSpecification": {{
        "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
        "TrainingInputMode": "File",
        {algorithm}
    }},
    "HyperParameters": {{
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory": "s3://churn/code/sourcedir.tar.gz",
        {hyperparameters}
    }},
    "InputDataConfig": [
        {{
            "ChannelName": "{channel}",
            "DataSource": {{"S3DataSource": {{"S3DataType": "S3Prefix", "S3Uri": "s3://churn/train/"}}}},
        }}
    ],
    "OutputDataConfig": {{"S3OutputPath": "s3://churn/output/"}},
    "ResourceConfig": {{"InstanceType": "{instance}", "InstanceCount": 1, "VolumeSizeInGB": 30}},
    "StoppingCondition": {{"MaxRuntimeInSeconds": 3600}},
}}
{start}
"""
BY_CLIENT = 'boto3.client("sagemaker").create_training_job(**request)'
BY_AIRFLOW = """
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator

train = SageMakerTrainingOperator(task_id="train", config=request)
"""
SCRIPT = options(
    "'--epochs', type=int",
    more="print(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\nprint(f'loss: {args.epochs / 7}')\n",
)


def request(
    algorithm: str = "",
    hyperparameters: str = '"epochs": "3",',
    channel: str = "train",
    instance: str = "ml.m5.xlarge",
    start: str = BY_CLIENT,
) -> str:
    """The text of a launcher that sends a request."""
    return REQUEST.format(
        algorithm=algorithm,
        hyperparameters=hyperparameters,
        channel=channel,
        instance=instance,
        start=start,
    )


def places(folder: Path, text: str, script: str = SCRIPT, at: str = "code/train.py") -> list[tuple[str, str]]:
    """The code of each finding in the launcher, and the line that it stands on."""
    write(folder, {"launch.py": text, at: script})
    lines = text.splitlines()
    found = check("--ignore=TRN1", folder=folder).places
    assert {path for path, _, _ in found} <= {"launch.py"}
    return [(code, lines[line - 1].strip()) for _, line, code in found]


def test_an_aligned_request_has_no_finding(tmp_path: Path) -> None:
    assert places(tmp_path, request()) == []


def test_a_channel_of_another_name(tmp_path: Path) -> None:
    assert places(tmp_path, request(channel="training")) == [
        ("TRN408", '"InputDataConfig": ['),
    ]


def test_a_channel_of_another_name_in_the_configuration_of_an_operator(tmp_path: Path) -> None:
    assert places(tmp_path, request(channel="training", start=BY_AIRFLOW)) == [
        ("TRN408", '"InputDataConfig": ['),
    ]
    assert places(tmp_path / "aligned", request(start=BY_AIRFLOW)) == []


def test_an_unknown_hyperparameter(tmp_path: Path) -> None:
    assert places(tmp_path, request(hyperparameters='"epoch_s": "3",')) == [("TRN410", '"epoch_s": "3",')]


def test_a_value_that_the_option_cannot_parse(tmp_path: Path) -> None:
    assert places(tmp_path, request(hyperparameters='"epochs": "3.5",')) == [("TRN411", '"epochs": "3.5",')]


def test_a_metric_that_captures_nothing(tmp_path: Path) -> None:
    metrics = '"MetricDefinitions": [{"Name": "loss", "Regex": "loss: [0-9.]+"}],'
    assert places(tmp_path, request(algorithm=metrics)) == [("TRN413", metrics)]
    assert places(tmp_path / "aligned", request(algorithm=metrics.replace("[0-9.]+", "([0-9.]+)"))) == []


def test_an_instance_type_that_does_not_exist(tmp_path: Path) -> None:
    text = request(instance="ml.m5.xlagre")
    line = '"ResourceConfig": {"InstanceType": "ml.m5.xlagre", "InstanceCount": 1, "VolumeSizeInGB": 30},'
    assert places(tmp_path, text) == [("TRN211", line)]


def test_the_environment_may_name_the_script(tmp_path: Path) -> None:
    text = request(hyperparameters='"epoch_s": "3",')
    text = text.replace('"sagemaker_program": "train.py",', "")
    text = text.replace(
        '"HyperParameters": {', '"Environment": {"SAGEMAKER_PROGRAM": "train.py"},\n    "HyperParameters": {'
    )
    assert places(tmp_path, text) == [("TRN410", '"epoch_s": "3",')]


def test_a_command_that_starts_another_script(tmp_path: Path) -> None:
    command = '"ContainerEntrypoint": ["python3", "/opt/main.py"],'
    assert places(tmp_path, request(algorithm=command)) == []


def test_one_of_several_scripts_of_a_name_is_not_guessed(tmp_path: Path) -> None:
    write(tmp_path, {"other/train.py": options()})
    assert places(tmp_path, request(hyperparameters='"epoch_s": "3",')) == []


def test_an_estimator_may_name_its_script_among_the_hyperparameters(tmp_path: Path) -> None:
    text = """
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    hyperparameters={
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory": "s3://churn/code/sourcedir.tar.gz",
        "epoch_s": 3,
    },
)
estimator.fit({"train": "s3://churn/train"})
"""
    assert places(tmp_path, text) == [("TRN410", '"epoch_s": 3,')]
    assert places(tmp_path / "aligned", text.replace("epoch_s", "epochs")) == []


COMMAND = '"ContainerEntrypoint": ["python3", "/opt/ml/code/train.py"],'


def test_no_hyperparameter_is_an_argument_of_a_command(tmp_path: Path) -> None:
    assert places(tmp_path, request(algorithm=COMMAND)) == [("TRN410", '"epochs": "3",')]


def test_a_command_that_passes_them_itself(tmp_path: Path) -> None:
    command = COMMAND + '\n        "ContainerArguments": ["--epochs", "3"],'
    assert places(tmp_path, request(algorithm=command)) == []


def test_a_command_that_starts_the_toolkit(tmp_path: Path) -> None:
    command = '"ContainerEntrypoint": ["train", "/opt/ml/code/train.py"],'
    assert places(tmp_path, request(algorithm=command)) == []


def test_a_script_behind_a_command_may_read_them_by_key(tmp_path: Path) -> None:
    script = SCRIPT.replace("import argparse", "import argparse, json").replace(
        "args =",
        "given = json.load(open('/opt/ml/input/config/hyperparameters.json'))\nprint(given['epochs'])\nargs =",
    )
    assert places(tmp_path, request(algorithm=COMMAND), script) == []
    assert places(tmp_path / "other", request(algorithm=COMMAND, hyperparameters='"rate": "3",'), script) == [
        ("TRN410", '"rate": "3",')
    ]


SETTINGS = """
class Settings:
    def __init__(self, bucket):
        self.output_path = ""
        {fill}


settings = Settings("churn")
"""


@pytest.mark.parametrize(
    ("fill", "codes"),
    [
        ('if not self.output_path:\n            self.output_path = f"s3://{bucket}/output"', []),
        ("self.bucket = bucket", ["TRN404"]),
    ],
)
def test_an_empty_value_that_is_filled_in(tmp_path: Path, fill: str, codes: list[str]) -> None:
    text = request().replace('"s3://churn/output/"', "settings.output_path")
    write(tmp_path, {"launch.py": SETTINGS.replace("{fill}", fill) + text, "train.py": SCRIPT})
    assert [code for _, _, code in check("--select=TRN404", folder=tmp_path).places] == codes


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ('"S3DataType"', '"S3DataDistribution": "a", "S3DataType"', "S3DataDistributionType"),
        ('"MaxRuntimeInSeconds"', '"MaxRuntime"', "MaxRuntimeInSeconds"),
        ('"VolumeSizeInGB"', '"VolumeSize"', "VolumeSizeInGB"),
        # the beginning of several, or of none: a newer version of the API may have it
        ('"MaxRuntimeInSeconds"', '"MaxRuntimeInSeconds": 3600, "Max"', ""),
        ('"VolumeSizeInGB"', '"VolumeSizeInGB": 3, "Size"', ""),
        ('"VolumeSizeInGB"', '"VolumeSizeInGB": 3, "-"', ""),
    ],
)  # fmt: skip
def test_the_beginning_of_a_member(old: str, new: str, meant: str, tmp_path: Path) -> None:
    text = request()
    assert old in text
    write(tmp_path, {"launch.py": text.replace(old, new), "code/train.py": SCRIPT})
    found = check("--select=TRN402,TRN403,TRN404", folder=tmp_path).findings
    assert [one["message"].partition(", did you mean ")[2] for one in found] == (
        [f"{meant}?"] if meant else []
    )
