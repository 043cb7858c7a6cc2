"""Launchers and training scripts of any repository, with the sources that a fault changes.

The product's search finds them. A source is a Python file or the module of a notebook; a change of a notebook stays
within the lines of one cell.
"""

from __future__ import annotations

import ast
import json
import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.search import Search
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import NOTEBOOK

from benchmarks.seeding.trees import Source
from flake8_training.script import Script

_SAGEMAKER = re.compile(r"SM_|opt/ml|sagemaker", re.IGNORECASE)


class SourceFile:
    """One file that a fault may change: its path, its content, and the Python module in it."""

    def __init__(self, path: str, content: str, module: str, cells: tuple[Any, ...] = ()) -> None:
        """Parse the module. ``cells`` are the places of its lines in a notebook. Raises ``SyntaxError``."""
        self.path = path
        self.content = content
        self.source = Source(module)
        self._cells = cells
        self._by_place = {
            (type(node), node.lineno, node.col_offset, node.end_lineno, node.end_col_offset): node
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.expr | ast.keyword)
        }

    def own(self, node: ast.AST | None) -> Any:
        """Return this file's node that equals a node of the product's tree at the same place; None for none."""
        place = tuple(
            getattr(node, name, None) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")
        )
        found: Any = self._by_place.get((type(node), *place))  # type: ignore[arg-type]
        return found if found is not None and node is not None and ast.dump(found) == ast.dump(node) else None

    def literal(self, node: ast.AST | None) -> ast.Constant | None:
        """Return the string that is a value: a literal, a name with one value, or a pipeline parameter's default."""
        for _ in range(3):
            if isinstance(node, ast.Constant):
                return node if isinstance(node.value, str) else None
            if isinstance(node, ast.Name):
                node = self._only_value(node.id)
            elif isinstance(node, ast.Call) and "Parameter" in ast.unparse(node.func):
                node = next((k.value for k in node.keywords if k.arg == "default_value"), None)
            else:
                return None
        return None

    def _only_value(self, name: str) -> ast.expr | None:
        values = [
            node.value
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ]
        return values[0] if len(values) == 1 else None

    def changed(self, module: str) -> str | None:
        """Return the file's content with another module; None if it does not parse or leaves a cell."""
        if not self.path.endswith((".py", NOTEBOOK)):
            return module
        try:
            ast.parse(module)
        except (SyntaxError, ValueError):
            return None
        if module == self.source.text:
            return None
        return module if not self._cells else self._changed_notebook(module)

    def _changed_notebook(self, module: str) -> str | None:
        before, after = self.source.text.split("\n"), module.split("\n")
        first = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
        end = next(
            i
            for i, (a, b) in enumerate(zip(reversed(before), reversed(after), strict=False))
            if a != b or i >= min(len(before), len(after)) - first
        )
        last = len(before) - end
        places = self._cells[first:last]
        if not places or len({place.cell for place in places}) != 1:
            return None
        notebook = json.loads(self.content)
        cell = notebook["cells"][places[0].cell - 1]
        lines = "".join(cell["source"]).split("\n")
        start, stop = places[0].line - 1, places[-1].line
        if lines[start:stop] != before[first:last]:
            return None  # a magic line
        lines[start:stop] = after[first : len(after) - end]
        cell["source"] = "\n".join(lines).splitlines(keepends=True)
        return json.dumps(notebook, indent=1, ensure_ascii=False)


class Option(NamedTuple):
    """A call of ``add_argument`` with an option."""

    call: ast.Call
    flag: ast.Constant
    keywords: dict[str, ast.keyword]

    @property
    def name(self) -> str:
        """Return the option's name without dashes."""
        return str(self.flag.value).lstrip("-")

    @property
    def dest(self) -> str:
        """Return the attribute of the parsed options."""
        explicit = self.keywords.get("dest")
        if explicit is not None and isinstance(explicit.value, ast.Constant):
            return str(explicit.value.value)
        return self.name.replace("-", "_")

    @property
    def type(self) -> str:
        """Return the name of its type; empty for none."""
        found = self.keywords.get("type")
        return ast.unparse(found.value) if found is not None else ""


class Place:
    """A launch with its launcher and script, or a training script that no launcher starts."""

    def __init__(
        self,
        repository: Repository,
        launch: Launch | None,
        launcher: SourceFile | None,
        script: SourceFile | None,
    ) -> None:
        """Hold the sources; one that is None cannot be changed."""
        self.repository = repository
        self.launch = launch
        self.launcher = launcher
        self.script = script

    @property
    def paths(self) -> list[str]:
        """Return the paths of the files to check."""
        return [file.path for file in (self.launcher, self.script) if file is not None]

    @property
    def read_script(self) -> Script | None:
        """Return the script as the product reads it."""
        if self.launch is not None:
            return self.launch.script
        return self.repository.programs.script(self.script.path) if self.script is not None else None

    @cached_property
    def options(self) -> list[Option]:
        """Return the script's options with one long or short name."""
        return list(_options(self.script.source)) if self.script is not None else []

    @cached_property
    def channels(self) -> set[str]:
        """Return the channels that the launcher provides, in lower case."""
        jobs = self.launch.jobs if self.launch is not None else ()
        return {channel.name.lower() for job in jobs for channel in job.channels.entries}

    @cached_property
    def loaded(self) -> set[str]:
        """Return the names and attributes that the script loads."""
        tree = self.script.source.tree if self.script is not None else ast.Module([], [])
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        return names | {
            n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)
        }

    @property
    def sent_folder(self) -> str | None:
        """Return the folder that the job gets; ``.`` for the root, empty for the script alone, None if unknown."""
        if self.launch is None or self.script is None or self.launch.alternatives:
            return None
        if self.launch.started.source_dir is not None:
            return self.launch.started.source_dir or "."
        return "" if self.launch.estimator.lacks("source_dir", "git_config", "dependencies") else None

    @property
    def script_folder(self) -> str:
        """Return the script's folder."""
        return posixpath.dirname(self.script.path) if self.script is not None else ""


def _options(source: Source) -> Iterator[Option]:
    for call in source.all(ast.Call):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        flags = [a for a in call.args if isinstance(a, ast.Constant) and str(a.value).startswith("-")]
        if call.func.attr == "add_argument" and len(flags) == 1 and len(call.args) == 1:
            yield Option(call, flags[0], {k.arg: k for k in call.keywords if k.arg})


def places(root: Path) -> tuple[list[Place], int]:
    """Return the launches and other training scripts of a repository, and the number of its launchers."""
    repository = Repository.open(root)
    found: list[Place] = []
    started: set[str] = set()
    launchers = 0
    for file, launches in Search(repository).found():
        source = _launcher(root, file)
        launchers += bool(launches)
        for launch in launches:
            script = _python(root, repository, launch.script_path)
            started.update([launch.script_path] if launch.script_path else [])
            found.append(Place(repository, launch, source, script))
    for path in sorted(repository.files):
        if path.endswith(".py") and path not in started and _is_training_script(repository, path):
            found.append(Place(repository, None, None, _python(root, repository, path)))
    return found, launchers


def _launcher(root: Path, file: LauncherFile) -> SourceFile | None:
    try:
        content = (root / file.path).read_text(encoding="utf-8")
        if file.notebook is not None and file.path.endswith(NOTEBOOK):
            return SourceFile(file.path, content, file.notebook.text, file.notebook.lines)
        return SourceFile(file.path, content, content)
    except (OSError, ValueError, SyntaxError):
        return None


def _python(root: Path, repository: Repository, path: str | None) -> SourceFile | None:
    if path is None or not path.endswith(".py") or path not in repository.files:
        return None
    try:
        content = (root / path).read_text(encoding="utf-8")
        return SourceFile(path, content, content)
    except (OSError, ValueError, SyntaxError):
        return None


def _is_training_script(repository: Repository, path: str) -> bool:
    try:
        return (
            bool(_SAGEMAKER.search(repository.data(path).decode("utf-8", "replace")))
            and repository.programs.script(path).is_training_script
        )
    except (ReadError, RecursionError):
        return False
