"""Which scope binds a name, to what; what is imported, called and stored; what only the main guard leads to."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_training.engine.syntax.indexer import index_module
from flake8_training.engine.syntax.scopes import ModuleIndex, Scope
from tests.harness import write
from tests.script.reading import argument_of, script


def names(source: str) -> ModuleIndex:
    return index_module(ast.parse(source), "train.py")


def label(scope: Scope) -> str:
    return f"{scope.kind} {scope.name}".strip()


def bindings(source: str) -> tuple[str, ...]:
    """Return the scope that binds the argument of the last ``use(name)``, and the lines of its bindings."""
    site = names(source).calls_by_name["use"][-1]
    [argument] = site.node.args
    assert isinstance(argument, ast.Name)
    found = site.scope.lookup(argument.id)
    if found is None:
        return ()
    return label(found[0]), *(f"{b.kind} {getattr(b.node, 'lineno', 0)}" for b in found[1])


SCOPES = {
    "a module": ("p = 1\nuse(p)", ("module", "value 1")),
    "nothing": ("use(p)", ()),
    "every binding": (
        "p = 1\nif c:\n    p = 2\nfor p in q:\n    pass\nuse(p)",
        ("module", "value 1", "value 3", "value 4"),
    ),
    "a function": ("p = 1\ndef f():\n    p = 2\n    use(p)", ("function f", "value 3")),
    "the module from a function": ("p = 1\ndef f():\n    use(p)", ("module", "value 1")),
    "a parameter": ("p = 1\ndef f(p):\n    use(p)", ("function f", "parameter 2")),
    "each kind of parameter": ("def f(a, /, b, *c, d, **e):\n    use(e)", ("function f", "parameter 1")),
    "a parameter that is bound again": (
        "def f(p):\n    p = 2\n    use(p)",
        ("function f", "parameter 1", "value 2"),
    ),
    "a default stands outside": ("p = 1\ndef f(q=use(p)):\n    p = 2", ("module", "value 1")),
    "a decorator stands outside": ("p = 1\n@use(p)\ndef f(p):\n    pass", ("module", "value 1")),
    "a function around": (
        "def f():\n    p = 1\n    def g():\n        use(p)",
        ("function f", "value 2"),
    ),
    "a lambda": ("p = 1\nf = lambda p: use(p)", ("lambda <lambda>", "parameter 2")),
    "a class body": ("class A:\n    p = 1\n    use(p)", ("class A", "value 2")),
    "a method does not see its class": (
        "p = 1\nclass A:\n    p = 2\n    def f(self):\n        use(p)",
        ("module", "value 1"),
    ),
    "a class in a function": (
        "def f():\n    p = 1\n    class A:\n        def g(self):\n            use(p)",
        ("function f", "value 2"),
    ),
    "a base class stands outside": ("p = 1\nclass A(use(p)):\n    p = 2", ("module", "value 1")),
    "a comprehension": ("p = 1\n[use(p) for p in q]", ("comprehension", "value 2")),
    "a comprehension leaves nothing behind": ("p = 1\n[p for p in q]\nuse(p)", ("module", "value 1")),
    "what a comprehension goes through stands outside": ("p = 1\n[p for p in use(p)]", ("module", "value 1")),
    "what an inner loop of it goes through": ("[y for p in q for y in use(p)]", ("comprehension", "value 1")),
    "a condition of it": ("[p for p in q if use(p)]", ("comprehension", "value 1")),
    "a dict comprehension": ("{use(p): v for p, v in q}", ("comprehension", "value 1")),
    "a generator": ("def f():\n    return any(use(p) for p in q)", ("comprehension", "value 2")),
    "a class's name where a comprehension begins": (
        "p = 1\nclass A:\n    p = 2\n    q = [x for x in use(p)]",
        ("class A", "value 3"),
    ),
    "no class's name inside a comprehension": (
        "p = 1\nclass A:\n    p = 2\n    q = [use(p) for x in y]",
        ("module", "value 1"),
    ),
    "a walrus": ("if p := 1:\n    use(p)", ("module", "value 1")),
    "a walrus in a function": ("def f():\n    g(p := 1)\n    use(p)", ("function f", "value 2")),
    "a walrus in a comprehension": (
        "def f():\n    [p := x for x in y]\n    use(p)",
        ("function f", "value 2"),
    ),
    "a walrus in two comprehensions": ("[[p := x for x in y] for y in z]\nuse(p)", ("module", "value 1")),
    "a global": (
        "p = 1\ndef f():\n    global p\n    p = 2\nuse(p)",
        ("module", "value 1", "value 4"),
    ),
    "a global inside its function": (
        "p = 1\ndef f():\n    global p\n    p = 2\n    use(p)",
        ("module", "value 1", "value 4"),
    ),
    "a global that only a function binds": (
        "def f():\n    global p\n    p = 1\nuse(p)",
        ("module", "value 3"),
    ),
    "a global passes the function around": (
        "p = 1\ndef f():\n    p = 2\n    def g():\n        global p\n        use(p)",
        ("module", "value 1"),
    ),
    "a global function": (
        "def f():\n    global g\n    def g(): pass\nuse(g)",
        ("module", "scope 3"),
    ),
    "a global under a condition": (
        "def f():\n    if c:\n        try:\n            global p\n        finally:\n            p = 1\nuse(p)",
        ("module", "value 6"),
    ),
    "a global in a match": (
        "def f(c):\n    match c:\n        case 1:\n            global p\n    p = 1\nuse(p)",
        ("module", "value 5"),
    ),
    "a global in a class": ("class A:\n    global p\n    p = 1\nuse(p)", ("module", "value 3")),
    "another function's global is none of this one's": (
        "p = 1\ndef f():\n    def g():\n        global p\n    p = 2\n    use(p)",
        ("function f", "value 5"),
    ),
    "a nonlocal": (
        "def f():\n    p = 1\n    def g():\n        nonlocal p\n        p = 2\n    use(p)",
        ("function f", "value 2", "value 5"),
    ),
    "a nonlocal that is bound further down": (
        "def f():\n    def g():\n        nonlocal p\n        p = 2\n    p = 1\n    use(p)",
        ("function f", "value 5", "value 4"),
    ),
    "a nonlocal passes the function between": (
        "p = 0\ndef f():\n    p = 1\n    def g():\n        def h():\n            nonlocal p\n            use(p)",
        ("function f", "value 3"),
    ),
    "a with": ("with q as (p, r):\n    use(p)", ("module", "value 1")),
    "an asynchronous loop": (
        "async def f():\n    async for p in q:\n        use(p)",
        ("function f", "value 2"),
    ),
    "an asynchronous with": (
        "async def f():\n    async with q as p:\n        use(p)",
        ("function f", "value 2"),
    ),
    "an exception": ("try:\n    pass\nexcept E as p:\n    use(p)", ("module", "opaque 3")),
    "a captured pattern": ("match q:\n    case [1, p]:\n        use(p)", ("module", "opaque 2")),
    "a captured rest": ("match q:\n    case {'a': 1, **p}:\n        use(p)", ("module", "opaque 2")),
    "a captured tail": ("match q:\n    case [1, *p]:\n        use(p)", ("module", "opaque 2")),
    "a pattern by another name": ("match q:\n    case (1 | 2) as p:\n        use(p)", ("module", "opaque 2")),
    "an annotation alone": ("p: int\nuse(p)", ("module", "opaque 1")),
    "an annotated assignment": ("p: int = 1\nuse(p)", ("module", "value 1")),
    "an augmented assignment": ("p = ''\np += 'x'\nuse(p)", ("module", "value 1", "value 2")),
    "a starred target": ("a, *p = q\nuse(p)", ("module", "value 1")),
    "a chained assignment": ("a = p = 1\nuse(p)", ("module", "value 1")),
    "a function's name": ("def p(): pass\nuse(p)", ("module", "scope 1")),
    "a class's name": ("class p: pass\nuse(p)", ("module", "scope 1")),
    "an import in a function": ("def f():\n    import p\n    use(p)", ("function f", "import 2")),
}


@pytest.mark.parametrize(("source", "expected"), SCOPES.values(), ids=SCOPES.keys())
def test_which_scope_binds_a_name(source: str, expected: tuple[str, ...]) -> None:
    assert bindings(source) == expected


WHERE_VALUES_STAND = {
    "a comprehension over its own name": ("p = ['a']\n[use(p) for p in p]", ("a",)),
    "a walrus of a comprehension's name": ("p = 'x'\n[q := p for p in ['a']]\nuse(q)", ("a",)),
    "a class's list in its comprehension": ("class A:\n    q = ['a']\n    r = [use(p) for p in q]", ("a",)),
    "a nonlocal set from inside": (
        "def f():\n    def g():\n        nonlocal p\n        p = 'b'\n    p = 'a'\n    g()\n    use(p)\nf()",
        ("a", "b"),
    ),
}


@pytest.mark.parametrize(("source", "expected"), WHERE_VALUES_STAND.values(), ids=WHERE_VALUES_STAND.keys())
def test_values_are_those_of_the_place_where_they_stand(source: str, expected: tuple[str, ...]) -> None:
    assert argument_of(script(source), "use") == expected


STEPS = {
    "a name": ("p = q", [()]),
    "a pair": ("a, p = q", [(1,)]),
    "a nested pair": ("a, (b, p) = q", [(1, 1)]),
    "a pair of a pair, one by one": ("a, p = x, y", [()]),
    "a rest": ("a, *p = q", [("rest",)]),
    "beside a rest": ("*a, p = q", [("element",)]),
    "a loop": ("for p in q: pass", [("element",)]),
    "a loop over pairs": ("for a, p in q: pass", [("element", 1)]),
    "a with": ("with q as p: pass", [("entered",)]),
    "added text": ("p += q", [("added",)]),
}


@pytest.mark.parametrize(("source", "expected"), STEPS.values(), ids=STEPS.keys())
def test_steps_from_the_value_to_the_name(source: str, expected: list[tuple[int | str, ...]]) -> None:
    assert [binding.steps for binding in names(source).top.bindings["p"]] == expected


IMPORTS = {
    "a module": ("import torch", {"torch": "torch"}, ["torch"]),
    "a dotted module": ("import os.path", {"os": "os"}, ["os.path"]),
    "a dotted module by another name": (
        "import torch.nn as nn",
        {"nn": "torch.nn"},
        ["torch.nn"],
    ),
    "several": ("import a, b as c", {"a": "a", "c": "b"}, ["a", "b"]),
    "from": ("from os import path", {"path": "os.path"}, ["os.path"]),
    "from by another name": ("from xgboost import train as fit", {"fit": "xgboost.train"}, ["xgboost.train"]),
    "from the package": ("from . import data", {"data": ".data"}, [".data"]),
    "from a module of the package": ("from .data import load", {"load": ".data.load"}, [".data.load"]),
    "from the package above": ("from .. import data", {"data": "..data"}, ["..data"]),
    "from a module above": ("from ..a.b import c as d", {"d": "..a.b.c"}, ["..a.b.c"]),
    "a star": ("from data import *", {}, ["data"]),
    "a star of the package": ("from .data import *", {}, [".data"]),
}


@pytest.mark.parametrize(("source", "bound", "imported"), IMPORTS.values(), ids=IMPORTS.keys())
def test_imports(source: str, bound: dict[str, str], imported: list[str]) -> None:
    module = names(source)
    assert {name: b.dotted for name, [b] in module.top.bindings.items()} == bound
    assert [dotted for dotted, _ in module.imports] == imported
    assert module.stars == [dotted for dotted in imported if "*" in source]


PROGRAMS = {
    "a module": (
        {"train.py": "import data\nuse(data.P)", "data.py": "P = 'a'"},
        ("a",),
    ),
    "a relative import of a script": (
        {"train.py": "from .data import P\nuse(P)", "data.py": "P = 'a'"},
        ("a",),
    ),
    "a package": (
        {"train.py": "import app.data\nuse(app.data.P)", "app/__init__.py": "", "app/data.py": "P = 'a'"},
        ("a",),
    ),
    "a package by another name": (
        {"train.py": "import app.data as d\nuse(d.P)", "app/__init__.py": "", "app/data.py": "P = 'a'"},
        ("a",),
    ),
    "a name of the package's own file": (
        {
            "train.py": "from app import P\nuse(P)",
            "app/__init__.py": "from .data import P",
            "app/data.py": "from ..paths import P",
            "paths.py": "P = 'a'",
        },
        ("a",),
    ),
    "a relative import of a sibling": (
        {
            "train.py": "from app.model import P\nuse(P)",
            "app/__init__.py": "",
            "app/model.py": "from . import data\nP = data.P",
            "app/data.py": "P = 'a'",
        },
        ("a",),
    ),
    "the package's file goes before a module of the same name": (
        {"train.py": "import data\nuse(data.P)", "data/__init__.py": "P = 'a'", "data.py": "P = 'b'"},
        ("a",),
    ),
    "a star": (
        {"train.py": "from data import *\nuse(P)", "data.py": "P = 'a'"},
        ("a",),
    ),
    "a star of a star": (
        {
            "train.py": "from app import *\nuse(P)",
            "app/__init__.py": "from .data import *",
            "app/data.py": "P = 'a'",
        },
        ("a",),
    ),
    "stars of each other": (
        {
            "train.py": "from a import *\nuse(P)",
            "a.py": "from b import *",
            "b.py": "from a import *\nP = 'a'",
        },
        ("a",),
    ),
    "a star passes private names": (
        {"train.py": "from data import *\nuse(_P)", "data.py": "_P = 'a'"},
        ("*",),
    ),
    "an own name goes before a star's": (
        {"train.py": "from data import *\nP = 'b'\nuse(P)", "data.py": "P = 'a'"},
        ("b",),
    ),
    "a star goes before a builtin": (
        {"train.py": "from data import *\nuse(open)", "data.py": "open = 'a'"},
        ("a",),
    ),
    "a star of a library": (
        {"train.py": "from torch.nn import *\nuse(Linear)"},
        ("torch.nn.Linear",),
    ),
    "stars of libraries": (
        {"train.py": "from keras.layers import *\nfrom keras.models import *\nuse(Dense)"},
        ("keras.layers.Dense", "keras.models.Dense"),
    ),
    "a star of a library through a module": (
        {"train.py": "from data import *\nuse(Linear)", "data.py": "from torch.nn import *"},
        ("torch.nn.Linear",),
    ),
    "a builtin goes before a library's star": (
        {"train.py": "from torch import *\nuse(print)"},
        ("builtins.print",),
    ),
    "a name that the module does not have": (
        {"train.py": "import data\nuse(data.Q)", "data.py": "P = 'a'"},
        ("*",),
    ),
    "the standard library is never local": (
        {"train.py": "import json\nuse(json.P)", "json.py": "P = 'a'"},
        ("json.P",),
    ),
    "a module beside the script goes before a library": (
        {"train.py": "import xgboost\nuse(xgboost.P)", "xgboost.py": "P = 'a'"},
        ("a",),
    ),
}


@pytest.mark.parametrize(("files", "expected"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_local_modules(tmp_path: Path, files: dict[str, str], expected: tuple[str, ...]) -> None:
    write(tmp_path, files)
    assert argument_of(script(files["train.py"], tmp_path), "use") == expected


GUARDS = {
    "the usual": ("if __name__ == '__main__':\n    use(1)", 1, [True]),
    "the other way round": ("if '__main__' == __name__:\n    use(1)", 1, [True]),
    "under a condition": ("if c:\n    if __name__ == '__main__':\n        use(1)", 2, [True]),
    "its else": ("if __name__ == '__main__':\n    pass\nelse:\n    use(1)", 1, [False]),
    "a loop in it": ("if __name__ == '__main__':\n    for x in y:\n        use(1)", 1, [True]),
    "two of them": (
        "if __name__ == '__main__':\n    use(1)\nif __name__ == '__main__':\n    use(2)",
        1,
        [True, True],
    ),
    "another name": ("if __name__ == 'train':\n    use(1)", None, [False]),
    "the opposite": ("if __name__ != '__main__':\n    use(1)", None, [False]),
    "in a function": ("def f():\n    if __name__ == '__main__':\n        use(1)", None, [False]),
    "another test": ("if name == '__main__':\n    use(1)", None, [False]),
    "a chain": ("if __name__ == '__main__' == x:\n    use(1)", None, [False]),
}


@pytest.mark.parametrize(("source", "line", "guarded"), GUARDS.values(), ids=GUARDS.keys())
def test_main_guards(source: str, line: int | None, guarded: list[bool]) -> None:
    module = names(source)
    assert (module.guard.lineno if module.guard else None) == line
    assert [site.guarded for site in module.calls_by_name["use"]] == guarded


CALLS = {
    "a method": ("x.a().b()", ["b", "a"]),
    "of what is called": ("a()()", ["", "a"]),
    "an argument": ("a(b(), c=d(), *e(), **f())", ["a", "b", "e", "d", "f"]),
    "in a target": ("x[a()] = b()", ["b", "a"]),
    "in a target's target": ("x[a()][b()] = 1", ["a", "b"]),
    "in a target's attribute": ("x[a()].y.z = 1", ["a"]),
    "in one of several targets": ("x[a()], (*y[b()], z) = 1", ["b", "a"]),
    "in an augmented target": ("x[a()].y += b()", ["b", "a"]),
    "in an annotated target": ("x[a()]: int = b()", ["a", "b"]),
    "in a decorator": ("@a()\ndef f():\n    b()", ["a", "b"]),
    "in a default": ("def f(x=a(), *, y=b()):\n    c()", ["b", "a", "c"]),
    "in a lambda": ("f = lambda x=a(): b()", ["a", "b"]),
    "in a class": ("@a()\nclass A(b(), metaclass=c()):\n    d()", ["a", "b", "c", "d"]),
    "in a comprehension": ("[a() for x in b() if c()]", ["a", "c", "b"]),
    "in text": ("f'{a()}{b():{c()}}'", ["a", "b", "c"]),
    "in a match": ("match a():\n    case 1 if b():\n        c()", ["a", "b", "c"]),
    "in a with": ("with a() as x, b():\n    c()", ["a", "b", "c"]),
    "in what is raised, returned, awaited, yielded": (
        "async def f():\n    await a()\n    yield b()\n    raise c()\n\ndef g():\n    return d()",
        ["a", "b", "c", "d"],
    ),
    "in a handler": ("try:\n    a()\nexcept b():\n    c()\nelse:\n    d()\nfinally:\n    e()", [*"abcde"]),
}


@pytest.mark.parametrize(("source", "expected"), CALLS.values(), ids=CALLS.keys())
def test_every_call_is_seen_once(source: str, expected: list[str]) -> None:
    module = names(source)
    called = [getattr(site.node.func, "attr", getattr(site.node.func, "id", "")) for site in module.calls]
    assert sorted(called) == sorted(expected)
    assert {name: len(sites) for name, sites in module.calls_by_name.items()} == dict.fromkeys(expected, 1)


def test_calls_are_in_the_order_of_their_lines() -> None:
    module = names("if a():\n    b()\nelse:\n    c()\nfor x in d():\n    e()\nelse:\n    f()\ng()")
    assert [site.line for site in module.calls] == [1, 2, 4, 5, 6, 8, 9]


def test_a_long_target_is_gone_through_once() -> None:
    assert len(names("x" + ".a" * 400 + " = 1").top.attribute_loads) == 399


def test_stores() -> None:
    module = names("a.b = 1\na['c'] = 2\na.d, a['e'] = f\nfor a.g in h: pass")
    assert {name: [s.steps for s in stores] for name, stores in module.attribute_stores.items()} == {
        "b": [()],
        "d": [(0,)],
        "g": [("element",)],
    }
    assert [
        (ast.unparse(s.key), s.steps) for s in module.subscript_stores if isinstance(s.key, ast.expr)
    ] == [
        ("'c'", ()),
        ("'e'", (1,)),
    ]


def test_loads_tests_and_returns() -> None:
    module = names(
        "def f(x):\n    if x['a'] in y and z not in y:\n        return x['b']\n    return [x['c'] for _ in x]\n"
        "def g():\n    yield 1\n    yield from h\n"
    )
    f, g = (scope for scope in module.scopes if scope.kind == "function")
    assert sorted(ast.unparse(node.slice) for node, _ in module.subscript_loads) == ["'a'", "'b'", "'c'"]
    assert [ast.unparse(node) for node, _ in module.containments] == ["x['a'] in y", "z not in y"]
    assert [ast.unparse(node) for node in f.returns] == ["x['b']", "[x['c'] for _ in x]"]
    assert (f.yields, g.yields, [ast.unparse(node) for node in g.returns]) == (False, True, ["1", "h"])


@pytest.mark.parametrize(
    ("source", "dynamic"),
    [
        ("exec('x = 1')", True),
        ("eval('x')", True),
        ("eval('1')", False),
        ("exec('[1, 2]')", False),
        ("globals()['x']()", True),
        ("locals()['x']()", True),
        ("vars()['x']()", True),
        ("vars(x)", False),
        ("def f(x):\n    return '{x}'.format(**locals())", False),
        ("model.eval()", False),
        ("x.exec()", False),
        ("eval", False),
    ],
)
def test_code_that_makes_any_name_possible(source: str, dynamic: bool) -> None:
    assert bool(names(source).dynamic_sites) is dynamic


def test_names_that_only_the_guard_reads() -> None:
    top = names("a\nif __name__ == '__main__':\n    b(c)\nelse:\n    d").top
    assert (top.loads, top.guarded_loads) == ({"a", "d"}, {"b", "c"})
