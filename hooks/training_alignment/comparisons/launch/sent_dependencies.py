"""The files and folders that an estimator sends beside its code, with ``dependencies``.

Source: sagemaker 2.257.7 ``fw_utils.py: tar_and_upload_dir``: each one lies at the top of the code, under its own name,
with or without ``source_dir``; SDK v3 has no such argument.
"""

from __future__ import annotations

import posixpath

from training_alignment.launches.entry_point import file_at, folder_of
from training_alignment.launches.launch import Launch


def sent_dependencies(launch: Launch) -> tuple[str, ...] | None:
    """Return the paths of the repository that ``dependencies`` names; None if one is unknown."""
    estimator = launch.estimator
    passed = estimator.get("dependencies")
    if passed is None:
        return None if "dependencies" in estimator.arguments else ()
    if passed.expression.is_none:
        return ()
    if not passed.certain or passed.replaceable or len(passed.values) != 1:
        return None
    elements = estimator.launcher.elements(passed.values[0])
    found: list[str] = []
    for element in elements or ():
        path = element.text
        where = file_at(launch.file, path) or folder_of(launch.file, path) if path is not None else None
        if where is None:
            return None
        found.append(where)
    return tuple(found) if elements is not None else None


def is_sent_with_code(launch: Launch, path: str) -> bool:
    """Return whether ``dependencies`` sends a file of the repository, or a folder around it."""
    return any(path == one or path.startswith(f"{one}/") for one in sent_dependencies(launch) or ())


def name_in_code(path: str) -> str:
    """Return the name under which a dependency lies at the top of the code, as a module's name."""
    return posixpath.basename(path).removesuffix(".py")
