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
}
"""What fills a folder with a repository of a size, and the smallest size."""
