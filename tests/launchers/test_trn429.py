"""TRN429: checkpoints in the model archive, and a resume on the first run."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.launcher_script.trn429_checkpoints import LostCheckpoints

from tests.launchers.pairs import findings, notebook, said

LAUNCHER = LostCheckpoints.bad.files["launch.py"]
KEPT = LAUNCHER.replace("role=", 'checkpoint_s3_uri="s3://bucket/c",\n    role=')
SPOT = KEPT.replace("role=", "use_spot_instances=True,\n    max_wait=90000,\n    role=")
V3 = """
from sagemaker.core.training.configs import SourceCode
from sagemaker.train import ModelTrainer
ModelTrainer(training_image="i", source_code=SourceCode(source_dir="code", entry_script="train.py")).train()
"""
HEAD = """
import argparse
import os
from transformers import Trainer, TrainingArguments
from trl import SFTConfig
parser = argparse.ArgumentParser()
parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
args = parser.parse_args()
trainer = Trainer(model=None)
"""
WRONG = {
    "the variable": (LAUNCHER, "TrainingArguments(os.environ['SM_MODEL_DIR'])"),
    "the path": (LAUNCHER, "TrainingArguments(output_dir='/opt/ml/model', num_train_epochs=3)"),
    "an option": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir)"),
    "below it": (LAUNCHER, "TrainingArguments(output_dir=os.path.join(args.model_dir, 'run'))"),
    "many steps": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, max_steps=5000)"),
    "of trl": (LAUNCHER, "SFTConfig(output_dir='/opt/ml/model')"),
    "each epoch": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, save_strategy='epoch')"),
    "v3": (V3, "TrainingArguments(output_dir='/opt/ml/model')"),
    "a resume": (LAUNCHER, "trainer.train(resume_from_checkpoint=True)"),
    "a resume in a function": (
        LAUNCHER,
        "def main():\n    trainer.train(resume_from_checkpoint=True)\nmain()",
    ),
}
PASSED = LAUNCHER.replace("role=", 'hyperparameters={"model-dir": "/opt/ml/checkpoints"},\n    role=')
RIGHT = {
    "checkpoints": (LAUNCHER, "TrainingArguments(output_dir='/opt/ml/checkpoints')"),
    "not saved": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, save_strategy='no')"),
    "the best one": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, save_strategy='best')"),
    "a strategy of unknown value": (
        LAUNCHER,
        "TrainingArguments(output_dir=args.model_dir, save_strategy=read())",
    ),
    "limited": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, save_total_limit=1)"),
    "few steps": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, max_steps=10)"),
    "steps of unknown number": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, max_steps=read())"),
    "unpacked": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir, **read())"),
    "not known": (LAUNCHER, "TrainingArguments(output_dir=read())"),
    "passed by the launcher": (PASSED, "TrainingArguments(output_dir=args.model_dir)"),
    "another class": (LAUNCHER, "from shop import TrainingArguments as T\nT(output_dir=args.model_dir)"),
    "a resume that is found": (
        LAUNCHER,
        "from transformers.trainer_utils import get_last_checkpoint as g\n"
        "trainer.train(resume_from_checkpoint=g('/opt/ml/checkpoints'))",
    ),
    "a resume in a branch": (LAUNCHER, "if os.listdir('x'):\n    trainer.train(resume_from_checkpoint=True)"),
    "no resume": (LAUNCHER, "trainer.train(resume_from_checkpoint=False)"),
    "another trainer": (LAUNCHER, "read().train(resume_from_checkpoint=True)"),
}
V3_KEPT = """
from sagemaker.core.training.configs import CheckpointConfig, Compute, SourceCode
from sagemaker.train import ModelTrainer
ModelTrainer(
    training_image="i",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    compute=Compute(instance_type="ml.g5.xlarge", instance_count=1, enable_managed_spot_training=True),
    checkpoint_config=CheckpointConfig(s3_uri="s3://bucket/c"{more}),
).train()
"""
REQUEST = """
import boto3
boto3.client("sagemaker").create_training_job(
    TrainingJobName="a", RoleArn="r", OutputDataConfig={{"S3OutputPath": "s3://bucket/o"}},
    AlgorithmSpecification={{"TrainingImage": "i", "TrainingInputMode": "File"}},
    HyperParameters={{"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://bucket/code.tar.gz"}},
    ResourceConfig={{"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}},
    StoppingCondition={{"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60}}, EnableManagedSpotTraining=True,
    CheckpointConfig={{"S3Uri": "s3://bucket/c"{more}}},
)
"""
KEPT_AT = KEPT.replace("role=", 'checkpoint_local_path="/opt/ml/states",\n    role=')
KERAS = "import keras\nimport torch\nfrom lightning.pytorch import Trainer as L\n"
OPTION = "parser.add_argument('--out', default='/tmp/x')\nargs = parser.parse_args()\n"
ARGUMENTS = "TrainingArguments(output_dir={})\ntrainer.train()"


def passing(hyperparameters: str) -> str:
    """The launcher with these hyperparameters, which keeps checkpoints."""
    text = KEPT.replace("role=", f"hyperparameters={hyperparameters},\n    role=")
    return f"import os\n{text}"


NEVER_USED = {
    "a default of the launcher": (
        passing("{'out': os.getenv('OUT', '/tmp/y')}"),
        OPTION + ARGUMENTS.format("'/tmp/out'"),
    ),
    "an option that the script does not have": (
        passing("{'other': read()}"),
        OPTION + ARGUMENTS.format("'/tmp/out'"),
    ),
    "nothing is written": (KEPT, "trainer.train()\ntrainer.save_model('/opt/ml/model')"),
    "elsewhere": (KEPT, ARGUMENTS.format("'/tmp/out'")),
    "the default folder, and another is kept": (KEPT_AT, ARGUMENTS.format("'/opt/ml/checkpoints'")),
    "a relative folder": (KEPT, f"{KERAS}keras.callbacks.ModelCheckpoint('checkpoints/best.keras')"),
    "v3": (V3_KEPT.format(more=""), ARGUMENTS.format("'/tmp/out'")),
    "v3 with another folder": (
        V3_KEPT.format(more=', local_path="/opt/ml/s"'),
        ARGUMENTS.format("'/opt/ml/checkpoints'"),
    ),
    "a request": (REQUEST.format(more=""), ARGUMENTS.format("'/tmp/out'")),
    "a read of an unknown path": (
        KEPT,
        "import soundfile\nsoundfile.read(read())\nopen(read())\nopen(read(), 'rb')\n"
        + ARGUMENTS.format("'/tmp/out'"),
    ),
    "a default that the launcher leaves": (KEPT, OPTION + ARGUMENTS.format("args.out")),
}
USED = {
    "a default that is the folder": (
        passing("{'out': os.getenv('OUT', '/opt/ml/checkpoints')}"),
        OPTION + ARGUMENTS.format("'/tmp/out'"),
    ),
    "an unknown value that is read by its key": (
        passing("{'other': read()}"),
        "import json\nout = json.loads(os.environ['SM_HPS'])['other']\n" + ARGUMENTS.format("'/tmp/out'"),
    ),
    "the folder": (KEPT, ARGUMENTS.format("'/opt/ml/checkpoints'")),
    "below it": (KEPT, f"{KERAS}torch.save({{}}, '/opt/ml/checkpoints/a/b.pt')"),
    "only read": (KEPT, "trainer.train()\nos.listdir('/opt/ml/checkpoints')"),
    "another folder": (KEPT_AT, ARGUMENTS.format("'/opt/ml/states/run'")),
    "v3": (V3_KEPT.format(more=', local_path="/opt/ml/s"'), "torch = 1\nopen('/opt/ml/s/a', 'a')"),
    "an option of the launcher": (
        KEPT.replace("role=", 'hyperparameters={"out": "/opt/ml/checkpoints"},\n    role='),
        OPTION + ARGUMENTS.format("args.out"),
    ),
    "an option of unknown value": (
        KEPT.replace("role=", 'hyperparameters={"out": read()},\n    role='),
        OPTION + ARGUMENTS.format("args.out"),
    ),
    "a folder of unknown value": (KEPT, ARGUMENTS.format("read()")),
    "a file of unknown mode": (KEPT, "open(read(), read())\n" + ARGUMENTS.format("'/tmp/out'")),
    "a file of unknown path": (KEPT, "open(read(), 'w')\n" + ARGUMENTS.format("'/tmp/out'")),
    "a library without a table": (KEPT, "import shop\nshop.train()"),
    "another program": (KEPT, "import subprocess\nsubprocess.run(['python', 'learn.py'])"),
    "no folder is kept": (LAUNCHER, "trainer.train()"),
    "a folder of unknown name": (
        KEPT.replace("role=", "checkpoint_local_path=read(),\n    role="),
        ARGUMENTS.format("'/tmp/out'"),
    ),
}
KERAS_CHECKPOINT = f"{KERAS}keras.callbacks.ModelCheckpoint('/opt/ml/checkpoints/best.keras')\n"
NEVER_LOADED = {
    "a Trainer": (SPOT, ARGUMENTS.format("'/opt/ml/checkpoints'")),
    "trl": (SPOT, "SFTConfig(output_dir='/opt/ml/checkpoints')\ntrainer.train()"),
    "keras": (SPOT, f"{KERAS_CHECKPOINT}keras.Sequential().fit(1, 2, epochs=9)"),
    "torch": (
        SPOT,
        f"{KERAS}os.makedirs('/opt/ml/checkpoints')\ntorch.save({{}}, '/opt/ml/checkpoints/b.pt')",
    ),
    "v3": (V3_KEPT.format(more=""), ARGUMENTS.format("'/opt/ml/checkpoints'")),
    "a request": (REQUEST.format(more=""), ARGUMENTS.format("'/opt/ml/checkpoints'")),
}
LOADED = {
    "no spot training": (KEPT, ARGUMENTS.format("'/opt/ml/checkpoints'")),
    "a resume": (
        SPOT,
        ARGUMENTS.format("'/opt/ml/checkpoints'").replace("train()", "train(resume_from_checkpoint=a)"),
    ),
    "a test for a file": (SPOT, f"{KERAS_CHECKPOINT}os.path.exists('/opt/ml/checkpoints/best.keras')"),
    "a load": (SPOT, f"{KERAS_CHECKPOINT}keras.models.load_model('/opt/ml/checkpoints/best.keras')"),
    "an epoch to begin with": (SPOT, f"{KERAS_CHECKPOINT}keras.Sequential().fit(1, initial_epoch=2)"),
    "a callback that restores": (SPOT, f"{KERAS}keras.callbacks.BackupAndRestore('/opt/ml/checkpoints')"),
    "lightning": (
        SPOT,
        f"{KERAS}from lightning.pytorch.callbacks import ModelCheckpoint\n"
        "ModelCheckpoint(dirpath='/opt/ml/checkpoints')\nL().fit(a, ckpt_path='last')",
    ),
    "a store": (SPOT, f"{KERAS_CHECKPOINT}os.environ['C'] = '/opt/ml/checkpoints'"),
}


@pytest.mark.parametrize("name", NEVER_USED)
def test_a_folder_that_the_script_never_uses(tmp_path: Path, name: str) -> None:
    text, line = NEVER_USED[name]
    (found,) = findings(tmp_path, {"launch.py": text, "code/train.py": f"{HEAD}{line}\n"}, "TRN429")
    assert found.path == "launch.py"
    assert "stays empty" in found.message


@pytest.mark.parametrize("name", USED)
def test_a_folder_that_the_script_uses_or_may(tmp_path: Path, name: str) -> None:
    text, line = USED[name]
    assert said(tmp_path, {"launch.py": text, "code/train.py": f"{HEAD}{line}\n"}, "TRN429") == []


@pytest.mark.parametrize("name", NEVER_LOADED)
def test_checkpoints_that_nothing_loads(tmp_path: Path, name: str) -> None:
    text, line = NEVER_LOADED[name]
    (found,) = findings(tmp_path, {"launch.py": text, "code/train.py": f"{HEAD}{line}\n"}, "TRN429")
    assert found.path == "code/train.py"
    assert "begins again" in found.message


@pytest.mark.parametrize("name", LOADED)
def test_checkpoints_that_are_loaded_or_may_be(tmp_path: Path, name: str) -> None:
    text, line = LOADED[name]
    assert said(tmp_path, {"launch.py": text, "code/train.py": f"{HEAD}{line}\n"}, "TRN429") == []


def test_a_lost_folder_is_the_cause(tmp_path: Path) -> None:
    text = f"{HEAD}{ARGUMENTS.format(repr('/tmp/out'))}\ntrainer.save_model('/opt/ml/model')\n"
    found = findings(tmp_path, {"launch.py": KEPT, "code/train.py": text}, "TRN112", "TRN429")
    assert [one.code for one in found] == ["TRN112"]


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    text, line = WRONG[name]
    assert len(said(tmp_path, {"launch.py": text, "code/train.py": f"{HEAD}{line}\n"}, "TRN429")) == 1


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    text, line = RIGHT[name]
    assert said(tmp_path, {"launch.py": text, "code/train.py": f"{HEAD}{line}\n"}, "TRN429") == []


def test_in_a_notebook(tmp_path: Path) -> None:
    script = f"%%writefile code/train.py\n{HEAD}TrainingArguments('/opt/ml/model')\n"
    assert len(said(tmp_path, {"launch.ipynb": notebook(script, LAUNCHER)}, "TRN429")) == 1
