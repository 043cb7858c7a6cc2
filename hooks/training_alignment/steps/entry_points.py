"""The script that an entry point names.

It is the nearest file with that name: beside the contract, in a folder beside the contract's, and so on upwards. Copies
in images, archives, builds and tests are never chosen. If the scripts of the other contracts in the same folder are
nearer, a more distant file counts as a copy too, and the entry point names no file.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

from training_alignment.artefacts.tree import Located, ReadError
from training_alignment.repository.folders import below, folder_of, level, parts_of
from training_alignment.scan.glance import is_image, is_set_aside, is_test
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import Key, key, role, stem
from training_alignment.steps.step import ScriptSearch


class Scripts:
    """Finds scripts in the files of a repository."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._levels: dict[str, Counter[int]] = {}

    def named(self, entry_point: Located[str], step: Key) -> ScriptSearch:
        """Return the script that ``entry_point`` of an artefact names.

        Raises `ReadError` if it leaves the repository.
        """
        origin = entry_point.path
        folder = folder_of(origin)
        if "://" in entry_point.value:
            return ScriptSearch(None, f"{entry_point.value} is none of the repository's files", entry_point)
        name = _normal(entry_point)
        found = self._candidates(name, folder)
        usable = [path for path in found if not _is_copy(path, folder)]
        if not usable:
            reason = f"no file {name}" if not found else f"only copies of {name}: {', '.join(found[:3])}"
            return ScriptSearch(None, reason, entry_point, tuple(found), missing=True)
        nearest = min(level(folder, folder_of(path)) for path in usable)
        best = [path for path in usable if level(folder, folder_of(path)) == nearest]
        expected = self._usual_level(folder)
        if expected is not None and nearest > expected:
            reason = (
                f"no {name} where the scripts of the other steps are; far from them: {', '.join(best[:3])}"
            )
            return ScriptSearch(None, reason, entry_point, tuple(found), missing=True)
        chosen = self._choose(best, folder, step)
        if chosen is None:
            reason = f"several files {name}: {', '.join(best[:3])}"
            return ScriptSearch(None, reason, entry_point, tuple(best))
        others = tuple(path for path in found if path != chosen)
        return ScriptSearch(chosen, f"the entry point {name} of {origin}", entry_point, others)

    def _candidates(self, name: str, folder: str) -> list[str]:
        """Return the files with paths that end in ``name``; a file at exactly that path is the only result."""
        files = self.index.repository.files
        for exact in (posixpath.normpath(posixpath.join(folder, name)), name):
            if "/" in name and exact in files:
                return [exact]
        last = name.rpartition("/")[2]
        return [p for p in self.index.by_name.get(last, ()) if p == name or p.endswith("/" + name)]

    def _choose(self, paths: list[str], folder: str, step: Key) -> str | None:
        """Return the one of several equally near files that folder depth or folder names single out; else None."""
        if len(paths) == 1:
            return paths[0]
        depths = [len(parts_of(below(folder_of(path), folder))) for path in paths]
        shallow = [path for path, depth in zip(paths, depths, strict=True) if depth == min(depths)]
        if len(shallow) == 1:
            return shallow[0]
        of_step = [
            p
            for p in shallow
            if any(key(part) and key(part).text == step.text for part in parts_of(folder_of(p)))
        ]
        if len(of_step) == 1:
            return of_step[0]
        scripts = [
            path for path in shallow if parts_of(folder_of(path))[-1:] in (["scripts"], ["src"], ["code"])
        ]
        return scripts[0] if len(scripts) == 1 else None

    def _usual_level(self, folder: str) -> int | None:
        """Return how far up the scripts of the other artefacts in a folder are; None unless two or more agree."""
        if folder not in self._levels:
            counts: Counter[int] = Counter()
            for path, seen in self.index.glances.items():
                if folder_of(path) != folder or not seen.entry_points:
                    continue
                name = posixpath.normpath(seen.entry_points[0])
                near = [
                    level(folder, folder_of(found))
                    for found in self._candidates(name, folder)
                    if not _is_copy(found, folder)
                ]
                if near:
                    counts[min(near)] += 1
            self._levels[folder] = counts
        counts = self._levels[folder]
        agreed = [near for near, count in counts.items() if count >= 2]
        return min(agreed, default=None)

    # -- by name

    def like(self, steps: Iterable[Key], folder: str, taken: set[str]) -> ScriptSearch | None:
        """Return the script that is named like a step, for a step without an entry point; else None."""
        alike = [path for part in ("", "script") for step in steps for path in self.index.called(part, step)]
        found = [
            path
            for path in dict.fromkeys(alike)
            if path not in taken and not _is_copy(path, folder) and self._is_script(path)
        ]
        if not found:
            return None
        nearest = min(level(folder, folder_of(path)) for path in found)
        chosen = self._choose([p for p in found if level(folder, folder_of(p)) == nearest], folder, key(""))
        if chosen is None:
            return None
        return ScriptSearch(
            chosen, f"named like the step ({stem(chosen)}.py)", None, tuple(p for p in found if p != chosen)
        )

    def beside(self, folder: str, taken: set[str]) -> ScriptSearch | None:
        """Return the only script in a folder that holds one step and nothing else; else None."""
        found = [
            path
            for path in self.index.python_folders.get(folder, ())
            if role(stem(path)) in ("", "script") and path not in taken and self._is_script(path)
        ]
        return (
            ScriptSearch(found[0], "the only script in the folder of the step") if len(found) == 1 else None
        )

    def _is_script(self, path: str) -> bool:
        """Return whether a file is written to be run, or to run in a container; an unreadable file may be."""
        try:
            data = self.index.repository.data(path)
        except ReadError:
            return True  # the failed read is reported instead of a missing script
        return any(word in data for word in (b"__main__", b"/opt/ml", b"SM_", b"argparse"))


def _normal(entry_point: Located[str]) -> str:
    """Return an entry point as a path inside the repository. Raises `ReadError` if it is empty or leaves it."""
    written = entry_point.value.replace("\\", "/").strip()
    name = posixpath.normpath(written) if written else ""
    depth = len(parts_of(folder_of(entry_point.path)))
    ups = 0
    while name.startswith("../"):
        name, ups = name[3:], ups + 1
    if name in ("", ".", "..") or written.startswith("/") or ups > depth:
        message = (
            f"the entry point {entry_point.value!r} leaves the repository"
            if name
            else "the entry point is empty"
        )
        raise ReadError(entry_point.path, entry_point.line, entry_point.column, message)
    if ups:
        top = parts_of(folder_of(entry_point.path))[: depth - ups]
        return "/".join([*top, name])
    return name


def _is_copy(path: str, folder: str) -> bool:
    """Return whether a file, relative to a contract's folder, is in an image, an archive, a build or tests."""
    between = below(folder_of(path), folder)
    return (
        is_image(between)
        or is_set_aside(between)
        or is_test((between + "/" if between else "") + path.rpartition("/")[2])
    )
