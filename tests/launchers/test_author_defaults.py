"""Defaults that the author wrote: they decide if no file of the repository passes or assigns another value."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository

from tests.launchers.pairs import findings, options, said

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


OPTIONS = """
import argparse
import os

from sagemaker.pytorch import PyTorch

parser = argparse.ArgumentParser()
parser.add_argument("--entry-point", default="train.py")
parser.add_argument("--count", type=int, default="2")
parser.add_argument("--epochs", default={default!r})
args = parser.parse_args()
estimator = PyTorch(
    entry_point=args.entry_point,
    source_dir=os.environ.get("SOURCES", "code"),
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=args.count,
    framework_version="2.1",
    py_version="py310",
    hyperparameters={{"epochs": args.epochs, "rate": os.getenv("RATE", "high")}},
)
estimator.fit()
"""
TAKES_NUMBERS = options("'--epochs', type=int", "'--rate', type=float")


def of_options(folder: Path, default: object = "ten", files: dict[str, str] | None = None) -> list[str]:
    """The options of a launcher and its variables whose values the script does not accept."""
    written = {
        "deploy/launch.py": OPTIONS.format(default=default),
        "code/train.py": TAKES_NUMBERS,
        **(files or {}),
    }
    found = [one for one in said(folder, written, "TRN4") if one.startswith("TRN411")]
    assert all(one.endswith(", by default") for one in found)
    return sorted(word for one in found for word in ("--epochs", "--rate") if word in one)


def test_an_option_and_a_variable_have_their_defaults(tmp_path: Path) -> None:
    assert of_options(tmp_path) == ["--epochs", "--rate"]


@pytest.mark.parametrize("default", [None, "", 3, "3"])
def test_an_option_without_a_default_that_the_script_rejects(tmp_path: Path, default: object) -> None:
    assert of_options(tmp_path, default) == ["--rate"]


@pytest.mark.parametrize(
    ("path", "text", "left"),
    [
        ("run.sh", "python deploy/launch.py --epochs 3\n", ["--rate"]),
        ("ci/train.yml", "run: python -m deploy.launch --epochs=3\n", ["--rate"]),
        (
            "run.py",
            "import subprocess\nsubprocess.run(['python', 'deploy/launch.py', '--epochs', '3'])\n",
            ["--rate"],
        ),
        ("run.sh", "export RATE=0.1\npython deploy/launch.py\n", ["--epochs"]),
        ("deploy/.env", "RATE=0.1\n", ["--epochs"]),
        ("stack.py", "variables = {'RATE': '0.1'}\n", ["--epochs"]),
        ("start.py", "import os\nos.environ['RATE'] = '0.1'\n", ["--epochs"]),
        # another program's option, a usage in prose, another variable, a reading
        ("run.sh", "python deploy/other.py --epochs 3\n", ["--epochs", "--rate"]),
        ("README.md", "python deploy/launch.py --epochs 3; RATE=0.1\n", ["--epochs", "--rate"]),
        (
            "run.sh",
            "python deploy/launch.py --epochs-of-warming 3; LEARNING_RATE=0.1\n",
            ["--epochs", "--rate"],
        ),
        ("show.py", "import os\nRATE = os.environ.get('RATE')\n", ["--epochs", "--rate"]),
    ],
)
def test_what_starts_the_launcher_decides(tmp_path: Path, path: str, text: str, left: list[str]) -> None:
    assert of_options(tmp_path, files={path: text}) == left


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("start.py", []),
        # data that large is no configuration of a job
        ("rows.json", ["--epochs", "--rate"]),
        ("history.txt", ["--epochs", "--rate"]),
    ],
)
def test_code_that_is_too_large_to_read_may_pass_anything(tmp_path: Path, path: str, left: list[str]) -> None:
    assert of_options(tmp_path, files={path: "1\n" * 600_000}) == left


READS_A_FILE = """
import argparse
import os

import yaml
from sagemaker.pytorch import PyTorch

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "settings.yaml")


def load(path):
    with open(path) as stream:
        return yaml.safe_load(stream)


def start(settings):
    estimator = PyTorch(
        entry_point=settings["script"],
        source_dir="code",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type=settings["type"],
        instance_count=1,
        framework_version="2.1",
        py_version="py310",
    )
    estimator.fit()


parser = argparse.ArgumentParser()
parser.add_argument("--settings", default=HERE)
args = parser.parse_args()
start(load(args.settings))
"""


def test_a_data_file_at_the_default_of_an_option(tmp_path: Path) -> None:
    settings = "script: train.py\ntype: ml.m5.xlarg\n"
    files = {"launch.py": READS_A_FILE, "settings.yaml": settings, "code/train.py": options()}
    (found,) = findings(tmp_path, files, "TRN211")
    assert (found.path, found.line) == ("settings.yaml", 2)
    assert found.message.endswith(", by default")
    assert not findings(tmp_path, {**files, "run.sh": "python launch.py --settings other.yaml\n"}, "TRN211")


@pytest.mark.parametrize(
    ("start", "decides"),
    [
        ("python launch.py --settings settings.yaml", True),
        ("python launch.py --settings=settings.yaml --wait", True),
        ('run(["launch.py", "--settings", "settings.yaml"])', True),
        ("python launch.py --settings settings.yaml.old", False),
        ("python launch.py --settings other.yaml", False),
        ("python launch.py --settings $1 settings.yaml", False),
    ],
)
def test_an_option_that_a_start_passes_with_its_default(tmp_path: Path, start: str, decides: bool) -> None:
    files = {
        "launch.py": READS_A_FILE.replace("default=HERE", 'default="settings.yaml"'),
        "settings.yaml": "script: train.py\ntype: ml.m5.xlarg\n",
        "code/train.py": options(),
        "run.sh": f"{start}\n",
    }
    assert bool(findings(tmp_path, files, "TRN211")) is decides
    ((_, (launch,)),) = Search(Repository.open(tmp_path)).found()
    (linked,) = Search(Repository.open(tmp_path)).linked(launch.file, [launch])
    assert (launch.script_path, linked.script_path) == (None, "code/train.py" if decides else None)
