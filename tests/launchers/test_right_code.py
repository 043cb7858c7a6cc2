"""Right launchers that resemble wrong ones, each with a twin in which the resemblance does not count."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from tests.harness import write
from tests.in_process import run_command

ESTIMATOR = """
    from sagemaker.pytorch import PyTorch

    {before}
    estimator = PyTorch(
        entry_point={entry},
        role="arn:aws:iam::123456789012:role/Training",
        instance_count=1,
        instance_type={instance},
        framework_version="2.1",
        py_version="py310",
        {more}
    )
    estimator.fit({inputs})
"""


def launcher(
    before: str = "",
    more: str = "",
    entry: str = '"train.py"',
    instance: str = '"ml.m5.xlarge"',
    inputs: str = "{}",
) -> str:
    before = before.replace("\n", "\n    ")
    return dedent(ESTIMATOR.format(before=before, more=more, entry=entry, instance=instance, inputs=inputs))


def found(folder: Path, code: str, files: dict[str, str], severity: str = "") -> list[str]:
    """Return the messages of a code."""
    write(folder, files)
    findings = json.loads(run_command(["check", "--all", "--format=json"], folder).output)
    return [f["message"] for f in findings if f["code"] == code and f["severity"].startswith(severity)]


IMPORTS = {"src/train.py": "import src.network\nprint(src.network.SIZE)\n", "src/network.py": "SIZE = 4\n"}


def test_the_source_folder_is_the_one_that_holds_the_script(tmp_path: Path) -> None:
    files = {"jobs/launch.py": launcher(entry='"src/train.py"', more='source_dir=".",'), **IMPORTS}
    assert found(tmp_path, "TRN407", files) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, 1), ({"src/src/network.py": "SIZE = 4\n"}, 0), ({"src/src.py": "network = 1\n"}, 0)],
)
def test_the_job_has_the_content_of_the_folder_not_the_folder(
    more: dict[str, str], expected: int, tmp_path: Path
) -> None:
    files = {"jobs/launch.py": launcher(more='source_dir="src",'), **IMPORTS, **more}
    assert len(found(tmp_path, "TRN407", files)) == expected


LOCAL = """
    import os

    kind = os.environ["KIND"]
    wait = 7200
    if {test}:
        {local}wait = 0
"""


@pytest.mark.parametrize(
    ("test", "local", "expected"),
    [
        ('kind == "local"', "", 0),
        ('kind in ("local", "local_gpu")', "", 0),
        ('os.environ["DEBUG"]', 'kind = "local"; ', 0),
        ('kind == "ml.m5.large"', "", 1),
        ('os.environ["REGION"] == "local"', "", 1),
        ('kind != "local"', "", 1),
    ],
)
def test_a_value_for_local_mode_breaks_no_limit(test: str, local: str, expected: int, tmp_path: Path) -> None:
    before = dedent(LOCAL).format(test=test, local=local).strip()
    source = launcher(before, more="use_spot_instances=True, max_wait=wait,", instance="kind")
    assert len(found(tmp_path, "TRN404", {"launch.py": source, "train.py": "print(1)\n"})) == expected


@pytest.mark.parametrize(("test", "expected"), [('kind != "local"', 0), ('kind == "local"', 1)])
def test_a_value_of_the_other_branch(test: str, expected: int, tmp_path: Path) -> None:
    before = f'import os\n\nkind = os.environ["KIND"]\nwait = 7200\nif {test}:\n    pass\nelse:\n    wait = 0'
    source = launcher(before, more="use_spot_instances=True, max_wait=wait,", instance="kind")
    assert len(found(tmp_path, "TRN404", {"launch.py": source, "train.py": "print(1)\n"})) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ('pathlib.Path("data/train.csv").resolve().as_uri()', 0),
        ('pathlib.Path("data/train.csv").resolve().as_posix()', 1),
    ],
)
def test_a_path_that_becomes_a_uri(location: str, expected: int, tmp_path: Path) -> None:
    source = launcher(
        "import pathlib\nfrom sagemaker.inputs import TrainingInput",
        inputs=f"{{'train': TrainingInput({location})}}",
    )
    assert len(found(tmp_path, "TRN412", {"launch.py": source, "train.py": "print(1)\n"})) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("! aws s3 cp {report_output_path} . --recursive", 0),
        ("!aws s3 ls $report_output_path", 0),
        ("!aws s3 ls {{report_output_path}}", 1),
        ("!echo report_output_path", 1),
    ],
)
def test_a_name_in_a_shell_line_is_used(line: str, expected: int, tmp_path: Path) -> None:
    cells = [launcher('report_output_path = "s3://bucket/report"'), line]
    notebook = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [
            {"cell_type": "code", "id": str(n), "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
            for n, cell in enumerate(cells)
        ],
    }  # fmt: skip
    files = {"launch.ipynb": json.dumps(notebook), "train.py": "print(1)\n"}
    assert len(found(tmp_path, "TRN423", files)) == expected


@pytest.mark.parametrize(("instance", "expected"), [('"local"', []), ('"ml.m5.xlarge"', ["error"])])
def test_a_local_job_takes_no_role(instance: str, expected: list[str], tmp_path: Path) -> None:
    role = "arn:aws:iam::123456789012:role/Training"
    source = launcher(instance=instance).replace(role, f"{role} ")
    messages = found(tmp_path, "TRN416", {"launch.py": source, "train.py": "print(1)\n"})
    assert [message.endswith("ends with a space") for message in messages] == [True] * len(expected)


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ('job_name="churn", base_job_name="churn",', "warning"),
        ('job_name="churn-1", base_job_name="churn",', "error"),
        ('job_name="churn",', "error"),
    ],
)
def test_a_second_name_of_the_same_value_is_a_warning(more: str, severity: str, tmp_path: Path) -> None:
    files = {"launch.py": launcher(more=more), "train.py": "print(1)\n"}
    assert len(found(tmp_path, "TRN403", files, severity)) == 1


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ('checkpoint_s3_uri="s3://b/c/",', "error"),
        ('checkpoint_s3_uri="s3://b/c/", max_run=3600, max_wait=60,', "error"),
        ("max_run=3600, max_wait=7200,", "warning"),
    ],
)
def test_a_spot_training_that_is_refused_is_an_error(more: str, severity: str, tmp_path: Path) -> None:
    files = {"launch.py": launcher(more=f"use_spot_instances=True, {more}"), "train.py": "print(1)\n"}
    assert len(found(tmp_path, "TRN415", files, severity)) == 1


SESSION = 'sagemaker_session=sagemaker.Session(boto3.Session(region_name="eu-west-1")),'


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ("model_dir=False,", "warning"),
        ('model_dir="/opt/ml/model",', "error"),
        ("cheap=False,", "error"),
        ('output_path="s3://bucket/m", model_dir="s3://bucket/m",', "warning"),
        ('output_path="s3://bucket/m", model_dir="s3://bucket/n",', "error"),
        (f'{SESSION} region_name="eu-west-1",', "warning"),
        (f'{SESSION} region_name="us-east-1",', "error"),
        ('region_name="eu-west-1",', "error"),
        ("max_run=3600, cheap=3600,", "error"),
        ("session=sagemaker.Session(),", "warning"),
        ('session=sagemaker.Session(default_bucket="b"),', "error"),
        ("sesion=boto3.Session(),", "error"),
    ],
)
def test_an_ignored_argument_whose_value_the_job_has_is_a_warning(
    more: str, severity: str, tmp_path: Path
) -> None:
    source = launcher("import boto3\nimport sagemaker", more)
    files = {"launch.py": source, "train.py": "print(1)\n"}
    assert len(found(tmp_path, "TRN403", files, severity)) == 1


BY_KEY = """
import json, os
from transformers import TrainingArguments

hps = json.loads(os.environ["SM_HPS"])
TrainingArguments(num_train_epochs=hps["epochs"], {more})
"""


@pytest.mark.parametrize(
    ("more", "severity", "side"),
    [
        ("bf16=True", "warning", "the script sets bf16 to True"),
        ("bf16=False", "error", "the script sets bf16 to False"),
        ("fp16=True", "error", "hyperparameters are read by key"),
        ("bf16=os.cpu_count() > 2", "error", "hyperparameters are read by key"),
    ],
)
def test_a_hyperparameter_that_the_script_sets_itself(
    more: str, severity: str, side: str, tmp_path: Path
) -> None:
    source = launcher(more='hyperparameters={"epochs": 1, "bf16": True},')
    write(tmp_path, {"launch.py": source, "train.py": BY_KEY.format(more=more)})
    findings = json.loads(run_command(["check", "--select=TRN410", "--format=json"], tmp_path).output)
    assert [(one["severity"], one["related"][0]["message"]) for one in findings] == [(severity, side)]


@pytest.mark.parametrize(
    ("account", "severity"), [("123123", "warning"), ("11111", "warning"), ("60513443452", "error")]
)
def test_an_account_that_stands_for_another_is_a_warning(account: str, severity: str, tmp_path: Path) -> None:
    source = launcher().replace("123456789012", account)
    assert len(found(tmp_path, "TRN416", {"launch.py": source, "train.py": "print(1)\n"}, severity)) == 1
    wrong = source.replace(":role/", ":rolle/")
    assert len(found(tmp_path, "TRN416", {"launch.py": wrong, "train.py": "print(1)\n"}, "error")) == 1


DROPPED = """
import argparse, os
from transformers import TrainingArguments

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
{options}
arguments, _ = parser.parse_known_args()
TrainingArguments(num_train_epochs=arguments.epochs, {more})
"""


@pytest.mark.parametrize(
    ("passed", "options", "more", "severity", "side"),
    [
        (
            '"batch_size": 32',
            'parser.add_argument("--batch-size", type=int, default=32)',
            "",
            "warning",
            "--batch-size has the default 32",
        ),
        (
            '"batch_size": 32',
            'parser.add_argument("--batch-size", type=int, default=64)',
            "",
            "error",
            "the script has the option --batch-size",
        ),
        (
            '"batch_sise": 32',
            'parser.add_argument("--batch_size", type=int, default=32)',
            "",
            "error",
            "the script has the option --batch_size",
        ),
        ('"bf16": True', "", "bf16=True", "warning", "the script sets bf16 to True"),
        ('"bf16": True', "", "bf16=False", "error", "the script has other options"),
        (
            '"bf16": True',
            'parser.add_argument("--bf-16", default=False)',
            "bf16=True",
            "error",
            "the script has the option --bf-16",
        ),
        (
            '"NAME": "bert"',
            'NAME = os.environ.get("NAME", "bert")',
            "",
            "warning",
            "the environment variable NAME is read here",
        ),
        (
            '"NAME": "bert"',
            'NAME = os.environ.get("NAME", "gpt")',
            "",
            "error",
            "the script has other options",
        ),
        (
            '"NAME": "bert"',
            'NAME = os.environ.get("OTHER", "bert")',
            "",
            "error",
            "the script has other options",
        ),
    ],
)
def test_a_dropped_hyperparameter_whose_value_the_script_uses_anyway(
    passed: str, options: str, more: str, severity: str, side: str, tmp_path: Path
) -> None:
    source = launcher(more=f'hyperparameters={{"epochs": 1, {passed}}},')
    write(tmp_path, {"launch.py": source, "train.py": DROPPED.format(options=options, more=more)})
    findings = json.loads(run_command(["check", "--select=TRN410", "--format=json"], tmp_path).output)
    assert [(one["severity"], one["related"][0]["message"]) for one in findings] == [(severity, side)]


@pytest.mark.parametrize(
    ("value", "severity", "detail"),
    [
        (
            'os.environ.get("NAME", "bert")',
            "warning",
            "it is read as an environment variable: use environment=",
        ),
        ('os.environ["NAME"]', "error", "it is read as an environment variable: use environment="),
        ('os.environ.get("OTHER", "bert")', "error", "reads no hyperparameters"),
    ],
)
def test_a_hyperparameter_that_the_script_reads_as_a_variable(
    value: str, severity: str, detail: str, tmp_path: Path
) -> None:
    script = f"import os\nfrom sklearn.svm import SVC\nSVC({value}).fit([[1]], [1])\n"
    write(
        tmp_path,
        {"launch.py": launcher(more='hyperparameters={"NAME": "bert"},'), "train.py": script},
    )
    findings = json.loads(run_command(["check", "--select=TRN410", "--format=json"], tmp_path).output)
    assert [(one["severity"], detail in one["message"]) for one in findings] == [(severity, True)]


def test_a_script_that_reads_no_hyperparameters_has_one_finding(tmp_path: Path) -> None:
    script = (
        "import os\nfrom sklearn.svm import SVC\n"
        'print(os.environ.get("SM_MODEL_DIR"))\nSVC(os.environ.get("NAME", "rbf")).fit([[1]], [1])\n'
    )
    write(tmp_path, {"launch.py": launcher(more='hyperparameters={"NAME": "poly"},'), "train.py": script})
    select = "--select=TRN101,TRN410"
    findings = json.loads(run_command(["check", select, "--format=json"], tmp_path).output)
    assert [one["code"] for one in findings] == ["TRN410"]


@pytest.mark.parametrize(("passed", "severity"), [('"rbf"', "warning"), ('"poly"', "error")])
def test_a_request_passes_strings_as_json(passed: str, severity: str, tmp_path: Path) -> None:
    request = f"""
import boto3
boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn", RoleArn="arn:aws:iam::123456789012:role/Training",
    AlgorithmSpecification={{"TrainingImage": image(), "TrainingInputMode": "File"}},
    HyperParameters={{"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://b/c", "NAME": {passed!r}}})
"""
    script = 'import os\nfrom sklearn.svm import SVC\nSVC(os.environ.get("NAME", "rbf")).fit([[1]], [1])\n'
    assert len(found(tmp_path, "TRN410", {"launch.py": request, "train.py": script}, severity)) == 1


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        ("import os\nprint(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\n", "warning"),
        ("import os\nfrom sklearn.svm import SVC\nprint(os.environ['SM_CHANNEL_TRAIN'])\n", "error"),
        ("", "error"),
    ],
)
def test_a_job_of_another_kind_is_a_warning(script: str, severity: str, tmp_path: Path) -> None:
    files = {"launch.py": launcher(inputs='"s3://b/c/"'), "train.py": script}
    assert len(found(tmp_path, "TRN103", files, severity)) == 1
