"""Builds ``tables/sdk_names.json``: the modules and names of the SageMaker SDK by generation.

    python scripts/sdk_names.py --wheels DIR           write the table from the wheels in a folder
    python scripts/sdk_names.py --wheels DIR --check   write nothing, exit 1 if the table would change

For developers; not shipped. The wheels are those of ``sagemaker`` 1 (``pip wheel sagemaker==1.72.1``), 2 and 3 and of
the packages of SDK v3; they are read as archives and parsed, not imported. Of a generation there may be several
versions (2.0.0, 2.50.0, 2.100.0, 2.150.0, 2.200.0, 2.257.7): it has what one of them has. ``modules`` has the modules
and packages directly below ``sagemaker`` with the generations that have them. ``names`` has the public names of
``sagemaker`` itself in v1 and v2 (in v3 it has none), and those of v1's modules that v2 does not have. ``classes`` has
the classes of v2 that launchers import, each with the numbers of the ``homes`` from which some generation imports it;
the first is the module that defines it.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import warnings
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from sagemaker_tables import TABLES, text_of

NAME = "sdk_names.json"
PATTERNS = {1: ("sagemaker-1.*",), 2: ("sagemaker-2.*",), 3: ("sagemaker-3.*", "sagemaker_*")}
"""The names of each generation's wheels."""
_MOST_PARTS = 3
_HOMES = re.compile(
    r"sagemaker\.(estimator|inputs|processing|tuner|parameter|model|pipeline|session|transformer|predictor|serializers"
    r"|deserializers|model_metrics|network|algorithm|debugger\.\w+|workflow\.[a-z]\w+"
    r"|\w+\.(estimator|model|processing))"
)
"""The modules of v2 whose classes launchers import."""


def _version(wheel: Path) -> tuple[str, list[int]]:
    distribution, version = wheel.name.split("-")[:2]
    return distribution, [int(part) for part in version.split(".") if part.isdecimal()]


class Generation:
    """The modules of one generation of the SDK, by their dotted names."""

    def __init__(self, folder: Path, number: int) -> None:
        self.versions: dict[str, str] = {}
        self._sources: dict[str, list[tuple[zipfile.ZipFile, str]]] = defaultdict(list)
        wheels = (one for pattern in PATTERNS[number] for one in folder.glob(f"{pattern}.whl"))
        for path in sorted(wheels, key=_version):
            distribution, version = path.name.split("-")[:2]
            self.versions[distribution.replace("_", "-")] = version
            archive = zipfile.ZipFile(path)
            for name in archive.namelist():
                if name.startswith("sagemaker/") and name.endswith(".py"):
                    dotted = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
                    self._sources[dotted].append((archive, name))

    def modules(self) -> set[str]:
        """Return the modules directly below ``sagemaker``."""
        return {one.split(".")[1] for one in self._sources if one.count(".") >= 1}

    def deep(self) -> set[str]:
        """Return the modules that are compared by their names: those with few parts."""
        return {one for one in self._sources if one.count(".") < _MOST_PARTS}

    def classes(self, module: str) -> set[str]:
        """Return the public classes that a module defines."""
        found: set[str] = set()
        for archive, name in self._sources[module]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(archive.read(name)).body
            found.update(node.name for node in body if isinstance(node, ast.ClassDef))
        return {one for one in found if not one.startswith("_")}

    def names(self, module: str) -> set[str]:
        """Return the public names that a module binds at its top, its modules included."""
        if module not in self._sources:
            return set()
        found = {
            one.removeprefix(f"{module}.").partition(".")[0]
            for one in self._sources
            if one.startswith(f"{module}.")
        }
        todo: list[ast.stmt] = []
        for archive, name in self._sources[module]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                todo += ast.parse(archive.read(name)).body
        while todo:
            node = todo.pop()
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.update((one.asname or one.name).partition(".")[0] for one in node.names)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign):
                found.update(one.id for one in node.targets if isinstance(one, ast.Name))
            elif isinstance(node, ast.If | ast.Try):
                todo += [*node.body, *node.orelse]
        return {one for one in found if not one.startswith("_")}


def _homes(generations: dict[int, Generation]) -> tuple[list[str], dict[str, list[int]]]:
    """Return the modules of v2 from which launchers import classes, and the numbers of those that have each class.

    A class's first number is that of the module that defines it.
    """
    two = generations[2]
    defining: dict[str, str] = {}
    for module in sorted(one for one in two.deep() if _HOMES.fullmatch(one)):
        for name in sorted(two.classes(module)):
            defining.setdefault(name, module)
    packages = {one.rpartition(".")[0] for one in defining.values()}
    homes = sorted(packages.union(defining.values()))
    having = {module: set().union(*(one.names(module) for one in generations.values())) for module in homes}
    classes = {}
    for name, module in sorted(defining.items()):
        others = [home for home in homes if name in having[home] and home != module]
        classes[name] = [homes.index(one) for one in (module, *others)]
    return homes, classes


def make(folder: Path) -> dict[str, Any]:
    """Return the table of the wheels in a folder."""
    generations = {number: Generation(folder, number) for number in PATTERNS}
    below = {number: one.modules() for number, one in generations.items()}
    modules = {
        name: [number for number in generations if name in below[number]]
        for name in sorted(set().union(*below.values()))
    }
    names: dict[str, list[int]] = {}
    one, two = generations[1], generations[2]
    for module in sorted(one.deep() & two.deep()):
        first, second = one.names(module), two.names(module)
        is_root = module == "sagemaker"
        for name in sorted(first | second if is_root else first - second):
            if name in modules or name in sys.stdlib_module_names:
                continue
            names[f"{module}.{name}"] = [n for n, known in ((1, first), (2, second)) if name in known]
    meta = {
        name if number > 1 else f"{name}-v1": version
        for number, found in generations.items()
        for name, version in found.versions.items()
        if not (number == 3 and name == "sagemaker")
    }
    homes, classes = _homes(generations)
    return {
        "_meta": dict(sorted(meta.items())),
        "classes": classes,
        "homes": homes,
        "modules": modules,
        "names": names,
    }


def main() -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description="Make the table of the SDK's names anew.")
    parser.add_argument(
        "--wheels", type=Path, required=True, help="a folder with wheels of three generations"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 where the table would change"
    )
    options = parser.parse_args()
    text = text_of(make(options.wheels))
    path = TABLES / NAME
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    print(f"{NAME}: {len(text)} bytes, {'unchanged' if same else 'changed'}")
    if not same and not options.check:
        path.write_text(text, encoding="utf-8")
    return 1 if not same and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
