"""Programs that would take minutes, gigabytes or for ever if the work on them had no bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.growth import HEAD, KINDS, TAIL
from flake8_training.engine.syntax import parents
from flake8_training.engine.syntax.program import MAX_MODULES, MAX_SOURCE, Program
from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.budget import MAX_FOLLOWED
from flake8_training.engine.values.values import (
    MAX_LINKS,
    MAX_TEXT,
    Constant,
    Elements,
    LibraryObject,
    Reference,
    StringTemplate,
    elements,
)
from flake8_training.record import Record
from flake8_training.script.hyperparameter_mappings import HyperparameterMappings
from flake8_training.script.hyperparameter_reads import hyperparameter_reads
from flake8_training.script.string_patterns import Lines
from tests.script.reading import argument_of, script
from tests.test_bad_input import parse, plugin_codes

# Without a bound each of these needs hours, or more memory than there is.
ENDLESS = {
    "text doubled by +": 60,
    "variable doubled by +": 60,
    "text doubled by f-string": 60,
    "text doubled by %": 60,
    "text doubled by format": 60,
    "path doubled by join": 60,
    "text grown by replace": 12,
    "lists doubled": 60,
    "function that calls itself, training": 60,
    "function that calls itself, reading": 60,
    "defaults that name options": 24,
    "one long path": 450_000,
}


@pytest.mark.parametrize(("kind", "size"), ENDLESS.items(), ids=ENDLESS)
def test_what_grew_without_a_bound_ends(tmp_path: Path, kind: str, size: int) -> None:
    (tmp_path / "train.py").write_text(KINDS[kind][0](size))
    tree, lines = parse(tmp_path / "train.py")
    assert "TRN001" not in plugin_codes(tree, tmp_path / "train.py", lines)


def test_elements_without_an_order_are_kept_once() -> None:
    twice = (Constant("a"), Constant("b"), Constant("a"))
    assert elements(twice) == Elements(twice[:2], 1)
    assert elements(twice, ordered=True) == Elements(twice, 1, ordered=True)


GROWN = {
    "+": "a{n} = a{p} + a{p}",
    "f-string": "a{n} = f'{{a{p}}}{{a{p}}}'",
    "%": "a{n} = '%s%s' % (a{p}, a{p})",
    "format": "a{n} = '{{}}{{}}'.format(a{p}, a{p})",
    "join": "a{n} = os.path.join(a{p}, a{p})",
    "replace": "a{n} = a{p}.replace('a', 'aa')",
    "/": "a{n} = pathlib.Path(a{p}) / a{p}",
}


@pytest.mark.parametrize("line", GROWN.values(), ids=GROWN)
def test_a_text_has_a_largest_size(line: str) -> None:
    lines = [line.format(n=n, p=n - 1) for n in range(1, 40)]
    read = script("\n".join(["import os", "import pathlib", "a0 = 'ab'", *lines]))
    evaluator = read.analysis.evaluator
    top = read.analysis.program.entry.top
    for n in (3, 39):
        for value in evaluator.bound(top.bindings[f"a{n}"], top, None):
            parts = value.parts if isinstance(value, StringTemplate) else (getattr(value, "value", ""),)
            assert sum(len(part) for part in parts if isinstance(part, str)) <= MAX_TEXT
            assert isinstance(value, StringTemplate | Constant) if n == 3 else not isinstance(value, Constant)


def test_a_name_has_a_largest_number_of_links() -> None:
    lines = [f"v{n} = v{n - 1}.merge(v{n - 1}).fillna(0)" for n in range(1, 80)]
    read = script("\n".join(["import pandas as pd", "v0 = pd.read_csv('x')", *lines]))
    evaluator, top = read.analysis.evaluator, read.analysis.program.entry.top
    for n in range(1, 80):
        for value in evaluator.bound(top.bindings[f"v{n}"], top, None):
            if isinstance(value, Reference | LibraryObject):
                assert value.name.count(".") <= MAX_LINKS + 1


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("d = {'k1': X}", "d['k1'] = d['k3']"),
        ("d = {'k1': X}", "d['k{n}'] = d['k{p}']"),
        ("d = []", "d.append(X)"),
        ("p = X", "if X == '1':\n    p = p + '/1'"),
        ("p = X", "p += '/1'"),
        ("c = argparse.Namespace()", "c.a = c.a + X"),
    ],
)
def test_what_is_followed_grows_with_the_file(head: str, line: str) -> None:
    """Four times as many statements on one variable are four times as many ways, not sixteen."""
    followed = []
    for size in (100, 400):
        lines = "\n".join(line.format(n=n, p=n - 1) for n in range(1, size + 1))
        read = script(f"{HEAD}{head}\n{lines}\ntorch.save(1, {head.partition(' = ')[0]})\n{TAIL}")
        assert read.model_saving.state
        followed.append(read.analysis.evaluator.budget.followed)
    assert followed[1] <= 5 * followed[0]


def test_modules_that_bring_each_other_s_names_end(tmp_path: Path) -> None:
    source = "import os\nfrom mod import y\ny(os.environ['SM_CHANNEL_TRAIN'])\nuse('a')"
    read = script(source, tmp_path, mod="from other import *", other="from mod import y")
    assert argument_of(read, "use") == ("a",)
    (tmp_path / "train.py").write_text(source)
    tree, lines = parse(tmp_path / "train.py")
    assert "TRN001" not in plugin_codes(tree, tmp_path / "train.py", lines)


def test_a_line_that_is_printed_by_many_returns_is_described_once() -> None:
    functions = "def f0():\n    return 'a'\n" + "".join(
        f"def f{n}():\n" + f"    return f{n - 1}()\n" * 12 for n in range(1, 10)
    )
    read = script(f"{functions}print(f9())")
    (site,) = read.analysis.program.entry.calls_by_name["print"]
    assert Lines(read.analysis).pattern(site.node.args[0], site.scope)
    assert read.analysis.evaluator.budget.followed < 10_000


def test_each_request_for_the_same_values_counts() -> None:
    read = script("import os\nplace = os.environ['SM_MODEL_DIR']\nprint(place)\n")
    evaluator, module = read.analysis.evaluator, read.analysis.program.entry
    node = module.calls_by_name["print"][0].node.args[0]
    first = evaluator.values(node, module.top)
    before = evaluator.budget.asked
    assert [evaluator.values(node, module.top) for _ in range(3)] == [first] * 3
    assert evaluator.budget.asked == before + 3


def test_a_spent_budget_is_unknown_everywhere() -> None:
    read = script("import os\nimport xgboost\nmodel = xgboost.train({}, os.environ['SM_CHANNEL_TRAIN'])")
    read.analysis.evaluator.budget.followed = MAX_FOLLOWED + 1
    assert read.analysis.evaluator.is_exhausted
    assert read.model_saving.state == "cannot tell"


class Counted:
    """A value that counts how often its hash is asked for."""

    asked = 0

    def __hash__(self) -> int:
        type(self).asked += 1
        return 7


class Pair(Record):
    """Two things."""

    one: object
    other: object


def test_the_hash_of_a_record_is_computed_once() -> None:
    value: object = Counted()
    for _ in range(60):
        value = Pair(value, value)
    assert hash(value) == hash(value)
    assert Counted.asked == 2


def test_the_imports_of_one_module_are_too_many(tmp_path: Path) -> None:
    names = [f"part{n}" for n in range(MAX_MODULES + 20)]
    parts = dict.fromkeys(names, "x = 1\n")
    program = script("\n".join(f"import {name}" for name in names), tmp_path, **parts).program
    assert [*program.modules] == ["", *names[: MAX_MODULES - 1]]
    assert [*program.unreadable] == names[MAX_MODULES - 1 :]


def test_local_modules_are_read_up_to_a_size(tmp_path: Path) -> None:
    size = MAX_SOURCE // 4
    names = [f"part{n}" for n in range(6)]
    parts = dict.fromkeys(names, "x = 1\n" + "#" * size)
    program = script("\n".join(f"import {name}" for name in names), tmp_path, **parts).program
    assert [*program.modules] == ["", *names[:4]]
    assert [*program.unreadable] == names[4:]


def test_what_stands_around_a_node_is_found_once_for_each_module_of_a_script() -> None:
    trees = [ast.parse("f(1)") for _ in range(MAX_MODULES)]
    parents._parents.cache_clear()
    for _ in range(2):
        assert all(parents.stands_in(tree, tree.body[0]) for tree in trees)
    assert parents._parents.cache_info().misses == MAX_MODULES


@pytest.mark.parametrize("count", [2, 20])
def test_the_calls_that_hand_functions_on_are_looked_for_once(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    lines = [f"def f{n}(rank, a):\n    show(a)\nspawn(f{n}, args=('{n}',))\n" for n in range(count)]
    one = script("".join(lines))
    asked: list[tuple[str, ...]] = []
    all_calls = Program.all_calls

    def counted(program: Program, *names: str) -> Iterator[CallSite]:
        asked.append(names)
        return all_calls(program, *names)

    monkeypatch.setattr(Program, "all_calls", counted)
    assert {*argument_of(one, "show")} > {str(n) for n in range(count)}
    assert asked.count(()) == 2


def test_chains_of_copies_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[object] = []
    original = HyperparameterMappings._is_loaded_or_copied

    def count(self: HyperparameterMappings, value: LibraryObject, depth: int) -> bool:
        judged.append(value)
        return original(self, value, depth)

    monkeypatch.setattr(HyperparameterMappings, "_is_loaded_or_copied", count)
    links = "".join(
        f"    rows = rows.copy()\n    if x > {n}:\n        rows = rows.copy()\n" for n in range(12)
    )
    source = (
        f"import json, os\nHPS = json.loads(os.environ['SM_HPS'])\n"
        f"def f(rows, x):\n{links}    return rows['a']\nf(open('x').copy(), 3)\n"
    )
    hyperparameter_reads(script(source).analysis)
    assert len(judged) > 5
    assert len(judged) == len(set(judged))
