"""Processing jobs of both SDKs with their scripts: right ones, and ones with one mistake."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from slow.variants_v2 import HEAD as V2
from slow.variants_v2 import ROLE

V3 = f"""
from sagemaker.core.processing import FrameworkProcessor, ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep

ROLE = "{ROLE}"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1"
session = PipelineSession()
"""
PORTS = {
    V2: """
def mount(path):
    return ProcessingInput(source="s3://bucket/raw", destination=path, input_name="raw")


def keep(path):
    return ProcessingOutput(output_name="train", source=path)
""",
    V3: """
def mount(path):
    return ProcessingInput(input_name="raw", s3_input=ProcessingS3Input(
        s3_uri="s3://bucket/raw", s3_data_type="S3Prefix", s3_input_mode="File", local_path=path))


def keep(path):
    return ProcessingOutput(output_name="train", s3_output=ProcessingS3Output(
        s3_uri="s3://bucket/clean", local_path=path, s3_upload_mode="EndOfJob"))
""",
}
JOB = """
processor = ScriptProcessor(
    image_uri=IMAGE, command=["python3"], role=ROLE, instance_type="ml.m5.large", instance_count=1,
    sagemaker_session=session,
)
step = ProcessingStep(
    name="Prepare",
    step_args=processor.run(
        code="prepare.py",
        inputs=[mount("/opt/ml/processing/input")],
        outputs=[keep("/opt/ml/processing/train")],
        arguments=["--share", "0.2"],
    ),
)
pipeline = Pipeline(name="prepare", steps=[step], sagemaker_session=session)
"""
SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--share", type=float, required=True)
arguments = parser.parse_args()
with open("/opt/ml/processing/input/rows.csv") as stream:
    rows = stream.read()
with open("/opt/ml/processing/train/rows.csv", "w") as stream:
    stream.write(rows)
"""


class Prepared(NamedTuple):
    """A launcher with ``prepare.py``.

    ``code`` is the expected code, empty for a right launcher. ``refused`` is whether the SDK, or SageMaker's model,
    refuses the launcher. ``fails`` is part of the error with which the script ends under the request's arguments.
    """

    launcher: str
    code: str = ""
    refused: bool = False
    fails: str = ""
    script: str = SCRIPT
    sdks: tuple[str, ...] = ("sdk-v2", "sdk-v3")

    def files(self, sdk: str) -> Mapping[str, str]:
        """Return the files for one SDK."""
        head = V2 if sdk == "sdk-v2" else V3
        launcher = f"{head}{PORTS[head]}{self.launcher}"
        return MappingProxyType({"launch.py": launcher.lstrip(), "prepare.py": self.script.lstrip()})


def changed(old: str, new: str) -> str:
    """Return the job with one change."""
    assert old in JOB, old
    return JOB.replace(old, new)


ONLY_V2 = ("sdk-v2",)
JOBS: dict[str, Prepared] = {
    "right": Prepared(JOB),
    "a variable": Prepared(
        changed('"0.2"', "share")
        .replace("processor =", 'share = ParameterString(name="Share", default_value="0.2")\nprocessor =')
        .replace("steps=[step]", "parameters=[share], steps=[step]")
    ),
    "no such argument": Prepared(changed("instance_count=", "instnce_count="), "TRN434", refused=True),
    "no such argument of run": Prepared(changed("arguments=", "argument="), "TRN434", refused=True),
    "no such argument of the step": Prepared(
        changed('name="Prepare",', 'name="Prepare", job_argumens=[],'), "TRN434", refused=True, sdks=ONLY_V2
    ),
    "no command": Prepared(changed(' command=["python3"],', ""), "TRN434", refused=True),
    "command is a string": Prepared(changed('["python3"]', '"python3"'), "TRN434", refused=True),
    "no name": Prepared(changed('    name="Prepare",\n', ""), "TRN434", refused=True),
    "no code": Prepared(changed('        code="prepare.py",\n', ""), "TRN434", refused=True),
    "nothing to run": Prepared(
        JOB[: JOB.index("    step_args")] + ")\n" + JOB[JOB.index("pipeline =") :], "TRN434", refused=True
    ),
    "the processor itself": Prepared(
        JOB[: JOB.index("    step_args")] + "    step_args=processor,\n)\n" + JOB[JOB.index("pipeline =") :],
        "TRN434",
        refused=True,
    ),
    "processor and arguments": Prepared(
        changed('name="Prepare",', 'name="Prepare", processor=processor,'), "TRN434", refused=True
    ),
    "inputs are no list": Prepared(
        changed('[mount("/opt/ml/processing/input")]', '{"raw": mount("/opt/ml/processing/input")}'),
        "TRN434",
        refused=True,
    ),
    "arguments are no list": Prepared(changed('["--share", "0.2"]', '"--share 0.2"'), "TRN434", refused=True),
    "a number": Prepared(changed('"0.2"', "0.2"), "TRN434", refused=True),
    "a variable of a number": Prepared(
        changed("role=ROLE,", 'role=ROLE, env={"DEPTH": 5},'), "TRN434", refused=True
    ),
    "count is a string": Prepared(changed("instance_count=1", 'instance_count="1"'), "TRN434", refused=True),
    "code is a variable": Prepared(
        changed('code="prepare.py"', 'code=ParameterString(name="Code", default_value="prepare.py")'),
        "TRN434",
        refused=True,
    ),
    "no code there": Prepared(changed('"prepare.py"', '"steps/prepare.py"'), "TRN451", refused=True),
    "code is a folder": Prepared(
        changed('code="prepare.py"', 'code=__import__("os").path.dirname(__file__)'),
        "",
        refused=True,
    ),
    "another option": Prepared(
        changed('"0.2"]', '"0.2", "--shares", "0.1"]'), "TRN452", fails="unrecognized arguments: --shares"
    ),
    "another value": Prepared(changed('"0.2"', '"many"'), "TRN452", fails="invalid float value: 'many'"),
    "no option": Prepared(
        changed('        arguments=["--share", "0.2"],\n', ""), "TRN452", fails="are required: --share"
    ),
    "another input": Prepared(
        changed("processing/input", "processing/raw"), "TRN453", fails="No such file or directory"
    ),
    "two inputs of one path": Prepared(
        changed(
            '[mount("/opt/ml/processing/input")]',
            '[mount("/opt/ml/processing/input"), mount("/opt/ml/processing/input/")]',
        ),
        "TRN434",
    ),
    "an output at the path of an input": Prepared(
        changed("processing/train", "processing/input"),
        "TRN434",
        script=SCRIPT.replace("processing/train", "processing/input"),
    ),
    "eleven inputs": Prepared(
        changed(
            '[mount("/opt/ml/processing/input")]',
            "[" + ", ".join(f'mount("/opt/ml/processing/input{"/x" * n}")' for n in range(11)) + "]",
        ),
        "TRN434",
        refused=True,
    ),
    "another output": Prepared(changed("processing/train", "processing/validation"), "TRN454"),
}
