"""Python expressions into the tree: literals, names, other modules, computed text, later statements."""

from __future__ import annotations

import pytest
from training_alignment.artefacts.later_changes import MAX_CHANGES
from training_alignment.artefacts.limits import MAX_VALUES
from training_alignment.artefacts.python_expressions import PythonTree
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Call, Listing, Name, Scalar, Table

from tests.artefacts.files import MadeUp, lines, plain, value_of
from tests.dict_forms import CLOSED, OPEN, REMOVED


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


@pytest.mark.parametrize("form", CLOSED)
def test_tables_know_every_form_of_a_dict(form: str) -> None:
    program, keys = CLOSED[form]
    found = plain(value_of(program, "D"))
    assert found == {key: {"a": "1", "b": "2", "c": "1"}[key] for key in keys}


@pytest.mark.parametrize("form", REMOVED)
def test_a_key_that_is_taken_out_is_not_in_a_table(form: str) -> None:
    assert plain(value_of(REMOVED[form], "D")) == {"a": "1"}


@pytest.mark.parametrize("form", OPEN)
def test_what_is_unknown_opens_a_table(form: str) -> None:
    found = value_of(OPEN[form], "D")
    assert isinstance(found, Table)
    assert "a" in found
    assert not found.closed


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("VALUE.setdefault('c', 3)", {"a": 1, "...": "...", "c": "?"}),
        ("VALUE.setdefault('a', 3)", {"a": 1, "...": "..."}),
        ("VALUE.clear()", {}),
        ("VALUE.popitem()", {"a": 1, "...": "..."}),
    ],
)
def test_changes_of_an_open_table(statement: str, value: object) -> None:
    assert plain(value_of(f"VALUE = {{'a': 1, **other()}}\n{statement}")) == value


def test_a_store_keeps_the_place_where_its_key_is_first_written() -> None:
    found = value_of("VALUE = {\n  'a': 1,\n}\nVALUE['a'] = 2\nVALUE.update(b=1)\nVALUE.update(b=2)\n")
    assert lines(found, "") == {"a": 2, "b": 6}


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


def sharing(names: int, uses: int) -> str:
    """Tables that hold the one before them several times: what the last expands to is ``uses ** names``."""
    tables = ["A0 = {'k': 1}"]
    for number in range(1, names + 1):
        entries = ", ".join(f"'k{n}': A{number - 1}" for n in range(uses))
        tables.append(f"A{number} = {{{entries}}}")
    return "\n".join([*tables, f"VALUE = {{'first': 1, 'inputs': A{names}}}\n"])


@pytest.mark.parametrize(
    "text",
    [
        sharing(11, 8),
        "VALUE = {'first': 1, 'inputs': {}}\n" + "VALUE.update(VALUE)\n" * 40,
        "VALUE = {'first': 1, 'inputs': [" + "VALUE, " * 40 + "]}\n",
        "A = [" + "B, " * 40 + "]\nB = [" + "A, " * 40 + "]\nVALUE = {'first': 1, 'inputs': A}\n",
        sharing(3, 8).replace("VALUE", "LAST")
        + "VALUE = {'first': 1, 'inputs': ["
        + "[" * 50
        + "LAST"
        + "]" * 50
        + "]}\n",
    ],
)
def test_what_values_expand_to_is_bounded(text: str) -> None:
    """Tables that share parts, and tables that hold themselves: without a bound these take longer than anybody has."""
    files = MadeUp({"made/up.py": text})
    source = files.source("made/up.py")
    found = PythonTree(source, files).assigned("VALUE", source.assigned["VALUE"][0].value)
    assert isinstance(found, Table)
    assert found.entries["first"].value == Scalar(1, found.entries["first"].value.place)
    assert count(found) <= MAX_VALUES


def test_past_the_bound_values_are_unknown_and_the_file_says_so() -> None:
    entries = "'entry_point': 'train.py', 'inputs': A9, 'outputs': {'model': '/opt/ml/model'}"
    text = sharing(9, 8) + f"X_CONTRACT = {{{entries}}}\n"
    reading = MadeUp({"x_contract.py": text}).reading("x_contract.py")
    assert reading.exhausted
    (contract,) = reading.contracts
    assert contract.entry_point is not None
    assert contract.entry_point.value == "train.py"
    assert not MadeUp({"x_contract.py": sharing(3, 8)}).reading("x_contract.py").exhausted


def test_a_name_that_is_followed_within_itself_leaves_a_table_open() -> None:
    assert plain(value_of("VALUE = {'a': 1}\nVALUE.update(VALUE)")) == {"a": 1, "...": "..."}
    assert plain(value_of("VALUE = {'a': 1}\nOTHER = {**VALUE}\nVALUE.update(OTHER)")) == {
        "a": 1,
        "...": "...",
    }


def test_tables_across_files_count_for_the_file_that_takes_them_over() -> None:
    shared = sharing(3, 8).replace("VALUE", "SHARED")
    other = "from .shared import A3\n" + "VALUE = {'first': 1, 'all': [" + "A3, " * 100 + "]}\n"
    found = value_of(other, shared=shared)
    assert isinstance(found, Table)
    assert count(found) <= MAX_VALUES


def test_names_that_nest_a_table_deeper_and_deeper() -> None:
    """Each name on its own is within Python's limits; all of them one inside the other are not."""
    deep = "\n".join(f"A{n + 1} = {'[' * 90}A{n}{']' * 90}" for n in range(10))
    assert isinstance(value_of(f"A0 = 1\n{deep}\nVALUE = {{'a': A10}}"), Table)


def test_a_long_sum_is_read_once_from_left_to_right() -> None:
    parts = " + ".join(["['a']"] * 300)
    assert plain(value_of(f"VALUE = {parts}")) == ["a"] * 300
    text = " + ".join(["'a'"] * 300)
    found = MadeUp({"made/up.py": f"VALUE = {text}"}).source("made/up.py")
    PythonTree(found, MadeUp({})).node(found.assigned["VALUE"][0].value)
    assert found.budget.left > MAX_VALUES // 4


def test_statements_that_change_a_table_are_bounded() -> None:
    stores = [f"VALUE['k{n}'] = {n}" for n in range(MAX_CHANGES + 1)]
    known = value_of("VALUE = {}\n" + "\n".join(stores[:200]))
    assert isinstance(known, Table)
    assert (len(known), known.closed) == (200, True)
    assert plain(value_of("VALUE = {}\n" + "\n".join(stores))) == "?"


def count(node: object) -> int:
    """The values in a tree, as often as it holds them."""
    inner: list[object] = []
    if isinstance(node, Table):
        inner = [entry.value for entry in node]
    elif isinstance(node, Listing):
        inner = list(node)
    return 1 + sum(map(count, inner))
