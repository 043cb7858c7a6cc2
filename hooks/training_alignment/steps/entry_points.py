"""The script that an entry point names.

It is the nearest file with that name: beside the contract, in a folder beside the contract's, and so on upwards. Copies
in images, archives, builds and tests are never chosen. If the scripts of the other contracts in the same folder are
nearer, a more distant file counts as a copy too, and the entry point names no file.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from flake8_training.source_file import searched
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Located
from training_alignment.repository.folders import below, folder_of, parts_of
from training_alignment.scan.glance import HAS_ANY, is_image, is_set_aside, is_test
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import Key, key, role, stem
from training_alignment.steps.step import ScriptSearch

_MOST_CANDIDATES = 20
"""Files that were not chosen of which a search tells: a thousand of them for each of a thousand steps help nobody."""


class _Level:
    """The files with an entry point's name below one folder, without those that count as copies there.

    They are searched only if the folder below, which the search came from, holds none: so they are equally near.
    """

    def __init__(self, top: str, found: Iterable[str]) -> None:
        self.usable = tuple(path for path in found if not _is_copy(path, top))
        depths = [path.count("/") for path in self.usable]
        least = min(depths, default=0)
        self._shallow = [path for path, depth in zip(self.usable, depths, strict=True) if depth == least]

    @cached_property
    def _by_folder(self) -> dict[str, set[str]]:
        """Return the files that are least deep, by the keys of the folders around them."""
        found: dict[str, set[str]] = {}
        for path in self._shallow:
            for part in parts_of(folder_of(path)):
                found.setdefault(key(part).text, set()).add(path)
        return found

    @cached_property
    def _in_script_folder(self) -> str | None:
        """Return the one of the files that are least deep in a folder for scripts; else None."""
        scripts = [
            path
            for path in self._shallow
            if parts_of(folder_of(path))[-1:] in (["scripts"], ["src"], ["code"])
        ]
        return scripts[0] if len(scripts) == 1 else None

    def choose(self, step: Key) -> str | None:
        """Return the one of several equally near files that folder depth or folder names single out; else None."""
        if len(self._shallow) == 1:
            return self._shallow[0]
        of_step = self._by_folder.get(step.text, ()) if step.text else ()
        return next(iter(of_step)) if len(of_step) == 1 else self._in_script_folder


class _Search:
    """The files that a name may mean, sorted, and what is usable of them below the folders that were asked for."""

    def __init__(self, found: tuple[str, ...]) -> None:
        self.found = found
        self._levels: dict[str, _Level] = {}

    def nearest(self, folder: str) -> tuple[int, _Level | None]:
        """Return how far up from ``folder`` the nearest usable files are, and these files; None if there are none.

        The files below a folder are one range of the sorted files. A copy below one folder is a copy below the folder
        around it too. So each range is looked at once, by the first question that comes to it.
        """
        parts = parts_of(folder)
        before = (0, 0)
        for up in range(len(parts) + 1):
            top = "/".join(parts[: len(parts) - up])
            here = _range_below(self.found, top)
            if here[1] - here[0] == before[1] - before[0]:
                continue
            before = here
            if top not in self._levels:
                self._levels[top] = _Level(top, self.found[slice(*here)])
            if self._levels[top].usable:
                return up, self._levels[top]
        return 0, None


class Scripts:
    """Finds scripts in the files of a repository."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._named: dict[str, _Search] = {}
        self._alike: dict[tuple[Key, ...], _Search] = {}
        self._usual: dict[str, int | None] = {}

    def named(self, entry_point: Located[str], step: Key) -> ScriptSearch:
        """Return the script that ``entry_point`` of an artefact names.

        Raises `ReadError` if it leaves the repository.
        """
        origin = entry_point.path
        folder = folder_of(origin)
        if "://" in entry_point.value:
            return ScriptSearch(None, f"{entry_point.value} is none of the repository's files", entry_point)
        name = _normal(entry_point)
        search = self._candidates(name, folder)
        first = search.found[: _MOST_CANDIDATES + 1]
        nearest, best = search.nearest(folder)
        if best is None:
            reason = f"no file {name}" if not first else f"only copies of {name}: {', '.join(first[:3])}"
            return ScriptSearch(None, reason, entry_point, first[:_MOST_CANDIDATES], missing=True)
        expected = self._usual_level(folder)
        if expected is not None and nearest > expected:
            reason = f"no {name} where the scripts of the other steps are; far from them: "
            reason += ", ".join(best.usable[:3])
            return ScriptSearch(None, reason, entry_point, first[:_MOST_CANDIDATES], missing=True)
        chosen = best.choose(step)
        if chosen is None:
            reason = f"several files {name}: {', '.join(best.usable[:3])}"
            return ScriptSearch(None, reason, entry_point, best.usable[:_MOST_CANDIDATES])
        others = tuple(path for path in first if path != chosen)[:_MOST_CANDIDATES]
        return ScriptSearch(chosen, f"the entry point {name} of {origin}", entry_point, others)

    def _candidates(self, name: str, folder: str) -> _Search:
        """Return the files with paths that end in ``name``; a file at exactly that path is the only result."""
        exact = self._exact(name, folder)
        if exact is not None:
            return exact
        known = self._named.get(name)
        if known is None:
            known = _Search(self.index.ending_in(name))
            if len(known.found) > 1:  # artefacts of several steps name these files
                self._named[name] = known
        return known

    def _exact(self, name: str, folder: str) -> _Search | None:
        """Return the file at exactly a path, seen from a folder or from the root; None if there is none."""
        files = self.index.repository.files
        for exact in (posixpath.normpath(posixpath.join(folder, name)), name):
            if "/" in name and exact in files:
                return _Search((exact,))
        return None

    def _usual_level(self, folder: str) -> int | None:
        """Return how far up the scripts of the other artefacts in a folder are; None unless two or more agree."""
        if folder not in self._usual:
            found = searched(("usual level", folder), lambda: map(str, self._usual_levels(folder)))
            self._usual[folder] = min(map(int, found), default=None)
        return self._usual[folder]

    def _usual_levels(self, folder: str) -> Iterator[int]:
        counts: Counter[int] = Counter()
        for entry_point in self.index.entry_points_in(folder):
            name = posixpath.normpath(entry_point)
            # the search for the level is kept: one for each script of the folder would be kept for nothing
            search = self._exact(name, folder) or _Search(self.index.files_ending_in(name))
            nearest, best = search.nearest(folder)
            if best is not None:
                counts[nearest] += 1
        yield from (near for near, count in counts.items() if count >= 2)

    # -- by name

    def like(self, steps: Iterable[Key], folder: str, taken: frozenset[str]) -> ScriptSearch | None:
        """Return the script that is named like a step, for a step without an entry point; else None."""
        _, best = self._named_like(tuple(steps), taken).nearest(folder)
        chosen = best.choose(key("")) if best is not None else None
        if best is None or chosen is None:
            return None
        others = tuple(path for path in best.usable[: _MOST_CANDIDATES + 1] if path != chosen)
        reason = f"named like the step ({stem(chosen)}.py)"
        return ScriptSearch(chosen, reason, None, others[:_MOST_CANDIDATES])

    def _named_like(self, steps: tuple[Key, ...], taken: frozenset[str]) -> _Search:
        """Return the scripts that are named like a step."""
        if steps not in self._alike:
            alike = {
                path for part in ("", "script") for step in steps for path in self.index.called(part, step)
            }
            self._alike[steps] = _Search(tuple(sorted(p for p in alike - taken if self._is_script(p))))
        return self._alike[steps]

    def beside(self, folder: str, taken: frozenset[str]) -> ScriptSearch | None:
        """Return the only script in a folder that holds one step and nothing else; else None."""
        found = [
            path
            for path in self.index.scripts_in(folder)
            if role(stem(path)) in ("", "script") and path not in taken and self._is_script(path)
        ]
        return (
            ScriptSearch(found[0], "the only script in the folder of the step") if len(found) == 1 else None
        )

    def _is_script(self, path: str) -> bool:
        """Return whether a file is written to be run, or to run in a container; an unreadable file may be."""
        try:
            return self.index.repository.answer(HAS_ANY, path, "__main__", "/opt/ml", "SM_", "argparse")
        except ReadError:
            return True  # the failed read is reported instead of a missing script


def _range_below(paths: tuple[str, ...], top: str) -> tuple[int, int]:
    """Return where the sorted ``paths`` below a folder start and end."""
    if not top:
        return 0, len(paths)
    after = chr(ord("/") + 1)
    return bisect_left(paths, top + "/"), bisect_left(paths, top + after)


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
