"""TRN403: an argument that an estimator does not accept.

SDK v2's estimators pass unknown keywords on until ``EstimatorBase`` drops them (sagemaker 2.257.7). Its other classes
and methods raise TypeError, and the classes of v3 reject them at construction (``extra="forbid"``). A training step
accepts one of two arguments, not both (``workflow/steps.py``); so does the trainer of v3.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.fix import renamed
from flake8_training.launcher import Launcher
from flake8_training.launcher.argument_names import meant_argument
from flake8_training.launcher.remote_functions import PARAMETERS
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.rules.launcher.boto3_members import unknown_members
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, of_one_class
from flake8_training.rules.launcher.unknown_arguments import unknown_arguments_of
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.signatures import signature
from flake8_training.spelling import did_you_mean


class UnknownEstimatorArgument(LauncherRule):
    """Reports arguments that an estimator, a trainer, a part of it, a step or a request does not accept."""

    code = "TRN403"
    severity = Severity.ERROR
    summary = "the argument is unknown"
    why = """
        The estimators of SDK v2 accept `**kwargs` and drop an argument that they do not know. `metric_definition=[...]`
        records no metric, `checkpoint_s3_url=` saves no checkpoint, and `volume_size_in_gb=500` leaves the disk at 30
        GB. No error appears. The classes of SDK v3 refuse unknown arguments when they are constructed.
    """
    fix = """
        Use the name that the message suggests, or remove the argument.
    """
    fixable = "renames a misspelled argument or member"
    warning_when = (
        "the argument of the right name is passed as well, with the same value",
        "SDK v2 ignores the argument, and nothing is lost: another argument or the session has its value, or `False` "
        "switches off what another estimator does (`model_dir=False`), or `session=sagemaker.Session()` is the default",
    )
    reported_when = (
        "an estimator of SDK v2 gets an argument that it does not know",
        "`fit()` gets an argument that it does not know, or `train()` a misspelled one",
        "a class of SDK v3, a tuner, or a training or tuning step gets a misspelled argument, or one that another "
        "version of the SDK has",
        "a training or tuning step of SDK v2 gets an argument that it does not have",
        "a training or tuning step gets `step_args` and its estimator or tuner, or a `ModelTrainer` both "
        "`training_image` and `algorithm_name`",
        "a `create_training_job` request has a misspelled member, or the beginning of one (`KmsKey` for `KmsKeyId`)",
        "`@remote`, `@step` or `RemoteExecutor` gets a misspelled argument, or one that SDK v2 lacks (TypeError)",
    )
    not_reported_when = (
        Condition(
            "the name is one of SDK v1 that v2 still translates, such as `train_instance_type`",
            suppressed={
                "    volume_size_in_gb=500,  # TRN403\n": "",
                '    instance_type="ml.g5.xlarge",\n': '    train_instance_type="ml.g5.xlarge",\n',
            },
            reported={
                "    volume_size_in_gb=500,  # TRN403\n": "",
                '    instance_type="ml.g5.xlarge",\n': (
                    '    instance_type="ml.g5.xlarge",\n    instance_typ="ml.g5.xlarge",  # TRN403\n'
                ),
            },
        ),
        Condition(
            "another kind of step gets the argument, because TRN434 reports that",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker.workflow.steps import ProcessingStep\n\n"
                        'ProcessingStep(name="Clean", step_arg=None)\n'
                    )
                }
            ),
            reported={
                "import ProcessingStep": "import TrainingStep",
                'ProcessingStep(name="Clean", step_arg=None)': (
                    'TrainingStep(name="Train", step_arg=None)  # TRN403'
                ),
            },
        ),
        Condition(
            "a class of SDK v3 gets a name that resembles none of its arguments, because the rule's table may "
            "be older than the SDK",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker.core.training.configs import Compute\n"
                        "\n"
                        'Compute(instance_type="ml.m5.xlarge", instance_count=1, lustre="fast")\n'
                    )
                }
            ),
            reported={
                'instance_count=1, lustre="fast")': "instance_cuont=1)  # TRN403",
            },
        ),
        Condition(
            "the project's own subclass gets the argument",
            suppressed={
                "estimator = PyTorch(": (
                    "class Ours(PyTorch):\n"
                    "    def __init__(self, volume_size_in_gb, **settings):\n"
                    "        super().__init__(volume_size=volume_size_in_gb, **settings)\n"
                    "\n"
                    "\n"
                    "estimator = Ours("
                )
            },
            reported={
                "estimator = PyTorch(": (
                    "class Ours(PyTorch):\n"
                    "    def __init__(self, volume_size_in_gb, **settings):\n"
                    "        super().__init__(volume_size=volume_size_in_gb, **settings)\n"
                    "\n"
                    "\n"
                    "estimator = PyTorch("
                )
            },
        ),
        Condition(
            "the class may be one of several",
            suppressed={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": (
                    "import sys\n\nkind = options.ESTIMATOR if sys.argv[1:] else PyTorch\nestimator = kind("
                ),
            },
            reported={
                "import sagemaker\n": "import options\nimport sagemaker\n",
                "estimator = PyTorch(": (
                    "import sys\n"
                    "\n"
                    "print(options.ESTIMATOR if sys.argv[1:] else PyTorch)\n"
                    "estimator = PyTorch("
                ),
            },
        ),
        NOT_IN_TESTS,
    )
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
                    volume_size_in_gb=500,  # TRN403
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
                    volume_size=500,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = (
        "https://github.com/aws/sagemaker-python-sdk/issues/2275",
        "https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each argument or member that is unknown."""
        yield from unknown_arguments(launcher)
        yield from unknown_members(launcher, launcher.requests)
        yield from unknown_to_remote(launcher)


_PARTS_OF_TRAINER = frozenset(
    "SourceCode Compute InputData StoppingCondition CheckpointConfig Networking OutputDataConfig MetricDefinition "
    "TensorBoardOutputConfig RetryStrategy Torchrun MPI SMP".split()
)

STEPS_OF_TRAINING = frozenset({"TrainingStep", "TuningStep"})
"""The steps whose arguments belong to an estimator or tuner; TRN434 checks the other steps."""

_EITHER = {
    ("TrainingStep", "v2"): (("step_args", "estimator"),),
    ("TuningStep", "v2"): (("step_args", "tuner"),),
    ("ModelTrainer", "v3"): (("training_image", "algorithm_name"),),
}


def unknown_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers and their parts do not accept."""
    for estimator in of_one_class(launcher):
        if estimator.local is None:
            yield from unknown_arguments_of(estimator, raising=False, repeated=Severity.WARNING)
            yield from _unknown_to_start(launcher, estimator)
    for sdk_object in (*launcher.of(*_PARTS_OF_TRAINER), *launcher.tuners):
        if sdk_object.local is None and sdk_object.is_of_one_class:
            yield from unknown_arguments_of(sdk_object, raising=False, repeated=Severity.WARNING)
    for step in launcher.steps:
        if step.name in STEPS_OF_TRAINING and step.local is None and step.is_of_one_class:
            yield from unknown_arguments_of(step, raising=True, repeated=Severity.WARNING)
    for sdk_object in (*launcher.steps, *of_one_class(launcher)):
        yield from _either(sdk_object)


def unknown_to_remote(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that the decorators of remote functions do not accept."""
    for call in launcher.remote_calls:
        known = PARAMETERS[call.name]
        for argument in call.arguments:
            intended = meant_argument(argument.name, known)
            if argument.name in (*known, "_func") or not argument.certain:
                continue
            if intended is not None or call.sdk == "v2":
                at = launcher.own(argument.at, call.node)
                fix = renamed(at, argument.name, intended) if intended is not None else None
                detail = f"{call.name}() has no {argument.name}{did_you_mean(intended)}"
                yield Problem(at, detail, call.node, fix=fix)


def _unknown_to_start(launcher: Launcher, estimator: Estimator) -> Iterator[Problem]:
    """Yield the arguments that ``fit`` or ``train`` does not accept."""
    for job in estimator.jobs:
        starter = estimator if job.tuner is None else job.tuner
        taken = signature(f"{starter.class_name}.{job.method}")
        if job.method == "step" or taken is None or (taken.accepts_any and job.tuner is None):
            continue
        for keyword in job.node.keywords:
            if keyword.arg is None or keyword.arg in taken.known:
                continue
            intended = meant_argument(keyword.arg, taken.known)
            if intended is not None or (taken.sdk == "v2" and not taken.accepts_any):
                hint = did_you_mean(intended)
                fix = renamed(keyword, keyword.arg, intended) if intended is not None else None
                yield Problem(keyword, f"{job.method}() has no {keyword.arg}{hint}", job.node, fix=fix)


def _either(sdk_object: SdkObject) -> Iterator[Problem]:
    """Yield an argument that excludes another argument of the same call."""
    for pair in _EITHER.get((sdk_object.name, sdk_object.sdk), ()):
        arguments = [
            argument for name in pair if (argument := sdk_object.get(name)) is not None and argument.certain
        ]
        if len(arguments) != 2 or sdk_object.local is not None:
            continue
        if all(one.expression.values and None not in one.expression.constants for one in arguments):
            yield at_argument(
                sdk_object, arguments[1], f"{sdk_object.name} takes {pair[0]} or {pair[1]}, not both"
            )
