"""TRN307: a property path names an output that the producer does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.fix import renamed
from flake8_training.launcher import Launcher
from flake8_training.launcher.processing_outputs import NAMED, outputs_of, segments_of
from flake8_training.launcher.sdk_objects import PropertyUse, Step
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example
from flake8_training.sagemaker.properties import output_index, output_name
from flake8_training.spelling import closest, did_you_mean, only_closest

_OWN = "class Own(ProcessingStep): ..."
_PIPELINE = """
    import sagemaker
    from sagemaker.inputs import TrainingInput
    from sagemaker.processing import ProcessingOutput
    from sagemaker.sklearn.processing import SKLearnProcessor
    from sagemaker.workflow.pipeline_context import PipelineSession
    from sagemaker.workflow.steps import ProcessingStep
    {start}
    processor = SKLearnProcessor(
        framework_version="1.2-1",
        role=sagemaker.get_execution_role(),
        instance_type="ml.m5.xlarge",
        instance_count=1,
        sagemaker_session=PipelineSession(),
    )
    clean = {step}(
        name="Clean",
        step_args=processor.run(
            code="clean.py",
            outputs=[ProcessingOutput(output_name={name}, source="/opt/ml/processing/churn")],
        ),
    )
    churn = TrainingInput(
        clean.properties.{path}["{key}"]{tail},{marker}
    )
"""


def _reading(
    key: str,
    marker: str = "",
    *,
    name: str = '"churn"',
    start: str = "",
    step: str = "ProcessingStep",
    path: str = "ProcessingOutputConfig.Outputs",
    tail: str = ".S3Output.S3Uri",
) -> str:
    """Return a pipeline that reads an output of its processing step."""
    start = _OWN if step == "Own" else start
    return _PIPELINE.format(key=key, marker=marker, name=name, start=start, step=step, path=path, tail=tail)


_SPECIFIED = {
    "specs/cleaning_spec.py": """
        from pipeline.outputs import MORE_OUTPUTS
        from pipeline.specification import OutputSpec, StepSpecification

        CLEANING_SPEC = StepSpecification(
            step_type="Cleaning",
            dependencies=[],
            outputs=[
                OutputSpec(
                    logical_name="churn",
                    property_path="properties.ProcessingOutputConfig.Outputs['{key}'].S3Output.S3Uri",{marker}
                ),
                {more}
            ],
        )
    """,
    "builders/builder_cleaning_step.py": """
        from sagemaker.processing import ProcessingOutput
        from sagemaker.workflow.steps import ProcessingStep

        from specs.cleaning_spec import CLEANING_SPEC


        class CleaningStepBuilder:
            def __init__(self):
                self.spec = CLEANING_SPEC

            def create_step(self, processor):
                outputs = [ProcessingOutput(output_name="{constructed}", source="/opt/ml/processing/output")]
                return ProcessingStep(name="Cleaning", step_args=processor.run(code="clean.py", outputs=outputs))
    """,
}


def _specified(key: str, marker: str = "", *, more: str = "", constructed: str = "churn") -> Example:
    """Return a specification whose output has a property path, and a builder that constructs an output."""
    return Example(
        {
            path: text.format(key=key, marker=marker, more=more, constructed=constructed)
            for path, text in _SPECIFIED.items()
        },
        options=("--all", "--select=TRN307"),
    )


class UnknownOutput(LauncherRule):
    """Reports `Outputs["name"]` if the step has no output of that name, or if the path is another output's."""

    code = "TRN307"
    severity = Severity.ERROR
    summary = "a property path names an output that the producer does not have"
    why = """
        SageMaker looks up `ProcessingOutputConfig.Outputs["name"]` by the `output_name` that the processing step passes
        for the output; in a specification this is its logical name. A path with another name leads to no files, or to
        those of another output. SageMaker accepts the pipeline definition, and the execution fails at the step that
        reads the output.
    """
    fix = """
        Use the name of the output in its property path.
    """
    fixable = "uses the only output with a near name"
    reported_when = (
        "a pipeline reads an output of a processing step of the same file, and no output of the step has "
        "that `output_name`",
        "a pipeline reads an output of a processing step of the same file that has none, by name or by position",
        "a pipeline reads `properties.Outputs[...]` of a `LambdaStep` or `CallbackStep` of the same file, and no "
        "`LambdaOutput` or `CallbackOutput` of it has that name (`KeyError`)",
        "the property path of an output names another output of the specification (commit hook)",
        "the property path of an output names no output of specification, contract or builder (commit hook)",
        "`data_source` of a `training_pipeline_flow` names an output that the step does not have (commit "
        "hook)",
    )
    not_reported_when = (
        Condition(
            "the path names no processing output, such as `ModelArtifacts.S3ModelArtifacts`",
            suppressed=Example({"pipeline.py": _reading("chrn", path="Environment", tail="")}),
            reported=Example({"pipeline.py": _reading("chrn", "  # TRN307")}),
        ),
        Condition(
            "the list of outputs, the name of one of them or the key in the path is unknown, or the SDK generates "
            "the name of an output",
            suppressed=Example(
                {"pipeline.py": _reading("churn", name="NAME", start="from churn import NAME")}
            ),
            reported=Example(
                {"pipeline.py": _reading("churn", "  # TRN307", name="NAME", start='NAME = "chrn"')}
            ),
        ),
        Condition(
            "one of the steps that the name can be has the output, or the step is an instance of a subclass that "
            "the project defines",
            suppressed=Example({"pipeline.py": _reading("chrn", step="Own")}),
            reported=Example({"pipeline.py": _reading("chrn", "  # TRN307", start=_OWN)}),
        ),
        Condition(
            "the outputs of the specification or of the step that a flow names cannot be determined completely",
            suppressed=_specified("chrn", more="*MORE_OUTPUTS,"),
            reported=_specified("chrn", "  # TRN307", more="# MORE_OUTPUTS"),
        ),
        Condition(
            "the builder constructs a `ProcessingOutput` with that `output_name`",
            suppressed=_specified("chrn", constructed="chrn"),
            reported=_specified("chrn", "  # TRN307", constructed="churn"),
        ),
        NOT_IN_TESTS,
    )
    missed = ("the processing step is constructed in another file than the path",)
    documented_only = (
        "the SDK accepts the path into the outputs of a processing step; the execution of the pipeline fails",
    )
    bad = Example({"pipeline.py": _reading("chrn", "  # TRN307")})
    good = Example({"pipeline.py": _reading("churn")})
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-properties.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each path to an output that none of the possible steps has."""
        for use in launcher.properties:
            segments = segments_of(launcher, use)
            named, place = output_name(segments), output_index(segments)
            if (named is None and place is None) or any(step.local is not None for step in use.steps):
                continue
            outputs = [_outputs(launcher, step) for step in use.steps]
            known = [name for names in outputs for name in names or ()]
            if None in outputs or named in known:
                continue
            step = use.steps[0].get("name")
            holder = f"the step {step.text}" if step is not None and step.text else "the step"
            if named is None:
                if not known:
                    yield Problem(_key(launcher, use), f"{holder} has no outputs", use.node)
                continue
            near = closest(named, known)
            others = did_you_mean(near) if near else f", it has {', '.join(known) or 'none'}"
            key, meant = _key(launcher, use), only_closest(named, known)
            fix = renamed(key, named, meant) if meant is not None else None
            yield Problem(key, f"{holder} has no output {named}{others}", use.node, fix=fix)


def _outputs(launcher: Launcher, step: Step) -> list[str] | None:
    return outputs_of(launcher, step) if step.kind in ("Processing", *NAMED) else None


def _key(launcher: Launcher, use: PropertyUse) -> ast.AST:
    """Return the node of the key in the path."""
    keys = [link.slice for link in use.path if isinstance(link, ast.Subscript)]
    return launcher.own(keys[0], use.node) if keys else use.node
