"""``training-alignment facts`` of a launcher: what it starts, and what it gives to each job."""

from __future__ import annotations

import json
from pathlib import Path

from tests.alignment import training_alignment
from tests.harness import write
from tests.launchers.pairs import launcher, notebook, options

MORE = """hyperparameters={"epochs": 3, "layers": [64, 32], "rate": rate()},
    environment={"LEVEL": "debug"},
    metric_definitions=[{"Name": "loss", "Regex": "loss: ([0-9.]+)"}],"""
FILES = {
    "launch.py": launcher(more=MORE, inputs='{"train": "s3://churn/train"}'),
    "code/train.py": options('"--epochs"'),
}
TEXT = """launch.py line 4: PyTorch (pytorch)
  starts: code/train.py
  with the folder: code
  versions: framework_version 2.1, py_version py310
  channels:
    train  line 16
  hyperparameters:
    epochs  3         line 12
    layers  [64, 32]  line 12
    rate    'rate()'  line 12
  environment variables:
    LEVEL  'debug'  line 13
  metrics:
    loss  loss: ([0-9.]+)  line 14
"""
DATA = {
    "estimator": "PyTorch",
    "framework": "pytorch",
    "line": 4,
    "script": "code/train.py",
    "source_dir": "code",
    "versions": {"framework_version": "2.1", "py_version": "py310"},
    "channels": [{"name": "train", "certain": True, "line": 16}],
    "hyperparameters": [
        {"name": "epochs", "value": 3, "line": 12, "tuned": False},
        {"name": "layers", "value": [64, 32], "line": 12, "tuned": False},
        {"name": "rate", "value": "rate()", "line": 12, "tuned": False},
    ],
    "environment_variables": [{"name": "LEVEL", "value": "debug", "line": 13}],
    "metrics": [{"name": "loss", "regex": "loss: ([0-9.]+)", "line": 14}],
    "cannot_tell": [],
}
SCRIPT_KEYS = [
    "path",
    "is_training_script",
    "frameworks",
    "channels",
    "environment_variables",
    "arguments",
    "hyperparameters",
    "reads",
    "writes",
    "trains",
    "evaluates",
    "saves_model",
    "cannot_tell",
    "unknown",
]


def test_as_text(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert training_alignment("facts", "launch.py", folder=tmp_path) == (0, TEXT, "")


def test_as_json(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    found = json.loads(training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).output)
    assert list(found) == [*SCRIPT_KEYS, "launches"]
    assert found["launches"] == [DATA]


def test_of_a_notebook_the_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = notebook(FILES["launch.py"])
    write(tmp_path, {"launch.ipynb": text, "code/train.py": FILES["code/train.py"]})
    found = json.loads(
        training_alignment("facts", "--format", "json", "launch.ipynb", folder=tmp_path).output
    )
    assert list(found) == ["path", "launches"]
    (launch,) = found["launches"]
    lines = text.splitlines()
    assert "estimator = PyTorch(" in lines[launch["line"] - 1]
    assert "estimator.fit" in lines[launch["channels"][0]["line"] - 1]
    assert {"epochs", "layers", "rate"} == {one["name"] for one in launch["hyperparameters"]}


def test_what_cannot_be_told_is_named(tmp_path: Path) -> None:
    text = launcher(more="hyperparameters=given(), environment=given(),", inputs="channels()")
    write(tmp_path, {"launch.py": text})
    found = json.loads(training_alignment("facts", "--format", "json", "launch.py", folder=tmp_path).output)
    (launch,) = found["launches"]
    assert launch["script"] is None
    assert launch["cannot_tell"] == ["channels", "hyperparameters", "environment_variables"]
    text = training_alignment("facts", "launch.py", folder=tmp_path).output
    assert text.endswith("  there may be more: channels, hyperparameters, environment variables\n")


def test_a_script_has_the_facts_of_a_script_alone(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    done = training_alignment("facts", "--format", "json", "code/train.py", folder=tmp_path)
    assert list(json.loads(done.output)) == SCRIPT_KEYS


def test_a_notebook_that_starts_nothing_has_no_facts(tmp_path: Path) -> None:
    write(tmp_path, {"notes.ipynb": "no notebook"})
    done = training_alignment("facts", "notes.ipynb", folder=tmp_path)
    assert done.exit_code == 2
    assert done.errors == "training-alignment: notes.ipynb: starts no training job that can be read\n"
