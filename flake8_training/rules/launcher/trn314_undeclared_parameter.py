"""TRN314: a pipeline parameter is used and not declared.

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
        steps=[train],
        sagemaker_session=session,
    )
    {end}
"""


def _pipeline(
    parameters: str, marker: str = "", *, kind: str = "kind", start: str = "", end: str = ""
) -> Example:
    """Return a pipeline that declares parameters and uses one or two."""
    text = _PIPELINE.format(parameters=parameters, marker=marker, kind=kind, start=start, end=end)
    return Example({"pipeline.py": text})


class UndeclaredParameter(LauncherRule):
    """Reports parameters that a pipeline's steps contain and its ``parameters`` do not."""

    code = "TRN314"
    severity = Severity.ERROR
    summary = "a pipeline parameter is used and not declared"
    why = """
        A step refers to a parameter by its name. The definition of the pipeline contains the parameters in
        `parameters=[...]` only; the SDK does not compare the two. SageMaker refuses a definition that refers to a
        parameter that it does not declare.
    """
    fix = """
        List the parameter in `parameters` of the pipeline.
    """
    reported_when = (
        "a step of the pipeline, or an object that it contains, such as its estimator, processor or condition, has a "
        "parameter whose name is not among the `parameters` of the pipeline",
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
        NOT_IN_TESTS,
    )
    missed = (
        "the parameter reaches the step through a method such as `set_hyperparameters`, or a local class",
    )
    documented_only = ("the SDK accepts the pipeline; the service refuses its definition or the execution",)
    bad = _pipeline("[data]", "  # TRN314")
    good = _pipeline("[data, kind]")
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-parameters.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each pipeline that lacks parameters."""
        for pipeline in launcher.pipelines:
            names = _undeclared(launcher, pipeline)
            if not names:
                continue
            detail = f"the steps use {', '.join(names)}"
            argument = pipeline.sdk_object.get("parameters")
            if argument is None:
                yield at_call(pipeline.sdk_object, detail)
            else:
                yield at_argument(pipeline.sdk_object, argument, detail)


def _undeclared(launcher: Launcher, pipeline: Pipeline) -> list[str]:
    declared = [parameter.name for parameter in pipeline.declared or ()]
    if pipeline.declared is None or None in declared:
        note_unknown(Reason.MAPPING, pipeline.sdk_object.node, what="parameters", weak=True)
        return []
    used = [parameter_of(launcher, value) for value in pipeline.parts]
    names = [parameter.name for parameter in used if parameter is not None and parameter.name is not None]
    return sorted({name for name in names if name not in declared})
