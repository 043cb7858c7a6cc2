"""A word, a name or an import silences no rule over launchers; the code that it stands for does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import said

ROLE = "arn:aws:iam::123456789012:role/Training"
WITHOUT_ROLE = """
from sagemaker.pytorch import PyTorch
{before}

def start():
    estimator = PyTorch(
        entry_point="train.py",
        framework_version="2.1",
        py_version="py310",
        instance_type="ml.m5.xlarge",
        instance_count=1,
    )
    estimator.fit({{"train": "s3://churn/train"}})
{after}
"""


def found(folder: Path, text: str, *codes: str) -> list[str]:
    """The codes that are found in a launcher."""
    return [one.partition(" ")[0] for one in said(folder, {"launch.py": text, "train.py": ""}, *codes)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# see sagemaker.config", ""),
        ('NOTE = "the text sagemaker_config"', ""),
        ("from sagemaker.config import load_sagemaker_config", ""),
        ("def load_sagemaker_config():\n    pass", "load_sagemaker_config()"),
        ("import unittest.mock", ""),
        ("import moto\nimport pytest", ""),
        ("", "def test_connection():\n    return 1\n\n\nstart()"),
        ("", "def test_start():\n    assert start\n\n\nstart()"),
    ],
)
def test_a_missing_role_is_reported(tmp_path: Path, before: str, after: str) -> None:
    assert found(tmp_path, WITHOUT_ROLE.format(before=before, after=after), "TRN416") == ["TRN416"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from sagemaker.config import load_sagemaker_config", "load_sagemaker_config()"),
        ('import os\n\nos.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = "config.yaml"', ""),
        ("import moto", "def test_start():\n    assert start() is None"),
        ("import moto", "def deeper():\n    start()\n\n\ndef test_start(fixture):\n    deeper()"),
        (
            "",
            "import unittest\n\n\nclass Start(unittest.TestCase):\n    def test_start(self):\n        start()",
        ),
    ],
)
def test_a_role_that_is_set_elsewhere_is_not(tmp_path: Path, before: str, after: str) -> None:
    assert found(tmp_path, WITHOUT_ROLE.format(before=before, after=after), "TRN416") == []


NONE = """
from sagemaker.pytorch import PyTorch

{before}
estimator = PyTorch(
    entry_point="train.py",
    framework_version="2.1",
    py_version="py310",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    role={role},
)
estimator.fit()
"""


@pytest.mark.parametrize(
    ("before", "role", "is_missing"),
    [
        ("ROLE = None", "ROLE", True),
        ('SETTINGS = {"role": None}', 'SETTINGS["role"]', True),
        ('SETTINGS = {"role": None}\nSETTINGS["role"] = find()', 'SETTINGS["role"]', False),
        ('SETTINGS = {"role": None}\nfill(SETTINGS)', 'SETTINGS["other"]', False),
        ("class Settings:\n    role: str = None\n\n\nsettings = Settings()", "settings.role", False),
    ],
)
def test_none_through_a_name(tmp_path: Path, before: str, role: str, is_missing: bool) -> None:
    assert found(tmp_path, NONE.format(before=before, role=role), "TRN416") == ["TRN416"] * is_missing


@pytest.mark.parametrize(
    ("call", "is_missing"), [("start(None)", True), ("start()", False), ("", False), ("run(start)", False)]
)
def test_none_through_a_parameter(tmp_path: Path, call: str, is_missing: bool) -> None:
    body = (
        NONE.format(before="", role="role")
        .replace("\n", "\n    ")
        .replace(
            "\n    from sagemaker.pytorch import PyTorch\n",
            "from sagemaker.pytorch import PyTorch\n\n\ndef start(role=None):",
        )
    )
    assert found(tmp_path, f"{body}\n\n{call}\n", "TRN416") == ["TRN416"] * is_missing


OLD = """
from sagemaker.pytorch import PyTorch

estimator = PyTorch(
    entry_point="train.py",
    role="{role}",
    train_instance_count=1,
    framework_version="1.5",
    {more}
)
estimator.fit()
"""


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (
            "train_use_spot_instances=True, train_max_run=7200, train_max_wait=3600, checkpoint_s3_uri='s3://a/b',",
            "TRN415",
        ),
        ("train_use_spot_instances=True, train_max_run=3600, train_max_wait=7200,", "TRN415"),
        ("train_instance_type='ml.m5.xlagre',", "TRN211"),
        ("**{'train_instance_type': 'ml.m5.xlagre'},", "TRN211"),
        ("train_max_run=0,", "TRN211"),
    ],
)
def test_names_of_the_first_sdk_count(tmp_path: Path, more: str, code: str) -> None:
    text = OLD.format(role=ROLE, more=more)
    assert found(tmp_path, text, "TRN415", "TRN211") == [code]


@pytest.mark.parametrize(
    "more",
    [
        "train_instance_type='ml.m5.xlarge',",
        "train_use_spot_instances=True, train_max_run=60, train_max_wait=90, checkpoint_s3_uri='s3://a/b',",
    ],
)
def test_names_of_the_first_sdk_are_no_mistake(tmp_path: Path, more: str) -> None:
    assert found(tmp_path, OLD.format(role=ROLE, more=more), "TRN2", "TRN4") == []


SKLEARN = """
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    role="{role}",
    instance_type="ml.m5.xlarge",
    framework_version="{version}",
    py_version={python},
)
estimator.fit()
"""


@pytest.mark.parametrize("version", ["1.2-1", "9.9-1"])
@pytest.mark.parametrize(("python", "is_wrong"), [('"py39"', True), ('"py3"', False), ("python", False)])
def test_sklearn_takes_one_python(tmp_path: Path, version: str, python: str, is_wrong: bool) -> None:
    text = SKLEARN.format(role=ROLE, version=version, python=python)
    assert found(tmp_path, text, "TRN405") == ["TRN405"] * is_wrong


IMAGE = """
from sagemaker import image_uris
from sagemaker.estimator import Estimator

estimator = Estimator(
    image_uri={image}, role="{role}", instance_type="ml.m5.xlarge", instance_count=1, {more}
)
{start}
"""
DEEP = '"763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.1-cpu-py310"'


@pytest.mark.parametrize(
    ("image", "more", "start", "is_missing"),
    [
        (DEEP, "", "estimator.fit()", True),
        ('image_uris.retrieve("pytorch", "eu-west-1", image_scope="training")', "", "estimator.fit()", True),
        (DEEP, "entry_point=None", "estimator.fit()", True),
        (DEEP, 'entry_point="train.py"', "estimator.fit()", False),
        (DEEP, 'hyperparameters={"sagemaker_program": "train.py"}', "estimator.fit()", False),
        (DEEP, 'environment={"SAGEMAKER_PROGRAM": "train.py"}', "estimator.fit()", False),
        (DEEP, 'container_entry_point=["python"]', "estimator.fit()", False),
        (DEEP, "hyperparameters=found", "estimator.fit()", False),
        (DEEP, "", "", False),
        (DEEP.replace("763104351884", "111122223333"), "", "estimator.fit()", False),
        (DEEP.replace("pytorch-training", "own-training"), "", "estimator.fit()", False),
        ('image_uris.retrieve("xgboost", "eu-west-1", "1.7-1")', "", "estimator.fit()", False),
        (
            'image_uris.retrieve("pytorch", "eu-west-1", image_scope="inference")',
            "",
            "estimator.fit()",
            False,
        ),
    ],
)
def test_an_image_without_a_program(
    tmp_path: Path, image: str, more: str, start: str, is_missing: bool
) -> None:
    text = IMAGE.format(image=image, role=ROLE, more=more, start=start)
    assert found(tmp_path, text, "TRN212") == ["TRN212"] * is_missing


UNUSED = """
from sagemaker.pytorch import PyTorch


def start():
    output_path = "s3://churn/models"
    estimator = PyTorch(
        entry_point="train.py",
        role="{role}",
        framework_version="2.1",
        py_version="py310",
        instance_type="ml.m5.xlarge",
        instance_count=1,
    )
    {inside}
    return estimator


{after}
"""


@pytest.mark.parametrize(
    ("inside", "after", "is_unused"),
    [
        ("", "", True),
        ("", "print(eval('1 + 1'))", True),
        ("", "def other():\n    return globals()", True),
        ("", "def other(text):\n    return eval(text)", True),
        ("print(locals())", "", False),
        ("eval(text)", "", False),
        ("eval('output_path')", "", False),
        ("eval('estimator')", "", True),
    ],
)
def test_a_name_that_dynamic_code_may_read(tmp_path: Path, inside: str, after: str, is_unused: bool) -> None:
    text = UNUSED.format(role=ROLE, inside=inside or "pass", after=after)
    assert found(tmp_path, text, "TRN423") == ["TRN423"] * is_unused
