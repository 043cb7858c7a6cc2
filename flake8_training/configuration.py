"""The configuration ``[tool.flake8-training]`` of pyproject.toml.

The section is read as a whole; every mistake in it is reported with its line.

```toml
[tool.flake8-training]
training-scripts = ["jobs/*/train.py"]
select = ["TRN1", "TRN2"]
ignore = ["TRN105"]
levels = [1, 2, 3, 4]
strict = false
cache = true
exclude = ["examples/**"]
baseline = "training-baseline.json"

[tool.flake8-training.per-file-ignores]
"legacy/*.json" = ["TRN2", "TRN154"]

[tool.flake8-training.steps.churn-training]
kind = "training"
script = "src/train.py"
contract = "contracts/churn.py:CHURN_CONTRACT"
specification = ["specs/churn.yaml"]
builder = "builders/churn.py:ChurnBuilder"
configuration = "configs/churn.py:ChurnConfig"
flow = "pipelines/churn_flow.py"
```

The nearest section above a file decides, so that each project of a repository may have its own. A part is a path
relative to the file with the section, followed by ``:NAME`` if one file holds several. Steps may also be a list of
tables, each with its ``name``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from flake8_training.project_folder import FILE, MAX_BYTES, SECTION, TooDeep, content, section_of
from flake8_training.settings import glob_in
from flake8_training.source_file import Root, hash_of, is_file, names_in, open_trace, searched
from flake8_training.spelling import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

PARTS = ("script", "contract", "specification", "builder", "configuration", "flow")
KINDS = ("training", "processing", "tuning", "transform", "create-model", "register-model")
_MAX_HINTS = 20
"""How many mistakes are reported with the nearest right name."""
_PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY = pattern(rf"({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_STEP_KEYS = ("name", "kind", *PARTS)


class ConfigurationError(NamedTuple):
    """A mistake in the configuration, which TRN003 reports. Line and column count from 1."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path} line {self.line}: {self.message}"


class PartReference(NamedTuple):
    """A file that is named as a part of a step, and its constant or class (empty: the only one that fits)."""

    path: str
    name: str
    line: int


class StepFiles(NamedTuple):
    """One step as the configuration lists it; ``kind`` is empty if it is not defined."""

    name: str
    line: int
    kind: str = ""
    parts: Mapping[str, tuple[PartReference, ...]] | None = None
    configuration: str = FILE
    """The file that lists it."""

    def references(self, part: str) -> tuple[PartReference, ...]:
        """Return the files named for a part: one of `PARTS`."""
        return (self.parts or {}).get(part, ())


class ProjectConfiguration(NamedTuple):
    """The configuration of the project. ``errors`` is empty if it has no mistake."""

    path: str = FILE
    training_scripts: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    strict: bool = False
    cache: bool = True
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Globs of files, each with prefixes of codes."""
    baseline: str = ""
    """The path of the baseline, relative to the file; empty without one."""
    steps: tuple[StepFiles, ...] = ()
    errors: tuple[ConfigurationError, ...] = ()

    @property
    def listed(self) -> dict[str, str]:
        """The files that it names as parts of steps, each with the part that it is."""
        found: dict[str, str] = {}
        for step in self.steps:
            for part, references in (step.parts or {}).items():
                for reference in references:
                    found.setdefault(reference.path, part)
        return found


def read_configuration(folder: str | Path) -> ProjectConfiguration:
    """Return the configuration in ``folder``; the default one if there is no file or no section."""
    try:
        data = content(folder)
    except (FileNotFoundError, NotADirectoryError):
        return ProjectConfiguration()
    except OSError as error:
        return _broken(1, 1, f"cannot be read: {error.strerror}")
    if not data:
        return ProjectConfiguration()
    if len(data) > MAX_BYTES:
        return _broken(1, 1, f"larger than {MAX_BYTES:,} bytes")
    try:
        section = _section(data)
    except UnicodeDecodeError as error:
        return _broken(data.count(b"\n", 0, error.start) + 1, 1, "not TOML: no UTF-8 text")
    except TooDeep as error:
        return _broken(error.line, 1, str(error))
    except ValueError as error:
        return _not_toml(str(error))
    if section is None:
        return ProjectConfiguration()
    return _Reader(data.decode("utf-8"), folder).read(section)


def _section(data: bytes) -> object:
    """Return the section in a file, which a kept run knows: the reader of TOML takes as long to import as git to run.

    Raises ``ValueError``.
    """
    trace = open_trace()
    if trace is None or trace.searches is None:
        return section_of(data)
    import json

    def read() -> Iterator[str]:
        try:
            yield json.dumps(section_of(data))
        except TypeError:
            return  # a date

    kept = searched(("section", hash_of(data).hex()), read)
    return json.loads(kept[0]) if kept else section_of(data)


def in_folder(configuration: ProjectConfiguration, folder: str) -> ProjectConfiguration:
    """Return a configuration that was read in a folder of the repository, with paths from the repository's root."""
    path = f"{folder}/{FILE}"

    def seen(globs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(glob_in(folder, glob) for glob in globs)

    return configuration._replace(
        path=path,
        training_scripts=seen(configuration.training_scripts),
        exclude=seen(configuration.exclude),
        per_file_ignores=tuple((seen((glob,))[0], codes) for glob, codes in configuration.per_file_ignores),
        baseline=f"{folder}/{configuration.baseline}" if configuration.baseline else configuration.baseline,
        errors=tuple(error._replace(path=path) for error in configuration.errors),
        steps=tuple(
            step._replace(
                configuration=path,
                parts={
                    part: tuple(one._replace(path=f"{folder}/{one.path}") for one in references)
                    for part, references in (step.parts or {}).items()
                },
            )
            for step in configuration.steps
        ),
    )


def _broken(line: int, column: int, message: str) -> ProjectConfiguration:
    return ProjectConfiguration(errors=(ConfigurationError(FILE, line, column, message),))


def _not_toml(error: str) -> ProjectConfiguration:
    # the place is at the end; before it may be a key of the file, with any text in it
    message, _, place = error.rpartition(" (at ")
    match = re.fullmatch(r"line (\d{1,9}), column (\d{1,9})\)", place)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    return _broken(line, column, f"not TOML: {message if place.endswith(')') else error}")


class _Reader:
    def __init__(self, source: str, folder: str | Path) -> None:
        self.lines = source.splitlines()
        self._places = _Places(self.lines)
        self.folder = folder
        self.errors: list[ConfigurationError] = []

    def read(self, section: object) -> ProjectConfiguration:
        whole = SECTION
        if not isinstance(section, dict):
            self._error(self._line(whole[:1], whole[1]), f"{whole[1]} is {_kind(section)}, not a table")
            return ProjectConfiguration(errors=tuple(self.errors))
        readers: dict[str, Callable[[str, object], object]] = {
            "training-scripts": self._strings,
            "select": self._strings,
            "ignore": self._strings,
            "exclude": self._strings,
            "levels": self._levels,
            "strict": self._boolean,
            "cache": self._boolean,
            "per-file-ignores": self._ignores,
            "baseline": self._baseline,
        }
        found: dict[str, object] = {}
        steps: tuple[StepFiles, ...] = ()
        for key, value in section.items():
            if key == "steps":
                steps = self._steps(value)
            elif key in readers:
                found[key.replace("-", "_")] = readers[key](key, value)
            else:
                self._unknown(key, [*readers, "steps"], self._line(whole, key), "")
        return ProjectConfiguration(steps=steps, errors=tuple(self.errors), **found)  # type: ignore[arg-type]

    # -- values

    def _strings(self, key: str, value: object) -> tuple[str, ...]:
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return tuple(items)
        self._error(self._line(SECTION, key), f"{key} is {_kind(value)}, not a list of texts")
        return ()

    def _levels(self, key: str, value: object) -> tuple[int, ...]:
        if isinstance(value, list) and all(type(item) is int and 1 <= item <= 4 for item in value):
            return tuple(sorted(set(value)))
        self._error(self._line(SECTION, key), f"{key} is no list of numbers from 1 to 4")
        return ()

    def _boolean(self, key: str, value: object) -> bool:
        if isinstance(value, bool):
            return value
        self._error(self._line(SECTION, key), f"{key} is {_kind(value)}, not true or false")
        return False

    def _ignores(self, key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            self._error(self._line(SECTION, key), f"{key} is {_kind(value)}, not a table of globs")
            return ()
        found: list[tuple[str, tuple[str, ...]]] = []
        for glob, codes in value.items():
            items = [codes] if isinstance(codes, str) else codes
            if isinstance(items, list) and items and all(isinstance(i, str) and i.strip() for i in items):
                found.append((glob, tuple(item.strip().upper() for item in items)))
            else:
                line = self._line((*SECTION, key), glob)
                self._error(line, f"{key} of {glob} is {_kind(codes)}, not a list of codes")
        return tuple(found)

    def _baseline(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            self._error(self._line(SECTION, key), f"{key} is {_kind(value)}, not a path")
            return ""
        from pathlib import PurePosixPath

        path = PurePosixPath(value.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", value):
            self._error(self._line(SECTION, key), f"{key} leaves the repository: {value}")
            return ""
        return str(path)

    # -- steps

    def _steps(self, value: object) -> tuple[StepFiles, ...]:
        listed: list[tuple[str, dict[str, object], tuple[str, ...], int]] = []
        if isinstance(value, dict):
            for name, table in value.items():
                where = (*SECTION, "steps", name)
                line = self._line(where[:-1], name)
                if isinstance(table, dict):
                    listed.append((name, table, where, 0))
                else:
                    self._error(line, f"the step {name} is {_kind(table)}, not a table")
        elif isinstance(value, list):
            for number, table in enumerate(value):
                line = self._line((*SECTION, "steps"), None, number)
                name = table.get("name") if isinstance(table, dict) else None
                if isinstance(table, dict) and isinstance(name, str) and name:
                    listed.append((name, table, (*SECTION, "steps"), number))
                else:
                    self._error(line, "a step without a name")
        else:
            self._error(self._line(SECTION, "steps"), f"steps is {_kind(value)}, not a table")
        return self._distinct([self._step(*one) for one in listed])

    def _distinct(self, steps: list[StepFiles]) -> tuple[StepFiles, ...]:
        from flake8_training.spelling import plain_name

        kept: dict[str, StepFiles] = {}
        for step in steps:
            before = kept.setdefault(plain_name(step.name) or step.name, step)
            if before is not step:
                self._error(step.line, f"two steps of one name: {step.name}, first on line {before.line}")
        return tuple(kept.values())

    def _step(self, name: str, table: dict[str, object], where: tuple[str, ...], number: int) -> StepFiles:
        header = self._line(where, None, number)
        parts: dict[str, tuple[PartReference, ...]] = {}
        kind = ""
        for key, value in table.items():
            line = self._line(where, key, number)
            if key == "name":
                continue
            if key == "kind":
                if isinstance(value, str) and value.lower() in KINDS:
                    kind = value.lower()
                else:
                    shown = f"{value!r}" if isinstance(value, str) else _kind(value)
                    near = _nearest(value.lower(), KINDS) if isinstance(value, str) else None
                    self._error(line, f"the kind {shown} is none of {', '.join(KINDS)}{_hint(near)}")
            elif key in PARTS:
                parts[key] = self._part(key, value, line)
            else:
                self._unknown(key, _STEP_KEYS, line, f" of the step {name}")
        return StepFiles(name, header, kind, parts)

    def _part(self, key: str, value: object, line: int) -> tuple[PartReference, ...]:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            self._error(line, f"{key} is {_kind(value)}, not a path")
            return ()
        if len(items) > 1 and key not in ("specification", "flow"):
            self._error(line, f"{key} is a list of paths, and a step has one")
            return ()
        return tuple(found for item in items if (found := self._reference(key, item, line)) is not None)

    def _reference(self, key: str, reference: str, line: int) -> PartReference | None:
        path, _, name = (
            reference.partition(":") if not re.match(r"[A-Za-z]:[\\/]", reference) else (reference, "", "")
        )
        from pathlib import PurePosixPath

        plain = PurePosixPath(path.replace("\\", "/"))
        if plain.is_absolute() or ".." in plain.parts or re.match(r"[A-Za-z]:", path):
            self._error(line, f"{key} leaves the repository: {path}")
            return None
        exists = is_file(os.path.join(self.folder, plain))
        is_inside = exists and Root(self.folder).contains(str(plain))
        if not exists:
            near = self._near_file(plain) if len(self.errors) < _MAX_HINTS else None
            self._error(line, f"{key} does not exist: {path}{_hint(near)}")
            return None
        if not is_inside:
            self._error(line, f"{key} leaves the repository: {path}")
            return None
        return PartReference(str(plain), name, line)

    def _near_file(self, path: PurePosixPath) -> str | None:
        """Return the path of a file in the same folder with the nearest name, or None."""
        folder = os.path.join(self.folder, path.parent)
        try:
            names = [name for name in names_in(folder) if name.endswith(path.suffix)][:500]
        except OSError:
            return None
        near = _nearest(path.name, names)
        return str(path.with_name(near)) if near else None

    # -- errors

    def _unknown(self, key: str, known: list[str] | tuple[str, ...], line: int, where: str) -> None:
        self._error(line, f"unknown key {key}{where}{_hint(_nearest(key, known))}")

    def _error(self, line: int, message: str) -> None:
        indent = (
            len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip()) if line <= len(self.lines) else 0
        )
        self.errors.append(ConfigurationError(FILE, line, indent + 1, message))

    def _line(self, table: tuple[str, ...], key: str | None, number: int = 0) -> int:
        """Return the line of ``key`` in a table, or of its header; ``number`` counts tables of one name."""
        return self._places.line(table, key, number)


class _Places:
    """The lines of the tables and keys of a TOML file, found in one pass."""

    def __init__(self, lines: list[str]) -> None:
        self._headers: dict[tuple[str, ...], list[int]] = {}
        self._below: dict[tuple[str, ...], int] = {}
        """The line of the first table with each prefix of its name."""
        self._keys: dict[tuple[tuple[str, ...], int], int] = {}
        """The line of each key, by its name and the number of earlier tables with the name of its table."""
        current: tuple[str, ...] = ()
        for number, line in enumerate(lines, 1):
            stripped = line.strip()
            header = _header(stripped)
            if header is not None:
                current = header
                self._headers.setdefault(current[:_DEEPEST], []).append(number)
                for length in range(1, min(len(current), _DEEPEST) + 1):
                    self._below.setdefault(current[:length], number)
            elif (match := _KEY.match(stripped)) is not None:
                whole = (*current[:_DEEPEST], *_dotted(match[1]))
                for length in range(1, min(len(whole), _DEEPEST) + 1):
                    before = len(self._headers.get(whole[: length - 1], ())) - 1
                    self._keys.setdefault((whole[:length], before), number)

    def line(self, table: tuple[str, ...], key: str | None, number: int) -> int:
        headers = self._headers.get(table, [])
        own = headers[number] if number < len(headers) else self._below.get(table, 1)
        if key is None:
            return own
        whole = (*table, key)
        found = [*self._headers.get(whole, ())[:1]]
        found += [place for at in (number, -1) if (place := self._keys.get((whole, at))) is not None]
        return min(found, default=own)


_DEEPEST = len(SECTION) + 4
"""How many parts of a table's name are recorded: enough for every key of the section."""


def _header(line: str) -> tuple[str, ...] | None:
    """Return the name of the table whose header is on a line, or None."""
    name, end, rest = line.partition("]")
    rest = rest.removeprefix("]").lstrip()
    if not line.startswith("[") or not end or (rest and not rest.startswith("#")):
        return None
    return _dotted(name.removeprefix("[").removeprefix("[")) or None


def _dotted(key: str) -> tuple[str, ...]:
    """Return the parts of a dotted TOML key."""
    return tuple(part.strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^\s.\"']+", key))


def _nearest(word: str, known: Iterable[str]) -> str | None:
    from flake8_training.spelling import closest

    return closest(word, known)


def _hint(near: str | None) -> str:
    return did_you_mean(near)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date"
