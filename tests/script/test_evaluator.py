"""Which values can reach an expression."""

from __future__ import annotations

import ast
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flake8_training.engine.syntax.program import Program
from tests.script.reading import argument_of, script

MODEL = "/opt/ml/model"
TRAIN = "/opt/ml/input/data/train"

VALUES = {
    "a constant": ("use('/tmp/x')", ("/tmp/x",)),
    "an assignment": ("p = 'a'\nuse(p)", ("a",)),
    "several assignments": ("p = 'a'\nif c:\n    p = 'b'\nuse(p)", ("a", "b")),
    "a tuple": ("a, (b, c) = 'x', ('y', 'z')\nuse(c)", ("z",)),
    "a conditional": ("use('a' if c else 'b')", ("a", "b")),
    "an or": ("import os\nuse(os.getenv('SM_MODEL_DIR') or '/tmp')", ("$SM_MODEL_DIR", "/tmp")),
    "a concatenation": ("d = '/opt/ml'\nuse(d + '/model' + '/x')", (f"{MODEL}/x",)),
    "an f-string": ("n = 'model'\nuse(f'/opt/ml/{n}/x')", (f"{MODEL}/x",)),
    "an unknown in an f-string": ("use(f'/opt/ml/model/{epoch()}.pt')", (f"{MODEL}/*.pt",)),
    "format by place": ("use('{0}/{1}'.format('/opt/ml', 'model'))", (MODEL,)),
    "format by order": ("use('{}/{}'.format('/opt/ml', 'model'))", (MODEL,)),
    "format by name": ("use('/opt/{a}/model'.format(a='ml'))", (MODEL,)),
    "percent": ("use('/opt/%s/%s' % ('ml', 'model'))", (MODEL,)),
    "os.path.join": ("import os\nuse(os.path.join('/opt/ml/', 'model', 'x'))", (f"{MODEL}/x",)),
    "a join from os.path": ("from os.path import join as j\nuse(j('/opt/ml', 'model'))", (MODEL,)),
    "an absolute second part": ("import os\nuse(os.path.join('/tmp', '/opt/ml/model'))", (MODEL,)),
    "pathlib": ("from pathlib import Path\nuse(Path('/opt/ml') / 'model' / 'x')", (f"{MODEL}/x",)),
    "a path's parent": ("from pathlib import Path\nuse(Path('/opt/ml/model/x').parent)", (MODEL,)),
    "os.path.dirname": ("import os\nuse(os.path.dirname('/opt/ml/model/x'))", (MODEL,)),
    "the script's folder": ("import os\nuse(os.path.dirname(os.path.abspath(__file__)))", ("/opt/ml/code",)),
    "a dict": ("d = {'m': '/opt/ml/model', 't': '/tmp'}\nuse(d['m'])", (MODEL,)),
    "a dict's get": ("d = {'m': '/opt/ml/model'}\nuse(d.get('m', '/tmp'))", (MODEL,)),
    "a dict's default": ("d = {'m': '/opt/ml/model'}\nuse(d.get('x', '/tmp'))", ("/tmp",)),
    "a stored item": ("d = {}\nd['m'] = '/opt/ml/model'\nuse(d['m'])", (MODEL,)),
    "an updated dict": ("d = dict()\nd.update(m='/opt/ml/model')\nuse(d['m'])", (MODEL,)),
    "a merged dict": ("a = {'m': '/opt/ml/model'}\nuse({**a, 'x': 1}['m'])", (MODEL,)),
    "a dict made by keywords": ("use(dict(m='/opt/ml/model')['m'])", (MODEL,)),
    "a list in a loop": ("for p in ['a', 'b']:\n    use(p)", ("a", "b")),
    "a list that grows": ("l = ['a']\nl.append('b')\nfor p in l:\n    use(p)", ("a", "b")),
    "a comprehension": ("[use(p) for p in ('a', 'b')]", ("a", "b")),
    "a parameter": ("def f(p):\n    use(p)\nf('a')\nf(p='b')", ("a", "b")),
    "a parameter's default": ("def f(p='a'):\n    use(p)\nf()", ("a",)),
    "a keyword-only parameter": ("def f(*, p='a'):\n    use(p)\nf(p='b')", ("b",)),
    "a return": ("def f():\n    return 'a'\nuse(f())", ("a",)),
    "a return of its argument": ("def f(p):\n    return p\nuse(f('a'))\nf('b')", ("a",)),
    "a spread argument": ("def f(m):\n    use(m)\nf(**{'m': 'a'})", ("a",)),
    "a function in another": ("def f():\n    p = 'a'\n    def g():\n        use(p)\n    g()\nf()", ("a",)),
    "a lambda": ("f = lambda p: use(p)\nf('a')", ("a",)),
    "a global": ("p = 'a'\ndef f():\n    global p\n    p = 'b'\ndef g():\n    use(p)", ("a", "b")),
    "an attribute of self": (
        "class A:\n    def __init__(self, d):\n        self.d = d\n    def s(self):\n        use(self.d)\nA('a').s()",
        ("a",),
    ),
    "a class attribute": ("class A:\n    d = 'a'\nuse(A.d)", ("a",)),
    "an inherited attribute": ("class B:\n    d = 'a'\nclass A(B):\n    pass\nuse(A().d)", ("a",)),
    "a property": ("class A:\n    @property\n    def d(self):\n        return 'a'\nuse(A().d)", ("a",)),
    "a dataclass field": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    d: str = 'a'\nuse(A().d)\n",
        ("a",),
    ),
    "a given dataclass field": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    d: str = 'a'\nx = A(d='b')\nuse(x.d)\n",
        ("b",),
    ),
    "a variable": ("import os\nuse(os.environ['SM_MODEL_DIR'])", ("$SM_MODEL_DIR",)),
    "a variable with a default": ("import os\nuse(os.environ.get('SM_MODEL_DIR', 'x'))", ("$SM_MODEL_DIR",)),
    "environ by another name": ("from os import environ as e\nuse(e['SM_MODEL_DIR'])", ("$SM_MODEL_DIR",)),
    "a variable through a wrapper": (
        "import os\ndef env(n, d=None):\n    return os.environ.get(n, d)\nuse(env('SM_MODEL_DIR'))\nenv('X')",
        ("$SM_MODEL_DIR",),
    ),
    "a joined variable": (
        "import os\nuse(os.path.join(os.environ['SM_CHANNEL_TRAIN'], 'x.csv'))",
        (f"{TRAIN}/x.csv",),
    ),
    "files of a folder": (
        "import glob, os\nfor f in glob.glob(os.path.join(os.environ['SM_CHANNEL_TRAIN'], '*.csv')):\n    use(f)",
        (f"{TRAIN}/*.csv",),
    ),
    "an option": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\nuse(p.parse_args().lr)",
        ("--lr",),
    ),
    "an option of known ones": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\n"
        "a, _ = p.parse_known_args()\nuse(a.lr)",
        ("--lr",),
    ),
    "an option through vars": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\nuse(vars(p.parse_args())['lr'])",
        ("--lr",),
    ),
    "an import by another name": ("import torch as t\nuse(t.save)", ("torch.save",)),
    "an imported name": ("from xgboost import train as fit_model\nuse(fit_model)", ("xgboost.train",)),
    "the result of a library": ("import numpy as np\nuse(np.zeros(3))", ("numpy.zeros()",)),
    "an object that a class method makes": (
        "import pytorch_lightning as pl\nuse(pl.Trainer.from_argparse_args(x).fit)",
        ("lightning.pytorch.Trainer().fit",),
    ),
    "an environment object": (
        "from sagemaker_training import environment\nuse(environment.Environment().model_dir)",
        (MODEL,),
    ),
    "text that is stripped": ("use('/opt/ml/model/'.rstrip('/'))", (MODEL,)),
    "a walrus": ("if (p := 'a'):\n    use(p)", ("a",)),
    "text that grows": ("p = '/opt/ml'\np += '/model'\nuse(p)", ("/opt/ml", MODEL)),
    "a handed-on function": (
        "import torch.multiprocessing as mp\ndef w(rank, d):\n    use(d)\nmp.spawn(w, args=('a',), nprocs=2)",
        ("*", "a"),
    ),
    "a parameter of a base class": (
        "class B:\n    def __init__(self, d):\n        use(d)\n"
        "class A(B):\n    def __init__(self, n, d):\n        super().__init__(d)\nA('n', 'a')",
        ("a",),
    ),
    "an attribute that a base class sets": (
        "class B:\n    def __init__(self, d):\n        self.d = d\n"
        "class A(B):\n    def __init__(self, n, d):\n        super().__init__(d)\nuse(A('n', 'a').d)",
        ("a",),
    ),
    "a base class called by its name": (
        "class B:\n    def __init__(self, d):\n        self.d = d\n"
        "class A(B):\n    def __init__(self, n, d):\n        B.__init__(self, d)\nuse(A('n', 'a').d)",
        ("a",),
    ),
    "a method of a base class": (
        "class B:\n    def d(self):\n        return 'a'\n"
        "class A(B):\n    def d(self):\n        return super(A, self).d()\nuse(A().d())",
        ("a",),
    ),
    "a method of a library's base class": (
        "import torch\nclass A(torch.nn.Module):\n    def eval(self):\n        use(super().eval)\nA().eval()",
        ("torch.nn.Module().eval",),
    ),
    "a method that only a derived class has": (
        "class B:\n    def run(self):\n        use(self.d())\n"
        "class A(B):\n    def d(self):\n        return 'a'\nA().run()",
        ("a",),
    ),
    "a method called through its class": (
        "class A:\n    def s(self, d):\n        use(d)\nA.s(A(), 'a')",
        ("a",),
    ),
    "an attribute of a class that is set from outside": (
        "class A:\n    d = 'a'\nA.d = 'b'\nuse(A.d)\nuse(A().d)",
        ("a", "b"),
    ),
    "an attribute that a class method sets": (
        "class A:\n    @classmethod\n    def f(cls):\n        cls.d = 'b'\nA.f()\nuse(A.d)",
        ("b",),
    ),
    "another class's attribute": (
        "class A:\n    d = 'a'\nclass B:\n    d = 'c'\nB.d = 'b'\nuse(A.d)",
        ("a",),
    ),
    "a dict in a dict": ("d = {'p': {'m': 'a'}}\nd['p']['m'] = 'b'\nuse(d['p']['m'])", ("a", "b")),
    "another dict in a dict": ("d = {'p': {'m': 'a'}, 'q': {}}\nd['q']['m'] = 'b'\nuse(d['p']['m'])", ("a",)),
    "an attribute that a class overrides": (
        "class B:\n    d = 'b'\nclass A(B):\n    d = 'a'\nuse(A().d)",
        ("a",),
    ),
    "a parameter of a function by another name": (
        "def f(p):\n    use(p)\ng = f\ng('a')\nf('b')",
        ("a", "b"),
    ),
    "a partial": (
        "from functools import partial\ndef w(d):\n    use(d)\nmap(partial(w, 'a'), [])",
        ("*", "a"),
    ),
}


@pytest.mark.parametrize(("source", "expected"), VALUES.values(), ids=VALUES.keys())
def test_values(source: str, expected: tuple[str, ...]) -> None:
    assert argument_of(script(source), "use") == tuple(sorted(expected))


ENDLESS = {
    "a name of itself": "p = p\nuse(p)",
    "two names of each other": "a = b\nb = a\nuse(a)",
    "a function of itself": "def f(p):\n    return f(p)\nuse(f(1))",
    "two functions of each other": "def f(p):\n    return g(p)\ndef g(p):\n    return f(p)\nuse(f(1))",
    "a class of itself": "class A(A):\n    pass\nuse(A().x)",
    "a dict in itself": "d = {}\nd['d'] = d\nuse(d['d']['d'])",
    "a loop": "p = ''\nwhile c:\n    p = p + p\nuse(p)",
    "a method on self": "class A:\n    def f(self):\n        self.x = self.f()\n        use(self.x)\nA().f()",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_depends_on_itself_ends(source: str) -> None:
    read = script(source)
    argument_of(read, "use")
    assert read.analysis.evaluator.budget.steps < 1000


def test_a_deep_expression_ends() -> None:
    source = "x = " + " + ".join(["'a'"] * 900) + "\nuse(x)"
    assert argument_of(script(source), "use") != ()


@pytest.mark.parametrize(("number", "state"), [(10, "present"), (10_000, "cannot tell")])
def test_nothing_is_absent_that_there_was_no_time_to_look_at(number: int, state: str) -> None:
    chain = "".join(f"    x{n + 1} = f(x{n})\n" for n in range(number))
    source = "import xgboost\nif __name__ == '__main__':\n    x0 = 1\n{}    xgboost.train({{}}, x0)\n"
    read = script(source.format(chain))
    assert read.training.state == state
    assert read.analysis.evaluator.is_exhausted is (state == "cannot tell")


def test_a_local_module_is_followed(tmp_path: Path) -> None:
    read = script(
        "import settings\nfrom paths import model_dir\nuse(settings.CHANNEL)\nuse(model_dir())",
        tmp_path,
        settings="import os\nCHANNEL = os.environ['SM_CHANNEL_TRAIN']",
        paths="from settings import ROOT\ndef model_dir():\n    return '/opt/ml/model'",
    )
    assert argument_of(read, "use") == ("$SM_CHANNEL_TRAIN", MODEL)


def test_a_function_of_a_local_module_by_another_name(tmp_path: Path) -> None:
    source = "from saving import save as keep, save\nkeep('a')\nsave('b')"
    read = script(source, tmp_path, saving="def save(path):\n    use(path)")
    assert argument_of(read, "use") == ("a", "b")


def test_names_of_a_module_that_are_set_from_outside(tmp_path: Path) -> None:
    source = "import settings as s\ns.OUT = 'b'\ns.NEW = 'c'\nuse(s.OUT)\nuse(s.NEW)"
    read = script(source, tmp_path, settings="OUT = 'a'\nuse(OUT)")
    assert argument_of(read, "use") == ("a", "b", "c")


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    read = script("from a import x\nuse(x)", tmp_path, a="from b import x", b="from a import x")
    assert argument_of(read, "use") == ()


def test_a_module_that_does_not_parse_is_unknown(tmp_path: Path) -> None:
    read = script("import broken\nuse(broken.x)\nuse('a')", tmp_path, broken="def (")
    assert "a" in argument_of(read, "use")
    assert list(read.analysis.program.unreadable) == ["broken"]


NAMES = st.sampled_from(["a", "b", "c", "f", "g"])
EXPRESSIONS = st.recursive(
    st.one_of(NAMES, st.sampled_from(["'x'", "1", "None", "os.environ['SM_MODEL_DIR']", "args.lr"])),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: f"({p[0]} + {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"os.path.join({p[0]}, {p[1]})"),
        st.tuples(NAMES, inner).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"{{'k': {p[0]}, **{p[1]}}}['k']"),
        st.tuples(inner, NAMES).map(lambda p: f"({p[0]}).{p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]} for a in {p[1]}][0]"),
        inner.map(lambda e: f"(lambda a: {e})('y')"),
    ),
    max_leaves=8,
)
STATEMENTS = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"{p[0]} = {p[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"def {p[0]}(a, b=None): return {p[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"class {p[0]}: b = {p[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"for {p[0]} in {p[1]}: pass"),
    st.tuples(NAMES, NAMES, EXPRESSIONS).map(lambda p: f"{p[0]}.{p[1]} = {p[2]}"),
    st.tuples(NAMES, EXPRESSIONS, EXPRESSIONS).map(lambda p: f"{p[0]}[{p[1]}] = {p[2]}"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, max_size=7), EXPRESSIONS)
def test_any_program_ends(statements: list[str], used: str) -> None:
    source = "\n".join(["import os", *statements, f"use({used})"])
    read = script(source)
    argument_of(read, "use")
    for verdict in (
        read.hyperparameters,
        read.training_data,
        read.training,
        read.evaluation,
        read.model_saving,
    ):
        assert verdict.state in ("present", "absent", "cannot tell")
    assert read.analysis.evaluator.budget.steps < 20_000


@pytest.mark.parametrize("names", list(permutations(("a", "b", "c"))))
def test_the_order_of_names_does_not_count(names: tuple[str, ...]) -> None:
    program = Program(ast.parse("b(a(c)).c = a\nd.a = c(b)\nd.b = 1"), "")
    calls = [ast.unparse(site.node.func) for site in program.all_calls(*names)]
    loads = [node.id for node, _ in program.name_loads(*names)]
    stores = [store.key for store in program.attribute_stores(*names)]
    assert (calls, loads, stores) == (["a", "b", "c"], sorted(loads), ["a", "b", "c"])
    assert set(loads) == {"a", "b", "c"}
