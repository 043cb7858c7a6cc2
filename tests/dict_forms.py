"""The forms in which a dict gets and loses its keys, for the tests of everything that reads dicts.

Each form is a program that leaves a dict under the name ``D``, with the keys that it holds at the end. The values are
the strings ``"1"`` and ``"2"``.
"""

from __future__ import annotations

from typing import Final

CLOSED: Final[dict[str, tuple[str, frozenset[str]]]] = {
    name: (program, frozenset(keys))
    for name, (program, keys) in {
        "display": ("D = {'a': '1', 'b': '2'}", "ab"),
        "dict() of keywords": ("D = dict(a='1', b='2')", "ab"),
        "dict() of a dict": ("base = {'a': '1'}\nD = dict(base, b='2')", "ab"),
        "dict() of pairs": ("D = dict([('a', '1'), ('b', '2')])", "ab"),
        "dict() of items": ("base = {'a': '1'}\nD = dict(base.items(), b='2')", "ab"),
        "dict() of a spread": ("base = {'a': '1'}\nD = dict(**base, b='2')", "ab"),
        "spread": ("base = {'a': '1'}\nD = {**base, 'b': '2'}", "ab"),
        "union": ("base = {'a': '1'}\nD = base | {'b': '2'}", "ab"),
        "union of three": ("D = {'a': '1'} | {'b': '2'} | {'c': '1'}", "abc"),
        "spread of a union": ("base = {'a': '1'}\nD = {**(base | {'b': '2'})}", "ab"),
        "augmented union": ("D = {'a': '1'}\nD |= {'b': '2'}", "ab"),
        "augmented union of pairs": ("D = {'a': '1'}\nD |= [('b', '2')]", "ab"),
        "copy()": ("base = {'a': '1'}\nD = base.copy()\nD['b'] = '2'", "ab"),
        "copy.copy()": ("import copy\nbase = {'a': '1'}\nD = copy.copy(base)\nD['b'] = '2'", "ab"),
        "copy.deepcopy()": ("import copy\nbase = {'a': '1'}\nD = copy.deepcopy(base)\nD['b'] = '2'", "ab"),
        "comprehension": ("base = {'a': '1', 'b': '2'}\nD = {k: v for k, v in base.items()}", "ab"),
        "store": ("D = {'a': '1'}\nD['b'] = '2'", "ab"),
        "stores in order": ("D = {}\nD['a'] = '1'\nD['b'] = '1'\nD['b'] = '2'", "ab"),
        "__setitem__": ("D = {'a': '1'}\nD.__setitem__('b', '2')", "ab"),
        "update of a dict": ("D = {'a': '1'}\nD.update({'b': '2'})", "ab"),
        "update of keywords": ("D = {'a': '1'}\nD.update(b='2')", "ab"),
        "update of items": ("more = {'b': '2'}\nD = {'a': '1'}\nD.update(more.items())", "ab"),
        "update of nothing": ("D = {'a': '1', 'b': '2'}\nD.update()", "ab"),
        "update of pairs": ("D = {'a': '1'}\nD.update([('b', '2')])", "ab"),
        "update of a name": ("more = {'b': '2'}\nD = {'a': '1'}\nD.update(more)", "ab"),
        "setdefault": ("D = {'a': '1'}\nD.setdefault('b', '2')", "ab"),
        "setdefault of a key": ("D = {'a': '1', 'b': '2'}\nD.setdefault('b', '1')", "ab"),
        "store after pop": ("D = {'a': '1', 'b': '1'}\nD.pop('b')\nD['b'] = '2'", "ab"),
        "store after clear": ("D = {'a': '1', 'b': '1'}\nD.clear()\nD['a'] = '1'\nD.update(b='2')", "ab"),
    }.items()
}
"""Forms after which all keys are known, and all of them are in the dict."""

REMOVED: Final[dict[str, str]] = {
    "pop": "D = {'a': '1', 'b': '2'}\nD.pop('b')",
    "pop with a default": "D = {'a': '1', 'b': '2'}\nD.pop('b', None)",
    "del": "D = {'a': '1', 'b': '2'}\ndel D['b']",
    "__delitem__": "D = {'a': '1', 'b': '2'}\nD.__delitem__('b')",
    "pop after a store": "D = {'a': '1'}\nD['b'] = '2'\nD.pop('b')",
    "pop after update": "D = {'a': '1'}\nD.update(b='2')\nD.pop('b')",
}
"""Forms after which ``b`` is no longer in the dict, and ``a`` is."""

OPEN: Final[dict[str, str]] = {
    "spread of something unknown": "import other\nD = {'a': '1', **other.load()}",
    "union with something unknown": "import other\nD = {'a': '1'} | other.load()",
    "augmented union with something unknown": "import other\nD = {'a': '1'}\nD |= other.load()",
    "update by something unknown": "import other\nD = {'a': '1'}\nD.update(other.load())",
    "store under an unknown key": "import other\nD = {'a': '1'}\nD[other.key()] = '2'",
    "an unknown key": "import other\nD = {'a': '1', other.key(): '2'}",
    "dict() of something unknown": "import other\nD = dict(other.load(), a='1')",
}
"""Forms after which the dict holds ``a`` and may hold other keys."""
