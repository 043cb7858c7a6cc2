"""TRN306: a path into a step's properties that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.property_files import missing_property_files
from flake8_training.builder.property_paths import wrong_property_paths
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class WrongPropertyPath(LauncherRule):
    """Reports property paths that a step of that kind does not have."""

    code = "TRN306"
    severity = Severity.ERROR
    summary = "a property path does not exist on that kind of step"
    why = """
        The properties of a step are those of the API's description of its job: `ModelArtifacts.S3ModelArtifacts` of a
        training job, `ProcessingOutputConfig.Outputs["name"].S3Output.S3Uri` of a processing job. A wrong attribute
        raises `AttributeError` when the pipeline is defined, which needs credentials and a session; a path written as
        text is refused only by the service. `JsonGet` reads a property file, which the processing step has to list
        and one of its outputs to hold.
    """
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
        """Yield a problem at each path that does not exist."""
        yield from wrong_property_paths(launcher)
        yield from missing_property_files(launcher)
