"""TRN116 at its edges: every way to read an option, and every way in which the options are lost from sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import argparse, os, json, sys, logging
parser = argparse.ArgumentParser()
"""

UNUSED = {
    "never read": """
parser.add_argument("--lr", type=float)  # TRN116
args = parser.parse_args()
""",
    "only some are read": """
parser.add_argument("--lr", type=float)
parser.add_argument("--batch-size", type=int)  # TRN116
parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))  # TRN116
parser.add_argument("-e", "--epochs", dest="rounds")  # TRN116
args, rest = parser.parse_known_args()
print(args.lr)
""",
    "a second positional argument": """
parser.add_argument("mode")
parser.add_argument("place")  # TRN116
args = parser.parse_args()
print(args.mode)
""",
    "only written": """
parser.add_argument("--lr")  # TRN116
args = parser.parse_args()
args.lr = 3
setattr(args, "lr", 3)
""",
    "an attribute of something else": """
import numpy as np
parser.add_argument("--seed", type=int)  # TRN116
args = parser.parse_args()
np.random.seed(1)
""",
    "an attribute of an unknown object": """
from elsewhere import batches
parser.add_argument("--seed", type=int)  # TRN116
args = parser.parse_args()
for batch in batches:
    print(batch.seed)
""",
    "a function of the script": """
parser.add_argument("--lr")
parser.add_argument("--seed")  # TRN116

def train(options):
    print(options.lr)

def main(args):
    train(args)

main(parser.parse_args())
""",
    "an object of the script": """
parser.add_argument("--lr")
parser.add_argument("--seed")  # TRN116

class Trainer:
    def __init__(self, args):
        self.args = args

    def run(self):
        print(self.args.lr)

Trainer(parser.parse_args()).run()
""",
    "a parser made and used in functions": """
def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr")
    parser.add_argument("--seed")  # TRN116
    return parser

def parse():
    return options().parse_args()

if __name__ == "__main__":
    args = parse()
    print(args.lr)
""",
    "a dict of the options": """
parser.add_argument("--lr")
parser.add_argument("--eta")
parser.add_argument("--seed")  # TRN116
args = vars(parser.parse_args())
print(args["lr"], args.get("eta", 1))
""",
    "by name": """
parser.add_argument("--lr")
parser.add_argument("--eta")
parser.add_argument("--seed")  # TRN116
args = parser.parse_args()
print(getattr(args, "lr"), hasattr(args, "eta"))
""",
    "the first of two results": """
parser.add_argument("--lr")
parser.add_argument("--seed")  # TRN116
args = parser.parse_known_args()[0]
print(args.lr)
""",
    "model_dir outside TensorFlow": """
import torch
parser.add_argument("--model_dir")  # TRN116
args = parser.parse_args()
""",
    "a function that gets the options beside something else": """
parser.add_argument("--lr")
parser.add_argument("--seed")  # TRN116

class Net:
    def forward(self, batch):
        return batch + batch

def train(options, batch):
    print(options.lr)
    return Net().forward(batch).mean(batch)

train(parser.parse_args(), load())
""",
    "other functions with arguments of that name": """
parser.add_argument("--lr")
parser.add_argument("--seed")  # TRN116

def apply(function, *args, **kwargs):
    return function(*args, **kwargs)

args = parser.parse_args()
apply(print, args.lr)
""",
}

USED = {
    "an attribute": "print(args.lr)",
    "an attribute in a function": "def main():\n    print(args.lr)\n\nmain()",
    "an attribute in a lambda": "(lambda: args.lr)()",
    "by name": "print(getattr(args, 'lr', 1))",
    "all by name": "for name in ('lr',):\n    use(getattr(args, name))",
    "in a dict": "state = {'args': args}\nsend(state)",
    "in a list": "state = [args]\nsend(state)",
    "to a file": "json.dump(vars(args), open('x', 'w'))",
    "printed to a file": "print(args, file=open('x', 'w'))",
    "written to a file": "with open('x', 'w') as f:\n    f.write(str(args))",
    "written to something": "def f(out):\n    out.write(f'{args}')\n\nf(sys.argv)",
    "to a tracker": "import wandb\nwandb.config.update(vars(args))",
    "to a tracker one by one": "import mlflow\nfor k, v in vars(args).items():\n    mlflow.log_param(k, v)",
    "a message that is sent too": "text = f'{args}'\nprint(text)\nsend(text)",
    "one by one to a function": "for k, v in vars(args).items():\n    print(k)\n    use(v)",
    "to a library": "import lightning\nlightning.Trainer(args)",
    "spread": "send(dict(**vars(args)))",
    "to a function that cannot be told": "from elsewhere import train\ntrain(args)",
    "kept by an object of a library": "import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.args = args",
    "to another process": "import torch.multiprocessing as mp\nmp.spawn(print, args=(args,))",
    "copied": "import copy\nother = copy.deepcopy(args)\nprint(other.lr)",
    "asked for": "print('lr' in args)",
    "changed": "args.lr += 1\nprint(1)",
    "to all parameters": "def f(*given):\n    print(given)\n\nf(args)",
    "by a deleter": "print(args.lr)\ndel args",
}

SHOWN = {
    "the dict": "print(vars(args))",
    "the attributes": "print(args.__dict__)",
    "one by one": "for key, value in vars(args).items():\n    print(key, value)",
    "sorted": "for key, value in sorted(vars(args).items()):\n    print(f'{key}: {value}')",
    "by name": "for key in vars(args):\n    print(key, getattr(args, key))",
    "by key": "for key in vars(args):\n    print(key, vars(args)[key])",
    "printed": "print(args)",
    "to the error stream": "print(args, file=sys.stderr)",
    "in a text": "print(f'{args}')",
    "in a text by format": "print('%s' % args)",
    "in a text by a method": "print('{}'.format(args))",
    "in a text that has a name": "text = f'options: {args}'\nprint(text)",
    "as JSON": "print(json.dumps(vars(args), indent=2))",
    "in lines": "print('\\n'.join(f'{k}={v}' for k, v in vars(args).items()))",
    "logged": "logging.info(args)",
    "by a logger": "log = logging.getLogger()\nlog.info('options: %s', vars(args))",
    "counted": "print(len(vars(args)))",
    "in a function": "def show(options):\n    print(options)\n\nshow(args)",
}

FINE = {
    "the parser goes elsewhere": """
from elsewhere import parse
parser.add_argument("--lr")
args = parse(parser)
print(parser.parse_args())
""",
    "nothing parses here": """
def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr")
    return parser

if __name__ == "__main__":
    options()
""",
    "returned to an unknown caller": """
def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr")
    args = parser.parse_args()
    return args
""",
    "into an object of one's own": """
class Settings:
    pass

parser.add_argument("--lr")
parser.parse_args(namespace=Settings)
print(Settings.lr)
""",
    "what something else passes": """
import tensorflow as tf
parser.add_argument("--model_dir")
parser.add_argument("--model-dir")
parser.add_argument("--local_rank")
parser.add_argument("--local-rank", type=int)
parser.add_argument("--mp_parameters")
args = parser.parse_args()
""",
    "hidden, and what acts by itself": """
parser.add_argument("--old", help=argparse.SUPPRESS)
parser.add_argument("--version", action="version", version="1")
args = parser.parse_args()
""",
    "the word that an own image is started with": """
parser.add_argument("mode", choices=["train"])
parser.add_argument("--lr")
args = parser.parse_args()
print(args.lr)
""",
    "names at run time": """
parser.add_argument("--lr")
args = parser.parse_args()
exec("print(args.lr)")
""",
}


@pytest.mark.parametrize("text", UNUSED.values(), ids=UNUSED)
def test_unused(text: str) -> None:
    assert_marked("TRN116", HEAD + text)


@pytest.mark.parametrize("text", USED.values(), ids=USED)
def test_used(text: str) -> None:
    declared = HEAD + 'parser.add_argument("--lr")\n'
    assert not findings("TRN116", f"{declared}args = parser.parse_args()\n{text}\n")
    wrapped = f"{declared}\ndef parse():\n    args, _ = parser.parse_known_args()\n    return args\n\nargs = parse()\n"
    assert not findings("TRN116", f"{wrapped}{text}\n")


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_to_show_all_options_is_no_use(text: str) -> None:
    declared = HEAD + 'parser.add_argument("--lr")  # TRN116\nparser.add_argument("--seed")\n'
    assert_marked("TRN116", f"{declared}args = parser.parse_args()\nprint(args.seed)\n{text}\n")


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_fine(text: str) -> None:
    assert_marked("TRN116", HEAD + text)


def test_other_modules(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
from work import train
parser.add_argument("--lr")
parser.add_argument("--seed")  # TRN116
train(parser.parse_args())
"""
    )
    assert_marked("TRN116", text, tmp_path, work="def train(options):\n    print(options.lr)\n")
    used = text.replace("  # TRN116", "")
    assert_marked("TRN116", used, tmp_path, work="def train(o):\n    print(o.lr, o.seed)\n")
    assert_marked("TRN116", used, tmp_path, work="from lib import run\n\ndef train(o):\n    run(o)\n")
    held = "from settings import args\nprint(args.lr)\n"
    settings = (
        HEAD + 'parser.add_argument("--lr")\nparser.add_argument("--seed")\nargs = parser.parse_args()\n'
    )
    assert_marked("TRN116", held, tmp_path, settings=settings)


def test_commands() -> None:
    assert_marked(
        "TRN116",
        """
import click

@click.command()
@click.option("--lr")
@click.option("--seed")  # TRN116
@click.option("--batch-size")
def main(lr, seed, batch_size):
    def inner():
        return batch_size
    print(lr, inner())

if __name__ == "__main__":
    main()
""",
    )
    assert_marked(
        "TRN116",
        """
import fire

def main(lr=1, seed=2):  # TRN116
    print(lr)

fire.Fire(main)
""",
    )
    whole = "import fire\n\ndef main(lr=1, seed=2):\n    print(locals())\n\nfire.Fire(main)\n"
    assert_marked("TRN116", whole)


def test_messages() -> None:
    (found,) = findings(
        "TRN116", HEAD + 'parser.add_argument("-l", "--learning-rate")\nargs = parser.parse_args()\n'
    )
    assert "--learning-rate (args.learning_rate)" in found.message
