"""TRN437: settings that exclude each other, or of which one needs the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

HEAD = """
import boto3
import sagemaker
from sagemaker.core.training.configs import CheckpointConfig, Compute, StoppingCondition
from sagemaker.inputs import FileSystemInput
from sagemaker.instance_group import InstanceGroup
from sagemaker.local import LocalSession
from sagemaker.processing import ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.train import ModelTrainer
from sagemaker.workflow.pipeline_context import LocalPipelineSession, PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
PROCESSOR = ScriptProcessor(
    "r", "i", ["python3"], 1, "ml.m5.xlarge", sagemaker_session=PipelineSession())
torch = dict(entry_point="t.py", framework_version="2.1", py_version="py310", role="r")
"""
ON = "PyTorch(instance_count=1, instance_type='{}', **torch, {})"
LOCAL, REMOTE = ON.format("local", "{}"), ON.format("ml.m5.xlarge", "{}")
GROUPS = "instance_groups=[InstanceGroup('g', 'ml.m5.xlarge', 1)]"
FILES = "{'train': FileSystemInput('fs-1', 'EFS', '/data')}"
STEP = "ProcessingStep('p', step_args=PROCESSOR.run({run}), {more})"
REQUEST = """
boto3.client("sagemaker").create_training_job(
    TrainingJobName="x",
    EnableManagedSpotTraining={spot},
    ResourceConfig={{
        "InstanceType": "{kind}", "InstanceCount": 1, "VolumeSizeInGB": 9,
        {more}
    }},
    StoppingCondition={{"MaxRuntimeInSeconds": 60, {wait}}},
)
"""
WRONG = {
    "a session of SageMaker": LOCAL.format("sagemaker_session=sagemaker.Session()") + "  # TRN437",
    "a session of a pipeline": LOCAL.format("sagemaker_session=PipelineSession()") + "  # TRN437",
    "a session by name": "s = sagemaker.session.Session()\n"
    + LOCAL.format("sagemaker_session=s")
    + "  # TRN437",
    "spot in local mode": LOCAL.format("use_spot_instances=True") + "  # TRN437",
    "checkpoints in local mode": LOCAL.format("checkpoint_s3_uri='s3://b/c'") + "  # TRN437",
    "several local GPUs": "PyTorch(instance_count=2, instance_type='local_gpu', **torch)  # TRN437",
    "a local output": REMOTE.format("output_path='file:///tmp/model'") + "  # TRN437",
    "a key for local storage": ON.format("ml.g5.xlarge", "volume_kms_key='k'") + "  # TRN437",
    "a key for NVMe": ON.format("ml.p4d.24xlarge", "volume_kms_key='k'") + "  # TRN437",
    "a warm pool of spot instances": (
        REMOTE.format("keep_alive_period_in_seconds=60, use_spot_instances=True, max_wait=99999")
        + "  # TRN437"
    ),
    "a warm pool of groups": f"PyTorch(**torch, {GROUPS}, keep_alive_period_in_seconds=60)  # TRN437",
    "groups and a type": f"PyTorch(**torch, {GROUPS}, instance_type='ml.m5.xlarge')  # TRN437",
    "a wait without spot": REMOTE.format("max_wait=3600") + "  # TRN437",
    "a wait, and spot is off": REMOTE.format("max_wait=3600, use_spot_instances=False") + "  # TRN437",
    "a folder that nothing keeps": REMOTE.format("checkpoint_local_path='/opt/ml/c'") + "  # TRN437",
    "a file system without a VPC": REMOTE.format("") + f".fit({FILES})  # TRN437",
    "arguments beside step_args": STEP.format(run="'c.py'", more="job_arguments=['--a', '1']") + "  # TRN437",
    "inputs beside step_args": STEP.format(run="'c.py'", more="inputs=[]") + "  # TRN437",
    "channels beside step_args": "TrainingStep('t', step_args="
    + REMOTE.format("")
    + ".fit(), inputs={'train': 's3://b/t'})  # TRN437",
    "v3, a wait": """
ModelTrainer(
    training_image="i", compute=Compute(instance_type="ml.m5.xlarge"),
    stopping_condition=StoppingCondition(max_wait_time_in_seconds=60))  # TRN437
""",
    "v3, a key": "Compute(instance_type='ml.g6.xlarge', volume_kms_key_id='k')  # TRN437",
    "v3, a warm pool": "Compute(keep_alive_period_in_seconds=9, enable_managed_spot_training=True)  # TRN437",
    "a request with a key": REQUEST.format(
        spot=False, kind="ml.g5.xlarge", more='"VolumeKmsKeyId": "k",  # TRN437', wait=""
    ),
    "a request with a warm pool": REQUEST.format(
        spot=True, kind="ml.m5.xlarge", more='"KeepAlivePeriodInSeconds": 60,  # TRN437', wait=""
    ),
    "a request with a wait": REQUEST.format(
        spot=False, kind="ml.m5.xlarge", more="", wait='"MaxWaitTimeInSeconds": 90'
    ).replace("90},", "90},  # TRN437"),
}
RIGHT = {
    "local mode": LOCAL.format("sagemaker_session=LocalSession()"),
    "a local pipeline": LOCAL.format("sagemaker_session=LocalPipelineSession()"),
    "local mode without a session": LOCAL.format("output_path='file:///tmp/model'"),
    "a session that is not known": LOCAL.format("sagemaker_session=read()"),
    "local or not": (
        "PyTorch(instance_type='local' if read() else 'ml.m5.xlarge', **torch, checkpoint_s3_uri='s3://b/c')"
    ),
    "a session, or None": LOCAL.format("sagemaker_session=None if read() else sagemaker.Session()"),
    "checkpoints": REMOTE.format("checkpoint_s3_uri='s3://b/c', checkpoint_local_path='/opt/ml/c'"),
    "checkpoints that are not known": REMOTE.format("checkpoint_local_path='/opt/ml/c', **read()"),
    "a key for a volume": REMOTE.format("volume_kms_key='k'"),
    "no key": ON.format("ml.g5.xlarge", "volume_kms_key=None"),
    "another key": ON.format("ml.g5.xlarge", "output_kms_key='k'"),
    "a warm pool": REMOTE.format("keep_alive_period_in_seconds=60, use_spot_instances=False"),
    "no warm pool": REMOTE.format("keep_alive_period_in_seconds=0, use_spot_instances=True, max_wait=99999"),
    "groups": f"PyTorch(**torch, {GROUPS})",
    "groups, and no type": f"PyTorch(**torch, {GROUPS}, instance_type=None, instance_count=None)",
    "spot": REMOTE.format("max_wait=99999, use_spot_instances=True"),
    "spot that is not known": REMOTE.format("max_wait=99999, use_spot_instances=read()"),
    "attempts": REMOTE.format("max_wait=99999, max_retry_attempts=2"),
    "arguments of run": STEP.format(run="'c.py', arguments=['--a']", more="job_arguments=['--a']"),
    "arguments of run that are not known": STEP.format(run="**read()", more="job_arguments=['--a']"),
    "other arguments of the step": STEP.format(run="'c.py'", more="property_files=[]"),
    "no step_args": "ProcessingStep('p', processor=PROCESSOR, code='c.py', job_arguments=['--a'])",
    "no wait": REMOTE.format("max_wait=None"),
    "a file system": REMOTE.format("subnets=['s'], security_group_ids=['g']") + f".fit({FILES})",
    "a VPC that is not known": REMOTE.format("**read()") + f".fit({FILES})",
    "assigned afterwards": "e = " + REMOTE.format("max_wait=99999") + "\ne.use_spot_instances = True",
    "v3": """
ModelTrainer(
    training_image="i", compute=Compute(instance_type="ml.m5.xlarge", enable_managed_spot_training=True),
    stopping_condition=StoppingCondition(max_wait_time_in_seconds=9999))
""",
    "v3, not known": """
ModelTrainer(training_image="i", compute=read(), stopping_condition=StoppingCondition(max_wait_time_in_seconds=60))
""",
    "a request": REQUEST.format(
        spot=True, kind="ml.m5.xlarge", more='"VolumeKmsKeyId": "k"', wait='"MaxWaitTimeInSeconds": 90'
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN437", HEAD + WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN437", HEAD + RIGHT[name])


def test_in_a_notebook(tmp_path: Path) -> None:
    text = notebook(HEAD, REMOTE.format("max_wait=3600"))
    assert len(said(tmp_path, {"launch.ipynb": text}, "TRN437")) == 1
