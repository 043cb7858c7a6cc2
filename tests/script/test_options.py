"""Which command-line options a script declares, whichever library does it, and where their values are used."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_training.engine.inputs.options import Option
from tests.script.reading import argument_of, script

PARSER = "import argparse\np = argparse.ArgumentParser()\n"
DATACLASSES = (
    "from dataclasses import dataclass, field\nfrom typing import ClassVar\n"
    "from transformers import HfArgumentParser, TrainingArguments\n"
)


def shown(option: Option) -> str:
    """Return an option as ``line name``, with what differs from a plain ``--name`` of text after it."""
    parts = [f"{option.line} {option.name}"]
    if option.dest != option.name:
        parts.append(f"as {option.dest}")
    if option.flags != (f"--{option.name}",):
        parts.append("/".join(option.flags) or "positional")
    if option.type_name != "str":
        parts.append(option.type_name)
    if option.default is not None:
        parts.append(f"= {ast.unparse(option.default)}")
    parts.extend(["required"] * option.required + ["hidden"] * option.suppressed)
    return " ".join(parts)


def declared(source: str) -> list[str]:
    return [shown(option) for option in script(source).analysis.options.all]


ARGPARSE = {
    "the usual": ("p.add_argument('--lr', type=float, default=0.1)", ["3 lr float = 0.1"]),
    "a short form": (
        "p.add_argument('-l', '--learning-rate')",
        ["3 learning-rate as learning_rate -l/--learning-rate"],
    ),
    "a short form only": ("p.add_argument('-l')", ["3 l -l"]),
    "one dash": ("p.add_argument('-lr')", ["3 lr -lr"]),
    "two long forms": ("p.add_argument('--lr', '--rate')", ["3 lr --lr/--rate"]),
    "a positional": ("p.add_argument('in-file')", ["3 in-file positional required"]),
    "an optional positional": ("p.add_argument('x', nargs='?')", ["3 x positional"]),
    "a dest": ("p.add_argument('--lr', dest='rate', required=True)", ["3 lr as rate required"]),
    "required that cannot be told": ("p.add_argument('--lr', required=x)", ["3 lr"]),
    "a switch": ("p.add_argument('--x', action='store_true')", ["3 x flag"]),
    "a switch with its opposite": (
        "p.add_argument('--x', action=argparse.BooleanOptionalAction, default=True)",
        ["3 x flag = True"],
    ),
    "an action with a value": ("p.add_argument('--x', action='append')", ["3 x"]),
    "hidden": ("p.add_argument('--x', help=argparse.SUPPRESS)", ["3 x hidden"]),
    "a type of its own": ("p.add_argument('--x', type=lambda s: s == 'yes')", ["3 x lambda s: s == 'yes'"]),
    "a name that is kept": ("n = '--lr'\np.add_argument(n)", ["4 lr"]),
    "no parser's name": ("argparse.ArgumentParser().add_argument('--lr')", ["3 lr"]),
    "a group": ("g = p.add_argument_group('g')\ng.add_argument('--lr')", ["4 lr"]),
    "one of a kind": ("g = p.add_mutually_exclusive_group()\ng.add_argument('--lr')", ["4 lr"]),
    "a subcommand": (
        "s = p.add_subparsers(dest='c')\nt = s.add_parser('train')\nt.add_argument('--lr')",
        ["5 lr"],
    ),
    "a parent": (
        "b = argparse.ArgumentParser(add_help=False)\nb.add_argument('--lr')\n"
        "q = argparse.ArgumentParser(parents=[b])",
        ["4 lr"],
    ),
    "an alias": ("add = p.add_argument\nadd('--lr')\nadd('--epochs', type=int)", ["4 lr", "5 epochs int"]),
    "an alias of the same name": ("add_argument = p.add_argument\nadd_argument('--lr')", ["4 lr"]),
    "one alias in two functions": (
        "def f(p):\n    add = p.add_argument\n    add('--lr')\n"
        "def g(p):\n    add = p.add_argument\n    add('--epochs')",
        ["5 lr", "8 epochs"],
    ),
    "a wrapper": (
        "def add(n, d):\n    p.add_argument('--' + n, default=d)\nadd('lr', 0.1)\nadd('epochs', 3)",
        ["4 lr = d", "4 epochs = d"],
    ),
    "a loop": (
        "for n in ('lr', 'momentum'):\n    p.add_argument('--' + n, type=float)",
        ["4 lr float", "4 momentum float"],
    ),
    "a loop over pairs": (
        "for s, n in (('l', 'lr'), ('e', 'epochs')):\n    p.add_argument(f'-{s}', f'--{n}')",
        ["4 lr -l/--lr", "4 epochs -e/--epochs"],
    ),
    "a loop over a dict": (
        "for n, d in {'lr': 0.1, 'epochs': 3}.items():\n    p.add_argument(f'--{n}', default=d)",
        ["4 lr = d", "4 epochs = d"],
    ),
    "keywords from a dict": (
        "p.add_argument('--lr', **{'type': float, 'default': 0.1})",
        ["3 lr float = 0.1"],
    ),
    "keywords that options share": (
        "k = dict(type=float, required=True)\np.add_argument('--lr', default=0.1, **k)",
        ["4 lr float = 0.1 required"],
    ),
    "keywords that cannot be told": ("p.add_argument('--lr', **k())", ["3 lr"]),
    "set_defaults": ("p.add_argument('--lr', default=0.1)\np.set_defaults(lr=0.2)", ["3 lr = 0.2"]),
    "another object's set_defaults": (
        "p.add_argument('--lr', default=0.1)\nimport x\nx.Thing().set_defaults(lr=0.2)",
        ["3 lr = 0.1"],
    ),
    "a class of its own": (
        "class P(argparse.ArgumentParser):\n    def __init__(self):\n        super().__init__()\n"
        "        self.add_argument('--lr')\nq = P()\nq.add_argument('--epochs')",
        ["6 lr", "8 epochs"],
    ),
    "a parser kept in an object": (
        "class C:\n    def __init__(self):\n        self.p = argparse.ArgumentParser()\n"
        "        self.p.add_argument('--lr')",
        ["6 lr"],
    ),
    "a parser that is passed": ("def f(q):\n    q.add_argument('--lr')\nf(p)", ["4 lr"]),
    "a parser nobody knows": ("def f(q):\n    q.add_argument('--lr')", ["4 lr"]),
    "another alias": ("import x\nadd = x.add\nadd('--lr')", []),
    "optparse": (
        "import optparse\nq = optparse.OptionParser()\n"
        "q.add_option('-l', '--lr', type='float', default=0.1)\n"
        "q.add_option('--x', action='store_true')",
        ["5 lr -l/--lr float = 0.1", "6 x flag"],
    ),
    "another add_option": ("import x\nx.Menu().add_option('--lr')", []),
}

DATACLASS_PARSERS = {
    "fields": (
        "@dataclass\nclass A:\n    lr: float = 0.1\n    out: str = field(default='/tmp', metadata={'help': 'x'})\n"
        "    names: list = field(default_factory=list)\nHfArgumentParser(A)",
        ["6 lr float = 0.1", "7 out = '/tmp'", "8 names list"],
    ),
    "required fields": (
        "@dataclass\nclass A:\n    lr: float\n    out: str = field(metadata={})\nHfArgumentParser(A)",
        ["6 lr float required", "7 out required"],
    ),
    "both spellings": (
        "@dataclass\nclass A:\n    batch_size: int = 8\nHfArgumentParser(A)",
        ["6 batch_size --batch_size/--batch-size int = 8"],
    ),
    "what is no field": (
        "@dataclass\nclass A:\n    K: ClassVar[int] = 1\n    n: int = field(init=False)\n    x = 3\n"
        "    lr: float = 0.1\n    def f(self):\n        y: int = 1\nHfArgumentParser(A)",
        ["9 lr float = 0.1"],
    ),
    "several classes": (
        "@dataclass\nclass A:\n    lr: float = 0.1\n@dataclass\nclass B:\n    wd: float = 0.0\n"
        "HfArgumentParser((A, B))",
        ["6 lr float = 0.1", "9 wd float = 0.0"],
    ),
    "classes by keyword": (
        "@dataclass\nclass A:\n    lr: float = 0.1\nHfArgumentParser(dataclass_types=[A])",
        ["6 lr float = 0.1"],
    ),
    "inheritance": (
        "@dataclass\nclass B:\n    x: int = 1\n    y: int = 2\n@dataclass\nclass A(B):\n    x: int = 3\n"
        "    z: int = 4\nHfArgumentParser(A)",
        ["10 x int = 3", "7 y int = 2", "11 z int = 4"],
    ),
    "one class in two parsers": (
        "@dataclass\nclass A:\n    lr: float = 0.1\nHfArgumentParser(A)\nHfArgumentParser(A)",
        ["6 lr float = 0.1"],
    ),
    "an argument beside": (
        "@dataclass\nclass A:\n    lr: float = 0.1\nq = HfArgumentParser(A)\nq.add_argument('--x')",
        ["8 x", "6 lr float = 0.1"],
    ),
    "TRL's": (
        "from trl import TrlParser\n@dataclass\nclass A:\n    lr: float = 0.1\nTrlParser((A,))",
        ["7 lr float = 0.1"],
    ),
    "the module's": (
        "import transformers as t\n@dataclass\nclass A:\n    lr: float = 0.1\nt.HfArgumentParser(A)",
        ["7 lr float = 0.1"],
    ),
    "by another name": (
        "from transformers import HfArgumentParser as P\n@dataclass\nclass A:\n    lr: float = 0.1\nP(A)",
        ["7 lr float = 0.1"],
    ),
    "a parser of its own": (
        "class P(HfArgumentParser):\n    pass\n@dataclass\nclass A:\n    lr: float = 0.1\nP(A)",
        ["8 lr float = 0.1"],
    ),
    "a dataclass that no parser fills": ("@dataclass\nclass A:\n    lr: float = 0.1\nA()", []),
}

CLICK = "import click\n"
TYPER = "import typer\nfrom typing import Annotated\napp = typer.Typer()\n"
FLAGS = "from absl import app, flags\n"

OTHERS = {
    "click": (
        CLICK + "@click.command()\n@click.option('--lr', type=float, default=0.1)\n"
        "@click.option('-b', '--batch-size', 'size', required=True)\ndef main(lr, size):\n    pass",
        ["3 lr float = 0.1", "4 batch-size as size -b/--batch-size required"],
    ),
    "click's switches": (
        CLICK + "@click.command()\n@click.option('--x', is_flag=True)\n"
        "@click.option('--y/--no-y', default=True)\ndef main(x, y):\n    pass",
        ["3 x flag", "4 y --y/--no-y flag = True"],
    ),
    "click's arguments": (
        CLICK + "@click.command()\n@click.argument('a')\n@click.argument('b', required=False)\n"
        "@click.argument('c', default='x')\n@click.argument('d', nargs=-1)\ndef main(a, b, c, d):\n    pass",
        ["3 a positional required", "4 b positional", "5 c positional = 'x'", "6 d positional"],
    ),
    "click's upper case": (
        CLICK + "@click.command()\n@click.option('--LR')\ndef main(lr):\n    pass",
        ["3 LR as lr"],
    ),
    "click's hidden": (
        CLICK + "@click.command()\n@click.option('--x', hidden=True)\ndef main(x):\n    pass",
        ["3 x hidden"],
    ),
    "click's names imported": (
        "from click import command, option as o\n@command()\n@o('--lr')\ndef main(lr):\n    pass",
        ["3 lr"],
    ),
    "a click option with a name": (
        CLICK + "rate = click.option('--lr')\n@click.command()\n@rate\ndef main(lr):\n    pass",
        ["2 lr"],
    ),
    "a click option's name from a constant": (
        CLICK + "N = '--lr'\n@click.command()\n@click.option(N)\ndef main(lr):\n    pass",
        ["4 lr"],
    ),
    "a click group": (
        CLICK
        + "@click.group()\ndef cli():\n    pass\n@cli.command()\n@click.option('--lr')\ndef train(lr):\n    pass",
        ["6 lr"],
    ),
    "typer": (
        TYPER + "@app.command()\ndef main(lr: float = 0.1, batch_size: int = 8, x: bool = False):\n    pass",
        ["5 lr float = 0.1", "5 batch-size as batch_size int = 8", "5 x bool = False"],
    ),
    "typer's positional": (
        TYPER + "@app.command()\ndef main(src: str, dst: str = typer.Argument('x')):\n    pass",
        ["5 src positional required", "5 dst positional = 'x'"],
    ),
    "typer's declarations": (
        TYPER + "@app.command()\ndef main(size: int = typer.Option(8, '-b', '--batch-size'),\n"
        "         out: str = typer.Option(...), wd: float = typer.Option(default=0.5)):\n    pass",
        ["5 batch-size as size -b/--batch-size int = 8", "6 out required", "6 wd float = 0.5"],
    ),
    "typer's annotations": (
        TYPER + "@app.command()\ndef main(lr: Annotated[float, typer.Option(help='x')] = 0.1,\n"
        "         out: Annotated[str, typer.Option('--output-dir')] = '/tmp',\n"
        "         src: Annotated[str, typer.Argument()] = 'x'):\n    pass",
        ["5 lr float = 0.1", "6 output-dir as out = '/tmp'", "7 src positional = 'x'"],
    ),
    "typer's context": (
        TYPER + "@app.command()\ndef main(ctx: typer.Context, lr: float = 0.1):\n    pass",
        ["5 lr float = 0.1"],
    ),
    "typer's callback": (
        TYPER + "@app.callback()\ndef main(verbose: bool = False):\n    pass",
        ["5 verbose bool = False"],
    ),
    "typer's run": (
        "import typer\ndef main(learning_rate: float = 0.1):\n    pass\ntyper.run(main)",
        ["2 learning-rate as learning_rate float = 0.1"],
    ),
    "fire": (
        "import fire\ndef main(data, lr=0.1, *, batch_size: int = 3):\n    pass\nfire.Fire(main)",
        ["2 data required", "2 lr = 0.1", "2 batch_size --batch_size/--batch-size int = 3"],
    ),
    "fire on a method": (
        "import fire\nclass A:\n    def f(self, lr=0.1):\n        pass\nfire.Fire(A().f)",
        ["3 lr = 0.1"],
    ),
    "absl": (
        FLAGS
        + "flags.DEFINE_integer('n', 3, 'help')\nflags.DEFINE_float('lr', None, 'help', required=True)\n"
        "flags.DEFINE_string(name='s', default='x', help='h')\nflags.DEFINE_bool('b', False, 'h')",
        ["2 n int = 3", "3 lr float = None required", "4 s = 'x'", "5 b bool = False"],
    ),
    "absl's names imported": (
        "from absl.flags import DEFINE_integer\nDEFINE_integer('n', 3, 'h')",
        ["2 n int = 3"],
    ),
    "TensorFlow's flags": (
        "import tensorflow as tf\nf = tf.app.flags\nf.DEFINE_integer('n', 3, 'h')\n"
        "tf.compat.v1.flags.DEFINE_float('lr', 0.1, 'h')",
        ["3 n int = 3", "4 lr float = 0.1"],
    ),
    "another DEFINE": ("import x\nx.DEFINE_integer('n', 3)", []),
}


@pytest.mark.parametrize(("source", "expected"), ARGPARSE.values(), ids=ARGPARSE.keys())
def test_argparse(source: str, expected: list[str]) -> None:
    assert declared(PARSER + source) == expected


@pytest.mark.parametrize(("source", "expected"), DATACLASS_PARSERS.values(), ids=DATACLASS_PARSERS.keys())
def test_parsers_of_dataclasses(source: str, expected: list[str]) -> None:
    assert declared(DATACLASSES + source) == expected


@pytest.mark.parametrize(("source", "expected"), OTHERS.values(), ids=OTHERS.keys())
def test_other_libraries(source: str, expected: list[str]) -> None:
    assert declared(source) == expected


LR = PARSER + "p.add_argument('--lr')\n"
VALUES = {
    "an attribute": (LR + "use(p.parse_args().lr)", ("--lr",)),
    "a dest": (PARSER + "p.add_argument('--lr', dest='rate')\nuse(p.parse_args().rate)", ("--lr",)),
    "known ones": (LR + "a, rest = p.parse_known_args()\nuse(a.lr)", ("--lr",)),
    "the first of known ones": (LR + "use(p.parse_known_args()[0].lr)", ("--lr",)),
    "the rest of known ones": (LR + "use(p.parse_known_args()[1])", ("*",)),
    "vars": (LR + "use(vars(p.parse_args())['lr'])", ("--lr",)),
    "vars and get": (LR + "d = vars(p.parse_args())\nuse(d.get('lr'))", ("--lr",)),
    "__dict__": (LR + "use(p.parse_args().__dict__['lr'])", ("--lr",)),
    "getattr": (LR + "use(getattr(p.parse_args(), 'lr'))", ("--lr",)),
    "spread arguments": (LR + "def f(lr):\n    use(lr)\nf(**vars(p.parse_args()))", ("--lr",)),
    "a parameter": (LR + "def f(a):\n    use(a.lr)\nf(p.parse_args())", ("--lr",)),
    "a function that parses": (
        LR + "def parse_args():\n    return p.parse_args()\na = parse_args()\nuse(a.lr)",
        ("--lr",),
    ),
    "an object that keeps them": (
        LR
        + "class T:\n    def __init__(self, a):\n        self.a = a\n    def f(self):\n        use(self.a.lr)\n"
        "T(p.parse_args()).f()",
        ("--lr",),
    ),
    "what is not declared": (LR + "use(p.parse_args().wd)", ("*",)),
    "set_defaults without an option": (
        PARSER + "p.set_defaults(out='/opt/ml/model')\nuse(p.parse_args().out)",
        ("/opt/ml/model",),
    ),
    "optparse": (
        "import optparse\np = optparse.OptionParser()\np.add_option('--lr')\no, _ = p.parse_args()\nuse(o.lr)",
        ("--lr",),
    ),
    "a dataclass": (
        DATACLASSES + "@dataclass\nclass A:\n    lr: float = 0.1\n"
        "a, = HfArgumentParser(A).parse_args_into_dataclasses()\nuse(a.lr)",
        ("--lr",),
    ),
    "the second of several": (
        DATACLASSES + "@dataclass\nclass A:\n    lr: float = 0.1\n@dataclass\nclass B:\n    wd: float = 0.1\n"
        "a, b = HfArgumentParser((A, B)).parse_args_into_dataclasses()\nuse(b.wd)",
        ("--wd",),
    ),
    "a library's dataclass": (
        DATACLASSES
        + "t = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()[0]\nuse(t.output_dir)",
        ("transformers.TrainingArguments().output_dir",),
    ),
    "an inherited field": (
        DATACLASSES + "@dataclass\nclass B:\n    lr: float = 0.1\n@dataclass\nclass A(B):\n    pass\n"
        "a = HfArgumentParser(A).parse_args_into_dataclasses()[0]\nuse(a.lr)",
        ("--lr",),
    ),
    "a namespace of a dataclass parser": (
        DATACLASSES + "@dataclass\nclass A:\n    lr: float = 0.1\nuse(HfArgumentParser(A).parse_args().lr)",
        ("--lr",),
    ),
    "TRL's": (
        "from trl import TrlParser, SFTConfig\nclass A:\n    lr: float = 0.1\n"
        "a, c = TrlParser((A, SFTConfig)).parse_args_and_config()\nuse(a.lr)",
        ("--lr",),
    ),
    "a parser of its own": (
        DATACLASSES + "class P(HfArgumentParser):\n    pass\n@dataclass\nclass A:\n    lr: float = 0.1\n"
        "a, = P(A).parse_args_into_dataclasses()\nuse(a.lr)",
        ("--lr",),
    ),
    "a dataclass that is made": (
        DATACLASSES + "@dataclass\nclass A:\n    lr: float = 0.1\nHfArgumentParser(A)\nuse(A(lr=0.5).lr)",
        ("0.5",),
    ),
    "click": (
        CLICK + "@click.command()\n@click.option('--lr')\ndef main(lr):\n    use(lr)\nmain()",
        ("--lr",),
    ),
    "click, called by nobody visible": (
        CLICK + "@click.command()\n@click.option('--lr', default=1)\ndef main(lr):\n    use(lr)",
        ("--lr",),
    ),
    "typer": (TYPER + "@app.command()\ndef main(lr: float = 0.1):\n    use(lr)\napp()", ("--lr",)),
    "fire": ("import fire\ndef main(lr=0.1):\n    use(lr)\nfire.Fire(main)", ("--lr",)),
    "absl": (FLAGS + "flags.DEFINE_float('lr', 0.1, 'h')\nuse(flags.FLAGS.lr)", ("--lr",)),
    "absl's holder": (FLAGS + "LR = flags.DEFINE_float('lr', 0.1, 'h')\nuse(LR.value)", ("--lr",)),
    "TensorFlow's": (
        "import tensorflow as tf\ntf.app.flags.DEFINE_float('lr', 0.1, 'h')\nuse(tf.app.flags.FLAGS.lr)",
        ("--lr",),
    ),
}


@pytest.mark.parametrize(("source", "expected"), VALUES.values(), ids=VALUES.keys())
def test_values(source: str, expected: tuple[str, ...]) -> None:
    assert argument_of(script(source), "use") == expected


OPEN_ENDED = {
    "a name that cannot be told": PARSER + "p.add_argument(name())",
    "names of which one cannot be told": PARSER + "for n in ('--lr', name()):\n    p.add_argument(n)",
    "spread names": PARSER + "p.add_argument(*names)",
    "a library's dataclass": DATACLASSES + "HfArgumentParser(TrainingArguments)",
    "a dataclass of a library's": DATACLASSES + "class A(TrainingArguments):\n    pass\nHfArgumentParser(A)",
    "a dataclass that cannot be told": DATACLASSES + "HfArgumentParser(which())",
    "Lightning's options": PARSER
    + "import lightning.pytorch as pl\np = pl.Trainer.add_argparse_args(p)\np.parse_args()",
    "options that a library adds": PARSER + "import x\nx.add_options(p)\nargs = p.parse_args()",
    "options that a library adds to an object's parser": (
        "import argparse, x\nclass A:\n    def __init__(self):\n"
        "        self.p = argparse.ArgumentParser()\n        x.add_options(self.p)\n        self.p.parse_args()"
    ),
    "an option that a function adds": CLICK + "def add(f):\n    return click.option('--lr')(f)",
    "a click option without a name": CLICK + "@click.option(name())\ndef main(lr):\n    pass",
    "all that fire finds": "import fire\ndef main(lr):\n    pass\nfire.Fire()",
    "a class given to fire": "import fire\nclass A:\n    pass\nfire.Fire(A)",
    "any keyword": "import fire\ndef main(**kwargs):\n    pass\nfire.Fire(main)",
    "hydra": "import hydra\n@hydra.main(config_path='conf')\ndef main(cfg):\n    pass",
    "hydra's function": "from hydra import main\n@main()\ndef run(cfg):\n    pass",
    "Lightning's": "from pytorch_lightning.cli import LightningCLI\nLightningCLI()",
    "jsonargparse": "from jsonargparse import CLI\nCLI()",
    "simple_parsing": "import simple_parsing as s\ns.parse(A)",
    "tap": "from tap import Tap\nclass A(Tap):\n    lr: float",
    "docopt": "from docopt import docopt\nopts = docopt(__doc__)",
    "OmegaConf": "from omegaconf import OmegaConf\nOmegaConf.from_cli()",
    "settings of pydantic": "import pydantic_settings\nclass A(pydantic_settings.BaseSettings):\n    lr: float",
}
CLOSED = {
    "argparse": LR,
    "a dataclass": DATACLASSES + "class A:\n    lr: float = 0.1\nHfArgumentParser(A)",
    "click": CLICK + "@click.command()\n@click.option('--lr')\ndef main(lr):\n    pass",
    "fire": "import fire\ndef main(lr):\n    pass\nfire.Fire(main)",
    "nothing": "import json",
    "a parser that is printed": LR + "print(p)\np.parse_args()",
    "a function that adds options": LR + "def add(q):\n    q.add_argument('--x')\nadd(p)\np.parse_args()",
    "options that go into a library": LR + "import x\nx.run(p.parse_args())",
    "a module of a name that begins alike": "import tapestry, hydrant",
    "hydra, imported and not used": "import hydra",
    "docopt, imported and not used": "from docopt import docopt",
    "OmegaConf's files": "from omegaconf import OmegaConf\nOmegaConf.load('x')",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [*((s, True) for s in OPEN_ENDED.values()), *((s, False) for s in CLOSED.values())],
    ids=[*OPEN_ENDED, *CLOSED],
)
def test_options_that_cannot_be_seen(source: str, expected: bool) -> None:
    assert script(source).analysis.options.open_ended is expected


STRICT = {
    "parse_args": (LR + "p.parse_args()", True),
    "parse_intermixed_args": (LR + "p.parse_intermixed_args()", True),
    "parse_known_args": (LR + "p.parse_known_args()", False),
    "a function called parse_args": (
        LR + "def parse_args():\n    return p.parse_known_args()[0]\nparse_args()",
        False,
    ),
    "into dataclasses": (
        DATACLASSES + "class A:\n    lr: float = 0.1\nHfArgumentParser(A).parse_args_into_dataclasses()",
        True,
    ),
    "no parser": ("import json", False),
}


@pytest.mark.parametrize(("source", "expected"), STRICT.values(), ids=STRICT.keys())
def test_whether_a_parser_refuses_what_it_does_not_know(source: str, expected: bool) -> None:
    assert script(source).analysis.options.strict is expected


def test_a_parser_in_another_module(tmp_path: Path) -> None:
    read = script(
        "from config import parse\nargs = parse()\nuse(args.lr)\nuse(args.out)",
        tmp_path,
        config="""
            import argparse
            from common import add_common

            def parse():
                parser = argparse.ArgumentParser()
                parser.add_argument("--lr", type=float)
                add_common(parser)
                return parser.parse_args()
        """,
        common="def add_common(parser):\n    parser.add_argument('--out', default='/tmp')\n",
    )
    options = read.analysis.options.all
    assert sorted((Path(option.module.path).name, shown(option)) for option in options) == [
        ("common.py", "2 out = '/tmp'"),
        ("config.py", "7 lr float"),
    ]
    assert argument_of(read, "use") == ("--lr", "--out")


def test_dataclasses_in_another_module(tmp_path: Path) -> None:
    read = script(
        "from transformers import HfArgumentParser\nfrom config import A\n"
        "a = HfArgumentParser(A).parse_args_into_dataclasses()[0]\nuse(a.lr)",
        tmp_path,
        config="from dataclasses import dataclass\n@dataclass\nclass A:\n    lr: float = 0.1\n",
    )
    assert [shown(option) for option in read.analysis.options.all] == ["4 lr float = 0.1"]
    assert argument_of(read, "use") == ("--lr",)


def test_options_that_no_living_code_declares() -> None:
    read = script(
        PARSER + "def used():\n    p.add_argument('--lr')\ndef dead():\n    p.add_argument('--wd')\n"
        "if __name__ == '__main__':\n    used()\n    p.parse_args()\n"
    )
    assert [option.name for option in read.analysis.options.all] == ["lr", "wd"]
    assert [option.name for option in read.analysis.live_options] == ["lr"]
