"""Instance types: those that exist for each kind of job and for other uses, and their accelerators.

Source: the enums of botocore's SageMaker model (``tables/instance_types.json``), and for accelerators sagemaker 2.257.7
``image_uris.py: _processor``.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from flake8_training.pattern import pattern
from flake8_training.sagemaker.paths import Judgement
from flake8_training.sagemaker.table_files import load
from flake8_training.spelling import closest, only_closest

Job = Literal["training", "processing", "transform"]
Use = Literal["training", "processing", "transform", "endpoint", "notebook", "studio"]
Accelerator = Literal["cpu", "gpu", "neuron"]

LOCAL_TYPES = frozenset({"local", "local_cpu", "local_gpu"})
"""Replacements for an instance type in local mode; ``local_cpu`` only for ModelTrainer."""

_USES: dict[Use, str] = {
    "training": "training jobs",
    "processing": "processing jobs",
    "transform": "transform jobs",
    "endpoint": "endpoints",
    "notebook": "notebooks",
    "studio": "Studio",
}
"""The parts of the table of instance types, as a message names them."""

# As many sizes or types are named in a message.
_SHOWN = 4

_TYPE = pattern(r"ml\.(?P<family>[a-z][a-z0-9-]*)\.(?P<size>[a-z0-9-]+)")


@functools.cache
def instance_types(use: Use = "training") -> frozenset[str]:
    """Return the instance types of a kind of job, or those of another use on which no job runs."""
    families = load("instance_types")[use].items()
    return frozenset(f"ml.{family}.{size}" for family, sizes in families for size in sizes)


def judge_instance_type(name: str, job: Job = "training") -> Judgement:
    """Judge an instance type.

    * ``ok``: it exists for this kind of job, or is a type of local mode.
    * ``misspelt``: it does not exist, and ``closest`` is the intended one (a misspelling, or a missing ``ml.``).
    * ``no_such_size``: the family is known and has no such size; ``detail`` names its sizes.
    * ``other_use``: it exists for other kinds of jobs, endpoints or notebooks only; ``detail`` names those, and types
      of the same family or size that this job can use.
    * ``malformed``: not the form of an instance type.
    * ``unknown``: a family that the table does not have, perhaps newer.
    """
    known = instance_types(job)
    if name in known or name in LOCAL_TYPES:
        return Judgement("ok")
    uses = [words for use, words in _USES.items() if name in instance_types(use)]
    match = _TYPE.fullmatch(name)
    sizes = _sizes(match["family"], known) if match is not None else []
    of_size = sorted(other for other in known if match is not None and other.endswith(f".{match['size']}"))
    family = f"ml.{match['family']} has {_shown(sizes)}" if match is not None and sizes else ""
    if uses:
        instead = family or (f"{_USES[job]} can use {_shown(of_size)}" if of_size else "")
        return Judgement(
            "other_use", detail=f"for {' and '.join(uses)} only" + f" ({instead})" * bool(instead)
        )
    if f"ml.{name}" in known:
        return Judgement("misspelt", f"ml.{name}")
    intended = closest(name, sorted(known)) if not (sizes and of_size) else None
    if intended is not None:
        return Judgement("misspelt", intended)
    if match is None:
        return Judgement("malformed")
    return Judgement("no_such_size", detail=family) if sizes else Judgement("unknown")


def _shown(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _sizes(family: str, known: frozenset[str]) -> list[str]:
    """Return the sizes of a family, the smallest first."""
    prefix = f"ml.{family}."
    return sorted((name.removeprefix(prefix) for name in known if name.startswith(prefix)), key=_size)


def intended_type(name: object, job: Job = "training") -> str | None:
    """Return the only instance type of a kind of job that a name misspells, or None."""
    if not isinstance(name, str) or judge_instance_type(name, job).kind != "misspelt":
        return None
    known = instance_types(job)
    return f"ml.{name}" if f"ml.{name}" in known else only_closest(name, sorted(known))


def accelerator(name: str) -> Accelerator | None:
    """Return the processor that an instance type computes on, or None if the name is no instance type."""
    if name in LOCAL_TYPES:
        return "gpu" if name == "local_gpu" else "cpu"
    match = _TYPE.fullmatch(name)
    if match is None:
        return None
    family = match["family"]
    if family.startswith(("inf", "trn")):
        return "neuron"
    return "gpu" if family[0] in "gp" else "cpu"


_WITHOUT_VOLUME = ("g5", "g6", "p5", "trn1")
"""Families with local storage besides those with a "d" in their name (sagemaker 2.257.7 ``volume_size_supported``)."""


def has_local_storage(name: str) -> bool:
    """Return whether an existing instance type has local storage, which no key of KMS encrypts."""
    match = _TYPE.fullmatch(name)
    if match is None or name not in instance_types():
        return False
    return "d" in match["family"] or match["family"].startswith(_WITHOUT_VOLUME)


_ONE_GPU = pattern(
    r"(?:g4dn|g5|g6|g6e)\.(?:xlarge|[248]xlarge|16xlarge)|g5g\.\w+|gr6\.\w+|p2\.xlarge|p3\.2xlarge|p5\.4xlarge"
)
"""GPU instances with one GPU (EC2's page of accelerated computing). Newer families are not listed: see below."""
_SEVERAL_GPUS = frozenset({"g4dn", "g5", "g6", "g6e", "p2", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en"})
"""The families of which some size has several GPUs. A family that is not listed is unknown."""


def has_several_gpus(name: str) -> bool:
    """Return whether an existing instance type certainly has more than one GPU."""
    match = _TYPE.fullmatch(name)
    if match is None or name not in instance_types() or match["family"] not in _SEVERAL_GPUS:
        return False
    return _ONE_GPU.fullmatch(name.removeprefix("ml.")) is None


def _size(size: str) -> tuple[int, bool, bool, str]:
    """Return a key that orders sizes: medium, large, xlarge, 2xlarge."""
    digits = re.match(r"\d+", size)
    return int(digits[0]) if digits else 0, size.endswith("xlarge"), size != "medium", size
