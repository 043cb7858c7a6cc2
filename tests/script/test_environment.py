"""Which environment variables a program reads, tests and sets."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_training.engine.inputs.environment import VariableRead
from tests.script.reading import script


def shown(read: VariableRead) -> str:
    """Return a reading as ``line NAME``, with its default, and whether it must be there or is only asked for."""
    kind = " required" if read.required else " tested" if read.test else ""
    default = f" = {ast.unparse(read.default)}" if read.default is not None else ""
    return f"{read.line} {read.name}{kind}{default}"


READS = {
    "a subscript": ("os.environ['SM_A']", ["2 SM_A required"]),
    "get": ("os.environ.get('SM_A')", ["2 SM_A"]),
    "get with a default": ("os.environ.get('SM_A', '/tmp')", ["2 SM_A = '/tmp'"]),
    "getenv": ("os.getenv('SM_A')", ["2 SM_A"]),
    "getenv with a default": ("os.getenv('SM_A', default=x())", ["2 SM_A = x()"]),
    "getenv by keyword": ("os.getenv(key='SM_A', default='x')", ["2 SM_A = 'x'"]),
    "pop": ("os.environ.pop('SM_A')", ["2 SM_A required"]),
    "pop with a default": ("os.environ.pop('SM_A', None)", ["2 SM_A = None"]),
    "setdefault": ("os.environ.setdefault('SM_A', 'x')", ["2 SM_A = 'x'"]),
    "__getitem__": ("os.environ.__getitem__('SM_A')", ["2 SM_A required"]),
    "or": ("x = os.getenv('SM_A') or '/tmp'", ["2 SM_A"]),
    "a walrus": ("if x := os.environ.get('SM_A'):\n    pass", ["2 SM_A"]),
    "environ by another name": ("from os import environ as e\ne['SM_A']", ["3 SM_A required"]),
    "getenv by another name": ("from os import getenv as g\ng('SM_A')", ["3 SM_A"]),
    "os by another name": ("import os as o\no.environ['SM_A']", ["3 SM_A required"]),
    "environ kept": ("env = os.environ\nenv['SM_A']\nenv.get('SM_B')", ["3 SM_A required", "4 SM_B"]),
    "a dict of it": ("env = dict(os.environ)\nenv['SM_A']\nenv.get('SM_B')", ["3 SM_A required", "4 SM_B"]),
    "a copy of it": ("env = os.environ.copy()\nenv['SM_A']\nenv.get('SM_B')", ["3 SM_A required", "4 SM_B"]),
    "its get by a name": ("get = os.environ.get\nget('SM_A')", ["3 SM_A"]),
    "its get by another name": ("def f():\n    env = os.environ.get\n    return env('SM_A')", ["4 SM_A"]),
    "in": ("'SM_A' in os.environ", ["2 SM_A tested"]),
    "not in": ("'SM_A' not in os.environ", ["2 SM_A tested"]),
    "in its keys": ("'SM_A' in os.environ.keys()", ["2 SM_A tested"]),
    "in, then read": (
        "x = os.environ['SM_A'] if 'SM_A' in os.environ else '/tmp'",
        ["2 SM_A required", "2 SM_A tested"],
    ),
    "an option's default": (
        "import argparse\nargparse.ArgumentParser().add_argument('--m', default=os.environ['SM_A'])",
        ["3 SM_A required"],
    ),
    "a field's default": ("class A:\n    m: str = os.environ.get('SM_A')", ["3 SM_A"]),
    "in a target": ("x = {}\nx[os.environ['SM_A']]['y']['z'] = 1", ["3 SM_A required"]),
    "a name put together": ("os.environ['SM_CHANNEL_' + 'TRAIN']", ["2 SM_CHANNEL_TRAIN required"]),
    "a name as a constant": ("NAME = 'SM_A'\ndef f():\n    return os.environ[NAME]", ["4 SM_A required"]),
    "an f-string's name": (
        "for c in ('train', 'test'):\n    os.environ[f'SM_CHANNEL_{c.upper()}']",
        ["3 SM_CHANNEL_TRAIN required", "3 SM_CHANNEL_TEST required"],
    ),
    "an f-string of what cannot be told": (
        "os.environ.get(f'SM_CHANNEL_{name()}')",
        ["2 SM_CHANNEL_*"],
    ),
    "a name that cannot be told": ("os.environ[name()]\nos.getenv(x)", []),
    "no name": ("os.getenv()\nos.environ.get(*x)", []),
    "each name of a list": (
        "for n in ['SM_A', 'SM_B']:\n    os.environ[n]",
        ["3 SM_A required", "3 SM_B required"],
    ),
    "a name in a conditional": (
        "os.environ['SM_A' if x else 'SM_B']",
        ["2 SM_A required", "2 SM_B required"],
    ),
}

WRAPPERS = {
    "a wrapper": (
        "def env(n, d=None):\n    return os.environ.get(n, d)\nenv('SM_A')\nenv('SM_B', 'x')",
        ["4 SM_A = d", "5 SM_B = d"],
    ),
    "a wrapper by keyword": ("def env(n):\n    return os.environ[n]\nenv(n='SM_A')", ["4 SM_A required"]),
    "a wrapper's own default": (
        "def env(n='SM_A'):\n    return os.environ[n]\nenv()\nenv('SM_B')",
        ["5 SM_B required", "3 SM_A required"],
    ),
    "a wrapper of a wrapper": (
        "def a(n):\n    return os.environ[n]\ndef b(n):\n    return a(n)\nb('SM_A')\na('SM_B')",
        ["6 SM_A required", "7 SM_B required"],
    ),
    "wrappers of each other": (
        "def a(n):\n    return b(n)\ndef b(n):\n    return os.environ[n] or a(n)\nb('SM_A')",
        ["5 SM_A required", "6 SM_A required"],
    ),
    "a wrapper that asks first": (
        "def env(n):\n    if n in os.environ:\n        return os.environ[n]\nenv('SM_A')",
        ["5 SM_A required", "5 SM_A tested"],
    ),
    "a wrapper that puts the name together": (
        "def channel(n):\n    return os.environ['SM_CHANNEL_' + n.upper()]\nchannel('train')",
        ["3 SM_CHANNEL_TRAIN required"],
    ),
    "a wrapper as a method": (
        "class A:\n    def env(self, n):\n        return os.environ[n]\nA().env('SM_A')",
        ["5 SM_A required"],
    ),
    "a wrapper as a lambda": ("env = lambda n: os.environ[n]\nenv('SM_A')", ["3 SM_A required"]),
    "a wrapper that nobody calls": ("def env(n):\n    return os.environ[n]", []),
}

NO_READS = {
    "another object's environ": "class A:\n    environ = {}\nA().environ['SM_A']",
    "a dict": "d = {}\nd['SM_A']\nd.get('SM_A')\n'SM_A' in d",
    "a parameter of that name": "def f(environ):\n    environ['SM_A']\nf({})",
    "an assignment": "os.environ['SM_A'] = 'x'",
    "a deletion": "del os.environ['SM_A']",
}


@pytest.mark.parametrize(
    ("source", "expected"), (READS | WRAPPERS).values(), ids=[*READS.keys(), *WRAPPERS.keys()]
)
def test_reads(source: str, expected: list[str]) -> None:
    assert [shown(read) for read in script(f"import os\n{source}").analysis.environment.reads] == expected


@pytest.mark.parametrize("source", NO_READS.values(), ids=NO_READS.keys())
def test_what_reads_no_variable(source: str) -> None:
    assert script(f"import os\n{source}").analysis.environment.reads == []


WRITES = {
    "a subscript": ("os.environ['SM_A'] = 'x'", {"SM_A"}),
    "setdefault": ("os.environ.setdefault('SM_A', 'x')", {"SM_A"}),
    "update with a dict": ("os.environ.update({'SM_A': 'x', **y})", {"SM_A"}),
    "update with keywords": ("os.environ.update(SM_A='x', **y)", {"SM_A"}),
    "update with a dict of that name": ("d = {'SM_A': 'x'}\nos.environ.update(d)", {"SM_A"}),
    "update with a dict by keywords": ("os.environ.update(dict(SM_A='x'))", {"SM_A"}),
    "in a loop": ("for n in ('SM_A', 'SM_B'):\n    os.environ[n] = 'x'", {"SM_A", "SM_B"}),
    "through a wrapper": ("def put(n, v):\n    os.environ[n] = v\nput('SM_A', 'x')", {"SM_A"}),
    "of a copy, for another program": ("env = os.environ.copy()\nenv['SM_A'] = 'x'", {"SM_A"}),
    "reading": ("os.environ['SM_A']\nos.environ.get('SM_B', 'x')", set[str]()),
    "a dict": ("d = {}\nd['SM_A'] = 'x'\nd.update(SM_B='x')", set[str]()),
    "what cannot be told": ("os.environ[name()] = 'x'\nos.environ.update(given())", set[str]()),
}


@pytest.mark.parametrize(("source", "expected"), WRITES.values(), ids=WRITES.keys())
def test_writes(source: str, expected: set[str]) -> None:
    assert script(f"import os\n{source}").analysis.environment.written == expected


def test_local_modules_count(tmp_path: Path) -> None:
    read = script(
        "import settings\nfrom settings import env\nenv('SM_B')",
        tmp_path,
        settings="import os\nA = os.environ['SM_A']\ndef env(n):\n    return os.environ[n]\nos.environ['SM_C'] = 'x'",
    )
    environment = read.analysis.environment
    assert [shown(one) for one in environment.reads] == ["2 SM_A required", "3 SM_B required"]
    assert environment.written == {"SM_C"}
