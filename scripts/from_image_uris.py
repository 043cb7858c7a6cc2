"""Framework versions with their Python versions, and the registries of images, from the SDKs' image tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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

    The second SDK adds versions (``only_v3``); for a version of both, the Python versions are merged.
    """
    table: dict[str, Any] = {}
    for framework in FRAMEWORKS:
        merged: dict[str, Any] = {"aliases": {}, "only_v3": [], "processors": [], "versions": {}}
        for wheel in wheels:
            path = f"{FOLDERS[wheel.distribution]}/{framework}.json"
            if path in wheel:
                known = frozenset(merged["versions"])
                _merge(merged, _training(json.loads(wheel.read(path))))
                merged["only_v3"] = [version for version in merged["versions"] if version not in known]
        table[framework] = {key: merged[key] for key in ("aliases", "only_v3", "processors", "versions")}
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


def image_registries(*wheels: Wheel) -> dict[str, Any]:
    """Return the repositories of training images in both SDKs' tables: accounts by region, and versions of the images.

    ``registries`` are the sets of accounts, each account with its regions; a repository names its sets by their
    numbers. ``versions`` are the beginnings of the images' tags. ``then`` is the repository of the newest version of
    the same framework, if that is another one.
    """
    registries: list[dict[str, list[str]]] = []
    repositories: dict[str, dict[str, Any]] = {}
    for wheel in wheels:
        folder = f"{FOLDERS[wheel.distribution]}/"
        for path in sorted(
            name for name in wheel.names() if name.startswith(folder) and name.endswith(".json")
        ):
            config = json.loads(wheel.read(path))
            part = config if "versions" in config else config.get("training", {})
            if "training" in part.get("scope", ["training"]) and "versions" in part:
                _add_images(part, registries, repositories)
    for row in repositories.values():
        row["registries"] = sorted(set(row["registries"]))
        row["versions"] = sorted(set(row["versions"]), key=lambda one: (_number(one), one))
        if row.get("then") in (None, ""):
            row.pop("then", None)
    return {
        "frameworks": sorted(
            {
                name.rpartition("/")[2].removesuffix(".json")
                for wheel in wheels
                for name in wheel.names()
                if name.startswith(f"{FOLDERS[wheel.distribution]}/") and name.endswith(".json")
            }
            - {"instance_gpu_info"}
        ),
        "registries": registries,
        "repositories": dict(sorted(repositories.items())),
    }


def _add_images(
    part: dict[str, Any], registries: list[dict[str, list[str]]], repositories: dict[str, dict[str, Any]]
) -> None:
    newest: tuple[tuple[int, ...], str] = ((), "")
    own: set[str] = set()
    for version, details in part["versions"].items():
        for base, row in _images(details):
            name = row["repository"]
            accounts: dict[str, list[str]] = {}
            for region, account in sorted(row["registries"].items()):
                accounts.setdefault(account, []).append(region)
            if accounts not in registries:
                registries.append(accounts)
            found = repositories.setdefault(name, {"registries": [], "versions": []})
            found["registries"].append(registries.index(accounts))
            tag = row.get("tag_prefix", version)
            number = re.sub(r"^(?:pytorch|tensorflow)", "", base)
            found["versions"].append(f"{number}-transformers{version}" if number != base else tag)
            if number == base:
                own.add(name)
                newest = max(newest, (_number(version), name))
    for name in own:
        # A repository that has the newest version of any framework is not closed.
        if name == newest[1]:
            repositories[name]["then"] = ""
        else:
            repositories[name].setdefault("then", newest[1])


def _images(details: dict[str, Any], base: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the images of a version, with the base or Python version that each is for."""
    if "repository" in details:
        yield base, details
        return
    for key, row in details.items():
        if isinstance(row, dict) and key != "version_aliases":
            yield from _images(row, base or key)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
