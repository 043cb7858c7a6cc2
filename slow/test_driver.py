"""The project's model of the SDK v3 container against the real start script."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from flake8_training.sagemaker.hyperparameter_arguments import (
    Route,
    arguments,
    hyperparameter_value,
    hyperparameter_variable,
    job_text,
)
from flake8_training.sagemaker.variables import VARIABLES, Setter, channel_variable
from slow.driver import Driver
from slow.programs.driver import CHANNELS
from tests.sagemaker.hyperparameter_values import HYPERPARAMETERS

# Characters that neither a variable nor the shell's source can hold unchanged.
UNFIT = ("'", "\0", "\r")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HYPERPARAMETERS)
def test_arguments_and_variables(driver: Driver, hyperparameters: dict[str, Any]) -> None:
    strings = {key: job_text(value, Route.V3) for key, value in hyperparameters.items()}
    assume(not any(mark in text for text in strings.values() for mark in UNFIT))
    # A parsed JSON string may hold a character that its source only escapes.
    assume(not any("\\u0000" in text or "\\r" in text for text in strings.values()))
    started = driver.ask(strings)
    assert started is not None
    assert started.arguments == list(arguments(hyperparameters, Route.V3))
    names = [hyperparameter_variable(key, Route.V3) for key in hyperparameters]
    assert set(names) <= set(started.variables)
    for key, value in hyperparameters.items():
        name = hyperparameter_variable(key, Route.V3)
        if names.count(name) == 1:
            assert started.variables[name] == hyperparameter_value(value, Route.V3)


@pytest.mark.parametrize(
    "hyperparameters",
    [{"a.b": 1}, {"a 1b": 1}, {"a ": 1}, {"text": "it's"}, {"text": "'"}, {"list": ["it's"]}],
)
def test_what_cannot_be_passed_on(driver: Driver, hyperparameters: dict[str, Any]) -> None:
    assert driver.ask({key: job_text(value, Route.V3) for key, value in hyperparameters.items()}) is None


def test_variables_of_a_training(driver: Driver) -> None:
    started = driver.ask({})
    assert started is not None
    rows = {n: row for n, row in VARIABLES.items() if row.setters & Setter.DRIVER and n.startswith("SM_")}
    assert set(started.variables) == set(rows) | {channel_variable(name) for name in CHANNELS}
    values = {name: row.value for name, row in rows.items() if row.value is not None}
    assert {name: started.variables[name] for name in values} == values


@pytest.mark.parametrize("key", ["a b", "", "1", "a  b_c"])
def test_keys_of_several_names_hinder_nothing(driver: Driver, key: str) -> None:
    started = driver.ask({key: "1"})
    assert started is not None
    assert started.arguments == list(arguments({key: 1}, Route.V3))
