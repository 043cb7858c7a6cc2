"""Runs launchers with a real SDK, v2 or v3, and reports their requests to SageMaker.

It runs in the SDK's environment. Standard input is a JSON list of launchers, each with its ``folder`` (the working
directory), its ``file`` in it, and ``more``, code that runs after it. Standard output has one line of JSON for each:

- ``jobs``: for each job its kind, its request, and the pipeline step that it belongs to.
- ``paths``: references into the properties of steps.
- ``uploads``: small files that the SDK uploads.
- ``refused``: violations of the limits in SageMaker's own model.
- ``raised``: the error that ended the launcher, or an empty string.

Nothing uses the network: this program answers all calls of AWS.
"""

from __future__ import annotations

import io
import json
import logging
import multiprocessing
import os
import re
import runpy
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

ACCOUNT = "123456789012"
ANSWERS: dict[str, Any] = {
    "GetCallerIdentity": {"Account": ACCOUNT, "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Training/me"},
    "GetRole": {"Role": {"Arn": f"arn:aws:iam::{ACCOUNT}:role/Training"}},
    "SimulatePrincipalPolicy": {"EvaluationResults": []},
    "DescribeTrainingJob": {
        "TrainingJobName": "job",
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/job",
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model.tar.gz"},
        "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 1},
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket"},
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/Training",
    },
    "CreateTrainingJob": {"TrainingJobArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/job"},
    "CreateHyperParameterTuningJob": {
        "HyperParameterTuningJobArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:hyper-parameter-tuning-job/job"
    },
    "ListBuckets": {
        "Buckets": [{"Name": f"sagemaker-us-east-1-{ACCOUNT}", "CreationDate": datetime(2026, 1, 1)}]
    },
    "DescribeHyperParameterTuningJob": {"HyperParameterTuningJobStatus": "Completed"},
}
QUIET = ("HeadBucket", "HeadObject", "PutObject", "CreateBucket", "ListObjectsV2", "DescribeLogStreams")
LOCAL = ("local", "local_gpu", "local_cpu")
KINDS = {
    "CreateTrainingJob": "Training",
    "CreateHyperParameterTuningJob": "Tuning",
    "CreateProcessingJob": "Processing",
}


class Answers:
    """Replaces AWS: validates each call as boto3 does, records the request, and answers."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.uploads: dict[str, str] = {}
        self.shapes: Any = None

    def install(self) -> None:
        """Replace the calls of every client."""
        client = import_module("botocore.client").BaseClient
        validator = import_module("botocore.validate").ParamValidator()
        errors = import_module("botocore.exceptions")

        def call(own: Any, operation: str, parameters: dict[str, Any]) -> Any:
            shape = own.meta.service_model.operation_model(operation).input_shape
            report = validator.validate(parameters, shape) if shape is not None else None
            if report is not None and report.has_errors():
                raise errors.ParamValidationError(report=report.generate_report())
            return self._answer(operation, parameters)

        client._make_api_call = call
        loader = import_module("botocore.loaders").Loader()
        model = import_module("botocore.model").ServiceModel(
            loader.load_service_model("sagemaker", "service-2")
        )
        self.shapes = model

    def _answer(self, operation: str, parameters: dict[str, Any]) -> Any:
        if operation in KINDS:
            self.jobs.append({"kind": KINDS[operation], "request": parameters, "step": None})
        if operation == "PutObject":
            self._keep(parameters)
        if operation in QUIET:
            return {"logStreams": []} if operation == "DescribeLogStreams" else {}
        if operation not in ANSWERS:
            raise RuntimeError(f"a call of AWS that is not expected: {operation}")
        return ANSWERS[operation]

    def _keep(self, parameters: dict[str, Any]) -> None:
        key, body = parameters["Key"], parameters.get("Body", b"")
        if key.endswith((".json", ".sh")):
            data = body.read() if hasattr(body, "read") else body
            self.uploads[key] = data if isinstance(data, str) else bytes(data).decode()


def run(launcher: dict[str, str]) -> dict[str, Any]:
    """Run one launcher in a separate process, and return the report on it."""
    answers = Answers()
    answers.install()
    time.sleep = lambda seconds: None  # nothing to wait for
    os.chdir(launcher["folder"])
    sys.path[:0] = [os.path.dirname(os.path.abspath(launcher["file"])), launcher["folder"]]
    sys.argv = [launcher["file"]]
    kept, sys.stdout = sys.stdout, io.StringIO()
    raised = ""
    paths: set[str] = set()
    try:
        names = runpy.run_path(launcher["file"], run_name="__main__")
        exec(compile(launcher["more"], "<more>", "exec"), names)
        for pipeline in _pipelines(names):
            definition = json.loads(pipeline.definition())
            for step in definition["Steps"]:
                job = {"kind": step["Type"], "request": step.get("Arguments", {}), "step": step["Name"]}
                answers.jobs.append(job)
            paths.update(_paths(definition))
    except (Exception, SystemExit) as error:
        raised = f"{type(error).__name__}: {error}"
        if os.environ.get("SLOW_TRACEBACK"):
            traceback.print_exc()
    finally:
        sys.stdout = kept
    refused = [violation for job in answers.jobs for violation in _refused(answers.shapes, job)]
    jobs = json.loads(json.dumps(answers.jobs, default=str))
    return {
        "jobs": jobs,
        "paths": sorted(paths),
        "uploads": answers.uploads,
        "refused": refused,
        "raised": raised,
    }


def _pipelines(names: dict[str, Any]) -> list[Any]:
    found: dict[int, Any] = {}
    for value in names.values():
        if type(value).__name__ == "Pipeline" and hasattr(value, "definition"):
            found[id(value)] = value
    return list(found.values())


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Get" and isinstance(inner, str) and inner.startswith("Steps."):
                yield inner
            yield from _paths(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner)


def _refused(model: Any, job: dict[str, Any]) -> Iterator[str]:
    """Yield the violations of a request's limits; the platform adds the name of a step's job."""
    operation = next((name for name, kind in KINDS.items() if kind == job["kind"]), None)
    machines = job["request"].get("ResourceConfig", {})
    if operation is not None and machines.get("InstanceType") not in LOCAL:
        yield from _breaks(model.operation_model(operation).input_shape, job["request"], operation)


TYPES = {"list": list, "string": str, "integer": int, "structure": dict, "map": dict}
"""The types that botocore accepts for a shape (botocore 1.44.8, ``validate.py``)."""


def _breaks(shape: Any, value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and set(value) & {"Get", "Std:Join"}:
        return
    wanted = TYPES.get(shape.type_name)
    if wanted is not None and value is not None and not isinstance(value, wanted):
        yield f"{path}: {value!r} is no {shape.type_name}"
        return
    limits = shape.metadata
    size = len(value) if isinstance(value, str | list | dict) else value
    if shape.type_name != "structure" and isinstance(size, int | float):
        if size < limits.get("min", size) or size > limits.get("max", size):
            yield f"{path}: {value!r} is not within {limits.get('min')} and {limits.get('max')}"
    if isinstance(value, str):
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value!r} is none of its values"
        pattern = limits.get("pattern")
        # Python's regular expressions have no Unicode classes.
        if pattern and r"\p{" not in pattern and not re.fullmatch(pattern, value):
            yield f"{path}: {value!r} does not match {pattern}"
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _breaks(shape.member, inner, f"{path}[{number}]")
    elif isinstance(value, dict) and shape.type_name == "map":
        for key, inner in value.items():
            yield from _breaks(shape.key, key, f"{path}.{key}")
            yield from _breaks(shape.value, inner, f"{path}.{key}")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in shape.members:
                yield from _breaks(shape.members[key], inner, f"{path}.{key}")
            else:
                yield f"{path}.{key}: there is no such member"


def _no_network(*arguments: object, **keywords: object) -> Any:
    raise OSError("there is no network here")


def main() -> None:
    """Answer for each launcher of standard input; the arguments are modules that all of them need."""
    launchers = json.load(sys.stdin)
    socket.getaddrinfo = _no_network
    for module in sys.argv[1:]:
        import_module(module)
    logging.disable()
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for answer in pool.imap(run, launchers, chunksize=1):
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
