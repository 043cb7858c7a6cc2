"""Instance types, property trees and limits from botocore's SageMaker model."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

from wheels import Wheel

Shapes = dict[str, dict[str, Any]]

JOBS = {
    "training": "TrainingInstanceType",
    "processing": "ProcessingInstanceType",
    "transform": "TransformInstanceType",
}
OTHER_USES = {
    "endpoint": "ProductionVariantInstanceType",
    "notebook": "InstanceType",
    "studio": "AppInstanceType",
}

STEPS: dict[str, list[str]] = {
    # sagemaker/workflow/*.py: the shape_name(s) that each step passes to Properties
    "Training": ["DescribeTrainingJobResponse"],
    "Processing": ["DescribeProcessingJobResponse"],
    "Transform": ["DescribeTransformJobResponse"],
    "Tuning": [
        "DescribeHyperParameterTuningJobResponse",
        "ListTrainingJobsForHyperParameterTuningJobResponse",
    ],
    "CreateModel": ["DescribeModelOutput"],
    "RegisterModel": ["DescribeModelPackageOutput"],
    # The step_args of a ModelStep determine which of the two it has.
    "Model": ["DescribeModelOutput", "DescribeModelPackageOutput"],
    "AutoML": ["DescribeAutoMLJobResponse"],
}

REQUESTS = (
    "CreateTrainingJobRequest",
    "CreateHyperParameterTuningJobRequest",
    "CreateProcessingJobRequest",
)
SINGLE_SHAPES = ("PipelineName", "PipelineExecutionName", "StepName", "ProcessingJobName", "ModelName")

_SCALARS = {
    "string": "s",
    "boolean": "b",
    "integer": "i",
    "long": "i",
    "float": "d",
    "double": "d",
    "timestamp": "t",
    "blob": "s",
}


def read_shapes(wheel: Wheel) -> Shapes:
    """Return the shapes of the newest SageMaker model in botocore."""
    path = max(name for name in wheel.names() if "/data/sagemaker/" in name and "service-2" in name)
    content = wheel.read(path)
    shapes: Shapes = json.loads(gzip.decompress(content) if path.endswith(".gz") else content)["shapes"]
    return shapes


def instance_types(shapes: Shapes) -> dict[str, Any]:
    """Return the instance types of each kind of job, and those of other uses on which no job runs: sizes by family."""
    jobs = {job: set(shapes[shape]["enum"]) for job, shape in JOBS.items()}
    others = {use: set(shapes[shape]["enum"]).difference(*jobs.values()) for use, shape in OTHER_USES.items()}
    return {use: _by_family(names) for use, names in {**jobs, **others}.items()}


def _by_family(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        if name != "system":  # Studio's word for the instance that it provides
            prefix, family, size = name.split(".")
            assert prefix == "ml"
            found.setdefault(family, []).append(size)
    return found


def property_trees(shapes: Shapes) -> dict[str, Any]:
    """Return the shapes below each kind of step, each once.

    A member is the letter of a scalar, the name of a shape, ``[member]`` for a list or ``{"*": value}`` for a map.
    """
    needed: dict[str, dict[str, Any]] = {}

    def described(name: str) -> Any:
        shape = shapes[name]
        kind = shape["type"]
        if kind == "structure":
            if name not in needed:
                needed[name] = {}
                needed[name] = {
                    key: described(info["shape"]) for key, info in sorted(shape["members"].items())
                }
            return name
        if kind == "list":
            return [described(shape["member"]["shape"])]
        if kind == "map":
            return {"*": described(shape["value"]["shape"])}
        return _SCALARS[kind]

    for roots in STEPS.values():
        for root in roots:
            described(root)
    return {"steps": STEPS, "shapes": dict(sorted(needed.items()))}


def constraints(shapes: Shapes) -> dict[str, Any]:
    """Return the shapes below the requests with their limits."""
    needed: dict[str, dict[str, Any]] = {}

    def add(names: Iterable[str]) -> None:
        for name in names:
            if name in needed or name not in shapes:
                continue
            shape = shapes[name]
            needed[name] = {}
            needed[name] = row = {"type": shape["type"]}
            for key in ("min", "max", "pattern", "enum"):
                if key in shape:
                    row[key] = shape[key]
            job = next((job for job, enum in JOBS.items() if enum == name), None)
            if job is not None:
                row["enum"] = f"@{job}"
            match shape["type"]:
                case "structure":
                    members = {key: info["shape"] for key, info in sorted(shape["members"].items())}
                    row["members"] = members
                    if shape.get("required"):
                        row["required"] = sorted(shape["required"])
                    add(members.values())
                case "list":
                    row["member"] = shape["member"]["shape"]
                    add([row["member"]])
                case "map":
                    row["key"], row["value"] = shape["key"]["shape"], shape["value"]["shape"]
                    add([row["key"], row["value"]])

    add(REQUESTS)
    add(SINGLE_SHAPES)
    return {"shapes": dict(sorted(needed.items()))}
