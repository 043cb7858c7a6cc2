"""TRN112 in a launch: checkpoints beside the folder that SageMaker copies to ``checkpoint_s3_uri``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import launcher, said

KEPT = "checkpoint_s3_uri='s3://bucket/checkpoints/',"
SCRIPT = """
import os

from datasets import load_from_disk
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments
{more}
train = load_from_disk(os.environ["SM_CHANNEL_TRAIN"])
arguments = TrainingArguments(output_dir={folder})
model = AutoModelForSequenceClassification.from_pretrained("bert")
trainer = Trainer(model=model, args=arguments, train_dataset=train)
trainer.train()
trainer.save_model(os.environ["SM_MODEL_DIR"])
"""


@pytest.mark.parametrize(
    ("folder", "more", "launched", "path"),
    [
        ('"/tmp/out"', "", KEPT, "/tmp/out"),
        ('"out"', "", KEPT, "out"),
        ('"./checkpoints/run"', "", KEPT, "./checkpoints/run"),
        ('"/opt/ml/checkpoints"', "", KEPT, ""),
        ('"/opt/ml/checkpoints/run"', "", KEPT, ""),
        ('"out", save_strategy="no"', "", KEPT, ""),
        ('"out"', 'os.chdir("/opt/ml/checkpoints")', KEPT, ""),
        ('"out"', 'print("os.chdir")', KEPT, "out"),
        ('os.environ["OUT"]', "", KEPT, ""),
        ('"~/out"', "", KEPT, ""),
        ('"out"', "", "", ""),
        ('"/data/out"', "", f"{KEPT} checkpoint_local_path='/data/out',", ""),
    ],
)
def test_checkpoints(tmp_path: Path, folder: str, more: str, launched: str, path: str) -> None:
    script = SCRIPT.format(folder=folder, more=more)
    files = {"launch.py": launcher(more=launched), "code/train.py": script}
    found = said(tmp_path, files, "TRN112")
    assert len(found) == bool(path), found
    assert all(f"are written to {path}, and" in one for one in found)
