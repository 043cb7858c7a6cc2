"""TRN437: settings of a job that exclude each other, or of which one needs the other.

Source: sagemaker 2.257.7 ``estimator.py`` (local mode, ``file://`` outputs), ``job.py`` (instance groups),
``session.py`` (``checkpoint_local_path``), ``utils.py: instance_supports_kms``, ``workflow/steps.py`` (``step_args``);
botocore's documentation of ResourceConfig and StoppingCondition; the developer guide (warm pools, file systems). A
separate rule checks spot training by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.engine.values.values import Constant, LibraryObject
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import Argument, Arguments
from flake8_training.launcher.sdk_objects import Estimator, Request, SdkObject, below
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.method_calls import method_calls
from flake8_training.rules.launcher.problem import (
    Problem,
    at_argument,
    current,
    is_left_out,
    is_set,
    is_true,
)
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.instances import LOCAL_TYPES, has_local_storage, instance_types

_LAUNCHER = """
    import sagemaker
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="train.py",
        framework_version="2.1",
        py_version="py310",
        role=sagemaker.get_execution_role(),
        instance_type="ml.g5.xlarge",
        instance_count=1,
        {setting}
    )
    estimator.fit({{"train": "s3://churn-data/train"}})
"""


class ConflictingSettings(LauncherRule):
    """Reports pairs of settings that the SDK or the service refuses, or of which one has no effect."""

    code = "TRN437"
    severity = Severity.ERROR
    summary = "the settings do not fit together"
    why = """
        Each setting alone is right, and the pair is refused: by the SDK when the estimator is constructed or started,
        such as `ValueError: Setting checkpoint_s3_uri is not supported in local mode.`, or by the service when the job
        is created. `checkpoint_local_path` without `checkpoint_s3_uri` is dropped silently: the checkpoints are lost.
    """
    fix = """
        Remove one of the two, or pass the one that is needed.
    """
    reported_when = (
        "`instance_type` is `local` or `local_gpu`, and the session is no `LocalSession`, spot training is on, or a "
        "checkpoint location is set; or `local_gpu` has several instances",
        "`output_path` begins with `file://`, and the job runs on instances of SageMaker",
        "`volume_kms_key` is set for an instance type with local storage, which has a key of its own",
        "`keep_alive_period_in_seconds` is set together with spot training or with `instance_groups`",
        "`instance_groups` are set together with `instance_type` or `instance_count`",
        "`max_wait` is set without spot training and without `max_retry_attempts`, whose attempts it limits together",
        "`checkpoint_local_path` is set without `checkpoint_s3_uri`",
        "a channel is a file system (EFS or FSx), and the job has no `subnets`",
        "a step has `step_args` and an argument that belongs to `run()` or `fit()`, which lacks it: the step drops "
        "`inputs`, `outputs` and `job_arguments`",
        "`Compute` and `StoppingCondition` of SDK v3, or a boto3 request, contain such a pair",
    )
    not_reported_when = (
        Condition(
            "one of the two is unknown, may be one of several values, or is assigned afterwards",
            suppressed={
                '    volume_kms_key="alias/churn",  # TRN437\n': '    volume_kms_key="alias/churn",\n',
                'estimator.fit({"train": "s3://churn-data/train"})': (
                    'estimator.instance_type = "ml.m5.xlarge"\n'
                    'estimator.fit({"train": "s3://churn-data/train"})'
                ),
            },
            reported={
                'estimator.fit({"train": "s3://churn-data/train"})': (
                    'estimator.instance_kind = "ml.m5.xlarge"\n'
                    'estimator.fit({"train": "s3://churn-data/train"})'
                )
            },
        ),
        Condition(
            "the missing one may come from `**kwargs` that cannot be resolved",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                '    volume_kms_key="alias/churn",  # TRN437\n': (
                    "    use_spot_instances=True,\n    **options.SETTINGS,\n"
                ),
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                '    volume_kms_key="alias/churn",  # TRN437\n': "    max_wait=7200,  # TRN437\n",
                "estimator = PyTorch(": "print(options.SETTINGS)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the call passes argument names of SDK v1, such as `train_instance_type`",
            suppressed={"    instance_count=1,\n": "    instance_count=1,\n    train_max_runs=1,\n"},
            reported={
                "    instance_count=1,\n": (
                    '    instance_count=1,\n    tags=[{"Key": "train_max_runs", "Value": "1"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {"launch.py": _LAUNCHER.format(setting='volume_kms_key="alias/churn",  # TRN437')},
    )
    good = Example({"launch.py": _LAUNCHER.format(setting='output_kms_key="alias/churn",')})
    references = (
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/train-warm-pools.html",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each pair of settings that does not go together."""
        for estimator in current(launcher):
            note_question()
            if estimator.arguments.open_ended:
                note_unknown(Reason.MAPPING, estimator.node, weak=True)
            if estimator.is_trainer:
                yield from _trainer(estimator)
            else:
                yield from _local_mode(estimator)
                yield from _estimator(estimator)
        yield from _dropped_by_steps(launcher)
        for compute in launcher.of("Compute"):
            yield from _resources(compute, "enable_managed_spot_training", "volume_kms_key_id")
        for request in launcher.requests:
            for job in request.jobs:
                yield from _request(request, job)


def _kind(estimator: SdkObject) -> str | None:
    argument = is_set(estimator, "instance_type")
    return argument.text if argument is not None else None


def _local_mode(estimator: Estimator) -> Iterator[Problem]:
    kind = _kind(estimator)
    if kind in LOCAL_TYPES:
        session = is_set(estimator, "sagemaker_session")
        if session is not None and all(map(_is_remote_session, session.values)):
            yield at_argument(estimator, session, f"instance_type {kind!r} needs a LocalSession")
        if (spot := is_true(estimator, "use_spot_instances")) is not None:
            yield at_argument(estimator, spot, "local mode has no spot training")
        for name in ("checkpoint_s3_uri", "checkpoint_local_path"):
            argument = is_set(estimator, name)
            if argument is not None and any(one for one in argument.expression.beginnings):
                yield at_argument(estimator, argument, f"local mode has no {name}")
        count = is_set(estimator, "instance_count")
        if (
            kind == "local_gpu"
            and count is not None
            and isinstance(count.constant, int)
            and count.constant > 1
        ):
            yield at_argument(estimator, count, "local_gpu runs on one instance")
    elif kind in instance_types():
        output = is_set(estimator, "output_path")
        if output is not None and all(
            one.startswith("file://") for one in output.expression.beginnings or ("",)
        ):
            yield at_argument(estimator, output, f"output_path is a local folder, and {kind} is not local")


def _is_remote_session(value: object) -> bool:
    """Return whether a session is one of the SDK that is certainly not for local mode."""
    return isinstance(value, LibraryObject) and _REMOTE_SESSION.fullmatch(value.name) is not None


_REMOTE_SESSION = pattern(r"sagemaker\.(?:[\w.]+\.)?(?:Session|PipelineSession)\(\)")


def _estimator(estimator: Estimator) -> Iterator[Problem]:
    yield from _resources(estimator, "use_spot_instances", "volume_kms_key")
    if is_left_out(estimator, "use_spot_instances") or _is_off(estimator, "use_spot_instances"):
        wait = _positive(estimator, "max_wait")
        if wait is not None and is_left_out(estimator, "max_retry_attempts"):
            yield at_argument(
                estimator, wait, "max_wait is for spot training, and use_spot_instances is not on"
            )
    local = is_set(estimator, "checkpoint_local_path")
    if (
        local is not None
        and is_left_out(estimator, "checkpoint_s3_uri")
        and _kind(estimator) not in LOCAL_TYPES
    ):
        detail = "checkpoint_local_path has no effect without checkpoint_s3_uri"
        yield at_argument(estimator, local, detail)
    if is_left_out(estimator, "subnets"):
        for job in estimator.jobs:
            for channel in job.channels.entries:
                found = (
                    estimator.launcher.constructions_in(channel.expression)
                    if channel.expression is not None
                    else ()
                )
                is_only = channel.expression is not None and len(channel.expression.values) == 1
                if channel.certain and is_only and len(found) == 1 and found[0].name == "FileSystemInput":
                    node = estimator.launcher.own(channel.at, job.node)
                    detail = (
                        f"channel {channel.name} is a file system, which needs subnets and security_group_ids"
                    )
                    yield Problem(node, detail, job.node)


_DROPPED = {
    "ProcessingStep": ("run", {"inputs": "inputs", "outputs": "outputs", "job_arguments": "arguments"}),
    "TrainingStep": ("fit", {"inputs": "inputs"}),
    "TuningStep": ("fit", {"inputs": "inputs"}),
}
"""Steps of SDK v2, the method that returns their ``step_args``, and the arguments of the step that are its own then."""


def _dropped_by_steps(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that a step drops because it has ``step_args``, which lack them."""
    steps = [step for step in launcher.steps if step.name in _DROPPED and step.sdk == "v2"]
    if not steps:
        return
    calls = {id(call.node): call for call in method_calls(launcher, ("run", "fit"))}
    for step in steps:
        method, names = _DROPPED[step.name]
        source = is_set(step, "step_args") if step.local is None else None
        if source is None or len(source.values) != 1 or not isinstance(source.values[0], LibraryObject):
            continue
        site = source.values[0].site
        call = calls.get(id(site.node)) if site is not None else None
        if call is None or call.method != method or call.arguments.open_ended:
            continue
        for name, own in names.items():
            dropped = is_set(step, name)
            if dropped is not None and own not in call.arguments:
                detail = f"{step.name} drops {name} besides step_args, pass {own} to {method}()"
                yield at_argument(step, dropped, detail)


def _resources(sdk_object: SdkObject, spot: str, key: str) -> Iterator[Problem]:
    kind = _kind(sdk_object)
    locked = is_set(sdk_object, key)
    if locked is not None and kind is not None and has_local_storage(kind):
        yield at_argument(
            sdk_object, locked, f"{key} is for volumes, and {kind} has local storage with its own key"
        )
    alive = _positive(sdk_object, "keep_alive_period_in_seconds")
    groups = is_set(sdk_object, "instance_groups")
    if alive is not None and is_true(sdk_object, spot) is not None:
        yield at_argument(sdk_object, alive, "a warm pool has no spot instances")
    if alive is not None and groups is not None:
        yield at_argument(sdk_object, alive, "a warm pool has no instance groups")
    if groups is not None:
        for name in ("instance_type", "instance_count"):
            other = is_set(sdk_object, name)
            if other is not None:
                yield at_argument(sdk_object, other, f"{name} besides instance_groups")


def _trainer(trainer: Estimator) -> Iterator[Problem]:
    compute, stopping = trainer.part("compute"), trainer.part("stopping_condition")
    if stopping is None or not (compute is not None or is_left_out(trainer, "compute")):
        return
    spot = "enable_managed_spot_training"
    is_off = compute is None or is_left_out(compute, spot) or _is_off(compute, spot)
    wait = _positive(stopping, "max_wait_time_in_seconds")
    if wait is not None and is_off:
        detail = f"max_wait_time_in_seconds is for spot training, and {spot} is not on"
        yield at_argument(stopping, wait, detail)


def _is_off(sdk_object: SdkObject, name: str) -> bool:
    argument = is_set(sdk_object, name)
    return argument is not None and argument.values == (Constant(False),)


def _positive(sdk_object: SdkObject, name: str) -> Argument | None:
    """Return the argument if it is certainly a number above 0."""
    argument = is_set(sdk_object, name)
    return argument if argument is not None and _is_positive(argument) else None


def _is_positive(argument: Argument) -> bool:
    value = argument.constant
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _request(request: Request, job: Arguments) -> Iterator[Problem]:
    launcher = request.launcher
    resources = below(launcher, job, "ResourceConfig")
    entries = launcher.reader.entries(resources.expression) if resources is not None else Arguments()
    key, kind = entries.only("VolumeKmsKeyId"), entries.only("InstanceType")
    if key is not None and key.certain and kind is not None and kind.text and has_local_storage(kind.text):
        node = launcher.own(key.at, request.node)
        detail = f"VolumeKmsKeyId is for volumes, and {kind.text} has local storage with its own key"
        yield Problem(node, detail, request.node)
    spot = job.only("EnableManagedSpotTraining")
    alive = entries.only("KeepAlivePeriodInSeconds")
    if spot is not None and spot.constant is True and alive is not None and _is_positive(alive):
        node = launcher.own(alive.at, request.node)
        yield Problem(node, "a warm pool has no spot instances", request.node)
    is_off = job.lacks("EnableManagedSpotTraining") or (
        spot is not None and spot.values == (Constant(False),)
    )
    wait = below(launcher, job, "StoppingCondition", "MaxWaitTimeInSeconds")
    if wait is not None and is_off and job.lacks("RetryStrategy") and _is_positive(wait):
        node = launcher.own(wait.at, request.node)
        detail = "MaxWaitTimeInSeconds is for spot training, and EnableManagedSpotTraining is not on"
        yield Problem(node, detail, request.node)
