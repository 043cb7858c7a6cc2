"""Python expressions into the tree: literals, names, other modules, computed text, later statements."""

from __future__ import annotations

import pytest
from training_alignment.artefacts.errors import ReadError
from training_alignment.artefacts.tree import Call, Name, Scalar, Table

from tests.artefacts.files import lines, plain, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "VALUE = {'a': 1, 'b': [True, None, 'x' 'y', -1.5], 'c': ('d',)}",
            {"a": 1, "b": [True, None, "xy", -1.5], "c": ["d"]},
        ),
        ("VALUE = {}", {}),
        ("VALUE: dict[str, int] = {'a': 1}", {"a": 1}),
        ("VALUE = dict(a=1, b={'c': 2})", {"a": 1, "b": {"c": 2}}),
        ("VALUE = dict({'a': 1}, b=2)", {"a": 1, "b": 2}),
        ("VALUE = {1: 'a', True: 'b'}", {"1": "a", "True": "b"}),
        ("A = {'a': 1, 'b': 1}\nVALUE = {**A, 'b': 2}", {"a": 1, "b": 2}),
        ("A = {'a': 1}\nVALUE = {'a': 0, **A}", {"a": 1}),
        ("A = {'a': 1}\nVALUE = A | {'b': 2}", {"a": 1, "b": 2}),
        ("VALUE = {'a': 1, **other()}", {"a": 1, "...": "..."}),
        ("VALUE = {'a': 1, key(): 2}", {"a": 1, "...": "..."}),
        ("KEY = 'k'\nVALUE = {KEY: 1}", {"k": 1}),
        ("A = ['a']\nVALUE = [*A, 'b']", ["a", "b"]),
        ("A = ['a']\nVALUE = A + ['b']", ["a", "b"]),
        ("VALUE = ['a', *others()]", ["a", "..."]),
        ("VALUE = ['a'] + others()", ["a", "..."]),
        ("VALUE = list(('a', 'b'))", ["a", "b"]),
        ("ROOT = '/opt/ml'\nVALUE = [f'{ROOT}/model']", ["/opt/ml/model"]),
        ("import os\nROOT = '/opt/ml'\nVALUE = [os.path.join(ROOT, 'model')]", ["/opt/ml/model"]),
        ("ROOT = '/opt/ml'\nVALUE = [ROOT + '/model']", ["/opt/ml/model"]),
        ("import os\nVALUE = [os.environ.get('A', 'x')]", ["?"]),
        ("import os\nVALUE = [f\"{os.environ['A']}/x\"]", ["?"]),
        ("VALUE = ['a' if now() else 'b']", ["?"]),
        ("if a():\n    X = 'a'\nelse:\n    X = 'b'\nVALUE = [X]", ["?"]),
        ("X = 'a'\nX = 'b'\nVALUE = [X]", ["?"]),
        ("VALUE = [undefined]", ["?"]),
        ("A = B\nB = A\nVALUE = [A]", ["?"]),
        ("VALUE = {n: 1 for n in 'ab'}", "?"),
        ("import copy\nA = {'a': 1}\nVALUE = copy.deepcopy(A)", {"a": 1}),
        ("class P:\n    MODEL = '/opt/ml/model'\nVALUE = [P.MODEL]", ["/opt/ml/model"]),
        ("VALUE = [__file__]", ["?"]),
    ],
)
def test_values(text: str, value: object) -> None:
    assert plain(value_of(text)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("from .paths import ROOT\nVALUE = [ROOT]", ["/opt/ml"]),
        ("from made.paths import ROOT as R\nVALUE = [f'{R}/model']", ["/opt/ml/model"]),
        ("from made import paths\nVALUE = [paths.ROOT]", ["/opt/ml"]),
        ("from .paths import INPUTS\nVALUE = {**INPUTS, 'b': 1}", {"a": "/opt/ml/a", "b": 1}),
        ("from .passing import ROOT\nVALUE = [ROOT]", ["/opt/ml"]),
        ("from .missing import ROOT\nVALUE = [ROOT]", ["?"]),
        ("from .broken import ROOT\nVALUE = [ROOT]", ["?"]),
        ("from .paths import MISSING\nVALUE = [MISSING]", ["?"]),
    ],
)
def test_names_are_followed_into_other_modules(text: str, value: object) -> None:
    paths = "ROOT = '/opt/ml'\nINPUTS = {'a': f'{ROOT}/a'}\n"
    found = value_of(text, paths=paths, passing="from .paths import ROOT\n", broken="ROOT = (\n")
    assert plain(found) == value


@pytest.mark.parametrize(
    ("statements", "value"),
    [
        ("VALUE['c'] = 3", {"a": 1, "b": {"x": 1}, "l": ["i"], "c": 3}),
        ("VALUE['b']['y'] = 2", {"a": 1, "b": {"x": 1, "y": 2}, "l": ["i"]}),
        ("VALUE['a'] = 2", {"a": 2, "b": {"x": 1}, "l": ["i"]}),
        ("VALUE.update({'c': 3}, d=4)", {"a": 1, "b": {"x": 1}, "l": ["i"], "c": 3, "d": 4}),
        ("VALUE['b'].update(y=2)", {"a": 1, "b": {"x": 1, "y": 2}, "l": ["i"]}),
        ("VALUE |= {'c': 3}", {"a": 1, "b": {"x": 1}, "l": ["i"], "c": 3}),
        ("VALUE['l'].append('j')", {"a": 1, "b": {"x": 1}, "l": ["i", "j"]}),
        ("VALUE['l'] += ['j']", {"a": 1, "b": {"x": 1}, "l": ["i", "j"]}),
        ("VALUE['l'].extend(['j', 'k'])", {"a": 1, "b": {"x": 1}, "l": ["i", "j", "k"]}),
        ("del VALUE['b']['x']", {"a": 1, "b": {}, "l": ["i"]}),
        ("VALUE.pop('a')", {"b": {"x": 1}, "l": ["i"]}),
        ("VALUE['b'].update(other())", {"a": 1, "b": {"x": 1, "...": "..."}, "l": ["i"]}),
        ("for n in range(3):\n    VALUE[str(n)] = n", {"a": 1, "b": {"x": 1}, "l": ["i"], "...": "..."}),
        ("def f():\n    VALUE['z'] = 1", {"a": 1, "b": {"x": 1}, "l": ["i"], "...": "..."}),
        ("if a():\n    VALUE.update(z=1)", {"a": 1, "b": {"x": 1}, "l": ["i"], "...": "..."}),
        ("VALUE[key()] = 1", {"a": 1, "b": {"x": 1}, "l": ["i"], "...": "..."}),
        ("print(VALUE['a'])", {"a": 1, "b": {"x": 1}, "l": ["i"]}),
        ("OTHER = VALUE", {"a": 1, "b": {"x": 1}, "l": ["i"]}),
    ],
)
def test_later_statements_change_a_table(statements: str, value: object) -> None:
    assert plain(value_of("VALUE = {'a': 1, 'b': {'x': 1}, 'l': ['i']}\n" + statements)) == value


def test_places_are_where_things_are_written() -> None:
    text = "A = {\n  'x': 1,\n}\nNAME = 'n'\nVALUE = {\n  **A,\n  'y': NAME,\n  'é': 'b', 'z': 1,\n}\nVALUE['w'] = 2\n"
    found = value_of(text)
    assert lines(found, "") == {"x": 2, "y": 7, "é": 8, "z": 8, "w": 10}
    assert isinstance(found, Table)
    y = found.entries["y"].value
    assert isinstance(y, Scalar)
    assert (y.value, y.place.line, y.place.column) == ("n", 7, 8)
    assert found.entries["z"].place.column == 13


def test_a_duplicate_key_is_an_error_at_the_second() -> None:
    with pytest.raises(ReadError) as caught:
        value_of("VALUE = {\n  'a': 1,\n  'b': {'c': 1,\n        'c': 2},\n}")
    assert (caught.value.line, caught.value.column) == (4, 9)
    assert caught.value.message == "duplicate key 'c', first on line 3"


def test_calls_keep_their_arguments() -> None:
    call_of = "D('n', kind=Kind.A, dependency_type=Kind.B, **MORE)"
    found = value_of(f"from x import Dep as D, Kind\nMORE = {{'b': 2}}\nVALUE = [{call_of}]\n")
    call = next(iter(found)) if not isinstance(found, Scalar | Call) else None
    assert isinstance(call, Call)
    assert (call.name, call.last_name) == ("x.Dep", "Dep")
    assert plain(call.positional) == ["n"]
    kind = call.arguments.get("dependency_type")
    assert isinstance(kind, Scalar)
    assert kind.value == Name("x.Kind.B")
    assert call.arguments.closed
    assert call.arguments.get("b") is not None


def test_a_call_with_an_unknown_spread_is_open() -> None:
    found = value_of("VALUE = [D(a=1, **more())]\n")
    call = next(iter(found)) if not isinstance(found, Scalar | Call) else None
    assert isinstance(call, Call)
    assert not call.arguments.closed
    assert not call.arguments.lacks("b")
    assert not call.arguments.lacks("a")
