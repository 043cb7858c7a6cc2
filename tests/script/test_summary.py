"""The facts of whole small scripts as plain data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flake8_training.script.summary import Facts, summary
from tests.script.reading import script

NOTHING = Facts(
    path="",
    is_training_script=False,
    frameworks=["other"],
    channels=[],
    environment_variables=[],
    arguments=[],
    hyperparameters=[],
    reads=[],
    writes=[],
    trains=[],
    evaluates=[],
    saves_model=[],
    cannot_tell=[],
    unknown=[],
)

SKLEARN = """\
import argparse
import json
import os

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score


def load(folder):
    return pd.concat([pd.read_csv(os.path.join(folder, name)) for name in os.listdir(folder)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--n-estimators", type=int, default=100)
    parser.add_argument("--criterion", required=True)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--best", type=float, default=float("inf"))
    parser.add_argument("--model-dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--test", default=os.environ.get("SM_CHANNEL_TEST", "/tmp/test"))
    args = parser.parse_args()

    train, test = load(args.train), pd.read_csv(args.test)
    model = RandomForestClassifier(args.n_estimators, criterion=args.criterion)
    model.fit(train.drop(columns="y"), train["y"])
    print(accuracy_score(test["y"], model.predict(test.drop(columns="y"))))
    joblib.dump(model, os.path.join(args.model_dir, "model.joblib"))
    with open("/opt/ml/output/data/scores.json", "w") as stream:
        json.dump({}, stream)
    joblib.dump(train, "/tmp/cache")
"""
SKLEARN_FACTS = Facts(
    path="",
    is_training_script=True,
    frameworks=["sklearn"],
    channels=["train", "test"],
    environment_variables=[
        {"name": "SM_MODEL_DIR", "default": None, "line": 21},
        {"name": "SM_CHANNEL_TRAIN", "default": None, "line": 22},
        {"name": "SM_CHANNEL_TEST", "default": "/tmp/test", "line": 23},
    ],
    arguments=[
        {"name": "n-estimators", "type": "int", "default": 100, "required": False, "line": 17},
        {"name": "criterion", "type": "str", "default": None, "required": True, "line": 18},
        {"name": "verbose", "type": "flag", "default": None, "required": False, "line": 19},
        {"name": "best", "type": "float", "default": "float('inf')", "required": False, "line": 20},
        {
            "name": "model-dir",
            "type": "str",
            "default": "os.environ['SM_MODEL_DIR']",
            "required": False,
            "line": 21,
        },
        {
            "name": "train",
            "type": "str",
            "default": "os.environ.get('SM_CHANNEL_TRAIN')",
            "required": False,
            "line": 22,
        },
        {
            "name": "test",
            "type": "str",
            "default": "os.environ.get('SM_CHANNEL_TEST', '/tmp/test')",
            "required": False,
            "line": 23,
        },
    ],
    hyperparameters=["n-estimators", "criterion", "verbose", "best"],
    reads=[
        {"path": "/opt/ml/input/data/train/*", "line": 12},
        {"path": "/opt/ml/input/data/train", "line": 12},
        {"path": "/opt/ml/input/data/test", "line": 26},
    ],
    writes=[
        {"path": "/opt/ml/model/model.joblib", "line": 30},
        {"path": "/opt/ml/output/data/scores.json", "line": 31},
        {"path": "/tmp/cache", "line": 33},
    ],
    trains=[28],
    evaluates=[29],
    saves_model=[30],
    cannot_tell=[],
    unknown=[],
)

KEYS = """\
import json
import os
import torch
from sagemaker_training import environment

env = environment.Environment()
hyperparameters = json.loads(os.environ["SM_HPS"])
rate, decay = hyperparameters["rate"], hyperparameters.get("decay", 0)
epochs = int(os.environ["SM_HP_EPOCHS"])
seed = env.hyperparameters["seed"]
with open("/opt/ml/input/config/hyperparameters.json") as stream:
    depth = json.load(stream)["depth"]
if "SM_NUM_GPUS" in os.environ:
    pass
train = torch.load(os.path.join(env.channel_input_dirs["Train"], "x.pt"))
held_out = torch.load(env.channel_input_dirs.get("validation") + "/x.pt")
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=rate)
for _ in range(epochs):
    optimizer.zero_grad()
    model(train).sum().backward()
    optimizer.step()
torch.save(model, env.model_dir + "/model.pt")
"""
KEYS_FACTS = Facts(
    path="",
    is_training_script=True,
    frameworks=["pytorch"],
    channels=["train", "validation"],
    environment_variables=[
        {"name": "SM_HPS", "default": None, "line": 7},
        {"name": "SM_HP_EPOCHS", "default": None, "line": 9},
    ],
    arguments=[],
    hyperparameters=["rate", "decay", "epochs", "seed", "depth"],
    reads=[
        {"path": "/opt/ml/input/config/hyperparameters.json", "line": 11},
        {"path": "/opt/ml/input/data/Train/x.pt", "line": 15},
        {"path": "/opt/ml/input/data/validation/x.pt", "line": 16},
    ],
    writes=[{"path": "/opt/ml/model/model.pt", "line": 23}],
    trains=[21, 22],
    evaluates=[],
    saves_model=[23],
    cannot_tell=[],
    unknown=[],
)

TRANSFORMERS = """\
from dataclasses import dataclass, field

from datasets import load_from_disk
from transformers import AutoModel, HfArgumentParser, Trainer, TrainingArguments


@dataclass
class Options:
    dataset_path: str
    warmup_steps: int = field(default=10, metadata={"help": "how many"})
    tags: list[str] = field(default_factory=list)


options, training_args = HfArgumentParser((Options, TrainingArguments)).parse_args_into_dataclasses()
trainer = Trainer(AutoModel.from_pretrained("x"), training_args, train_dataset=load_from_disk(options.dataset_path))
trainer.train()
trainer.save_model()
"""
TRANSFORMERS_FACTS = Facts(
    path="",
    is_training_script=False,
    frameworks=["pytorch", "huggingface"],
    channels=[],
    environment_variables=[],
    arguments=[
        {"name": "dataset_path", "type": "str", "default": None, "required": True, "line": 9},
        {"name": "warmup_steps", "type": "int", "default": 10, "required": False, "line": 10},
        {"name": "tags", "type": "list[str]", "default": None, "required": False, "line": 11},
    ],
    hyperparameters=["warmup_steps", "tags"],
    reads=[],
    writes=[],
    trains=[16],
    evaluates=[],
    saves_model=[],
    cannot_tell=["training_data", "model_saving"],
    unknown=[
        {"question": "training_data", "path": "", "line": 15, "reason": "value from outside"},
        {"question": "model_saving", "path": "", "line": 17, "reason": "value from outside"},
    ],
)

TENSORFLOW = """\
import os
import tensorflow as tf
from sagemaker_tensorflow import PipeModeDataset

for name in ("train", "eval"):
    print(os.environ.get(f"SM_CHANNEL_{name.upper()}", "/tmp"))
data = PipeModeDataset(channel="training", record_format="TFRecord")
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(data, validation_data=tf.data.TFRecordDataset(["s3://bucket/eval"]))
model.save(os.path.join(os.getenv("SM_MODEL_DIR", "/opt/ml/model"), "1"))
"""
TENSORFLOW_FACTS = Facts(
    path="",
    is_training_script=True,
    frameworks=["tensorflow"],
    channels=["train", "eval", "training"],
    environment_variables=[
        {"name": "SM_CHANNEL_TRAIN", "default": "/tmp", "line": 6},
        {"name": "SM_CHANNEL_EVAL", "default": "/tmp", "line": 6},
        {"name": "SM_MODEL_DIR", "default": "/opt/ml/model", "line": 11},
    ],
    arguments=[],
    hyperparameters=[],
    reads=[{"path": "/opt/ml/input/data/training", "line": 7}],
    writes=[{"path": "/opt/ml/model/1", "line": 11}],
    trains=[10],
    evaluates=[10],
    saves_model=[11],
    cannot_tell=[],
    unknown=[],
)

CLICK = """\
import click
import lightgbm as lgb


@click.command()
@click.option("--num-leaves", type=int, default=31)
@click.option("--model-dir", default="/opt/ml/model")
@click.argument("data", default="/opt/ml/input/data/train/x.csv")
def main(num_leaves, model_dir, data):
    booster = lgb.train({"num_leaves": num_leaves}, lgb.Dataset(data))
    booster.save_model(f"{model_dir}/model.txt")


if __name__ == "__main__":
    main()
"""
CLICK_FACTS = Facts(
    path="",
    is_training_script=True,
    frameworks=["lightgbm"],
    channels=["train"],
    environment_variables=[],
    arguments=[
        {"name": "num-leaves", "type": "int", "default": 31, "required": False, "line": 6},
        {"name": "model-dir", "type": "str", "default": "/opt/ml/model", "required": False, "line": 7},
        {
            "name": "data",
            "type": "str",
            "default": "/opt/ml/input/data/train/x.csv",
            "required": False,
            "line": 8,
        },
    ],
    hyperparameters=["num-leaves"],
    reads=[{"path": "/opt/ml/input/data/train/x.csv", "line": 10}],
    writes=[{"path": "/opt/ml/model/model.txt", "line": 11}],
    trains=[10],
    evaluates=[],
    saves_model=[11],
    cannot_tell=[],
    unknown=[],
)

FUNCTIONS = """\
def add(a, b):
    return a + b
"""
QUESTIONS = ["hyperparameters", "training_data", "training", "evaluation", "model_saving"]

UNKNOWN = {
    "cannot_tell": QUESTIONS,
    "unknown": [
        {"question": question, "path": "", "line": 1, "reason": "no code runs by itself"}
        for question in QUESTIONS
    ],
}

SCRIPTS = {
    "scikit-learn with options": (SKLEARN, SKLEARN_FACTS),
    "PyTorch with keys": (KEYS, KEYS_FACTS),
    "transformers with dataclasses": (TRANSFORMERS, TRANSFORMERS_FACTS),
    "TensorFlow with a pipe": (TENSORFLOW, TENSORFLOW_FACTS),
    "LightGBM with click": (CLICK, CLICK_FACTS),
    "a program that does something else": ("print(1)\nfor x in (1, 2):\n    print(x)\n", NOTHING),
    "functions alone": (FUNCTIONS, NOTHING | UNKNOWN),
    "nothing": ("", NOTHING | UNKNOWN),
}


@pytest.mark.parametrize(("source", "expected"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_facts(source: str, expected: Facts) -> None:
    assert summary(script(source)) == expected


@pytest.mark.parametrize(("source", "expected"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_facts_are_json(source: str, expected: Facts) -> None:
    assert json.loads(json.dumps(summary(script(source)), allow_nan=False)) == expected


def test_words_after_a_path_are_no_channel() -> None:
    source = (
        'raise ValueError("/opt/ml/input/data/train is no folder")\n'
        'open("/opt/ml/input/data/extra-data/rows.csv")\n'
    )
    assert summary(script(source))["channels"] == ["extra-data"]


def test_channels_are_in_the_order_of_their_lines() -> None:
    source = (
        "import os\nfrom sagemaker_training import environment\n"
        "os.listdir('/opt/ml/input/data/Second')\nprint(os.environ['SM_CHANNEL_FIRST'])\n"
        "print(environment.Environment().channel_input_dirs['third'])\nprint(os.environ['SM_CHANNEL_SECOND'])\n"
        "os.listdir('/opt/ml/input/data/fourth')\nprint('/opt/ml/input/data/fifth')\n"
    )
    assert summary(script(source))["channels"] == ["second", "first", "third", "fourth"]


DEFAULTS = {
    "3": 3,
    "-1.5": -1.5,
    "True": True,
    "None": None,
    "'x'": "x",
    "b'x'": "b'x'",
    "1j": "1j",
    "RATE": 0.1,
    "float('nan')": "float('nan')",
    "[1, 2]": "[1, 2]",
    "x()": "x()",
    "1 if x else 2": "1 if x else 2",
    "os.path.join('a', 'b')": "a/b",
}


@pytest.mark.parametrize(("default", "expected"), DEFAULTS.items())
def test_defaults(default: str, expected: object) -> None:
    source = "import argparse, os\nRATE = 0.1\nargparse.ArgumentParser().add_argument('--x', default={})"
    [argument] = summary(script(source.format(default)))["arguments"]
    assert argument["default"] == expected
    assert type(argument["default"]) is type(expected)


def test_lines_are_those_of_the_script_itself(tmp_path: Path) -> None:
    read = script(
        "from work import fit, parse\n\nif __name__ == '__main__':\n    args = parse()\n"
        "    model = fit(args.train)\n    model.save_model(args.model_dir + '/model.json')\n",
        tmp_path,
        work="""
            import argparse
            import os
            import xgboost as xgb

            def parse():
                parser = argparse.ArgumentParser()
                parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
                parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
                return parser.parse_args()

            def fit(folder):
                return xgb.train({}, xgb.DMatrix(folder + "/x.csv"))
        """,
    )
    facts = summary(read)
    assert facts == NOTHING | {
        "path": str(tmp_path / "train.py"),
        "frameworks": ["xgboost"],
        "channels": ["train"],
        "environment_variables": [
            {"name": "SM_CHANNEL_TRAIN", "default": None, "line": 8},
            {"name": "SM_MODEL_DIR", "default": None, "line": 9},
        ],
        "arguments": [
            {
                "name": "train",
                "type": "str",
                "default": "os.environ['SM_CHANNEL_TRAIN']",
                "required": False,
                "line": 8,
            },
            {
                "name": "model-dir",
                "type": "str",
                "default": "os.environ['SM_MODEL_DIR']",
                "required": False,
                "line": 9,
            },
        ],
        "writes": [{"path": "/opt/ml/model/model.json", "line": 6}],
        "saves_model": [6],
    }


def test_options_that_no_living_code_declares_are_no_facts() -> None:
    facts = summary(script(SKLEARN.replace('if __name__ == "__main__":', "def dead():") + "\nload('/tmp')\n"))
    assert (facts["arguments"], facts["hyperparameters"], facts["trains"]) == ([], [], [])
