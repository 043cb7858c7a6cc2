"""TRN402: an estimator without an argument that it needs.

Without them the object cannot be constructed or its job cannot start. Source: sagemaker 2.257.7 (``estimator.py``,
``fw_utils.py: validate_version_or_image_args``, ``huggingface``, ``rl``, ``sklearn``, ``xgboost`` and
``pytorch/estimator.py``, ``workflow/steps.py``, ``workflow/pipeline_context.py``), sagemaker-train 1.27.0
(``model_trainer.py``). Not in scope: the role, which has a separate rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.rules.launcher.boto3_members import missing_members
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import (
    Problem,
    at_argument,
    at_call,
    is_left_out,
    is_set,
    of_one_class,
)
from flake8_training.rules.launcher.step_args import without_pipeline_session
from flake8_training.rules.rule import Condition, Example


class MissingEstimatorArgument(LauncherRule):
    """Reports estimators, trainers, tuners, steps and requests that lack an argument."""

    code = "TRN402"
    severity = Severity.ERROR
    summary = "a required estimator argument is missing"
    why = """
        Without an entry point, an instance type and count, or a framework version (or an image), the estimator raises
        when it is constructed, or the service refuses its job. An example: `ValueError: framework_version or py_version
        was None, yet image_uri was also None.` In a builder class this happens only when the step is built.

        If the `fit()` of an estimator returns the arguments of a step, the estimator needs a `PipelineSession`. With
        any other session the job starts at once.
    """
    fix = """
        Pass the missing argument.
    """
    reported_when = (
        "an estimator has no `instance_type` or `instance_count`, and no `instance_groups` (`SKLearn` needs "
        "no count)",
        "a framework estimator has no `entry_point`, or the general `Estimator` has no `image_uri`",
        "a framework estimator has neither `image_uri` nor its versions; `XGBoost` and `HuggingFace` need "
        "one version even with an image",
        "a `ModelTrainer` has neither `training_image` nor `algorithm_name`, or a `SourceCode` with "
        "`entry_script` has no `source_dir`",
        "a tuner lacks a required argument, or a training or tuning step lacks `name`, or both `step_args` "
        "and its estimator or tuner",
        "`step_args` of a step is the `fit()` of an estimator without a `PipelineSession`",
        "one of `subnets` and `security_group_ids` is passed without the other: to an estimator, to `Networking` "
        "(SDK v3) or to `NetworkConfig`",
        "a `create_training_job` request lacks a required member",
        "the step's `required_config` lists a parameter that the builder does not have (commit hook)",
    )
    not_reported_when = (
        Condition(
            "the argument may come from `**kwargs` that cannot be resolved, or the program assigns the "
            "attribute afterwards",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                '    framework_version="2.1",\n': ('    framework_version="2.1",\n    **options.SETTINGS,\n'),
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": "print(options.SETTINGS)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the argument is present under a misspelled or old name, because TRN403 reports that name",
            suppressed={
                '    framework_version="2.1",\n': ('    framework_version="2.1",\n    py_versoin="py310",\n')
            },
            reported={
                '    framework_version="2.1",\n': (
                    '    framework_version="2.1",\n    tags=[{"Key": "py_versoin", "Value": "py310"}],\n'
                )
            },
        ),
        Condition(
            "the role is missing, because TRN416 reports that",
            suppressed={"    role=sagemaker.get_execution_role(),\n": '    py_version="py310",\n'},
            reported={"    role=sagemaker.get_execution_role(),\n": ""},
        ),
        Condition(
            "the class may be one of several, or is `JumpStartEstimator`, or gets a `training_recipe`",
            suppressed={
                "import PyTorch\n": ("import PyTorch\nfrom sagemaker.xgboost import XGBoost\n"),
                "estimator = PyTorch(": (
                    "import sys\n\nkind = XGBoost if sys.argv[1:] else PyTorch\nestimator = kind("
                ),
            },
            reported={
                "import PyTorch\n": ("import PyTorch\nfrom sagemaker.xgboost import XGBoost\n"),
                "estimator = PyTorch(": (
                    "import sys\n\nprint(XGBoost if sys.argv[1:] else PyTorch)\nestimator = PyTorch("
                ),
            },
        ),
        Condition(
            "the call passes argument names of SDK v1, such as `train_instance_type`",
            suppressed={'    instance_type="ml.g5.xlarge",\n': '    train_instance_type="ml.g5.xlarge",\n'},
            reported={
                '    instance_type="ml.g5.xlarge",\n': (
                    '    instance_type="ml.g5.xlarge",\n'
                    '    tags=[{"Key": "train_instance_type", "Value": "ml.g5.xlarge"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "an argument that is `None` through a field, through a default that no call replaces, or through a data file",
    )
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(  # TRN402
                    entry_point="train.py",
                    framework_version="2.1",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
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
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = (
        "https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each call or request that lacks an argument."""
        yield from missing_arguments(launcher)
        yield from missing_members(launcher, launcher.requests)


# The arguments that select a framework's version; each is required unless an image is passed.
_VERSIONS = {
    "PyTorch": ("framework_version", "py_version"),
    "TensorFlow": ("framework_version", "py_version"),
    "MXNet": ("framework_version", "py_version"),
    "Chainer": ("framework_version", "py_version"),
    "SKLearn": ("framework_version",),
    "HuggingFace": ("transformers_version",),
    "RLEstimator": ("toolkit", "toolkit_version", "framework"),
}

# Required even if an image is passed: positional parameters without a default.
_ALWAYS = {"XGBoost": ("framework_version",), "HuggingFace": ("py_version",), "Estimator": ("image_uri",)}

_VPC = ("subnets", "security_group_ids")
"""The two arguments of a VPC: the estimator raises for one of them alone, and the API requires both."""

# Estimators that train on one instance if nothing else is passed (sklearn/estimator.py, amazon/lda.py).
_ON_ONE_INSTANCE = frozenset({"SKLearn", "LDA"})

# Estimators that fill in missing arguments from their model.
_FILLED_IN = frozenset({"JumpStartEstimator"})


def missing_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers, tuners and training steps lack."""
    for estimator in of_one_class(launcher):
        if estimator.is_trainer:
            yield from _of_trainer(estimator)
        elif estimator.name not in _FILLED_IN and is_left_out(estimator, "training_recipe"):
            yield from _of_estimator(estimator)
            yield from _half_of_vpc(estimator)
    for network in launcher.of("Networking", "NetworkConfig"):
        if network.local is None and network.is_of_one_class:
            yield from _half_of_vpc(network)
    for tuner in launcher.tuners:
        yield from _of_tuner(tuner)
    for step in launcher.steps:
        yield from _of_step(step)
    for code in launcher.of("SourceCode"):
        if code.local is None and code.is_of_one_class and is_left_out(code, "source_dir"):
            for argument in ("entry_script", "requirements"):
                found = code.get(argument)
                if found is not None and found.text is not None and found.certain:
                    yield at_call(code, f"SourceCode with {argument} and without source_dir")


def _of_estimator(estimator: Estimator) -> Iterator[Problem]:
    name = estimator.name
    if is_left_out(estimator, "instance_groups"):
        counts = () if name in _ON_ONE_INSTANCE else ("instance_count",)
        for argument in ("instance_type", *counts):
            if is_left_out(estimator, argument):
                yield at_call(estimator, f"{name} without {argument}")
    if estimator.is_framework and is_left_out(estimator, "entry_point"):
        yield at_call(estimator, f"{name} without entry_point")
    for argument in _ALWAYS.get(name, ()):
        if is_left_out(estimator, argument) and not _is_passed(estimator, argument):
            yield at_call(estimator, f"{name} without {argument}")
    if is_left_out(estimator, "image_uri"):
        for argument in _VERSIONS.get(name, ()):
            if is_left_out(estimator, argument):
                yield at_call(estimator, f"{name} without {argument} or image_uri")
        if name == "HuggingFace" and is_left_out(estimator, "pytorch_version", "tensorflow_version"):
            yield at_call(estimator, f"{name} without pytorch_version, tensorflow_version or image_uri")


def _half_of_vpc(sdk_object: SdkObject) -> Iterator[Problem]:
    for name, other in (_VPC, _VPC[::-1]):
        argument = is_set(sdk_object, name)
        if argument is not None and is_left_out(sdk_object, other):
            detail = f"{sdk_object.name} with {name} and without {other}"
            yield at_argument(sdk_object, argument, detail)


def _is_passed(sdk_object: SdkObject, name: str) -> bool:
    """Return whether an argument is passed, even as None."""
    return name in sdk_object.arguments


def _of_trainer(trainer: Estimator) -> Iterator[Problem]:
    if is_left_out(trainer, "training_image", "algorithm_name"):
        yield at_call(trainer, "ModelTrainer without training_image or algorithm_name")


def _of_tuner(tuner: SdkObject) -> Iterator[Problem]:
    needed = sorted(tuner.signature.required) if tuner.signature else []
    for argument in needed:
        if tuner.local is None and argument not in tuner.arguments and is_left_out(tuner, argument):
            yield at_call(tuner, f"{tuner.name} without {argument}")


def _of_step(step: SdkObject) -> Iterator[Problem]:
    either = {"TrainingStep": "estimator", "TuningStep": "tuner"}.get(step.name)
    if either is None or step.local is not None or step.signature is None:
        return
    if "name" not in step.arguments and is_left_out(step, "name"):
        yield at_call(step, f"{step.name} without name")
    alternatives = ("step_args", either) if step.sdk == "v2" else ("step_args",)
    if is_left_out(step, *alternatives):
        yield at_call(step, f"{step.name} without {' or '.join(alternatives)}")
    elif step.sdk == "v2":
        yield from without_pipeline_session(step, "fit", Estimator)
