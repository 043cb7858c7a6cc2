"""TRN211: instances that SageMaker cannot start a job on.

Source: sagemaker 2.257.7 ``image_uris.py: _validate_arg`` (processors), ``fw_utils.py``
(``SM_DATAPARALLEL_SUPPORTED_INSTANCE_TYPES``, ``validate_torch_distributed_distribution``, ``_is_gpu_instance``). The
SDK raises for ``torch_distributed`` on a CPU when the estimator is constructed. SageMaker's data parallel library ends
the job on an instance type that it does not support.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from flake8_training.finding import Severity
from flake8_training.fix import Fix, renamed
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.launcher.placeholders import is_placeholder, names_a_setting
from flake8_training.launcher.sdk_classes import PROCESSORS, TRANSFORMERS
from flake8_training.launcher.sdk_objects import Estimator, Request, SdkObject, below
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_value, current, is_left_out
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.estimator_settings import (
    JUDGES,
    OF_PROCESSING,
    OF_TRANSFORM,
    judge_count,
    judge_processing_run,
    judge_run,
    judge_type,
    judge_volume,
)
from flake8_training.sagemaker.framework_versions import processors
from flake8_training.sagemaker.instances import Job, accelerator, instance_types, intended_type
from flake8_training.sagemaker.signatures import is_subclass


class ImpossibleInstances(LauncherRule):
    """Reports instance types, counts, volumes and run times that the service refuses."""

    code = "TRN211"
    severity = Severity.ERROR
    summary = "the instance setting is wrong"
    why = """
        SageMaker refuses a job whose instance type does not exist, whose instance count is 0, or whose run time exceeds
        28 days. The SDK checks none of these. In a pipeline the refusal comes when the step starts, after the earlier
        steps have run.

        A distributed training needs fitting instances as well. The SDK refuses `torch_distributed` on a CPU.
        `smdistributed.dataparallel` ends the job on every instance type that it does not support.
    """
    fix = """
        Write an instance type for this kind of job, a count of at least 1, a volume of 1 to 16,384 GB and a run time of
        at most 28 days (processing: 9 days).
    """
    fixable = "corrects a misspelled instance type"
    reported_when = (
        "an instance type does not exist, or exists only for other jobs, endpoints or notebooks, such as "
        "`ml.t2.medium`",
        "the same of a processor or a transformer, whose instances have types of their own",
        "an instance count is below 1, a volume is below 1 GB or above 16,384 GB, or a run time is below 1 "
        "second or above 28 days (of a processing job, 9 days)",
        "a count, volume or run time is a string of digits, or no whole number",
        "`smdistributed.dataparallel` is enabled on an instance type other than `ml.p3.16xlarge`, "
        "`ml.p3dn.24xlarge`, `ml.p4d.24xlarge` and `ml.p4de.24xlarge`",
        "`torch_distributed` is enabled without `image_uri`, and the instance type has no GPU and is no "
        "Trainium",
        "the framework has images for CPUs only, such as scikit-learn, and the instance type has a GPU or "
        "another accelerator; or images for GPUs only, such as Hugging Face, and the instance type has no GPU",
        "`@remote`, `@step` or `RemoteExecutor` gets such a value",
        "such a value is the default of a parameter, an option, an environment variable, or of the step's "
        "configuration class (commit hook)",
        "a constant setting of the step's builder or of `required_config` is not the specification's (commit hook)",
    )
    not_reported_when = (
        Condition(
            "the family of the instance type is unknown, because it may be newer than the rule's table",
            suppressed={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.z99.xlarge"',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
            },
            reported={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.m5.xlarge99"  # TRN211',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
            },
        ),
        Condition(
            "the instance type is `local` or `local_gpu`",
            suppressed={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "local"',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
            },
            reported={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.local"  # TRN211',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
            },
        ),
        Condition(
            "the value is unknown or a placeholder, such as `<instance type>`",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "<instance type>"',
                "    instance_count=0,  # TRN211\n": "    instance_count=options.COUNT,\n",
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "instance type"  # TRN211',
            },
        ),
        Condition(
            "the value is the name of a setting in capitals that something replaces, such as `TRAINING_INSTANCE_TYPE`",
            suppressed={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "TRAINING_INSTANCE_TYPE"',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
            },
            reported={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.TRAINING_INSTANCE_TYPE"  # TRN211',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
            },
        ),
        Condition(
            "the call passes argument names of SDK v1 that v2 does not translate",
            suppressed={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.m5.xlarge"',
                "    instance_count=0,  # TRN211\n": "    instance_count=0,\n    train_max_runs=1,\n",
            },
            reported={
                "    instance_count=0,  # TRN211\n": (
                    '    instance_count=0,  # TRN211\n    tags=[{"Key": "train_max_runs", "Value": "1"}],\n'
                )
            },
        ),
        Condition(
            "the argument of `SKLearnProcessor` has no name: the order of its parameters differs between versions of "
            "the SDK",
            suppressed={
                "import sagemaker\n": "import sagemaker\nfrom sagemaker.sklearn.processing import SKLearnProcessor\n",
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.m5.xlarge"',
                "    instance_count=0,  # TRN211\n": "    instance_count=1,\n",
                "estimator.fit": (
                    'SKLearnProcessor("1.2-1", "Role", "ml.m5.large", 1).run(code="a.py")\nestimator.fit'
                ),
            },
            reported={
                "import sagemaker\n": "import sagemaker\nfrom sagemaker.sklearn.processing import SKLearnProcessor\n",
                "estimator.fit": (
                    'SKLearnProcessor("1.2-1", "Role", instance_count=0, instance_type=INSTANCE).run(  # TRN211\n'
                    '    code="a.py"\n)\nestimator.fit'
                ),
            },
        ),
        Condition(
            "the program assigns the attribute after it constructs the estimator",
            suppressed={
                'INSTANCE = "ml.m5.xlagre"  # TRN211': 'INSTANCE = "ml.m5.xlarge"',
                "    instance_count=0,  # TRN211\n": "    instance_count=0,\n",
                "estimator.fit": "estimator.instance_count = 1\nestimator.fit",
            },
            reported={"estimator.fit": "estimator.instances = 1\nestimator.fit"},
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.xgboost import XGBoost

                INSTANCE = "ml.m5.xlagre"  # TRN211

                estimator = XGBoost(
                    entry_point="train.py",
                    framework_version="1.7-1",
                    role=sagemaker.get_execution_role(),
                    instance_type=INSTANCE,
                    instance_count=0,  # TRN211
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.xgboost import XGBoost

                INSTANCE = "ml.m5.xlarge"

                estimator = XGBoost(
                    entry_point="train.py",
                    framework_version="1.7-1",
                    role=sagemaker.get_execution_role(),
                    instance_type=INSTANCE,
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each value that the service or the library refuses."""
        yield from impossible_instances(launcher)
        yield from misplaced(launcher)


_Judge = Callable[[object], str | None]
_Judges = dict[str, _Judge]

_OTHER_JOBS: dict[str, tuple[Job, _Judges]] = {
    **dict.fromkeys(PROCESSORS, ("processing", OF_PROCESSING)),
    **dict.fromkeys(TRANSFORMERS, ("transform", OF_TRANSFORM)),
}
"""The classes of other jobs, and the checks of their arguments."""

_REORDERED = "SKLearnProcessor"
"""The class of which the type came before the count, and comes after it (sagemaker 2.100.0 and 2.115.0)."""

_REQUEST: _Judges = {
    "ResourceConfig.InstanceType": judge_type,
    "ResourceConfig.InstanceCount": judge_count,
    "ResourceConfig.VolumeSizeInGB": judge_volume,
    "StoppingCondition.MaxRuntimeInSeconds": judge_run,
}

_CLUSTER = "ProcessingResources.ClusterConfig"
_PROCESSING_REQUEST: _Judges = {
    f"{_CLUSTER}.InstanceType": OF_PROCESSING["instance_type"],
    f"{_CLUSTER}.InstanceCount": judge_count,
    f"{_CLUSTER}.VolumeSizeInGB": judge_volume,
    "StoppingCondition.MaxRuntimeInSeconds": judge_processing_run,
}


def impossible_instances(launcher: Launcher) -> Iterator[Problem]:
    """Yield the invalid instance settings of a launcher's jobs."""
    for estimator in current(launcher):
        if estimator.local is None or estimator.arguments.entries:
            yield from _of(estimator)
    for sdk_object in launcher.of("Compute", "InstanceGroup", "StoppingCondition"):
        yield from _of(sdk_object)
    for sdk_object in launcher.constructions:
        for base, (job, judges) in _OTHER_JOBS.items():
            if sdk_object.local is None and is_subclass(sdk_object.class_name, base):
                yield from _of(sdk_object, job, judges)
    for specification in launcher.specifications:
        if specification.settings is not None:
            for entry in specification.settings:
                for value, reason in _judged(entry):
                    at = launcher.literal(entry.expression, value, specification.node)
                    yield Problem(at, reason, specification.node, fix=_fix(at, entry.name, value))
    for call in launcher.remote_calls:
        for argument in call.arguments:
            for value, reason in _judged(argument):
                at = launcher.literal(argument.expression, value, call.node)
                yield Problem(at, reason, call.node, fix=_fix(at, argument.name, value))
    for request in launcher.requests:
        for path, judge in _REQUEST.items():
            for expression in request.at(path):
                yield from _of_member(launcher, request, path, expression, judge, "training")
    for request in launcher.processing_requests:
        for path, judge in _PROCESSING_REQUEST.items():
            member = below(launcher, request.members, *path.split("."))
            if member is not None:
                yield from _of_member(launcher, request, path, member.expression, judge, "processing")


def _of_member(
    launcher: Launcher, request: Request, path: str, expression: LocatedExpression, judge: _Judge, job: Job
) -> Iterator[Problem]:
    for value in expression.candidates:
        wrong = judge(value)
        if wrong:
            at = launcher.literal(expression, value, request.node)
            yield Problem(at, wrong, request.node, fix=_fix(at, path.rpartition(".")[2], value, job))


def _fix(at: ast.AST, name: str, value: object, job: Job = "training") -> Fix | None:
    """Return the fix of a misspelled instance type."""
    meant = intended_type(value, job) if name in ("instance_type", "InstanceType") else None
    return renamed(at, str(value), meant) if meant is not None else None


def _of(sdk_object: SdkObject, job: Job = "training", judges: _Judges = JUDGES) -> Iterator[Problem]:
    unnamed = sdk_object.node.args if sdk_object.name == _REORDERED else ()
    for argument in sdk_object.arguments:
        if argument.name not in sdk_object.overridden and argument.at not in unnamed:
            for value, reason in _judged(argument, judges):
                meant = intended_type(value, job) if argument.name == "instance_type" else None
                yield at_value(sdk_object, argument.expression, value, reason, meant=meant)


def _judged(argument: Argument, judges: _Judges = JUDGES) -> Iterator[tuple[object, str]]:
    """Yield the invalid values of an argument or entry, with the reasons."""
    judge = judges.get(argument.name)
    if judge is None or argument.encoding:
        return
    for value in argument.expression.candidates:
        unfilled = isinstance(value, str) and (is_placeholder(value) or names_a_setting(value))
        reason = None if unfilled else judge(value)
        if reason is not None:
            yield value, reason


_DATA_PARALLEL = ("ml.p3.16xlarge", "ml.p3dn.24xlarge", "ml.p4d.24xlarge", "ml.p4de.24xlarge")


def misplaced(launcher: Launcher) -> Iterator[Problem]:
    """Yield the instance types that do not support an estimator's distribution or image."""
    for estimator in current(launcher):
        instance, argument = estimator.get("instance_type"), estimator.get("distribution")
        if instance is None or estimator.overridden & {"instance_type", "distribution"}:
            continue
        distribution = launcher.reader.entries(argument.expression) if argument is not None else Arguments()
        for value in instance.expression.constants:
            if not isinstance(value, str) or value not in instance_types():
                continue
            reason = _judged_distribution(estimator, value, distribution) or _without_image(estimator, value)
            if reason:
                yield at_value(estimator, instance.expression, value, f"{value} {reason}")


def _without_image(estimator: Estimator, instance: str) -> str:
    """Return why the framework has no image for an instance type, or "": all of its images are for CPUs."""
    if estimator.framework is None or not is_left_out(estimator, "image_uri"):
        return ""
    found, computes_on = processors(estimator.framework), accelerator(instance)
    if found == {"cpu"} and computes_on != "cpu":
        return f"has a GPU or an accelerator, and {estimator.name} has images for CPUs only"
    if found == {"gpu"} and computes_on == "cpu":
        return f"has no GPU, and {estimator.name} has images for GPUs only"
    return ""


def _judged_distribution(estimator: Estimator, instance: str, distribution: Arguments) -> str:
    reader = estimator.launcher.reader
    smdistributed = distribution.only("smdistributed")
    if smdistributed is not None and smdistributed.certain:
        found = reader.entries(smdistributed.expression).only("dataparallel")
        if found is not None and found.certain and _is_enabled(estimator, found.expression):
            if instance not in _DATA_PARALLEL:
                return f"is none that smdistributed.dataparallel runs on ({', '.join(_DATA_PARALLEL)})"
    torch = distribution.only("torch_distributed")
    if torch is not None and torch.certain and _is_enabled(estimator, torch.expression):
        if is_left_out(estimator, "image_uri") and accelerator(instance) == "cpu":
            return "has no GPU and is no Trainium, which torch_distributed asks for"
    return ""


def _is_enabled(estimator: Estimator, expression: LocatedExpression) -> bool:
    enabled = estimator.launcher.reader.entries(expression).only("enabled")
    return enabled is not None and enabled.certain and enabled.constant is True
