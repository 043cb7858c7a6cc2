"""A processing job and its script, for the rules' examples."""

from __future__ import annotations

from flake8_training.rules.rule import Example

_LAUNCHER = """
import sagemaker
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
{start}
processor = ScriptProcessor(
    image_uri="123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1",
    command=["python3"],
    role=sagemaker.get_execution_role(),
    instance_type="ml.m5.xlarge",
    instance_count=1,
)
processor.run(
    code={code},{marks[0]}
    inputs=[  {marks[1]}
        ProcessingInput(source="s3://churn-data/raw", destination={destination}),
        {more}
    ],
    outputs=[
        ProcessingOutput(output_name="train", source={source}),{marks[2]}
    ],
    arguments={arguments},{marks[3]}
)
"""
_SCRIPT = """
import argparse
import os

import pandas as pd
{start}
parser = argparse.ArgumentParser()
parser.add_argument("--test-share", type=float, required=True)
{options}
arguments = parser.parse_args()
{read_start}rows = pd.read_csv({read})
rows = rows.sample(frac=1 - arguments.test_share)
{write}
"""


def processing(
    code: str,
    *places: int,
    script: str = "prepare.py",
    start: str = "",
    script_start: str = "",
    script_options: str = "",
    read_start: str = "",
    name: str = '"prepare.py"',
    destination: str = '"/opt/ml/processing/input"',
    source: str = '"/opt/ml/processing/train"',
    arguments: str = '["--test-share", "0.2"]',
    more: str = "",
    read: str = '"/opt/ml/processing/input/churn.csv"',
    write: str = 'rows.to_csv("/opt/ml/processing/train/churn.csv")',
    files: dict[str, str] | None = None,
) -> Example:
    """Return a processing job with its script.

    ``places`` are the marked lines: 0 the code, 1 the inputs, 2 the output, 3 the arguments.
    """
    marks = [f"  # {code}" if index in places else "" for index in range(4)]
    launcher = _LAUNCHER.format(
        start=start,
        code=name,
        destination=destination,
        source=source,
        arguments=arguments,
        more=more,
        marks=[marks[0], marks[1].strip(), *marks[2:]],
    )
    launcher = "\n".join(line.rstrip() for line in launcher.splitlines() if line.strip()) + "\n"
    text = _SCRIPT.format(
        start=script_start, options=script_options, read_start=read_start, read=read, write=write
    )
    text = "\n".join(line for line in text.splitlines() if line.strip() or not line) + "\n"
    return Example({"process.py": launcher, script: text, **(files or {})}, options=(f"--select={code}",))
