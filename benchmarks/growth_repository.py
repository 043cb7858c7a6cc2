"""Repositories whose check may take time out of proportion to their size, for `growth`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

LAUNCHER = """
from sagemaker.pytorch import PyTorch

estimator = PyTorch(entry_point="train.py", source_dir="code", role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge", instance_count=1, framework_version="2.1", py_version="py310", {more})
estimator.fit()
"""


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _sharing(size: int) -> str:
    tables = "".join(
        f"A{n} = {{" + ", ".join(f"'k{k}': A{n - 1}" for k in range(8)) + "}\n" for n in range(1, size + 1)
    )
    return f"A0 = {{'k': 1}}\n{tables}"


def _shared_tables(size: int, folder: Path) -> None:
    _write(folder, {"x_contract.py": f"{_sharing(size)}X_CONTRACT = {{'inputs': A{size}}}\n"})


def _updates(size: int, folder: Path) -> None:
    text = "X_CONTRACT = {'inputs': {}}\n" + "X_CONTRACT.update(X_CONTRACT)\n" * size
    _write(folder, {"x_contract.py": text})


def _stores(size: int, folder: Path) -> None:
    text = "X_CONTRACT = {'inputs': {}}\n" + "".join(
        f"X_CONTRACT['inputs']['k{n}'] = '/opt/ml/input/data/k{n}'\n" for n in range(size)
    )
    _write(folder, {"x_contract.py": text})


def _merges(size: int, folder: Path) -> None:
    keys = ", ".join(f"k{n}: 1" for n in range(size))
    _write(folder, {"x.step.yaml": f"a: &a {{{keys}}}\nb:\n" + "  <<: *a\n" * size})


def _base_60(size: int, folder: Path) -> None:
    _write(folder, {"x.step.yaml": "contract: 1" + ":10" * size + "\n"})


def _json_values(size: int, folder: Path) -> None:
    _write(folder, {"x_contract.json": json.dumps({"inputs": {f"k{n}": [n, str(n)] for n in range(size)}})})


def _notebook(folder: Path, source: list[str]) -> None:
    start = "import sagemaker\nfrom sagemaker.estimator import Estimator\n"
    cells = [{"cell_type": "code", "source": text} for text in ([start], source)]
    _write(folder, {"a.ipynb": json.dumps({"cells": cells})})


def _empty_lines(size: int, folder: Path) -> None:
    _notebook(folder, ["no python\n" + "\n" * size])


def _spaces(size: int, folder: Path) -> None:
    _notebook(folder, ["a" + " " * size + "\nno python\n"])


def _texts_of_a_line(size: int, folder: Path) -> None:
    _notebook(folder, ["x"] * size)


def _returning(size: int, folder: Path) -> None:
    functions = "def f0():\n    return 'loss'\n" + "".join(
        f"def f{n}():\n" + "".join(f"    if X == {k}:\n        return f{n - 1}()\n" for k in range(8))
        for n in range(1, size + 1)
    )
    metrics = 'metric_definitions=[{"Name": "loss", "Regex": "validation_loss: ([0-9.]+)"}],'
    script = f"import os\nX = os.environ['SM_CHANNEL_TRAIN']\n{functions}print(f{size}())\n"
    _write(folder, {"launch.py": LAUNCHER.format(more=metrics), "code/train.py": script})


def _metrics_and_lines(size: int, folder: Path) -> None:
    metrics = [{"Name": f"m{n}", "Regex": f"m{n}x.*(?:a|b)*.*: ([0-9.]+)"} for n in range(size)]
    lines = "".join(f"print(f'epoch {{len(X)}} of {{X}}, line {n}: {{len(X)}}')\n" for n in range(size))
    script = f"import os\nX = os.environ['SM_CHANNEL_TRAIN']\n{lines}"
    more = f"metric_definitions={metrics!r},"
    _write(folder, {"launch.py": LAUNCHER.format(more=more), "code/train.py": script})


def _words(size: int, letters: str) -> list[str]:
    """Return names of eight letters that differ in few of them."""
    found = []
    for number in range(size):
        word = ""
        for _ in range(8):
            number, digit = divmod(number, len(letters))
            word += letters[digit]
        found.append(f"name_{word}")
    return found


def _unknown_options(size: int, folder: Path) -> None:
    options = "".join(f"parser.add_argument('--{word}', type=int)\n" for word in _words(size, "abcdefgh"))
    sent = dict.fromkeys(_words(size, "stuvwxyz"), 1)
    script = f"import argparse\nparser = argparse.ArgumentParser()\n{options}print(parser.parse_args())\n"
    more = f"hyperparameters={sent!r},"
    _write(folder, {"launch.py": LAUNCHER.format(more=more), "code/train.py": script})


def _one_line(size: int, folder: Path) -> None:
    _write(folder, {"x.py": "x = '" + "SPEC" * size + "'\n"})


def _same_script_name(size: int, folder: Path) -> None:
    contract = "{'entry_point': 'train.py', 'inputs': {'train': '/opt/ml/input/data/train'}}"
    for n in range(size):
        files = {"train.py": "import argparse\n", "train_contract.py": f"TRAIN_CONTRACT = {contract}\n"}
        _write(folder / f"team_{n}", files)


def _two_trees(size: int, folder: Path) -> None:
    contract = (
        "TRAIN_CONTRACT = {'entry_point': 'train.py', 'inputs': {'train': '/opt/ml/input/data/train'}}\n"
    )
    for n in range(size):
        _write(folder / f"contracts/team_{n}", {"train_contract.py": contract})
        _write(folder / f"specs/team_{n}", {"train_spec.py": _specification("TRAIN", "Train", [])})
        _write(folder / f"scripts/team_{n}", {"train.py": "import argparse\n"})


def _one_script(size: int, folder: Path) -> None:
    for n in range(size):
        contract = f"M{n}_CONTRACT = {{'entry_point': 'train.py', 'inputs': {{}}}}\n"
        _write(folder, {f"m{n}_contract.py": contract})
    _write(folder, {"train.py": "import argparse\n"})


def _specification(constant: str, step_type: str, sources: list[str]) -> str:
    source = (
        f"logical_name='data', dependency_type='training_data', required=True, compatible_sources={sources!r}"
    )
    inputs = f"DependencySpec({source}, data_type='S3Uri')" if sources else ""
    output = "OutputSpec(logical_name='data', output_type='training_data')"
    return (
        f"from specs import DependencySpec, OutputSpec, StepSpecification\n{constant}_SPEC = StepSpecification("
        f"step_type={step_type!r}, node_type='internal', dependencies=[{inputs}], outputs=[{output}])\n"
    )


def _ring(size: int, folder: Path) -> None:
    for n in range(size):
        text = _specification(f"STEP{n}", f"Step{n}", [f"Step{(n + 1) % size}"])
        _write(folder, {f"step{n}_spec.py": text})


def _each_names_each(size: int, folder: Path) -> None:
    """Write specifications whose number of names is ``size``: as many steps as its root."""
    names = [f"Step{n}" for n in range(round(size**0.5))]
    for n, name in enumerate(names):
        text = _specification(f"STEP{n}", name, [other for other in names if other != name])
        _write(folder, {f"step{n}_spec.py": text})


def _other_names(size: int, folder: Path) -> None:
    inside, outside = _words(size, "abcdefgh"), _words(size, "stuvwxyz")
    ports = {word: f"/opt/ml/input/data/{word}" for word in inside}
    contract = f"'entry_point': 'train.py', 'inputs': {ports!r}, 'arguments': {dict.fromkeys(inside)!r}"
    contract += f", 'environment_variables': {{'required': {[word.upper() for word in inside]!r}}}"
    inputs = {word: {"required": True} for word in outside}
    reads = "".join(
        f"parser.add_argument('--{word}')\nos.environ['{word.upper()}']\nopen('/opt/ml/input/data/{word}')\n"
        for word in outside
    )
    script = (
        f"import argparse\nimport os\nparser = argparse.ArgumentParser()\n{reads}print(parser.parse_args())\n"
    )
    _write(
        folder,
        {
            "train.py": script,
            "train_contract.py": f"TRAIN_CONTRACT = {{{contract}}}\n",
            "train_spec.py": f"TRAIN_SPEC = {{'step_type': 'Train', 'dependencies': {inputs!r}, 'outputs': {{}}}}\n",
        },
    )


def _launchers(size: int, folder: Path) -> None:
    for n in range(size):
        _write(folder, {f"launch_{n}.py": LAUNCHER.format(more="hyperparameters={'epochs': 3}")})
    option = "p.add_argument('--epochs', type=int)"
    script = f"import argparse\np = argparse.ArgumentParser()\n{option}\nprint(p.parse_args())\n"
    _write(folder, {"code/train.py": script})


KINDS: dict[str, tuple[Callable[[int, Path], None], int]] = {
    "contract: tables that share parts": (_shared_tables, 2),
    "contract: updated with itself": (_updates, 2),
    "contract: keys stored one by one": (_stores, 250),
    "YAML: merge keys": (_merges, 500),
    "YAML: numbers of base 60": (_base_60, 40_000),
    "JSON: values": (_json_values, 2_500),
    "notebook: empty lines": (_empty_lines, 10_000),
    "notebook: spaces": (_spaces, 25_000),
    "notebook: texts of one line": (_texts_of_a_line, 75_000),
    "metrics: functions that return others": (_returning, 2),
    "metrics: expressions and lines": (_metrics_and_lines, 10),
    "launcher: options the script does not have": (_unknown_options, 75),
    "one line with a word of artefacts": (_one_line, 25_000),
    "steps: the same script name in each folder": (_same_script_name, 75),
    "the same, one script changed": (_same_script_name, 125),
    "the same, contracts and specifications in two folders": (_two_trees, 50),
    "steps: one script": (_one_script, 100),
    "contract: names of which script and specification have none": (_other_names, 75),
    "specifications: a ring": (_ring, 75),
    "specifications: a ring, one changed": (_ring, 125),
    "specifications: each names each": (_each_names_each, 2_500),
    "launchers of one script": (_launchers, 75),
    "launchers of one script, which changed": (_launchers, 125),
}
"""What fills a folder with a repository of a size, and the smallest size."""

CHANGED = {
    "the same, one script changed": "team_0/train.py",
    "specifications: a ring, one changed": "step0_spec.py",
    "launchers of one script, which changed": "code/train.py",
}
"""The only file that is checked, of the kinds that are not checked as a whole."""
