"""The generation of the SageMaker SDK that the requirements around a launcher allow.

In scope: ``requirements*.txt`` and strings of ``pyproject.toml``, in the launcher's folder and those above it, up to
the top of the repository. A requirements file in a folder that a job sends is the job's, not the launcher's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_training.libraries.distributions import normal
from flake8_training.libraries.requirements_file import read_requirements, requirement
from flake8_training.record import Record
from flake8_training.sagemaker.sdk_names import ALL, required_generations
from flake8_training.source_file import Refused, Root, repository_top

PROJECT = "pyproject.toml"
_FILES = ("requirements.txt", "requirements-dev.txt", PROJECT)
_MOST_BYTES = 100_000
_MOST_FOLDERS = 12


class RequiredSdk(Record):
    """A requirement of the SDK: the generations that it allows, and the words of a message about it.

    ``line`` is that of the launcher's command that installs the SDK; 0 for a requirement of the project.
    """

    generations: frozenset[int]
    text: str
    line: int = 0


def required_sdk(path: str, sent: frozenset[str]) -> RequiredSdk | None:
    """Return the nearest requirement that allows one generation; None without one, or if two disagree.

    ``sent`` are the names of the folders that jobs send.
    """
    if not os.path.isabs(path):
        return None
    top = repository_top(os.path.dirname(path))
    if top is None:
        return None
    found = list(_requirements(os.path.dirname(path), top, sent))
    allowed = frozenset.intersection(ALL, *(one.generations for one in found))
    if len(allowed) != 1:
        return None
    return next((one for one in found if one.generations == allowed), None)


def _requirements(folder: str, top: str, sent: frozenset[str]) -> Iterator[RequiredSdk]:
    root = Root(top)
    for _ in range(_MOST_FOLDERS):
        relative = os.path.relpath(folder, top).replace(os.sep, "/")
        inside = "" if relative == "." else f"{relative}/"
        for name in _FILES:
            if os.path.basename(folder) in sent and name != PROJECT:
                continue
            try:
                data = root.read(f"{inside}{name}", _MOST_BYTES)
            except (Refused, OSError, ValueError):
                continue
            for clauses in _clauses(name, data) if b"sagemaker" in data else ():
                yield RequiredSdk(
                    required_generations(clauses), f"the project requires sagemaker{clauses} in {name}"
                )
        if relative == "." or relative.startswith(".."):
            return
        folder = os.path.dirname(folder)


def _clauses(name: str, data: bytes) -> Iterator[str]:
    """Yield the clauses of versions with which a file requires the SDK: ``>=2.200,<3``."""
    required = _in_project(data) if name == PROJECT else read_requirements(data).required
    for package, clauses in required:
        if normal(package) == "sagemaker" and clauses:
            yield ",".join(clauses).replace(" ", "")


def _in_project(data: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the requirements among the strings of a ``pyproject.toml``, in whatever list a tool keeps them."""
    import tomllib

    try:
        left: list[object] = [tomllib.loads(data.decode("utf-8"))]
    except (ValueError, RecursionError):
        return
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str) and (found := requirement(value)) is not None:
            yield found
