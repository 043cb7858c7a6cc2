"""Numbers that Python does not print: nothing fails on them, wherever they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from training_alignment import check
from training_alignment import facts as facts_of
from training_alignment.artefacts.json_tree import read_json
from training_alignment.artefacts.tree import UNKNOWN, Scalar
from training_alignment.artefacts.yaml_tree import read_yaml
from training_alignment.reports.facts_text import facts_text
from training_alignment.reports.json_text import json_text
from training_alignment.rules.example_builder import built

from flake8_training.rules.rule import Example
from tests.harness import flake8, write

VAST = f"0x{'f' * 4_000}"

SCRIPT = """\
import argparse, os
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
parser = argparse.ArgumentParser()
parser.add_argument("--C", type=int, default=NUMBER)
args = parser.parse_args()
train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], NUMBER, f"a{NUMBER}", "a" + str(NUMBER)))
model = LogisticRegression(C=NUMBER, max_iter=-NUMBER).fit(train[["a"]], train["b"])
print("accuracy:", model.score(train[["a"]], train["b"]), "%d" % NUMBER, os.environ.get("SM_NUM_GPUS", NUMBER))
joblib.dump(model, os.path.join("/opt/ml", NUMBER, int("9" * 4000)))
"""


def test_scripts(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT.replace("NUMBER", VAST)})
    run = flake8("--select=TRN", "--enable-extensions=TRN9", "train.py", folder=tmp_path)
    codes = {code for _, _, code in run.places}
    assert codes
    assert "TRN001" not in codes
    found = facts_of(str(tmp_path / "train.py"))
    assert found["is_training_script"]
    assert "--C" in facts_text(found)
    assert json.loads(json_text(found))["arguments"][0]["name"] == "C"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("contract", "{", "{NUMBER: 1, "),
        ("config", "training_volume_size: int = 30", "training_volume_size: int = NUMBER"),
        ("builder", "instance_count=", "max_run=NUMBER, instance_count="),
    ],
)
def test_artefacts(path: str, old: str, new: str, tmp_path: Path) -> None:
    files = dict(Example(built()).files)
    named = [name for name in files if path in name and old in files[name]]
    assert named, files
    for name in named:
        files[name] = files[name].replace(old, new.replace("NUMBER", VAST), 1)
    write(tmp_path, files)
    assert "TRN001" not in {finding.code for finding in check(root=tmp_path)}


@pytest.mark.parametrize("text", ["9" * 102, "-" + "9" * 300])
@pytest.mark.parametrize("read", [read_json, read_yaml])
def test_data(text: str, read: Callable[[bytes, str], object]) -> None:
    node = read(text.encode(), "a")
    assert isinstance(node, Scalar)
    assert node.value is UNKNOWN


@pytest.mark.parametrize("text", ["0x" + "f" * 300, "0b" + "1" * 390, "1" + ":10" * 100])
def test_data_in_other_bases(text: str) -> None:
    node = read_yaml(text.encode(), "a.yaml")
    assert isinstance(node, Scalar)
    assert node.value is UNKNOWN
