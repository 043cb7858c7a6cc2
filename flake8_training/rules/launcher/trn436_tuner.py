"""TRN436: a tuner whose ranges or limits the tuning job refuses.

Source: sagemaker 2.257.7 ``tuner.py`` (no ranges raise ValueError; ``max_jobs`` is 1 by default; every other range is
sent as it is); botocore's documentation of ContinuousParameterRange, IntegerParameterRange and
HyperParameterTuningJobConfig (scaling types, Hyperband); the developer guide (a grid needs categories; the minimum is
below the maximum; no more parallel jobs than jobs).
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.engine.values.values import Collection
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.literals import plain
from flake8_training.launcher.located_expressions import Argument, Arguments
from flake8_training.launcher.sdk_objects import Request, SdkObject, Tuner, below
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, at_call, is_left_out, is_set
from flake8_training.rules.rule import Condition, Example

_LAUNCHER = """
    import sagemaker
    from sagemaker.pytorch import PyTorch
    from sagemaker.tuner import ContinuousParameter, HyperparameterTuner, IntegerParameter

    estimator = PyTorch(
        entry_point="train.py",
        framework_version="2.1",
        py_version="py310",
        role=sagemaker.get_execution_role(),
        instance_type="ml.g5.xlarge",
        instance_count=1,
    )
    tuner = HyperparameterTuner(
        estimator,
        objective_metric_name="loss",
        metric_definitions=[{{"Name": "loss", "Regex": "loss=([0-9.]+)"}}],
        hyperparameter_ranges={{
            "layers": IntegerParameter({layers}
            "lr": ContinuousParameter(0.0001, 0.1, scaling_type="Logarithmic"),
        }},
        max_jobs=8,
        max_parallel_jobs={parallel}
    )
    tuner.fit({{"train": "s3://churn-data/train"}})
"""


class ImpossibleTuner(LauncherRule):
    """Reports tuners with ranges or limits that no tuning job can have."""

    code = "TRN436"
    severity = Severity.ERROR
    summary = "the tuner cannot run"
    why = """
        The SDK sends the ranges and limits of a tuner as they are. SageMaker refuses the tuning job if the minimum of a
        range is not below its maximum, or if more jobs run in parallel than there are jobs. In a pipeline the refusal
        comes when the step starts. A tuner without ranges raises `ValueError: Need to specify hyperparameter ranges or
        set autotune=True.`
    """
    fix = """
        Write the smaller value first, and pass a hyperparameter of one value to the estimator instead.
    """
    reported_when = (
        "the minimum of an `IntegerParameter` or `ContinuousParameter` is not below its maximum",
        "a `CategoricalParameter` has no values, or one value twice",
        "`scaling_type` is `Logarithmic` and the range reaches 0, or `ReverseLogarithmic` and it leaves 0 to 1",
        "`max_parallel_jobs` is above `max_jobs`, or above 1 without `max_jobs` (except for a grid)",
        "the strategy is `Grid` and a range has no categories, or `Hyperband` with `early_stopping_type`",
        "a tuner has an empty dict of ranges and no `autotune`",
        "a range of a `create_hyper_parameter_tuning_job` request has a minimum that is not below its maximum, or "
        "the request has more parallel jobs than jobs",
    )
    not_reported_when = (
        Condition(
            "a value is unknown, or may be one of several",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "IntegerParameter(8, 2),  # TRN436": "IntegerParameter(8, options.MOST),",
                "max_parallel_jobs=20,  # TRN436": "max_parallel_jobs=options.PARALLEL,",
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": "print(options.MOST)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the program assigns the attribute afterwards",
            suppressed={
                "IntegerParameter(8, 2),  # TRN436": "IntegerParameter(2, 8),",
                "max_parallel_jobs=20,  # TRN436": "max_parallel_jobs=20,",
                "tuner.fit(": "tuner.max_jobs = 40\ntuner.fit(",
            },
            reported={"tuner.fit(": "estimator.max_jobs = 40\ntuner.fit("},
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {"tune.py": _LAUNCHER.format(layers="8, 2),  # TRN436", parallel="20,  # TRN436")},
    )
    good = Example({"tune.py": _LAUNCHER.format(layers="2, 8),", parallel="4,")})
    references = (
        "https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html",
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobConfig.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each range and limit that the tuning job refuses."""
        for sdk_object in launcher.of("IntegerParameter", "ContinuousParameter"):
            yield from _range(sdk_object)
        for sdk_object in launcher.of("CategoricalParameter"):
            yield from _categories(sdk_object)
        for tuner in launcher.tuners:
            yield from _tuner(tuner)
        for request in launcher.requests:
            yield from _request(launcher, request)


def _number(sdk_object: SdkObject, name: str) -> float | None:
    argument = is_set(sdk_object, name)
    value = argument.constant if argument is not None else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _range(sdk_object: SdkObject) -> Iterator[Problem]:
    low, high = _number(sdk_object, "min_value"), _number(sdk_object, "max_value")
    if low is None or high is None:
        return
    if low >= high:
        equal = "one value" if low == high else "no value"
        yield at_call(
            sdk_object,
            f"{sdk_object.name} from {low} to {high} has {equal} (its minimum must be below its maximum)",
        )
        return
    scaling = sdk_object.get("scaling_type")
    kind = scaling.text if scaling is not None else None
    if scaling is not None and kind == "Logarithmic" and low <= 0:
        yield at_argument(
            sdk_object, scaling, f"Logarithmic scaling needs values above 0, and the range begins at {low}"
        )
    if scaling is not None and kind == "ReverseLogarithmic" and not (0 <= low and high < 1):
        detail = (
            f"ReverseLogarithmic scaling needs values from 0 to below 1, and the range is {low} to {high}"
        )
        yield at_argument(sdk_object, scaling, detail)


def _categories(sdk_object: SdkObject) -> Iterator[Problem]:
    argument = is_set(sdk_object, "values")
    found = plain(sdk_object.launcher, argument.expression) if argument is not None else None
    if argument is None or not isinstance(found, list):
        return
    # The SDK sends strings: 1 and "1" are the same category, 1 and 1.0 are not.
    texts = [str(value) for value in found]
    twice = [text for index, text in enumerate(texts) if text in texts[:index]]
    if not texts:
        yield at_argument(sdk_object, argument, "CategoricalParameter has no values")
    elif twice:
        yield at_argument(sdk_object, argument, f"CategoricalParameter has {twice[0]!r} twice")


def _tuner(tuner: Tuner) -> Iterator[Problem]:
    strategy = tuner.get("strategy")
    kind = "Bayesian" if strategy is None else strategy.text
    parallel, most = _number(tuner, "max_parallel_jobs"), _number(tuner, "max_jobs")
    argument = tuner.get("max_parallel_jobs")
    if argument is not None and parallel is not None:
        if most is not None and parallel > most:
            yield at_argument(tuner, argument, f"max_parallel_jobs {parallel} is above max_jobs {most}")
        elif parallel > 1 and is_left_out(tuner, "max_jobs") and kind not in (None, "Grid"):
            yield at_argument(
                tuner, argument, f"max_parallel_jobs {parallel} is above max_jobs 1, the default"
            )
    stopping = is_set(tuner, "early_stopping_type")
    if kind == "Hyperband" and stopping is not None and stopping.text == "Auto":
        yield at_argument(tuner, stopping, "Hyperband stops jobs itself and needs early_stopping_type Off")
    ranges = is_set(tuner, "hyperparameter_ranges")
    if ranges is None:
        return
    if kind == "Grid":
        for entry in tuner.ranges:
            found = tuner.launcher.constructions_in(entry.expression)
            if len(found) == 1 and found[0].name in ("IntegerParameter", "ContinuousParameter"):
                yield at_argument(
                    tuner, entry, f"a grid needs categories, and {entry.name} is no CategoricalParameter"
                )
    is_empty = all(isinstance(value, Collection) for value in ranges.values)
    if (
        is_empty
        and not tuner.ranges.entries
        and not tuner.ranges.open_ended
        and is_left_out(tuner, "autotune")
    ):
        yield at_argument(tuner, ranges, "there are no ranges")


def _request(launcher: Launcher, request: Request) -> Iterator[Problem]:
    limits = below(launcher, request.members, "HyperParameterTuningJobConfig", "ResourceLimits")
    entries = launcher.reader.entries(limits.expression) if limits is not None else Arguments()
    parallel, most = entries.only("MaxParallelTrainingJobs"), entries.only("MaxNumberOfTrainingJobs")
    if parallel is not None and most is not None:
        numbers = (parallel.constant, most.constant)
        if all(type(number) is int for number in numbers) and numbers[0] > numbers[1]:  # type: ignore[operator]
            node = launcher.own(parallel.at, request.node)
            detail = f"MaxParallelTrainingJobs {numbers[0]} is above MaxNumberOfTrainingJobs {numbers[1]}"
            yield Problem(node, detail, request.node)
    tables = [below(launcher, request.members, "HyperParameterTuningJobConfig", "ParameterRanges")]
    tables += [below(launcher, job, "HyperParameterRanges") for job in request.jobs]
    for table in tables:
        found = launcher.reader.entries(table.expression) if table is not None else Arguments()
        for name in ("IntegerParameterRanges", "ContinuousParameterRanges"):
            yield from _request_ranges(launcher, request, found.only(name))


def _request_ranges(launcher: Launcher, request: Request, argument: Argument | None) -> Iterator[Problem]:
    for value in argument.expression.values if argument is not None else ():
        for element in launcher.elements(value) or ():
            entries = launcher.reader.entries(element)
            low, high = (_parsed(entries.only(name)) for name in ("MinValue", "MaxValue"))
            if low is not None and high is not None and low >= high:
                node = launcher.own(element.node, request.node)
                yield Problem(
                    node, f"the range from {low:g} to {high:g}: minimum is not below maximum", request.node
                )


def _parsed(argument: Argument | None) -> float | None:
    text = argument.text if argument is not None else None
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
