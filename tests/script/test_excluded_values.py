"""Empty values that a condition excludes, and empty defaults that the program replaces."""

from __future__ import annotations

import pytest

from tests.script.reading import argument_of, script

REPLACED = {
    "a name": ("path = ''\nif not path:\n    path = '/data'\nuse(path)", "''"),
    "a name that is None": ("path = None\nif path is None:\n    path = '/data'\nuse(path)", "None"),
    "one of two conditions": ("path = ''\nif ready and path == '':\n    path = '/data'\nuse(path)", "kept"),
    "either of two conditions": ("path = ''\nif ready or path == '':\n    path = '/data'\nuse(path)", "''"),
    "the other branch": ("path = ''\nif path:\n    pass\nelse:\n    path = '/data'\nuse(path)", "''"),
    "another name": ("path = ''\nif not other:\n    path = '/data'\nuse(path)", "kept"),
    "the branch of a full value": ("path = ''\nif path:\n    path = '/data'\nuse(path)", "kept"),
    "None is not the empty string": ("path = ''\nif path is None:\n    path = '/data'\nuse(path)", "kept"),
    "or": ("path = load() and ''\nuse(path or '/data')", "''"),
    "a conditional expression": ("path = x and ''\nuse(path if path else '/data')", "''"),
    "its other side": ("path = x and ''\nuse('/data' if path is None else path)", "kept"),
    "a parameter": ("def f(path=''):\n    if not path:\n        path = '/data'\n    use(path)\nf()", "''"),
    "an attribute": (
        "class A:\n    def __init__(self):\n        self.path = ''\n        self.path = self.path or '/data'\n"
        "    def go(self):\n        use(self.path)\nA().go()",
        "''",
    ),
    "a field that another object fills in": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    path: str = ''\nclass A:\n"
        "    def __init__(self):\n        self.c = C()\n        if not self.c.path:\n"
        "            self.c.path = '/data'\n"
        "    def go(self):\n        use(self.c.path)\nA().go()",
        "''",
    ),
    "a field of another class": (
        "class C:\n    def __init__(self):\n        self.path = ''\n    def load(self):\n        self.path = '/data'\n"
        "class D:\n    def fill(self):\n        if not self.path:\n            self.path = '/other'\n"
        "c = C()\nc.load()\nuse(c.path)",
        "kept",
    ),
}


@pytest.mark.parametrize(("source", "gone"), REPLACED.values(), ids=REPLACED.keys())
def test_an_empty_default_that_is_replaced_is_no_value(source: str, gone: str) -> None:
    found = argument_of(script(source), "use")
    assert "/data" in found
    assert [one for one in found if one in ("", "''", "None", "/opt/ml/code")] == (
        [] if gone != "kept" else [""]
    )
