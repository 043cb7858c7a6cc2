"""TRN436: ranges and limits that a tuning job refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

HEAD = """
import boto3
from sagemaker.core.parameter import IntegerParameter as Whole
from sagemaker.pytorch import PyTorch
from sagemaker.train.tuner import HyperparameterTuner as TrainerTuner
from sagemaker.tuner import CategoricalParameter, ContinuousParameter, HyperparameterTuner, IntegerParameter
def tune(ranges, **more):
    return HyperparameterTuner(read(), "loss", ranges, **more)
"""
TUNE = "HyperparameterTuner(read(), 'loss', {{'x': {}}}{})"
REQUEST = """
boto3.client("sagemaker").create_hyper_parameter_tuning_job(
    HyperParameterTuningJobName="x",
    HyperParameterTuningJobConfig={{
        "ResourceLimits": {{"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": {parallel}
        "ParameterRanges": {{"IntegerParameterRanges": [
            {{"Name": "depth", "MinValue": "{low}", "MaxValue": "9"}},  {mark}
        ]}},
    }},
    TrainingJobDefinition=read(),
)
"""
WRONG = {
    "inverted": "IntegerParameter(9, 3)  # TRN436",
    "one value": "IntegerParameter(10, 10)  # TRN436",
    "by name": "ContinuousParameter(min_value=0.5, max_value=0.1)  # TRN436",
    "of v3": "Whole(9, 3)  # TRN436",
    "from constants": "LOW, HIGH = 5, 2\nIntegerParameter(LOW, HIGH)  # TRN436",
    "no categories": "CategoricalParameter([])  # TRN436",
    "a category twice": "CategoricalParameter([16, 32, 16])  # TRN436",
    "a logarithm of 0": "ContinuousParameter(0, 1, scaling_type='Logarithmic')  # TRN436",
    "a reverse logarithm up to 1": "ContinuousParameter(0.1, 1, 'ReverseLogarithmic')  # TRN436",
    "too many in parallel": TUNE.format("IntegerParameter(1, 9)", ", max_jobs=2, max_parallel_jobs=8")
    + "  # TRN436",
    "in parallel, and one job": TUNE.format("IntegerParameter(1, 9)", ", max_parallel_jobs=8") + "  # TRN436",
    "in parallel, v3": (
        "TrainerTuner(read(), 'loss', {'x': Whole(1, 9)}, max_jobs=2, max_parallel_jobs=3)  # TRN436"
    ),
    "a grid of numbers": TUNE.format("IntegerParameter(1, 9)", ", strategy='Grid'") + "  # TRN436",
    "Hyperband that is stopped": (
        TUNE.format("IntegerParameter(1, 9)", ", strategy='Hyperband', early_stopping_type='Auto'")
        + "  # TRN436"
    ),
    "no ranges": "HyperparameterTuner(read(), 'loss', {})  # TRN436",
    "a request": REQUEST.format(parallel="2},", low="9", mark="# TRN436"),
    "a request, too many in parallel": REQUEST.format(parallel="8},  # TRN436", low="1", mark=""),
}
RIGHT = {
    "a range": "IntegerParameter(3, 9)",
    "of numbers": "ContinuousParameter(1e-4, 1e-1, scaling_type='Logarithmic')",
    "reverse logarithm": "ContinuousParameter(0.9, 0.999, scaling_type='ReverseLogarithmic')",
    "not known": "IntegerParameter(low(), 3)",
    "perhaps": "IntegerParameter(9 if read() else 1, 3)",
    "a parameter": """
from sagemaker.workflow.parameters import ParameterInteger
IntegerParameter(ParameterInteger("Low", 9), 3)
""",
    "numbers and strings": "CategoricalParameter([1, 1.0, 'a', 'A'])",
    "categories that are not known": "CategoricalParameter(read())",
    "one category": "CategoricalParameter(['adam'])",
    "as many in parallel": TUNE.format("IntegerParameter(1, 9)", ", max_jobs=8, max_parallel_jobs=8"),
    "jobs that are not known": TUNE.format(
        "IntegerParameter(1, 9)", ", max_jobs=read(), max_parallel_jobs=8"
    ),
    "settings that are not known": TUNE.format("IntegerParameter(1, 9)", ", max_parallel_jobs=8, **read()"),
    "a grid in parallel": TUNE.format(
        "CategoricalParameter([1, 2])", ", strategy='Grid', max_parallel_jobs=2"
    ),
    "Hyperband": TUNE.format("IntegerParameter(1, 9)", ", strategy='Hyperband', early_stopping_type='Off'"),
    "stopped": TUNE.format("IntegerParameter(1, 9)", ", early_stopping_type='Auto'"),
    "ranges that the service finds": "HyperparameterTuner(read(), 'loss', {}, autotune=True)",
    "ranges that are filled": "r = {}\nr['x'] = IntegerParameter(1, 2)\nHyperparameterTuner(read(), 'loss', r)",
    "ranges that are not known": "HyperparameterTuner(read(), 'loss', read())",
    "another class of the name": "from shop import IntegerParameter\nIntegerParameter(9, 3)",
    "assigned afterwards": "t = tune({'x': read()}, max_jobs=2, max_parallel_jobs=8)\nt.max_jobs = 9",
    "a request": REQUEST.format(parallel="2},", low="1", mark=""),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN436", HEAD + WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN436", HEAD + RIGHT[name])


def test_one_cause_is_one_finding(tmp_path: Path) -> None:
    """The number of combinations is no second finding."""
    text = HEAD + "HyperparameterTuner(read(), 'loss', {'x': IntegerParameter(9, 9)}, max_jobs=5)\n"
    found = said(tmp_path, {"tune.ipynb": notebook(text)}, "TRN436", "TRN404")
    assert [one[:6] for one in found] == ["TRN436"]
