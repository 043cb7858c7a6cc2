"""The versions of libraries in a job: pinned by the requirements that are sent with the code, or the image's own."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from training_alignment.comparisons.launch.installed_packages import (
    FILE,
    installs,
    requirements_at,
    requirements_path,
)
from training_alignment.comparisons.launch.job_image import LibraryVersion, image_versions
from training_alignment.launches.launch import Launch


def library_versions(launch: Launch) -> Mapping[str, LibraryVersion]:
    """Return the known versions of the libraries in a job, by distribution."""
    found = image_versions(launch.estimator)
    if launch.script is None:
        return found if launch.started.source_dir is not None else {}
    installed = requirements_path(launch)
    for path in _files_above(launch.script_path or ""):
        # The launcher may run in another folder, and then send this one.
        if path == installed or path not in launch.file.repository.files:
            continue
        others = requirements_at(launch, path)
        if others.open:
            return {}
        found = {name: version for name, version in found.items() if name not in others.pins}
    if installed is not None:
        required = requirements_at(launch, installed)
        if required.open:
            return {}
        for name, version in required.pins.items():
            if version is None:
                found.pop(name, None)
            else:
                found[name] = LibraryVersion(version, f"{name}=={version} in {posixpath.basename(installed)}")
    return {} if found and installs(launch.script.analysis) else found


def _files_above(path: str) -> Iterator[str]:
    """Yield the paths of requirements in the folders that contain a file of the repository, the root included."""
    folder = posixpath.dirname(path)
    while folder:
        yield posixpath.join(folder, FILE)
        folder = posixpath.dirname(folder)
    yield FILE
