"""YAML into the tree: values as PyYAML's safe loader has them, places, and one clear error for anything amiss."""

from __future__ import annotations

import math
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.artefacts.limits import MAX_DEPTH
from training_alignment.artefacts.read_error import MAX_BYTES, ReadError
from training_alignment.artefacts.tree import Scalar, Table
from training_alignment.artefacts.yaml_tree import read_yaml

from flake8_training.yaml_scalars import MAX_DIGITS
from tests.artefacts.files import lines, plain

DOCUMENT = """\
step_type: Training
contract:
  entry_point: train.py
  inputs: {data: {path: /opt/ml/input/data, required: yes}}
  env_vars:
    required: [A, 'B']
    optional:
      C: '1'
      D: 1
      E:
"""


def test_values_are_those_of_the_safe_loader() -> None:
    assert plain(read_yaml(DOCUMENT.encode(), "a.yaml")) == yaml.safe_load(DOCUMENT)


def test_every_key_and_value_has_its_place() -> None:
    root = read_yaml(DOCUMENT.encode(), "a.yaml")
    assert lines(root, "") == {
        "step_type": 1,
        "contract": 2,
        "contract.entry_point": 3,
        "contract.inputs": 4,
        "contract.inputs.data": 4,
        "contract.inputs.data.path": 4,
        "contract.inputs.data.required": 4,
        "contract.env_vars": 5,
        "contract.env_vars.required": 6,
        "contract.env_vars.optional": 7,
        "contract.env_vars.optional.C": 8,
        "contract.env_vars.optional.D": 9,
        "contract.env_vars.optional.E": 10,
    }
    assert isinstance(root, Table)
    entry = root.entries["step_type"]
    assert entry.value == Scalar("Training", entry.place._replace(column=12))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: true", True),
        ("a: On", True),
        ("a: no", False),
        ("a: 0x1F", 31),
        ("a: 1_000", 1000),
        ("a: 010", 8),
        ("a: 1.5e+3", 1500.0),
        ("a: 1e3", "1e3"),
        ("a: .inf", math.inf),
        ("a: ~", None),
        ("a:", None),
        ("a: null", None),
        ("a: 'null'", "null"),
        ('a: "1"', "1"),
        ("a: ! 1", "1"),
        ("a: !!str 1", "1"),
        ("a: 2020-01-01", "2020-01-01"),
        ("a: |\n  one\n  two\n", "one\ntwo\n"),
        ("a: ==1.7.6", "==1.7.6"),
    ],
)
def test_scalars(text: str, value: object) -> None:
    assert plain(read_yaml(text.encode(), "a.yaml")) == {"a": value}


def test_aliases_stand_for_what_they_name() -> None:
    text = (
        "base: &b {x: 1, y: 2}\nsame: *b\nover:\n  <<: *b\n  y: 3\nlist: &l [1]\nagain: [*l, *l]\n? *k\n: 1\n"
    )
    read = plain(read_yaml(text.replace("? *k\n: 1\n", "").encode(), "a.yaml"))
    assert read == yaml.safe_load(text.replace("? *k\n: 1\n", ""))


def test_merge_keys_take_the_first_of_several() -> None:
    text = "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n  z: 3\n"
    assert plain(read_yaml(text.encode(), "a.yaml")) == yaml.safe_load(text)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "--- # nothing\n...\n"])
def test_nothing_in_it(text: str) -> None:
    read = read_yaml(text.encode(), "a.yaml")
    assert read is None or plain(read) is None


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a', first on line 1"),
        ("a: {b: 1, b: 2}", 1, 11, "duplicate key 'b', first on line 1"),
        ("a: [1,\n", 2, 1, "not YAML"),
        ("a: b: c", 1, 5, "not YAML"),
        ("\ta: 1", 1, 1, "not YAML: a tab where YAML wants spaces"),
        ("a:\n\tb: 1", 2, 1, "not YAML: a tab where YAML wants spaces"),
        ("a: *x", 1, 4, "undefined alias 'x'"),
        ("&a [*a]", 1, 5, "the anchor 'a' contains itself"),
        ("a: &x\n  b: *x\n", 2, 6, "the anchor 'x' contains itself"),
        ("a: !!python/object:os.system x", 1, 4, "unsupported tag tag:yaml.org,2002:python/object:os.system"),
        ("a: !Ref x", 1, 4, "unsupported tag !Ref"),
        ("a: !Sub {x: 1}", 1, 4, "unsupported tag !Sub"),
        ("---\na: 1\n---\nb: 1\n", 3, 1, "more than one document in the file"),
        ("? [a]\n: 1", 1, 3, "a key that is itself a table or a list"),
        ("<<: 3", 1, 1, "a merge key << without a table to merge"),
        ("a: \x07", 1, 4, "not YAML"),
        ("a: !!int x", 1, 4, "'x' is no int"),
    ],
)
def test_errors_have_a_place(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_yaml(text.encode(), "a.yaml")
    assert (caught.value.path, caught.value.line, caught.value.column) == ("a.yaml", line, column)
    assert caught.value.message.startswith(said)
    assert "\n" not in caught.value.message
    assert str(caught.value).startswith(f"a.yaml:{line}:{column}: ")


def test_aliases_that_explode_end_at_once() -> None:
    levels = [b"a0: &a0 [" + b",".join([b"x"] * 9) + b"]"]
    for number in range(1, 12):
        levels.append(b"a%d: &a%d [%s]" % (number, number, b",".join([b"*a%d" % (number - 1)] * 9)))
    start = time.monotonic()
    with pytest.raises(ReadError, match="expand to more than"):
        read_yaml(b"\n".join(levels), "a.yaml")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{a: " * 5_000, b"- " * 5_000, b"[" * (MAX_DEPTH + 1)])
def test_deep_nesting_is_an_error(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_yaml(data, "a.yaml")


def test_large_files_are_not_read() -> None:
    with pytest.raises(ReadError, match="bytes"):
        read_yaml(b"#" * (MAX_BYTES + 1), "a.yaml")


@given(st.binary(max_size=400))
def test_any_bytes_give_a_tree_or_a_read_error(data: bytes) -> None:
    caught = None
    try:
        read_yaml(data, "a.yaml")
    except ReadError as error:
        caught = error
    assert caught is None or min(caught.line, caught.column) >= 1


PIECES = (
    "a",
    "b: ",
    "- ",
    "\n",
    "  ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "&x ",
    "*x",
    "<<: ",
    "!!int ",
    "'",
    '"',
)
MORE_PIECES = ("|", "? ", "1", "~", "é", "---\n", "# c\n", "%")
YAMLISH = st.lists(st.sampled_from((*PIECES, *MORE_PIECES)), max_size=30).map("".join)


@given(YAMLISH)
def test_anything_like_yaml_is_read_as_the_safe_loader_reads_it(text: str) -> None:
    try:
        read = read_yaml(text.encode(), "a.yaml")
    except ReadError:
        return
    # libyaml is a little more lenient than the loader in Python, so the like are compared.
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert _texts(plain(read) if read is not None else None) == _texts(loaded)


def _texts(value: object) -> object:
    """Without keys, which the tree keeps as they are written (``? ~``)."""
    if isinstance(value, dict):
        return [_texts(inner) for inner in value.values()]
    if isinstance(value, list | tuple):
        return [_texts(inner) for inner in value]
    return value


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(max_size=8)
    | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcdef", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=4), PLAIN, max_size=5))
def test_what_yaml_writes_is_read_back(value: dict[str, object]) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert plain(read_yaml(text.encode(), "a.yaml")) == yaml.safe_load(text)


def test_what_merge_keys_take_over_is_counted() -> None:
    """Without a bound each of them copies the whole table."""
    keys = ", ".join(f"k{n}: 1" for n in range(3_000))
    merges = "".join("  <<: *a\n" for _ in range(3_000))
    with pytest.raises(ReadError, match="expand to more than 60,000 values"):
        read_yaml(f"a: &a {{{keys}}}\nb:\n{merges}".encode(), "a.yaml")


@pytest.mark.parametrize("text", ["1" + ":10" * 200, "1" + ":10" * 200 + ".5", "9" * (MAX_DIGITS + 1)])
def test_numbers_of_too_many_digits(text: str) -> None:
    with pytest.raises(ReadError, match="a number of more than 400 digits"):
        read_yaml(f"a: {text}".encode(), "a.yaml")


def test_a_long_fraction_is_a_number_like_another() -> None:
    assert plain(read_yaml(b"a: 0." + b"3" * (MAX_DIGITS + 1), "a.yaml")) == {"a": pytest.approx(1 / 3)}
