"""TRN408 and TRN409: the channels of a job and those of its script."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.finding import Severity
from tests.launchers.pairs import assert_found, findings, launcher, said
from tests.margin import Place

SCRIPT = "import os\n\nprint(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\n"
NO_NAME = "an input without a name is the channel 'training'"


@pytest.mark.parametrize(
    ("inputs", "detail"),
    [
        ("'s3://bucket/x'", NO_NAME),
        ("TrainingInput('s3://bucket/x')", NO_NAME),
        ("", "the job has no channels"),
        ("None", "the job has no channels"),
        ("{'training': 's3://bucket/x'}", "the job has training"),
        ("inputs={'trian': 's3://bucket/x'}", "the job has trian, did you mean trian?"),
        ("{'train': 's3://bucket/x'}", ""),
        ("{'Train': 's3://bucket/x'}", ""),
        ("unknown", ""),
        ("{name: 's3://bucket/x' for name in names}", ""),
        ("{**unknown, 'test': 's3://bucket/x'}", ""),
    ],
)
def test_a_channel_that_is_read(tmp_path: Path, inputs: str, detail: str) -> None:
    text = "from sagemaker.inputs import TrainingInput\n" + launcher(inputs=inputs)
    found = said(tmp_path, {"launch.py": text, "code/train.py": SCRIPT}, "TRN408")
    assert found == ([f"TRN408 SM_CHANNEL_TRAIN; {detail}"] if detail else [])


HELPER = """
import argparse
import os

import pandas as pd


def table(folder):
    return pd.read_csv(os.path.join(folder, "data.csv"))


parser = argparse.ArgumentParser()
parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
parser.add_argument("--test", default=os.environ.get("SM_CHANNEL_TEST"))
args = parser.parse_args()
train = table(args.train)
{second}
"""


@pytest.mark.parametrize(
    ("second", "missing"),
    [
        ("test = table(args.test)", ["TRN408 SM_CHANNEL_TRAIN; the job has test"]),
        ("if args.test:\n    test = table(args.test)", []),
    ],
)
def test_a_function_that_reads_one_channel_after_the_other(
    tmp_path: Path, second: str, missing: list[str]
) -> None:
    files = {
        "launch.py": launcher(inputs="{'test': 's3://bucket/x'}"),
        "code/train.py": HELPER.format(second=second),
    }
    assert said(tmp_path, files, "TRN408") == missing


def test_hyperparameters_that_are_not_known_set_no_variable(tmp_path: Path) -> None:
    files = {"code/train.py": SCRIPT}
    files["launch.py"] = launcher(more="hyperparameters=unknown,", inputs="{'test': 's3://bucket/x'}")
    assert said(tmp_path, files, "TRN408") == ["TRN408 SM_CHANNEL_TRAIN; the job has test"]


@pytest.mark.parametrize(
    ("inputs", "detail"),
    [
        ("{'trian': 's3://bucket/x'}", ["TRN409 trian, did you mean train?"]),
        ("{'trian': 's3://bucket/x', 'train': 's3://bucket/x'}", []),
        ("{'archive': 's3://bucket/x'}", []),
    ],
)
def test_a_slip_is_told_where_the_script_may_read_anything(
    tmp_path: Path, inputs: str, detail: list[str]
) -> None:
    script = "import os\nimport ours\n\nours.read_all(os.environ['SM_CHANNEL_TRAIN'])\n"
    files = {"launch.py": launcher(inputs=inputs), "code/train.py": script}
    assert said(tmp_path, files, "TRN409") == detail


@pytest.mark.parametrize(
    "script",
    [
        "import os\nprint(os.environ.get('SM_CHANNEL_TRAIN'))\n",
        "import os\nif 'SM_CHANNEL_TRAIN' in os.environ:\n    print(os.environ['SM_CHANNEL_TRAIN'])\n",
        "import os, sys\nif len(sys.argv) > 3:\n    print(os.environ['SM_CHANNEL_TRAIN'])\n",
        "import os\ntry:\n    print(os.environ['SM_CHANNEL_TRAIN'])\nexcept KeyError:\n    pass\n",
        "import os\ndef never():\n    print(os.environ['SM_CHANNEL_TRAIN'])\nprint(1)\n",
        "import os\nos.environ['SM_CHANNEL_TRAIN'] = 'x'\nprint(os.environ['SM_CHANNEL_TRAIN'])\n",
    ],
)
def test_a_channel_that_may_be_missing(tmp_path: Path, script: str) -> None:
    assert said(tmp_path, {"launch.py": launcher(), "code/train.py": script}, "TRN408") == []


def test_in_a_function_that_main_calls(tmp_path: Path) -> None:
    script = (
        "import argparse, os\n\ndef parse():\n    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--train', default=os.environ['SM_CHANNEL_TRAIN'])\n    return parser.parse_args()\n\n"
        "def main():\n    print(parse())\n\nif __name__ == '__main__':\n    main()\n"
    )
    files = {"launch.py": launcher(), "code/train.py": script}
    assert_found(tmp_path, files, [("launch.py", 14, "TRN408")], "TRN408")


READING = """
import argparse, os
import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--data", default=os.environ.get("SM_CHANNEL_TRAIN"{default}))
args = parser.parse_args()
{indent}frame = pd.read_csv(os.path.join(args.data, "train.csv"))
"""


@pytest.mark.parametrize(
    ("default", "indent", "more", "expected"),
    [
        ("", "", "", [("launch.py", 14, "TRN408")]),
        (", None", "", "", [("launch.py", 14, "TRN408")]),
        (", 'data'", "", "", [("launch.py", 14, "TRN408")]),
        (", '/srv/data'", "", "", []),
        (", '/opt/ml/input/data/train/'", "", "", [("launch.py", 14, "TRN408")]),
        (", '/opt/ml/input/data/training'", "", "", []),
        (", '/opt/ml/input/data/train'", "", "hyperparameters={'data': '/opt/ml/input/data/training'},", []),
        (", '/opt/ml/input/data/train'", "if os.path.exists(args.data): ", "", []),
        (", '/opt/ml/input/data/train'", "if args.data: ", "", []),
        (
            ", '/opt/ml/input/data/train'",
            "if not os.path.isdir(args.data): raise SystemExit\n",
            "",
            [],
        ),
        (
            ", '/opt/ml/input/data/train'",
            "if os.path.exists('/opt/ml/input/config'): print('in a job')\n",
            "",
            [("launch.py", 14, "TRN408")],
        ),
        ("", "if args.data: ", "", []),
        ("", "", "hyperparameters={'data': '/opt/ml/input/data/training'},", []),
    ],
)
def test_a_folder_that_is_read(
    tmp_path: Path, default: str, indent: str, more: str, expected: list[Place]
) -> None:
    script = READING.format(default=default, indent=indent)
    text = launcher(more=more, inputs="{'training': 's3://bucket/x'}")
    assert_found(tmp_path, {"launch.py": text, "code/train.py": script}, expected, "TRN408")


def test_model_uri_makes_a_channel(tmp_path: Path) -> None:
    script = "import os\nprint(os.environ['SM_CHANNEL_MODEL'])\n"
    more = "model_uri='s3://bucket/model.tar.gz',"
    assert (
        said(tmp_path, {"launch.py": launcher(more=more), "code/train.py": script}, "TRN408", "TRN409") == []
    )


UNREAD = [("launch.py", 14, "TRN409")]


@pytest.mark.parametrize(
    ("script", "more", "expected"),
    [
        (SCRIPT, "", UNREAD),
        (SCRIPT + "print(os.environ.get('SM_CHANNEL_TEST'))\n", "", []),
        (SCRIPT + "print(open('/opt/ml/input/data/test/x').read())\n", "", []),
        (
            SCRIPT + "import json\nfor name in json.loads(os.environ['SM_CHANNELS']):\n    print(name)\n",
            "",
            [],
        ),
        (SCRIPT + "root = '/opt/ml/input/data'\nprint(os.listdir(root))\n", "", []),
        (SCRIPT + "root = '/opt/ml'\nopen(os.path.join(root, 'input/data', name))\n", "", []),
        (SCRIPT + "root = '/opt/ml'\nopen(find(root))\n", "", []),
        (SCRIPT + "import lib\nlib.read({'root': '/opt/ml/input'})\n", "", []),
        (
            SCRIPT
            + "from pathlib import Path\nfor one in Path('/opt/ml/input/data').iterdir():\n    print(one)\n",
            "",
            [],
        ),
        (SCRIPT + "print(os.listdir(os.environ['SM_INPUT_DIR']))\n", "", []),
        (SCRIPT + "os.chdir('/opt/ml/input/data')\n", "", []),
        (SCRIPT + "root = '/opt/ml'\nopen(os.path.join(root, 'model', 'x'), 'w')\n", "", UNREAD),
        (SCRIPT + "if os.path.exists('/opt/ml'):\n    print('in a job', '/opt/ml/input')\n", "", UNREAD),
        (SCRIPT + "print(os.listdir(os.environ.get('SM_OUTPUT_DIR', '/opt/ml')))\n", "", UNREAD),
        (
            SCRIPT
            + "from pathlib import Path\nprint((Path('/opt/ml') / 'input/data/train/x').read_text())\n",
            "",
            UNREAD,
        ),
        (SCRIPT + "for name in names:\n    print(os.environ[f'SM_CHANNEL_{name}'])\n", "", []),
        (SCRIPT + "import subprocess\nsubprocess.run(['python', 'other.py'])\n", "", []),
        (SCRIPT, "hyperparameters={'path': '/opt/ml/input/data/test'},", []),
        (SCRIPT, "environment={'DATA': '/opt/ml/input/data/test'},", []),
        (SCRIPT, "hyperparameters={'path': unknown},", []),
        ("def train_input_fn(training_dir, params):\n    return training_dir\n", "", []),
    ],
)
def test_a_channel_that_nothing_reads(tmp_path: Path, script: str, more: str, expected: list[Place]) -> None:
    text = launcher(more=more, inputs="{'train': 's3://b/x', 'test': 's3://b/y'}")
    assert_found(tmp_path, {"launch.py": text, "code/train.py": script}, expected, "TRN409")


def test_version_3_adds_a_channel_for_the_code(tmp_path: Path) -> None:
    text = """
from sagemaker.train import ModelTrainer
from sagemaker.core.training.configs import InputData, SourceCode

trainer = ModelTrainer(
    training_image="image",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    input_data_config=[InputData(channel_name="train", data_source="s3://bucket/x")],
)
trainer.train()
"""
    script = SCRIPT + "print(os.environ['SM_CHANNEL_CODE'], os.environ['SM_CHANNEL_TEST'])\n"
    found = said(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN408", "TRN409")
    assert found == ["TRN408 SM_CHANNEL_TEST; the job has train"]


COMPUTED = """
from base import StepBuilder, TrainingScriptContract
from sagemaker.inputs import TrainingInput
from sagemaker.sklearn import SKLearn
from sagemaker.workflow.steps import TrainingStep

CONTRACT = TrainingScriptContract(
    entry_point="train.py",
    expected_input_paths={"rows": "/opt/ml/input/data", "days": "/opt/ml/input/data/calendar/days.csv"},
)


class Builder(StepBuilder):
    def __init__(self, role):
        super().__init__(CONTRACT)

    def _splits(self, base):
        return {"train": TrainingInput(f"{base}/train"), "test": TrainingInput(f"{base}/test")}

    def channels(self, inputs):
        found = {}
        for name, path in self.contract.expected_input_paths.items():
            parts = path.split("/")
            if len(parts) > 5:
                found[{key}] = TrainingInput(inputs[name])
            else:
                found.update(self._splits(inputs[name]))
        return found

    def create_step(self, inputs):
        estimator = SKLearn(
            entry_point="train.py",
            source_dir="code",
            role="arn:aws:iam::123456789012:role/Training",
            instance_type="ml.m5.xlarge",
            framework_version="1.2-1",
        )
        return TrainingStep(name="Training", estimator=estimator, inputs=self.channels(inputs))
"""


@pytest.mark.parametrize(
    ("key", "channel", "is_missing"),
    [
        ("parts[5]", "VALIDATION", True),
        ("parts[5]", "CALENDAR", False),
        ("parts[5]", "TEST", False),
        ("parts[-2]", "VALIDATION", True),
        ("inputs[name]", "VALIDATION", False),
    ],
)
def test_channels_that_are_computed_from_the_contract(
    tmp_path: Path, key: str, channel: str, is_missing: bool
) -> None:
    files = {
        "build.py": COMPUTED.replace("{key}", key),
        "code/train.py": f"import os\n\nprint(os.listdir(os.environ['SM_CHANNEL_{channel}']))\n",
    }
    assert bool(said(tmp_path, files, "TRN408")) is is_missing


HELPER_OF_TRAINERS = """
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import InputData, SourceCode


def start(script, inputs=None):
    trainer = ModelTrainer(
        training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
        source_code=SourceCode(source_dir="code", entry_script=script),
    )
    trainer.train(input_data_config=inputs)


start("train.py", [InputData(channel_name="train", data_source="s3://churn/train")])
start("check.py"{second})
"""


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ("", []),
        (', [InputData(channel_name="train", data_source="s3://churn/check")]', ["TRN409"]),
    ],
)
def test_a_channel_of_another_call(tmp_path: Path, second: str, found: list[str]) -> None:
    files = {
        "launch.py": HELPER_OF_TRAINERS.replace("{second}", second),
        "code/train.py": SCRIPT,
        "code/check.py": "print(1)\n",
    }
    assert [one.partition(" ")[0] for one in said(tmp_path, files, "TRN409")] == found


FOLDERS = """
import argparse
import os

import pandas as pd


def table(folder):
    for name in {names}:
        {before}
        print(pd.read_csv(os.path.join(folder, name)))


parser = argparse.ArgumentParser()
parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN", "{train}"))
parser.add_argument("--test", default=os.environ.get("SM_CHANNEL_TEST", "{test}"))
args = parser.parse_args()
table(args.train)
table(args.test)
"""


def _script(test: str = "./data/test", before: str = "", names: str = '("x.csv", "y.csv")') -> str:
    return FOLDERS.format(train="./data/train", test=test, before=before, names=names)


@pytest.mark.parametrize(
    ("script", "more", "channels", "missing"),
    [
        (_script(), {}, "train", True),
        (_script(), {"data/test/x.csv": "1\n"}, "train", True),
        (_script(), {"code/data/test/x.csv": "1\n"}, "train", False),
        (_script(), {}, "", False),
        (_script(names="()"), {}, "train", False),
        (_script(names="os.listdir(folder)"), {}, "train", True),
        (_script(before="if name == 'y.csv': continue"), {}, "train", False),
        (_script(before="os.makedirs(folder, exist_ok=True)"), {}, "train", False),
        (_script(before="fetch(folder)"), {}, "train", False),
        (_script(test="/srv/data"), {}, "train", False),
    ],
)
def test_a_default_folder_that_the_job_does_not_have(
    tmp_path: Path, script: str, more: dict[str, str], channels: str, missing: bool
) -> None:
    files = {
        "launch.py": launcher(inputs=f"{{'{channels}': 's3://bucket/x'}}" if channels else ""),
        "code/train.py": script,
        **more,
    }
    found = findings(tmp_path, files, "TRN408")
    assert [one.message.partition(": ")[2].partition(";")[0] for one in found] == (
        ["SM_CHANNEL_TEST"] if missing else []
    )
    assert {one.severity for one in found} <= {Severity.WARNING}
