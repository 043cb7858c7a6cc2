"""Which functions can run when a script is started. Each made-up function marks itself with ``mark``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_training.script import Script
from tests.harness import write
from tests.script.reading import script

GUARD = "if __name__ == '__main__':\n    main()\n"


def marks(read: Script) -> list[str]:
    """Return the marks of the calls that can run."""
    return [
        ast.literal_eval(call.node.args[0])
        for call in read.analysis.calls.all
        if getattr(call.node.func, "id", "") == "mark"
    ]


FUNCTIONS = {
    "a function that is called": ("def f():\n    mark('f')\ndef main():\n    f()\n", ["f"]),
    "a branch that never runs": (
        "def main():\n    if False:\n        mark('f')\n    mark('main')\n",
        ["main"],
    ),
    "the other of such a branch": (
        "def main():\n    if 0:\n        mark('f')\n    else:\n        mark('g')\n",
        ["g"],
    ),
    "a branch that may run": (
        "def main(x=0):\n    if x:\n        mark('f')\n    mark('main')\n",
        ["f", "main"],
    ),
    "a dead function": ("def f():\n    mark('f')\ndef main():\n    mark('main')\n", ["main"]),
    "a function that a dead one calls": (
        "def f():\n    mark('f')\ndef g():\n    f()\ndef main():\n    mark('main')\n",
        ["main"],
    ),
    "a function that only calls itself": ("def f():\n    mark('f')\n    f()\ndef main():\n    pass\n", []),
    "a function that is only imported by name": (
        "__all__ = ['f']\ndef f():\n    mark('f')\ndef main():\n    pass\n",
        [],
    ),
    "a wrapped function that is dead": (
        "import torch\n@torch.no_grad()\ndef f():\n    mark('f')\ndef main():\n    pass\n",
        [],
    ),
    "an inner function": (
        "def main():\n    def f():\n        mark('f')\n    def g():\n        mark('g')\n    f()\n",
        ["f"],
    ),
    "a function that is returned": (
        "def f():\n    def g():\n        mark('g')\n    return g\ndef main():\n    f()()\n",
        ["g"],
    ),
    "a lambda": ("def main():\n    f = lambda: mark('f')\n    f()\n", ["f"]),
    "a lambda of a dead function": ("def f():\n    return lambda: mark('f')\ndef main():\n    pass\n", []),
    "a comprehension": ("def main():\n    [mark('x') for _ in y]\n", ["x"]),
    "both definitions of a name": (
        "if x:\n    def main():\n        mark('a')\nelse:\n    def main():\n        mark('b')\n",
        ["a", "b"],
    ),
    "an asynchronous function": (
        "import asyncio\nasync def f():\n    mark('f')\ndef main():\n    asyncio.run(f())\n",
        ["f"],
    ),
}

METHODS = {
    "a method that is called": (
        "class A:\n    def f(self):\n        mark('f')\n    def g(self):\n        mark('g')\n"
        "def main():\n    A().f()\n",
        ["f"],
    ),
    "a method through another": (
        "class A:\n    def f(self):\n        self.g()\n    def g(self):\n        mark('g')\ndef main():\n    A().f()\n",
        ["g"],
    ),
    "a method of a class that nobody makes": (
        "class A:\n    def f(self):\n        mark('f')\ndef main(x):\n    x.f()\n",
        [],
    ),
    "a constructor": ("class A:\n    def __init__(self):\n        mark('i')\ndef main():\n    A()\n", ["i"]),
    "a call of an object": (
        "class A:\n    def __call__(self):\n        mark('c')\ndef main():\n    A()()\n",
        ["c"],
    ),
    "a property": (
        "class A:\n    @property\n    def p(self):\n        mark('p')\ndef main():\n    A().p\n",
        ["p"],
    ),
    "a class's own calls": ("class A:\n    x = mark('x')\ndef main():\n    A\n", ["x"]),
    "an overridden method": (
        "class B:\n    def run(self):\n        self.step()\n"
        "class A(B):\n    def step(self):\n        mark('s')\ndef main():\n    A().run()\n",
        ["s"],
    ),
}

HOOKS = {
    "hooks of a library's class": (
        "import lightning.pytorch as pl\nclass A(pl.LightningModule):\n"
        "    def training_step(self, b, i):\n        mark('step')\n"
        "    def configure_optimizers(self):\n        mark('optimizers')\ndef main():\n    A()\n",
        ["step", "optimizers"],
    ),
    "hooks through a local base": (
        "import torch\nclass B(torch.nn.Module):\n    def forward(self):\n        mark('b')\n"
        "class A(B):\n    def extra(self):\n        mark('a')\ndef main():\n    A()\n",
        ["b", "a"],
    ),
    "hooks of a class that nobody makes": (
        "import lightning.pytorch as pl\nclass A(pl.LightningModule):\n"
        "    def training_step(self, b, i):\n        mark('step')\ndef main():\n    pass\n",
        [],
    ),
    "no hooks without a library": (
        "class A(object):\n    def f(self):\n        mark('f')\ndef main():\n    A()\n",
        [],
    ),
    "a command": (
        "import click\n@click.command()\ndef f():\n    mark('f')\ndef main():\n    pass\n",
        ["f"],
    ),
    "a command of a group": (
        "import typer\napp = typer.Typer()\n@app.command()\ndef f():\n    mark('f')\ndef main():\n    app()\n",
        ["f"],
    ),
    "a registered function": (
        "F = {}\ndef register(f):\n    F[f.__name__] = f\n    return f\n"
        "@register\ndef f():\n    mark('f')\ndef main(n):\n    F[n]()\n",
        ["f"],
    ),
    "a registered class": (
        "C = {}\ndef register(c):\n    C[c.__name__] = c\n    return c\n"
        "@register\nclass A:\n    def f(self):\n        mark('f')\ndef main(n):\n    C[n]().f()\n",
        ["f"],
    ),
    "a dataclass is not registered": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    def f(self):\n        mark('f')\n"
        "def main(x):\n    x.f()\n",
        [],
    ),
    "at the end": (
        "import atexit\n@atexit.register\ndef f():\n    mark('f')\ndef main():\n    pass\n",
        ["f"],
    ),
}

HANDED_ON = {
    "a thread": (
        "import threading\ndef f():\n    mark('f')\ndef main():\n    threading.Thread(target=f).start()\n",
        ["f"],
    ),
    "a spawn": (
        "import torch.multiprocessing as mp\ndef f(rank):\n    mark('f')\ndef main():\n    mp.spawn(f, nprocs=2)\n",
        ["f"],
    ),
    "a partial": (
        "from functools import partial\ndef f(x):\n    mark('f')\ndef main():\n    partial(f, 1)()\n",
        ["f"],
    ),
    "a map": ("def f(x):\n    mark('f')\ndef main():\n    list(map(f, [1]))\n", ["f"]),
    "a table": (
        "def f():\n    mark('f')\ndef g():\n    mark('g')\nT = {'f': f}\ndef main(n):\n    T[n]()\n",
        ["f"],
    ),
    "a default": ("def f():\n    mark('f')\ndef main(g=f):\n    g()\n", ["f"]),
    "a bound method": (
        "import threading\nclass A:\n    def f(self):\n        mark('f')\n"
        "def main():\n    threading.Thread(target=A().f).start()\n",
        ["f"],
    ),
}

LOOKED_UP = {
    "a method by a constant name": (
        "class A:\n    def f(self):\n        mark('f')\n    def g(self):\n        mark('g')\n"
        "def main():\n    getattr(A(), 'f')()\n",
        ["f"],
    ),
    "a method by any name": (
        "class A:\n    def run(self, n):\n        getattr(self, n)()\n    def f(self):\n        mark('f')\n"
        "def main(n):\n    A().run(n)\n",
        ["f"],
    ),
    "a method by the beginning of its name": (
        "class A:\n    def run(self, n):\n        getattr(self, f'do_{n}')()\n"
        "    def do_f(self):\n        mark('f')\n    def g(self):\n        mark('g')\ndef main(n):\n    A().run(n)\n",
        ["f"],
    ),
    "a function of the script's module": (
        "import sys\ndef f():\n    mark('f')\ndef main(n):\n    getattr(sys.modules[__name__], n)()\n",
        ["f"],
    ),
    "an option by any name reaches no method": (
        "import argparse\nclass A:\n    def f(self):\n        mark('f')\n"
        "def main(n):\n    A()\n    getattr(argparse.ArgumentParser().parse_args(), n)\n",
        [],
    ),
    "a lookup in a dead function": (
        "class A:\n    def f(self):\n        mark('f')\ndef g(a, n):\n    getattr(a, n)()\ndef main():\n    A()\n",
        [],
    ),
    "globals": ("def f():\n    mark('f')\ndef main(n):\n    globals()[n]()\n", ["f"]),
    "exec": ("def f():\n    mark('f')\ndef main(n):\n    exec(n)\n", ["f"]),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    (FUNCTIONS | METHODS | HOOKS | HANDED_ON | LOOKED_UP).values(),
    ids=[*FUNCTIONS, *METHODS, *HOOKS, *HANDED_ON, *LOOKED_UP],
)
def test_what_runs_from_the_main_guard(source: str, expected: list[str]) -> None:
    assert marks(script(source + GUARD)) == expected


MODULE_LEVEL = {
    "statements": ("mark('m')\n", True, ["m"]),
    "a function that is called": (
        "def f():\n    mark('f')\ndef g():\n    mark('g')\nf()\n",
        True,
        ["f"],
    ),
    "a condition": ("import sys\ndef f():\n    mark('f')\nif sys.argv[1:]:\n    f()\n", True, ["f"]),
    "a result that is kept": ("def f():\n    mark('f')\ndef g():\n    mark('g')\nx = f()\n", True, ["f"]),
    "a loop": ("for x in y:\n    pass\ndef f():\n    mark('f')\n", True, []),
    "a with": ("with x as y:\n    pass\ndef f():\n    mark('f')\n", True, []),
    "a library's training": (
        "import xgboost\nm = xgboost.train({}, d)\ndef f():\n    mark('f')\n",
        True,
        [],
    ),
    "a guard with more than the name": (
        "import sys\ndef f():\n    mark('f')\nif __name__ == '__main__' and sys.argv[1:]:\n    f()\n",
        True,
        ["f"],
    ),
    "an exit with a function's result": (
        "import sys\ndef f():\n    mark('f')\nif __name__ == '__main__':\n    sys.exit(f())\n",
        True,
        ["f"],
    ),
    "functions alone": ("def f():\n    mark('f')\n", False, ["f"]),
    "functions that a toolkit calls by name": (
        "def estimator_fn(c, p):\n    mark('e')\ndef train_input_fn():\n    mark('t')\n",
        False,
        ["e", "t"],
    ),
    "no more than preparations": (
        "import logging, random\nlogging.basicConfig()\nlog = logging.getLogger()\nrandom.seed(1)\n"
        "def f():\n    mark('f')\n",
        False,
        ["f"],
    ),
    "a library's object that is kept": (
        "import xgboost\nm = xgboost.DMatrix(x)\ndef f():\n    mark('f')\n",
        False,
        ["f"],
    ),
}


@pytest.mark.parametrize(("source", "works", "expected"), MODULE_LEVEL.values(), ids=MODULE_LEVEL.keys())
def test_what_runs_from_module_level(source: str, works: bool, expected: list[str]) -> None:
    read = script(source)
    assert (read.analysis.reach.has_work, marks(read)) == (works, expected)


@pytest.mark.parametrize("reach", ["functions", "calls"])
def test_nothing_is_absent_where_nothing_starts(reach: str) -> None:
    source = "import xgboost\ndef load():\n    return xgboost.DMatrix('/tmp/x')\n"
    states = {
        name: getattr(script(source + ("" if reach == "functions" else "load()\n")), name).state
        for name in ("training", "model_saving")
    }
    assert set(states.values()) == {"cannot tell" if reach == "functions" else "absent"}


OTHER = """
def f():
    mark('f')
def g():
    mark('g')
class A:
    def h(self):
        mark('A.h')
    def k(self):
        mark('A.k')
if __name__ == '__main__':
    mark('guard')
    g()
"""

LOCAL_MODULES = {
    "a function of a module": ("import other\nother.f()\n", ["f"]),
    "a function of a module by another name": ("import other as o\no.f()\n", ["f"]),
    "an imported function": ("from other import f\nf()\n", ["f"]),
    "an imported function by another name": ("from other import f as run\nrun()\n", ["f"]),
    "a function that a star brings": ("from other import *\nf()\n", ["f"]),
    "a class of a module": ("import other\na = other.A()\na.h()\n", ["A.h"]),
    "an imported function that is only imported": ("from other import f\nfor x in y:\n    pass\n", []),
    "a function by a constant name": ("import other\ngetattr(other, 'f')()\n", ["f"]),
}


@pytest.mark.parametrize(("source", "expected"), LOCAL_MODULES.values(), ids=LOCAL_MODULES.keys())
def test_local_modules(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert marks(script(source, tmp_path, other=OTHER)) == expected


def test_the_top_of_a_local_module_runs(tmp_path: Path) -> None:
    assert marks(script("import other\n" + GUARD, tmp_path, other="mark('top')\nif x:\n    mark('if')")) == [
        "top",
        "if",
    ]


def test_the_guard_of_the_script_itself_runs_in_a_package(tmp_path: Path) -> None:
    files = {"train.py": "from app.run import main\n" + GUARD, "app/__init__.py": "", "app/run.py": OTHER}
    files["app/run.py"] += "def main():\n    f()\n"
    write(tmp_path, files)
    assert marks(script(files["train.py"], tmp_path)) == ["f"]


def test_queries_ask_all_code_or_only_code_that_can_run(tmp_path: Path) -> None:
    read = script(
        """
        import data

        def dead(model):
            model.clear(model.grad)

        def main():
            data.load()
            print(data.size)

        if __name__ == '__main__':
            main()
        """,
        tmp_path,
        data="def load():\n    clear()\nif __name__ == '__main__':\n    clear('alone')\n",
    )
    analysis = read.analysis
    assert [ast.unparse(site.node) for site in analysis.program.all_calls("clear")] == [
        "model.clear(model.grad)",
        "clear()",
        "clear('alone')",
    ]
    assert [ast.unparse(site.node) for site in analysis.live_calls("clear")] == ["clear()"]
    assert [ast.unparse(node) for node, _ in analysis.program.attribute_loads("grad", "size")] == [
        "model.grad",
        "data.size",
    ]
    assert [ast.unparse(node) for node, _ in analysis.live_attribute_loads("grad", "size")] == ["data.size"]
    assert {scope.name for scope in analysis.live_scopes if scope.kind == "function"} == {"main", "load"}
