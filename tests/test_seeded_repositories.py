"""Faults in the launchers and scripts of any repository: the places, the changed files, and the reasons of a miss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.faults import main
from benchmarks.seeding import repositories
from benchmarks.seeding.changes import KINDS, other_name
from benchmarks.seeding.launched import Place, places
from benchmarks.seeding.repositories import (
    Measured,
    Repository,
    as_tables,
    changes,
    choose,
    measure,
    read_list,
)

LAUNCHER = """\
from sagemaker.pytorch import PyTorch
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

ROLE = "arn:aws:iam::111122223333:role/training"
INSTANCE = "ml.m5.xlarge"
estimator = PyTorch(
    entry_point="train.py",
    source_dir="source",
    role=ROLE,
    instance_type=INSTANCE,
    instance_count=1,
    framework_version="2.1",
    py_version="py310",
    hyperparameters={"epochs": 3, "rate": 0.1, "optimizer": "sgd"},
    metric_definitions=[{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
)
tuner = HyperparameterTuner(
    estimator,
    objective_metric_name="loss",
    hyperparameter_ranges={"rate": ContinuousParameter(0.1, 0.5)},
    metric_definitions=[{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
)
tuner.fit({"train": "s3://bucket/train"})
"""
SCRIPT = '''\
"""Reads /opt/ml/input/data/train."""
import argparse
import os

import torch
from layers import Net

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, required=True, help="below /opt/ml/model")
parser.add_argument("--rate", type=float, default=0.1)
parser.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
parser.add_argument("--unread", type=str, default="/opt/ml/output/unread")
args = parser.parse_args()
data = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.pt"))
model = Net(args.optimizer)
optimizer = torch.optim.SGD(model.parameters(), lr=args.rate)
for _ in range(args.epochs):
    optimizer.zero_grad()
    loss = model(data).sum()
    loss.backward()
    optimizer.step()
    print(f"loss={loss.item()}")
torch.save(model.state_dict(), os.path.join(os.environ.get("SM_MODEL_DIR", "/opt/ml/model"), "model.pt"))
'''
LAYERS = """\
import torch


class Net(torch.nn.Module):
    def __init__(self, optimizer):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def forward(self, rows):
        return self.layer(rows)
"""
FILES = {
    "launch.py": LAUNCHER,
    "settings.py": "REGION = 'eu-west-1'\n",
    "source/train.py": SCRIPT,
    "source/layers.py": LAYERS,
    "source/requirements.txt": "tqdm\n",
}


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    """Write the files of a repository, and return its folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of this module."""
    return laid_out(tmp_path_factory.mktemp("repository").resolve(), FILES)


@pytest.fixture(scope="module")
def place(root: Path) -> Place:
    """Its launch."""
    found, launchers = places(root)
    assert launchers == 1
    return found[0]


def lines(place: Place, name: str) -> list[str]:
    """The lines that the changes of a kind have and the file lacks."""
    found: list[str] = []
    for kind in KINDS:
        if kind.name == name:
            for file, module in kind.seed(place):
                before = file.content.splitlines()
                found += [line.strip() for line in module.splitlines() if line not in before]
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the role emptied", ['role="",']),
        ("an instance type misspelt", ['INSTANCE = "ml.m5.xlareg"']),
        ("a framework version that does not exist", ['framework_version="0.0.1",']),
        ("the entry point misspelt", ['entry_point="trani.py",']),
        (
            "a hyperparameter misspelt",
            [
                'hyperparameters={"epocsh": 3, "rate": 0.1, "optimizer": "sgd"},',
                'hyperparameters={"epochs": 3, "raet": 0.1, "optimizer": "sgd"},',
                'hyperparameters={"epochs": 3, "rate": 0.1, "optimizre": "sgd"},',
                'hyperparameter_ranges={"raet": ContinuousParameter(0.1, 0.5)},',
            ],
        ),
        ("a required hyperparameter dropped", ['hyperparameters={"rate": 0.1, "optimizer": "sgd"},']),
        (
            "a value that the type cannot hold",
            ['hyperparameters={"epochs": "many", "rate": 0.1, "optimizer": "sgd"},'],
        ),
        (
            "a value outside the choices",
            ['hyperparameters={"epochs": 3, "rate": 0.1, "optimizer": "neither"},'],
        ),
        ("a channel renamed in the launcher", ['tuner.fit({"trani": "s3://bucket/train"})']),
        ("an objective misspelt", ['objective_metric_name="lsos",']),
        ("a range inverted", ['hyperparameter_ranges={"rate": ContinuousParameter(0.5, 0.1)},']),
        ("an import of another generation", ["import sagemaker.train.configs"]),
        ("a relative import", ["from .layers import Net"]),
        ("a module that is not sent", ["import launch", "import settings"]),
        ("a line that is no requirement", ["numpy=>1.0"]),
        ("a loop without a step of the optimizer", ["pass"]),
        (
            "a channel renamed in the script",
            ['data = torch.load(os.path.join(os.environ["SM_CHANNEL_TRANI"], "data.pt"))'],
        ),
        ("an attribute of the options misspelt", None),
    ],
)
def test_places(place: Place, name: str, expected: list[str] | None) -> None:
    found = lines(place, name)
    assert sorted(found) == sorted(expected) if expected is not None else len(found) == 3


def test_an_image_of_aws(tmp_path: Path) -> None:
    image = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"
    launcher = LAUNCHER.replace('framework_version="2.1",', f'image_uri="{image}",')
    found, _ = places(laid_out(tmp_path.resolve(), {**FILES, "launch.py": launcher}))
    assert lines(found[0], "the account of an image misspelt") == [
        f'image_uri="{image.replace("884.", "885.")}",'
    ]


def test_no_change_where_the_string_has_no_effect(place: Place) -> None:
    """A docstring, a help text, a fallback of a variable that SageMaker sets, and an option that nothing reads."""
    assert lines(place, "a path of the container misspelt") == []


def test_a_variable_that_is_only_a_fallback_of_a_passed_option(tmp_path: Path) -> None:
    script = SCRIPT.replace(
        '"--rate", type=float, default=0.1', '"--rate", default=os.environ["SM_NUM_GPUS"]'
    )
    found, _ = places(laid_out(tmp_path.resolve(), {**FILES, "source/train.py": script}))
    assert lines(found[0], "a variable of the container misspelt") == [
        line.replace("SM_MODEL_DIR", "SM_MODEL_DRI").strip()
        for line in script.splitlines()
        if "torch.save" in line
    ]


def test_a_misspelt_option_is_no_abbreviation() -> None:
    assert [other_name(word) for word in ("epochs", "l1", "lr", "x")] == ["epocsh", "l1x", "lrx", "xx"]


def test_a_change_of_a_notebook_keeps_its_other_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Train"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["!pip list\n", "x = 1\n"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": LAUNCHER.splitlines(keepends=True)},
    ]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    files = {name: text for name, text in FILES.items() if name != "launch.py"}
    found, _ = places(laid_out(tmp_path.resolve(), {**files, "launch.ipynb": notebook}))
    changed = [one for one in changes(found) if one.kind.name == "the role emptied"]
    after = json.loads(changed[0].content)["cells"]
    assert after[:2] == cells[:2]
    assert "".join(after[2]["source"]) == LAUNCHER.replace("role=ROLE", 'role=""')


def test_a_training_script_without_a_launcher(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if name != "launch.py"}
    found, launchers = places(laid_out(tmp_path.resolve(), files))
    assert launchers == 0
    assert [one.paths for one in found] == [["source/train.py"]]
    assert lines(found[0], "a number read with bool") == [
        'parser.add_argument("--epochs", type=bool, required=True, help="below /opt/ml/model")',
        'parser.add_argument("--rate", type=bool, default=0.1)',
    ]
    assert lines(found[0], "a module that is not sent") == []


def test_the_whole_repository_is_sent(tmp_path: Path) -> None:
    launcher = LAUNCHER.replace('source_dir="source"', 'source_dir="."').replace(
        '"train.py"', '"source/train.py"'
    )
    found, _ = places(laid_out(tmp_path.resolve(), {**FILES, "launch.py": launcher, "notes.md": "notes\n"}))
    assert lines(found[0], "a module that is not sent") == []
    assert lines(found[0], "a file that the job lacks") == []


def test_the_choice_is_bounded_and_repeats(root: Path) -> None:
    found = list(changes(places(root)[0]))
    chosen = choose(found, 1, "1")
    assert len({one.kind.name for one in chosen}) == len(chosen) < len(found)
    assert [one.content for one in chosen] == [one.content for one in choose(found, 1, "1")]
    assert [one.content for one in chosen] != [one.content for one in choose(found, 1, "2")]


def test_a_measured_repository(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    measured = measure(Repository("a/b@c", root), 1, 1, "misspelt")
    assert {
        one.kind: one.said for one in measured.outcomes if one.kind.startswith(("the entry", "a hyper"))
    } == {
        "the entry point misspelt": ("TRN406",),
        "a hyperparameter misspelt": ("TRN410",),
    }
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_miss_has_a_reason(tmp_path: Path) -> None:
    script = SCRIPT.replace("import torch\n", "import torch\nfrom elsewhere import own_parser\n", 1)
    script = script.replace("args = parser", "own_parser(parser)\nargs = parser")
    folder = laid_out(tmp_path.resolve(), {**FILES, "source/train.py": script})
    missed = measure(Repository("a/b@c", folder), 1, 1, "a hyperparameter misspelt").outcomes[0]
    assert (missed.said, missed.reason) == ((), "unknown: open mapping")
    rows = list(as_tables([Measured("a/b@c", 1, (missed,)), Measured("d/e@f", 1, ())]))
    assert "| a hyperparameter misspelt | 1 | 0 | 0.00 |" in rows
    assert "| 2 | 2 | 1 | 0.50 | 0 |" in rows
    assert "| unknown: open mapping | 1 | 1.00 |" in rows


def test_only_kinds_with_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repositories, "rules", lambda _: ())
    assert repositories.kinds_with_a_rule() == []


def test_the_list(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    path = tmp_path / "list.txt"
    path.write_text("# fetched\n\na/b@c one\n", encoding="utf-8")
    assert read_list(path) == [Repository("a/b@c", tmp_path / "one")]
    for line in ("one\n", "a/b one\n", "a/b@c two\n"):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(ValueError, match="line 1"):
            read_list(path)


def test_the_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"a/b@c {root}\n", encoding="utf-8")
    arguments = ["--list", str(path), "--fault", "role emptied"]
    assert main([*arguments, "--all"]) == 0
    output = capsys.readouterr().out
    assert "TRN416 the role emptied: a/b@c launch.py:9" in output
    assert "seed 1, at most 2 faults of a kind in a repository" in output
    assert main([*arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["repositories"] == [{"name": "a/b@c", "launchers": 1, "seeds": 1}]
    assert found["outcomes"][0]["said"] == ["TRN416"]
    assert main(["--tree", str(root), "--fault", "role emptied"]) == 0
    assert "| the role emptied | 1 | 1 | 1.00 |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--list", str(tmp_path / "absent.txt")])
