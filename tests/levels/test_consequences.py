"""The severity of a script's finding in the jobs that the launchers of the repository start."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from textwrap import dedent

import pytest
from training_alignment.checking.consequences import _HARMLESS
from training_alignment.rules.step_rule import PACKAGE

from flake8_training.finding import Severity
from flake8_training.rules.registry import rules
from tests.harness import write
from tests.in_process import run_command

SCRIPT = """
    import argparse
    import os

    import joblib
    import pandas as pd
    from sklearn.linear_model import SGDClassifier

    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        {options}
        args = parser.parse_args()
        data = pd.read_csv({data})
        model = SGDClassifier({arguments})
        model.fit(data.drop(columns="y")[:800], data["y"][:800])
        print(model.score(data.drop(columns="y")[800:], data["y"][800:]))
        joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
READ = 'os.path.join(os.environ["SM_CHANNEL_TRAINING"], "train.csv")'
WARM = 'parser.add_argument("--warm", type=bool, default=True)'
FLAG = 'parser.add_argument("--warm-start", "--warm", action="store_true")'
EPOCHS = 'parser.add_argument("--epochs", type=int, default=3)'
USED = {
    WARM: "warm_start=args.warm",
    FLAG: "warm_start=args.warm_start",
    EPOCHS: "max_iter=args.epochs",
    "": "",
}


def script(option: str, data: str = READ) -> str:
    return dedent(SCRIPT).format(options=option or "pass", data=data, arguments=USED[option])


def launcher(hyperparameters: str, inputs: str = '"s3://bucket/train/"', before: str = "") -> str:
    body = f"""
        estimator = SKLearn(
            entry_point="train.py",
            role="arn:aws:iam::123456789012:role/Training",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            framework_version="1.2-1",
            py_version="py3",
            {hyperparameters}
        )
        estimator.fit({inputs})
    """
    return f"from sagemaker.sklearn import SKLearn\n\n{before}\n{dedent(body)}"


def severities(folder: Path, code: str, files: dict[str, str]) -> list[str]:
    """Return the severities of the findings of a code in the script."""
    write(folder, files)
    found = json.loads(run_command(["check", "--all", "--format=json"], folder).output)
    return [one["severity"] for one in found if one["code"] == code and one["path"] == "train.py"]


@pytest.mark.parametrize(
    ("code", "option", "data", "launching", "severity"),
    [
        ("TRN113", WARM, READ, launcher(""), "warning"),
        ("TRN113", WARM, READ, launcher('hyperparameters={"warm": True},'), "warning"),
        ("TRN113", WARM, READ, launcher('hyperparameters={"cold": False, "warm": 1},'), "warning"),
        ("TRN113", WARM, READ, launcher('hyperparameters={"warm": warm},', before="from site import warm"), "error"),
        ("TRN114", FLAG, READ, launcher('hyperparameters={"epochs": 3},'), "warning"),
        ("TRN114", FLAG, READ, launcher("hyperparameters=given,", before="from site import given"), "error"),
        ("TRN114", FLAG, READ, launcher('hyperparameters={"warm": ""},'), "warning"),
        ("TRN114", FLAG, READ, launcher('hyperparameters={"warm": "", "epochs": 3},'), "warning"),
        ("TRN101", "", READ, launcher(""), "warning"),
        ("TRN101", "", READ, launcher("hyperparameters=given,", before="from site import given"), "error"),
        ("TRN102", EPOCHS, '"train.csv"', launcher("", inputs=""), "warning"),
        ("TRN102", EPOCHS, '"train.csv"', launcher(""), "error"),
        ("TRN102", EPOCHS, '"train.csv"', launcher("", inputs="found", before="from site import found"), "error"),
    ],
)  # fmt: skip
def test_severity(code: str, option: str, data: str, launching: str, severity: str, tmp_path: Path) -> None:
    files = {"launch.py": launching, "train.py": script(option, data)}
    assert severities(tmp_path, code, files) == [severity]


ON_SOME_PATHS = """
from site import given

parameters = {"epochs": 3}
if given:
    parameters["warm"] = VALUE
"""


@pytest.mark.parametrize(
    ("code", "option", "value", "severity"),
    [
        ("TRN114", FLAG, '""', "warning"),
        ("TRN114", FLAG, "True", "error"),
        ("TRN113", WARM, "True", "warning"),
    ],
)
def test_a_value_that_is_passed_on_some_paths(
    code: str, option: str, value: str, severity: str, tmp_path: Path
) -> None:
    launching = launcher("hyperparameters=parameters,", before=ON_SOME_PATHS.replace("VALUE", value))
    assert severities(tmp_path, code, {"launch.py": launching, "train.py": script(option)}) == [severity]


def test_one_launcher_of_several_decides(tmp_path: Path) -> None:
    files = {
        "first.py": launcher('hyperparameters={"cold": 1},'),
        "second.py": launcher('hyperparameters={"warm": warm},', before="from site import warm"),
        "train.py": script(WARM),
    }
    assert severities(tmp_path, "TRN113", files) == ["error"]


def test_a_launcher_of_another_script_does_not_count(tmp_path: Path) -> None:
    other = launcher('hyperparameters={"warm": warm},', before="from site import warm")
    files = {
        "launch.py": launcher('hyperparameters={"cold": 1},'),
        "other.py": other.replace("train.py", "another.py"),
        "train.py": script(WARM),
        "another.py": "print(1)\n",
    }
    assert severities(tmp_path, "TRN113", files) == ["warning"]


def test_a_flag_that_a_launcher_passes_is_an_error(tmp_path: Path) -> None:
    files = {"launch.py": launcher('hyperparameters={"warm": True},'), "train.py": script(FLAG)}
    assert severities(tmp_path, "TRN114", files) == ["error"]


@pytest.mark.parametrize(
    ("value", "severity"),
    [("True", "warning"), ("1", "warning"), ("False", "error"), ("warm", "error")],
)
def test_a_flag_of_a_parser_that_ignores_words(value: str, severity: str, tmp_path: Path) -> None:
    files = {
        "launch.py": launcher(f'hyperparameters={{"warm-start": {value}}},', before="from site import warm"),
        "train.py": script(FLAG).replace("args = parser.parse_args()", "args, _ = parser.parse_known_args()"),
    }
    assert severities(tmp_path, "TRN114", files) == [severity]


@pytest.mark.parametrize(
    ("hyperparameters", "severity"), [("", "warning"), ("hyperparameters=given,", "error")]
)
def test_a_script_that_a_cell_writes(hyperparameters: str, severity: str, tmp_path: Path) -> None:
    cells = [
        "%%writefile train.py\n" + script(""),
        launcher(hyperparameters, before="from site import given"),
    ]
    notebook = {
        "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    write(tmp_path, {"launch.ipynb": json.dumps(notebook)})
    found = json.loads(run_command(["check", "--all", "--format=json"], tmp_path).output)
    assert [one["severity"] for one in found if one["code"] == "TRN101"] == [severity]


CHECKPOINTS = 'checkpoint_s3_uri="s3://bucket/checkpoints/", '
FOLDER = 'hyperparameters={"folder": "/opt/ml/checkpoints"},'


@pytest.mark.parametrize(
    ("arguments", "severity"),
    [
        (CHECKPOINTS + FOLDER, "warning"),
        (FOLDER, "error"),
        (CHECKPOINTS + 'hyperparameters={"folder": "/tmp/checkpoints"},', "error"),
    ],
)
def test_a_model_in_the_folder_of_the_checkpoints(arguments: str, severity: str, tmp_path: Path) -> None:
    option = 'parser.add_argument("--folder", default="/tmp/out")'
    source = (
        script(EPOCHS)
        .replace(EPOCHS, f"{EPOCHS}; {option}")
        .replace('os.environ["SM_MODEL_DIR"]', "args.folder")
    )
    assert severities(tmp_path, "TRN104", {"launch.py": launcher(arguments), "train.py": source}) == [
        severity
    ]


@pytest.mark.parametrize("rule", rules(PACKAGE), ids=lambda rule: str(rule.code))
def test_a_rule_documents_the_cases_that_are_warnings(rule: object) -> None:
    lowers = "Severity.WARNING" in inspect.getsource(inspect.getmodule(type(rule)) or inspect)
    code, severity, clauses = (getattr(type(rule), name) for name in ("code", "severity", "warning_when"))
    assert bool(clauses) == (severity is Severity.ERROR and (lowers or code in _HARMLESS))


LOCAL = """
    import argparse
    import os

    import boto3
    import joblib
    import pandas as pd
    from sklearn.linear_model import SGDClassifier
    from sklearn.metrics import accuracy_score

    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--epochs", type=int, default=3)
        args = parser.parse_args()
        {before}
        data = {data}
        model = SGDClassifier(max_iter=args.epochs)
        model.fit(data.drop(columns="y")[:800], data["y"][:800])
        print(model.score(data.drop(columns="y")[800:], data["y"][800:]))
        joblib.dump(model, {target})
        {after}
"""
MODEL = 'os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib")'
LAUNCHER = launcher('hyperparameters={"epochs": 3},')


@pytest.mark.parametrize(
    ("before", "data", "severity"),
    [
        ("pass", 'pd.read_csv("data/train.csv")', "error"),
        ("pass", 'pd.read_csv("s3://bucket/train.csv")', "warning"),
        ('boto3.client("s3").download_file("b", "k", "/tmp/train.csv")', 'pd.read_csv("/tmp/train.csv")', "warning"),
        ('boto3.client("s3").download_file("b", "k", "/tmp/vocabulary")', 'pd.read_csv("train.csv")', "error"),
    ],
)  # fmt: skip
def test_data_that_the_script_downloads(before: str, data: str, severity: str, tmp_path: Path) -> None:
    source = dedent(LOCAL).format(before=before, data=data, target=MODEL, after="")
    assert severities(tmp_path, "TRN102", {"launch.py": LAUNCHER, "train.py": source}) == [severity]


@pytest.mark.parametrize(
    ("target", "after", "severity"),
    [
        ('"/tmp/model.joblib"', "", "error"),
        ('"/tmp/model.joblib"', 'boto3.client("s3").upload_file("/tmp/model.joblib", "b", "k")', "warning"),
        ('"/tmp/model.joblib"', 'boto3.client("s3").upload_file("/tmp/report.json", "b", "k")', "error"),
        ('os.path.join(os.environ["SM_OUTPUT_DATA_DIR"], "model.joblib")', "", "warning"),
    ],
)  # fmt: skip
def test_a_model_that_is_kept_elsewhere(target: str, after: str, severity: str, tmp_path: Path) -> None:
    source = dedent(LOCAL).format(before="pass", data=f"pd.read_csv({READ})", target=target, after=after)
    assert severities(tmp_path, "TRN104", {"launch.py": LAUNCHER, "train.py": source}) == [severity]


OF_SERVICE = """
import boto3, os
from sklearn.linear_model import Ridge

boto3.client("forecast").create_{made}(PredictorName="demand", DatasetGroupName=os.environ["SM_CHANNEL_TRAIN"])
{more}
"""


@pytest.mark.parametrize(
    ("made", "more", "severity"),
    [
        ("auto_predictor", "", "warning"),
        ("auto_predictor", "Ridge().fit([[1]], [1])", "error"),
        ("dataset_group", "Ridge().fit([[1]], [1])", "error"),
    ],
)
def test_a_model_that_a_service_keeps(made: str, more: str, severity: str, tmp_path: Path) -> None:
    source = OF_SERVICE.format(made=made, more=more)
    assert severities(tmp_path, "TRN104", {"launch.py": LAUNCHER, "train.py": source}) == [severity]
