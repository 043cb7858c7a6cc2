"""The generation of the SageMaker SDK that the requirements around a launcher allow.

In scope: ``requirements*.txt`` and strings of ``pyproject.toml``, in the launcher's folder and those above it, up to
the top of the repository. A requirements file in a folder that a job sends is the job's, not the launcher's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache

from flake8_training.libraries.distributions import normal
from flake8_training.libraries.requirements_file import read_requirements, requirement
from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.sagemaker.sdk_names import ALL, required_generations
from flake8_training.source_file import Refused, Root, repository_top

PROJECT = "pyproject.toml"
_FILES = ("requirements.txt", "requirements-dev.txt", PROJECT)
_LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "requirements.lock")
"""Files that set the version of every package."""
_INTERPRETERS = (".python-version", "runtime.txt")
"""Files that name the version of Python."""
_ELSEWHERE = tuple(
    "Pipfile constraints.txt setup.py setup.cfg environment.yml environment.yaml conda.yml Dockerfile Makefile tox.ini "
    "buildspec.yml".split()
)
"""Other files that may require a version of the SDK."""
_NAMED = pattern(rb"(?<![\w.-])sagemaker(?![\w.-])")
_PYTHON = pattern(rb"(?m)^(?:requires-python|python)[ \t]*=(.*)")
_OLDEST = 10
"""The minor version of the oldest Python 3 for which pip takes the newest generation (sagemaker 3.27.0)."""
_BOUND = pattern(rb"(<=?|==|~(?!=)|(?<![\w.>=~^-]))\s*3\.(\d+)")
VERSION_FILES = (*_FILES, *_LOCKS, *_INTERPRETERS, *_ELSEWHERE)
"""The files that may say which version of the SDK a launcher has."""
MOST_BYTES = 100_000
"""The bytes of the largest of these files that is read."""
_MOST_FOLDERS = 12


class RequiredSdk(Record):
    """A requirement of the SDK: the generations that it allows, and the words of a message about it.

    ``line`` is that of the launcher's command that installs the SDK, or the one in ``file``, which requires it; 0 if it
    has not been looked for.
    """

    generations: frozenset[int]
    text: str
    line: int = 0
    file: str = ""


def required_sdk(path: str, sent: frozenset[str]) -> RequiredSdk | None:
    """Return the nearest requirement that allows one generation; None without one, or if two disagree.

    ``sent`` are the names of the folders that jobs send.
    """
    found = [
        RequiredSdk(required_generations(clauses), f"the project requires sagemaker{clauses} in {name}")
        for name, data in _requirements_above(path, sent)
        if b"sagemaker" in data
        for clauses in _clauses(name, data)
        if clauses
    ]
    allowed = frozenset.intersection(ALL, *(one.generations for one in found))
    if len(allowed) != 1:
        return None
    return next((one for one in found if one.generations == allowed), None)


def open_requirement(files: Iterable[tuple[str, str, bytes | None]]) -> RequiredSdk | None:
    """Return the nearest requirement of the SDK if nothing around a file sets an upper bound; else None.

    ``files`` are those with one of `VERSION_FILES` as their name: folder, name and content, the nearest first; None for
    one that is not read. pip installs the newest generation, unless the environment has another one already.
    """
    found: list[RequiredSdk] = []
    for folder, name, data in files:
        if data is None or name in _LOCKS or (name in _INTERPRETERS and _is_old(data)):
            return None
        if name == PROJECT and any(map(_is_old, _PYTHON.findall(data))):
            return None
        line = _NAMED.search(data) if name not in _INTERPRETERS else None
        if line is None:
            continue
        clauses = _declared(data) if name == PROJECT else _listed(data) if name in _FILES else None
        if clauses is None or len(clauses) > 1:
            return None
        allowed = [required_generations(one) for one in clauses]
        if any(max(ALL) not in one or len(one) == 1 for one in allowed):
            return None
        number = data.count(b"\n", 0, line.start()) + 1
        found += (
            RequiredSdk(one, f"sagemaker{text}", number, f"{folder}{name}")
            for one, text in zip(allowed, clauses, strict=True)
        )
    return found[0] if found else None


def _is_old(text: bytes) -> bool:
    """Return whether a text allows only versions of Python for which pip takes an older generation."""
    return any(
        int(minor) < _OLDEST or (sign == b"<" and int(minor) == _OLDEST)
        for sign, minor in _BOUND.findall(text)
    )


@lru_cache(maxsize=16)
def _listed(data: bytes) -> tuple[str, ...] | None:
    """Return the clauses with which a requirements file requires the SDK; None if it reads other files."""
    return None if read_requirements(data).open else tuple(_clauses(_FILES[0], data))


@lru_cache(maxsize=16)
def _declared(data: bytes) -> tuple[str, ...] | None:
    """Return the clauses with which a ``pyproject.toml`` requires the SDK; None if a tool declares it in its own way.

    A keyword is no requirement.
    """
    import tomllib

    try:
        whole = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    project = whole.get("project")
    table = project if isinstance(project, dict) else {}
    groups = (table.get("optional-dependencies"), whole.get("dependency-groups"))
    lists = [
        table.get("dependencies"),
        *(one for group in groups if isinstance(group, dict) for one in group.values()),
    ]
    strings = [text for one in lists if isinstance(one, list) for text in one if isinstance(text, str)]
    required = [found for text in strings if (found := requirement(text)) is not None]
    tools = repr(whole.get("tool"))
    if "sagemaker" in tools and _NAMED.search(tools.encode("utf-8", "replace")):
        return None
    own = (clauses for name, clauses in required if normal(name) == "sagemaker")
    return tuple(",".join(clauses).replace(" ", "") for clauses in own)


def _requirements_above(path: str, sent: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files of requirements around a file, the nearest first."""
    top = repository_top(os.path.dirname(path)) if os.path.isabs(path) else None
    if top is None:
        return
    root, folder = Root(top), os.path.dirname(path)
    for _ in range(_MOST_FOLDERS):
        relative = os.path.relpath(folder, top).replace(os.sep, "/")
        inside = "" if relative == "." else f"{relative}/"
        for name in _FILES:
            if os.path.basename(folder) in sent and name != PROJECT:
                continue
            try:
                yield name, root.read(f"{inside}{name}", MOST_BYTES)
            except (Refused, OSError, ValueError):
                continue
        if relative == "." or relative.startswith(".."):
            return
        folder = os.path.dirname(folder)


def _clauses(name: str, data: bytes) -> Iterator[str]:
    """Yield the clauses of versions with which a file requires the SDK: ``>=2.200,<3``."""
    required = _in_project(data) if name == PROJECT else read_requirements(data).required
    for package, clauses in required:
        if normal(package) == "sagemaker":
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
