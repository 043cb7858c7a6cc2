"""Whether an expression can find anything in a line, against Python's own ``re``."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_alignment.artefacts.limits import Budget
from training_alignment.comparisons.launch.metric_patterns import TooLargeError, common_text, may_find

NUMBER = "[-+0-9.eE]+"

LITERALS = st.text("ab1 :=.", min_size=1, max_size=4).map(re.escape)
CLASSES = st.sampled_from(["[0-9]", "[^a]", r"\d", r"\s", r"\w", r"\S", ".", "[a-b:]"])
EXPRESSIONS = st.recursive(
    LITERALS | CLASSES,
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map("(?:{0[0]}|{0[1]})".format)
        | st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,3}"])).map(
            "(?:{0[0]}){0[1]}".format
        )
        | inner.map("({})".format)
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(EXPRESSIONS, EXPRESSIONS)
def test_a_text_that_is_found_suits_both(expression: str, line: str) -> None:
    found = common_text(expression, line)
    if found is not None and found.isascii():
        assert re.search(expression, found), found
        assert re.fullmatch(line, found), found


@settings(max_examples=100)
@given(st.data())
def test_what_matches_is_never_denied(data: st.DataObject) -> None:
    line = data.draw(EXPRESSIONS)
    text = data.draw(st.from_regex(line, fullmatch=True, alphabet=st.characters(max_codepoint=255)))
    expression = data.draw(EXPRESSIONS)
    if re.search(expression, text):
        assert common_text(expression, line) is not None
        assert may_find(expression, text)


@settings(max_examples=100)
@given(EXPRESSIONS, st.text("ab1 :=.", max_size=8))
def test_one_line_is_searched_as_re_does(expression: str, text: str) -> None:
    assert may_find(expression, text) == bool(re.search(expression, text))


@settings(max_examples=100)
@given(
    st.lists(st.text("ab:= ", max_size=5), min_size=1, max_size=4), st.text("ab:= ", min_size=1, max_size=5)
)
def test_a_label_is_found_exactly_in_the_literal_parts(parts: list[str], label: str) -> None:
    line = NUMBER.join(re.escape(part) for part in parts)
    expected = any(label in part for part in parts)
    assert (common_text(re.escape(label), line) is not None) == expected


@pytest.mark.parametrize(
    ("expression", "line", "matches"),
    [
        ("validation_loss: ([0-9.]+)", f"Validation loss: {NUMBER}", False),
        ("(?i)validation loss: ([0-9.]+)", f"Validation loss: {NUMBER}", True),
        ("loss: ([0-9.]+)", f"Epoch {NUMBER}, loss: {NUMBER}", True),
        ("loss: ([0-9.]+)", f"Epoch {NUMBER}, loss:{NUMBER}", False),
        ("loss:([0-9.]+)", f"loss: {NUMBER}", False),
        (r"loss:\s*([0-9.]+)", f"loss: {NUMBER}", True),
        ("loss = (.*?);", f"loss = {NUMBER}", False),
        ("loss = (.*?);", f"loss = {NUMBER}; acc = {NUMBER}", True),
        ("^loss ([0-9.]+)$", f"loss {NUMBER}", True),
        (r"(?<=loss )([0-9.]+)", f"lost {NUMBER}", True),
        (r"a{3}", "a{0,2}", False),
        (r"a{3}", "a{0,3}", True),
    ],
)
def test_metrics(expression: str, line: str, matches: bool) -> None:
    assert (common_text(expression, line) is not None) == matches


def test_an_expression_that_is_too_large_is_not_judged() -> None:
    with pytest.raises(TooLargeError):
        common_text("((((a{30}){30}){30}){30})", "a*")


def test_what_is_no_expression() -> None:
    with pytest.raises(re.error):
        common_text("loss: (", "a")


def test_pairs_of_states_are_bounded() -> None:
    expression = "".join(f"(?:a{n}|.)*" for n in range(80)) + "x"
    line = "".join(f"(?:b{n}|[a-w])*" for n in range(80))
    with pytest.raises(TooLargeError):
        common_text(expression, line)
    budget = Budget(1_000)
    with pytest.raises(TooLargeError):
        may_find(expression, "abc" * 1_000, budget)
    assert budget.exhausted


def test_groups_without_states_that_are_repeated_are_bounded() -> None:
    """40 times 40 times 40 ... nothing: it takes no state, and would take for ever."""
    with pytest.raises(TooLargeError):
        common_text("(" * 12 + "){40}" * 12 + "x", "x")
