"""TRN415: spot training that loses its work, or that the service refuses.

Source: CreateTrainingJob's documentation (spot training requires MaxWaitTimeInSeconds, not below MaxRuntimeInSeconds);
defaults of sagemaker 2.257.7 (``max_run`` 86400) and sagemaker-train 1.27.0 (3600).
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import Argument, Arguments
from flake8_training.launcher.sdk_objects import Estimator, Request, SdkObject, below
from flake8_training.record import replace
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, at_value, current, is_left_out
from flake8_training.rules.rule import Condition, Example

_BELOW = "max_wait is below max_run"
_MISSING = "max_wait is missing"


class CarelessSpotTraining(LauncherRule):
    """Reports managed spot training without a checkpoint, or with a wrong maximal wait."""

    code = "TRN415"
    severity = Severity.WARNING
    summary = "the spot training keeps no checkpoint"
    other_summaries = (_BELOW, _MISSING)
    why = """
        SageMaker takes a spot instance away when others need it. Without `checkpoint_s3_uri` the job then starts again
        from nothing, and a long training may never end.

        `max_wait` limits the time for waiting and running together. Spot training needs it, and the service refuses a
        value below `max_run`, whose default is 86,400 seconds (SDK v3: 3,600).
    """
    fix = """
        Pass `checkpoint_s3_uri`, and a `max_wait` of at least `max_run`.
    """
    error_when = ("SageMaker refuses the job: `max_wait` is missing, or below `max_run`",)
    reported_when = (
        "an estimator with a script has `use_spot_instances=True` and no `checkpoint_s3_uri`",
        "an estimator has `use_spot_instances=True` and no `max_wait`",
        "spot training is on, and `max_wait` is below `max_run` or its default, as written or by the default of an "
        "option or an environment variable",
        "a request has `MaxWaitTimeInSeconds` below `MaxRuntimeInSeconds`, or `EnableManagedSpotTraining` without it",
        "a `ModelTrainer` has `enable_managed_spot_training=True`, and neither `checkpoint_config` nor a "
        "call of `with_checkpoint_config`",
    )
    not_reported_when = (
        Condition(
            "spot training may be off, because the value is not `True` in every case",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "use_spot_instances=True,  # TRN415": "use_spot_instances=options.SPOT,",
                "max_wait=3600,  # TRN415": "max_wait=7200,",
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": "print(options.SPOT)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the estimator runs an image without an entry point, such as an algorithm of SageMaker (checkpoints "
            "only)",
            suppressed={
                "from sagemaker.pytorch import PyTorch": "from sagemaker.estimator import Estimator",
                "PyTorch(": "Estimator(",
                '    entry_point="train.py",\n    framework_version="2.1",\n    py_version="py310",\n': (
                    '    image_uri=sagemaker.image_uris.retrieve("xgboost", "eu-west-1", "1.7-1"),\n'
                ),
                "max_wait=3600,  # TRN415": "max_wait=7200,",
            },
            reported={
                "max_wait=3600,  # TRN415": (
                    'max_wait=7200,\n    tags=[{"Key": "image_uri", "Value": "none"}],'
                )
            },
        ),
        Condition(
            "the argument may come from `**kwargs` that cannot be resolved, or the program assigns the "
            "attribute afterwards",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "    use_spot_instances=True,  # TRN415\n": (
                    "    use_spot_instances=True,\n    **options.SETTINGS,\n"
                ),
                "max_wait=3600,  # TRN415": "max_wait=7200,",
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": "print(options.SETTINGS)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the call passes argument names of SDK v1 that v2 does not translate",
            suppressed={
                (
                    "    use_spot_instances=True,  # TRN415\n"
                    "    max_run=7200,\n"
                    "    max_wait=3600,  # TRN415\n"
                ): ("    use_spot_instances=True,\n    train_max_runs=7200,\n    max_wait=7200,\n")
            },
            reported={
                (
                    "    use_spot_instances=True,  # TRN415\n"
                    "    max_run=7200,\n"
                    "    max_wait=3600,  # TRN415\n"
                ): (
                    "    use_spot_instances=True,  # TRN415\n"
                    "    max_run=7200,\n"
                    "    max_wait=3600,  # TRN415\n"
                    '    tags=[{"Key": "train_max_runs", "Value": "1"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("an argument that is `None` through a field, or through a default that no call replaces",)
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,

                    use_spot_instances=True,  # TRN415
                    max_run=7200,
                    max_wait=3600,  # TRN415
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,

                    use_spot_instances=True,
                    max_run=3600,
                    max_wait=7200,
                    checkpoint_s3_uri="s3://churn-checkpoints/",
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each spot training without a checkpoint or with a wrong wait."""
        yield from careless_spot_training(launcher)


_DEFAULT_RUN_V2 = 24 * 60 * 60

_DEFAULT_RUN_V3 = 60 * 60


def careless_spot_training(launcher: Launcher) -> Iterator[Problem]:
    """Yield spot training without a checkpoint, and waiting times below the run time."""
    for estimator in current(launcher):
        yield from _of_trainer(estimator) if estimator.is_trainer else _of_estimator(estimator)
    for request in launcher.requests:
        for job in request.jobs:
            yield from _of_request(request, job)


def _of_estimator(estimator: Estimator) -> Iterator[Problem]:
    if not _is_on(estimator.get("use_spot_instances")):
        return
    spot = estimator.get("use_spot_instances")
    assert spot is not None
    # Most of SageMaker's built-in algorithms save no checkpoints.
    has_script = estimator.is_framework or not is_left_out(estimator, "entry_point")
    if has_script and is_left_out(estimator, "checkpoint_s3_uri"):
        detail = "an interrupted job begins again; pass checkpoint_s3_uri"
        yield at_argument(estimator, spot, detail)
    if is_left_out(estimator, "max_wait"):
        detail = "SageMaker refuses spot training without it; pass max_wait, at least as long as max_run"
        yield replace(at_argument(estimator, spot, detail, _MISSING), severity=Severity.ERROR)
    yield from _waits(estimator, "max_wait", estimator, "max_run", _DEFAULT_RUN_V2)


def _of_trainer(trainer: Estimator) -> Iterator[Problem]:
    compute = trainer.part("compute")
    spot = compute.get("enable_managed_spot_training") if compute else None
    if compute is None or spot is None or not _is_on(spot):
        return
    if is_left_out(trainer, "checkpoint_config") and not any(
        trainer.launcher.methods(trainer, "with_checkpoint_config")
    ):
        yield at_argument(compute, spot, "an interrupted job begins again; pass checkpoint_config")
    stopping = trainer.part("stopping_condition")
    if stopping is not None:
        names = ("max_wait_time_in_seconds", "max_runtime_in_seconds")
        yield from _waits(stopping, names[0], stopping, names[1], _DEFAULT_RUN_V3)


def _of_request(request: Request, job: Arguments) -> Iterator[Problem]:
    launcher, name = request.launcher, "MaxWaitTimeInSeconds"
    stopping = below(launcher, job, "StoppingCondition")
    if stopping is None:
        return
    entries = launcher.reader.entries(stopping.expression)
    wait, run = entries.only(name), entries.only("MaxRuntimeInSeconds")
    if _is_on(job.only("EnableManagedSpotTraining")) and entries.lacks(name):
        detail = f"SageMaker refuses spot training without it; pass {name}, at least as long as the run time"
        at = launcher.own(stopping.at, request.node)
        yield Problem(at, detail, request.node, Severity.ERROR, _MISSING)
    waits, longest = (_numbers(one) if one is not None and one.certain else [] for one in (wait, run))
    if wait is not None and waits and longest and 1 <= max(waits) < min(longest):
        detail = f"SageMaker refuses {name}={max(waits)} with MaxRuntimeInSeconds={min(longest)}"
        at = launcher.own(wait.at, request.node)
        yield Problem(at, detail, request.node, Severity.ERROR, _BELOW)


def _waits(waiting: SdkObject, wait: str, running: SdkObject, run: str, default: int) -> Iterator[Problem]:
    argument, limit = waiting.get(wait), running.get(run)
    if argument is None or wait in waiting.overridden or run in running.overridden:
        return
    longest = _numbers(limit) if limit is not None else [default] if is_left_out(running, run) else []
    waits = _numbers(argument)
    if waits and longest and 1 <= max(waits) < min(longest):
        value = max(waits)
        shown = f"{run}={min(longest)}" + ("" if limit is not None else ", the default")
        detail = f"SageMaker refuses {wait}={value} with {shown}"
        found = at_value(waiting, argument.expression, value, detail, _BELOW)
        yield replace(found, severity=Severity.ERROR)


def _numbers(argument: Argument) -> list[int | float]:
    """Return the numbers that an argument can be, without None; empty if it can be anything else."""
    found: list[int | float] = []
    values = (
        (argument.expression.by_default,)
        if len(argument.expression.values) == 1
        else argument.expression.constants
    )
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append(value)
        elif value is not None:
            return []
    return found if len(values) == len(argument.expression.values) else []


def _is_on(argument: Argument | None) -> bool:
    return argument is not None and argument.expression.by_default is True
