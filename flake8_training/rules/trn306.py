"""TRN306: a path into a step's properties that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.property_files import missing_property_files
from flake8_training.builder.property_paths import wrong_property_paths
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class WrongPropertyPath(LauncherRule):
    """Reports property paths and property files that the step does not have."""

    code = "TRN306"
    severity = Severity.ERROR
    summary = "a property path does not exist on that kind of step"
    why = """
        The properties of a step are those of the API's description of its job: `ModelArtifacts.S3ModelArtifacts` of a
        training job, `ProcessingOutputConfig.Outputs["name"].S3Output.S3Uri` of a processing job. A wrong attribute
        raises `AttributeError` when the pipeline is defined, which needs credentials and a session. Only the service
        refuses a wrong path in a string.

        `JsonGet` reads a property file. The SDK refuses the pipeline if the processing step does not list the file, or
        lacks the output that holds it.
    """
    fix = """
        Use the path that the message suggests. For `JsonGet`, list the file in `property_files` of the processing step,
        and define its output.
    """
    reported_when = (
        "`step.properties` is followed by a path that no kind of step that the name can be has",
        "`JsonGet` names a property file that the step does not list, or a step that is no `ProcessingStep`",
        "`JsonGet` names a property file whose output the processing step does not have",
        "a specification's `property_path` or a flow table has such a path, or no string that can be read "
        "as a path (commit hook)",
        "a `property_path` does not begin with `properties` (commit hook)",
    )
    not_reported_when = (
        "the step is an instance of a subclass that the project defines",
        "one of the steps that the name can be has the path",
        "the step, the property file or the list of outputs is unknown",
        "a path in a specification or flow table contains a placeholder, such as `{name}` or `${name}`",
        NOT_IN_TESTS,
    )
    missed = (
        "an output name in `ProcessingOutputConfig.Outputs[...]` of a pipeline that the processing step "
        "does not have",
    )
    bad = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.model import Model
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.pipeline import Pipeline
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                session = PipelineSession()
                role = sagemaker.get_execution_role()
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=role,
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    sagemaker_session=session,
                )
                train = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
                model = Model(
                    image_uri=estimator.training_image_uri(),
                    model_data=train.properties.ModelArtifacts.S3ModelArtifact,  # TRN306
                    role=role,
                    sagemaker_session=session,
                )
            """,
        }
    )
    good = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.model import Model
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.pipeline import Pipeline
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                session = PipelineSession()
                role = sagemaker.get_execution_role()
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=role,
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    sagemaker_session=session,
                )
                train = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
                model = Model(
                    image_uri=estimator.training_image_uri(),
                    model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
                    role=role,
                    sagemaker_session=session,
                )
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-properties.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each path or property file that does not exist."""
        yield from wrong_property_paths(launcher)
        yield from missing_property_files(launcher)
