"""YAML and JSON files at a literal path: their values count like those of a dict in the launcher."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import options, said

LAUNCHER = """
import json
import os
from pathlib import Path

import yaml
from omegaconf import OmegaConf
from sagemaker.pytorch import PyTorch

{read}
{then}
estimator = PyTorch(
    entry_point="train.py",
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type=settings["training"]["instance_type"],
    instance_count=1,
    framework_version="2.1",
    py_version="py310",
    hyperparameters=settings["hyperparameters"],
)
estimator.fit()
"""

YAML = """
training: &common
  instance_type: ml.m5.xlagre
  since: 2024-01-01
hyperparameters:
  depth: 4
again: *common
"""
JSON = '{"training": {"instance_type": "ml.m5.xlagre"}, "hyperparameters": {"depth": 4}}'
FILES = {"settings.yaml": YAML, "settings.json": JSON, "code/train.py": options("'--epochs', type=int")}

READS = [
    'settings = yaml.safe_load(open("settings.yaml"))',
    'with open("settings.yaml") as stream:\n    settings = yaml.safe_load(stream)',
    'with open("settings.yaml") as stream:\n    settings = yaml.load(stream, Loader=yaml.FullLoader)',
    'settings = yaml.safe_load(Path("settings.yaml").read_text())',
    'settings = yaml.safe_load(open(os.path.join(os.path.dirname(__file__), "settings.yaml")).read())',
    'settings = json.load(open("settings.json"))',
    'settings = json.loads(Path("settings.json").read_text())',
    'settings = OmegaConf.load("settings.yaml")',
]


def found(folder: Path, read: str, then: str = "", **more: str) -> list[str]:
    """The codes of values that are wrong in the file."""
    files = {**FILES, "launch.py": LAUNCHER.format(read=read, then=then), **more}
    return sorted(one.partition(" ")[0] for one in said(folder, files, "TRN211", "TRN410"))


@pytest.mark.parametrize("read", READS)
def test_the_values_of_the_file_count(tmp_path: Path, read: str) -> None:
    assert found(tmp_path, read) == ["TRN211", "TRN410"]


LITERAL = 'settings = {"training": {"instance_type": "ml.m5.xlagre"}, "hyperparameters": {"depth": 4}}'


@pytest.mark.parametrize(
    "then",
    [
        'settings["training"]["instance_type"] = find()',
        'settings["training"]["instance_type"] = "ml.m5.xlarge"',
        'settings["hyperparameters"] = find()',
        'settings["hyperparameters"] = {"epochs": 3}',
        'settings["hyperparameters"].pop("depth")',
        'settings["hyperparameters"]["deeper"] = 3',
        'settings["hyperparameters"].update(deeper=3)',
        "settings = change(settings)",
        'other = {}\nother["hyperparameters"] = find()',
    ],
)
def test_later_changes_count_as_for_a_dict_of_the_launcher(tmp_path: Path, then: str) -> None:
    expected = found(tmp_path / "literal", LITERAL, then)
    assert found(tmp_path / "file", READS[0], then) == expected


@pytest.mark.parametrize(
    "read",
    [
        "settings = yaml.safe_load(open(name))",
        'settings = yaml.safe_load(open("missing.yaml"))',
        'settings = yaml.safe_load(open("../settings.yaml"))',
        'settings = yaml.safe_load(open("/etc/settings.yaml"))',
        'settings = yaml.safe_load("settings.yaml")',
        'settings = read(open("settings.yaml"))',
        'settings = yaml.safe_load(open("broken.yaml"))',
        'settings = yaml.safe_load(open("deep.yaml"))',
        'settings = yaml.safe_load(open("wide.yaml"))',
        'settings = yaml.safe_load(open("run.yaml"))',
    ],
)
def test_what_is_not_read_is_unknown(tmp_path: Path, read: str) -> None:
    (tmp_path.parent / "settings.yaml").write_text(YAML)
    broken = {
        "broken.yaml": "{: [",
        "deep.yaml": "[" * 3000,
        "wide.yaml": "a: &a [1, 2]\n" + "".join(f"b{n}: &b{n} [{'*a, ' * 9}]\n" for n in range(500)),
        "run.yaml": "training: !!python/object/apply:os.getcwd []\nhyperparameters: {depth: 4}\n",
    }
    assert found(tmp_path, read, **broken) == []


def test_two_files_of_one_name_are_unknown(tmp_path: Path) -> None:
    text = LAUNCHER.format(read=READS[0], then="")
    files = {**FILES, "jobs/launch.py": text, "jobs/settings.yaml": FILES["settings.yaml"]}
    assert said(tmp_path, files, "TRN211", "TRN410") == []


def test_a_finding_is_in_the_file(tmp_path: Path) -> None:
    from tests.launchers.pairs import findings

    files = {**FILES, "launch.py": LAUNCHER.format(read=READS[0], then="")}
    assert {f.path for f in findings(tmp_path, files, "TRN211", "TRN410")} == {"settings.yaml"}
