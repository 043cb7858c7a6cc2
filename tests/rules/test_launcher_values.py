"""TRN211, TRN404, TRN412, TRN415, TRN425: values that the service refuses, or that lose what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import json
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.instance_group import InstanceGroup
from sagemaker.pytorch import PyTorch
from sagemaker.tuner import CategoricalParameter, ContinuousParameter, HyperparameterTuner, IntegerParameter
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline_context import PipelineSession
def make(**more):
    return PyTorch(entry_point="t.py", framework_version="2.1", py_version="py310", role="r", **more)
"""

INSTANCES = {
    "misspelt": "make(instance_type='ml.m5.xlagre')  # TRN211",
    "no ml.": "make(instance_type='m5.xlarge')  # TRN211",
    "no such size": "make(instance_type='ml.m5.9xlarge')  # TRN211",
    "no type at all": "make(instance_type='cpu')  # TRN211",
    "where it stands": "TYPE = 'ml.g4dn.xlarg'  # TRN211\nmake(instance_type=TYPE)",
    "a default of a pipeline": """
parameter = ParameterString("Type", default_value="ml.m5.xlagre")  # TRN211
make(instance_type=parameter)
""",
    "a default of an option": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--instance-type", default="ml.m5.xlagre")  # TRN211
make(instance_type=parser.parse_args().instance_type)
""",
    "one of two": "make(instance_type='local' if test() else 'ml.m5.xlagre')  # TRN211",
    "none": "make(instance_count=0)  # TRN211",
    "a number as text": "make(instance_count='2')  # TRN211",
    "a huge disk": "make(volume_size=20 * 1024)  # TRN211",
    "no disk": "make(volume_size=0)  # TRN211",
    "a long run": "make(max_run=60 * 60 * 24 * 30)  # TRN211",
    "no run": "make(max_run=0)  # TRN211",
    "a GPU that no image is for": """
from sagemaker.sklearn import SKLearn
SKLearn("t.py", framework_version="1.2-1", role="r", instance_type="ml.g4dn.xlarge")  # TRN211
""",
    "in a request": """
import boto3
boto3.client("sagemaker").create_training_job(
    TrainingJobName="a",
    ResourceConfig={"InstanceType": "ml.m5.xlagre"},  # TRN211
)
""",
}

FINE_INSTANCES = {
    "known": "make(instance_type='ml.m5.xlarge', instance_count=2, volume_size=30, max_run=86400)",
    "local": "make(instance_type='local_gpu')",
    "a family of the future": "make(instance_type='ml.x99.large')",
    "not known": "make(instance_type=get(), instance_count=get())",
    "a placeholder": "make(instance_type='<instance type>')",
    "from the environment": "import os\nmake(instance_count=os.environ['N'])",
    "a number of the environment": "import os\nmake(instance_count=int(os.environ.get('N', '1')))",
    "a number of an option": """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--instances", default="2")
make(instance_count=int(parser.parse_args().instances))
""",
    "a GPU": """
from sagemaker.sklearn import SKLearn
from sagemaker.xgboost import XGBoost
XGBoost("t.py", framework_version="1.7-1", role="r", instance_type="ml.g4dn.xlarge", instance_count=1)
SKLearn("t.py", image_uri="i", role="r", instance_type="ml.g4dn.xlarge")
""",
    "28 days": "make(max_run=28 * 24 * 60 * 60)",
}

LIMITS = {
    "a file system": "from sagemaker.inputs import FileSystemInput\n"
    "FileSystemInput('fs-1a2b', 'EFS', '/data')  # TRN404",
    "input mode": "make(input_mode='Fastfile')  # TRN404",
    "warm pool": "make(keep_alive_period_in_seconds=100000)  # TRN404",
    "retries": "make(max_retry_attempts=31)  # TRN404",
    "output path": "make(output_path='https://s3.amazonaws.com/bucket/x')  # TRN404",
    "output path of an f-string": "make(output_path=f'bucket/{name()}')  # TRN404",
    "code location": "make(code_location='my/folder')  # TRN404",
    "checkpoints": "make(checkpoint_s3_uri='/opt/ml/checkpoints')  # TRN404",
    "the name of a variable": "make(environment={'MY-VAR': '1'})  # TRN404",
    "a number for a variable": "make(environment={'WORKERS': 4})  # TRN404",
    "a long variable": "make(environment={'A': 'x' * 1})\nmake(environment={'A': '"
    + "x" * 513
    + "'})  # TRN404",
    "a long hyperparameter": "make(hyperparameters={'labels': json.dumps(['" + "x" * 2500 + "'])})  # TRN404",
    "a set": "make(hyperparameters={'names': {'a', 'b'}})  # TRN404",
    "too many hyperparameters": "make(hyperparameters={"
    + ", ".join(f"'h{i}': 1" for i in range(101))
    + "})  # TRN404",
    "too many metrics": "make(metric_definitions=[" + "{'Name': 'a', 'Regex': 'b'}, " * 41 + "])  # TRN404",
    "an empty regex": "make(metric_definitions=[{'Name': 'a', 'Regex': ''}])  # TRN404",
    "a security group with a blank": "make(security_group_ids=['sg 1'])  # TRN404",
    "too many security groups": "make(security_group_ids=['a', 'b', 'c', 'd', 'e', 'f'])  # TRN404",
    "a channel's name": "make().fit({'train data': 's3://b/x'})  # TRN404",
    "the name of a job": "make().fit('s3://b/x', job_name='my_job')  # TRN404",
    "the base of a name": "make(base_job_name='my_job').fit('s3://b/x')  # TRN404",
    "the channel of a model": "make(model_uri='s3://b/m').fit({'model': 's3://b/x'})  # TRN404",
    "the strategy of a tuner": "HyperparameterTuner(make(), 'm', ranges(), strategy='bayesian')  # TRN404",
    "too many jobs": """
ranges = {"a": CategoricalParameter([1, 2]), "b": IntegerParameter(1, 3)}
HyperparameterTuner(make(), "m", ranges, max_jobs=7)  # TRN404
""",
    "types in a request": """
import boto3
boto3.client("sagemaker").create_training_job(
    TrainingJobName="a",
    HyperParameters={"epochs": 10},  # TRN404
    InputDataConfig=[{"ChannelName": "train", "InputMode": "file"}],  # TRN404
)
""",
}

FINE_LIMITS = {
    "a file system": "from sagemaker.inputs import FileSystemInput\n"
    "FileSystemInput('fs-0a1b2c3d4e5f', 'EFS', '/data')\nFileSystemInput('<id>', read(), '/data')",
    "known": (
        "make(input_mode='FastFile', environment={'A': '1'}, output_path='s3://b/x', "
        "tags=[{'Key': 'a', 'Value': 'b'}])"
    ),
    "not known": "make(input_mode=get(), environment=get(), output_path=get(), hyperparameters=get())",
    "pipeline": "make(base_job_name='a/b', sagemaker_session=PipelineSession()).fit('s3://b/x')",
    "a session that is not known": "make(base_job_name='a_b', sagemaker_session=get()).fit('s3://b/x')",
    "never started": "make(base_job_name='a_b')",
    "local output": "make(output_path='file://out')",
    "placeholders": "make(subnets=['<subnet>'], security_group_ids=['...'], output_path='<output>')",
    "Jinja": "make(subnets=['{{ subnet }}'])",
    "an f-string of which nothing is known": "make(output_path=f'{prefix()}/x')",
    "a set of a general estimator": "Estimator('i', 'r', 1, 'ml.m5.large', hyperparameters={'names': {'a'}})",
    "numbers": "make(hyperparameters={'a': 1, 'b': [1, 2], 'c': None})",
    "endless ranges": "HyperparameterTuner(make(), 'm', {'a': ContinuousParameter(0, 1)}, max_jobs=500)",
    "a channel's name": "make().fit({'train-data.v1': 's3://b/x'})",
    "a number as text": "n = 3\nmake(environment={'N': str(n)})",
}

INPUTS = {
    "a folder": "TrainingInput('data/train')  # TRN412",
    "a bucket": "TrainingInput(s3_data='bucket')  # TRN412",
    "half an address": "TrainingInput('s3:/bucket/x')  # TRN412",
    "a web address": "TrainingInput('https://example.com/data.csv')  # TRN412",
    "an absolute part": "import os\nTrainingInput(os.path.join('s3://b', '/train'))  # TRN412",
    "mode": "TrainingInput('s3://b/x', input_mode='Fastfile')  # TRN412",
    "distribution": "TrainingInput('s3://b/x', 'Sharded')  # TRN412",
    "compression": "TrainingInput('s3://b/x', compression='gzip')  # TRN412",
    "type": "TrainingInput('s3://b/x', s3_data_type='Manifest')  # TRN412",
    "content": "TrainingInput('s3://b/x', content_type='text/cvs')  # TRN412",
    "content the other way round": "TrainingInput('s3://b/x', content_type='csv/text')  # TRN412",
    "an input of version 3": """
from sagemaker.train.configs import InputData
InputData(channel_name="train", data_source="s3:/bucket/x")  # TRN412
""",
    "a text": "make(instance_type='ml.m5.large').fit('bucket/x')  # TRN412",
    "a text in a dict": "make(instance_type='ml.m5.large').fit({'train': 'bucket/x'})  # TRN412",
    "a file without local mode": "make(instance_type='ml.m5.large').fit('file://x')  # TRN412",
}

FINE_INPUTS = {
    "S3": "TrainingInput('s3://b/x', 'ShardedByS3Key', 'Gzip', 'text/csv', input_mode='Pipe')",
    "an f-string": "TrainingInput(f's3://{bucket()}/x')",
    "not known": "TrainingInput(get())",
    "a local input of version 3": """
from sagemaker.train.configs import InputData
InputData(channel_name="train", data_source="data/train")
""",
    "a short beginning": "TrainingInput('s3:' + rest())",
    "S3 by its web address": "TrainingInput('https://s3-eu-west-1.amazonaws.com/b/x')",
    "content of one's own": "TrainingInput('s3://b/x', content_type='application/x-mine')",
    "content with parameters": "TrainingInput('s3://b/x', content_type='text/csv;label_size=0')",
    "local": "make(instance_type='local').fit('file://x')",
    "local or not": "make(instance_type='local' if test() else 'ml.m5.large').fit('file://x')",
    "a placeholder": "TrainingInput('<your data>')",
    "a property": """
from sagemaker.workflow.steps import ProcessingStep
step = ProcessingStep("a", step_args=run())
TrainingInput(step.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri)
""",
}

SPOT = {
    "no checkpoint": "make(use_spot_instances=True, max_wait=86400)  # TRN415",
    "no wait": "make(use_spot_instances=True, checkpoint_s3_uri='s3://b/x')  # TRN415",
    "a short wait": """
make(use_spot_instances=True, max_run=7200, max_wait=3600, checkpoint_s3_uri='s3://b/x')  # TRN415
""",
    "shorter than the default run": (
        "make(use_spot_instances=True, max_wait=3600, checkpoint_s3_uri='s3://b/x')  # TRN415"
    ),
    "a wait that is sometimes none": """
spot = True
wait = 60 if spot else None  # TRN415
make(use_spot_instances=spot, max_run=120, max_wait=wait, checkpoint_s3_uri="s3://b/x")
""",
}

FINE_SPOT = {
    "all": "make(use_spot_instances=True, max_run=60, max_wait=60, checkpoint_s3_uri='s3://b/x')",
    "no spot": "make(max_wait=60)",
    "off": "make(use_spot_instances=False)",
    "not known": "make(use_spot_instances=get())",
    "a wait that is not known": "make(use_spot_instances=True, max_wait=get(), checkpoint_s3_uri=get())",
    "an algorithm of SageMaker": "Estimator('i', 'r', 1, 'ml.m5.large', use_spot_instances=True, max_wait=99999)",
}

V3 = """
from sagemaker.core.training.configs import Compute, InputData, SourceCode
from sagemaker.train import ModelTrainer
"""

TRAINERS = {
    "a hyphen": """
t = ModelTrainer(training_image="i", source_code=SourceCode(source_dir="s", entry_script="t.py"))
t.train([InputData(channel_name="train-data", data_source="s3://b/x")])  # TRN425
""",
    "a reserved name": """
data = [InputData(channel_name="code", data_source="s3://b/x")]  # TRN425
ModelTrainer(training_image="i", source_code=SourceCode(command="python t.py"), input_data_config=data)
""",
    "a quote": """
ModelTrainer(
    training_image="i", source_code=SourceCode(source_dir="s", entry_script="t.py"),
    hyperparameters={"names": ["it's"]})  # TRN425
""",
    "a dot in a name": """
ModelTrainer(
    training_image="i", source_code=SourceCode(source_dir="s", entry_script="t.py"),
    hyperparameters={"model.lr": 1})  # TRN425
""",
}

FINE_TRAINERS = {
    "names": """
t = ModelTrainer(training_image="i", source_code=SourceCode(source_dir="s", entry_script="t.py"),
                 hyperparameters={"batch-size": 1, "text": 'say "yes"'})
t.train([InputData(channel_name="train_data", data_source="s3://b/x")])
""",
    "no code of one's own": """
ModelTrainer(training_image="i", input_data_config=[InputData(channel_name="a-b", data_source="s3://b/x")])
""",
    "a command whose script is not at hand": """
ModelTrainer(training_image="i", source_code=SourceCode(source_dir="none", command="python t.py"),
             hyperparameters={"a": 1})
""",
    "not known": """
ModelTrainer(training_image="i", source_code=get(), hyperparameters=get(), input_data_config=get())
""",
}


@pytest.mark.parametrize("name", INSTANCES)
def test_impossible_instances(name: str) -> None:
    assert_marked("TRN211", HEAD + INSTANCES[name])


@pytest.mark.parametrize("name", FINE_INSTANCES)
def test_possible_instances(name: str) -> None:
    assert_marked("TRN211", HEAD + FINE_INSTANCES[name])


@pytest.mark.parametrize("name", LIMITS)
def test_broken_limit(name: str) -> None:
    assert_marked("TRN404", HEAD + LIMITS[name])


@pytest.mark.parametrize("name", FINE_LIMITS)
def test_kept_limit(name: str) -> None:
    assert_marked("TRN404", HEAD + FINE_LIMITS[name])


@pytest.mark.parametrize("name", INPUTS)
def test_wrong_input(name: str) -> None:
    assert_marked("TRN412", HEAD + INPUTS[name])


@pytest.mark.parametrize("name", FINE_INPUTS)
def test_right_input(name: str) -> None:
    assert_marked("TRN412", HEAD + FINE_INPUTS[name])


@pytest.mark.parametrize("name", SPOT)
def test_careless_spot_training(name: str) -> None:
    assert_marked("TRN415", HEAD + SPOT[name])


@pytest.mark.parametrize("name", FINE_SPOT)
def test_careful_training(name: str) -> None:
    assert_marked("TRN415", HEAD + FINE_SPOT[name])


@pytest.mark.parametrize("name", TRAINERS)
def test_unpassable(name: str) -> None:
    assert_marked("TRN425", V3 + TRAINERS[name])


@pytest.mark.parametrize("name", FINE_TRAINERS)
def test_passable(name: str) -> None:
    assert_marked("TRN425", V3 + FINE_TRAINERS[name])


REQUESTED = """
import boto3
boto3.client("sagemaker").create_training_job(TrainingJobName="churn", RoleArn=role(),
    EnableManagedSpotTraining={spot}, StoppingCondition={{{waits}}}){mark}
"""


@pytest.mark.parametrize(
    ("spot", "waits", "mark"),
    [
        ("True", '"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 3600', "  # TRN415"),
        ("False", '"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 60', "  # TRN415"),
        ("True", '"MaxRuntimeInSeconds": 7200', "  # TRN415"),
        ("True", '"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 7200', ""),
        ("True", '"MaxRuntimeInSeconds": run(), "MaxWaitTimeInSeconds": 60', ""),
        ("True", '"MaxRuntimeInSeconds": 7200, **more()', ""),
        ("spot()", '"MaxRuntimeInSeconds": 7200', ""),
    ],
)
def test_spot_training_of_a_request(spot: str, waits: str, mark: str) -> None:
    assert_marked("TRN415", REQUESTED.format(spot=spot, waits=waits, mark=mark))


def test_spot_training_of_a_trainer() -> None:
    text = (
        V3
        + """
from sagemaker.core.training.configs import CheckpointConfig, StoppingCondition
compute = Compute(enable_managed_spot_training=True)  # TRN415
ModelTrainer(training_image="i", compute=compute)
ModelTrainer(training_image="i", compute=Compute(enable_managed_spot_training=True),
             checkpoint_config=CheckpointConfig(s3_uri="s3://b/x"),
             stopping_condition=StoppingCondition(max_wait_time_in_seconds=60))  # TRN415
"""
    )
    assert_marked("TRN415", text)


COMMAND = (
    V3
    + """
ModelTrainer(
    training_image="i",
    source_code=SourceCode(source_dir="src", command="torchrun main.py"),
    hyperparameters={"epochs": 3},%s
)
"""
)


@pytest.mark.parametrize("reads", ["args = parser.parse_args()", "json.loads(os.environ['SM_HPS'])"])
def test_hyperparameters_behind_a_command(reads: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text(reads, encoding="utf-8")
    mark = "  # TRN425" if "parse_args" in reads else ""
    assert_marked("TRN425", COMMAND % mark, tmp_path, unused="")


def test_messages_name_what_is_meant() -> None:
    (found,) = findings("TRN412", HEAD + "TrainingInput('s3:/bucket/x')")
    assert found.message.endswith(": 's3:/bucket/x' does not begin with s3://, did you mean s3://bucket/x?")
    (found,) = findings("TRN412", HEAD + "where = 's3://bucket'\nTrainingInput(f's3://{where}/x')")
    assert found.message.endswith(
        ": 's3://s3://bucket/x' begins with s3:// twice, did you mean s3://bucket/x?"
    )
    (found,) = findings("TRN412", HEAD + "make().fit({'train': 's3://s3://bucket//x'})")
    assert found.message.endswith(
        ": 's3://s3://bucket//x' begins with s3:// twice, did you mean s3://bucket//x?"
    )
    assert not findings("TRN412", HEAD + "make().fit({'train': 's3://s3-bucket/s3:/x'})")
    (found,) = findings("TRN404", HEAD + "make(input_mode='Fastfile')")
    assert found.message.endswith(": input_mode 'Fastfile', did you mean FastFile?")


def test_the_entries_of_a_list_have_one_problem() -> None:
    tags = "make(tags=[{'team': 'a'}, {'Key': 'b', 'Value': 'c'}, {'stage': 'd'}, {'Key': 'e'}])"
    short, without = findings("TRN404", HEAD + tags)
    assert short.message.endswith(": an entry of tags has no team (only Key, Value)")
    assert [one.message for one in short.related] == ["an entry of tags has no stage (only Key, Value)"]
    assert without.message.endswith(": an entry of tags without Value")
    assert without.related == ()


def test_lists_of_two_arguments_are_several_problems() -> None:
    found = findings(
        "TRN404", HEAD + "make(tags=[{'team': 'a'}])\nmake(environment={'A-B': '1', 'C-D': '2'})"
    )
    assert len(found) == 3
