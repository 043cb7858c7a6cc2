"""Launchers are found by what they construct: no word in their bytes decides what is reported."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from flake8_training.launcher import read_launcher
from tests.launchers.pairs import findings

SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
print(parser.parse_args().epochs)
"""
LAUNCHER = """
from {module} import PyTorch
{imports}

estimator = PyTorch(
    entry_point={entry},
    framework_version="2.1",
    py_version="py310",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.large",
    instance_count=1,
    hyperparameters={{"rate": 1}},
)
estimator.fit()
"""
SDK = "from sagemaker.pytorch import PyTorch\n"


def launcher(module: str = "sagemaker.pytorch", imports: str = "", entry: str = '"train.py"') -> str:
    return LAUNCHER.format(module=module, imports=imports, entry=entry)


def codes(tmp_path: Path, files: dict[str, str], check_only: str | None = None) -> list[str]:
    found = findings(tmp_path, {"train.py": SCRIPT, **files}, "TRN410", check_only=check_only)
    return [f.code for f in found]


@pytest.mark.parametrize(
    ("module", "sdk", "expected"),
    [
        ("ours", SDK, ["TRN410"]),
        ("ours", "from sagemaker.pytorch import *\n", ["TRN410"]),
        ("ours", "import sagemaker.pytorch\n\nPyTorch = sagemaker.pytorch.PyTorch\n", ["TRN410"]),
        # Another class of the name, with the same arguments.
        ("ours", "class PyTorch:\n    def fit(self):\n        '''sagemaker'''\n", []),
        ("ours", "from elsewhere import PyTorch\n", []),
    ],
)
def test_a_class_of_the_sdk_through_a_module_of_the_project(
    module: str, sdk: str, expected: list[str], tmp_path: Path
) -> None:
    assert codes(tmp_path, {"launch.py": launcher(module), "ours.py": sdk}) == expected


@pytest.mark.parametrize("base", ["PyTorch", "object"])
@pytest.mark.parametrize(
    ("imports", "name"),
    [("from ours import Ours", "Ours"), ("from ours import *", "Ours"), ("import ours", "ours.Ours")],
)
def test_a_class_of_the_project_that_derives_from_one_of_the_sdk(
    imports: str, name: str, base: str, tmp_path: Path
) -> None:
    text = launcher(imports=imports).replace("= PyTorch(", f"= {name}(")
    found = codes(tmp_path, {"launch.py": text, "ours.py": f"{SDK}\n\nclass Ours({base}):\n    pass\n"})
    assert found == ["TRN410"] * (base == "PyTorch")


FOR_SCRIPT = {
    "a module": {
        "launch.py": launcher(imports="from places import ENTRY", entry="ENTRY"),
        "places.py": 'ENTRY = "train.py"\n',
    },
    "a module of a package": {
        "launch.py": launcher(imports="from parts import places", entry="places.ENTRY"),
        "parts/__init__.py": "",
        "parts/places.py": 'ENTRY = "train.py"\n',
    },
    "a data file": {
        "launch.py": launcher(
            imports="import json\n\nENTRY = json.load(open('places.json'))['entry']", entry="ENTRY"
        ),
        "places.json": '{"entry": "train.py"}\n',
    },
}


@pytest.mark.parametrize(
    ("imports", "callee"),
    [
        ("import ours", "ours.PyTorch"),
        ("import ours.sdk", "ours.sdk.PyTorch"),
        ("from ours import PyTorch\n\nclass Ours(PyTorch): pass", "Ours"),
    ],
)
def test_a_class_of_the_sdk_in_a_module_or_as_a_base(imports: str, callee: str, tmp_path: Path) -> None:
    text = (
        launcher()
        .replace("from sagemaker.pytorch import PyTorch", imports)
        .replace(" PyTorch(", f" {callee}(")
    )
    ours = {"ours/sdk.py": SDK, "ours/__init__.py": SDK}
    assert codes(tmp_path, {"launch.py": text, **ours}) == ["TRN410"]
    assert (
        codes(tmp_path / "other", {"launch.py": text, **dict.fromkeys(ours, "class PyTorch: pass\n")}) == []
    )


def test_only_the_modules_of_the_values_are_read(tmp_path: Path) -> None:
    text = "import more\nfrom ours import PyTorch\nPyTorch(entry_point='train.py')\n"
    for name, module in (("ours", SDK), ("more", "import sagemaker\n"), ("no", "class PyTorch: pass\n")):
        (tmp_path / f"{name}.py").write_text(module)

    def read(source: str) -> tuple[bool, set[str]]:
        launcher = read_launcher(ast.parse(source), str(tmp_path / "launch.py"), source.splitlines())
        is_launcher = launcher.is_launcher
        assert "modules" not in vars(launcher.program)
        return is_launcher, set(launcher.program._indexes)

    assert read(text) == (True, {"ours"})
    assert read(text.replace("ours", "no")) == (False, {"no"})


@pytest.mark.parametrize("name", FOR_SCRIPT)
@pytest.mark.parametrize("asked", ["train.py", "launch.py", "the other", None])
def test_the_name_of_the_script_comes_from_another_file(name: str, asked: str | None, tmp_path: Path) -> None:
    asked = list(FOR_SCRIPT[name])[-1] if asked == "the other" else asked
    assert codes(tmp_path, FOR_SCRIPT[name], asked) == ["TRN410"]


def test_a_launcher_imports_the_file_of_a_package(tmp_path: Path) -> None:
    files = {
        "launch.py": launcher(imports="from parts import ENTRY", entry="ENTRY"),
        "parts/__init__.py": 'NAME = "train"\nENTRY = NAME + ".py"\n',
    }
    for asked in ("parts/__init__.py", "launch.py", None):
        assert codes(tmp_path, files, asked) == ["TRN410"], asked


def test_the_name_of_the_script_comes_into_a_notebook(tmp_path: Path) -> None:
    source = launcher(imports="from places import ENTRY", entry="ENTRY").splitlines(keepends=True)
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
    }
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    files = {"launch.ipynb": json.dumps(notebook, indent=1), "places.py": 'ENTRY = "train.py"\n'}
    assert codes(tmp_path, files, check_only="train.py") == ["TRN410"]


def test_a_broken_file_that_has_an_argument_of_the_name(tmp_path: Path) -> None:
    files = {"train.py": SCRIPT, "other.py": 'start(entry_point="train.py"\n'}
    assert findings(tmp_path, files, "TRN002") == []


@pytest.mark.parametrize(("called", "expected"), [("estimator", ["TRN410"]), ("model", [])])
def test_an_entry_point_without_its_name(called: str, expected: list[str], tmp_path: Path) -> None:
    text = (
        "from sagemaker.chainer import Chainer\n"
        "from models import model\n"
        'estimator = Chainer("train.py", role="arn:aws:iam::123456789012:role/Training", instance_count=1, '
        'instance_type="ml.m5.large", hyperparameters={"rate": 1})\n'
        f"{called}.fit()\n"
    )
    text = text if called == "estimator" else text.replace("Chainer(", "str(")
    assert codes(tmp_path, {"launch.py": text}) == expected
