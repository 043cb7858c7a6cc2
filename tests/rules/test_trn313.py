"""TRN313: steps that a pipeline does not have, and steps that are no steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

HEAD = """
import sagemaker
from sagemaker.processing import ScriptProcessor
from sagemaker.pytorch import PyTorch
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan, ConditionOr
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.workflow.step_collections import RegisterModel

estimator = PyTorch(entry_point="t.py", framework_version="2.1", py_version="py310", role="r",
    instance_type="ml.m5.xlarge", instance_count=1)
processor = ScriptProcessor(image_uri="i", command=["python3"], role="r", instance_type="ml.m5.xlarge",
    instance_count=1)
prep = ProcessingStep(name="Preprocess", step_args=processor.run(code="p.py"))
evaluate = ProcessingStep(name="Evaluate", step_args=processor.run(code="e.py"))
"""
DEPENDS = "train = TrainingStep('Train', step_args=estimator.fit(), depends_on={})"
PIPELINE = "\nPipeline(name='p', steps={})"
CONDITION = """
check = ConditionStep(name="Check", conditions=[{}], if_steps={}, else_steps=[FailStep(name="Stop")])
"""
SCORE = "ConditionGreaterThan(left=JsonGet(step_name={}, property_file='f', json_path='x'), right=0.8)"
V3 = """
from sagemaker.core.processing import ScriptProcessor
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep
processor = ScriptProcessor(image_uri="i", command=["python3"], role="r", instance_type="ml.m5.xlarge",
    instance_count=1)
prep = ProcessingStep(name="Preprocess", step_args=processor.run(code="p.py"))
train = ProcessingStep(name="Train", step_args=processor.run(code="t.py"), depends_on={})
Pipeline(name="p", steps=[prep, train])
"""
WRONG = {
    "an added name": DEPENDS.format("[prep]")
    + "\ntrain.add_depends_on(['Evalute'])  # TRN313"
    + PIPELINE.format("[prep, evaluate, train]"),
    "an added string": DEPENDS.format("[prep]")
    + "\ntrain.add_depends_on('Evaluate')  # TRN313"
    + PIPELINE.format("[prep, evaluate, train]"),
    "a misspelt name": DEPENDS.format("['Preproces']") + "  # TRN313" + PIPELINE.format("[prep, train]"),
    "a name by a variable": "NAME = 'Preproces'\n"
    + DEPENDS.format("[NAME]")
    + "  # TRN313"
    + PIPELINE.format("[prep, train]"),
    "the name of a step that is left out": DEPENDS.format("[prep.name]")
    + "  # TRN313"
    + PIPELINE.format("[train]"),
    "one of two names": DEPENDS.format("['Preprocess', 'evaluate']")
    + "  # TRN313"
    + PIPELINE.format("[prep, evaluate, train]"),
    "a condition on a step that is left out": CONDITION.format(SCORE.format("evaluate.name"), "[]").replace(
        "if_steps", "  # TRN313\n    if_steps"
    )
    + PIPELINE.format("[prep, check]"),
    "a condition on a misspelt step": CONDITION.format(SCORE.format("'Evalute'"), "[]").replace(
        "if_steps", "  # TRN313\n    if_steps"
    )
    + PIPELINE.format("[prep, evaluate, check]"),
    "a condition in another": CONDITION.format(
        f"ConditionOr([{SCORE.format(repr('Evalute'))}])", "[]"
    ).replace("if_steps", "  # TRN313\n    if_steps")
    + PIPELINE.format("[prep, evaluate, check]"),
    "a message": "stop = FailStep('S', error_message=Join(on='', values=['x', JsonGet('Evalute', 'f', 'x')]))"
    + "  # TRN313"
    + PIPELINE.format("[evaluate, stop]"),
    "a list that grows": "steps = [prep]\nsteps.append(evaluate)\n"
    + DEPENDS.format("['Preproces']")
    + "  # TRN313\nsteps.append(train)"
    + PIPELINE.format("steps"),
    "a string for a list": DEPENDS.format("'Preprocess'") + "  # TRN313" + PIPELINE.format("[prep, train]"),
    "a step for a list": DEPENDS.format("prep") + "  # TRN313" + PIPELINE.format("[prep, train]"),
    "one step": PIPELINE.format("prep") + "  # TRN313",
    "one step in a branch": CONDITION.format("", "evaluate").strip()
    + "  # TRN313"
    + PIPELINE.format("[check]"),
    "names": PIPELINE.format("['Preprocess']") + "  # TRN313",
    "an estimator": PIPELINE.format("[prep, estimator]") + "  # TRN313",
    "a processor": PIPELINE.format("[processor]") + "  # TRN313",
    "the arguments of a step": "args = processor.run(code='p.py')" + PIPELINE.format("[args]") + "  # TRN313",
    "a parameter": PIPELINE.format("[ParameterString('Data'), prep]") + "  # TRN313",
    "an estimator to depend on": DEPENDS.format("[estimator]")
    + "  # TRN313"
    + PIPELINE.format("[prep, train]"),
    "a name in a branch": CONDITION.format("", "['Evaluate']").strip()
    + "  # TRN313"
    + PIPELINE.format("[evaluate, check]"),
    "another name than that of a collection": "m = ModelStep('Model', step_args=read())\n"
    + DEPENDS.format("['Models-Create']")
    + "  # TRN313"
    + PIPELINE.format("[m, train]"),
    "v3": V3.format("['Preproces']").replace("'])\n", "'])  # TRN313\n"),
}
RIGHT = {
    "an added step": DEPENDS.format("[prep]")
    + "\ntrain.add_depends_on([evaluate])"
    + PIPELINE.format("[prep, train]"),
    "an added name of another object": DEPENDS.format("[prep]")
    + "\nread().add_depends_on(['Evalute'])"
    + PIPELINE.format("[prep, evaluate, train]"),
    "a name": DEPENDS.format("['Preprocess']") + PIPELINE.format("[prep, train]"),
    "a step": DEPENDS.format("[prep]") + PIPELINE.format("[prep, train]"),
    "a step that the SDK adds": DEPENDS.format("[prep]") + PIPELINE.format("[train]"),
    "a tuple": DEPENDS.format("('Preprocess',)") + PIPELINE.format("(prep, train)"),
    "nothing": DEPENDS.format("None") + PIPELINE.format("[train]"),
    "a step of a condition": CONDITION.format("", "[evaluate]")
    + DEPENDS.format("['Evaluate', 'Stop', 'Check']")
    + PIPELINE.format("[check, train]"),
    "a condition": CONDITION.format(SCORE.format("evaluate.name"), "[]")
    + PIPELINE.format("[evaluate, check]"),
    "a condition that no pipeline has": CONDITION.format(SCORE.format("'Evalute'"), "[]")
    + PIPELINE.format("[evaluate]"),
    "a list that is not known": DEPENDS.format("['Tidy']") + PIPELINE.format("[prep, train, *read()]"),
    "a list with something unknown": DEPENDS.format("['Tidy']") + PIPELINE.format("[prep, train, read()]"),
    "a list that grows by unknown steps": "steps = [prep]\nsteps.extend(read())\n"
    + DEPENDS.format("['Tidy']")
    + PIPELINE.format("steps"),
    "a name that is not known": DEPENDS.format("[read()]") + PIPELINE.format("[prep, train]"),
    "one of two steps": DEPENDS.format("['Preprocess']")
    + "\nother = prep if read() else evaluate"
    + PIPELINE.format("[other, train]"),
    "the steps of a collection": "m = ModelStep(name='Model', step_args=read())\n"
    + DEPENDS.format("['Model-CreateModel']")
    + PIPELINE.format("[m, train]"),
    "another step class": "notify = LambdaStep(name='Notify', lambda_func=read())\n"
    + DEPENDS.format("['Notify']")
    + PIPELINE.format("[notify, train]"),
    "steps that are added later": DEPENDS.format("['Tidy']")
    + "\np = "
    + PIPELINE.format("[prep, train]").strip()
    + "\np.steps.append(read())",
    "functions that are steps": "from sagemaker.workflow.function_step import step\n"
    "@step(name='A')\ndef first():\n    return None\n"
    "@step(name='B')\ndef second():\n    return PyTorch(entry_point='t.py')\n"
    "@step(name='C')\ndef third():\n    return 'done'\n" + PIPELINE.format("[first(), second(), third()]"),
    "another Pipeline": "from sklearn.pipeline import Pipeline as P\nP(steps=['scale', estimator])",
    "two pipelines": DEPENDS.format("['Preprocess']")
    + PIPELINE.format("[prep, train]")
    + PIPELINE.format("[evaluate]"),
    "a function of steps": "def build(first):\n    "
    + DEPENDS.format("[first.name]")
    + "\n    return Pipeline(name='p', steps=[first, train])\nbuild(prep)\nbuild(evaluate)",
    "v3": V3.format("['Preprocess']"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str) -> None:
    assert_marked("TRN313", HEAD + WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name: str) -> None:
    assert_marked("TRN313", HEAD + RIGHT[name])


def test_in_a_notebook(tmp_path: Path) -> None:
    text = notebook(HEAD, DEPENDS.format("['Preproces']"), PIPELINE.format("[prep, train]"))
    assert said(tmp_path, {"pipeline.ipynb": text}, "TRN313") == [
        "TRN313 cell 3 line 1: TrainingStep Train depends on Preproces, did you mean Preprocess?"
    ]


ORDER = """
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingInput, ProcessingOutput
data = ParameterString(name="Data", default_value="s3://churn-data")
bucket = read()
other = read()
prep = ProcessingStep(name="Preprocess", step_args=processor.run(code="p.py", outputs=[
    ProcessingOutput(output_name="rows", source="/opt/ml/processing/rows", destination={written})]))
score = ProcessingStep(name="Score", step_args=processor.run(code="e.py", inputs=[ProcessingInput(
    source={between}, destination="/opt/ml/processing/rows")]))
train = TrainingStep("Train", step_args=estimator.fit({{"train": TrainingInput({read})}}), depends_on={waits})
Pipeline(name="p", steps=[prep, score, train])
"""
ROWS = '"s3://churn-data/rows"'
UNORDERED = {
    "the same": (ROWS, ROWS),
    "below it": (ROWS, '"s3://churn-data/rows/train.csv"'),
    "with a slash": ('"s3://churn-data/rows/"', ROWS),
    "a parameter": ("Join(on='/', values=[data, 'rows'])", "Join(on='/', values=[data, 'rows', 'a.csv'])"),
    "a variable": ('f"s3://{bucket}/rows"', 'f"s3://{bucket}/rows/train"'),
}
ORDERED = {
    "another folder": (ROWS, '"s3://churn-data/rows2"'),
    "the bucket": ('"s3://churn-data"', '"s3://churn-data/raw"'),
    "another variable": ('f"s3://{bucket}/rows"', 'f"s3://{other}/rows"'),
    "a property": (ROWS, 'prep.properties.ProcessingOutputConfig.Outputs["rows"].S3Output.S3Uri'),
    "unknown": (ROWS, "read()"),
}
OTHER = '"s3://churn-data/raw"'


def order(tmp_path: Path, written: str, read: str, waits: str = "None", between: str = OTHER) -> list[str]:
    text = HEAD + ORDER.format(written=written, read=read, waits=waits, between=between)
    return said(tmp_path, {"pipeline.py": text}, "TRN313")


@pytest.mark.parametrize("name", UNORDERED)
def test_unordered(tmp_path: Path, name: str) -> None:
    assert order(tmp_path, *UNORDERED[name]) == ["TRN313 Train reads what Preprocess writes"]


@pytest.mark.parametrize("name", ORDERED)
def test_ordered_or_unrelated(tmp_path: Path, name: str) -> None:
    assert order(tmp_path, *ORDERED[name]) == []


@pytest.mark.parametrize(
    ("waits", "between", "number"),
    [
        ("[prep]", OTHER, 0),
        ("['Preprocess']", OTHER, 0),
        ("[prep.name]", OTHER, 0),
        ("[score]", OTHER, 1),
        ("['Score']", 'prep.properties.ProcessingOutputConfig.Outputs["rows"].S3Output.S3Uri', 0),
        ("read()", OTHER, 0),
        ("None", ROWS, 2),
    ],
)
def test_waiting(tmp_path: Path, waits: str, between: str, number: int) -> None:
    assert len(order(tmp_path, ROWS, ROWS, waits, between)) == number


def test_waiting_by_a_call(tmp_path: Path) -> None:
    text = HEAD + ORDER.format(written=ROWS, read=ROWS, waits="None", between=OTHER)
    added = text.replace("Pipeline(name", "train.add_depends_on([prep])\nPipeline(name")
    assert said(tmp_path, {"pipeline.py": added}, "TRN313") == []
    for receiver in ("read()", "[train][read()]"):
        other = added.replace("train.add", f"{receiver}.add")
        assert said(tmp_path, {"pipeline.py": other}, "TRN313") == []
    for receiver in ("score", "Flow()"):
        other = f"class Flow:\n    pass\n{added}".replace("train.add", f"{receiver}.add")
        assert len(said(tmp_path, {"pipeline.py": other}, "TRN313")) == 1
    unknown = text.replace("[prep, score, train]", "[prep, score, train, read()]")
    assert said(tmp_path, {"pipeline.py": unknown}, "TRN313") == []


def test_steps_of_other_files(tmp_path: Path) -> None:
    steps = HEAD + ORDER.format(
        written="uri", read="Join(on='/', values=[uri, 'a.csv'])", waits="None", between=OTHER
    )
    steps = steps.partition("Pipeline(name")[0].replace("\n", "\n    ")
    pipeline = """
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from steps import steps_of

rows = ParameterString(name="Rows", default_value="s3://churn-data/rows")
prep, train = steps_of(rows)
Pipeline(name="p", parameters=[rows], steps=[prep, train])
"""
    files = {"steps.py": f"def steps_of(uri):{steps}return prep, train\n", "pipeline.py": pipeline}
    assert said(tmp_path, files, "TRN313") == []  # it may be the whole bucket
    files["steps.py"] = files["steps.py"].replace(
        "destination=uri", "destination=Join(on='/', values=[uri, 'a'])"
    )
    files["steps.py"] = files["steps.py"].replace("'a.csv'", "'a', 'a.csv'")
    assert said(tmp_path, files, "TRN313") == ["TRN313 Train reads what Preprocess writes"]
