"""JSON into the tree: values as Python's own reader has them, places, and one clear error for anything amiss."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.artefacts.json_tree import read_json
from training_alignment.artefacts.read_error import MAX_BYTES, ReadError

from tests.artefacts.files import lines, plain

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_values_are_those_of_python(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    read = read_json(text.encode("utf-8", "surrogatepass"), "a.json") if _is_text(text) else None
    if read is not None:
        assert plain(read) == json.loads(text)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_every_key_has_its_place() -> None:
    text = '\ufeff{\r\n\t"a": {"b": 1,\r\n"c": [2, {"d": 3}]},\r\n "e": ""}\r\n'
    assert lines(read_json(text.encode(), "a.json"), "") == {"a": 2, "a.b": 2, "a.c": 3, "e": 4}


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_in_it(text: str) -> None:
    assert read_json(text.encode(), "a.json") is None


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ('{"a": 1,\n "a": 2}', 2, 2, "duplicate key 'a', first on line 1"),
        ('{"a": 1,}', 1, 9, "not JSON: a '}' where none fits"),
        ("[1, 2,\n]", 2, 1, "not JSON: a ']' where none fits"),
        ('{"a" 1}', 1, 6, "not JSON: a colon is missing"),
        ('{"a": 1 "b": 2}', 1, 9, "not JSON: a comma is missing"),
        ("{a: 1}", 1, 2, "not JSON: 'a' where none fits"),
        ("{1: 1}", 1, 2, "not JSON: a key in double quotes is missing"),
        ("[1", 1, 3, "not JSON: the file ends too early"),
        ("[}", 1, 2, "not JSON: a '}' where none fits"),
        ("1 2", 1, 3, "not JSON: something follows the value"),
        (",", 1, 1, "not JSON: a ',' too many"),
        ("[01]", 1, 2, "not JSON: '0' where none fits"),
        ("NaN", 1, 1, "not JSON: 'N' where none fits"),
        ('["\\q"]', 1, 2, "not JSON: a text with a wrong escape"),
        ("[" * 100, 1, 61, "nested more than 60 levels deep"),
        ("9" * 5000, 1, 1, "not JSON: a number of more than 400 digits"),
    ],
)
def test_errors_have_a_place(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_json(text.encode(), "a.json")
    assert (caught.value.line, caught.value.column, caught.value.message) == (line, column, said)


def test_bytes_that_are_no_text_have_a_place() -> None:
    with pytest.raises(ReadError) as caught:
        read_json(b'{"a":\n "\xff"}', "a.json")
    assert (caught.value.line, caught.value.column) == (2, 3)


def test_large_files_are_not_read() -> None:
    with pytest.raises(ReadError, match="bytes"):
        read_json(b" " * (MAX_BYTES + 1), "a.json")


JSONISH = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"a"',
            '"',
            "1",
            "-",
            ".",
            "e",
            "true",
            "nul",
            " ",
            "\n",
            "\\",
            "\x00",
            "é",
        ]
    ),
    max_size=25,
).map("".join)


@given(JSONISH | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_anything_else_is_read_as_python_reads_it_or_refused(text: str) -> None:
    try:
        read = read_json(text.encode(), "a.json")
    except ReadError:
        return
    if read is None:
        assert not text.strip()
    else:
        assert plain(read) == json.loads(text)
