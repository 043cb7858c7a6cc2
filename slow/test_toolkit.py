"""The project's model of hyperparameters and variables in the container, against the real toolkit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_training.sagemaker.hyperparameter_arguments import (
    Route,
    arguments,
    hyperparameter_value,
    hyperparameter_variable,
    is_reserved,
    job_text,
)
from flake8_training.sagemaker.variables import HYPERPARAMETER_PREFIX, VARIABLES, Setter, channel_variable
from slow.conftest import Lane
from slow.toolkit import Container, Toolkit
from tests.launchers.argparse_cases import Case, cases, compare
from tests.sagemaker.hyperparameter_values import HYPERPARAMETERS

CASES_A_ROUND = 8

V2_ROUTES = st.sampled_from([Route.V2_FRAMEWORK, Route.V2_FRAMEWORK_SET, Route.V2_GENERIC])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HYPERPARAMETERS, V2_ROUTES)
def test_arguments_and_variables_of_hyperparameters(
    toolkit: Toolkit, hyperparameters: dict[str, Any], route: Route
) -> None:
    answer = toolkit.ask({key: job_text(value, route) for key, value in hyperparameters.items()})
    own = [key for key in hyperparameters if not is_reserved(key)]
    assert list(answer.hyperparameters) == own
    assert list(arguments(hyperparameters, route)) == answer.arguments
    variables = {n: v for n, v in answer.variables.items() if n.startswith(HYPERPARAMETER_PREFIX)}
    assert set(variables) == {hyperparameter_variable(key, route) for key in own}
    for key in own:
        if sum(other.upper() == key.upper() for other in own) == 1:
            expected = hyperparameter_value(hyperparameters[key], route)
            assert variables[hyperparameter_variable(key, route)] == expected


# The toolkit sets some variables only for a topology, which this cluster has.
CLUSTER = {
    "topology": [{"hostName": "localhost", "capacityUnitId": "one"}],
    "instance_groups": [
        {"instance_group_name": "first", "instance_type": "ml.m5.large", "hosts": ["localhost"]},
        {"instance_group_name": "second", "instance_type": "ml.c5.large", "hosts": ["localhost"]},
    ],
}
SCRIPT = "import json, os; print(json.dumps(dict(os.environ)))"


def test_variables_of_a_training(toolkit: Toolkit, tmp_path: Path) -> None:
    channels = ("train", "eval-data")
    container = Container(tmp_path, channels, CLUSTER)
    (tmp_path / "code/train.py").write_text(SCRIPT, encoding="utf-8")
    ended = toolkit.train(container, {"sagemaker_program": '"train.py"'})
    assert ended.exit_code == 0, ended.errors
    found = json.loads(ended.output)
    named = {name for name in found if name.startswith("SM_")}
    rows = {name: row for name, row in VARIABLES.items() if row.setters & Setter.TOOLKIT}
    known = {name for name in rows if name.startswith("SM_")}
    assert named == known | {channel_variable(name) for name in channels}
    values = {name: row.value for name, row in rows.items() if row.value is not None}
    assert {name: found[name].replace(str(tmp_path), "/opt/ml") for name in values} == values
    for name in channels:
        assert found[channel_variable(name)] == str(tmp_path / "input/data" / name)


def test_variables_of_the_toolkits_own(toolkit: Toolkit) -> None:
    """Variables other than ``SM_`` that the toolkit reads or sets, as its module of names declares them."""
    named = {name for name in toolkit.names if name.isupper() and name.startswith("SAGEMAKER_")}
    assert named
    assert named <= set(VARIABLES)


@pytest.mark.parametrize(
    ("seed", "most"), [*((seed, 1) for seed in range(6)), *((seed, 4) for seed in range(6, 10))]
)
def test_says_so_where_the_training_ends(
    toolkit: Toolkit, lane: Lane, tmp_path: Path, seed: int, most: int
) -> None:
    for number, case in enumerate(cases(seed, CASES_A_ROUND, most)):
        folder = tmp_path / str(number)
        compare(case, folder, Trained(toolkit, Container(folder / "container"), case).run)
        lane.count("toolkit: trainings with made-up hyperparameters")


class Trained(NamedTuple):
    """A case's script in a container: its own hyperparameters in a training, others with the toolkit's arguments."""

    toolkit: Toolkit
    container: Container
    case: Case

    def run(self, hyperparameters: Mapping[str, object]) -> dict[str, object] | None:
        """Return the script's output for hyperparameters; None if argparse ends it."""
        script = self.container.folder / "code/train.py"
        script.write_text(self.case.script, encoding="utf-8")
        strings = {key: job_text(value, self.case.route) for key, value in hyperparameters.items()}
        strings["sagemaker_program"] = '"train.py"'
        if hyperparameters == self.case.given:
            ended = self.toolkit.train(self.container, strings)
            output = ended.output if ended.exit_code == 0 else ""
            if not output:
                failure = self.container.folder / "output/failure"
                assert "ExitCode 2" in failure.read_text(encoding="utf-8")
        else:
            command = [sys.executable, str(script), *self.toolkit.ask(strings).arguments]
            output = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8").stdout
        received: dict[str, object] | None = json.loads(output) if output else None
        return received
