"""Access to the files of wheels in a folder, or of packages installed there.

Nothing is installed or imported.
"""

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
"""The packages from which the tables are built. The parts of SDK v3 are separate wheels."""


def download(folder: Path) -> None:
    """Download the newest wheels into ``folder`` with pip, without their dependencies."""
    for requirement in REQUIREMENTS:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", str(folder), requirement], check=True)


class Wheel:
    """One distribution. ``below`` is the first major version that is not wanted, or None."""

    def __init__(
        self, folders: Path | Sequence[Path], distribution: str, *, below: int | None = None
    ) -> None:
        """Open the newest version in the folders, as a wheel or installed (a folder ``site-packages``)."""
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
    """Return the files of an installed package, by its record."""
    with (path / "RECORD").open(encoding="utf-8", newline="") as stream:
        return [row[0] for row in csv.reader(stream)]


class Sources:
    """The Python modules of several wheels, parsed on demand."""

    def __init__(self, *wheels: Wheel) -> None:
        """Search for modules in these wheels, in this order."""
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
        """Return the syntax tree of a module, or None if no wheel has it."""
        base = module.replace(".", "/")
        for wheel in self._wheels:
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if path in wheel:
                    with warnings.catch_warnings():
                        # Python warns of invalid escapes in the strings of other packages.
                        warnings.simplefilter("ignore")
                        return ast.parse(wheel.read(path))
        return None
