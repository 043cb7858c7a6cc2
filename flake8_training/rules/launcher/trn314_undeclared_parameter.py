"""TRN314: a pipeline parameter is used and not declared, or declared and not used.

Source: sagemaker 2.257.7 ``workflow/pipeline.py: Pipeline.definition``, which writes the declared parameters only, and
``workflow/parameters.py: Parameter.expr``, which refers to a parameter by its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.pipelines import Pipeline, parameter_of
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem, at_argument, at_call
from flake8_training.rules.launcher.unused_parameters import UNUSED, unused_parameters
from flake8_training.rules.rule import Condition, Example

_PIPELINE = """
    import sagemaker
    from sagemaker.inputs import TrainingInput
    from sagemaker.pytorch import PyTorch
    from sagemaker.workflow.parameters import ParameterString
    from sagemaker.workflow.pipeline import Pipeline
    from sagemaker.workflow.pipeline_context import PipelineSession
    from sagemaker.workflow.steps import TrainingStep
    {start}
    session = PipelineSession()
    data = ParameterString("TrainData", default_value="s3://churn-data/train")
    kind = ParameterString("TrainInstance", default_value="ml.g5.xlarge")
    estimator = PyTorch(
        entry_point="train.py",
        framework_version="2.1",
        py_version="py310",
        role=sagemaker.get_execution_role(),
        instance_type={kind},
        instance_count=1,
        sagemaker_session=session,
    )
    train = TrainingStep(name="Train", step_args=estimator.fit({{"train": TrainingInput(data)}}))
    pipeline = Pipeline(
        name="churn",
        parameters={parameters},{marker}
        steps=[train{more}],
        sagemaker_session=session,
    )
    {end}
"""
_ROWS = """from sagemaker.workflow.parameters import ParameterInteger
    from churn import MORE
    rows = ParameterInteger("Rows", default_value=1000)"""
_MARKER = "  # TRN314"


def _pipeline(
    parameters: str, marker: str = "", *, kind: str = "kind", start: str = "", end: str = "", more: str = ""
) -> Example:
    """Return a pipeline that declares parameters and uses one or two."""
    text = _PIPELINE.format(parameters=parameters, marker=marker, kind=kind, start=start, end=end, more=more)
    return Example({"pipeline.py": text})


class UndeclaredParameter(LauncherRule):
    """Reports parameters that a pipeline's steps contain and its ``parameters`` do not, and those that no step has."""

    code = "TRN314"
    severity = Severity.ERROR
    summary = "a pipeline parameter is used and not declared"
    other_summaries = (UNUSED,)
    why = """
        A step refers to a parameter by its name. The definition of the pipeline contains the parameters in
        `parameters=[...]` only; the SDK does not compare the two. SageMaker refuses a definition that refers to a
        parameter that it does not declare. A parameter that no step has changes nothing: an execution accepts another
        value for it, and the jobs run with what the launcher writes.
    """
    fix = """
        List the parameter in `parameters` of the pipeline. Pass an unused one to the argument that it is meant for, or
        remove it.
    """
    warning_when = ("a declared parameter is not used",)
    reported_when = (
        "a step of the pipeline, or an object that it contains, such as its estimator, processor or condition, has a "
        "parameter whose name is not among the `parameters` of the pipeline",
        "the launcher constructs a parameter, lists it in `parameters`, and reads it nowhere else",
    )
    not_reported_when = (
        Condition(
            "no step of the pipeline contains the parameter",
            suppressed=_pipeline("[data]", kind='"ml.g5.xlarge"'),
            reported=_pipeline("[data]", "  # TRN314", kind="kind"),
        ),
        Condition(
            "the list of parameters or the name of one of them is unknown",
            suppressed=_pipeline("[data, *MORE]", start="from churn import MORE"),
            reported=_pipeline("[data]", "  # TRN314", start="from churn import MORE"),
        ),
        Condition(
            "another parameter of the same name is declared",
            suppressed=_pipeline('[data, ParameterString("TrainInstance")]'),
            reported=_pipeline('[data, ParameterString("Instance")]', "  # TRN314"),
        ),
        Condition(
            "the argument may be the parameter or another value",
            suppressed=_pipeline(
                "[data]", kind='kind if GPU else "ml.m5.xlarge"', start="from churn import GPU"
            ),
            reported=_pipeline("[data]", "  # TRN314", kind="kind", start="from churn import GPU"),
        ),
        Condition(
            "the program reads `pipeline.parameters` or `pipeline.steps`, which it may extend",
            suppressed=_pipeline("[data]", end="pipeline.parameters.append(kind)"),
            reported=_pipeline("[data]", "  # TRN314", end="train.parameters.append(kind)"),
        ),
        Condition(
            "the launcher reads an unused parameter, or the list of them, in another place",
            suppressed=_pipeline("[data, kind, rows]", start=_ROWS, end="print(rows)"),
            reported=_pipeline("[data, kind, rows]", _MARKER, start=_ROWS, end='print("rows")'),
        ),
        Condition(
            "a step of the pipeline is unknown, and may have a parameter of the name of an unused one",
            suppressed=_pipeline("[data, kind, rows]", start=_ROWS, more=", *MORE"),
            reported=_pipeline("[data, kind, rows]", _MARKER, start=_ROWS),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a declared parameter that is an attribute, such as `self.rows`, or that another file constructs",
        "the parameter reaches the step through a method such as `set_hyperparameters`, or a local class",
    )
    documented_only = ("the SDK accepts the pipeline; the service refuses its definition or the execution",)
    bad = _pipeline("[data]", "  # TRN314")
    good = _pipeline("[data, kind]")
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-parameters.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each pipeline that lacks parameters."""
        for pipeline in launcher.pipelines:
            used = _used(launcher, pipeline)
            yield from unused_parameters(launcher, pipeline, used)
            names = _undeclared(pipeline, used)
            if not names:
                continue
            detail = f"the steps use {', '.join(names)}"
            argument = pipeline.sdk_object.get("parameters")
            if argument is None:
                yield at_call(pipeline.sdk_object, detail)
            else:
                yield at_argument(pipeline.sdk_object, argument, detail)


def _used(launcher: Launcher, pipeline: Pipeline) -> frozenset[str]:
    parameters = [parameter_of(launcher, value) for value in pipeline.parts]
    return frozenset(one.name for one in parameters if one is not None and one.name is not None)


def _undeclared(pipeline: Pipeline, used: frozenset[str]) -> list[str]:
    declared = [parameter.name for parameter in pipeline.declared or ()]
    if pipeline.declared is None or None in declared:
        note_unknown(Reason.MAPPING, pipeline.sdk_object.node, what="parameters", weak=True)
        return []
    return sorted(name for name in used if name not in declared)
