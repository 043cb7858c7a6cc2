"""Pairs of framework and Python versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.framework_versions import (
    ESTIMATOR_FRAMEWORKS,
    frameworks,
    processors,
    version_pair,
)
from flake8_training.sagemaker.table_files import load


@pytest.mark.parametrize(
    ("framework", "version", "python", "kind", "nearest"),
    [
        ("pytorch", "2.1", "py310", "ok", None),
        ("pytorch", "2.1.0", "py310", "ok", None),
        ("pytorch", "2.1", None, "ok", None),
        ("pytorch", "2.1", "py39", "wrong_python", "py310"),
        ("pytorch", "1.13.1", "py39", "ok", None),
        ("pytorch", "1.4.0", None, "needs_python", None),
        ("pytorch", "2.2.9", "py310", "no_such_version", "2.2.0"),
        ("pytorch", "2.99", "py312", "unknown", None),
        ("pytorch", "latest", "py3", "unknown", None),
        ("tensorflow", "1.15", "py3", "ok", None),
        ("tensorflow", "2.99.0", "py312", "unknown", None),
        ("xgboost", "1.7-1", "py3", "ok", None),
        ("xgboost", "1.7-1", "py39", "ok", None),
        ("xgboost", "1.7", "py3", "no_such_version", "1.7-1"),
        ("xgboost", "3.0", None, "no_such_version", "3.0-5"),
        ("sklearn", "1.2-1", "py3", "ok", None),
        ("sklearn", "1.2", "py3", "no_such_version", "1.2-1"),
        ("sklearn", "1.2-1", "py310", "wrong_python", "py3"),
        ("sklearn", "0.24-1", "py3", "no_such_version", None),
        ("chainer", "5.0", "py4", "wrong_python", None),
        ("nothing", "1.0", "py3", "unknown", None),
        ("huggingface", "4.26", "py39", "unknown", None),
    ],
)
def test_pairs(framework: str, version: str, python: str | None, kind: str, nearest: str | None) -> None:
    judgement = version_pair(framework, version, python)
    assert (judgement.kind, judgement.nearest) == (kind, nearest)


@pytest.mark.parametrize(
    ("python", "base", "kind", "nearest"),
    [
        ("py39", "pytorch1.13", "ok", None),
        ("py39", "pytorch1.13.1", "ok", None),
        ("py310", "pytorch1.13.1", "wrong_python", "py39"),
        ("py39", "pytorch2.0", "wrong_base", "pytorch1.13.1"),
    ],
)
def test_hugging_face(python: str, base: str, kind: str, nearest: str | None) -> None:
    judgement = version_pair("huggingface", "4.26", python, base)
    assert (judgement.kind, judgement.nearest) == (kind, nearest)


def test_every_pair_of_the_table_is_fine() -> None:
    for framework, table in load("framework_pairs")["frameworks"].items():
        for version, row in table["versions"].items():
            if version in table["aliases"]:
                continue  # the SDK takes what the alias stands for (pytorch-smp 2.3.1)
            pythons = {None: row} if isinstance(row, list) else row["bases"]
            for base, known in pythons.items():
                for python in known or [None]:
                    assert version_pair(framework, version, python, base).kind == "ok"
        for alias, version in table["aliases"].items():
            assert version in table["versions"], alias


def test_processors() -> None:
    assert processors("sklearn") == {"cpu"}
    assert processors("pytorch") == {"cpu", "gpu"}
    assert processors("nothing") == frozenset()
    assert set(ESTIMATOR_FRAMEWORKS.values()) <= frameworks()


@given(
    st.sampled_from(sorted(frameworks())), st.text(alphabet="0123456789.-py", max_size=8), st.text(max_size=6)
)
def test_anything_is_judged(framework: str, version: str, python: str) -> None:
    judgement = version_pair(framework, version, python)
    assert judgement.kind in {
        "ok",
        "no_such_version",
        "wrong_python",
        "needs_python",
        "wrong_base",
        "unknown",
    }
