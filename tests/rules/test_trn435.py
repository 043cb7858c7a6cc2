"""TRN435: addresses of images that contradict the SDKs' tables of images."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.sagemaker.images import address, image_problem
from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

HEAD = """
import boto3
import sagemaker
from sagemaker import image_uris
from sagemaker.core import image_uris as core_images
from sagemaker.estimator import Estimator
from sagemaker.processing import ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.train import ModelTrainer
Estimator("image", "role", 1, "ml.m5.xlarge").fit()
"""
ESTIMATOR = "Estimator(role='r', instance_count=1, instance_type='ml.m5.xlarge', image_uri={}).fit()"
REQUEST = """
boto3.client("sagemaker").create_training_job(
    TrainingJobName="x",
    AlgorithmSpecification={{"TrainingInputMode": "File", "TrainingImage": {image}}},{mark}
)
"""
AWS = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
MARK = "  # TRN435"


def uri(text: str) -> str:
    """An estimator with this address."""
    return ESTIMATOR.format(repr(text))


WRONG = {
    "an old repository": uri("520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tensorflow:2.11.0-cpu-py39"),
    "the account of another region": uri("246618743249.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"),
    "the name of an algorithm": uri("683313688378.dkr.ecr.us-east-1.amazonaws.com/xgboost:1.7-1"),
    "the account of another repository": uri("683313688378.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0"),
    "a misspelt account": uri("763104351883.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"),
    "an account without a digit": uri("76310435188.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1.0"),
    "a misspelt repository": uri(f"{AWS}/pytorch-trainig:2.1.0-cpu-py310"),
    "a misspelt region": uri("763104351884.dkr.ecr.us-est-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"),
    "the domain outside China": uri("727897471807.dkr.ecr.cn-north-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"),
    "a version that never was": uri("246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.4-1"),
    "another Python": uri(f"{AWS}/pytorch-training:1.13.1-gpu-py310-cu117-ubuntu20.04-sagemaker"),
    "Hugging Face on a CPU": uri(f"{AWS}/huggingface-pytorch-training:2.1.0-transformers4.36.0-cpu-py310"),
    "another transformers": uri(f"{AWS}/huggingface-pytorch-training:2.0.0-transformers4.36.0-gpu-py310"),
    "for inference": uri(f"{AWS}/pytorch-inference:2.1.0-cpu-py310"),
    "an unknown region": ESTIMATOR.format("f'763104351884.dkr.ecr.{read()}.amazonaws.com/pytorch-training:1.0-cpu'"),
    "of v3": f"ModelTrainer(training_image='{AWS}/pytorch-trainig:2.1.0-cpu-py310')",
    "of a framework": f"PyTorch('train.py', image_uri='{AWS}/tensorflow-trainng:2.11.0')",
    "of a processor": f"ScriptProcessor(image_uri='{AWS}/pytorch-trainig:2.1.0')",
    "retrieve, a framework": "image_uris.retrieve('xgbost', 'us-east-1', '1.7-1')",
    "retrieve, a repository": "image_uris.retrieve(framework='pytorch-training', region='us-east-1')",
    "retrieve, the wrong order": "image_uris.retrieve('us-east-1', 'xgboost', '1.7-1')",
    "retrieve, an unknown region first": "image_uris.retrieve(boto3.Session().region_name, 'blazingtext')",
    "retrieve, no instance": "image_uris.retrieve('pytorch', 'us-east-1', '2.1', 'py310', image_scope='training')",
    "retrieve, a region": "image_uris.retrieve('xgboost', 'us-est-1', '1.7-1')",
    "retrieve, a version": "image_uris.retrieve('xgboost', 'us-east-1', version='1.4-1')",
    "retrieve, a Python": (
        "image_uris.retrieve('pytorch', 'us-east-1', '1.13.1', 'py310', 'ml.m5.large', image_scope='training')"
    ),
    "retrieve of v3": "core_images.retrieve(framework='xgboost', region='us-east-1', version='1.4-1')",
}  # fmt: skip
RIGHT = {
    "retrieve, an instance": "image_uris.retrieve('pytorch', 'us-east-1', '2.1', 'py310', 'ml.g5.xlarge',\n"
    "    image_scope='training')",
    "retrieve, an image for CPU alone": "image_uris.retrieve('xgboost', 'us-east-1', '1.7-1', image_scope='training')",
    "retrieve, unknown arguments": "image_uris.retrieve('pytorch', 'us-east-1', image_scope='training', **read())",
    "a right one": uri(f"{AWS}/tensorflow-training:2.11.0-cpu-py39"),
    "a short version": uri(f"{AWS}/pytorch-training:2.1-cpu-py310"),
    "a newer version": uri(f"{AWS}/pytorch-training:77.0-cpu-py312"),
    "an old repository and version": uri(
        "520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tensorflow:1.10.0-cpu-py3"
    ),
    "a copy": uri("111122223333.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:9.1-cpu"),
    "a repository that the tables lack": uri(f"{AWS}/base:12.8-gpu-py312"),
    "a region that the tables lack": uri(
        "763104351884.dkr.ecr.xx-north-9.amazonaws.com/pytorch-training:2.1.0"
    ),
    "a digest": uri(f"{AWS}/pytorch-training@sha256:00"),
    "no ECR": uri("docker.io/library/pytorch-trainig:2.1"),
    "an algorithm": uri("433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:latest"),
    "China": uri("727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:2.1.0-cpu-py310"),
    "transformers": uri(
        f"{AWS}/huggingface-pytorch-training:2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04"
    ),
    "unknown parts": ESTIMATOR.format(
        "f'{read()}.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:{read()}'"
    ),
    "a placeholder": uri("1234567890.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1"),
    "of a processor, for inference": f"ScriptProcessor(image_uri='{AWS}/pytorch-inference:2.1.0')",
    "assigned afterwards": f"e = PyTorch('t.py', image_uri='{AWS}/pytorch-trainig:2')\ne.image_uri = read()",
    "retrieve": "image_uris.retrieve('xgboost', 'us-east-1', '1.7-1')",
    "retrieve, a newer version": "image_uris.retrieve('xgboost', 'us-east-1', '99.0-1')",
    "retrieve for inference": "image_uris.retrieve('pytorch', 'us-east-1', '1.13.1', 'py310', image_scope='inference')",
    "retrieve, unknown": "image_uris.retrieve(read(), read(), read())",
    "another retrieve": "from shop import retrieve\nretrieve('xgbost', 'us-est-1')",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN435", f"{HEAD}{WRONG[name]}{MARK}\n")


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN435", f"{HEAD}{RIGHT[name]}\n")


@pytest.mark.parametrize(("repository", "mark"), [("pytorch-trainig", MARK), ("pytorch-training", "")])
def test_request(repository: str, mark: str) -> None:
    text = HEAD + REQUEST.format(image=f"'{AWS}/{repository}:2.1.0'", mark=mark)
    assert_marked("TRN435", text)


def test_notebook(tmp_path: Path) -> None:
    wrong = uri(f"{AWS}/pytorch-trainig:2.1.0")
    found = said(tmp_path, {"launch.ipynb": notebook(HEAD, wrong)}, "TRN435")
    assert found == [
        "TRN435 cell 3 line 1: account 763104351884 has no repository pytorch-trainig, did you mean pytorch-training?"
    ]


def test_messages_name_the_repository_that_is_meant() -> None:
    where = address("683313688378.dkr.ecr.us-east-1.amazonaws.com/xgboost:1.7-1")
    assert where is not None
    problem = image_problem(where, for_training=True)
    assert problem == "account 683313688378 has no repository xgboost, did you mean sagemaker-xgboost?"


def test_messages_name_the_right_place() -> None:
    where = address("246618743249.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1")
    assert where is not None
    assert where.is_of_aws
    problem = image_problem(where, for_training=True)
    assert problem == "sagemaker-xgboost is in account 683313688378 in us-east-1, not in 246618743249"
