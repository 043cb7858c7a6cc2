"""TRN402, TRN403, TRN405, TRN416: which arguments an estimator needs and takes, and what they may be."""

from __future__ import annotations

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.huggingface import HuggingFace
from sagemaker.jumpstart.estimator import JumpStartEstimator
from sagemaker.pytorch import PyTorch
from sagemaker.sklearn import SKLearn
from sagemaker.tensorflow import TensorFlow
from sagemaker.train import ModelTrainer
from sagemaker.tuner import HyperparameterTuner
from sagemaker.workflow.steps import TrainingStep
from sagemaker.xgboost import XGBoost
role = sagemaker.get_execution_role()
on = dict(instance_type="ml.m5.large", instance_count=1, role=role)
torch = dict(entry_point="t.py", framework_version="2.1", py_version="py310")
"""

MISSING = {
    "entry point": "PyTorch(framework_version='2.1', py_version='py310', **on)  # TRN402",
    "entry point of TensorFlow": "TensorFlow(framework_version='2.12', py_version='py310', **on)  # TRN402",
    "entry point of XGBoost is None": "XGBoost(entry_point=None, framework_version='1.7-1', **on)  # TRN402",
    "instance type": "PyTorch(instance_count=1, role=role, **torch)  # TRN402",
    "instance count": "PyTorch(instance_type='ml.m5.large', role=role, **torch)  # TRN402",
    "version": "SKLearn(entry_point='t.py', **on)  # TRN402",
    "Python": "PyTorch(entry_point='t.py', framework_version='2.1', **on)  # TRN402",
    "version even with an image": "XGBoost(entry_point='t.py', image_uri='i', **on)  # TRN402",
    "transformers": "HuggingFace(entry_point='t.py', py_version='py310', pytorch_version='2.1', **on)  # TRN402",
    "what transformers stand on": (
        "HuggingFace(entry_point='t.py', py_version='py310', transformers_version='4.36', **on)  # TRN402"
    ),
    "image": "Estimator(**on)  # TRN402",
    "image of a trainer": "ModelTrainer(base_job_name='x')  # TRN402",
    "what a tuner varies": "HyperparameterTuner(make(), 'loss')  # TRN402",
    "the folder of a trainer's script": """
from sagemaker.train.configs import SourceCode
SourceCode(entry_script="train.py")  # TRN402
""",
    "what a step runs": "TrainingStep(name='Train')  # TRN402",
    "name of a step": "TrainingStep(step_args=run())  # TRN402",
    "a class of one's own": """
class Mine(PyTorch):
    pass
Mine(instance_count=1, role=role, **torch)  # TRN402
""",
    "a request": """
import boto3
boto3.client("sagemaker").create_training_job(TrainingJobName="a", OutputDataConfig={})  # TRN402
""",
}

COMPLETE = {
    "all": "PyTorch(**torch, **on)",
    "code of a trainer": """
from sagemaker.train.configs import SourceCode
SourceCode(command="python train.py")
SourceCode(source_dir="src", entry_script="train.py")
SourceCode(entry_script=None)
""",
    "an image": "PyTorch(entry_point='t.py', image_uri='i', **on)",
    "scikit-learn has one instance": (
        "SKLearn(entry_point='t.py', framework_version='1.2-1', role=role, instance_type='ml.m5.large')"
    ),
    "groups of instances": "PyTorch(role=role, instance_groups=groups(), **torch)",
    "a recipe": "PyTorch(training_recipe='r', role=role, instance_type='ml.p5.48xlarge', instance_count=1)",
    "a model from the hub": "JumpStartEstimator(model_id='m')",
    "unknown arguments": "PyTorch(**unknown)",
    "unknown arguments by position": "PyTorch(*unknown)",
    "a value that is not known": "PyTorch(instance_type=get(), instance_count=get(), role=role, **torch)",
    "assigned afterwards": "e = PyTorch(instance_count=1, role=role, **torch)\ne.instance_type = get()",
    "written for version 1 of the SDK": (
        "PyTorch(entry_point='t.py', role=role, train_instance_type='ml.m5.large', train_instance_count=1)"
    ),
    "a class that fills in": """
class Mine(PyTorch):
    def __init__(self, entry_point):
        super().__init__(entry_point, "2.1", "py310", **on)
Mine("t.py")
""",
    "one of several classes": """
def make(kind):
    return {"torch": PyTorch, "xgb": XGBoost}[kind](entry_point="t.py")
""",
    "an algorithm": "ModelTrainer(algorithm_name='a')",
    "a test expects it": "import pytest\nwith pytest.raises(ValueError):\n    PyTorch(entry_point='t.py')",
    "a parameter that may be filled": """
def make(instance_type=None):
    return PyTorch(instance_type=instance_type, instance_count=1, role=role, **torch)
""",
}

UNKNOWN = {
    "of version 1, and otherwise than version 2 does": (
        "TensorFlow(\n    script_mode=False,  # TRN403\n    **torch, **on)"
    ),
    "misspelt": "PyTorch(\n    instnce_type='x',  # TRN403\n    **torch, **on)",
    "in a dict": "more = {'metric_definition': []}  # TRN403\nPyTorch(**torch, **on, **more)",
    "of version 3": "PyTorch(\n    max_runtime_in_seconds=60,  # TRN403\n    **torch, **on)",
    "of another thing": "PyTorch(\n    experiment_config={},  # TRN403\n    **torch, **on)",
    "on some ways": "if fast():\n    on['distributions'] = {}  # TRN403\nPyTorch(**torch, **on)",
    "of a trainer": "ModelTrainer(\n    training_image='i', hyperparameter={})  # TRN403",
    "of version 2 alone": "ModelTrainer(\n    training_image='i',\n    metric_definitions=[])  # TRN403",
    "of version 2, a tuner": "import sagemaker.train.tuner\nsagemaker.train.tuner.HyperparameterTuner(\n"
    "    estimator=1)  # TRN403",
    "a member of another structure": "import boto3\nboto3.client('sagemaker').create_training_job(\n"
    "    TrainingJobName='t', TrainingInputMode='File')  # TRN403",
    "of version 2": "ModelTrainer(\n    training_image='i', entry_point='t.py')  # TRN403",
    "of version 2, for a part": """
from sagemaker.train.configs import StoppingCondition
StoppingCondition(max_run=60)  # TRN403
""",
    "two images": "ModelTrainer(\n    training_image='i',\n    algorithm_name='a')  # TRN403",
    "two jobs": "e = PyTorch(**torch, **on)\nTrainingStep('a', step_args=e.fit(), estimator=e)  # TRN403",
    "of the start": "PyTorch(**torch, **on).fit(input='s3://b/x')  # TRN403",
    "of a trainer's start": "ModelTrainer(training_image='i').train(inputs=[])  # TRN403",
    "of a request": """
import boto3
boto3.client("sagemaker").create_training_job(
    TrainingJobName="a", RoleArn=role, OutputDataConfig={"S3OutputPath": "s3://b/x"},
    ResourceConfig={"InstancType": "ml.m5.large"},  # TRN403
)
""",
}

TAKEN = {
    "of version 1, and what version 2 does": "TensorFlow(script_mode=True, **torch, **on)",
    "known": "PyTorch(volume_size=50, max_run=60, **torch, **on)",
    "of the start": "PyTorch(**torch, **on).fit({'train': 's3://b/x'}, wait=False, **more)",
    "of a tuner's start": "HyperparameterTuner(PyTorch(**torch, **on), 'm', ranges()).fit(x=1)",
    "one of two jobs": "TrainingStep('a', step_args=None, estimator=PyTorch(**torch, **on))",
    "one of two images": "ModelTrainer(training_image=get() if own() else None, algorithm_name=get())",
    "of version 1": "PyTorch(train_volume_size=50, entry_point='t.py', py_version='py3')",
    "a class with arguments of its own": """
class Mine(PyTorch):
    def __init__(self, colour, **kwargs):
        super().__init__(**kwargs)
Mine(colour="red", **torch, **on)
""",
    "newer than the tables, of version 3": "ModelTrainer(training_image='i', wholly_new_thing=1)",
    "of one of several classes": """
arguments = {PyTorch: {"framework_version": "2.1"}, HuggingFace: {"transformers_version": "4.36"}}
for cls in (PyTorch, HuggingFace):
    cls(entry_point="t.py", **arguments[cls], **on)
""",
}

VERSIONS = {
    "Python": "PyTorch(entry_point='t.py', framework_version='2.1', py_version='py38', **on)  # TRN405",
    "no suffix": "XGBoost(entry_point='t.py', framework_version='1.7', **on)  # TRN405",
    "no such version": "SKLearn(entry_point='t.py', framework_version='1.1-1', **on)  # TRN405",
    "where the literal stands": """
VERSION = "1.7"  # TRN405
XGBoost(entry_point="t.py", framework_version=VERSION, **on)
""",
    "what transformers stand on": """
HuggingFace(entry_point='t.py', transformers_version='4.36', pytorch_version='1.7', py_version='py310', **on)  # TRN405
""",
    "Python of transformers": """
HuggingFace(entry_point='t.py', transformers_version='4.36', pytorch_version='2.1', py_version='py38', **on)  # TRN405
""",
}

FINE_VERSIONS = {
    "a pair": "PyTorch(entry_point='t.py', framework_version='2.1', py_version='py310', **on)",
    "an alias": "PyTorch(entry_point='t.py', framework_version='2.1.0', py_version='py310', **on)",
    "an image": "PyTorch(entry_point='t.py', image_uri='i', framework_version='9', py_version='py2', **on)",
    "newer than the table": "PyTorch(entry_point='t.py', framework_version='99.0', py_version='py399', **on)",
    "not known": "PyTorch(entry_point='t.py', framework_version=get(), py_version='py2', **on)",
    "one of several": """
PyTorch(entry_point='t.py', framework_version='2.1' if new() else '9', py_version='py310', **on)
""",
    "a default Python": "XGBoost(entry_point='t.py', framework_version='1.7-1', **on)",
    "Trainium": """
PyTorch(entry_point='t.py', framework_version='1.13.1', py_version='py38', role=role,
        instance_type='ml.trn1.2xlarge', instance_count=1)
""",
}

ROLES = {
    "missing": "PyTorch(instance_type='ml.m5.large', instance_count=1, **torch)  # TRN416",
    "None": "Estimator('i', None, 1, 'ml.m5.large')  # TRN416",
    "empty": "Estimator('i', '', 1, 'ml.m5.large')  # TRN416",
    "empty, wherever it runs": "Estimator('i', '', 1, kind)  # TRN416",
    "empty, in local mode": "Estimator('i', '', 1, 'local')  # TRN416",
    "a user": "Estimator('i', 'arn:aws:iam::123456789012:user/me', 1, 'ml.m5.large')  # TRN416",
    "a short account": "Estimator('i', 'arn:aws:iam::12345:role/me', 1, 'ml.m5.large')  # TRN416",
    "no name": "Estimator('i', 'my role!', 1, 'ml.m5.large')  # TRN416",
    "where it stands": "ROLE = 'arn:aws:s3:::bucket'  # TRN416\nEstimator('i', ROLE, 1, 'ml.m5.large')",
    "of a kind that runs in the cloud": "Estimator('i', 'not/a-role', 1, 'ml.m5.large')  # TRN416",
    "an ARN wherever it runs": "Estimator('i', 'arn:aws:iam::123456789012:user/me', 1, kind)  # TRN416",
    "of a trainer": "ModelTrainer(training_image='i', role='arn:aws:iam::123456789012:policy/p')  # TRN416",
}

FINE_ROLES = {
    "an ARN": "Estimator('i', 'arn:aws:iam::123456789012:role/service-role/me', 1, 'ml.m5.large')",
    "of China": "Estimator('i', 'arn:aws-cn:iam::123456789012:role/me', 1, 'ml.m5.large')",
    "a name": "Estimator('i', 'AmazonSageMaker-ExecutionRole_1', 1, 'ml.m5.large')",
    "any string in local mode": "Estimator('i', 'not/a-role', 1, 'local')",
    "a placeholder": "Estimator('i', 'arn:aws:iam::<account>:role/me', 1, 'ml.m5.large')",
    "words for the reader": "Estimator('i', 'IAM ROLE URI', 1, 'ml.m5.large')",
    "of nobody in the file: it is configured elsewhere": """
PyTorch(instance_type='ml.m5.large', instance_count=1, **torch)
PyTorch(instance_type='ml.m5.xlarge', instance_count=1, **torch)
""",
    "of a test": """
def test_training():
    PyTorch(instance_type='ml.m5.large', instance_count=1, **torch).fit()
""",
    "another placeholder": "Estimator('i', 'arn:aws:iam::account:role/SageMakerRole', 1, 'ml.m5.large')",
    "one of several": "Estimator('i', 'dry://run' if dry() else role, 1, 'ml.m5.large')",
    "filled elsewhere": """
class Builder:
    def __init__(self):
        self.role = None
    def make(self):
        return Estimator("i", self.role, 1, "ml.m5.large")
""",
    "the SDK's configuration may give it": """
import os
os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = "config.yaml"
Estimator("i", instance_count=1, instance_type="ml.m5.large")
""",
    "any text on this machine": "Estimator('i', 'dummy/unused-role', 1, 'local')",
    "any text where the job may run on this machine": """
def test_job(kind, session):
    Estimator("i", "dummy/unused-role", 1, kind, sagemaker_session=session)
""",
    "a trainer finds its own": "ModelTrainer(training_image='i')",
    "a model of the hub finds its own": "JumpStartEstimator(model_id='m')",
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_argument(name: str) -> None:
    assert_marked("TRN402", HEAD + MISSING[name])


@pytest.mark.parametrize("name", COMPLETE)
def test_nothing_is_missing(name: str) -> None:
    assert_marked("TRN402", HEAD + COMPLETE[name])


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_argument(name: str) -> None:
    assert_marked("TRN403", HEAD + UNKNOWN[name])


@pytest.mark.parametrize("name", TAKEN)
def test_argument_is_taken(name: str) -> None:
    assert_marked("TRN403", HEAD + TAKEN[name])


@pytest.mark.parametrize("name", VERSIONS)
def test_impossible_versions(name: str) -> None:
    assert_marked("TRN405", HEAD + VERSIONS[name])


@pytest.mark.parametrize("name", FINE_VERSIONS)
def test_possible_versions(name: str) -> None:
    assert_marked("TRN405", HEAD + FINE_VERSIONS[name])


@pytest.mark.parametrize("name", ROLES)
def test_wrong_role(name: str) -> None:
    assert_marked("TRN416", HEAD + ROLES[name])


@pytest.mark.parametrize("name", FINE_ROLES)
def test_right_role(name: str) -> None:
    assert_marked("TRN416", HEAD + FINE_ROLES[name])


def test_messages_name_what_is_meant() -> None:
    (found,) = findings("TRN403", HEAD + "PyTorch(metric_definition=[], **torch, **on)")
    assert found.message.endswith(": PyTorch has no metric_definition, did you mean metric_definitions?")
    (found,) = findings("TRN405", HEAD + "XGBoost(entry_point='t.py', framework_version='1.7', **on)")
    assert found.message.endswith(": there is no image of XGBoost 1.7, did you mean 1.7-1?")
    (found,) = findings("TRN402", HEAD + "PyTorch(instance_count=1, role=role, **torch)")
    assert found.message.endswith(": PyTorch without instance_type")


def test_a_file_that_mocks_is_no_launcher() -> None:
    text = HEAD + "from unittest.mock import Mock\nPyTorch(entry_point='t.py', sagemaker_session=Mock())"
    assert findings("TRN402", text) == []
