"""TRN422: a number of a pipeline where SageMaker accepts only strings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import said

PIPELINE = """
from sagemaker.pytorch import PyTorch
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.parameters import ParameterBoolean, ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline_context import PipelineSession

value = {parameter}(name="Value")
role = "arn:aws:iam::123456789012:role/Training"
processor = SKLearnProcessor("1.2-1", role, "ml.m5.xlarge", 1, env={{{env}}}, sagemaker_session=PipelineSession())
processor.run(code="split.py", arguments=[{arguments}])
PyTorch(
    "train.py", role=role, instance_type="ml.m5.large", instance_count=1, framework_version="2.1", py_version="py310",
    environment={{{environment}}}, hyperparameters={{"value": value}}, sagemaker_session=PipelineSession(),
).fit()
"""


@pytest.mark.parametrize(
    "parameter", ["ParameterBoolean", "ParameterFloat", "ParameterInteger", "ParameterString"]
)
@pytest.mark.parametrize(
    ("part", "passed", "where"),
    [
        ("arguments", '"--value", value', "the job's arguments"),
        ("env", '"VALUE": value', "the environment variable VALUE"),
        ("environment", '"VALUE": value', "the environment variable VALUE"),
        ("arguments", '"--value", value.to_string()', ""),
        ("environment", '"VALUE": value.to_string()', ""),
    ],
)
def test_numbers_of_a_pipeline_among_strings(
    parameter: str, part: str, passed: str, where: str, tmp_path: Path
) -> None:
    parts = {"arguments": "", "env": "", "environment": "", part: passed}
    text = PIPELINE.format(parameter=parameter, **parts)
    is_wrong = where and parameter != "ParameterString"
    expected = [f"TRN422 the number value in {where}; use .to_string()"] if is_wrong else []
    assert said(tmp_path, {"pipeline.py": text}, "TRN422") == expected


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("import sagemaker", "sagemaker.workflow.parameters.ParameterString"),
        ("import sagemaker.workflow.parameters as p", "p.ParameterString"),
        ("from sagemaker import workflow", "workflow.parameters.ParameterString"),
        ("from sagemaker.workflow.parameters import *", "ParameterString"),
        ("from sagemaker.workflow.parameters import ParameterString as Text", "Text"),
    ],
)
def test_a_class_of_variables_is_found_however_it_is_imported(tmp_path: Path, line: str, called: str) -> None:
    text = (
        f"{line}\nfrom sagemaker.pytorch import PyTorch\n\n"
        f"name = {called}('Name')\nprint(f'{{name}}')\nPyTorch(image_uri=name)\n"
    )
    found = said(tmp_path, {"pipeline.py": text}, "TRN422")
    assert any("the pipeline variable name in an f-string" in one for one in found)
