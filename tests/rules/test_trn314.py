"""TRN314: parameters that the steps of a pipeline use and the pipeline does not declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

HEAD = """
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingInput, ScriptProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep

data = ParameterString(name="Data", default_value="s3://churn-data/raw")
count = ParameterInteger("Count", 1)
least = ParameterFloat(name="Least", default_value=0.8)
"""
STEP = """
processor = ScriptProcessor(image_uri="i", command=["python3"], role="r", instance_type="ml.m5.xlarge",
    instance_count={})
prep = ProcessingStep(name="Preprocess", step_args=processor.run(code="p.py", {}))
"""
PIPELINE = "Pipeline(name='p', parameters={}, steps=[prep])"
INPUT = "inputs=[ProcessingInput(source={}, destination='/opt/ml/processing/input')]"
V3 = """
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.workflow.parameters import ParameterInteger
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep
count = ParameterInteger(name="Count", default_value=1)
processor = ScriptProcessor(image_uri="i", command=["python3"], role="r", instance_type="ml.m5.xlarge",
    instance_count=count)
prep = ProcessingStep(name="Preprocess", step_args=processor.run(code="p.py"))
Pipeline(name="p", parameters={}, steps=[prep])
"""
CHECK = """
check = ConditionStep(name="Check", conditions=[ConditionGreaterThan(left=1.0, right=least)], if_steps=[prep],
    else_steps=[])
"""
WRONG = {
    "of a processor": STEP.format("count", "") + PIPELINE.format("[data]") + "  # TRN314",
    "of an input": STEP.format("1", INPUT.format("data")) + PIPELINE.format("[count]") + "  # TRN314",
    "of a path": STEP.format("1", INPUT.format("Join(on='/', values=[data, 'x'])"))
    + PIPELINE.format("[]")
    + "  # TRN314",
    "of arguments": STEP.format("1", "arguments=['--count', count.to_string()]")
    + PIPELINE.format("[data, least]")
    + "  # TRN314",
    "of a condition": STEP.format("1", "")
    + CHECK
    + "Pipeline(name='p', parameters=[data], steps=[check])  # TRN314",
    "none declared": STEP.format("count", "") + "Pipeline(name='p', steps=[prep])  # TRN314",
    "a list that grows": STEP.format("count", "")
    + "declared = [data]\ndeclared.append(least)\n"
    + PIPELINE.format("declared")
    + "  # TRN314",
    "two, said once": STEP.format("count", INPUT.format("data")) + PIPELINE.format("[least]") + "  # TRN314",
    "in a function": "def build():\n    "
    + STEP.format("count", "").strip().replace("\n", "\n    ")
    + "\n    return "
    + PIPELINE.format("[data]")
    + "  # TRN314\nbuild()",
    "v3": V3.format("[]").replace("[prep])", "[prep])  # TRN314"),
}
RIGHT = {
    "declared": STEP.format("count", INPUT.format("data")) + PIPELINE.format("[data, count, least]"),
    "by name": STEP.format("count", "") + PIPELINE.format("[ParameterInteger(name='Count')]"),
    "its default": STEP.format("count.default_value", "") + PIPELINE.format("[data]"),
    "not used": STEP.format("1", "") + PIPELINE.format("[]"),
    "a list that is not known": STEP.format("count", "") + PIPELINE.format("read()"),
    "a list with something unknown": STEP.format("count", "") + PIPELINE.format("[data, read()]"),
    "a list and another": STEP.format("count", "") + "basic = [count]\n" + PIPELINE.format("[data] + basic"),
    "a list that is extended": STEP.format("count", "")
    + "declared = [data]\ndeclared.extend(read())\n"
    + PIPELINE.format("declared"),
    "a name that is not known": STEP.format("ParameterInteger(name=read())", "") + PIPELINE.format("[data]"),
    "a declared name that is not known": STEP.format("count", "")
    + PIPELINE.format("[data, ParameterInteger(name=read())]"),
    "one of two values": STEP.format("count if read() else 1", "") + PIPELINE.format("[data]"),
    "of a step that the pipeline does not have": STEP.format("1", "") + CHECK + PIPELINE.format("[data]"),
    "added later": STEP.format("count", "") + "p = " + PIPELINE.format("[]") + "\np.parameters.append(count)",
    "a parameter of a tuner": "from sagemaker.tuner import IntegerParameter\n"
    + STEP.format("IntegerParameter(1, 2)", "")
    + PIPELINE.format("[]"),
    "v3": V3.format("[count]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN314", HEAD + WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN314", HEAD + RIGHT[name])


def test_in_a_notebook(tmp_path: Path) -> None:
    text = notebook(HEAD, STEP.format("count", INPUT.format("data")), PIPELINE.format("[least]"))
    assert said(tmp_path, {"pipeline.ipynb": text}, "TRN314") == [
        "TRN314 cell 4 line 1: the steps use Count, Data"
    ]
