"""The project's named tuples behave as those of ``typing``, and no other is imported."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from flake8_training.named_tuple import NamedTuple

T = TypeVar("T")
ROOT = Path(__file__).parents[1]


class Place(NamedTuple):
    path: str
    line: int = 1
    names: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.path}:{self.line}"


class Held(NamedTuple, Generic[T]):
    value: T
    place: Place


class TypingPlace(typing.NamedTuple):
    path: str
    line: int = 1
    names: tuple[str, ...] = ()


PLACE: Any = Place
TYPING: Any = TypingPlace
PASSED: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a",), {}),
    (("a", 2), {}),
    (("a", 2, ("b",)), {}),
    ((), {"path": "a"}),
    ((), {"names": ("c",), "path": "a"}),
    (("a",), {"line": 3}),
]
WRONG: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((), {"line": 3}),
    (("a", 2, (), 4), {}),
    (("a",), {"path": "b"}),
    (("a",), {"other": "b"}),
    (("a", 2, ()), {"line": 3}),
]


@pytest.mark.parametrize(("values", "named"), PASSED)
def test_it_holds_what_a_named_tuple_of_typing_holds(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, other = PLACE(*values, **named), TYPING(*values, **named)
    assert ours == other == tuple(ours)
    assert hash(ours) == hash(other)
    assert repr(ours) == repr(other).replace("TypingPlace", "Place")
    assert ours._asdict() == other._asdict()
    assert (ours.path, ours.line, ours.names) == ours
    assert ours.shown == f"{ours.path}:{ours.line}"
    assert ours._replace(line=7) == other._replace(line=7) == Place("a", 7, ours.names)
    for again in (pickle.loads(pickle.dumps(ours)), copy.copy(ours), copy.deepcopy(ours)):
        assert (type(again), again) == (Place, ours)


@pytest.mark.parametrize(("values", "named"), WRONG)
def test_wrong_arguments_are_refused(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    for kind in (PLACE, TYPING):
        with pytest.raises(TypeError):
            kind(*values, **named)


def test_no_field_changes_and_no_other_is_added() -> None:
    place: Any = Place("a")
    for name in ("line", "other"):
        with pytest.raises(AttributeError):
            setattr(place, name, 2)
    with pytest.raises(ValueError, match="other"):
        place._replace(**{"other": 2})
    assert not hasattr(place, "__dict__")
    assert Place._fields == TypingPlace._fields == Place.__match_args__
    kind: Any = type(Place)
    with pytest.raises(TypeError, match="adds fields"):
        kind("More", (Place,), {"__annotations__": {"more": "int"}})
    with pytest.raises(TypeError, match="without a default"):
        kind("More", (NamedTuple,), {"__annotations__": {"one": "int", "two": "int"}, "one": 1})


def test_one_may_be_generic_and_matched() -> None:
    held = Held[str]("a", Place("b"))
    match held:
        case Held(value, Place(path, line)):
            assert (value, path, line) == ("a", "b", 1)
        case _:
            pytest.fail("no match")


def test_no_check_compiles_a_named_tuple_of_its_own(tmp_path: Path) -> None:
    """An import of a class of ``typing.NamedTuple`` calls ``collections.namedtuple``, which compiles code."""
    program = (
        "import collections, sys; made = []; namedtuple = collections.namedtuple\n"
        "import argparse, ast, dataclasses, functools, inspect, tokenize, typing, urllib.parse\n"
        "collections.namedtuple = lambda *a, **b: made.append(a[0]) or namedtuple(*a, **b)\n"
        f"sys.path[:0] = {[str(ROOT), str(ROOT / 'hooks')]!r}\n"
        "from flake8_training.rules.registry import rules\n"
        "import training_alignment.checking.run, training_alignment.checking.launcher_findings\n"
        "rules('training_alignment.rules'); print(*made)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == []
