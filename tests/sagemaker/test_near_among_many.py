"""The nearest of many names: what is compared letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training import spelling
from flake8_training.spelling import closest, slips


def words(letters: str) -> list[str]:
    return [f"name_{one}{two}{three}" * 2 for one in letters for two in letters for three in letters]


def test_names_of_other_letters_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = spelling.distance

    def counting(one: str, other: str, limit: int | None = None) -> int:
        compared.append(one)
        return real(one, other, limit)

    monkeypatch.setattr(spelling, "distance", counting)
    known = words("abcde")
    assert all(closest(word, known) is None for word in words("vwxyz"))
    assert not compared
    assert closest("name_aabname_abb", known) is not None
    assert compared


@given(st.text("abS_-", min_size=1, max_size=12), st.text("abS_-", min_size=1, max_size=12))
def test_a_glance_loses_no_misspelling(word: str, candidate: str) -> None:
    assert (closest(word, [candidate]) is not None) == (
        word == candidate or slips(word, candidate) is not None
    )
