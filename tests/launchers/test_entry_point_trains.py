"""An entry point that a launcher certainly starts is to train, whatever it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alignment import training_alignment
from tests.harness import write

LAUNCHER = """
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point="train.py",
    source_dir="src",
    role="arn:aws:iam::123456789012:role/Reef",
    framework_version="1.2-1",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    {more}
)
estimator.fit({{"corals": "s3://reef/corals/"}})
"""
READING = """
import os
import joblib
import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
"""
MAIN = """
def main():
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_CORALS"], "corals.csv"))
    model = SVC().fit(data[["x"]], data["y"])
    print(model.score(data[["x"]], data["y"]))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
DATA = 'data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_CORALS"], "corals.csv"))\n'
SAVED = "os.path.join(os.environ['SM_MODEL_DIR'], 'model.joblib')"

UNTRAINED = {
    "an empty file": "",
    "a docstring": '"""Trains."""\n',
    "main() that nothing calls": READING + MAIN,
    "a model that is only made": f"{READING}{DATA}joblib.dump(SVC(), {SAVED})\n",
    "a scaler beside it": f"{READING}{DATA}StandardScaler().fit(data)\njoblib.dump(SVC(), {SAVED})\n",
}
UNCLEAR = {
    "main() that is called": READING + MAIN + "\nmain()\n",
    "a fitted scaler is the product": f"{READING}{DATA}joblib.dump(StandardScaler().fit(data), {SAVED})\n",
    "an unknown library": "import ours\n\ndef main():\n    ours.train()\n",
    "an unknown library is called": "import ours\nours.main()\n",
    "another program": "import subprocess, sys\nsubprocess.run([sys.executable, 'other.py'])\n",
    "a command that a decorator registers": "import click\n\n@click.command()\ndef main():\n    pass\n",
    "an evaluation": f"{READING}{DATA}print(joblib.load('m').score(data[['x']], data['y']))\n",
}


def _said(folder: Path, script: str, more: str = "") -> list[str]:
    write(folder, {"launch.py": LAUNCHER.format(more=more), "src/train.py": script})
    run = training_alignment("check", "--all", "--format", "json", "--select", "TRN10", folder=folder)
    return [found["code"] for found in run.findings]


@pytest.mark.parametrize("script", UNTRAINED.values(), ids=UNTRAINED)
def test_nothing_is_trained(script: str, tmp_path: Path) -> None:
    assert _said(tmp_path, script) == ["TRN103"]


@pytest.mark.parametrize("script", UNCLEAR.values(), ids=UNCLEAR)
def test_something_may_be_trained(script: str, tmp_path: Path) -> None:
    assert "TRN103" not in _said(tmp_path, script)


def test_an_image_of_the_project_may_do_another_work(tmp_path: Path) -> None:
    image = 'image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1",'
    assert _said(tmp_path, UNTRAINED["a docstring"], image) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("main", True),
        ("__main_", True),
        ("__Main__", True),
        ("__main__", False),
        ("train", False),
        ("mainly", False),
    ],
)
def test_a_misspelt_guard_never_runs(name: str, expected: bool, tmp_path: Path) -> None:
    guarded = f"""
import os
import pandas as pd
from sklearn.svm import SVC

def main():
    data = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"])
    SVC().fit(data[["x"]], data["y"])

if __name__ == "{name}":
    main()
"""
    write(tmp_path, {"launch.py": LAUNCHER.format(more=""), "src/train.py": guarded})
    done = training_alignment("check", "--all", "--select=TRN103", "--format", "json", folder=tmp_path)
    assert [code for _, _, code in done.places] == (["TRN103"] if expected else [])
