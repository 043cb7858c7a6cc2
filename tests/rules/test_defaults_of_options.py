"""Values that a launcher takes from outside: the default of an option or an environment variable decides by default."""

from __future__ import annotations

import pytest

from flake8_training.rules.rule import expected_findings
from tests.rules.marked import findings

HEAD = """
import argparse
import os
from sagemaker import get_execution_role
from sagemaker.inputs import TrainingInput
from sagemaker.pytorch import PyTorch
parser = argparse.ArgumentParser()
def make(**more):
    settings = {"framework_version": "2.1", "py_version": "py310", "role": "R", "instance_type": "ml.m5.xlarge"}
    return PyTorch(entry_point="t.py", instance_count=1, **{**settings, **more})
"""
SPOT = 'use_spot_instances=True, checkpoint_s3_uri="s3://b/c"'
WRONG = {
    "an instance type": 'make(instance_type=os.environ.get("TYPE", "ml.m5.xlagre"))  # TRN211',
    "a count that is converted": 'make(instance_count=int(os.environ.get("COUNT", "0")))  # TRN211',
    "a version of Python": """
PyTorch("t.py", framework_version=os.getenv("VERSION", "2.1"), py_version=os.getenv("PY", "py38"),  # TRN405
    role="R", instance_count=1, instance_type="ml.m5.xlarge")
""",
    "a count that is 0 whatever is tested": """
COUNT = 0  # TRN211
make(instance_count=COUNT if os.getenv('X') else 1)
""",
    "a wait": f'make({SPOT}, max_run=7200, max_wait=int(os.getenv("WAIT", "3600")))  # TRN415',
    "a wait and a run": (
        f'make({SPOT}, max_run=int(os.getenv("RUN", "7200")), max_wait=int(os.getenv("WAIT", 3600)))  # TRN415'
    ),
    "a role": """
parser.add_argument("--role", default="arn:aws:iam::12345:role/Training")  # TRN416
make(role=parser.parse_args().role)
""",
    "an image": """
parser.add_argument("--image", default="763104351885.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1")  # TRN435
PyTorch("t.py", role="R", instance_count=1, instance_type="ml.m5.xlarge", image_uri=parser.parse_args().image)
""",
    "a location": 'make().fit(TrainingInput(os.getenv("DATA", "s3:/bucket/train")))  # TRN412',
}
RIGHT = {
    "an unknown number": 'make(instance_count=int(os.environ["COUNT"]))',
    "a default that is no number": 'make(instance_count=int(os.environ.get("COUNT", "none")))',
    "a wait without a default": f'make({SPOT}, max_run=7200, max_wait=int(os.environ["WAIT"]))',
    "an empty role that is filled in": """
parser.add_argument("--role", default="")
args = parser.parse_args()
make(role=args.role or get_execution_role())
""",
    "one of several versions": """
PyTorch("t.py", framework_version=os.getenv("VERSION", "2.1") if os.getenv("NEW") else known(), py_version="py38",
    role="R", instance_count=1, instance_type="ml.m5.xlarge")
""",
    "a count that is 0 only if another replaces it": "COUNT = 0\nmake(instance_count=COUNT if COUNT else 1)",
    "a local folder": 'make().fit(TrainingInput(os.getenv("DATA", "data/train")))',
}


CODES = ("TRN211", "TRN405", "TRN412", "TRN415", "TRN416", "TRN435")


@pytest.mark.parametrize("lines", WRONG.values(), ids=WRONG)
def test_a_wrong_default_is_reported(lines: str) -> None:
    text = HEAD + lines
    found = {(one.line, one.code) for code in CODES for one in findings(code, text)}
    assert found == set(expected_findings(text)) != set()


@pytest.mark.parametrize("lines", RIGHT.values(), ids=RIGHT)
def test_a_value_from_outside_without_a_wrong_default_is_unknown(lines: str) -> None:
    assert [one for code in CODES for one in findings(code, HEAD + lines)] == []
