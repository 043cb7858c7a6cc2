"""Instance types: which exist for which kind of job, and what they have.

Source: the enums of botocore's SageMaker model (``tables/instance_types.json``), and for what a family has,
sagemaker 2.257.7 ``image_uris.py: _processor``.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from .judgement import Judgement
from .near import nearest
from .table_files import load

Job = Literal["training", "processing", "transform"]
Accelerator = Literal["cpu", "gpu", "neuron"]

LOCAL_TYPES = frozenset({"local", "local_cpu", "local_gpu"})
"""What stands for an instance type in local mode; ``local_cpu`` only for ModelTrainer."""

_TYPE = re.compile(r"ml\.(?P<family>[a-z][a-z0-9-]*)\.(?P<size>[a-z0-9-]+)")


@functools.cache
def instance_types(job: Job = "training") -> frozenset[str]:
    """Return the instance types of a kind of job."""
    return frozenset(load("instance_types")[job])


def judge_instance_type(name: str, job: Job = "training") -> Judgement:
    """Judge an instance type.

    * ``ok``: it exists for this kind of job, or is ``local`` or ``local_gpu``.
    * ``misspelt``: it does not exist, and ``nearest`` is what was meant (a slip, or a missing ``ml.``).
    * ``no_such_size``: the family is known and has no such size; ``detail`` names its sizes.
    * ``other_job``: it exists for another kind of job only; ``detail`` names that.
    * ``malformed``: no instance type at all.
    * ``unknown``: a family that the table does not know, perhaps newer; nothing can be said.
    """
    known = instance_types(job)
    if name in known or name in LOCAL_TYPES:
        return Judgement("ok")
    for other in ("processing", "transform", "training"):
        if name in instance_types(other):
            return Judgement("other_job", detail=f"for {other} jobs only")
    if f"ml.{name}" in known:
        return Judgement("misspelt", f"ml.{name}")
    meant = nearest(name, sorted(known))
    if meant is not None:
        return Judgement("misspelt", meant)
    match = _TYPE.fullmatch(name)
    if match is None:
        return Judgement("malformed")
    prefix = f"ml.{match['family']}."
    sizes = sorted((other.removeprefix(prefix) for other in known if other.startswith(prefix)), key=_size)
    if sizes:
        return Judgement("no_such_size", detail=f"{prefix[:-1]} has {', '.join(sizes)}")
    return Judgement("unknown")


def accelerator(name: str) -> Accelerator | None:
    """Return what computes on an instance type, or None where the name is no instance type."""
    if name in LOCAL_TYPES:
        return "gpu" if name == "local_gpu" else "cpu"
    match = _TYPE.fullmatch(name)
    if match is None:
        return None
    family = match["family"]
    if family.startswith(("inf", "trn")):
        return "neuron"
    return "gpu" if family[0] in "gp" else "cpu"


def _size(size: str) -> tuple[int, str]:
    digits = re.match(r"\d+", size)
    return (int(digits[0]) if digits else 0, size)
