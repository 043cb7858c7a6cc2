"""The files of one step by part, as ``training-alignment steps`` finds them."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.seeding.trees import Entry, Source, Value, of_yaml

CONTRACT, SPECIFICATION, FLOW = "contract", "specification", "flow"
SCRIPT, BUILDER, CONFIGURATION, LAUNCHER = "script", "builder", "configuration", "launcher"


class Port(NamedTuple):
    """An input or output of a contract or specification."""

    name: str
    table: Value
    entry: Entry

    @property
    def body(self) -> Value:
        """Return the value of its entry."""
        return self.entry.value

    def renamed(self, name: str) -> str:
        """Return the file's source with another name for it."""
        named = self.body.get("logical_name", "name")
        return named.to(name) if self.entry.name is None and named else self.entry.renamed(name)

    def dropped(self) -> str:
        """Return the file's source without it."""
        return self.table.without(self.entry)

    @property
    def path(self) -> Value | None:
        """Return its path in the container, or None."""
        if self.body.word:
            return self.body
        return next(
            (
                v
                for key in ("path", "destination", "source")
                if (v := self.body.get(key)) and "/opt" in v.word
            ),
            None,
        )

    def said(self, *names: str) -> Value | None:
        """Return the value of the first of these keys, or None."""
        return self.body.get(*names)


class StepFiles:
    """One step: the path of each part, and the values in its file."""

    def __init__(
        self, tree: Path, listed: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Read the step ``listed``; ``others`` are the other steps of the tree."""
        self.tree = tree
        self.name = str(listed["name"])
        self.kind = str(listed["kind"])
        self.paths: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.all_paths = list(dict.fromkeys(part["path"] for part in listed["parts"]))
        for part in listed["parts"]:
            self.paths.setdefault(part["role"], part["path"])
            self.names.setdefault(part["role"], part["name"])
        self.others: dict[str, list[tuple[str, str]]] = {}
        """File and name of the artefacts of other steps, by part."""
        for other in others:
            for part in other["parts"]:
                if part["name"] and part["path"].endswith(".py"):
                    self.others.setdefault(part["role"], []).append((part["path"], part["name"]))

    @functools.cache  # noqa: B019 - a step lives as long as the run
    def text(self, part: str) -> str:
        """Return the source of a part's file; empty if there is none."""
        return (self.tree / self.paths[part]).read_text(encoding="utf-8") if part in self.paths else ""

    @functools.cache  # noqa: B019
    def source(self, part: str) -> Source | None:
        """Return a part's file if it is Python, else None."""
        return Source(self.text(part)) if self.paths.get(part, "").endswith(".py") else None

    @functools.cache  # noqa: B019
    def value(self, part: str) -> Value:
        """Return the dict of a contract, specification or flow; an empty value if there is none."""
        nothing = Value("", 0, 0)
        if part not in self.paths:
            return nothing
        if (source := self.source(part)) is not None:
            return next(
                (source.value(node) for name, node in assigned(source) if name == self.names[part]), nothing
            )
        whole = of_yaml(self.text(part)) or nothing
        section = whole.get("spec" if part == SPECIFICATION else part)
        return section or whole

    def flow(self, *names: str) -> Iterator[Value]:
        """Yield the dicts of these names in the flow's file, as ``name = {...}`` or as a section."""
        if (source := self.source(FLOW)) is not None:
            for name, node in assigned(source):
                if name.lower() in names:
                    yield source.value(node)
        elif FLOW in self.paths and (whole := of_yaml(self.text(FLOW))) is not None:
            yield from (entry.value for entry in whole.entries if entry.name in names)

    def ports(self, part: str, *names: str) -> Iterator[Port]:
        """Yield the inputs or outputs of a contract or specification under the first of these keys."""
        table = self.value(part).get(*names)
        for entry in table.entries if table is not None else ():
            name = entry.name or (entry.value.get("logical_name", "name") or entry.value).word
            if table is not None and name:
                yield Port(name, table, entry)

    def is_named_elsewhere(self, name: str) -> bool:
        """Return whether a registry or another step's artefact holds a name in quotes, or as a key or item of YAML."""
        word = re.compile(rf"""["']{re.escape(name)}["']|^\s*(?:- )?{re.escape(name)}:?\s*$""", re.MULTILINE)
        return any(
            word.search(path.read_text(encoding="utf-8"))
            for path in sorted(self.tree.rglob("*"))
            if path.suffix in (".py", ".yaml")
            and path.relative_to(self.tree).as_posix() not in self.all_paths
        )

    @property
    def step_type(self) -> Value | None:
        """Return the step name in the specification as written: a string, or the argument of a function; else None."""
        value = self.value(SPECIFICATION)
        if value.node is None and value.text and (whole := of_yaml(value.text)) is not None:
            value = whole
        found = value.get("step_type")
        if found is not None and isinstance(found.node, ast.Call) and found.node.args:
            source = self.source(SPECIFICATION)
            found = source.value(found.node.args[0]) if source is not None else None
        return found

    def with_another_import(self, part: str, imported: str) -> Iterator[str]:
        """Yield a part's file with an import from the step's artefact replaced by one from another step's."""
        source = self.source(part)
        for node in source.all(ast.ImportFrom) if source is not None else ():
            assert isinstance(node, ast.ImportFrom)
            if source is None or self.names.get(imported) not in [alias.name for alias in node.names]:
                continue
            beside = self.paths[imported].rpartition("/")[0]
            for path, name in self.others.get(imported, ()):
                if path.rpartition("/")[0] != beside:
                    continue
                module = f"{'.' * node.level}{node.module or ''}".rpartition(".")
                stem = path.rpartition("/")[2].removesuffix(".py")
                line = f"from {module[0]}{module[1]}{stem} import {name} as {self.names[imported]}"
                yield source.replaced(node, line)

    def own_class(self, part: str) -> ast.ClassDef | None:
        """Return the class of a builder or configuration, or None."""
        source = self.source(part)
        classes = [n for n in source.tree.body if isinstance(n, ast.ClassDef)] if source else []
        return next((c for c in classes if c.name == self.names[part]), None)


def assigned(source: Source) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names and values that a module's own statements assign."""
    for statement in source.tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, statement.value
        elif (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.value
        ):
            yield statement.target.id, statement.value
