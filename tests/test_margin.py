"""What a failing example prints."""

from __future__ import annotations

import re

import pytest

from tests.margin import assert_places
from tests.rules.marked import assert_marked, rule_of

SAMPLE = "import os\n\n" + "\n".join(f"value_{number} = {number}" for number in range(3, 21)) + "\n"
SHOWN = """\

a.py
    1 | import os      <- missing TRN104
    2 |
    3 | value_3 = 3
    4 | value_4 = 4
     ...
    9 | value_9 = 9
   10 | value_10 = 10
   11 | value_11 = 11
   12 | value_12 = 12  <- unexpected TRN112: not a channel  <- unexpected TRN113 2 times
   13 | value_13 = 13
   14 | value_14 = 14
   15 | value_15 = 15
b.py
    7 |   <- missing TRN101"""


def test_a_difference_stands_in_the_margin_of_the_sample() -> None:
    found = [("a.py", 12, "TRN112"), ("a.py", 12, "TRN113"), ("a.py", 12, "TRN113"), ("a.py", 2, "TRN1")]
    expected = [("a.py", 1, "TRN104"), ("b.py", 7, "TRN101"), ("a.py", 2, "TRN1")]
    with pytest.raises(AssertionError) as raised:
        assert_places(found, expected, {"a.py": SAMPLE}, {("a.py", 12, "TRN112"): "not a channel"})
    assert str(raised.value) == SHOWN


def test_what_is_found_twice_and_expected_once_is_a_difference() -> None:
    place = ("a.py", 1, "TRN104")
    assert_places([place, place], [place, place], {})
    for found, expected, word in (
        ([place, place], [place], "unexpected"),
        ([place], [place, place], "missing"),
    ):
        with pytest.raises(AssertionError, match=f"<- {word} TRN104"):
            assert_places(found, expected, {"a.py": SAMPLE})


@pytest.mark.parametrize(
    ("mark", "other", "word"), [("# TRN112", "", "unexpected"), ("", "# TRN112", "missing")]
)
def test_a_rule_on_a_marked_sample(mark: str, other: str, word: str) -> None:
    (text,) = rule_of("TRN112").bad.files.values()
    sample = f"import sys  {other}\n" + (text.replace(mark, "") if mark else text)
    with pytest.raises(AssertionError) as raised:
        assert_marked("TRN112", sample)
    noted = [line for line in str(raised.value).splitlines() if "<-" in line]
    message = f": {rule_of('TRN112').summary}" if mark else "$"
    assert all(re.search(rf"^ *\d+ \| .+ <- {word} TRN112{message}", line) for line in noted), noted
    assert len(noted) == (text.count(mark) if mark else 1)
