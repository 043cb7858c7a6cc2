"""The project's reading of launchers and its findings, against the real SDKs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from flake8_training.sagemaker.hyperparameter_arguments import Route, is_reserved, job_text
from slow import environments, sdk, static_reading, variants_v2, variants_v3
from slow.comparison import best
from slow.conftest import Lane
from slow.requests import training
from slow.variants import Variant
from tests.harness import write
from tests.launchers.argparse_cases import cases

SDKS = ("sdk-v2", "sdk-v3")
RIGHT: dict[str, Mapping[str, Variant]] = {"sdk-v2": variants_v2.RIGHT, "sdk-v3": variants_v3.RIGHT}
WRONG: dict[str, Mapping[str, Variant]] = {"sdk-v2": variants_v2.WRONG, "sdk-v3": variants_v3.WRONG}
LEAST_SHARE = 0.9
"""The least share of an SDK's facts that the project must read in right launchers."""
MADE_UP_SEED, MADE_UP = 500, 40
CHECK = "import sys; from training_alignment.cli import main; sys.exit(main())"


class Run(NamedTuple):
    """A variant in its folder, and the SDK's answer."""

    variant: Variant
    folder: Path
    answer: sdk.Answer


def _run(lane: Lane, name: str, variants: Mapping[str, Variant], root: Path) -> dict[str, Run]:
    python = lane.python(name)
    folders = {key: root / f"variant{number}" for number, key in enumerate(variants)}
    for key, variant in variants.items():
        write(root, variant.written(folders[key].name))
    home = root / "home"
    home.mkdir()
    launchers = {key: (folders[key], "launch.py", one.more) for key, one in variants.items()}
    answers = sdk.run(name, python, launchers, home)
    return {key: Run(one, folders[key], answers[key]) for key, one in variants.items()}


@pytest.fixture(scope="module")
def right(lane: Lane, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Run]:
    """Run the right launchers with the available SDKs."""
    return _of_all(lane, RIGHT, tmp_path_factory)


@pytest.fixture(scope="module")
def wrong(lane: Lane, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Run]:
    """Run the wrong launchers with the available SDKs."""
    return _of_all(lane, WRONG, tmp_path_factory)


def _of_all(
    lane: Lane, variants: Mapping[str, Mapping[str, Variant]], factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Run]:
    return {
        (name, key): run
        for name in SDKS
        if lane.has(name)
        for key, run in _run(lane, name, variants[name], factory.mktemp(name)).items()
    }


def _found(runs: Mapping[tuple[str, str], Run], lane: Lane, name: str, key: str) -> Run:
    lane.python(name)
    return runs[name, key]


def _findings(folder: Path) -> list[str]:
    """Return the findings that the command reports in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, "check"], cwd=folder, capture_output=True, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith(" ")]


@pytest.mark.parametrize(("name", "key"), [(name, key) for name in SDKS for key in RIGHT[name]])
def test_right(right: dict[tuple[str, str], Run], lane: Lane, name: str, key: str) -> None:
    run = _found(right, lane, name, key)
    assert run.answer.runs, (run.answer.raised, run.answer.refused)
    assert run.answer.trainings
    # A warning, such as of an option that nothing reads, is no failure of the job.
    assert [line for line in _findings(run.folder) if line.split()[2] == "error:"] == []
    reading = static_reading.read(run.folder, "launch.py")
    for facts in run.answer.trainings:
        compared = best(facts, reading.jobs)
        assert compared.contradictions == ()
        lane.count(f"{name}: facts read", compared.known)
        lane.count(f"{name}: facts that cannot be told", len(compared.unknown))
    lane.count(f"{name}: right launchers")
    paths = set(run.answer.paths)
    assert paths <= reading.paths or reading.unknown_paths
    # A path through a variable is also read from its beginning.
    assert all(any(whole.startswith(path) for whole in paths) for path in reading.paths)


@pytest.mark.parametrize(("name", "key"), [(name, key) for name in SDKS for key in WRONG[name]])
def test_wrong(wrong: dict[tuple[str, str], Run], lane: Lane, name: str, key: str) -> None:
    run = _found(wrong, lane, name, key)
    errors = _findings(run.folder)
    assert {line.split()[1] for line in errors} & set(run.variant.codes), (errors, run.answer.raised)
    lane.count(f"{name}: wrong launchers")
    if not run.answer.runs:
        lane.count(f"{name}: wrong launchers that the SDK or SageMaker's model refuses")


def test_hyperparameters_become_the_texts_that_are_told(lane: Lane, tmp_path: Path) -> None:
    """Generated hyperparameters, on each of their ways with SDK v2."""
    generated = list(cases(MADE_UP_SEED, MADE_UP, 4))
    folders = [tmp_path / str(number) for number in range(len(generated))]
    for folder, case in zip(folders, generated, strict=True):
        write(folder, case.files)
    home = tmp_path / "home"
    home.mkdir()
    launchers = {folder.name: (folder, "launch.py", "") for folder in folders}
    answers = sdk.run("sdk-v2", lane.python("sdk-v2"), launchers, home)
    for folder, case in zip(folders, generated, strict=True):
        answer = answers[folder.name]
        assert answer.runs, (case, answer.raised, answer.refused)
        (job,) = answer.jobs
        # The SDK overwrites the user's value of a reserved key.
        expected = {key: value for key, value in case.given.items() if not is_reserved(key)}
        sent = {key: text for key, text in training(job)["HyperParameters"].items() if not is_reserved(key)}
        if case.route is Route.V2_GENERIC:
            sent = {key: str(text) for key, text in sent.items()}
        assert sent == {key: job_text(value, case.route) for key, value in expected.items()}, case
        lane.count("sdk-v2: launchers with made-up hyperparameters")


EXAMPLES = environments.ROOT / "examples"
BUILDS = """
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

session = PipelineSession()
config = XGBoostTrainingConfig(
    role="arn:aws:iam::123456789012:role/Training",
    training_data_uri="s3://bucket/training",
    validation_data_uri="s3://bucket/validation",
    hyperparameters={"max_depth": 4},
)
step = XGBoostTrainingStepBuilder(config, session).create_step()
pipeline = Pipeline(name="training", steps=[step], sagemaker_session=session)
"""
EXAMPLE_LAUNCHERS = {
    "good/builder_xgboost_training_step.py": ("", BUILDS, True),
    "good/launch_xgboost_churn.py": ("", "", True),
    "good/tune_xgboost_churn.py": ("", "", True),
    "bad/churn/pipeline.py": ("bad/churn", "", False),
}


def test_examples(lane: Lane, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(EXAMPLES, root / "examples")
    home = tmp_path / "home"
    home.mkdir()
    launchers = {}
    for path, (working, more, _) in EXAMPLE_LAUNCHERS.items():
        folder = root / "examples" / working if working else root
        file = (root / "examples" / path).relative_to(folder).as_posix()
        launchers[path] = (folder, file, more)
    answers = sdk.run("sdk-v2", lane.python("sdk-v2"), launchers, home)
    for path, (_, _, runs) in EXAMPLE_LAUNCHERS.items():
        answer = answers[path]
        assert answer.raised == ""
        assert answer.runs is runs, answer.refused
        reading = static_reading.read(root, f"examples/{path}")
        (facts,) = answer.trainings
        compared = best(facts, reading.jobs)
        assert compared.contradictions == ()
        lane.count("examples: facts read", compared.known)
        lane.count("examples: facts that cannot be told", len(compared.unknown))


@pytest.mark.parametrize("name", SDKS)
def test_most_is_read(right: dict[tuple[str, str], Run], lane: Lane, name: str) -> None:
    lane.python(name)
    known = unknown = 0
    for (sdk_name, _), run in right.items():
        reading = static_reading.read(run.folder, "launch.py") if sdk_name == name else None
        for facts in run.answer.trainings if reading else ():
            compared = best(facts, reading.jobs if reading else [])
            known += compared.known
            unknown += len(compared.unknown)
    assert known >= LEAST_SHARE * (known + unknown), (known, unknown)
