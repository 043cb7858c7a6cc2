"""The SDK that a notebook installs decides the generation of its names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.launchers.pairs import findings, said

OF_V2 = (
    "from sagemaker.pytorch import PyTorch\n\n"
    'PyTorch(entry_point="train.py", role="arn:aws:iam::123456789012:role/Training", instance_count=1,\n'
    '    instance_type="ml.m5.large", framework_version="2.1", py_version="py310").fit()\n'
)
OF_V3 = 'from sagemaker.train import ModelTrainer\n\nModelTrainer(training_image="image").train()\n'
V3 = (
    "sagemaker.pytorch.PyTorch is of SDK v1 and v2, the notebook installs SDK v3 (pip install {}); "
    "install 'sagemaker<3'"
)


def notebook(*cells: str, version: str = "3.10.14") -> str:
    """The text of a notebook that was run with a version of Python."""
    code = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(keepends=True)}
        for cell in cells
    ]
    metadata = {"language_info": {"name": "python", "version": version}} if version else {}
    return json.dumps({"cells": code, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def details(folder: Path, text: str) -> list[str]:
    found = said(folder, {"launch.ipynb": text, "train.py": ""}, "TRN440")
    return [one.partition("line 1: ")[2] for one in found]


@pytest.mark.parametrize(
    ("installs", "words"),
    [
        ("!pip install -U sagemaker", "-U sagemaker"),
        ("%pip install --upgrade --quiet sagemaker boto3", "-U sagemaker"),
        ("!pip3 install -qU 'sagemaker>=2.200'  # newest", "-U sagemaker>=2.200"),
        ("! {sys.executable} -m pip install \\\n    --upgrade sagemaker[local]", "-U sagemaker[local]"),
        ("%%bash\npip install -U sagemaker", "-U sagemaker"),
        ("!pip install sagemaker==3.5.0", "sagemaker==3.5.0"),
        ("!pip install 'sagemaker<3'\n!pip install -U sagemaker", "-U sagemaker"),
        ("!pip install -r requirements.txt\n!pip install -U sagemaker", "-U sagemaker"),
        ("!pip install -U pip && pip install -U sagemaker", "-U sagemaker"),
        ("!pip install 'sagemaker<3'; pip install -U sagemaker > /dev/null", "-U sagemaker"),
        ("!pip -q install -U sagemaker", "-U sagemaker"),
        ("!uv pip install -U sagemaker", "-U sagemaker"),
        ("!/opt/conda/bin/python3.11 -u -m pip install -U sagemaker", "-U sagemaker"),
    ],
)
def test_another_generation_than_the_imports(installs: str, words: str, tmp_path: Path) -> None:
    assert details(tmp_path, notebook(installs, OF_V2)) == [V3.format(words)]


@pytest.mark.parametrize(
    ("installs", "version"),
    [
        # what an environment has already is kept
        ("!pip install sagemaker", "3.10.14"),
        ("!pip install 'sagemaker>=2'", "3.10.14"),
        # SDK v3 needs Python 3.10
        ("!pip install -U sagemaker", "3.9.18"),
        ("!pip install -U sagemaker", "2.7.6"),
        ("!pip install -U sagemaker", ""),
        ("!pip install -U 'sagemaker<3'", "3.10.14"),
        ("!pip install -U sagemaker\n!pip install 'sagemaker==2.257.1'", "3.10.14"),
        ("!pip install -U sagemaker=={version}", "3.10.14"),
        ("!pip install -U sagemaker\n!pip install -r requirements.txt", "3.10.14"),
        ("!pip install -U sagemaker -c constraints.txt", "3.10.14"),
        ("!pip install -U sagemaker\n!pip install ./ours", "3.10.14"),
        ("!pip install -U sagemaker\n!pip install -qr requirements.txt", "3.10.14"),
        ("!pip install -U sagemaker; pip install 'sagemaker<3'", "3.10.14"),
        ("!pip install -U sagemaker && pip install 'sagemaker<3'", "3.10.14"),
        ("!pip show sagemaker || pip install -U sagemaker", "3.10.14"),
        ("%%bash\nif old; then\n  pip install -U sagemaker\nfi", "3.10.14"),
        ("!pip install -U sagemaker-training", "3.10.14"),
        ("!pip install -U 'sagemaker", "3.10.14"),
        ("#!pip install -U sagemaker", "3.10.14"),
        ("!pip list  # or; pip install -U sagemaker", "3.10.14"),
        ("%%bash\n# or; pip install -U sagemaker", "3.10.14"),
        ("if old:\n    !pip install -U sagemaker", "3.10.14"),
        ("%%writefile install.sh\npip install -U sagemaker", "3.10.14"),
        ("!echo pip install -U sagemaker", "3.10.14"),
        ("!python install.py -m pip install -U sagemaker", "3.10.14"),
        ("!pip uninstall -y sagemaker", "3.10.14"),
    ],
)
def test_the_generation_is_the_same_or_unknown(installs: str, version: str, tmp_path: Path) -> None:
    assert details(tmp_path, notebook(installs, OF_V2, version=version)) == []


def test_names_of_the_other_generation(tmp_path: Path) -> None:
    text = notebook("!pip install 'sagemaker<3'", "from sagemaker.train import ModelTrainer\n" + OF_V2)
    (found,) = details(tmp_path, text)  # no generation has all of its names: no version is named
    assert found == (
        "sagemaker.train.ModelTrainer is of SDK v3, the notebook installs SDK v1 and v2 (pip install sagemaker<3)"
    )
    (found,) = details(tmp_path, notebook("!pip install 'sagemaker<3'", "import sagemaker.train\n" + OF_V3))
    assert found.endswith("(pip install sagemaker<3); install 'sagemaker>=3'")


def test_the_related_place_is_the_command(tmp_path: Path) -> None:
    text = notebook("%%bash\nls\npip list && \\\n  pip install -U sagemaker\n", OF_V2)
    (found,) = findings(tmp_path, {"launch.ipynb": text, "train.py": ""}, "TRN440")
    (place,) = found.related
    lines = text.split("\n")
    assert (place.path, place.message) == ("launch.ipynb", "the notebook installs the SDK here")
    assert "pip list" in lines[place.line - 1]
    assert "sagemaker.pytorch" in lines[found.line - 1]


def test_what_the_notebook_installs_counts_more_than_what_the_project_requires(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("sagemaker==3.5.0\n", encoding="utf-8")
    assert details(tmp_path, notebook("!pip install 'sagemaker==2.257.1'", OF_V2)) == []
