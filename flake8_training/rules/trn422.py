"""TRN422: a pipeline variable that is used as if it had a value."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.plain_strings import variables_as_text
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class VariableAsText(LauncherRule):
    """Reports pipeline variables in strings, paths and conversions."""

    code = "TRN422"
    severity = Severity.ERROR
    summary = "a pipeline variable is used as a plain string"
    why = """
        Parameters, properties of steps, `Join` and execution variables have no value before the pipeline runs. In an
        f-string or in `str()` they raise `TypeError: Pipeline variables do not support __str__ operation.` when the
        pipeline is defined. `+`, `int()` and `os.path.join()` raise `TypeError` as well.
    """
    fix = """
        Concatenate with `Join(on="/", values=[...])`, which runs in the pipeline. `.to_string()` converts a number
        there.
    """
    reported_when = (
        "a pipeline variable is in an f-string, a `+`, a `%` of a string, `.format()` or `.join()`",
        "a pipeline variable is the argument of `str()`, `int()` or `float()`",
        "a pipeline variable is the argument of a function of `os.path`, or of `pathlib.Path`",
        "an estimator of SDK v2 gets one as `base_job_name` or `code_location`",
        "a framework estimator gets one as `framework_version` without `image_uri`, or as `model_uri` or "
        "`source_dir` without `base_job_name`",
    )
    not_reported_when = (
        "the expression may also be an ordinary value",
        "the attribute of a property is a string already, such as `.expr` or `.path`",
        "the estimator is an instance of a subclass that the project defines (arguments only)",
        NOT_IN_TESTS,
    )
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
        """Yield a problem for each use as a string or number."""
        yield from variables_as_text(launcher)
