"""TRN306 across files: the property files that ``JsonGet`` reads, and the documents that the scripts write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import said

PIPELINE = """
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.functions import JsonGet
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep

processor = ScriptProcessor(
    image_uri="i", command=["python3"], role="r", instance_type="ml.m5.xlarge", instance_count=1,
    sagemaker_session=PipelineSession(),
)
report = PropertyFile(name="Report", output_name="report", path="{file}")
arguments = processor.run(
    code="evaluate.py",
    outputs=[ProcessingOutput(output_name="report", source="/opt/ml/processing/report")],
)
step = ProcessingStep(name="Evaluate", step_args=arguments, property_files=[report])
value = JsonGet(step_name=step.name, property_file=report, json_path={path})
"""
BY_NAME = PIPELINE.replace("step_name=step.name", 'step_name="Evaluate"')
BY_ANOTHER_NAME = PIPELINE.replace("step_name=step.name", 'step_name="Score"')
BY_PROCESSOR = PIPELINE.replace("arguments = processor.run(", "on = dict(").replace(
    "step_args=arguments", "processor=processor, **on"
)
WRITE = """
import json

report = {report}
{more}
with open("/opt/ml/processing/report/{name}", "w") as file:
    {write}
"""


def pair(
    path: str = '"metrics.mse.value"',
    report: str = '{"metrics": {"mse": {"value": 0.3, "deviation": 0.1}}}',
    more: str = "",
    name: str = "evaluation.json",
    write: str = "file.write(json.dumps(report))",
    file: str = "evaluation.json",
    pipeline: str = PIPELINE,
) -> dict[str, str]:
    """A pipeline that reads a value of an evaluation, and the script that writes it."""
    script = WRITE.format(report=report, more=more, name=name, write=write)
    return {"pipeline.py": pipeline.format(file=file, path=path), "evaluate.py": script}


WRONG = '"metrics.mse.vaule"'
DETAIL = "'metrics.mse.vaule' needs the key vaule, did you mean value?"


@pytest.mark.parametrize(
    ("files", "details"),
    [
        (pair(), []),
        (pair(WRONG), [DETAIL]),
        (pair(WRONG, pipeline=BY_NAME), [DETAIL]),
        (pair(WRONG, pipeline=BY_ANOTHER_NAME), []),
        (pair(WRONG, write="json.dump(report, file)"), [DETAIL]),
        (pair(WRONG, write="file.write(json.dumps(report, indent=1))"), [DETAIL]),
        (pair("\"metrics['mae']\""), ["\"metrics['mae']\" needs the key mae; it has mse there"]),
        (pair('"metrics.mse.value.x"'), []),
        (pair('"metrics.rows[0].x"'), ["needs the key rows"]),
        (pair(WRONG, report='{"metrics": {"mse": measured}}', more="measured = {'value': 1}"), [DETAIL]),
        (pair(WRONG, report="{}", more='report["metrics"] = {"mse": {"value": 1}}'), [DETAIL]),
        (pair(file="evaluate.json"), ["the script writes no /opt/ml/processing/report/evaluate.json"]),
        # The document may have the key.
        (
            pair(WRONG, report='{"metrics": measure()}', more="def measure():\n    return open('m').read()"),
            [],
        ),
        (pair(WRONG, more="import ourlib\nourlib.extend(report)"), []),
        (pair(WRONG, more="import os\nreport['metrics']['mse'][os.environ['NAME']] = 1"), []),
        (pair(WRONG, write="import ourlib; ourlib.save(report, file)"), []),
        (pair(WRONG, write="file.write(json.dumps(report) + '')"), []),
        (pair(WRONG, more="print(report)"), [DETAIL]),
        (pair("PATH"), []),
        (pair('"metrics[?(@.name)].value"'), []),
        # The script may write the file.
        (pair(file="evaluate.json", more="import os\nopen(os.environ['OUT'], 'w')"), []),
        (pair(file="evaluate.json", more="import ourlib\nourlib.run()"), []),
    ],
)
def test_property_files(tmp_path: Path, files: dict[str, str], details: list[str]) -> None:
    found = said(tmp_path, files, "TRN306")
    assert len(found) == len(details), found
    assert all(detail in one for detail, one in zip(details, found, strict=True)), found
