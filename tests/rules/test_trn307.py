"""TRN307: the outputs that a pipeline reads, and those that its processing steps have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import notebook, said
from tests.rules.marked import assert_marked

V2 = """
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep

processor = SKLearnProcessor("1.2-1", "arn:aws:iam::123456789012:role/Harbour", "ml.m5.large", 1)
OUTPUT = ProcessingOutput(output_name="cargo", source="/opt/ml/processing/cargo")
"""
V3 = """
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingOutput, ProcessingS3Output
from sagemaker.mlops.workflow.steps import ProcessingStep

processor = ScriptProcessor(image_uri="i", role="r", instance_type="ml.m5.large", instance_count=1)
S3 = ProcessingS3Output(s3_uri="s3://b/c", s3_upload_mode="EndOfJob")
OUTPUT = ProcessingOutput(output_name="cargo", s3_output=S3)
"""
STEP = 'sort = ProcessingStep(name="Sort", step_args=processor.run(code="sort.py", outputs=[OUTPUT]))\n'
READ = 'uri = sort.properties.ProcessingOutputConfig.Outputs["{0}"].S3Output.S3Uri{1}\n'
MARK = "  # TRN307"

CASES = {
    "a name that the step lacks": V2 + STEP + READ.format("freight", MARK),
    "the name": V2 + STEP + READ.format("cargo", ""),
    "SDK v3, a name that the step lacks": V3 + STEP + READ.format("freight", MARK),
    "SDK v3, the name": V3 + STEP + READ.format("cargo", ""),
    "no outputs, by name": V2
    + 'sort = ProcessingStep(name="Sort", processor=processor, code="sort.py", outputs=[])\n'
    + READ.format("cargo", MARK),
    "no outputs, by position": V2
    + 'sort = ProcessingStep(name="Sort", processor=processor, code="sort.py")\n'
    + f"uri = sort.properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri{MARK}\n",
    "outputs by position": V2
    + STEP
    + "uri = sort.properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri\n",
    "unknown outputs by position": V2
    + 'sort = ProcessingStep(name="Sort", processor=processor, code="sort.py", outputs=OUTPUTS)\n'
    + "uri = sort.properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri\n",
    "outputs of the step itself": V2
    + 'sort = ProcessingStep(name="Sort", processor=processor, code="sort.py", outputs=[OUTPUT])\n'
    + READ.format("freight", MARK),
    "no outputs at all": V2
    + 'sort = ProcessingStep(name="Sort", step_args=processor.run(code="sort.py"))\n'
    + READ.format("cargo", MARK),
    "a path through names": V2
    + STEP
    + 'outputs = sort.properties.ProcessingOutputConfig.Outputs\nKEY = "freight"\n'
    + "uri = outputs[KEY].S3Output.S3Uri  # TRN307\n",
    "an output that a loop appends": V2
    + 'outputs = [OUTPUT]\noutputs.append(ProcessingOutput(output_name="freight", source="/opt/ml/processing/f"))\n'
    + STEP.replace("[OUTPUT]", "outputs")
    + READ.format("freight", ""),
    "outputs from elsewhere": "from harbour import outputs\n"
    + V2
    + STEP.replace("[OUTPUT]", "outputs")
    + READ.format("freight", ""),
    "outputs in keyword arguments from elsewhere": "from harbour import settings\n"
    + V2
    + STEP.replace("outputs=[OUTPUT]", "**settings")
    + READ.format("freight", ""),
    "a name from elsewhere": "from harbour import NAME\n"
    + V2
    + STEP
    + 'OUTPUT = ProcessingOutput(output_name=NAME, source="/opt/ml/processing/cargo")\n'
    + STEP
    + READ.format("freight", ""),
    "a name that the SDK generates": V2.replace('output_name="cargo", ', "")
    + STEP
    + READ.format("output-1", ""),
    "a key from elsewhere": "from harbour import KEY\n"
    + V2
    + STEP
    + "uri = sort.properties.ProcessingOutputConfig.Outputs[KEY].S3Output.S3Uri\n",
    "one of two steps has it": V2
    + STEP
    + "import os\nif os.environ.get('FREIGHT'):\n"
    + '    freight = ProcessingOutput(output_name="freight", source="/opt/ml/processing/f")\n'
    + '    sort = ProcessingStep(name="Sort", step_args=processor.run(code="sort.py", outputs=[freight]))\n'
    + READ.format("freight", ""),
    "a class of the project": V2
    + "class Sorting(ProcessingStep):\n    pass\n"
    + STEP.replace("= ProcessingStep(", "= Sorting(")
    + READ.format("freight", ""),
    "a step from elsewhere": "from harbour import sort\n" + V2 + READ.format("freight", ""),
    "another property": V2 + STEP + 'arn = sort.properties.Environment["freight"]\n',
}


NAMED = """
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep

OUTPUT = LambdaOutput(output_name="berth", output_type=LambdaOutputTypeEnum.String)
ANSWER = CallbackOutput("answer", CallbackOutputTypeEnum.String)
moor = LambdaStep(name="Moor", lambda_func=Lambda(function_arn="f"), outputs={outputs})
ask = CallbackStep(name="Ask", sqs_queue_url="q", inputs={{}}, outputs=[ANSWER])
"""
VALUES = {
    "of a Lambda step": (NAMED.format(outputs="[OUTPUT]"), 'moor.properties.Outputs["birth"]  # TRN307'),
    "of a Lambda step that has none": (
        NAMED.format(outputs="None"),
        'moor.properties.Outputs["x"]  # TRN307',
    ),
    "of a callback step": (NAMED.format(outputs="[OUTPUT]"), 'ask.properties.Outputs["berth"]  # TRN307'),
    "of SDK v3": (
        NAMED.format(outputs="[OUTPUT]").replace("sagemaker.workflow", "sagemaker.mlops.workflow"),
        'moor.properties.Outputs["birth"]  # TRN307',
    ),
    "the name of a Lambda step": (NAMED.format(outputs="[OUTPUT]"), 'moor.properties.Outputs["berth"]'),
    "the name of a callback step": (NAMED.format(outputs="[OUTPUT]"), 'ask.properties.Outputs["answer"]'),
    "unknown outputs": (NAMED.format(outputs="read()"), 'moor.properties.Outputs["birth"]'),
    "an unknown key": (NAMED.format(outputs="[OUTPUT]"), "moor.properties.Outputs[read()]"),
}


ALL = CASES | {name: f"{text}uri = {line}\n" for name, (text, line) in VALUES.items()}


@pytest.mark.parametrize("name", [name for name, text in ALL.items() if "TRN307" in text])
def test_wrong(name: str) -> None:
    assert_marked("TRN307", ALL[name])


@pytest.mark.parametrize("name", [name for name, text in ALL.items() if "TRN307" not in text])
def test_right(name: str) -> None:
    assert_marked("TRN307", ALL[name])


def test_in_a_notebook(tmp_path: Path) -> None:
    text = notebook(V2 + STEP, READ.format("freight", ""))
    assert len(said(tmp_path, {"pipeline.ipynb": text}, "TRN307")) == 1
