"""The scripts of ``examples/good`` in the real toolkit and behind the start script of SDK v3.

The hyperparameters are those of the examples' launchers, encoded as the SDK encodes them. A training must end with exit
code 0, leave its model, and print what the launcher's metric definitions match.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from flake8_training.sagemaker.hyperparameter_arguments import Route, job_text
from slow import environments
from slow.conftest import Lane
from slow.driver import Driver
from slow.toolkit import Container, Toolkit

EXAMPLES = environments.ROOT / "examples" / "good"
DATA = Path(__file__).parent / "programs" / "example_data.py"


class Job(NamedTuple):
    """A training of an example.

    - ``channels``: the folder of the data by the channel's name.
    - ``launcher``: the file whose hyperparameters and metric definitions the job has; empty for none.
    - ``more``: further hyperparameters.
    - ``variables``: the job's environment.
    """

    script: str
    channels: Mapping[str, str]
    model: str
    launcher: str = ""
    more: Mapping[str, object] = {}
    variables: Mapping[str, str] = {}


CHURN = {"train": "train", "validation": "validation"}
NAMES = {"training": "training-of-names", "validation": "validation-of-names"}
IMAGES = {"training": "training-of-images", "validation": "validation-of-images"}
LABEL = {"LABEL_FIELD": "sold"}

WITH_OPTIONS = {
    "churn": Job("xgboost_churn.py", CHURN, "xgboost-model", "launch_xgboost_churn.py"),
    "a tuned churn": Job("xgboost_churn.py", CHURN, "xgboost-model", "tune_xgboost_churn.py", {"eta": 0.07}),
    "a network": Job("pytorch_training.py", IMAGES, "model.pth", "launch_pytorch_training.py"),
    "a forest": Job("sklearn_training.py", NAMES, "model.joblib", more={"n-estimators": 20, "max-depth": 4}),
    "demand": Job(
        "demand/demand_training.py",
        {"sales": "sales", "holidays": "holidays"},
        "model.joblib",
        more={"job_type": "first", "n_estimators": 20},
        variables=LABEL,
    ),
    "images": Job(
        "images/scripts/image_training.py",
        {"images": "images", "classes": "classes"},
        "model.pth",
        "images/builders/builder_image_training_step.py",
        variables=LABEL,
    ),
}
BY_KEY = {"keys": Job("xgboost_training.py", NAMES, "model.json", "builder_xgboost_training_step.py")}
"""Scripts that read ``hyperparameters.json`` as SDK v2 encodes it."""


@pytest.fixture(scope="module")
def data(lane: Lane, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the data of all channels."""
    folder = tmp_path_factory.mktemp("data")
    subprocess.run([lane.python("examples"), DATA, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def runtime(lane: Lane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolkit]:
    """Start the toolkit in the environment that has the examples' libraries."""
    with Toolkit(lane.python("examples"), tmp_path_factory.mktemp("examples")) as running:
        yield running


@pytest.mark.parametrize("job", [*WITH_OPTIONS.values(), *BY_KEY.values()], ids=[*WITH_OPTIONS, *BY_KEY])
def test_in_the_toolkit(runtime: Toolkit, data: Path, lane: Lane, tmp_path: Path, job: Job) -> None:
    container = _container(tmp_path, data, job)
    strings = {key: job_text(value, Route.V2_FRAMEWORK) for key, value in _hyperparameters(job).items()}
    ended = runtime.train(container, {**strings, "sagemaker_program": '"train.py"'}, job.variables)
    assert ended.exit_code == 0, ended.errors[-3000:]
    _check(tmp_path, job, ended.output + ended.errors)
    lane.count("toolkit: trainings of examples/")


@pytest.mark.parametrize("job", WITH_OPTIONS.values(), ids=WITH_OPTIONS)
def test_behind_the_start_script_of_v3(
    driver: Driver, data: Path, lane: Lane, tmp_path: Path, job: Job
) -> None:
    container = _container(tmp_path, data, job)
    strings = {key: job_text(value, Route.V3) for key, value in _hyperparameters(job).items()}
    container.configure("hyperparameters", strings)
    started = driver.ask(strings)
    assert started is not None
    channels = {f"SM_CHANNEL_{name.upper()}": str(tmp_path / "input/data" / name) for name in job.channels}
    variables = {name: text.replace("/opt/ml", str(tmp_path)) for name, text in started.variables.items()}
    done = subprocess.run(
        [lane.python("examples"), tmp_path / "code/train.py", *started.arguments],
        cwd=tmp_path / "code",
        env={**container.environment, **variables, **channels, **job.variables},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    _check(tmp_path, job, done.stdout + done.stderr)
    lane.count("start script of SDK v3: trainings of examples/")


def _container(folder: Path, data: Path, job: Job) -> Container:
    """Return a container with the job's script and channels; it is at another place than /opt/ml."""
    container = Container(folder, tuple(job.channels))
    source = (EXAMPLES / job.script).read_text(encoding="utf-8").replace("/opt/ml", str(folder))
    (folder / "code/train.py").write_text(source, encoding="utf-8")
    for name, content in job.channels.items():
        shutil.copytree(data / content, folder / "input/data" / name)
    return container


def _hyperparameters(job: Job) -> dict[str, object]:
    """Return the job's hyperparameters: those of its launcher, and more."""
    found: dict[str, object] = {}
    if job.launcher:
        tree = ast.parse((EXAMPLES / job.launcher).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            named = node.arg if isinstance(node, ast.keyword) else None
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
                named = node.targets[0].attr
            if named == "hyperparameters" and isinstance(node, ast.keyword | ast.Assign):
                if isinstance(node.value, ast.Dict):
                    found = ast.literal_eval(node.value)
        assert found, job.launcher
    return {**found, **job.more}


def _patterns(job: Job) -> list[str]:
    """Return the regular expressions of the launcher's metric definitions."""
    if not job.launcher:
        return []
    tree = ast.parse((EXAMPLES / job.launcher).read_text(encoding="utf-8"))
    return [
        one["Regex"]
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "metric_definitions"
        for one in ast.literal_eval(node.value)
    ]


def _check(folder: Path, job: Job, output: str) -> None:
    """Compare what a training left and printed with what the example declares."""
    assert [path.name for path in (folder / "model").iterdir()] == [job.model]
    assert (folder / "model" / job.model).stat().st_size > 0
    assert [pattern for pattern in _patterns(job) if not re.search(pattern, output)] == []
