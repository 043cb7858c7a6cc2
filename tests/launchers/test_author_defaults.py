"""Defaults that the author wrote: they decide if no file of the repository passes or assigns another value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import options, said

SETTINGS = """
from dataclasses import dataclass, field


@dataclass
class Settings:
    role: str = "arn:aws:iam::123456789012:role/Training"
    hyperparameters: dict = field(default_factory=lambda: {"depth": 4})
    framework_version: str = "2.1"
    bucket: str = ""
"""

BUILDER = """
from sagemaker.pytorch import PyTorch

from settings import Settings


class Builder:
    def __init__(self, settings: Settings):
        self.settings = settings

    def start(self):
        estimator = PyTorch(
            entry_point="train.py",
            source_dir="code",
            role=self.settings.role,
            instance_type="ml.m5.xlarge",
            instance_count=1,
            framework_version=self.settings.framework_version,
            py_version="py310",
            hyperparameters=self.settings.hyperparameters,
        )
        estimator.fit()
"""


def of_settings(folder: Path, **more: str) -> list[str]:
    """What is said of a job whose hyperparameters are a default of a configuration."""
    files = {
        "settings.py": SETTINGS,
        "build.py": BUILDER,
        "code/train.py": options("'--epochs', type=int"),
        **{f"{name}.py": text for name, text in more.items()},
    }
    return [one for one in said(folder, files, "TRN4") if one.startswith("TRN410")]


def test_a_field_that_nothing_constructs_has_its_default(tmp_path: Path) -> None:
    (found,) = of_settings(tmp_path)
    assert "--depth" in found
    assert found.endswith(", by default")


@pytest.mark.parametrize(
    "other",
    [
        # a call that passes another field
        "from settings import Settings\n\nsettings = Settings(role='arn:aws:iam::123456789012:role/Other')\n",
        # another class of that name
        "class Settings:\n    pass\n\n\nsettings = Settings(hyperparameters={'epochs': 1})\n",
        "from colours import Settings\n\nsettings = Settings(hyperparameters=3)\n",
        # annotations and type tests construct nothing
        "from settings import Settings\n\n\ndef show(one: Settings) -> bool:\n    return isinstance(one, Settings)\n",
        # another object's attribute, in a file that does not know the class
        "import other\n\nother.hyperparameters = {'epochs': 1}\n",
    ],
)
def test_an_unrelated_use_leaves_the_default(tmp_path: Path, other: str) -> None:
    assert len(of_settings(tmp_path, main=other, colours="class Settings:\n    pass\n")) == 1


@pytest.mark.parametrize(
    "other",
    [
        "from settings import Settings\n\nsettings = Settings(hyperparameters={'epochs': 1})\n",
        "from settings import Settings\n\nsettings = Settings('role', {'epochs': 1})\n",
        "import yaml\nfrom settings import Settings\n\nsettings = Settings(**yaml.safe_load(open('s.yaml')))\n",
        "import settings\n\none = settings.Settings(hyperparameters={'epochs': 1})\n",
        "from settings import Settings\n\n\nclass Own(Settings):\n    pass\n",
        "from settings import Settings\n\nfill(Settings)\n",
        "from settings import Settings\n\n\ndef change(s: Settings):\n    s.hyperparameters = {'epochs': 1}\n",
        "import importlib\n\nmade = getattr(importlib.import_module('settings'), 'Settings')()\n",
    ],
)
def test_a_use_that_may_give_another_value_is_respected(tmp_path: Path, other: str) -> None:
    assert of_settings(tmp_path, main=other) == []


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS.replace('{"depth": 4}', "{}"),
        SETTINGS.replace('field(default_factory=lambda: {"depth": 4})', "None"),
        SETTINGS.replace(
            "@dataclass\nclass Settings:",
            "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):",
        ),
    ],
)
def test_an_empty_default_and_a_class_that_others_fill_decide_nothing(tmp_path: Path, settings: str) -> None:
    files = {"settings.py": settings, "build.py": BUILDER, "code/train.py": options("'--epochs', type=int")}
    assert said(tmp_path, files, "TRN410", "TRN411", "TRN416") == []


FUNCTION = """
from sagemaker.pytorch import PyTorch

DEFAULTS = {{"entry": "training.py"}}


class Builder:
    def __init__(self, {parameters}):
        {body}

    def start(self):
        estimator = PyTorch(
            entry_point=self.entry,
            source_dir="code",
            role="arn:aws:iam::123456789012:role/Training",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            framework_version="2.1",
            py_version="py310",
        )
        estimator.fit()
"""

FORMS = [
    ("entry='training.py'", "self.entry = entry"),
    ("given=None", "given = given or DEFAULTS\n        self.entry = given['entry']"),
    ("given=None", "given = DEFAULTS if given is None else given\n        self.entry = given['entry']"),
    ("given=None", "if given is None:\n            given = DEFAULTS\n        self.entry = given['entry']"),
]


@pytest.mark.parametrize(("parameters", "body"), FORMS)
def test_a_parameter_that_no_call_passes_has_its_default(tmp_path: Path, parameters: str, body: str) -> None:
    files = {"build.py": FUNCTION.format(parameters=parameters, body=body), "code/train.py": options()}
    assert said(tmp_path, files, "TRN406") == ["TRN406 training.py in code, by default"]


@pytest.mark.parametrize(("parameters", "body"), FORMS)
def test_a_call_in_another_file_comes_first(tmp_path: Path, parameters: str, body: str) -> None:
    name = parameters.partition("=")[0]
    files = {
        "build.py": FUNCTION.format(parameters=parameters, body=body),
        "code/train.py": options(),
        "main.py": f"import sys\nfrom build import Builder\n\nBuilder({name}=sys.argv[1])\n",
    }
    assert said(tmp_path, files, "TRN406") == []


def test_a_role_that_no_call_passes_is_no_missing_role(tmp_path: Path) -> None:
    text = FUNCTION.format(parameters="role=None", body="self.role = role\n        self.entry = 'train.py'")
    files = {
        "build.py": text.replace('role="arn:aws:iam::123456789012:role/Training"', "role=self.role"),
        "code/train.py": options(),
    }
    assert said(tmp_path, files, "TRN4") == []
