"""Reads files out of wheels in a folder, or of what is installed there. Nothing is installed or imported."""

from __future__ import annotations

import ast
import csv
import functools
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path

REQUIREMENTS = (
    "botocore",
    "sagemaker<3",
    "sagemaker-core",
    "sagemaker-train",
    "sagemaker-mlops",
)
"""What the tables are made of. The parts of SDK v3 are wheels of their own."""


def download(folder: Path) -> None:
    """Download the newest wheels into ``folder`` with pip, without what they depend on."""
    for requirement in REQUIREMENTS:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(folder), requirement], check=True)


class Wheel:
    """One distribution; ``below`` answers to which major version it is wanted, where there are several."""

    def __init__(
        self, folders: Path | Sequence[Path], distribution: str, *, below: int | None = None
    ) -> None:
        """Open the newest one that is in a folder, as a wheel or installed (a folder ``site-packages``)."""
        found = []
        for folder in [folders] if isinstance(folders, Path) else folders:
            for path in folder.glob(f"{distribution.replace('-', '_')}-*"):
                if path.suffix not in (".whl", ".dist-info"):
                    continue
                version = path.name.removesuffix(".dist-info").split("-")[1]
                number = tuple(int(part) for part in re.findall(r"\d+", version))
                if below is None or number[0] < below:
                    found.append((number, version, path))
        if not found:
            raise FileNotFoundError(f"no wheel of {distribution} in {folders}")
        _, self.version, path = max(found)
        self.distribution = distribution
        self._installed = path.parent if path.is_dir() else None
        self._archive = None if self._installed else zipfile.ZipFile(path)
        self._names = frozenset(self._archive.namelist() if self._archive else _recorded(path))

    def __contains__(self, path: str) -> bool:
        """Return whether the wheel has this file."""
        return path in self._names

    def names(self) -> list[str]:
        """Return the paths of all files, sorted."""
        return sorted(self._names)

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        if self._installed is not None:
            return (self._installed / path).read_bytes()
        assert self._archive is not None
        return self._archive.read(path)


def _recorded(path: Path) -> list[str]:
    """Return the files of what is installed, by its record."""
    with (path / "RECORD").open(encoding="utf-8", newline="") as stream:
        return [row[0] for row in csv.reader(stream)]


class Sources:
    """The Python modules of several wheels, parsed on demand."""

    def __init__(self, *wheels: Wheel) -> None:
        """Take modules from these wheels, the first one that has it."""
        self._wheels = wheels

    def packages(self) -> list[str]:
        """Return the dotted names of all packages (folders with an ``__init__.py``)."""
        return [
            path.removesuffix("/__init__.py").replace("/", ".")
            for wheel in self._wheels
            for path in wheel.names()
            if path.endswith("/__init__.py")
        ]

    @functools.cache  # noqa: B019  (one object, for as long as the script runs)
    def tree(self, module: str) -> ast.Module | None:
        """Return the syntax tree of a module, or None where no wheel has it."""
        base = module.replace(".", "/")
        for wheel in self._wheels:
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if path in wheel:
                    with warnings.catch_warnings():
                        # Backslashes in the texts of others.
                        warnings.simplefilter("ignore")
                        return ast.parse(wheel.read(path))
        return None
