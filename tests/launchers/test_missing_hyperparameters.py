"""TRN426: what the script requires, and what the job sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, notebook, options, said

REQUIRED = options("'--lr', type=float, required=True", "'--epochs', type=int, default=1")
KEYS = "import json, os\nhps = json.loads(os.environ['SM_HPS'])\nprint({})\n"
FILE = """
import json

with open("/opt/ml/input/config/hyperparameters.json") as file:
    settings = json.load(file)
print(float(settings["lr"]))
"""
CLICK = """
import click

@click.command()
@click.option("--lr", type=float, required=True{more})
def main(lr):
    print(lr)

main()
"""
FIRE = """
import fire

def main(lr, epochs=1):
    print(lr, epochs)

fire.Fire(main)
"""
DATACLASS = """
from dataclasses import dataclass
from transformers import HfArgumentParser

@dataclass
class Arguments:
    lr: {kind}
    epochs: int = 1

print(HfArgumentParser(Arguments).parse_args_into_dataclasses())
"""
TRAINER = """
from sagemaker.core.training.configs import Compute, SourceCode
from sagemaker.train import ModelTrainer

trainer = ModelTrainer(
    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310-ubuntu20.04-sagemaker",
    source_code=SourceCode(source_dir="code", {start}),
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
    role="arn:aws:iam::123456789012:role/Training",
    hyperparameters={given},
)
trainer.train()
"""
TUNER = """
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

tuner = HyperparameterTuner(
    estimator,
    "loss",
    {{"{name}": ContinuousParameter(0.001, 0.1)}},
    metric_definitions=[{{"Name": "loss", "Regex": "loss: ([0-9.]+)"}}],
)
tuner.fit()
"""
ARGPARSE_EXITS = "TRN426 --lr (argparse exits with code 2)"
KEY_ERROR = "TRN426 lr (reading it ends the job with a KeyError)"


def pair(script: str, given: str = "{'epochs': 3}", name: str = "PyTorch") -> dict[str, str]:
    """A launcher with these hyperparameters, and its script."""
    return {"launch.py": launcher(name, f"hyperparameters={given},"), "code/train.py": script}


def tuned(name: str) -> dict[str, str]:
    """A launcher with a tuner of one hyperparameter instead of a job."""
    start = launcher(more="hyperparameters={'epochs': 3},").replace("estimator.fit()\n", "")
    return {"launch.py": start + TUNER.format(name=name), "code/train.py": REQUIRED}


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (pair(REQUIRED), [ARGPARSE_EXITS]),
        (pair(REQUIRED, "{}"), [ARGPARSE_EXITS]),
        (pair(REQUIRED, "dict(epochs=3)", "TensorFlow"), [ARGPARSE_EXITS]),
        ({"launch.py": launcher("SKLearn"), "code/train.py": REQUIRED}, [ARGPARSE_EXITS]),
        (
            pair(
                options("'--lr', required=True", "'--wd', required=True", parse="parser.parse_known_args()")
            ),
            [ARGPARSE_EXITS, "TRN426 --wd (argparse exits with code 2)"],
        ),
        (
            pair(options("'-l', '--lr', dest='rate', required=True"), "{}"),
            ["TRN426 -l (argparse exits with code 2)"],
        ),
        (
            pair(
                "import argparse\n\ndef main():\n    parser = argparse.ArgumentParser()\n"
                "    parser.add_argument('--lr', required=True)\n    print(parser.parse_args())\n\n"
                "if __name__ == '__main__':\n    main()\n",
                "{}",
            ),
            [ARGPARSE_EXITS],
        ),
        (pair(CLICK.format(more=""), "{}"), ["TRN426 --lr (click exits with code 2)"]),
        (pair(FIRE), ["TRN426 --lr (fire exits with code 2)"]),
        (pair(DATACLASS.format(kind="float")), ["TRN426 --lr (HfArgumentParser exits with code 2)"]),
        (pair(KEYS.format('hps["lr"], hps.get("epochs")')), [KEY_ERROR]),
        (pair(KEYS.format('hps["lr"], hps.get("epochs")'), "{'epochs': 3, 'wd': 1}"), [KEY_ERROR]),
        (pair(FILE), [KEY_ERROR]),
        (pair("import os\nprint(float(os.environ['SM_HP_LR']))\n"), [KEY_ERROR]),
        (pair("import json, os\nprint(float(json.loads(os.environ['SM_HPS'])['lr']))\n"), [KEY_ERROR]),
        (tuned("epochs"), [ARGPARSE_EXITS]),
        (
            {
                "launch.py": TRAINER.format(start="entry_script='train.py'", given="{'epochs': 3}"),
                "code/train.py": REQUIRED,
            },
            [ARGPARSE_EXITS],
        ),
        (
            {
                "launch.py": TRAINER.format(start="command='python train.py --lr 1'", given="{'epochs': 3}"),
                "code/train.py": KEYS.format("hps['lr']"),
            },
            [KEY_ERROR],
        ),
        (
            {
                "start.ipynb": notebook(launcher(more="hyperparameters={'epochs': 3},")),
                "code/train.py": REQUIRED,
            },
            ["TRN426 cell 2 line 12: --lr (argparse exits with code 2)"],
        ),
    ],
)
def test_a_hyperparameter_that_the_job_does_not_set(
    tmp_path: Path, files: dict[str, str], details: list[str]
) -> None:
    assert said(tmp_path, files, "TRN426") == details


BEGINNING = launcher(more="hyperparameters={'epochs': 3},").replace("estimator.fit()\n", "")


@pytest.mark.parametrize(
    "files",
    [
        pair(REQUIRED, "{'lr': 0.1}"),
        pair(REQUIRED, "{'lr': ''}"),
        pair(REQUIRED.replace("'--lr'", "'--learning-rate'"), "{'learning': 0.1}"),  # a beginning is enough
        pair(REQUIRED.replace("required=True", "default=0.1")),
        pair(REQUIRED.replace("required=True", "required=False")),
        pair(options("'--model_dir', required=True"), "{}", "TensorFlow"),
        pair(options("'--local_rank', required=True"), "{}"),
        pair(
            "import sys\n"
            + options("'--lr', required=True", parse="parser.parse_args(sys.argv[1:] + ['--lr', '1'])")
        ),
        pair(
            options(parse="None")
            + "if os.environ.get('FULL'):\n    parser.add_argument('--lr', required=True)\n"
            "args = parser.parse_args()\n"
        ),
        pair(
            options(
                "'--lr', required=True",
                parse="None",
                more="other = argparse.ArgumentParser()\nother.parse_args()\n",
            )
        ),
        {
            "launch.py": BEGINNING + "estimator.set_hyperparameters(lr=1)\nestimator.fit()\n",
            "code/train.py": REQUIRED,
        },
        {
            "launch.py": BEGINNING + "import elsewhere\nelsewhere.complete(estimator)\nestimator.fit()\n",
            "code/train.py": REQUIRED,
        },
        {
            "launch.py": "import yaml\n" + launcher(more="hyperparameters=yaml.safe_load(open('h.yaml')),"),
            "code/train.py": REQUIRED,
        },
        {
            "launch.py": launcher(more="hyperparameters={'epochs': 3, **extra},").replace(
                "from", "from settings import extra\nfrom", 1
            ),
            "code/train.py": REQUIRED,
        },
        tuned("lr"),
        pair(CLICK.format(more=', envvar="LR"'), "{}"),
        pair(CLICK.format(more=", prompt=True"), "{}"),
        pair(FIRE, "{'lr': 1}"),
        pair(DATACLASS.format(kind="bool")),
        pair(DATACLASS.format(kind="float"), "{'lr': 1}"),
        pair(KEYS.format('hps.get("lr")')),
        pair(KEYS.format('hps["lr"] if "lr" in hps else 1')),
        pair(KEYS.format('hps["lr"]').replace("print", "hps.setdefault('lr', 1)\nprint")),
        pair(KEYS.format('hps["lr"]').replace("print", "hps.update(json.load(open('more.json')))\nprint")),
        pair(
            "import json, os\ntry:\n    print(json.loads(os.environ['SM_HPS'])['lr'])\nexcept KeyError:\n    pass\n"
        ),
        pair(
            "import json, os\ndef trial():\n    return json.loads(os.environ['SM_HPS'])['lr']\n"
            "if os.environ.get('TRIAL'):\n    trial()\n"
        ),
        pair(
            "import json, os\n"
            "hps = json.loads(os.environ['SM_HPS']) if 'SM_HPS' in os.environ else {'lr': 1}\n"
            "print(hps['lr'])\n"
        ),
        pair(KEYS.format('hps["lr"]'), "{'lr': 1}"),
        pair("import os\nprint(os.environ['SM_HP_LR'])\n", "{'lr': 1}"),
        pair("import os\nprint(os.environ['SM_HP_LR'])\nos.environ.setdefault('SM_HP_LR', '1')\n"),
        {
            "launch.py": TRAINER.format(start="command='python train.py --lr 1'", given="{'epochs': 3}"),
            "code/train.py": REQUIRED,
        },
        {
            "launch.py": TRAINER.format(start="entry_script='train.py'", given="{'learning-rate': 3}"),
            "code/train.py": "import os\nprint(os.environ['SM_HP_LEARNING_RATE'])\n",
        },
        {"start.ipynb": notebook(launcher(more="hyperparameters={'lr': 3},")), "code/train.py": REQUIRED},
    ],
)
def test_hyperparameters_that_are_set_or_may_be(tmp_path: Path, files: dict[str, str]) -> None:
    assert said(tmp_path, files, "TRN426") == []


def test_a_misspelt_name_is_one_finding(tmp_path: Path) -> None:
    files = pair(options("'--learning-rate', required=True"), "{'learning_rate': 1}")
    assert [one[:6] for one in said(tmp_path, files, "TRN410", "TRN426")] == ["TRN410"]
    files = pair(options("'--learning-rate', required=True"), "{'depth': 1}")
    assert [one[:6] for one in said(tmp_path, files, "TRN410", "TRN426")] == ["TRN426", "TRN410"]


def test_a_misspelt_argument_is_one_finding(tmp_path: Path) -> None:
    files = {"launch.py": launcher(more="hyper_parameters={'lr': 1},"), "code/train.py": REQUIRED}
    assert [one[:6] for one in said(tmp_path, files, "TRN403", "TRN426")] == ["TRN403"]


def test_a_use_of_the_same_word_elsewhere_does_not_suppress(tmp_path: Path) -> None:
    script = REQUIRED + "other = {'lr': 1}\nif 'lr' in other:\n    print(other.get('lr', 2))\n"
    assert said(tmp_path, pair(script), "TRN426") == [ARGPARSE_EXITS]
    script = KEYS.format("hps['lr'], {}.get('lr'), 'lr' in {'lr': 1}")
    assert said(tmp_path, pair(script), "TRN426") == [KEY_ERROR]


JOIN = "has no default, and os.path.join(None) fails"
UNSET = {
    "a folder": (
        "'--model-dir'",
        "os.path.join(args.model_dir, 'm')",
        f"--model-dir {JOIN}; use default=os.environ['SM_MODEL_DIR']",
    ),
    "a channel": (
        "'--train-dir', type=str",
        "os.path.join(args.train_dir, 'x')",
        f"--train-dir {JOIN}; use default=os.environ['SM_CHANNEL_TRAIN']",
    ),
    "a default of None": (
        "'--where', default=None",
        "open(args.where)",
        "--where has no default, and open(None) fails",
    ),
    "a number": ("'--steps'", "int(args.steps)", "--steps has no default, and int(None) fails"),
    "a parameter": (
        "'--where'",
        "def load(path):\n    print(path)\n    return open(path)\nload(args.where)",
        "--where has no default, and open(None) fails",
    ),
    "a failure": (
        "'--where'",
        "if not args.where:\n    raise ValueError('where')\nopen(args.where)",
        "--where has no default, and open(None) fails",
    ),
    "shown": (
        "'--where'",
        "import logging\nlogging.info(args)\nopen(args.where)",
        "--where has no default, and open(None) fails",
    ),
    "a function of the script": (
        "'--where'",
        "def run(args):\n    open(args.where)\nrun(args)",
        "--where has no default, and open(None) fails",
    ),
    "another option that is set": (
        "'--where'",
        "args.there = '/tmp'\nopen(args.where)",
        "--where has no default, and open(None) fails",
    ),
}
SET = {
    "a default": ("'--where', default='/tmp'", "open(args.where)"),
    "a variable": ("'--where', default=os.environ.get('SM_MODEL_DIR')", "open(args.where)"),
    "a test": ("'--where'", "if args.where:\n    open(args.where)"),
    "a choice": ("'--where'", "open(args.where or '/tmp/x')"),
    "another value": (
        "'--where'",
        "where = args.where\nif where is None:\n    where = '/tmp/x'\nopen(where)",
    ),
    "set": ("'--where'", "args.where = '/tmp/x'\nopen(args.where)"),
    "set by name": ("'--where'", "setattr(args, 'whe' + 're', '/tmp/x')\nopen(args.where)"),
    "set by key": ("'--where'", "vars(args)['where'] = '/tmp/x'\nopen(args.where)"),
    "handed on": ("'--where'", "from churn import fill\nfill(args)\nopen(args.where)"),
    "updated": ("'--where'", "vars(args).update(where='/tmp/x')\nopen(args.where)"),
    "caught": ("'--where'", "try:\n    open(args.where)\nexcept TypeError:\n    pass"),
    "an end before": ("'--where'", "if args.where is None:\n    exit()\nopen(args.where)"),
    "a list": ("'--where', nargs='*'", "print(args.where)"),
    "a call that takes None": ("'--where'", "os.listdir(args.where)"),
    "a flag": ("'--where', action='store_true'", "int(args.where)"),
}


@pytest.mark.parametrize("name", UNSET)
def test_an_option_without_a_value(name: str, tmp_path: Path) -> None:
    declared, use, detail = UNSET[name]
    files = {
        "launch.py": launcher(inputs="{'train': 's3://b/train'}"),
        "code/train.py": options(declared, more=f"{use}\n"),
    }
    assert said(tmp_path, files, "TRN426") == [f"TRN426 {detail}"]


@pytest.mark.parametrize("name", SET)
def test_an_option_with_a_value(name: str, tmp_path: Path) -> None:
    declared, use = SET[name]
    files = {
        "launch.py": launcher(more="hyperparameters={'lr': 1},"),
        "code/train.py": options("'--lr', default=1", declared, more=f"{use}\n"),
    }
    assert said(tmp_path, files, "TRN426") == []


@pytest.mark.parametrize("defaults", ["where='/tmp/x'", "**read()"])
def test_the_parser_may_have_defaults_of_its_own(defaults: str, tmp_path: Path) -> None:
    for settings, count in ((defaults, 0), ("there='/tmp/x'", 1)):
        parse = f"(parser.set_defaults({settings}), parser.parse_args())[1]"
        text = options("'--where'", parse=parse, more="open(args.where)\n")
        assert len(said(tmp_path, {"launch.py": launcher(), "code/train.py": text}, "TRN426")) == count


def test_the_parser_may_have_one_default_for_all(tmp_path: Path) -> None:
    text = options("'--where'", more="open(args.where)\n")
    for constructor, count in (("ArgumentParser(argument_default='/tmp/x')", 0), ("ArgumentParser('x')", 1)):
        files = {"launch.py": launcher(), "code/train.py": text.replace("ArgumentParser()", constructor)}
        assert len(said(tmp_path, files, "TRN426")) == count


def test_a_finding_that_names_a_default_stands_at_the_option(tmp_path: Path) -> None:
    text = options("'--train'", "'--steps'", more="open(args.train)\nint(args.steps)\n")
    files = {"launch.py": launcher(inputs="{'train': 's3://b/train'}"), "code/train.py": text}
    of_script, of_launcher = findings(tmp_path, files, "TRN426")
    line = text.splitlines().index("parser.add_argument('--train')") + 1
    assert (of_script.path, of_script.line) == ("code/train.py", line)
    assert [one.path for one in of_script.related] == ["code/train.py", "launch.py", "launch.py"]
    assert of_launcher.path == "launch.py"
    assert "--steps" in of_launcher.message


def test_the_channel_of_an_option_without_a_value_is_no_second_finding(tmp_path: Path) -> None:
    files = {
        "launch.py": launcher(inputs="{'train': 's3://b/train'}"),
        "code/train.py": options("'--train'", more="open(args.train)\n"),
    }
    assert [one[:6] for one in said(tmp_path, files, "TRN4")] == ["TRN426"]


@pytest.mark.parametrize(
    ("use", "details"),
    [
        ("int(hps.get('lr'))", ["TRN426 lr (reading it ends the job with a TypeError)"]),
        ("hps.get('lr').strip()", ["TRN426 lr (reading it ends the job with an AttributeError)"]),
        ("int(hps.get('lr', 1))", []),
        ("int(hps.get('lr') or 1)", []),
        ("print(hps.get('lr'))", []),
        ("str(hps.get('lr'))", []),
        ("int(hps.get('lr')) if hps.get('lr') else 1", []),
        ("try:\n    int(hps.get('lr'))\nexcept TypeError:\n    pass", []),
        ("int = str\nint(hps.get('lr'))", []),
    ],
)
def test_the_none_of_a_key_that_a_call_needs(use: str, details: list[str], tmp_path: Path) -> None:
    text = f"import json, os\nhps = json.loads(os.environ['SM_HPS'])\n{use}\n"
    assert said(tmp_path, {"launch.py": launcher(), "code/train.py": text}, "TRN426") == details
    passed = launcher(more="hyperparameters={'lr': 1},")
    assert said(tmp_path, {"launch.py": passed, "code/train.py": text}, "TRN426") == []
