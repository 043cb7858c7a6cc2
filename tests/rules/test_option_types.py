"""TRN113, TRN114 and TRN118 at their edges: which options a launcher can give, and what takes their texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import argparse, ast, json, os, typing
parser = argparse.ArgumentParser()
"""
TAIL = """
args = parser.parse_args()
"""

FOUND = {
    "TRN114 beside another file of that name": """
import json
with open("hyperparameters.json") as file:
    given = json.load(file)
hyperparameters = json.loads(os.environ["SM_HPS"])
parser.add_argument("--flag", action="store_true")  # TRN114
""",
    "TRN114 beside positions that may stay empty": """
parser.add_argument("command", nargs="?")
parser.add_argument("rest", nargs=argparse.REMAINDER)
parser.add_argument("--local", action="store_true")  # TRN114
""",
    "TRN113 bool": 'parser.add_argument("--flag", type=bool, default=True)  # TRN113',
    "TRN113 on its own line": """
parser.add_argument(
    "--flag",
    default=True,
    type=bool,  # TRN113
)
""",
    "TRN113 an alias": "truth = bool\nparser.add_argument('--flag', type=truth)  # TRN113",
    "TRN113 a function that only calls it": """
def truth(text):
    return bool(text)

parser.add_argument("--a", type=truth)  # TRN113
parser.add_argument("--b", type=lambda text: bool(text))  # TRN113
""",
    "TRN113 a group and an alias of the method": """
group = parser.add_argument_group("model")
group.add_argument("--a", type=bool)  # TRN113
add = parser.add_argument
add("--b", type=bool)  # TRN113
""",
    "TRN113 a name like a place's": 'parser.add_argument("--train", type=bool, default=True)  # TRN113',
    "TRN113 over a hyperparameter's variable": (
        'parser.add_argument("--flag", type=bool, default=os.environ.get("SM_HP_FLAG"))  # TRN113'
    ),
    "TRN114 every action without a value": """
parser.add_argument("--a", action="store_true")  # TRN114
parser.add_argument("--b", action="store_false", dest="c")  # TRN114
parser.add_argument("--d", action="store_const", const=3)  # TRN114
parser.add_argument("--e", "-e", action="count")  # TRN114
parser.add_argument("--f", action=argparse.BooleanOptionalAction)  # TRN114
parser.add_argument("--g", action="append_const", const=3)  # TRN114
""",
    "TRN114 on its own line": """
parser.add_argument(
    "--a",
    action="store_true",  # TRN114
    help="text",
)
""",
    "TRN114 an action by name": """
from argparse import BooleanOptionalAction
ACTION = "store_true"
parser.add_argument("--a", action=ACTION)  # TRN114
parser.add_argument("--b", action=BooleanOptionalAction)  # TRN114
""",
    "TRN114 alone where a type beside it is of no use": """
parser.add_argument("--a", type=bool, action=argparse.BooleanOptionalAction)  # TRN114
""",
    "TRN118 containers": """
parser.add_argument("--a", type=list)  # TRN118
parser.add_argument("--b", type=dict)  # TRN118
parser.add_argument("--c", type=tuple)  # TRN118
parser.add_argument("--d", type=set)  # TRN118
parser.add_argument("--e", type=list[int])  # TRN118
parser.add_argument("--f", type=typing.List[str])  # TRN118
parser.add_argument("--g", type=list, nargs="+")  # TRN118
""",
}

FINE = {
    "a program that reads the file of hyperparameters itself": """
import json
with open("/opt/ml/input/config/hyperparameters.json") as file:
    given = json.load(file)
parser.add_argument("--flag", action="store_true")
parser.add_argument("--other", type=bool)
""",
    "a command that no launcher gives": """
parser.add_argument("command")
parser.add_argument("--local", action="store_true")
parser.add_argument("--truth", type=bool)
""",
    "types that read the text": """
def truth(text):
    return text.lower() == "true"

def careful(text):
    if text == "false":
        return False
    return bool(text)

def counted(text):
    return bool(int(text))

parser.add_argument("--a", type=truth)
parser.add_argument("--b", type=careful)
parser.add_argument("--c", type=counted)
parser.add_argument("--d", type=lambda text: text == "true")
parser.add_argument("--e", type=json.loads)
parser.add_argument("--f", type=ast.literal_eval)
parser.add_argument("--g", type=int, nargs="+")
parser.add_argument("--h", type=lambda text: list(map(int, text.split(","))))
parser.add_argument("--i", type=eval)
""",
    "a bool of the script's own": """
def bool(text):
    return text == "true"

parser.add_argument("--a", type=bool)
""",
    "a type that cannot be told": """
from settings import truth
parser.add_argument("--a", type=truth)
""",
    "hidden from the help": """
parser.add_argument("--a", type=bool, help=argparse.SUPPRESS)
parser.add_argument("--b", action="store_true", help=argparse.SUPPRESS)
parser.add_argument("--c", type=list, help=argparse.SUPPRESS)
""",
    "facts of the cluster": """
parser.add_argument("--hosts", type=list, default=json.loads(os.environ["SM_HOSTS"]))
parser.add_argument("--machines", type=list, default=json.loads(os.environ.get("SM_HOSTS", "[]")))
parser.add_argument("--more", type=list, default=ast.literal_eval(os.environ["SM_HOSTS"]))
parser.add_argument("--gpus", type=bool, default=os.environ["SM_NUM_GPUS"])
""",
    "actions that take a value": """
class Own(argparse.Action):
    pass

parser.add_argument("--a", action="store")
parser.add_argument("--b", action="append")
parser.add_argument("--c", action=Own)
parser.add_argument("--version", action="version", version="1")
parser.add_argument("--d", nargs="?", const=True, type=int)
""",
    "a positional argument": 'parser.add_argument("flag", type=bool)',
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str) -> None:
    assert_marked(name.split()[0], HEAD + FOUND[name] + TAIL)


@pytest.mark.parametrize("code", ["TRN113", "TRN114", "TRN118"])
@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_fine(text: str, code: str) -> None:
    assert_marked(code, HEAD + text + TAIL)


MISTAKES = """
parser.add_argument("--a", type=bool)
parser.add_argument("--b", action="store_true")
parser.add_argument("--c", type=list)
"""


@pytest.mark.parametrize("code", ["TRN113", "TRN114", "TRN118"])
def test_options_that_nobody_gives(code: str, tmp_path: Path) -> None:
    assert findings(code, HEAD + MISTAKES + TAIL)
    assert findings(code, HEAD + MISTAKES + "args, rest = parser.parse_known_args()\n")
    assert findings(code, HEAD + MISTAKES + "import sys\nargs = parser.parse_args(sys.argv[1:])\n")
    main = "\ndef main(argv=None):\n    return parser.parse_args(argv)\n\nmain()\n"
    assert findings(code, HEAD + MISTAKES + main)
    listed = "given = [f'--{k}={v}' for k, v in json.loads(os.environ['SM_HPS']).items()]\n"
    assert findings(code, HEAD + MISTAKES + listed + "args = parser.parse_args(given)\n")
    # A notebook's or a test's own list: no launcher reaches it.
    assert not findings(code, HEAD + MISTAKES + "args = parser.parse_args([])\n")
    assert not findings(code, HEAD + MISTAKES + "args = parser.parse_args(args=['--c', 'x'])\n")
    # Declared in a function that never runs.
    never = "\n".join(f"    {line}" for line in (HEAD + MISTAKES + TAIL).splitlines())
    assert not findings(code, f"def old():\n{never}\n\nif __name__ == '__main__':\n    print('trains')\n")
    # Declared in another module: it is reported nowhere rather than on a line of this file.
    module = HEAD + MISTAKES + TAIL
    assert not findings(code, "from options import args\nprint(args.a)\n", tmp_path, options=module)


def test_other_parsers() -> None:
    click = """
import click

@click.command()
@click.option("--a", type=bool)
@click.option("--b", is_flag=True)  # TRN114
@click.option("--c/--no-c", default=True)  # TRN114
@click.option("--d", type=list)
def main(a, b, c, d):
    print(a, b, c, d)

if __name__ == "__main__":
    main()
"""
    assert_marked("TRN113", click.replace("  # TRN114", ""))
    assert_marked("TRN114", click)
    assert_marked("TRN118", click.replace("  # TRN114", "").replace("type=list)", "type=list)  # TRN118"))
    absl = """
from absl import app, flags
flags.DEFINE_bool("a", False, "text")  # TRN114
flags.DEFINE_boolean("b", False, "text")  # TRN114
flags.DEFINE_integer("c", 1, "text")

def main(argv):
    print(flags.FLAGS.a)

app.run(main)
"""
    assert_marked("TRN114", absl)
    dataclass = """
from dataclasses import dataclass, field
from transformers import HfArgumentParser

@dataclass
class Arguments:
    a: bool = False
    b: list[str] = field(default_factory=list)

arguments, = HfArgumentParser(Arguments).parse_args_into_dataclasses()
"""
    for code in ("TRN113", "TRN114", "TRN118"):
        assert_marked(code, dataclass)


def message(code: str, text: str) -> str:
    (found,) = findings(code, text)
    return found.message


def test_messages() -> None:
    of_bool = message("TRN113", HEAD + 'parser.add_argument("-f", "--flag", type=bool)\n' + TAIL)
    assert "'--flag False' sets True" in of_bool
    flag = HEAD + 'parser.add_argument("--flag", action="store_true")\n'
    strict, known = "parser.parse_args()\n", "parser.parse_known_args()\n"
    assert "exit code 2" in message("TRN114", flag + strict)
    assert "'--flag False' switches it on" not in message("TRN114", flag + strict)
    assert "'--flag False' switches it on" in message("TRN114", flag + known)
    assert "exit code 2" not in message("TRN114", flag + known)
    assert "exit code 2, or" in message("TRN114", flag + strict + known)
    split = HEAD + 'parser.add_argument("--layers", type=list)\n' + TAIL
    assert "--layers yields the characters of the string" in message("TRN118", split)
    fails = HEAD + 'parser.add_argument("--params", type=dict)\n' + TAIL
    assert "--params fails for every string" in message("TRN118", fails)
