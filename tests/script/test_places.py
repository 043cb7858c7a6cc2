"""Where in a training job's container a path leads, and what a launcher may change of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.engine.flow.container_paths import ContainerPath, PathKind, place_of_path, places
from flake8_training.script.accesses import accesses
from tests.script.reading import argument_of, script

PATHS = [
    ("/opt/ml/model", PathKind.MODEL, None),
    ("/opt/ml/model/", PathKind.MODEL, None),
    ("/opt/ml/model/x/y.pt", PathKind.MODEL, None),
    ("/opt/ml//model/x", PathKind.MODEL, None),
    ("file:///opt/ml/model/x", PathKind.MODEL, None),
    ("/opt/ml/models", PathKind.OTHER, None),
    ("/opt/ml/model.pth", PathKind.OTHER, None),
    ("/opt/ml/model/../x", PathKind.OTHER, None),
    ("/opt/ml/Model", PathKind.OTHER, None),
    ("/opt/ml/input/data", PathKind.CHANNEL, "*"),
    ("/opt/ml/input/data/", PathKind.CHANNEL, "*"),
    ("/opt/ml/input/data/train", PathKind.CHANNEL, "train"),
    ("/opt/ml/input/data/Train/x.csv", PathKind.CHANNEL, "train"),
    ("/opt/ml/input/data/*/x.csv", PathKind.CHANNEL, "*"),
    ("/opt/ml/input/data/code/x.py", PathKind.CODE, None),
    ("/opt/ml/input", PathKind.INPUT, None),
    ("/opt/ml/input/config/hyperparameters.json", PathKind.HYPERPARAMETERS, None),
    ("/opt/ml/input/config/../config/hyperparameters.json", PathKind.HYPERPARAMETERS, None),
    ("/opt/ml/input/config", PathKind.CONFIG, None),
    ("/opt/ml/input/config/resourceconfig.json", PathKind.CONFIG, None),
    ("/opt/ml/output/data/x", PathKind.OUTPUT, None),
    ("/opt/ml/output/intermediate", PathKind.OUTPUT, None),
    ("/opt/ml/output", PathKind.OTHER, None),
    ("/opt/ml/output/failure", PathKind.OTHER, None),
    ("/opt/ml/checkpoints/x", PathKind.CHECKPOINTS, None),
    ("/opt/ml/checkpoint", PathKind.OTHER, None),
    ("/opt/ml/code/x", PathKind.CODE, None),
    ("/opt/ml/processing/input", PathKind.PROCESSING, None),
    ("/opt/ml", PathKind.OTHER, None),
    ("/opt/ml/elsewhere", PathKind.OTHER, None),
    ("/opt/mlx/model", PathKind.LOCAL, None),
    ("/tmp/opt/ml/model", PathKind.LOCAL, None),
    ("/tmp/x", PathKind.LOCAL, None),
    ("x.pt", PathKind.LOCAL, None),
    ("./model", PathKind.LOCAL, None),
    ("../data", PathKind.LOCAL, None),
    ("../../model", PathKind.LOCAL, None),
    ("", PathKind.LOCAL, None),
    ("s3://bucket/model", PathKind.REMOTE, None),
    ("https://host/x", PathKind.REMOTE, None),
]
OPEN_PATHS = [
    "*",
    "*/x.pt",
    "opt/ml/model",
    "opt/ml/input/data/train",
    "../model/x.pt",
    "../input/data/train",
]


@pytest.mark.parametrize(("path", "root", "channel"), PATHS)
def test_places(path: str, root: PathKind, channel: str | None) -> None:
    place = place_of_path(path)
    assert (place.root, place.channel, place.open) == (root, channel, False)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/opt/ml//model/x", "/opt/ml//model/x"),
        ("file:///opt/ml/model", "/opt/ml/model"),
        ("/opt/ml/input/data/", "/opt/ml/input/data/*"),
    ],
)
def test_paths_are_kept(path: str, expected: str) -> None:
    assert place_of_path(path).path == expected


@pytest.mark.parametrize("path", OPEN_PATHS)
def test_what_may_lead_anywhere(path: str) -> None:
    assert place_of_path(path) == ContainerPath(PathKind.UNKNOWN, path, open=True)


def test_a_launcher_can_move_what_is_on_the_disk_and_not_what_sagemaker_sets() -> None:
    moved = [place_of_path(path, True) for path in ("/tmp/x", "/opt/ml/elsewhere", "s3://bucket")]
    fixed = [place_of_path(path, True) for path in ("/opt/ml/model", "/opt/ml/input/data/train")]
    assert ([p.open for p in moved], [p.open for p in fixed]) == ([True] * 3, [False] * 2)


OPTIONS = """
import argparse
import os
p = argparse.ArgumentParser()
p.add_argument("--plain")
p.add_argument("--model", default="/opt/ml/model")
p.add_argument("--tmp", default="/tmp/x")
p.add_argument("--relative", default="x")
p.add_argument("--variable", default=os.environ.get("SM_MODEL_DIR", "/tmp"))
p.add_argument("--own", default=os.environ.get("MY_DIR", "/tmp"))
p.add_argument("--number", type=int, default=3)
p.add_argument("--other", default=p.get_default("tmp"))
a = p.parse_args()
"""

VALUES = {
    "a path": ("'/opt/ml/model'", ["model /opt/ml/model"]),
    "SageMaker's variable": ("os.environ['SM_MODEL_DIR']", ["model /opt/ml/model"]),
    "SageMaker's variable has its value, whatever the default": (
        "os.environ.get('SM_MODEL_DIR', '/tmp')",
        ["model /opt/ml/model"],
    ),
    "a channel's variable": ("os.environ['SM_CHANNEL_TRAIN']", ["channel /opt/ml/input/data/train"]),
    "a channel's variable with an underscore": (
        "os.environ['SM_CHANNEL_MY_DATA']",
        ["channel /opt/ml/input/data/my_data"],
    ),
    "some channel's variable": ("os.environ[f'SM_CHANNEL_{x()}']", ["channel /opt/ml/input/data/*"]),
    "the output folder": ("os.environ['SM_OUTPUT_DATA_DIR']", ["output /opt/ml/output/data"]),
    "a variable of SageMaker's that is no path": ("os.environ['SM_NUM_GPUS']", ["unknown * open"]),
    "a variable of the user's": ("os.environ['MY_DIR']", ["unknown * open"]),
    "a variable of the user's with a default": ("os.environ.get('MY_DIR', '/tmp')", ["local /tmp open"]),
    "a file in it": ("os.path.join(os.environ.get('MY_DIR', '/tmp'), 'x')", ["local /tmp/x open"]),
    "an option": ("a.plain", ["unknown * open"]),
    "an option with the model's folder": ("a.model", ["model /opt/ml/model"]),
    "a file in an option's folder": ("os.path.join(a.model, 'x')", ["model /opt/ml/model/x"]),
    "an option with another folder": ("a.tmp", ["local /tmp/x open"]),
    "an option with a relative folder": ("a.relative", ["local x open"]),
    "an option with SageMaker's variable": ("a.variable", ["model /opt/ml/model"]),
    "an option with a variable of the user's": ("a.own", ["local /tmp open"]),
    "an option with a number": ("a.number", ["unknown * open"]),
    "an option with what cannot be told": ("a.other", ["unknown * open"]),
    "a file in what cannot be told": ("os.path.join(x(), 'y')", ["unknown */y open"]),
    "some file in the model's folder": ("os.path.join('/opt/ml/model', x())", ["model /opt/ml/model/*"]),
    "some file in another folder": ("'/tmp/' + x()", ["local /tmp/*"]),
    "some file in an option's folder": ("os.path.join(a.tmp, x())", ["local /tmp/x/* open"]),
    "some relative folder": ("'model' + x()", ["local model*"]),
    "some file of a number": ("f'epoch_{x()}.pt'", ["local epoch_*.pt"]),
    "a scheme": ("'s3:' + x()", ["local s3:* open"]),
    "some text": ("'a' + x()", ["local a* open"]),
    "some folder beside the model's": ("'/opt/ml/model' + x()", ["other /opt/ml/model*"]),
    "some file in the cloud": ("'s3://bucket/' + x()", ["remote s3://bucket/*"]),
    "two paths": ("'/tmp' if x else '/opt/ml/model'", ["local /tmp", "model /opt/ml/model"]),
    "a number": ("3", []),
    "None": ("None", []),
    "bytes": ("b'/opt/ml/model'", []),
    "an object": ("argparse.Namespace", []),
}


@pytest.mark.parametrize(("expression", "expected"), VALUES.values(), ids=VALUES.keys())
def test_places_of_values(expression: str, expected: list[str]) -> None:
    read = script(f"{OPTIONS}use({expression})")
    [site] = read.analysis.program.entry.calls_by_name["use"]
    values = read.analysis.evaluator.values(site.node.args[0], site.scope)
    found = places(read.analysis.evaluator, values)
    assert [f"{p.root} {p.path}{' open' if p.open else ''}" for p in found] == expected


def test_the_number_of_places_is_bounded() -> None:
    source = "".join(f"p{n} = 'a' if x else 'b'\n" for n in range(12))
    read = script(f"{source}use('/'.join(x) + " + " + ".join(f"p{n}" for n in range(12)) + ")")
    [site] = read.analysis.program.entry.calls_by_name["use"]
    assert (
        1
        <= len(places(read.analysis.evaluator, read.analysis.evaluator.values(site.node.args[0], site.scope)))
        <= 30
    )


def test_the_arguments_of_one_call_are_paired() -> None:
    text = """
import os
import pandas as pd

def load(folder, name):
    return pd.read_csv(os.path.join(folder, name))

load(os.environ["SM_CHANNEL_TRAIN"], "train.csv")
load(os.environ["SM_CHANNEL_VALIDATION"], name="val.csv")
"""
    found = [access.place.path for access in accesses(script(text).analysis)]
    assert found == ["/opt/ml/input/data/train/train.csv", "/opt/ml/input/data/validation/val.csv"]
    unknown = [access.place.path for access in accesses(script(text + "run(load)\n").analysis)]
    assert set(found) < set(unknown)


def test_the_place_of_a_module_in_a_package(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "paths.py").write_text("import os\nHERE = os.path.dirname(__file__)\n")
    text = "import os\nfrom package.paths import HERE\nuse(HERE)\nuse(os.path.dirname(__file__))\n"
    assert argument_of(script(text, tmp_path), "use") == ("/opt/ml/code", "/opt/ml/code/package")
