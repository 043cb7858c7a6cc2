"""What flows into an expression: places, results of calls, options, through anything that a script does with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flake8_training.engine.flow.dataflow import Flow, Option, Result
from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import Value
from flake8_training.script import Script
from tests.script.reading import script

TRAIN = "/opt/ml/input/data/train"
HEAD = "import os\nimport pandas as pd\nimport torch\nimport xgboost as xgb\nTRAIN = os.environ['SM_CHANNEL_TRAIN']\n"


def sites(read: Script, function: str) -> list[CallSite]:
    modules = read.analysis.program.modules.values()
    return [site for module in modules for site in module.calls_by_name.get(function, ())]


def flows(read: Script) -> set[str]:
    """Return the places, results (``=name``) and options (``--dest``) that flow into the arguments of ``use``."""
    found: set[str] = set()
    for site in sites(read, "use"):
        for origin in read.analysis.flow.origins(site.node.args[0], site.scope):
            if isinstance(origin, Result):
                found.add(f"={origin.name}")
            elif isinstance(origin, Option):
                found.add(f"--{origin.dest}")
            else:
                found.add(origin.path)
    return found


READ = {TRAIN, "=pandas.read_csv()"}

FLOWS = {
    "what is read": ("use(pd.read_csv(TRAIN))", READ),
    "another file": ("pd.read_csv(TRAIN)\nuse(pd.read_csv('/tmp/x'))", {"/tmp/x", "=pandas.read_csv()"}),
    "a file in it": ("use(os.path.join(TRAIN, 'x.csv'))", {f"{TRAIN}/x.csv", TRAIN, "x.csv"}),
    "what is made of it": (
        "d = pd.read_csv(TRAIN)\nuse(xgb.DMatrix(d.values))",
        {*READ, "=xgboost.DMatrix()"},
    ),
    "what is made of a part of it": (
        "use(pd.read_csv(TRAIN)[['a']])",
        {TRAIN, "=pandas.read_csv()[]()"},
    ),
    "a dict that it is stored in": ("d = {}\nd['x'] = pd.read_csv(TRAIN)\nuse(d)", READ),
    "a dict that is merged": ("d = {}\nd |= {'x': pd.read_csv(TRAIN)}\nuse(d)", {*READ, "x"}),
    "an item set by its method": ("d = {}\nd.__setitem__('x', pd.read_csv(TRAIN))\nuse(d)", READ),
    "each of two": ("use(pd.read_csv(TRAIN if x else '/tmp/x'))", {*READ, "/tmp/x"}),
    "a model": (
        "use(xgb.train({}, xgb.DMatrix(TRAIN)))",
        {TRAIN, "=xgboost.DMatrix()", "=xgboost.Booster()"},
    ),
    "a part of a model": (
        "m = torch.nn.Linear(1, 1)\nuse(m.state_dict())",
        {"=torch.nn.Linear()", "=torch.nn.Linear().state_dict()"},
    ),
    "a loader of a class's objects": (
        "class D(torch.utils.data.Dataset):\n    def __init__(self, root):\n        self.root = root\n"
        "use(torch.utils.data.DataLoader(D(TRAIN)))",
        {TRAIN, "=torch.utils.data.DataLoader()"},
    ),
    "a loop": (
        "for x, y in torch.utils.data.DataLoader(TRAIN):\n    use(x)",
        {TRAIN, "=torch.utils.data.DataLoader()[]()[]()"},
    ),
    "a function": ("def f(p):\n    return pd.read_csv(p)\nuse(f(TRAIN))", READ),
    "one of a function's results": (
        "def f(p):\n    d = pd.read_csv(p)\n    return d, p\na, b = f(TRAIN)\nuse(a)",
        READ,
    ),
    "a lambda": ("f = lambda p: pd.read_csv(p)\nuse(f(TRAIN))", READ),
    "a generator": ("def f(p):\n    yield pd.read_csv(p)\nfor x in f(TRAIN):\n    use(x)", READ),
    "an object's attribute": (
        "class T:\n    def __init__(self, p):\n        self.d = pd.read_csv(p)\n    def f(self):\n        use(self.d)\n"
        "T(TRAIN).f()",
        READ,
    ),
    "an attribute that is set from outside": (
        "class C: pass\nc = C()\nc.d = pd.read_csv(TRAIN)\nuse(c.d)",
        READ,
    ),
    "a list": ("use([pd.read_csv(TRAIN)])", READ),
    "a list that grows": ("l = []\nl.append(pd.read_csv(TRAIN))\nuse(l)", READ),
    "a list that is added to": ("l = []\nl += [pd.read_csv(TRAIN)]\nuse(l)", READ),
    "a comprehension": ("use([pd.read_csv(p) for p in [TRAIN]])", READ),
    "a comprehension's condition is none of it": ("use([x for x in ['/tmp/x'] if x != TRAIN])", {"/tmp/x"}),
    "a dict": ("use({'d': pd.read_csv(TRAIN)})", {*READ, "d"}),
    "a dict that is filled": ("d = {}\nd['d'] = pd.read_csv(TRAIN)\nuse(d)", READ),
    "a frame that is filled": (
        "d = pd.DataFrame()\nd['d'] = pd.read_csv(TRAIN)\nuse(d)",
        {*READ, "=pandas.DataFrame()"},
    ),
    "a with": (
        "with open(TRAIN) as f:\n    use(f.read())",
        {TRAIN, "=builtins.open()", "=open().read()"},
    ),
    "a walrus": ("use(d := pd.read_csv(TRAIN))", READ),
    "a global": (
        "d = None\ndef f():\n    global d\n    d = pd.read_csv(TRAIN)\nf()\nuse(d)",
        READ,
    ),
    "what is awaited": ("async def f():\n    use(await pd.read_csv(TRAIN))", READ),
    "text": ("use(f'{TRAIN}/x')", {f"{TRAIN}/x"}),
    "an unknown function's result": ("use(x(TRAIN))", {TRAIN}),
    "a method of nobody knows what": ("use(x().y(TRAIN))", {TRAIN}),
    "what flows in a circle": (
        "def f(d):\n    return g(d)\ndef g(d):\n    return f(d) or pd.read_csv(TRAIN)\nuse(f(1))",
        READ,
    ),
    "any number of arguments": ("def f(*a):\n    use(a)\nf(TRAIN)", {TRAIN}),
    "any number of keywords": ("def f(**a):\n    use(a['x'])\nf(x=TRAIN)", {TRAIN, "x"}),
    "spread arguments": ("def f(a):\n    use(a)\nf(*[TRAIN])", {TRAIN}),
    "a default": ("def f(a='/tmp/x'):\n    use(a)\nf()", {"/tmp/x"}),
    "a parameter that nobody gives": ("def f(a):\n    use(a)", {"*"}),
    "a captured pattern": ("match x:\n    case [a, b]:\n        use(b)", {"*"}),
    "what a library's star brings": ("from x import *\nuse(y(TRAIN))", {TRAIN, "=x.y()"}),
    "what the star of a package that is not there brings": ("from .... import *\nuse(y)", {"*"}),
    "numbers": ("use(1 + 2)", set[str]()),
    "nothing": ("use(None)", set[str]()),
}


@pytest.mark.parametrize(("source", "expected"), FLOWS.values(), ids=FLOWS.keys())
def test_what_flows_in(source: str, expected: set[str]) -> None:
    assert flows(script(HEAD + source)) == expected


OPTIONS = (
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\n"
    "p.add_argument('--out', default='/opt/ml/model')\na = p.parse_args()\n"
)


def test_an_option_flows_through_a_computation() -> None:
    assert flows(script(OPTIONS + "use(float(a.lr) * 2)")) == {"--lr", "*"}


def test_an_option_s_default_flows_with_it() -> None:
    assert flows(script(OPTIONS + "use(a.out)")) == {"--out", "/opt/ml/model"}


def test_every_option_flows_with_all_of_them() -> None:
    assert {"--lr", "--out", "/opt/ml/model"} <= flows(script(OPTIONS + "use(a)"))


def test_the_same_answer_in_any_order() -> None:
    """Expressions that flow into each other have one answer, whichever is asked for first."""
    source = HEAD + "a = TRAIN\nb = '/tmp/x'\nwhile x:\n    a, b = [b], [a]\none(a)\ntwo(b)"
    for order in (("one", "two"), ("two", "one")):
        read = script(source)
        answers = {}
        for name in order:
            [site] = sites(read, name)
            answers[name] = {
                getattr(o, "path", "") for o in read.analysis.flow.origins(site.node.args[0], site.scope)
            }
        assert answers == {"one": {TRAIN, "/tmp/x"}, "two": {TRAIN, "/tmp/x"}}, order


def test_a_long_chain_ends() -> None:
    chain = "".join(f"x{n + 1} = f(x{n})\n" for n in range(1000))
    assert flows(script(f"{HEAD}x0 = TRAIN\n{chain}use(x1000)")) == {TRAIN}


def test_local_modules_are_followed(tmp_path: Path) -> None:
    read = script(
        "from data import load\nimport os\nuse(load(os.environ['SM_CHANNEL_TRAIN']))",
        tmp_path,
        data="import pandas as pd\ndef load(folder):\n    return pd.concat([pd.read_csv(folder)])",
    )
    assert flows(read) == {*READ, "=pandas.concat()"}


def test_a_value_of_many_names_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: list[Value] = []
    resolve = Flow._resolve

    def recorded(self: Flow, value: Value, *rest: Any) -> None:
        resolved.append(value)
        resolve(self, value, *rest)

    monkeypatch.setattr(Flow, "_resolve", recorded)
    links = "".join(
        f"v{n + 1} = v{n}\nwith open('x') as v{n + 1}:\n    v{n + 1} = v{n + 1}.read() + v{n}\n"
        for n in range(30)
    )
    assert TRAIN in flows(script(f"{HEAD}v0 = TRAIN\n{links}use(v30)\n"))
    assert len(resolved) == len(set(resolved))
