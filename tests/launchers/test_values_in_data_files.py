"""A value out of a YAML or JSON file is reported in that file, at its line; flake8 reports it in the launcher."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alignment import check
from tests.harness import flake8, write

SCRIPT = """import argparse
import os

import pandas as pd
import joblib
from sklearn.linear_model import LogisticRegression

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--solver", choices=["lbfgs", "saga"], default="lbfgs")
parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
args = parser.parse_args()
data = pd.read_csv(os.path.join(args.train, "train.csv"))
model = LogisticRegression(max_iter=args.epochs, solver=args.solver).fit(data[["a"]], data["b"])
print(f"accuracy: {model.score(data[['a']], data['b'])}")
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
LAUNCHER = """import json

import yaml
from sagemaker.sklearn import SKLearn

with open("settings.{kind}") as stream:
    settings = {parser}(stream)

estimator = SKLearn(
    entry_point=settings["script"],
    source_dir="code",
    role=settings["role"],
    instance_type=settings["instance"]["type"],
    instance_count=settings["instance"]["count"],
    volume_size=settings["instance"]["volume"],
    max_run=settings["instance"]["seconds"],
    framework_version="1.2-1",
    py_version="py3",
    hyperparameters=settings["hyperparameters"],
    metric_definitions=settings["metrics"],
)
estimator.fit(settings["channels"])
"""
YAML = """# the settings of the job
script: train.py
role: arn:aws:iam::123456789012:role/Training
instance:
  type: ml.m5.xlarge
  count: 1
  volume: 30
  seconds: 3600
hyperparameters:
  epochs: 3
  solver: saga
metrics:
  - Name: accuracy
    Regex: 'accuracy: ([0-9.]+)'
channels:
  train: s3://churn/train/
"""
JSON = """{
  "script": "train.py",
  "role": "arn:aws:iam::123456789012:role/Training",
  "instance": {
    "type": "ml.m5.xlarge",
    "count": 1,
    "volume": 30,
    "seconds": 3600
  },
  "hyperparameters": {
    "epochs": 3,
    "solver": "saga"
  },
  "metrics": [
    {
      "Name": "accuracy",
      "Regex": "accuracy: ([0-9.]+)"
    }
  ],
  "channels": {
    "train": "s3://churn/train/"
  }
}
"""
FAULTS = [
    ("ml.m5.xlarge", "ml.m5.xlagre", "TRN211"),
    (("count: 1", '"count": 1'), ("count: 0", '"count": 0'), "TRN211"),
    (("volume: 30", '"volume": 30'), ("volume: 30000", '"volume": 30000'), "TRN211"),
    (("seconds: 3600", '"seconds": 3600'), ("seconds: 36000000", '"seconds": 36000000'), "TRN211"),
    ("role/Training", "rolle/Training", "TRN416"),
    (("epochs: 3", '"epochs": 3'), ("epoch_s: 3", '"epoch_s": 3'), "TRN410"),
    (("epochs: 3", '"epochs": 3'), ("epochs: three", '"epochs": "three"'), "TRN411"),
    ("saga", "sagas", "TRN411"),
    ("([0-9.]+)", "[0-9.]+", "TRN413"),
    ("train.py", "trian.py", "TRN406"),
]
FORMATS = {"yaml": (YAML, "yaml.safe_load", 0), "json": (JSON, "json.load", 1)}


def files(kind: str, text: str) -> dict[str, str]:
    """The files of a project whose settings are in a file."""
    launcher = LAUNCHER.format(kind=kind, parser=FORMATS[kind][1])
    return {"launch.py": launcher, f"settings.{kind}": text, "code/train.py": SCRIPT}


@pytest.mark.parametrize("kind", FORMATS)
def test_an_aligned_project_has_no_finding(tmp_path: Path, kind: str) -> None:
    write(tmp_path, files(kind, FORMATS[kind][0]))
    assert check(folder=tmp_path).places == []


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(("before", "after", "code"), FAULTS)
def test_a_fault_is_reported_at_its_line(
    tmp_path: Path, kind: str, before: str | tuple[str, str], after: str | tuple[str, str], code: str
) -> None:
    text, _, index = FORMATS[kind]
    old = before if isinstance(before, str) else before[index]
    new = after if isinstance(after, str) else after[index]
    assert text.count(old) == 1
    faulty = text.replace(old, new)
    line = next(number for number, one in enumerate(faulty.splitlines(), 1) if new in one)
    write(tmp_path, files(kind, faulty))
    expected = [(f"settings.{kind}", line, code)]
    assert [one for one in check(folder=tmp_path).places if one[2] == code] == expected
    # The commit of the settings alone is checked as well.
    assert [one for one in check(f"settings.{kind}", folder=tmp_path).places if one[2] == code] == expected


def test_flake8_reports_a_value_of_a_data_file_in_the_launcher(tmp_path: Path) -> None:
    write(tmp_path, files("yaml", YAML.replace("ml.m5.xlarge", "ml.m5.xlagre")))
    found = flake8("--select=TRN211", "launch.py", folder=tmp_path).places
    assert [(path, code) for path, _, code in found] == [("launch.py", "TRN211")]


def test_a_comment_in_the_data_file_silences(tmp_path: Path) -> None:
    write(tmp_path, files("yaml", YAML.replace("ml.m5.xlarge", "ml.m5.xlagre  # noqa: TRN211")))
    assert check(folder=tmp_path).places == []


def test_a_data_file_that_git_does_not_list_is_reported_in_the_launcher(tmp_path: Path) -> None:
    from tests.alignment import git

    git(tmp_path, "init", "-q")
    write(
        tmp_path,
        {**files("yaml", YAML.replace("ml.m5.xlarge", "ml.m5.xlagre")), ".gitignore": "settings.yaml\n"},
    )
    assert [(path, code) for path, _, code in check(folder=tmp_path).places] == [("launch.py", "TRN211")]


def test_a_finding_names_every_launcher_that_reads_the_file(tmp_path: Path) -> None:
    faulty = files("yaml", YAML.replace("ml.m5.xlarge", "ml.m5.xlagre"))
    through_module = {
        "settings_file.py": "import yaml\n\n\ndef load():\n"
        '    with open("settings.yaml") as stream:\n        return yaml.safe_load(stream)\n',
        "other.py": LAUNCHER.format(kind="yaml", parser="yaml.safe_load").replace(
            'with open("settings.yaml") as stream:\n    settings = yaml.safe_load(stream)\n',
            "from settings_file import load\n\nsettings = load()\n",
        ),
        "unrelated.py": LAUNCHER.format(kind="yaml", parser="yaml.safe_load").replace(
            'open("settings.yaml")', 'open("other.yaml")'
        ),
    }
    write(tmp_path, {**faulty, **through_module})
    (found,) = (one for one in check(folder=tmp_path).findings if one["code"] == "TRN211")
    named = [(one["path"], one["line"], one["message"]) for one in found["related"]]
    line = through_module["other.py"].splitlines().index("estimator = SKLearn(") + 1
    assert named == [
        ("launch.py", 7, "the launcher reads the file"),
        ("other.py", line, "the launcher takes the value"),
    ]


PROCESSING = """import yaml
from sagemaker.sklearn.processing import SKLearnProcessor

with open("settings.yaml") as stream:
    settings = yaml.safe_load(stream)

processor = SKLearnProcessor(
    framework_version="1.2-1",
    role="arn:aws:iam::123456789012:role/Processing",
    instance_type="ml.m5.xlarge",
    instance_count=1,
)
processor.run(code=settings["code"], arguments=["--share", settings["share"]])
"""
PREPARES = (
    "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--share', type=float)\n"
)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("code: steps/prepare.py\nshare: '0.2'\n", []),
        ("code: steps/prepares.py\nshare: '0.2'\n", [("settings.yaml", 1, "TRN451")]),
        ("code: steps/prepare.py\nshare: a fifth\n", [("settings.yaml", 2, "TRN452")]),
    ],
)
def test_a_value_of_a_processing_job_is_reported_at_its_line(
    tmp_path: Path, settings: str, expected: list[tuple[str, int, str]]
) -> None:
    script = f"{PREPARES}print(parser.parse_args())\n"
    write(tmp_path, {"launch.py": PROCESSING, "settings.yaml": settings, "steps/prepare.py": script})
    for checked in ([], ["settings.yaml"]):
        found = check(*checked, folder=tmp_path).places
        assert [one for one in found if one[2].startswith("TRN45")] == expected


def test_a_null_is_filled_in_later(tmp_path: Path) -> None:
    launcher = LAUNCHER.format(kind="yaml", parser="yaml.safe_load")
    settings = YAML.replace("type: ml.m5.xlarge", "type:")
    write(tmp_path, {"launch.py": launcher, "settings.yaml": settings, "code/train.py": SCRIPT})
    assert check(folder=tmp_path).places == []
    write(tmp_path, {"launch.py": launcher.replace('settings["instance"]["type"]', "None")})
    assert [place[2] for place in check(folder=tmp_path).places] == ["TRN402"]
