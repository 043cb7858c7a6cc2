"""Findings: order, messages, columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flake8_training.columns import character_column
from flake8_training.finding import Finding, Related, Severity
from flake8_training.record import replace


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


def test_whatever_a_message_holds_the_finding_is_safe_to_print() -> None:
    hostile = "a\n::error::x \x1b[31m \ud800 \u202e"
    shown = "a\\n: :error: :x \\x1b[31m \\ud800 \\u202e"
    related = Related("contract.py", 1, hostile)
    found = Finding("TRN150", Severity.ERROR, 1, "", "a.py", 1, 1, hostile, (related,))
    assert (found.message, related.message) == (shown, shown)
    assert replace(related, message="\x00").message == "\\x00"
    assert replace(found, line=2).message == shown


@given(
    st.text(alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])), st.integers(0, 200)
)
def test_columns_count_characters(line: str, position: int) -> None:
    position = min(position, len(line))
    assert character_column(line, len(line[:position].encode())) == position + 1
