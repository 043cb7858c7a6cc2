"""Framework versions and their Python versions, from the SDKs' image tables."""

from __future__ import annotations

import json
from typing import Any

from wheels import Wheel

FRAMEWORKS = (
    "autogluon",
    "chainer",
    "huggingface",
    "huggingface-training-compiler",
    "mxnet",
    "pytorch",
    "pytorch-neuron",
    "pytorch-smp",
    "pytorch-training-compiler",
    "sklearn",
    "tensorflow",
    "xgboost",
)

FOLDERS = {
    "sagemaker": "sagemaker/image_uri_config",
    "sagemaker-core": "sagemaker/core/image_uri_config",
}


def framework_pairs(*wheels: Wheel) -> dict[str, Any]:
    """Return aliases, processors and versions of each framework that either SDK supports.

    The second SDK adds versions; for a version of both, the Python versions are merged.
    """
    table: dict[str, Any] = {}
    for framework in FRAMEWORKS:
        merged: dict[str, Any] = {"aliases": {}, "processors": [], "versions": {}}
        for wheel in wheels:
            path = f"{FOLDERS[wheel.distribution]}/{framework}.json"
            if path in wheel:
                _merge(merged, _training(json.loads(wheel.read(path))))
        table[framework] = merged
    return table


def _training(config: dict[str, Any]) -> dict[str, Any]:
    part = config if "scope" in config else config["training"]
    processors = set(part.get("processors", ()))
    # The SDK does not check the processor of a version if neither the version nor its framework names any.
    has_processors = "processors" in part or all(
        "processors" in details for details in part["versions"].values()
    )
    versions: dict[str, Any] = {}
    for version, details in part["versions"].items():
        if "repository" not in details and any(key.startswith(("pytorch", "tensorflow")) for key in details):
            bases = {base: _pythons(row) for base, row in details.items() if base != "version_aliases"}
            versions[version] = {"aliases": details.get("version_aliases", {}), "bases": bases}
        else:
            versions[version] = _pythons(details)
            processors.update(details.get("processors", ()))
    return {
        "aliases": part.get("version_aliases", {}),
        "processors": sorted(processors) if has_processors else [],
        "versions": versions,
    }


def _pythons(details: dict[str, Any]) -> list[str]:
    if "repository" in details:
        return sorted(details.get("py_versions") or ())
    return sorted(details)


def _merge(merged: dict[str, Any], more: dict[str, Any]) -> None:
    merged["aliases"] = {**more["aliases"], **merged["aliases"]}
    merged["processors"] = sorted({*merged["processors"], *more["processors"]})
    for version, row in more["versions"].items():
        known = merged["versions"].setdefault(version, row)
        if isinstance(known, list):
            merged["versions"][version] = sorted({*known, *row})
        else:
            known["aliases"] = {**row["aliases"], **known["aliases"]}
            for base, pythons in row["bases"].items():
                known["bases"][base] = sorted({*known["bases"].get(base, ()), *pythons})
