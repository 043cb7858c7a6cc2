"""TRN434: an argument of a step, processor, model or pipeline that is unknown, missing, or of a wrong type.

Source: the signatures in ``sagemaker.signatures``; sagemaker 2.257.7 ``workflow/steps.py``, ``processing.py`` and
``workflow/utilities.py: validate_step_args_input``; sagemaker-core 2.27.0 ``processing.py``; botocore 1.44.8
``CreateProcessingJob``, whose lists and strings botocore checks before it sends a request. Not in scope: the steps of
trainings and tunings, whose arguments TRN402 and TRN403 check.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.sdk_classes import PROCESSORS, TRANSFORMERS
from flake8_training.launcher.sdk_objects import SdkObject, Step
from flake8_training.record import replace
from flake8_training.rules.launcher.argument_types import ILL_TYPED, ill_typed_arguments, ill_typed_in_call
from flake8_training.rules.launcher.boto3_members import missing_members, unknown_members
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.method_calls import MethodCall, method_calls
from flake8_training.rules.launcher.problem import (
    Problem,
    at_argument,
    at_call,
    is_left_out,
    is_set,
)
from flake8_training.rules.launcher.processing_arguments import (
    archives_of_code,
    processor_in_step,
    refused_ports,
)
from flake8_training.rules.launcher.step_args import foreign_step_args, without_pipeline_session
from flake8_training.rules.launcher.trn403_unknown_argument import STEPS_OF_TRAINING
from flake8_training.rules.launcher.unknown_arguments import unknown_arguments_of
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.signatures import is_subclass

_UNKNOWN = "the argument does not exist"
_MISSING = "a required argument is missing"
_SESSION = "the job starts at once, and the step gets no arguments"

_PIPELINE = """
    import sagemaker
    from sagemaker.processing import ScriptProcessor
    from sagemaker.workflow.pipeline_context import PipelineSession
    from sagemaker.workflow.steps import ProcessingStep
    {start}
    processor = ScriptProcessor({marks[0]}
        image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1",
        command={command},{marks[1]}
        role=sagemaker.get_execution_role(),
        instance_type="ml.m5.xlarge",
        {count},{marks[2]}
        sagemaker_session=PipelineSession(),
    )
    step = {step}({marks[3]}
        name="Prepare",
        {producer}=processor.run(code="prepare.py"),{marks[4]}
    )
"""
_OWN = "class Own(ProcessingStep): ..."


def _example(
    *places: int,
    command: str = '["python3"]',
    count: str = "instance_count=1",
    step: str = "ProcessingStep",
    producer: str = "step_args",
    start: str = "",
) -> Example:
    """Return a processing step with a processor; ``places`` are the marked ones of five lines."""
    marks = ["  # TRN434" if index in places else "" for index in range(5)]
    text = _PIPELINE.format(
        command=command, count=count, step=step, producer=producer, start=start, marks=marks
    )
    return Example({"pipeline.py": text})


def _scikit_learn(arguments: str, marker: str = "") -> Example:
    """Return a scikit-learn processor that gets these arguments after its role."""
    text = f"""
        from sagemaker.sklearn.processing import SKLearnProcessor

        ROLE = "arn:aws:iam::123456789012:role/Processing"
        SKLearnProcessor("1.2-1", ROLE, {arguments}).run(code="clean.py"){marker}
    """
    return Example({"pipeline.py": text})


def _model(name: str, marker: str = "") -> Example:
    """Return a model that gets an argument of this name."""
    text = f"""
        from sagemaker.model import Model

        model = Model(
            {name}="123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1",{marker}
            model_data="s3://churn-data/model.tar.gz",
            role="arn:aws:iam::123456789012:role/Serving",
        )
    """
    return Example({"model.py": text})


def _property_file(name: str, marker: str = "") -> Example:
    """Return a property file of SDK v3 that gets an argument of this name."""
    text = f"""
        from sagemaker.core.workflow.properties import PropertyFile

        report = PropertyFile(name="Report", output_name="report", path="report.json", {name}="x"){marker}
    """
    return Example({"report.py": text})


class StepArgument(LauncherRule):
    """Reports arguments of steps, processors, transformers, models and pipelines, and of their methods."""

    code = "TRN434"
    severity = Severity.ERROR
    summary = "an argument of a step, processor, model or pipeline is wrong"
    other_summaries = (_UNKNOWN, _MISSING, ILL_TYPED, _SESSION)
    why = """
        These classes raise when they are constructed: `TypeError: ScriptProcessor.__init__() got an unexpected keyword
        argument 'instance_counts'`, `TypeError: can only concatenate str (not "list") to str` for `command="python3"`,
        `ValueError: either step_args or processor need to be given, but not both.` A wrong type in the request is a
        `ParamValidationError` of botocore. None of this appears before the code runs with credentials, and a pipeline
        is often built in CI only.

        If `processor.run()` returns the arguments of a step, the processor needs a `PipelineSession`. With any other
        session the job starts at once, and the step gets None.
    """
    fix = """
        Use the name, the type or the session that the message suggests, or pass the missing argument.
    """
    fixable = "renames a misspelled argument"
    reported_when = (
        "a processor, a transformer, a model, a pipeline, a step that is no training or tuning step, or an input or "
        "output of a processing job gets an argument that its class does not have",
        "one of these, or `run()`, `transform()`, `register()`, `create()`, `upsert()` or `start()` of it, lacks a "
        "required argument or gets an unknown one",
        "a `ScriptProcessor` whose job is started lacks `command` or `image_uri`, or a processor its instance type or "
        "count",
        "a `ProcessingStep`, `TransformStep` or `CreateModelStep` of SDK v2 has neither `step_args` nor its object, or "
        "both; or `step_args` is no result of its object's method",
        "`step_args`, also that of a `ModelStep`, is the result of an object without a `PipelineSession`",
        "a request of `create_processing_job`, or the task of a state machine that starts a processing job, lacks a "
        "required member or misspells one",
        "an argument of `ModelMetrics` is a dict or a string",
        "`command`, `arguments`, `inputs`, `outputs`, `property_files` or `conditions` is a string, a dict or one "
        "object instead of a list",
        "an element of `arguments` or a value of `env` is a number or bool; an element of `inputs` or `outputs` of a "
        "processing job is a dict or a string",
        "`code` is a pipeline variable; a count or size is a string, or a name or type is a number",
        "an input or output of a processing job has the container path of an input, or one outside "
        "`/opt/ml/processing/`, or a job has more than 10 inputs, with those that the SDK adds for the code",
        "a `ProcessingStep` of SDK v2 gets a `processor` that needs `code`, but no `code`; or a `FrameworkProcessor` "
        "with a Python file, which `/bin/bash` would start",
        "`source_dir` of a `FrameworkProcessor` of SDK v2 is in S3, and its file is not `sourcedir.tar.gz`",
    )
    not_reported_when = (
        Condition(
            "the argument may come from `**kwargs` that cannot be resolved",
            suppressed=_example(count="**SETTINGS", start="from churn import SETTINGS"),
            reported=_example(0, count="**SETTINGS", start="SETTINGS = {}"),
        ),
        Condition(
            "the project's own subclass gets the argument",
            suppressed=_example(step="Own", producer="arguments", start=_OWN),
            reported=_example(4, producer="arguments", start=_OWN),
        ),
        Condition(
            "the value of an argument is unknown, or one of several possible values has the right type",
            suppressed=_example(command="COMMAND", start="from churn import COMMAND"),
            reported=_example(1, command="COMMAND", start='COMMAND = "python3"'),
        ),
        Condition(
            "the program assigns the attribute afterwards",
            suppressed=_example(
                count="volume_size_in_gb=5", start="def fill(): processor.instance_count = 2"
            ),
            reported=_example(0, count="volume_size_in_gb=5", start="def fill(): other.instance_count = 2"),
        ),
        Condition(
            "a model gets `image`, as in SDK v1",
            suppressed=_model("image"),
            reported=_model("images", "  # TRN434"),
        ),
        Condition(
            "a class of SDK v3 gets a name that resembles none of its arguments, because the rule's table may be older "
            "than the SDK",
            suppressed=_property_file("lustre"),
            reported=_property_file("output_names", "  # TRN434"),
        ),
        Condition(
            "`SKLearnProcessor` gets instance type and count by position, in either order: versions of SDK v2 differ",
            suppressed=_scikit_learn("'ml.m5.large', 1"),
            reported=_scikit_learn("instance_count='ml.m5.large', instance_type='1'", "  # TRN434"),
        ),
        NOT_IN_TESTS,
    )
    missed = ("the role of a processor is missing: the SDK's configuration file may define it",)
    documented_only = (
        "the service refuses two ports of one container path, and paths outside `/opt/ml/processing/` (API reference "
        "of `ProcessingS3Input`, public reports)",
        "`/bin/bash` starts the file of a `FrameworkProcessor` (the request of sagemaker 2.257.7)",
    )
    bad = _example(2, count="instance_counts=1")
    good = _example()
    references = (
        "https://sagemaker.readthedocs.io/en/v2.257.1/api/training/processing.html",
        "https://sagemaker.readthedocs.io/en/v2.257.1/workflows/pipelines/sagemaker.workflow.pipelines.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each argument that is unknown, missing or of a wrong type."""
        started = {id(job.processor.node) for job in launcher.processing_jobs if job.processor is not None}
        for sdk_object in launcher.constructions:
            if sdk_object.local is None and sdk_object.is_of_one_class and _is_checked(sdk_object):
                unknown = list(unknown_arguments_of(sdk_object, raising=True, summary=_UNKNOWN))
                yield from unknown or _missing(sdk_object, is_started=id(sdk_object.node) in started)
                yield from ill_typed_arguments(sdk_object)
        for step in launcher.steps:
            if step.local is None and step.is_of_one_class and _accepts_its_arguments(step):
                yield from _of_step(step)
        for call in method_calls(launcher, _METHODS):
            if _is_checked(call.receiver):
                yield from _of_call(launcher, call)
        for found in unknown_members(launcher, launcher.processing_requests):
            yield replace(found, summary=_UNKNOWN)
        for found in missing_members(launcher, launcher.processing_requests):
            yield replace(found, summary=_MISSING)
        yield from refused_ports(launcher)
        yield from archives_of_code(launcher)


_BASES = (
    *PROCESSORS,
    *TRANSFORMERS,
    "sagemaker.model.Model",
    "sagemaker.pipeline.PipelineModel",
)
_MODULES = (
    "sagemaker.workflow.",
    "sagemaker.mlops.workflow.",
    "sagemaker.core.workflow.",
    "sagemaker.model_metrics.",
)
_PARTS = frozenset(
    "ProcessingInput ProcessingOutput ProcessingS3Input ProcessingS3Output S3Input NetworkConfig TransformInput "
    "CreateModelInput".split()
)
"""Inputs and outputs of processing and transform jobs, and their network."""

_METHODS = ("run", "transform", "register", "create", "upsert", "update", "start")

_NEEDED = {
    "Processor": ("image_uri", "instance_type", "instance_count"),
    "ScriptProcessor": ("image_uri", "command", "instance_type", "instance_count"),
    "SKLearnProcessor": ("instance_type", "instance_count"),
    "FrameworkProcessor": ("instance_type", "instance_count"),
    "PyTorchProcessor": ("instance_type", "instance_count"),
    "TensorFlowProcessor": ("instance_type", "instance_count"),
    "XGBoostProcessor": ("instance_type", "instance_count"),
    "MXNetProcessor": ("instance_type", "instance_count"),
    "HuggingFaceProcessor": ("instance_type", "instance_count"),
}
"""Arguments with a default of None, without which the request of the job is refused."""

_EITHER = {
    "ProcessingStep": ("processor", "run"),
    "TransformStep": ("transformer", "transform"),
    "CreateModelStep": ("model", "create"),
}
"""Steps with the object that SDK v2 takes in place of ``step_args``, and the method that returns ``step_args``."""

_OF_MODELS = ("register", "create")
"""The methods of a model that return the ``step_args`` of a ``ModelStep``."""


def _is_checked(sdk_object: SdkObject) -> bool:
    name = sdk_object.class_name
    if sdk_object.name in STEPS_OF_TRAINING or "image" in sdk_object.arguments:
        return False
    if name.startswith(_MODULES) or sdk_object.name in _PARTS:
        return True
    return any(is_subclass(name, base) for base in _BASES)


def _accepts_its_arguments(step: Step) -> bool:
    """Return whether a step is checked here and has all the arguments that it gets: else it raises for those."""
    taken = step.signature
    if taken is None or step.name in STEPS_OF_TRAINING:
        return False
    return all(name in taken.known for name in step.arguments.names)


def _missing(sdk_object: SdkObject, *, is_started: bool) -> Iterator[Problem]:
    """Yield the arguments without which the class raises, or the job's request is refused."""
    taken = sdk_object.signature
    for name in sorted(taken.required) if taken is not None else ():
        if name not in sdk_object.arguments and is_left_out(sdk_object, name):
            yield at_call(sdk_object, f"{sdk_object.name} without {name}", _MISSING)
    for name in _NEEDED.get(sdk_object.name, ()) if is_started else ():
        if taken is not None and name in taken.required:
            continue
        if name.startswith("instance") and "instance_preferences" in sdk_object.arguments:
            continue  # SDK v3 accepts a list of candidates instead
        if name == "command" and sdk_object.sdk == "v3" and is_set(sdk_object, "image_uri") is None:
            continue  # an image of scikit-learn has a command
        if name == "command" and sdk_object.sdk == "v3" and "learn" in _image(sdk_object):
            continue
        if is_left_out(sdk_object, name):
            yield at_call(sdk_object, f"{sdk_object.name} without {name}", _MISSING)


def _image(sdk_object: SdkObject) -> str:
    argument = sdk_object.get("image_uri")
    return (argument.text if argument is not None else None) or "scikit-learn"


def _of_step(step: Step) -> Iterator[Problem]:
    if step.name == "ModelStep":
        foreign = list(foreign_step_args(step, *_OF_MODELS))
        yield from foreign
        for method in _OF_MODELS if not foreign else ():
            yield from without_pipeline_session(step, method, summary=_SESSION)
    if step.name not in _EITHER:
        return
    other, method = _EITHER[step.name]
    if step.sdk == "v2":
        passed = [one for name in ("step_args", other) if (one := is_set(step, name)) is not None]
        if len(passed) == 2:
            yield at_argument(step, passed[1], f"{step.name} takes step_args or {other}, not both")
        elif is_left_out(step, "step_args", other):
            yield at_call(step, f"{step.name} without step_args or {other}", _MISSING)
        elif passed and passed[0].name == "processor":
            yield from processor_in_step(step)
        elif (
            step.name == "TransformStep"
            and passed
            and passed[0].name == other
            and is_left_out(step, "inputs")
        ):
            yield at_call(step, "TransformStep with transformer and without inputs", _MISSING)
    elif is_left_out(step, "step_args"):
        yield at_call(step, f"{step.name} without step_args", _MISSING)
    foreign = list(foreign_step_args(step, method))
    yield from foreign
    if not foreign:
        yield from without_pipeline_session(step, method, summary=_SESSION)


def _of_call(launcher: Launcher, call: MethodCall) -> Iterator[Problem]:
    """Yield the problems of a call of a method."""
    taken = call.signature
    unknown = list(call.unknown(_UNKNOWN))
    yield from unknown
    if not unknown and not call.arguments.open_ended:
        for name in sorted(taken.required):
            if name not in call.arguments:
                yield Problem(call.node, f"{call.method}() without {name}", call.node, summary=_MISSING)
    yield from ill_typed_in_call(launcher, call)
