"""Hyperparameters on their way to the script: the table of the three routes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.hyperparameter_arguments import (
    Route,
    UnsendableError,
    argument,
    arguments,
    hyperparameter_value,
    hyperparameter_variable,
    is_reserved,
)
from tests.sagemaker.hyperparameter_values import KEYS, ROUTES, VALUES

FRAMEWORK, FRAMEWORK_SET, GENERIC, V3 = (
    Route.V2_FRAMEWORK,
    Route.V2_FRAMEWORK_SET,
    Route.V2_GENERIC,
    Route.V3,
)

TABLE: list[tuple[Any, str, str, str]] = [
    (True, "True", "True", "true"),
    (False, "False", "False", "false"),
    (None, "", "None", "null"),
    (3, "3", "3", "3"),
    (1e-05, "1e-05", "1e-05", "1e-05"),
    (1e5, "100000.0", "100000.0", "100000.0"),
    (-1, "-1", "-1", "-1"),
    (float("nan"), "nan", "nan", "NaN"),
    ("abc", "abc", "abc", "abc"),
    ("", "", "", ""),
    ("true", "true", "True", "true"),
    ("null", "null", "", "null"),
    ("1e5", "1e5", "100000.0", "100000.0"),
    ("007", "007", "007", "007"),
    ('"x"', '"x"', "x", "x"),
    ("a b", "a b", "a b", "a b"),
    (["a", "b"], "['a', 'b']", "['a', 'b']", '["a", "b"]'),
    (("a", 1), "['a', 1]", "('a', 1)", '["a", 1]'),
    ([1, 2], "[1, 2]", "[1, 2]", "[1, 2]"),
    ([True, None], "[True, None]", "[True, None]", "[true, null]"),
    ({"x": 1}, "x=1", "{'x': 1}", '{"x": 1}'),
    ({"b": 2, "a": [1]}, "a=[1],b=2", "{'b': 2, 'a': [1]}", '{"b": 2, "a": [1]}'),
    ({}, "", "", "{}"),
]


@pytest.mark.parametrize(("value", "framework", "generic", "v3"), TABLE, ids=[repr(row[0]) for row in TABLE])
def test_the_value_that_arrives(value: Any, framework: str, generic: str, v3: str) -> None:
    assert argument("key", value, FRAMEWORK) == ("--key", framework)
    assert argument("key", value, GENERIC) == ("--key", generic)
    assert argument("key", value, V3) == ("--key", v3)


@pytest.mark.parametrize(
    ("value", "text"),
    [("abc", '"abc"'), (3, "3"), (True, "true"), (None, "null"), ([1], "[1]"), ({"x": 1}, '{"x": 1}')],
)
def test_set_hyperparameters_of_a_framework_encodes_twice(value: Any, text: str) -> None:
    assert argument("key", value, FRAMEWORK_SET) == ("--key", text)


def test_keys() -> None:
    assert argument("k", 1, FRAMEWORK) == ("-k", "1")
    assert argument("k", 1, GENERIC) == ("-k", "1")
    assert argument("k", 1, V3) == ("--k", "1")
    assert argument("train-batch", 1, FRAMEWORK) == ("--train-batch", "1")
    assert argument("", 1, FRAMEWORK) == ("", "1")


def test_reserved_keys() -> None:
    for key in ("sagemaker_program", "sagemaker_anything", "_tuning_objective_metric"):
        assert is_reserved(key)
        assert argument(key, "x", FRAMEWORK) == ()
        assert argument(key, "x", V3) == (f"--{key}", "x")
    assert not is_reserved("sagemaker")


def test_order() -> None:
    hyperparameters = {"z": 1, "alpha": 2, "sagemaker_region": "x"}
    assert arguments(hyperparameters, FRAMEWORK) == ("--alpha", "2", "-z", "1")
    assert arguments(hyperparameters, V3)[:4] == ("--z", "1", "--alpha", "2")


def test_variables() -> None:
    assert hyperparameter_variable("train-batch", FRAMEWORK) == "SM_HP_TRAIN-BATCH"
    assert hyperparameter_variable("train-batch", V3) == "SM_HP_TRAIN_BATCH"
    assert hyperparameter_value(True, FRAMEWORK) == "true"
    assert hyperparameter_value(["a", "b"], FRAMEWORK) == '["a","b"]'
    assert hyperparameter_value(["a", "b"], V3) == '["a", "b"]'
    assert hyperparameter_value(None, FRAMEWORK) == ""
    assert hyperparameter_value(None, V3) == "null"
    assert hyperparameter_value(None, GENERIC) == "None"
    assert hyperparameter_value("abc", FRAMEWORK) == "abc"


def test_what_json_cannot_carry() -> None:
    for value in ({1}, b"x", object(), 1j):
        for route in (FRAMEWORK, FRAMEWORK_SET):
            with pytest.raises(UnsendableError):
                argument("key", value, route)
    assert argument("key", {1}, GENERIC) == ("--key", "{1}")
    assert argument("key", {1}, V3) == ("--key", "{1}")


@given(KEYS, VALUES, ROUTES)
def test_anything_becomes_one_option_and_one_value(key: str, value: Any, route: Route) -> None:
    tokens = argument(key, value, route)
    assert tokens == () or (len(tokens) == 2 and all(isinstance(token, str) for token in tokens))
    assert isinstance(hyperparameter_value(value, route), str)


@given(st.text(max_size=20))
def test_a_framework_carries_any_string_unchanged(text: str) -> None:
    assert argument("key", text, FRAMEWORK) == ("--key", text)
    assert hyperparameter_value(text, FRAMEWORK) == text
