"""TRN410, TRN411 and TRN414: what the script takes, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import assert_found, findings, launcher, options, said
from tests.margin import Place

DROPPED = "(parse_known_args drops it)"
LENIENT = "parser.parse_known_args()[0]"
READS_KEYS = "import json, os\nhps = json.loads(os.environ['SM_HPS'])\nprint(hps['epochs'])\n"
DATACLASS = """
from dataclasses import dataclass
from transformers import HfArgumentParser

@dataclass
class Arguments:
    batch_size: int = 1

print(HfArgumentParser(Arguments).parse_args_into_dataclasses())
"""
CLICK = """
import click

@click.command()
@click.option("--batch-size", type=int)
def main(batch_size):
    print(batch_size)

main()
"""
FIRE = """
import fire

def main(batch_size=1):
    print(batch_size)

fire.Fire(main)
"""


def pair(script: str, given: str, name: str = "PyTorch") -> dict[str, str]:
    """A launcher with these hyperparameters, and its script."""
    return {"launch.py": launcher(name, f"hyperparameters={given},"), "code/train.py": script}


@pytest.mark.parametrize(
    ("script", "given", "detail"),
    [
        (
            options("'--epochs'"),
            "{'epoch_s': 1}",
            "TRN410 --epoch_s, did you mean --epochs? (argparse exits with code 2)",
        ),
        (options("'--epochs'", parse=LENIENT), "{'other': 1}", f"TRN410 --other {DROPPED}"),
        (options("'--epochs'"), "dict(other=1)", "TRN410 --other (argparse exits with code 2)"),
        (
            options("'--epochs'", parse=LENIENT, more="os.system('pip install x')\n"),
            "{'other': 1}",
            f"TRN410 --other {DROPPED}",
        ),
        (
            options("'--batch-size'"),
            "{'batch_size': 1}",
            "TRN410 --batch_size, did you mean --batch-size? (argparse exits with code 2)",
        ),
        (options("'--ab'", "'--ac'"), "{'a': 1}", "TRN410 -a (argparse exits with code 2)"),
        (
            options("'--abc'", "'--abd'"),
            "{'ab': 1}",
            "TRN410 --ab is short for --abc, --abd (argparse exits with code 2)",
        ),
        (
            options("'--k'"),
            "{'k': 1}",
            "TRN410 -k (a key of one letter is passed with one dash; the script has --k) (argparse exits with code 2)",
        ),
        (
            READS_KEYS,
            "{'epoch': 1}",
            "TRN410 'epoch', did you mean epochs? (the script reads other keys, and never this one)",
        ),
        (
            DATACLASS,
            "{'batchsize': 1}",
            "TRN410 --batchsize, did you mean --batch_size? (HfArgumentParser raises ValueError)",
        ),
        (
            CLICK,
            "{'batch_size': 1}",
            "TRN410 --batch_size, did you mean --batch-size? (click exits with code 2)",
        ),
        (FIRE, "{'batch': 1}", "TRN410 --batch (fire exits with code 2)"),
        (options("'--num', type=int"), "{'num': '1.0'}", "TRN411 --num 1.0 (invalid int value: '1.0')"),
        (options("'--num', type=int"), "{'num': None}", "TRN411 --num '' (invalid int value: '')"),
        (
            options("'--num', type=int, nargs='+'"),
            "{'num': [1, 2]}",
            "TRN411 --num '[1, 2]' (invalid int value: '[1, 2]')",
        ),
        (
            options("'--num', nargs='+'"),
            "{'num': [1, 2]}",
            "TRN411 --num '[1, 2]' arrives as one string, not as 2 values",
        ),
        (options("'--num', nargs=2"), "{'num': 1}", "TRN411 --num 1 (expected 2 arguments)"),
        (
            options("'--num', action='store_true'"),
            "{'num': True}",
            "TRN411 --num True (unrecognized arguments: True)",
        ),
        (
            options("'--num', action='store_true'", parse=LENIENT),
            "{'num': False}",
            "TRN411 --num False switches the option on, like every value",
        ),
        (
            options("'--num', type=bool"),
            "{'num': False}",
            "TRN411 --num False sets True, because type=bool is true for every string",
        ),
        (options("'--num', type=float"), "{'num': -1e-3}", ""),
        (options("'--num', type=float"), "{'num': -1e-5}", "TRN411 --num -1e-05 (expected one argument)"),
        (
            options("'--name', choices=['a', 'b']"),
            "{'name': 'c'}",
            "TRN411 --name c (invalid choice: 'c' (choose from 'a', 'b'))",
        ),
        (options("'--name'"), "{'name': '-x'}", "TRN411 --name -x (expected one argument)"),
        (
            options("'--items', type=json.loads").replace("import os", "import json, os"),
            "{'items': ['a']}",
            None,
        ),
    ],
)
def test_said(tmp_path: Path, script: str, given: str, detail: str | None) -> None:
    found = said(tmp_path, pair(script, given), "TRN410", "TRN411")
    if detail is None:
        (one,) = found
        assert one.startswith("TRN411")
    else:
        assert [one.replace("'c' (choose from a, b)", "'c' (choose from 'a', 'b')") for one in found] == (
            [detail] if detail else []
        )


def started(parse: str, start: str) -> str:
    """The text of a script whose ``main(argv=None)`` parses, and that ends with ``start``."""
    return (
        "import argparse, sys\n\ndef main(argv=None):\n    parser = argparse.ArgumentParser()\n"
        f"    parser.add_argument('--num')\n    print({parse}.num)\n\n"
        f"if __name__ == '__main__':\n    {start}\n"
    )


HYDRA = "import hydra\n\n@hydra.main(config_path='conf')\ndef main(cfg):\n    print(cfg)\n\n"
OWN_PARSER = (
    options("'--num'")
    .replace("argparse.ArgumentParser()", "Own()")
    .replace("import os", "import os\n\nclass Own(argparse.ArgumentParser):\n    pass\n")
)
GROUP = CLICK.replace("@click.command()", "@click.group()")
STRICT = "TRN410 --other (argparse exits with code 2)"


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        (started("parser.parse_args(argv)", "main()"), STRICT),
        (started("parser.parse_args(argv)", "main(sys.argv[1:])"), STRICT),
        (started("parser.parse_args(args=argv)", "main(argv=None)"), STRICT),
        (started("parser.parse_args(argv or sys.argv[1:])", "main()"), STRICT),
        (started("parser.parse_args(argv)", "print(sys.argv[0], len(sys.argv)); main()"), STRICT),
        (options("'--num'", more="import atexit\natexit.register(print, 'bye')\n"), STRICT),
        (options("'--num'", more="import json\nprint(json.dumps(args.num, cls=Encoder))\n"), STRICT),
        ("import hydra\n" + options("'--num'"), STRICT),
        (
            options("'--num'", more="class Wide(argparse.HelpFormatter):\n    pass\n"),
            STRICT,
        ),
        (
            CLICK.replace("print(", "print(re.match('a', 'b').group(1), "),
            "TRN410 --other (click exits with code 2)",
        ),
        (
            CLICK.replace("print(", "print(json.dumps(1, cls=Encoder), "),
            "TRN410 --other (click exits with code 2)",
        ),
    ],
)
def test_an_unrelated_use_of_the_word_is_no_reason_to_be_silent(
    tmp_path: Path, script: str, detail: str
) -> None:
    assert said(tmp_path, pair(script, "{'other': 3}"), "TRN410") == [detail]


FLAG = options("'--amp', action='store_true'")


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("PyTorch", "{'amp': ''}", []),
        ("TensorFlow", "{'amp': ''}", []),
        ("PyTorch", "{'amp': True}", ["TRN411 --amp True (unrecognized arguments: True)"]),
        (
            "SKLearn",
            "{'amp': ''}",
            ["TRN411 --amp is a flag (argparse exits with code 2 for the empty value)"],
        ),
        (
            "XGBoost",
            "{'amp': ''}",
            ["TRN411 --amp is a flag (argparse exits with code 2 for the empty value)"],
        ),
    ],
)
def test_an_empty_value_of_a_flag_is_dropped_by_some_images(
    tmp_path: Path, name: str, given: str, expected: list[str]
) -> None:
    assert said(tmp_path, pair(FLAG, given, name), "TRN411") == expected


SUBPARSERS = "sub = parser.add_subparsers()\n"


@pytest.mark.parametrize(
    ("script", "given"),
    [
        (options("'--epochs'"), "{'epoch': 1}"),  # the beginning of an option
        (options("'--epochs'"), "{'sagemaker_program': 'x'}"),
        (options("'--num', action='store_true'", parse=LENIENT), "{'num': True}"),
        (options("'--num', type=bool"), "{'num': True}"),
        (options("'--num', type=float"), "{'num': -0.5}"),
        (options("'--num', type=lambda text: text == 'True'"), "{'num': False}"),
        (options("'--num', nargs='?', type=int"), "{'num': 3}"),
        (options("'--num', type=int"), "{'num': unknown}"),
        (options("'--num', type=int"), "{**unknown, 'num': 2}"),
        (options("'--num', type=int"), "{'num': 'many', **unknown}"),
        (options("'--num', choices=load()"), "{'num': 3}"),
        (options("*NAMES"), "{'other': 3}"),
        (options("'--num'", parse="parser.parse_args(['--num', '3'])"), "{'other': 3}"),
        (options("'--num'", more="main(sys.argv)\n"), "{'other': 3}"),
        (options("'--num'").replace("args =", "import lib; lib.add_options(parser); args ="), "{'other': 3}"),
        (options("'--num'").replace("args =", "parser.add_subparsers(); args ="), "{'other': 3}"),
        (options("'--num'", parse=LENIENT, more=READS_KEYS), "{'epochs': 3}"),
        (options("'--num'", parse=LENIENT, more="os.system('./worker.py')\n"), "{'other': 3}"),
        (READS_KEYS + "train(**hps)\n", "{'other': 3}"),
        (DATACLASS, "{'batch-size': 1}"),
        (FIRE, "{'batch-size': 1}"),
        (HYDRA + options("'--num'"), "{'other': 3}"),
        (options("'--num'", parse="parser.parse_args(sys.argv[2:] if local else None)"), "{'other': 3}"),
        (started("parser.parse_args(argv)", "main(['--num', '3'])"), "{'other': 3}"),
        (started("parser.parse_args(argv)", "main(arguments)"), "{'other': 3}"),
        (
            started("parser.parse_args(argv)", "main(sys.argv[1:]); print('--other' in sys.argv)"),
            "{'other': 3}",
        ),
        (
            options("'--num'", parse=LENIENT, more="print(sys.argv[sys.argv.index('--other') + 1])\n"),
            "{'other': 3}",
        ),
        (options("'--num'").replace("args =", "parser.register('type', 'yes', yes); args ="), "{'other': 3}"),
        (OWN_PARSER, "{'other': 3}"),
        (GROUP, "{'other': 3}"),
        (CLICK.replace("@click.command()", "@click.command(cls=Lenient)"), "{'other': 3}"),
        (
            "print('no hyperparameters at all')\nimport subprocess\nsubprocess.run(['python', 'x.py'])\n",
            "{'other': 3}",
        ),
    ],
)
def test_not_said(tmp_path: Path, script: str, given: str) -> None:
    assert said(tmp_path, pair(script, given), "TRN410", "TRN411") == []


GUARDED = """
LIMIT = {limit}
given = {{"epochs": 1}}
if LIMIT:
    given["limit"] = LIMIT
"""


@pytest.mark.parametrize(("limit", "expected"), [("None", []), ("0.5", [("launch.py", 5, "TRN411")])])
def test_what_is_given_only_if_there_is_some(tmp_path: Path, limit: str, expected: list[Place]) -> None:
    script = options("'--epochs', type=int", "'--limit', type=int")
    files = pair(script, "given")
    files["launch.py"] = GUARDED.format(limit=limit) + files["launch.py"]
    assert_found(tmp_path, files, expected, "TRN411")


def test_the_ranges_of_a_tuner_are_hyperparameters(tmp_path: Path) -> None:
    tuner = """
from sagemaker.tuner import CategoricalParameter, ContinuousParameter, HyperparameterTuner, IntegerParameter

HyperparameterTuner(estimator, "loss", {
    "epochs": ContinuousParameter(1, 3),
    "rate": ContinuousParameter(1, 3),
    "size": IntegerParameter(1, 3),
    "opt": CategoricalParameter(["a", "b"]),
})
"""
    script = options("'--epochs', type=int", "'--rate', type=float", "'--size', type=int")
    files = {"launch.py": launcher() + tuner, "code/train.py": script}
    found = sorted(said(tmp_path, files, "TRN410", "TRN411"))
    assert found == [
        "TRN410 --opt (argparse exits with code 2)",
        "TRN411 --epochs gets fractions from the tuner (invalid int value: '0.1234567')",
    ]


def test_both_sides_are_named(tmp_path: Path) -> None:
    script = options("'--batch-size', type=int")
    (one,) = findings(tmp_path, pair(script, "{\n        'batch_size': 1\n    }"), "TRN410")
    launch = (tmp_path / "launch.py").read_text().splitlines()
    assert "'batch_size'" in launch[one.line - 1]
    (other,) = one.related
    assert "'--batch-size'" in script.splitlines()[other.line - 1]


@pytest.mark.parametrize(
    ("more", "script", "expected"),
    [
        ("", options("'--model-dir'"), [("launch.py", 4, "TRN414")]),
        ("", options("'--epochs'"), [("launch.py", 4, "TRN414")]),
        ("model_dir='s3://bucket/x',", options("'--epochs'"), [("launch.py", 12, "TRN414")]),
        ("model_dir=False,", options("'--model-dir'"), []),
        ("model_dir=unknown,", options("'--model-dir'"), []),
        ("**unknown,", options("'--model-dir'"), []),
        ("", options("'--model_dir'"), []),
        ("", options("'--model-dir'", parse=LENIENT), []),
        ("", "print('parses nothing')\n", []),
    ],
)
def test_tensorflow_adds_model_dir(tmp_path: Path, more: str, script: str, expected: list[Place]) -> None:
    files = {"launch.py": launcher("TensorFlow", more), "code/train.py": script}
    assert_found(tmp_path, files, expected, "TRN414")


BY_KEY = {
    "SM_HPS": READS_KEYS,
    "SM_HP_": "import os\nprint(os.environ['SM_HP_EPOCHS'])\n",
    "the file": (
        "import json\nwith open('/opt/ml/input/config/hyperparameters.json') as file:\n"
        "    given = json.load(file)\nprint(given.get('epochs', 3))\n"
    ),
    "the toolkit": (
        "from sagemaker_training import environment\n\nprint(environment.Environment().hyperparameters['epochs'])\n"
    ),
}
TRAINER = """
from sagemaker.train import ModelTrainer
from sagemaker.core.training.configs import SourceCode

trainer = ModelTrainer(
    training_image="image",
    source_code=SourceCode(source_dir="code", {started}),
    hyperparameters={given},
)
trainer.train()
"""


@pytest.mark.parametrize("script", BY_KEY.values(), ids=BY_KEY)
@pytest.mark.parametrize("started", ['entry_script="train.py"', 'command="torchrun train.py"', ""])
def test_hyperparameters_that_are_read_by_key(tmp_path: Path, script: str, started: str) -> None:
    def of(folder: str, given: str) -> list[str]:
        text = TRAINER.format(started=started, given=given) if started else pair(script, given)["launch.py"]
        return said(tmp_path / folder, {"launch.py": text, "code/train.py": script}, "TRN410", "TRN425")

    assert of("aligned", "{'epochs': 3}") == []
    assert of("misaligned", "{'epoch_s': 3}") == [
        "TRN410 'epoch_s', did you mean epochs? (the script reads other keys, and never this one)"
    ]


@pytest.mark.parametrize("script", [options("'--epochs'"), CLICK, FIRE, DATACLASS])
def test_a_command_of_a_trainer_passes_nothing(tmp_path: Path, script: str) -> None:
    given = "{'batch_size': 3}" if script not in (options("'--epochs'"), CLICK) else "{'epochs': 3}"
    files = {"code/train.py": script}
    lost = TRAINER.format(started='command="python train.py"', given=given)
    name = given.split("'")[1]
    found = said(tmp_path / "lost", {**files, "launch.py": lost}, "TRN410", "TRN425")
    assert found == [f"TRN425 {name} (the command passes none, and no file in code reads SM_HPS)"]
    passed = TRAINER.format(started=f'command="python train.py --{name} 3"', given=given)
    assert said(tmp_path / "passed", {**files, "launch.py": passed}, "TRN410", "TRN425") == []


def test_only_version_3_makes_an_underscore_of_a_hyphen(tmp_path: Path) -> None:
    script = "import os\nprint(os.environ['SM_HP_BATCH_SIZE'])\n"
    given = "{'batch-size': 3}"
    trainer = TRAINER.format(started='entry_script="train.py"', given=given)
    assert said(tmp_path / "3", {"launch.py": trainer, "code/train.py": script}, "TRN410") == []
    assert said(tmp_path / "2", pair(script, given), "TRN410") == [
        "TRN410 'batch-size', did you mean batch_size? (the script reads other keys, and never this one)"
    ]


def test_version_3_sends_options_of_one_letter_with_two_dashes(tmp_path: Path) -> None:
    text = """
from sagemaker.train import ModelTrainer
from sagemaker.core.training.configs import SourceCode

trainer = ModelTrainer(
    training_image="image",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    hyperparameters={"k": 1, "z": 2, "flag": True},
)
trainer.train()
"""
    script = options("'--k', type=int", "'--flag', type=json.loads").replace("import os", "import json, os")
    assert said(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN410", "TRN411") == [
        "TRN410 --z (argparse exits with code 2)"
    ]


@pytest.mark.parametrize("removal", ["del given['other']", "given.pop('other')"])
def test_what_is_taken_out_again_is_not_sent(tmp_path: Path, removal: str) -> None:
    text = f"given = {{'epochs': 1, 'other': 2}}\n{removal}\n" + launcher(more="hyperparameters=given,")
    files = {"launch.py": text, "code/train.py": options("'--epochs', type=int")}
    assert said(tmp_path, files, "TRN410", "TRN411") == []


RANGES = """
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner, IntegerParameter

WANTED = {{"epochs": ("integer", 1, 3)}}
ranges = {{}}
for name, (kind, low, high) in WANTED.items():
    if kind == "continuous":
        ranges[name] = ContinuousParameter(low, high)
    {otherwise}
        ranges[name] = {parameter}(low, high)
HyperparameterTuner(estimator, "loss", ranges)
"""


@pytest.mark.parametrize(
    ("otherwise", "parameter", "count"),
    [
        ("else:", "IntegerParameter", 0),
        ('elif kind == "integer":', "IntegerParameter", 0),
        ("if low:", "ContinuousParameter", 0),
    ],
)
def test_ranges_of_branches(tmp_path: Path, otherwise: str, parameter: str, count: int) -> None:
    tuner = RANGES.format(otherwise=otherwise, parameter=parameter)
    files = {"launch.py": launcher() + tuner, "code/train.py": options("'--epochs', type=int")}
    assert len(said(tmp_path, files, "TRN411")) == count


@pytest.mark.parametrize(
    "script",
    [
        options("'--batch-size', type=int, default=32", parse="parser.parse_known_args()[0]"),
        "import torch\n\nmodel = torch.nn.Linear(2, 2)\nmodel.fit([], batch_size=32)\n",
    ],
)
@pytest.mark.parametrize(("tuned", "severity"), [("batch_size", "error"), ("rate", "warning")])
def test_a_dropped_hyperparameter_that_a_tuner_varies_is_lost(
    tmp_path: Path, script: str, tuned: str, severity: str
) -> None:
    tuner = f"""
from sagemaker.tuner import HyperparameterTuner, IntegerParameter

HyperparameterTuner(estimator, "loss", {{"{tuned}": IntegerParameter(16, 64)}})
"""
    files = {
        "launch.py": launcher(more='hyperparameters={"batch_size": 32},') + tuner,
        "code/train.py": script,
    }
    found = [one for one in findings(tmp_path, files, "TRN410") if "batch_size" in one.message]
    assert [str(one.severity) for one in found] == [severity]
