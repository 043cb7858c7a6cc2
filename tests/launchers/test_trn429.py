"""TRN429: checkpoints in the model archive, and a resume on the first run."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.launcher_script.trn429_checkpoints import LostCheckpoints

from tests.launchers.pairs import notebook, said

LAUNCHER = LostCheckpoints.bad.files["launch.py"]
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
trainer = Trainer(model=read())
"""
WRONG = {
    "the variable": (LAUNCHER, "TrainingArguments(os.environ['SM_MODEL_DIR'])"),
    "the path": (LAUNCHER, "TrainingArguments(output_dir='/opt/ml/model', num_train_epochs=3)"),
    "an option": (LAUNCHER, "TrainingArguments(output_dir=args.model_dir)"),
    "below it": (LAUNCHER, "TrainingArguments(output_dir=os.path.join(args.model_dir, 'run'))"),
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
