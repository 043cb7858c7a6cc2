"""Framework versions and their Python versions for which SageMaker has images.

Source: the image tables of sagemaker 2.257.7 and sagemaker-core 2.27.0 together (``tables/framework_pairs.json``), read
as the SDK's ``image_uris.py`` does. Tables age: a version is unknown, not wrong, if it is newer than all of its
framework's or in one of the newest lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flake8_training.record import Record
from flake8_training.sagemaker.paths import Judgement
from flake8_training.sagemaker.table_files import load

ESTIMATOR_FRAMEWORKS = {
    "PyTorch": "pytorch",
    "TensorFlow": "tensorflow",
    "SKLearn": "sklearn",
    "XGBoost": "xgboost",
    "HuggingFace": "huggingface",
    "MXNet": "mxnet",
    "Chainer": "chainer",
}
"""Class name of an SDK v2 estimator -> framework of the table."""

_NEWEST_LINES = 3


def frameworks() -> frozenset[str]:
    """Return the frameworks of the table."""
    return frozenset(load("framework_pairs")["frameworks"])


def version_pair(
    framework: str, version: str, py_version: str | None = None, base: str | None = None
) -> Judgement:
    """Judge a framework's version together with a Python version.

    ``base`` is for Hugging Face: the version below, such as ``pytorch2.1.0`` or ``tensorflow2.6.3``. Do not ask for an
    estimator with an ``image_uri``, a compiler configuration or model parallelism: other tables apply (``pytorch-smp``,
    ``pytorch-training-compiler``, ``huggingface-training-compiler``, ``pytorch-neuron``).

    * ``ok``
    * ``no_such_version``: no image; ``nearest`` is the intended version, if there is one (1.7 -> 1.7-1).
    * ``wrong_python``: no image with this Python; ``nearest`` is the right one if there is only one, and
      ``detail`` names all.
    * ``needs_python``: ``py_version`` is missing and there are several.
    * ``wrong_base``: Hugging Face of this version does not come with this base.
    * ``unknown``: the table does not decide.
    """
    table = load("framework_pairs")["frameworks"].get(framework)
    if table is None:
        return Judgement("unknown")
    versions: dict[str, Any] = table["versions"]
    if len(versions) == 1 and version not in table["aliases"]:
        pythons: Any = next(iter(versions.values()))  # the SDK uses the only version for every request
    else:
        full = table["aliases"].get(version, version)
        if full not in versions:
            return _missing(version, versions, table["aliases"])
        pythons = versions[full]
    if isinstance(pythons, dict):
        if base is None:
            return Judgement("unknown")
        found = pythons["bases"].get(pythons["aliases"].get(base, base))
        if found is None:
            known = sorted(pythons["bases"])
            return Judgement("wrong_base", known[0] if len(known) == 1 else None, f"has {', '.join(known)}")
        pythons = found
    return _python(pythons, py_version)


class Image(Record):
    """A version of a framework in the table, its newest Python, and for Hugging Face the version below."""

    version: str
    py_version: str | None
    base: str | None


def images(framework: str, base: str = "", *, v3: bool = False) -> Iterator[Image]:
    """Yield the versions of a framework, the newest first; ``base`` begins the version below (``pytorch``).

    SDK v2 has not all versions: ``v3`` adds those of SDK v3 alone.
    """
    table = load("framework_pairs")["frameworks"].get(framework)
    versions: dict[str, Any] = table["versions"] if table is not None else {}
    left_out = frozenset(table["only_v3"]) if table is not None and not v3 else frozenset()
    for version in sorted(versions, key=_number, reverse=True):
        pythons: Any = versions[version]
        if version in left_out:
            continue
        if not isinstance(pythons, dict):
            yield Image(version, max(pythons, default=None), None)
            continue
        below = [one for one in pythons["bases"] if one.startswith(base)]
        if below:
            chosen = max(below, key=lambda one: _number(one.removeprefix(base)))
            yield Image(version, max(pythons["bases"][chosen], default=None), chosen)


def processors(framework: str) -> frozenset[str]:
    """Return the processors of a framework's training images (``cpu``, ``gpu``); empty if the table has none."""
    table = load("framework_pairs")["frameworks"].get(framework)
    return frozenset() if table is None else frozenset(table["processors"])


def _python(known: list[str], py_version: str | None) -> Judgement:
    if not known or py_version in known:
        return Judgement("ok")
    if py_version is None:
        return (
            Judgement("ok")
            if len(known) == 1
            else Judgement("needs_python", detail=f"has {', '.join(known)}")
        )
    return Judgement("wrong_python", known[0] if len(known) == 1 else None, f"has {', '.join(known)}")


def _missing(version: str, versions: dict[str, Any], aliases: dict[str, str]) -> Judgement:
    number = _number(version)
    lines = sorted({_number(known)[:2] for known in versions})
    if not number or number[:2] > lines[-1] or (len(number) > 2 and number[:2] in lines[-_NEWEST_LINES:]):
        return Judgement("unknown")
    same = [known for known in (*versions, *aliases) if _number(known)[: len(number)] == number]
    line = [known for known in versions if _number(known)[:2] == number[:2]]
    best = max(same or line, key=lambda known: (_number(known), -len(known)), default=None)
    return Judgement("no_such_version", best)


def _number(version: str) -> tuple[int, ...]:
    match = re.match(r"\d+(?:[.-]\d+)*", version)
    return tuple(int(part) for part in re.findall(r"\d+", match[0])) if match else ()
