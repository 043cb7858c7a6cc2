"""Texts made safe to print."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.printable import MAX_LENGTH, escaped, printable
from tests.hostile.texts import commands, texts

# How pylsp cuts a line of flake8's output: greedily, so a place in the message would win.
EDITOR = re.compile(r"(.*):(\d*):(\d*): (\w*) (.*)")


@given(texts)
def test_it_is_one_line_that_editors_cut_in_the_right_place(text: str) -> None:
    line = printable(text)
    assert len(line.splitlines()) <= 1
    match = EDITOR.fullmatch(f"train.py:3:4: TRN101 x {line}")
    assert match
    assert match.groups()[:4] == ("train.py", "3", "4", "TRN101")


@given(texts)
def test_it_holds_nothing_that_is_not_seen_and_no_command(text: str) -> None:
    line = printable(text)
    line.encode("utf-8")
    assert {unicodedata.category(c) for c in line}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert {unicodedata.bidirectional(c) for c in line}.isdisjoint(
        "LRE RLE LRO RLO PDF LRI RLI FSI PDI".split()
    )
    assert commands(line) == []


@given(texts, st.integers(20, 60))
def test_what_is_safe_stays_as_it_is(text: str, limit: int) -> None:
    line = printable(text, limit)
    assert len(line) <= limit
    assert printable(line, limit) == line
    assert printable(line) == line


@given(texts)
def test_escapes_say_which_characters_there_were(text: str) -> None:
    codes = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([nrt]))")
    plain = text.replace("\\", "/")

    def character(match: re.Match[str]) -> str:
        code, letter = match[1] or match[2] or match[3], match[4]
        return {"n": "\n", "r": "\r", "t": "\t"}[letter] if letter else chr(int(code, 16))

    assert codes.sub(character, escaped(plain)) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("did you mean SM_MODEL_DIR?", "did you mean SM_MODEL_DIR?"),
        ("s3://bucket/key, contract.py line 3: x", "s3://bucket/key, contract.py line 3: x"),
        ("daten/gr\xf6\xdfe \u65e5\u672c\xa0\U0001f600", "daten/gr\xf6\xdfe \u65e5\u672c\xa0\U0001f600"),
        ("a\n  b:\tc\r", "a\\n  b:\\tc\\r"),
        ("arn:aws:s3:::bucket at x.py:1:2: E1", "arn:aws:s3: : :bucket at x.py: 1: 2: E1"),
        (
            "\x1b[31m\x9b\x7f\u2028\u202e\ud800\U000e0041",
            "\\x1b[31m\\x9b\\x7f\\u2028\\u202e\\ud800\\U000e0041",
        ),
        ("##[error]a ##vso[task]b ## c #[d]", "# #[error]a # #vso[task]b ## c #[d]"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_of_a_long_text_the_beginning_and_the_end_are_shown() -> None:
    line = printable(f"begin {'x' * 5_000} end")
    assert len(line) == MAX_LENGTH
    assert line.startswith("begin xxx")
    assert "x...x" in line
    assert line.endswith("xxx end")
    assert len(printable("\ud800" * 5_000)) == MAX_LENGTH
