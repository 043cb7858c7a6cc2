"""TRN422: a pipeline variable is used as if it had a value."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.plain_strings import variables_as_text
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class VariableAsText(LauncherRule):
    """Reports pipeline variables in f-strings, in sums of text and in conversions."""

    code = "TRN422"
    severity = Severity.ERROR
    summary = "a pipeline variable is used as a plain string"
    why = """
        Parameters, properties of steps, `Join` and execution variables have no value before the pipeline runs. In an
        f-string, with `+`, in `str()`, `int()` or `os.path.join()` they raise `TypeError` when the pipeline is
        defined. `Join(on="/", values=[...])` puts text together when the pipeline runs; `.to_string()` makes text of a
        number there.
    """
    bad = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.functions import Join
                from sagemaker.workflow.parameters import ParameterString
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                bucket = ParameterString(name="Bucket", default_value="churn-models")
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    output_path=f"s3://{bucket}/models",  # TRN422
                    sagemaker_session=PipelineSession(),
                )
                step = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
            """,
        }
    )
    good = Example(
        {
            "pipeline.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.workflow.functions import Join
                from sagemaker.workflow.parameters import ParameterString
                from sagemaker.workflow.pipeline_context import PipelineSession
                from sagemaker.workflow.steps import TrainingStep

                bucket = ParameterString(name="Bucket", default_value="churn-models")
                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    output_path=Join(on="/", values=["s3:/", bucket, "models"]),
                    sagemaker_session=PipelineSession(),
                )
                step = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://churn-data/train"}))
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-parameters.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each use as text or number."""
        yield from variables_as_text(launcher)
