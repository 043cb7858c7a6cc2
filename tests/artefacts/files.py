"""Files made up for the readers' tests, held in memory."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from training_alignment.artefacts.model import FileReading
from training_alignment.artefacts.python_expressions import PythonTree
from training_alignment.artefacts.python_file import read_python
from training_alignment.artefacts.source import Source
from training_alignment.artefacts.tree import Call, Listing, Node, Scalar, Table
from training_alignment.repository.repository import Repository

from flake8_training.resolver import Resolver


class MadeUp:
    """A repository in memory: paths and their texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}

    def source(self, path: str) -> Source:
        """The parsed file."""
        return Source(self.texts[path].encode(), path)

    @property
    def resolver(self) -> Resolver:
        """The resolver of the modules among the files."""
        return Repository(Path(), self.texts).resolver

    def reading(self, path: str) -> FileReading:
        """What a file holds."""
        return read_python(self.source(path), self)


def value_of(text: str, name: str = "VALUE", **others: str) -> Node:
    """The tree of the top-level name in a file; ``others`` are modules beside it."""
    files = MadeUp({"made/up.py": text, **{f"made/{module}.py": other for module, other in others.items()}})
    source = files.source("made/up.py")
    return PythonTree(source, files).assigned(name, source.assigned[name][0].value)


def plain(node: object) -> object:
    """A tree as plain Python values: unknown ones as "?", open tables and lists with an entry "..."."""
    if isinstance(node, Table):
        entries: dict[str, object] = {entry.name.value: plain(entry.value) for entry in node}
        return entries if node.closed else {**entries, "...": "..."}
    if isinstance(node, Listing):
        items = [plain(item) for item in node]
        return items if node.closed else [*items, "..."]
    if isinstance(node, Call):
        return {"call": node.last_name, **dict(plain(node.arguments).items())}  # type: ignore[attr-defined]
    assert isinstance(node, Scalar)
    return node.value if node.known else "?"


def lines(node: object, path: str) -> dict[str, int]:
    """The line of each entry of a table, by its dotted name."""
    assert isinstance(node, Table)
    found: dict[str, int] = {}
    for entry in node:
        found[f"{path}{entry.name.value}"] = entry.place.line
        if isinstance(entry.value, Table):
            found |= lines(entry.value, f"{path}{entry.name.value}.")
    return found
