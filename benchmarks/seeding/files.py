"""The files of one step by the parts they play, as ``training-alignment steps --format json`` tells them."""

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
    """An input or output of a contract or specification: its name and what is said of it."""

    name: str
    table: Value
    entry: Entry

    @property
    def body(self) -> Value:
        """What is said of it."""
        return self.entry.value

    def renamed(self, name: str) -> str:
        """The file with another name."""
        named = self.body.get("logical_name", "name")
        return named.to(name) if self.entry.name is None and named else self.entry.renamed(name)

    def dropped(self) -> str:
        """The file without it."""
        return self.table.without(self.entry)

    @property
    def path(self) -> Value | None:
        """Its path in the container."""
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
        """What is said under one of these names."""
        return self.body.get(*names)


class StepFiles:
    """One step: the path of each part, and the part's own values in it."""

    def __init__(
        self, tree: Path, listed: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """``listed`` is the step, ``others`` are the other steps of the tree."""
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
        """The text of a part's file; empty where there is none."""
        return (self.tree / self.paths[part]).read_text(encoding="utf-8") if part in self.paths else ""

    @functools.cache  # noqa: B019
    def source(self, part: str) -> Source | None:
        """A part's file, if it is Python."""
        return Source(self.text(part)) if self.paths.get(part, "").endswith(".py") else None

    @functools.cache  # noqa: B019
    def value(self, part: str) -> Value:
        """The table of a contract, specification or flow; an empty one where there is none."""
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
        """The tables of these names in the flow's file, as ``name = {...}`` or a section."""
        if (source := self.source(FLOW)) is not None:
            for name, node in assigned(source):
                if name.lower() in names:
                    yield source.value(node)
        elif FLOW in self.paths and (whole := of_yaml(self.text(FLOW))) is not None:
            yield from (entry.value for entry in whole.entries if entry.name in names)

    def ports(self, part: str, *names: str) -> Iterator[Port]:
        """The inputs or outputs that a contract or specification has under one of these names."""
        table = self.value(part).get(*names)
        for entry in table.entries if table is not None else ():
            name = entry.name or (entry.value.get("logical_name", "name") or entry.value).word
            if table is not None and name:
                yield Port(name, table, entry)

    def is_named_elsewhere(self, name: str) -> bool:
        """Whether a registry or another step's artefact has a name in quotes, or as a key or item of YAML."""
        word = re.compile(rf"""["']{re.escape(name)}["']|^\s*(?:- )?{re.escape(name)}:?\s*$""", re.MULTILINE)
        return any(
            word.search(path.read_text(encoding="utf-8"))
            for path in sorted(self.tree.rglob("*"))
            if path.suffix in (".py", ".yaml")
            and path.relative_to(self.tree).as_posix() not in self.all_paths
        )

    @property
    def step_type(self) -> Value | None:
        """The name that the specification gives to the step, as written: a text, or what a function is given."""
        value = self.value(SPECIFICATION)
        if value.node is None and value.text and (whole := of_yaml(value.text)) is not None:
            value = whole
        found = value.get("step_type")
        if found is not None and isinstance(found.node, ast.Call) and found.node.args:
            source = self.source(SPECIFICATION)
            found = source.value(found.node.args[0]) if source is not None else None
        return found

    def with_another_import(self, part: str, imported: str) -> Iterator[str]:
        """A part's file with what it imports from one of the step's own taken from another step's."""
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
        """The class that a builder or configuration is."""
        source = self.source(part)
        classes = [n for n in source.tree.body if isinstance(n, ast.ClassDef)] if source else []
        return next((c for c in classes if c.name == self.names[part]), None)


def assigned(source: Source) -> Iterator[tuple[str, ast.expr]]:
    """The names that a module's own statements give to values."""
    for statement in source.tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, statement.value
        elif (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.value
        ):
            yield statement.target.id, statement.value
