"""TRN120: names that no option defines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import launcher, notebook, said
from tests.rules.marked import assert_marked

HEAD = "import argparse\nimport os\n\n"
PARSER = HEAD + "parser = argparse.ArgumentParser()\nparser.add_argument('--batch-size', type=int)\n"
ARGS = PARSER + "args = parser.parse_args()\n"
KNOWN = PARSER + "args, rest = parser.parse_known_args()\n"


@pytest.mark.parametrize(
    "script",
    [
        ARGS + "print(args.batchsize)  # TRN120\n",
        ARGS + "print(args.batch_size, args.model_dir)  # TRN120\n",
        KNOWN + "print(args.epochs)  # TRN120\n",
        PARSER + "args = parser.parse_known_args()[0]\nprint(args.epochs)  # TRN120\n",
        ARGS + "def train(options):\n    return options.epochs  # TRN120\n\ntrain(args)\n",
        HEAD + "def read():\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('-b', '--batch-size')\n    return p.parse_args()\n"
        "\ndef main():\n    args = read()\n    for _ in range(args.epochs):  # TRN120\n        print(args.batch_size)\n"
        "\nif __name__ == '__main__':\n    main()\n",
        PARSER
        + "group = parser.add_argument_group('more')\ngroup.add_argument('--lr')\nargs = parser.parse_args()\n"
        "print(args.lr, args.rate)  # TRN120\n",
        ARGS
        + "other = {'epochs': 1}\nprint(other['epochs'], 'epoch' in other)\nprint(args.epochs)  # TRN120\n",
        ARGS + "print(args)\nprint(vars(args))\nprint(args.epochs)  # TRN120\n",
        PARSER
        + "parser.add_argument('--lr', dest='rate')\nargs = parser.parse_args()\nprint(args.lr)  # TRN120\n",
        ARGS + "class Trainer:\n    def __init__(self, args):\n        self.args = args\n"
        "    def run(self):\n        print(self.args.epochs)  # TRN120\n\nTrainer(args).run()\n",
    ],
)
def test_a_name_that_no_option_defines(script: str) -> None:
    assert_marked("TRN120", script)


@pytest.mark.parametrize(
    "script",
    [
        ARGS + "print(args.batch_size)\n",
        ARGS + "args.epochs = 3\nprint(args.epochs)\n",
        ARGS + "setattr(args, 'epochs', 3)\nprint(args.epochs)\n",
        ARGS + "for name in os.environ:\n    setattr(args, name, 3)\nprint(args.epochs)\n",
        ARGS + "vars(args).update(epochs=3)\nprint(args.epochs)\n",
        ARGS + "args.__dict__.update(epochs=3)\nprint(args.epochs)\n",
        ARGS + "vars(args)['epochs'] = 3\nprint(args.epochs)\n",
        PARSER + "parser.set_defaults(epochs=3)\nargs = parser.parse_args()\nprint(args.epochs)\n",
        PARSER + "parser.set_defaults(**dict(os.environ))\nargs = parser.parse_args()\nprint(args.epochs)\n",
        PARSER
        + "sub = parser.add_subparsers(dest='command')\nsub.add_parser('fit').add_argument('--epochs')\n"
        "args = parser.parse_args()\nprint(args.command, args.epochs)\n",
        ARGS + "print(args.epochs if hasattr(args, 'epochs') else 3)\n",
        ARGS + "if 'epochs' in args:\n    print(args.epochs)\n",
        ARGS + "try:\n    print(args.epochs)\nexcept AttributeError:\n    pass\n",
        PARSER + "import tools\ntools.add_options(parser)\nargs = parser.parse_args()\nprint(args.epochs)\n",
        ARGS + "import tools\ntools.complete(args)\nprint(args.epochs)\n",
        HEAD
        + "import tools\nparser = argparse.ArgumentParser(parents=[tools.parser])\nparser.add_argument('--lr')\n"
        "args = parser.parse_args()\nprint(args.epochs)\n",
        PARSER + "class Config: pass\nargs = parser.parse_args(namespace=Config())\nprint(args.epochs)\n",
        PARSER
        + "for name in os.environ:\n    parser.add_argument(name)\nargs = parser.parse_args()\nprint(args.epochs)\n",
        ARGS + "a = os.environ.get('SM_MODEL_DIR')\nif not a:\n    print(args.epochs)\n",
        ARGS + "a = os.environ.get('SM_MODEL_DIR')\nif a is None and os.environ:\n    print(args.epochs)\n",
        ARGS + "a = os.environ.get('SM_INPUT_DIR', None)\nprint(a is None and args.epochs)\n",
        ARGS + "import types\nargs = types.SimpleNamespace(epochs=3, **vars(args))\nprint(args.epochs)\n",
        ARGS + "print(vars(args).items())\n",
        "import click\n\n@click.command()\n@click.option('--lr')\ndef main(lr):\n    print(lr.epochs)\n\nmain()\n",
        "import tools\nargs = tools.parser().parse_args()\nprint(args.epochs)\n",
        ARGS
        + "def unused():\n    print(args.epochs)\n\nif __name__ == '__main__':\n    print(args.batch_size)\n",
    ],
)
def test_names_that_are_defined_or_may_be(script: str) -> None:
    assert_marked("TRN120", script)


def test_an_option_in_a_local_module(tmp_path: Path) -> None:
    options = HEAD + (
        "def parser():\n    made = argparse.ArgumentParser()\n    made.add_argument('--lr')\n    return made\n"
    )
    script = "from options import parser\n\nargs = parser().parse_args()\nprint(args.lr, args.rate)\n"
    files = {"launch.py": launcher(), "code/train.py": script, "code/options.py": options}
    assert said(tmp_path, files, "TRN120") == ["TRN120 rate (reading it is an AttributeError)"]


def test_a_script_that_a_notebook_writes(tmp_path: Path) -> None:
    script = f"%%writefile code/train.py\n{ARGS}print(args.batchsize)\n"
    found = said(tmp_path, {"start.ipynb": notebook(script, launcher())}, "TRN120")
    assert found == [
        "TRN120 cell 2 line 8: batchsize, did you mean batch_size? (reading it is an AttributeError)"
    ]


def test_a_handler_that_ends_the_job_catches_nothing(tmp_path: Path) -> None:
    for end, found in (("raise", 1), ("sys.exit(1)", 1), ("sys.exit(0)", 0), ("print(1)", 0)):
        script = ARGS + f"import sys\ntry:\n    print(args.epochs)\nexcept Exception:\n    {end}\n"
        files = {"launch.py": launcher(), "code/train.py": script}
        assert len(said(tmp_path, files, "TRN120")) == found, end
