"""Records: what they take, how they compare, and that they do not change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.record import Record, replace


class Point(Record):
    x: int
    y: int = 0
    name: str = ""


class Named(Point):
    label: str = "none"


class Other(Record):
    x: int
    y: int = 0
    name: str = ""


class Measured(Record, slots=False, apart=("source",)):
    source: object
    value: int

    @cached_property
    def double(self) -> int:
        return 2 * self.value


class Thing(Record, eq=False):
    value: int


@dataclass(frozen=True)
class Pattern:
    x: int
    y: int = 0
    name: str = ""


@given(st.integers(), st.integers(), st.text(), st.integers(0, 3))
def test_records_are_made_and_compared_like_dataclasses(x: int, y: int, name: str, positional: int) -> None:
    values = {"x": x, "y": y, "name": name}
    passed_, named = list(values.values())[:positional], dict(list(values.items())[positional:])
    record, pattern = Point(*passed_, **named), Pattern(*passed_, **named)  # type: ignore[arg-type]
    assert (record.x, record.y, record.name) == (pattern.x, pattern.y, pattern.name)
    assert repr(record) == repr(pattern).replace("Pattern", "Point")
    assert record == Point(x, y, name)
    assert hash(record) == hash(Point(x, y, name))
    assert (record == Point(x, y)) == (pattern == Pattern(x, y))
    assert replace(record, y=1) == Point(x, 1, name)


def test_records_of_two_classes_are_never_equal() -> None:
    assert Point(1) != Other(1)
    assert Point(1) != Named(1)


def test_fields_come_behind_those_of_the_base() -> None:
    assert repr(Named(1, 2, "a", "b")) == "Named(x=1, y=2, name='a', label='b')"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Point(), "Point needs x"),  # type: ignore[call-arg]
        (lambda: Point(1, z=2), "Point does not take z"),  # type: ignore[call-arg]
        (lambda: Point(1, x=2), "Point does not take x"),  # type: ignore[misc]
        (lambda: Point(1, 2, "", 4), "Point does not take 4 values"),  # type: ignore[call-arg]
        (lambda: replace(Point(1), z=2), "Point does not take z"),
    ],
)
def test_what_no_field_takes_is_refused(make: object, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        make()  # type: ignore[operator]


def test_a_record_does_not_change() -> None:
    with pytest.raises(AttributeError, match="Point does not change: x"):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Point(1).z = 2


def test_fields_that_stand_apart_are_not_compared() -> None:
    assert Measured(object(), 1) == Measured(object(), 1)
    assert Measured(None, 1) != Measured(None, 2)
    assert repr(Measured(None, 1)) == "Measured(value=1)"
    assert Measured(None, 2).double == 4


def test_records_that_compare_by_identity() -> None:
    one = Thing(1)
    assert one == one
    assert one != Thing(1)
    assert len({one, Thing(1), one}) == 2


def test_records_are_matched_by_position() -> None:
    match Point(1, 2):
        case Point(x, 2):
            assert x == 1
        case _:
            pytest.fail("not matched")
