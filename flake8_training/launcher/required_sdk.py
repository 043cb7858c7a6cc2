"""The generation of the SageMaker SDK that the requirements around a launcher allow.

In scope: lines of ``requirements*.txt`` and strings in ``pyproject.toml``, in the launcher's folder and those above it,
up to the top of the repository. A requirements file in a folder that a job sends is the job's, not the launcher's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_training.record import Record
from flake8_training.sagemaker.sdk_names import ALL, required_generations
from flake8_training.source_file import Refused, Root, repository_top

_FILES = ("requirements.txt", "requirements-dev.txt", "pyproject.toml")
_REQUIREMENT = re.compile(r"(?<![\w.-])sagemaker\s{0,4}((?:===|~=|==|!=|<=|>=|<|>)[^;\"'#\n]{1,80})")
_MOST_BYTES = 100_000
_MOST_FOLDERS = 12


class RequiredSdk(Record):
    """A requirement of the SDK: the generations that it allows, and its text with its file."""

    generations: frozenset[int]
    text: str


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
            if os.path.basename(folder) in sent and name != "pyproject.toml":
                continue
            try:
                text = root.read(f"{inside}{name}", _MOST_BYTES).decode("utf-8", "replace")
            except (Refused, OSError, ValueError):
                continue
            lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
            for found in _REQUIREMENT.finditer("\n".join(lines)):
                yield RequiredSdk(required_generations(found[1]), f"sagemaker{found[1].strip()} in {name}")
        if relative == "." or relative.startswith(".."):
            return
        folder = os.path.dirname(folder)
