"""One input of the fuzz lane: the files of a folder, and the runs over them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Case(NamedTuple):
    """Files and links by their paths in an empty folder, and the runs over them.

    ``scripts`` are files that the plugin reads as training scripts, ``commands`` are command lines of
    ``training-alignment``. A link is a path with what it leads to; ``|`` makes a pipe.
    """

    origin: str
    files: Mapping[str, bytes]
    links: Mapping[str, str] = {}
    scripts: tuple[str, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(map(len, self.files.values()))

    def write(self, folder: Path) -> None:
        """Write the files below an empty folder; names that the disk refuses are left out."""
        for path, content in self.files.items():
            place = _constructed(folder, path)
            if place is not None and not place.is_dir():
                place.write_bytes(content)
        for path, target in self.links.items():
            place = _constructed(folder, path)
            if place is None or os.path.lexists(place):
                continue
            if target == "|":
                os.mkfifo(place)
            else:
                place.symlink_to(target)

    def to_json(self) -> dict[str, Any]:
        """The case as JSON data. Bytes that are no UTF-8 become surrogates, as in names of files."""
        texts = {path: content.decode("utf-8", "surrogateescape") for path, content in self.files.items()}
        return {**self._asdict(), "files": texts}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Case:
        """The case that `to_json` has written."""
        return cls(
            origin=data["origin"],
            files={path: text.encode("utf-8", "surrogateescape") for path, text in data["files"].items()},
            links=data.get("links", {}),
            scripts=tuple(data.get("scripts", ())),
            commands=tuple(tuple(command) for command in data.get("commands", ())),
        )


def read_case(path: Path) -> Case:
    """Return the case in a JSON file."""
    return Case.from_json(json.loads(path.read_text(encoding="utf-8")))


def _constructed(folder: Path, path: str) -> Path | None:
    """The place of a path, with the folders above it; None where that cannot be."""
    place = folder / path
    try:
        if not place.absolute().is_relative_to(folder) or ".." in place.parts:
            return None
        place.parent.mkdir(parents=True, exist_ok=True)
        os.fsencode(place)
        # a link to a folder may lead out of the case
        return place if place.parent.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None
