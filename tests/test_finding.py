"""Findings: order, one-line messages, columns."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from flake8_training.finding import Finding, Related, Severity, character_column, one_line

# How pylsp cuts a line of flake8's output: greedily, so a place in the message would win.
EDITOR = re.compile(r"(.*):(\d*):(\d*): (\w*) (.*)")


def finding(
    path: str = "train.py", line: int = 1, column: int = 1, code: str = "TRN101", text: str = "x"
) -> Finding:
    """Return a finding; only what matters for a test is given."""
    return Finding(code, Severity.ERROR, 1, "", path, line, column, text)


def test_findings_sort_by_place_then_code() -> None:
    ordered = [
        finding("a.py", 2, 1, "TRN104"),
        finding("b.py", 1, 9, "TRN105"),
        finding("b.py", 2, 1, "TRN105"),
        finding("b.py", 2, 3, "TRN101"),
        finding("b.py", 2, 3, "TRN102", "a"),
        finding("b.py", 2, 3, "TRN102", "b"),
        finding("b.py", 10, 1, "TRN101"),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards) == ordered
    assert len(set(ordered) | {finding("a.py", 2, 1, "TRN104")}) == len(ordered)


def test_finding_carries_the_other_side() -> None:
    related = Related("contract.py", 12, "declares 'model_path'")
    assert Finding("TRN150", Severity.ERROR, 1, "", "a.py", 1, 1, "x", (related,)).related == (related,)
    assert f"{Severity.WARNING}" == "warning"


@given(st.text())
def test_a_message_is_one_line_that_editors_cut_in_the_right_place(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "::" not in line
    match = EDITOR.fullmatch(f"train.py:3:4: TRN101 x {line}")
    assert match
    assert match.groups()[:4] == ("train.py", "3", "4", "TRN101")


def test_one_line_keeps_what_is_harmless() -> None:
    assert one_line("did you mean SM_MODEL_DIR?") == "did you mean SM_MODEL_DIR?"
    assert one_line("s3://bucket/key, contract.py line 3: x") == "s3://bucket/key, contract.py line 3: x"
    assert one_line("a\n  b:\tc") == "a b: c"
    assert one_line("arn:aws:s3:::bucket at x.py:1:2: E1") == "arn:aws:s3: : :bucket at x.py: 1: 2: E1"


@given(
    st.text(alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])), st.integers(0, 200)
)
def test_columns_count_characters(line: str, position: int) -> None:
    position = min(position, len(line))
    assert character_column(line, len(line[:position].encode())) == position + 1
