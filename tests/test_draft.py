"""``draft``: an artefact for a script agrees with the script by construction, and shows what the script leaves open."""

from __future__ import annotations

import ast
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flake8_training.sagemaker.framework_versions import images
from flake8_training.sagemaker.table_files import load
from tests.alignment import training_alignment
from tests.harness import write
from tests.in_process import run_flake8

EXAMPLES = Path(__file__).parents[1] / "examples" / "good"
KINDS = (
    ("contract",),
    ("contract", "--format", "yaml"),
    ("specification",),
    ("step-file",),
    ("launcher",),
    ("launcher", "--sdk", "v3"),
)
SCRIPTS = {
    "xgboost_training.py": True,
    "xgboost_churn.py": True,
    "pytorch_training.py": True,
    "sklearn_training.py": True,
    "demand/demand_training.py": True,
    "images/scripts/image_training.py": True,
    "images/scripts/image_collection.py": False,
}
"""The scripts of the examples, and whether each trains."""


def drafted(folder: Path, script: str, *kind: str) -> Path:
    """Return the file of a draft, which causes no finding."""
    name = {"contract": "step_contract.py", "specification": "step_spec.py", "launcher": "launch_step.py"}
    path = folder / name.get(kind[0], f"{Path(script).stem}.step.yaml")
    if "yaml" in kind:
        path = path.with_suffix(".yaml")
    done = training_alignment("draft", *kind, script, "--output-file", path.name, folder=folder)
    assert (done.exit_code, done.output, done.errors) == (0, "", f"Written: {path.name}\n")
    return path


def assert_aligned(folder: Path, script: str, *kind: str) -> None:
    """Assert that the check of a draft with its script finds only what flake8 finds in the script alone."""
    shown = run_flake8(["--select=TRN", script], folder).output.splitlines()
    alone = {(line.split(":")[1], line.split()[1]) for line in shown}
    path = drafted(folder, script, *kind)
    checked = training_alignment("check", "--no-cache", "--format=json", folder=folder)
    path.unlink()
    findings = json.loads(checked.output)
    assert {one["path"] for one in findings} <= {script}
    assert {(str(one["line"]), one["code"]) for one in findings} <= alone


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_the_draft_of_an_example_agrees_with_it(script: str, kind: tuple[str, ...], tmp_path: Path) -> None:
    name = Path(script).name
    shutil.copy(EXAMPLES / script, tmp_path / name)
    if kind[0] == "launcher" and not SCRIPTS[script]:
        refused = training_alignment("draft", *kind, name, folder=tmp_path)
        assert (refused.exit_code, "script of a processing job" in refused.errors) == (2, True)
    else:
        assert_aligned(tmp_path, name, *kind)


WRONG: dict[str, tuple[str, str, str]] = {
    "contract": ("data/training", "data/trainng", "TRN150"),
    "step-file": ("max_depth:", "max_dept:", "TRN158"),
    "launcher": ('"training":', '"trainng":', "TRN408"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_change_of_a_draft_is_reported(kind: str, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "xgboost_training.py", tmp_path)
    path = drafted(tmp_path, "xgboost_training.py", kind)
    old, new, code = WRONG[kind]
    source = path.read_text()
    assert old in source
    path.write_text(source.replace(old, new))
    assert f" {code} " in training_alignment("check", "--no-cache", folder=tmp_path).output


SCRIPT = """\
import argparse
import os

import torch

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, required=True)
    parser.add_argument("--optimizer", choices=("adam", "sgd"), required=True)
    parser.add_argument("--name", default=os.uname().nodename)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--layers", type=int, nargs="+", default=[1])
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    args = parser.parse_args()
    label, size = os.environ["LABEL"], os.environ.get("SIZE", "10")
    data = torch.load(os.path.join(args.train, "data.pt"))
    extra = torch.load("/opt/ml/input/data/Extra/data.pt") if args.verbose else None
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        loss = model(data).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        print(model(data), label, size, args.name, args.layers, args.optimizer, extra)
    torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
    torch.save(optimizer.state_dict(), "/opt/ml/checkpoints/last.pt")
"""


def test_values_are_those_of_the_script_and_the_rest_is_marked(tmp_path: Path) -> None:
    write(tmp_path, {"src/train.py": SCRIPT})
    source = training_alignment("draft", "launcher", "src/train.py", folder=tmp_path).output
    assert '"epochs": 3,\n' in source
    assert '"lr": 0.1,  # unknown: the script requires a value\n' in source
    assert '"optimizer": "adam",  # unknown: the script requires a value\n' in source
    assert '"LABEL": "<LABEL>",  # unknown: the script requires it\n' in source
    assert '"SIZE": "10",\n' in source
    assert "# name: unknown: the default is computed\n" in source
    assert "# verbose: takes no value, so no hyperparameter can set it\n" in source
    assert "# layers: takes several values\n" in source
    assert '"train": "s3://<bucket>/train/",  # unknown: the location in S3\n' in source
    assert 'source_dir="src",\n' in source
    assert 'checkpoint_s3_uri="s3://<bucket>/checkpoints/",' in source
    contract = yaml.safe_load(
        training_alignment("draft", "contract", "--format=yaml", "src/train.py", folder=tmp_path).output
    )
    assert contract["inputs"]["extra"]["destination"] == "/opt/ml/input/data/Extra"
    assert contract["required_env_vars"] == ["LABEL"]
    assert contract["optional_env_vars"] == {"SIZE": "10"}
    assert contract["outputs"].keys() == {"model_artifacts", "checkpoints"}
    assert contract["hyperparameters"] == {"epochs": 3, "lr": 0.1, "optimizer": "adam"}


def test_a_launcher_is_for_the_sdk_that_the_repository_requires(tmp_path: Path) -> None:
    write(tmp_path, {"src/train.py": SCRIPT, ".git/HEAD": "", "src/requirements.txt": "sagemaker>=3\n"})
    for requirement, name in (
        ("", "PyTorch("),
        ("sagemaker>=3\n", "ModelTrainer("),
        ("sagemaker>=2.200,<3\n", "PyTorch("),
    ):
        write(tmp_path, {"requirements.txt": requirement})
        done = training_alignment("draft", "launcher", "src/train.py", folder=tmp_path)
        assert (done.exit_code, name in done.output) == (0, True), requirement
    chosen = training_alignment("draft", "launcher", "--sdk=v3", "src/train.py", folder=tmp_path)
    assert "ModelTrainer(" in chosen.output
    assert (chosen.exit_code, "TRN440" in chosen.errors) == (1, True)


def test_the_folder_that_is_sent_holds_the_modules_of_the_script(tmp_path: Path) -> None:
    script = SCRIPT.replace("import torch\n", "import torch\nfrom lib.nets import width\n")
    write(
        tmp_path,
        {"code/jobs/train.py": script, "code/lib/nets.py": "width = 3\n", "code/lib/__init__.py": ""},
    )
    done = training_alignment("draft", "launcher", "code/jobs/train.py", folder=tmp_path)
    assert 'entry_point="jobs/train.py",\n    source_dir="code",\n' in done.output
    assert done.exit_code == 0


def test_the_version_has_what_the_script_uses(tmp_path: Path) -> None:
    source = (EXAMPLES / "sklearn_training.py").read_text()
    version = 'framework_version="'
    write(tmp_path, {"new.py": source, "old.py": f"from sklearn.externals import joblib as _\n{source}"})
    newest = training_alignment("draft", "launcher", "new.py", folder=tmp_path).output.partition(version)[2]
    older = training_alignment("draft", "launcher", "old.py", folder=tmp_path).output.partition(version)[2]
    assert newest.partition('"')[0] != older.partition('"')[0] == "0.20.0"


@pytest.mark.parametrize("framework", ["sklearn", "pytorch", "xgboost", "tensorflow", "huggingface"])
def test_sdk_v2_is_offered_only_its_own_versions(framework: str) -> None:
    row = load("framework_pairs")["frameworks"][framework]
    base = "pytorch" if framework == "huggingface" else ""
    both = [image.version for image in images(framework, base, v3=True)]
    assert [one for one in both if one not in row["only_v3"]] == [
        image.version for image in images(framework, base)
    ]
    assert both[0] in row["only_v3"]


KERAS = """\
import argparse
import os

import numpy as np
import tensorflow as tf

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
args{rest} = parser.{parsing}()
data = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.npz"))
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(data["x"], data["y"], epochs=args.epochs, validation_split=0.1)
model.save(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
"""


@pytest.mark.parametrize(
    ("rest", "parsing", "is_refused"), [("", "parse_args", True), (", _", "parse_known_args", False)]
)
def test_the_option_of_the_tensorflow_estimator(
    tmp_path: Path, rest: str, parsing: str, is_refused: bool
) -> None:
    write(tmp_path, {"train.py": KERAS.format(rest=rest, parsing=parsing)})
    done = training_alignment("draft", "launcher", "train.py", folder=tmp_path)
    assert done.exit_code == 0, done.errors
    assert ("model_dir=False" in done.output) is is_refused


@pytest.mark.parametrize(
    ("declared", "is_refused"),
    [
        ('"--model_dir", default=os.environ.get("SM_MODEL_DIR")', True),
        ('"--model_dir", required=True', False),
    ],
)
def test_the_script_saves_where_its_option_says(tmp_path: Path, declared: str, is_refused: bool) -> None:
    source = KERAS.format(rest="", parsing="parse_args")
    source = source.replace("\nargs =", f"\nparser.add_argument({declared})\nargs =")
    source = source.replace('os.environ["SM_MODEL_DIR"]', "args.model_dir")
    write(tmp_path, {"train.py": source})
    done = training_alignment("draft", "launcher", "train.py", folder=tmp_path)
    assert (done.exit_code, done.errors) == (0, "")
    assert ("model_dir=False," in done.output) is is_refused
    assert '"model_dir":' not in done.output


def test_a_list_that_may_be_incomplete_is_marked(tmp_path: Path) -> None:
    source = SCRIPT.replace("import torch\n", "import torch\nimport reading\n")
    source = source.replace('default=os.environ.get("SM_CHANNEL_TRAIN")', "default=None")
    source = source.replace('torch.load(os.path.join(args.train, "data.pt"))', "reading.load_all()")
    source = source.replace('torch.load("/opt/ml/input/data/Extra/data.pt")', "None")
    write(tmp_path, {"train.py": source})
    source = training_alignment("draft", "contract", "train.py", folder=tmp_path).output
    assert "# unknown: the script may have more (train.py line " in source


OPTPARSE = """\
import optparse

import pandas as pd

parser = optparse.OptionParser()
parser.add_option("--rows", type="int", dest="rows", default=50)
options, _ = parser.parse_args()
table = pd.read_csv("/opt/ml/processing/input/rows.csv").head(options.rows)
table.to_csv("/opt/ml/processing/output/rows.csv")
"""


def test_the_options_of_optparse_are_arguments_of_a_processing_job(tmp_path: Path) -> None:
    write(tmp_path, {"clean.py": OPTPARSE})
    path = drafted(tmp_path, "clean.py", "contract")
    assert '"expected_arguments": {\n        "rows": 50,\n' in path.read_text()
    path.write_text(path.read_text().replace('"rows": 50', '"row_count": 50'))
    assert "TRN156" in training_alignment("check", "--no-cache", folder=tmp_path).output


def test_a_secret_that_a_library_reads_is_for_the_launcher_to_set(tmp_path: Path) -> None:
    needed = 'os.environ["WANDB_API_KEY"], os.environ["CUDA_VISIBLE_DEVICES"]'
    write(
        tmp_path,
        {"train.py": SCRIPT.replace('os.environ["LABEL"]', needed, 1).replace("label,", "label, _,", 1)},
    )
    source = training_alignment("draft", "launcher", "train.py", folder=tmp_path).output
    assert '"WANDB_API_KEY": "<WANDB_API_KEY>",' in source
    assert "CUDA_VISIBLE_DEVICES" not in source


REFUSED: dict[str, tuple[str, str]] = {
    "a file that is no script": ("x = 1\n", "trains no model"),
    "a launcher": (f"from sagemaker.pytorch import PyTorch\n\nprint(PyTorch)\n{SCRIPT}", "trains no model"),
    "a file that is not Python": ("def (", "line 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_script_has_no_draft(case: str, tmp_path: Path) -> None:
    source, message = REFUSED[case]
    write(tmp_path, {"train.py": source})
    done = training_alignment("draft", "contract", "train.py", folder=tmp_path)
    assert (done.exit_code, done.output, message in done.errors) == (2, "", True)


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SCRIPT, "contract.py": "kept\n"})
    done = training_alignment("draft", "contract", "train.py", "--output-file=contract.py", folder=tmp_path)
    assert (done.exit_code, (tmp_path / "contract.py").read_text()) == (2, "kept\n")
    assert "exists and is not overwritten" in done.errors


def test_a_finding_of_the_draft_is_reported(tmp_path: Path) -> None:
    # no image of PyTorch brings the package
    write(tmp_path, {"train.py": SCRIPT.replace("import torch\n", "import torch\nimport wandb\n", 1)})
    done = training_alignment("draft", "launcher", "train.py", folder=tmp_path)
    assert (done.exit_code, "TRN427" in done.errors) == (1, True)


def test_names_of_the_script_are_safe_in_every_format(tmp_path: Path) -> None:
    odd = SCRIPT.replace(
        '"--name", default=os.uname().nodename', r"""'--na"me', default='a"\n\u202e#: {%s}'"""
    )
    odd = odd.replace("args.name", "args").replace('environ["LABEL"]', r"""environ['LA"\nBEL']""")
    write(tmp_path, {"train.py": odd})
    for kind in KINDS:
        source = training_alignment("draft", *kind, "train.py", folder=tmp_path).output
        assert "\u202e" not in source
        if "yaml" in kind or kind == ("step-file",):
            assert 'na"me' in str(yaml.safe_load(source)["hyperparameters" if "yaml" in kind else "contract"])
        else:
            assert any(
                isinstance(node, ast.Constant) and node.value == 'na"me'
                for node in ast.walk(ast.parse(source))
            )


NAMES = ("train", "validation", "test", "holdout", "extra-data")
OPTIONS: dict[str, str] = {
    "epochs": "type=int, default=10",
    "learning-rate": "type=float, default=1e-05",
    "loss": 'default="log_loss"',
    "fast": 'action="store_true"',
    "depth": "type=int, required=True",
    "kind": 'choices=["a", "b"], default="a"',
    "label": "default=None",
    "sizes": 'nargs="*", type=int',
}


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """Return a training script with some channels, options, variables and outputs."""
    channels = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    options = draw(st.lists(st.sampled_from(list(OPTIONS)), unique=True))
    by_option, with_key, with_variable, reports = (draw(st.booleans()) for _ in range(4))
    lines = ["import argparse, json, os", "import joblib, pandas as pd", "from sklearn.svm import SVC", ""]
    lines += ["def main(args):", "    frames = {}"]
    for number, name in enumerate(channels):
        variable = f'os.environ["SM_CHANNEL_{name.upper()}"]'
        folder = f"args.d{number}" if by_option else variable
        folder = f'"/opt/ml/input/data/{name}"' if "-" in name else folder
        lines.append(f'    frames["{name}"] = pd.read_csv(os.path.join({folder}, "rows.csv"))')
    if with_key:
        lines.append('    with open("/opt/ml/input/config/hyperparameters.json") as stream:')
        lines.append('        print(json.load(stream).get("shrink", 4))')
    if with_variable:
        lines.append('    print(os.environ["LABEL"], os.getenv("REGION_NAME", "x"))')
    lines += ["    rows = next(iter(frames.values()))", "    model = SVC().fit(rows, rows.index)"]
    lines.append("    print(model.score(rows, rows.index))")
    lines.append('    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))')
    if reports:
        lines.append('    rows.to_csv("/opt/ml/output/data/rows.csv")')
    lines += ["", 'if __name__ == "__main__":', "    parser = argparse.ArgumentParser()"]
    lines += [f'    parser.add_argument("--{name}", {OPTIONS[name]})' for name in options]
    for number, name in enumerate(channels):
        if by_option and "-" not in name:
            value = f'os.environ["SM_CHANNEL_{name.upper()}"]'
            lines.append(f'    parser.add_argument("--d{number}", default={value})')
    return "\n".join([*lines, "    main(parser.parse_args())"]) + "\n"


@given(script=scripts(), kind=st.sampled_from(KINDS))
@settings(max_examples=20, deadline=None)
def test_the_draft_of_any_script_agrees_with_it(script: str, kind: tuple[str, ...]) -> None:
    assume(not ("v3" in kind and "extra-data" in script))  # no channel of SDK v3 has a hyphen
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), {"train.py": script})
        assert_aligned(Path(os.path.realpath(folder)), "train.py", *kind)
