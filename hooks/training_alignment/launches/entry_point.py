"""Resolves an estimator's entry point and source folder to a script of the repository.

A path is relative to the launcher's folder, or to a folder above it, because users run launchers from either. Code
from git or S3, and paths that are unknown before the launcher runs, are not resolved.
"""

from __future__ import annotations

import os
import posixpath
import re

from flake8_training.engine.flow.subprocesses import line_of
from flake8_training.engine.values.values import Constant, StringTemplate, Value
from flake8_training.launcher.boto3_requests import RequestedEstimator, program
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.record import Record, replace
from flake8_training.sagemaker import paths
from flake8_training.source_file import is_there
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.brought_files import brings_into
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.started_program import programs_in
from training_alignment.repository.repository import Repository
from training_alignment.scan.glance import is_set_aside, is_test

_SCRIPTS = (".py",)
_SHELL = (".sh",)
_PROSE = (".py", ".ipynb", ".md", ".rst", ".txt", ".csv")
_MOST_BYTES = 100_000
_CODE = ("/opt/ml/input/data/code/", f"{paths.CODE_DIR}/")
"""The folders in the container to which SDK v3 and the training toolkit unpack the source folder."""
_TOOLKIT = ("train", "sagemaker-train")
"""Commands that start the training toolkit in an image."""


class ResolvedEntryPoint(Record):
    """The script that an estimator starts.

    ``paths`` are the possible scripts in the repository; ``certain`` is False if it may be another one.
    ``source_dir`` is the folder that the SDK sends, None for none. ``missing`` names an entry point that certainly
    does not exist.
    """

    paths: tuple[str, ...] = ()
    certain: bool = True
    source_dir: str | None = None
    missing: str = ""
    by_name: bool = False
    """Whether the folder is unknown, and the script the only one of its name."""
    by_command: bool = False
    """Whether the user's own command starts the script: then SageMaker passes it no arguments."""
    missing_paths: tuple[str, ...] = ()
    """The paths in the repository at which the missing entry point may be meant to be."""
    command: tuple[str, ...] | None = None
    """The words of the command that starts the image; None for a trainer's command, or for none."""
    arguments: tuple[str, ...] | None = None
    """The words after the script in the user's own command, ``?`` for unknown parts; None if they are unknown."""
    dockerfile: str = ""
    """The Dockerfile whose image starts the script by itself; empty for none."""


NOTHING = ResolvedEntryPoint(certain=False)


def started(file: LauncherFile, estimator: Estimator) -> ResolvedEntryPoint:
    """Return the scripts that an estimator of a launcher starts."""
    entry, folder = estimator.entry_point, estimator.source_dir
    command = _container_command(estimator)
    if command:
        return _by_container(file, estimator, command)
    if isinstance(estimator, RequestedEstimator):
        return _by_name(file, entry) if entry is not None else _by_image(file, estimator)
    if entry is None and not estimator.is_trainer and estimator.lacks("entry_point"):
        named = program(estimator)
        return _by_name(file, named) if named is not None else _by_image(file, estimator)
    if estimator.is_trainer:
        source = estimator.part("source_code")
        own = source.get("command") if source is not None else None
        if own is not None and not own.expression.is_none:
            return _by_command(file, own, folder)
    if entry is None or estimator.overridden & {"entry_point", "source_dir", "source_code"}:
        return NOTHING
    if "training_recipe" in estimator.arguments:
        return NOTHING
    if "git_config" in estimator.arguments:
        return _from_git(file, entry, folder)
    found = resolved(file, entry, folder)
    if found.missing and len(entry.values) == 1:
        # The only file of its name is the script: its other mistakes show once the path is right.
        finder = _Finder(file, Constant(None))
        namesake = finder.namesake(entry.values[0])
        if namesake is not None:
            written = folder.text if folder is not None else None
            certain = written is None or finder.is_of_this_repository(written, namesake)
            return replace(found, paths=(namesake,), certain=certain, by_name=True)
    return found


def resolved(
    file: LauncherFile, entry: LocatedExpression, folder: LocatedExpression | None
) -> ResolvedEntryPoint:
    """Return the scripts that an entry point in a source folder names; ``folder`` is None without one."""
    base = _base(folder)
    if base is None:
        return _likely(file, entry, folder)
    finder = _Finder(file, base)
    found: list[str] = []
    missing: list[str] = []
    meant: list[str] = []
    for value in entry.values:
        path = finder.find(value)
        if path is not None:
            found.append(path)
        else:
            missing.append(finder.missing(value))
            meant += finder.meant(value) if missing[-1] else ()
    none = "; ".join(dict.fromkeys(missing)) if not found and all(missing) else ""
    if not found and not none:
        return _likely(file, entry, folder)
    paths = tuple(dict.fromkeys(found))
    sent = finder.sent(paths[0]) if len(paths) == 1 else None
    return ResolvedEntryPoint(
        paths, not missing, sent, none, missing_paths=tuple(dict.fromkeys(meant)) if none else ()
    )


def named_script(file: LauncherFile, words: list[str]) -> str | None:
    """Return the only script of a name in a command, if the launcher's folder or one below it has exactly one."""
    scripts = [word for word in words if word.endswith(_SCRIPTS)]
    if len(scripts) != 1 or words[0] in _TOOLKIT:
        return None
    return _Finder(file, Constant(None)).only_below(posixpath.basename(scripts[0]))


def folder_of(file: LauncherFile, path: str) -> str | None:
    """Return the folder of the repository that a path names, or None if it names none."""
    return _Finder(file, Constant(None)).folder(path)


def file_at(file: LauncherFile, path: str) -> str | None:
    """Return the file of the repository that a path names, or None if it names a folder or nothing."""
    return _Finder(file, Constant(None)).find(Constant(path))


def _likely(
    file: LauncherFile, entry: LocatedExpression, folder: LocatedExpression | None
) -> ResolvedEntryPoint:
    """Return the script that an entry point may mean, if its folder is unknown: in S3, or on another machine.

    An option of the launcher counts with its default. Nothing is certain of such a script.
    """
    finder = _Finder(file, Constant(None))
    folders = [
        text.value for text in (folder.values if folder is not None else ()) if isinstance(text, Constant)
    ]
    above = folders[0] if len(folders) == 1 and isinstance(folders[0], str) else ""
    found: list[str] = []
    for one in entry.values_by_default:
        text = one.value if isinstance(one, Constant) else None
        if isinstance(text, str) and text.endswith((*_SCRIPTS, *_SHELL)) and "://" not in text:
            path = finder.likely(posixpath.join(above, text.replace("\\", "/")))
            found += [path] if path is not None else []
    paths = tuple(dict.fromkeys(found))
    return ResolvedEntryPoint(paths, certain=False, by_name=True) if paths else NOTHING


def _from_git(
    file: LauncherFile, entry: LocatedExpression, folder: LocatedExpression | None
) -> ResolvedEntryPoint:
    """Return the script that ``git_config`` may fetch from this repository: one is at that path.

    Nothing is certain of it: the SDK clones the repository that ``git_config`` names.
    """
    base = _base(folder)
    path = _Finder(file, base).find(entry.values[0]) if base is not None and len(entry.values) == 1 else None
    return ResolvedEntryPoint((path,), certain=False, by_name=True) if path is not None else NOTHING


def may_exist(file: LauncherFile, written: str) -> bool:
    """Return whether a file may exist at a path, as the launcher writes it, though git does not list it."""
    return _Finder(file, Constant(None)).may_exist(written)


def _container_command(estimator: Estimator) -> tuple[LocatedExpression, ...]:
    """Return the parts of the command that replaces the image's own; empty for none."""
    if isinstance(estimator, RequestedEstimator):
        return estimator.command
    found = (estimator.get(name) for name in ("container_entry_point", "container_arguments"))
    return tuple(one.expression for one in found if one is not None and not one.expression.is_none)


def _by_container(
    file: LauncherFile, estimator: Estimator, parts: tuple[LocatedExpression, ...]
) -> ResolvedEntryPoint:
    """Return the one script below the launcher that ``["python3", "/opt/ml/code/train.py"]`` names."""
    words: list[str] = []
    for part in parts:
        elements = estimator.launcher.elements(part.values[0]) if len(part.values) == 1 else None
        strings = [element.text for element in elements or ()]
        if elements is None or None in strings:
            return NOTHING
        words += [string for string in strings if string is not None]
    path = named_script(file, words)
    return ResolvedEntryPoint((path,), by_command=True, command=tuple(words)) if path is not None else NOTHING


def _by_image(file: LauncherFile, estimator: Estimator) -> ResolvedEntryPoint:
    """Return the script that an image of the project starts by itself."""
    from training_alignment.launches.image_script import script_of_image

    found = script_of_image(file.repository, file.path, estimator)
    if found is None:
        return NOTHING
    return ResolvedEntryPoint(
        (found.path,),
        certain=False,
        by_name=True,
        by_command=not found.gets_arguments,
        dockerfile=found.dockerfile,
    )


def _by_name(file: LauncherFile, entry: LocatedExpression | None) -> ResolvedEntryPoint:
    """Return the script named as ``sagemaker_program``: the code is an archive in S3, its source has that name."""
    values = entry.values if entry is not None else ()
    if len(values) != 1 or not isinstance(values[0], Constant) or not isinstance(values[0].value, str):
        return NOTHING
    name = values[0].value.strip().strip('"')
    finder = _Finder(file, Constant(None))
    path = finder.find(Constant(name)) or finder.nearest(name)
    if path is not None:
        return ResolvedEntryPoint((path,))
    path = finder.likely(name)
    return ResolvedEntryPoint((path,), certain=False, by_name=True) if path is not None else NOTHING


def _by_command(
    file: LauncherFile, command: Argument, folder: LocatedExpression | None
) -> ResolvedEntryPoint:
    """Return the one script that ``SourceCode(command="torchrun ... train.py")`` starts, or the one shell script.

    The one Python script that the shell script starts is the job's.
    """
    base = _base(folder)
    if base is None:
        return NOTHING
    finder = _Finder(file, base)
    line = line_of(command.values[0]) if len(command.values) == 1 else None
    found = _only_program(finder, line) if line is not None else None
    if found is None:
        return NOTHING
    path, words = found
    arguments: tuple[str, ...] | None = words
    if path.endswith(_SHELL):
        inside = _only_program(finder, file.text(path, _MOST_BYTES))
        if inside is not None and inside[0].endswith(_SCRIPTS):
            path, arguments = inside[0], None
    return ResolvedEntryPoint((path,), source_dir=finder.sent(path), by_command=True, arguments=arguments)


def _only_program(finder: _Finder, text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the one Python script in lines of a shell, or the one shell script, and its arguments; None if unknown."""
    programs = list(programs_in(text))
    python = [one for one in programs if one is None or not one.is_shell_script]
    chosen = python or programs
    only = chosen[0] if len(chosen) == 1 else None
    if only is None:
        return None
    written = only.path
    for code in _CODE:
        written = written.removeprefix(code)
    path = finder.find(Constant(posixpath.normpath(posixpath.join(only.folder, written))))
    return (path, only.words) if path is not None else None


def _base(folder: LocatedExpression | None) -> Value | None:
    """Return the source folder of the entry point; ``Constant(None)`` without one, None if it is unknown."""
    if folder is None:
        return Constant(None)
    values = folder.values
    if len(values) != 1:
        return None
    value = values[0]
    if isinstance(value, Constant) and (value.value is None or isinstance(value.value, str)):
        path = value.value
        return None if path and ("://" in path or path.endswith(".tar.gz")) else value
    return value if isinstance(value, StringTemplate) else None


def _steady(path: str) -> str:
    """Return a path without the steps to folders above at its beginning."""
    path = posixpath.normpath(path.replace("\\", "/"))
    while path.startswith("../"):
        path = path[3:]
    return path


def _words(name: str) -> str:
    """Return a name's words, with a ``_`` before, between and after them."""
    return f"_{'_'.join(re.split(r'[^a-z0-9]+', name.lower()))}_"


class _Finder:
    """Finds the files of a repository that an entry point may name; ``base`` is the source folder."""

    def __init__(self, file: LauncherFile, base: Value) -> None:
        self._file = file
        self._repository: Repository = file.repository
        self._folder = posixpath.dirname(file.path)
        self._base = base

    def find(self, value: Value) -> str | None:
        """Return the script that an entry point names, or None."""
        whole = self._whole(value)
        if whole is None:
            return None
        if isinstance(whole, str):
            return self._at(whole)
        return self._ending_with(whole[0])

    def missing(self, value: Value) -> str:
        """Return the entry point if it certainly does not exist, with a hint; else an empty string."""
        if not isinstance(value, Constant) or not isinstance(value.value, str):
            return self._misspelt_folder("")
        entry = value.value
        if entry.startswith("s3://"):
            return f"{entry} is no local file"
        if not isinstance(self._base, Constant) or not entry.endswith(_SCRIPTS):
            return ""
        folder = self._base.value
        absolute = posixpath.join(str(folder or ""), entry)
        if os.path.isabs(absolute):
            return self._missing_absolute(absolute)
        if folder is None:
            return self._missing_file(entry)
        folder = str(folder)
        where = self._directory(folder)
        if where is None:
            name = posixpath.basename(entry)
            return self._misspelt_folder(name) or self._without_folder(folder, entry)
        written = posixpath.join(folder, entry)
        if self.may_exist(written) or self._file_from_another_folder(written):
            return ""
        return f"{entry} in {where or '.'}{self._hint(entry, where)}"

    def _missing_absolute(self, path: str) -> str:
        """Return an absolute path inside the repository if no file is there; else an empty string.

        A launcher makes such a path from its own ``__file__``: it does not depend on the folder where it runs.
        """
        if self._at(path) is not None or self.may_exist(path):
            return ""
        folder, name = posixpath.split(self.places(path)[0])
        if self._below(folder):
            return f"{name} in {folder or '.'}{self._hint(name, folder)}"
        return f"{name} in {folder}, which is no folder here{self._hint(name, self._project)}"

    def meant(self, value: Value) -> tuple[str, ...]:
        """Return the paths in the repository that a missing entry point may mean; its only namesake among them."""
        if not isinstance(value, Constant) or not isinstance(value.value, str):
            return ()
        folder = self._base.value if isinstance(self._base, Constant) else None
        namesake = self.namesake(value)
        found = (namesake,) if namesake is not None else ()
        return (*self.places(posixpath.join(str(folder or ""), value.value)), *found)

    def namesake(self, value: Value) -> str | None:
        """Return the only file of the project with the name of an entry point, or None."""
        if not isinstance(value, Constant) or not isinstance(value.value, str):
            return None
        found = self._with_name(posixpath.basename(value.value), self._project)
        return found[0] if len(found) == 1 else None

    def _missing_file(self, entry: str) -> str:
        """Return an entry point without a source folder, if no file can be meant by it; else an empty string."""
        # A name alone may be that of a file in any folder: the launcher may run there.
        if self._file_of(_steady(entry)) or self.may_exist(entry):
            return ""
        return f"{entry}{self._hint(entry, '')}"

    def _hint(self, entry: str, folder: str) -> str:
        """Return where the only script of the entry point's name is, as the end of a message; else empty."""
        found = self._with_name(posixpath.basename(entry), folder)
        return f"; it is in {posixpath.dirname(found[0]) or '.'}" if len(found) == 1 else ""

    def _file_of(self, path: str) -> bool:
        """Return whether a file of the repository has this path, below any folder."""
        return any(one == path or one.endswith(f"/{path}") for one in self._repository.files)

    def _file_from_another_folder(self, written: str) -> bool:
        """Return whether a path can mean a file of the repository if the launcher runs in another folder.

        For a path that begins with steps up, that folder is below the one that has the file.
        """
        path = posixpath.normpath(written.replace("\\", "/"))
        steady = _steady(path)
        steps = (len(path) - len(steady)) // len("../")
        if not steps:
            return self._file_of(steady)
        tops = [one[: -len(steady)] for one in self._repository.files if f"/{one}".endswith(f"/{steady}")]
        return any(
            one.startswith(top) and one.count("/", len(top)) >= steps
            for top in tops
            for one in self._repository.files
        )

    def may_exist(self, written: str) -> bool:
        """Return whether a file may exist at a path, though git does not list it.

        It exists on the disk, is outside the repository, or the launcher or another file brings it.
        """
        places = self.places(written)
        if not places or any(is_there(os.path.join(self._repository.root, one)) for one in places):
            return True
        absolute = [posixpath.join(os.fspath(self._repository.root), one) for one in places]
        if self._file.brought.may_bring([written, *places, *absolute]):
            return True
        folder = posixpath.basename(posixpath.dirname(posixpath.normpath(written)))
        return self._is_brought(posixpath.basename(written), folder)

    def places(self, written: str) -> list[str]:
        """Return the paths in the repository that a path may mean; none if it is outside."""
        if os.path.isabs(written):
            path = self._repository.relative(written)
            return [] if path is None else [path]
        found = [posixpath.normpath(posixpath.join(base, written)) for base in self._bases()]
        inside = [one for one in found if one != ".." and not one.startswith("../")]
        return inside or self._from_deeper_folder(written)

    def _from_deeper_folder(self, written: str) -> list[str]:
        """Return what a path that leads out of the repository means if the launcher runs in a deeper folder.

        Its first folder is then one of the repository's own, which has a file of the path's name.
        """
        steady = _steady(written)
        top, _, inside = steady.partition("/")
        end = f"/{posixpath.basename(inside)}"
        return [steady] if inside and any(one.endswith(end) for one in self._below(top)) else []

    def _without_folder(self, folder: str, entry: str) -> str:
        """Return the entry point in a source folder that is nowhere; else an empty string."""
        if os.path.isabs(folder) or posixpath.normpath(folder).split("/")[-1] in ("", ".", ".."):
            return ""
        if self._has_folder(folder):
            return ""
        name = posixpath.basename(_steady(folder))
        if self.may_exist(posixpath.join(folder, entry)) or self._is_brought(name):
            return ""
        return f"{entry} in {folder}, which is no folder here{self._hint(entry, self._project)}"

    def _has_folder(self, folder: str) -> bool:
        """Return whether the repository has a folder of this path, below any folder."""
        return any(f"/{_steady(folder)}/" in f"/{path}" for path in self._repository.files)

    def is_of_this_repository(self, folder: str, namesake: str) -> bool:
        """Return whether a source folder without the entry point is one of this repository.

        A launcher makes an absolute path from its own ``__file__``, and a name may misspell a folder of the namesake.
        Any other folder that the repository lacks may be that of another repository.
        """
        if os.path.isabs(folder) or self._has_folder(folder):
            return True
        return (
            closest(posixpath.basename(_steady(folder)), posixpath.dirname(namesake).split("/")) is not None
        )

    @property
    def _project(self) -> str:
        """The folder around the launcher's."""
        return posixpath.dirname(self._folder)

    def _misspelt_folder(self, name: str) -> str:
        """Return an absent source folder if it is a misspelling of one that has the entry point; else empty.

        ``name`` is the entry point's name, empty if it is unknown: then any script counts.
        """
        folder = self._base.value if isinstance(self._base, Constant) else None
        if not isinstance(folder, str) or os.path.isabs(folder) or self._directory(folder) is not None:
            return ""
        parts = posixpath.normpath(folder).split("/")
        for path in sorted(self._repository.files):
            if not path.endswith(f"/{name}" if name else _SCRIPTS):
                continue
            other = posixpath.dirname(path).split("/")[-len(parts) :]
            if other == parts:
                return ""
            if len(other) == len(parts) and all(
                written == existing or closest(written, [existing])
                for written, existing in zip(parts, other, strict=True)
            ):
                if self.may_exist(posixpath.join(folder, name or "*")):
                    return ""
                return f"{name or 'no file'} in {folder}{did_you_mean('/'.join(other))}"
        return ""

    def _is_brought(self, name: str, folder: str = "") -> bool:
        """Return whether a file that is no Python, such as a Dockerfile or shell script, may bring a file to a folder.

        Without a folder, any place counts.
        """
        wanted = name.encode(errors="surrogatepass")
        for path in sorted(self._repository.files):
            if path.endswith(_PROSE):
                continue
            try:
                data = self._repository.data(path, _MOST_BYTES)
            except ReadError:
                continue
            if wanted in data and brings_into(data.decode("utf-8", "replace"), name, folder):
                return True
        return False

    def sent(self, script: str) -> str | None:
        """Return the folder that the SDK sends with the script, or None without a source folder."""
        if isinstance(self._base, Constant) and self._base.value is None:
            return None
        if isinstance(self._base, Constant):
            return self._directory(str(self._base.value), script)
        return posixpath.dirname(script)

    def _whole(self, value: Value) -> str | tuple[str] | None:
        """Return the whole path; in a tuple, the known end of a path with an unknown beginning; else None."""
        parts: list[str | None] = []
        for one in (self._base, value):
            if isinstance(one, Constant):
                if one.value is None:
                    continue
                if not isinstance(one.value, str):
                    return None
                parts.append(one.value)
            elif isinstance(one, StringTemplate):
                last = one.parts[-1]
                if not isinstance(last, str):
                    return None
                parts[:] = [None, last.lstrip("/") if "/" in last else last]
                if "/" not in last:
                    return None
            else:
                return None
        known = [part for part in parts if part is not None]
        if not known or "://" in "/".join(known):
            return None
        path = known[0]
        for part in known[1:]:
            path = posixpath.join(path, part)
        path = path.replace("\\", "/")
        return (posixpath.normpath(path),) if None in parts else path

    def _bases(self) -> list[str]:
        """Return the folders to which a path may be relative, the nearest first."""
        found = [self._folder]
        while found[-1]:
            found.append(posixpath.dirname(found[-1]))
        return found

    def _at(self, path: str) -> str | None:
        if os.path.isabs(path):
            inside = self._repository.relative(path)
            return inside if inside in self._repository.files else None
        for base in self._bases():
            candidate = posixpath.normpath(posixpath.join(base, path))
            if candidate in self._repository.files or candidate in self._file.written:
                return candidate
        return None

    def _ending_with(self, end: str) -> str | None:
        """Return the one file with that end, the nearest to the launcher if there are several; else None."""
        if "/" not in end and end in ("train.py", "main.py"):
            near = [posixpath.join(self._folder, end)]
            found = [path for path in near if path in self._repository.files]
        else:
            found = [path for path in self._repository.files if path == end or path.endswith("/" + end)]
        for base in self._bases():
            inside = [path for path in found if not base or path.startswith(base + "/")]
            if inside:
                return inside[0] if len(inside) == 1 else None
        return None

    def only_below(self, name: str) -> str | None:
        """Return the one file of a name in the launcher's folder and those below it, or None."""
        return self._only(name, self._folder)

    def nearest(self, name: str) -> str | None:
        """Return the one file of a name below the nearest folder, from the launcher's up, that has one; else None."""
        for base in self._bases():
            found = self._named(base, name)
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def likely(self, written: str) -> str | None:
        """Return the one file that a path out of reach may mean, or None.

        It is the only one with the longest end of the path; else the only one of its name, in the launcher's folder,
        in the folder around it or in the repository; else, of several of its name, the one whose folder the launcher
        is named after, with one other word at most: ``run_churn.py`` and ``churn/train.py``. A relative path means no
        file of another project: one in a folder that is neither around the launcher nor below it.
        """
        path = _steady(written.partition("://")[2] or written)
        elsewhere = os.path.isabs(written) or "://" in written
        name = posixpath.basename(path)
        if not elsewhere and "/" in path and self._directory(posixpath.dirname(path)) is not None:
            return self._at(path)  # the folder is at hand: it has the file, or no file is meant
        only = self._only(name, "")
        parts = [part for part in path.split("/") if part]
        for length in range(len(parts), 1, -1):
            end = "/".join(parts[-length:])
            found = [one for one in self._repository.files if one == end or one.endswith(f"/{end}")]
            if len(found) == 1:
                near = (
                    elsewhere or only is not None or self._is_around(found[0].removesuffix(end).rstrip("/"))
                )
                return found[0] if near else None
        if not elsewhere and "/" in path:
            return only
        return (
            only
            or self._only(name, self._folder)
            or self._only(name, self._project)
            or self._in_named_folder(name)
        )

    def _only(self, name: str, folder: str) -> str | None:
        """Return the only file of a name below a folder, or None."""
        found = self._named(folder, name)
        return found[0] if len(found) == 1 else None

    def _is_around(self, folder: str) -> bool:
        """Return whether a folder is the launcher's, around it, or below it."""
        return not folder or f"{self._folder}/".startswith(f"{folder}/") or self._is_below(folder)

    def _is_below(self, folder: str) -> bool:
        return not self._folder or folder.startswith(f"{self._folder}/")

    def _in_named_folder(self, name: str) -> str | None:
        """Return the file of a name in the folder after which the launcher is named, the longest one; else None."""
        stem = _words(posixpath.splitext(posixpath.basename(self._file.path))[0])
        named: dict[str, list[str]] = {}
        for path in self._named("", name):
            folder = _words(posixpath.basename(posixpath.dirname(path)))
            if folder.strip("_") and folder in stem and stem.count("_") - folder.count("_") <= 1:
                named.setdefault(folder, []).append(path)
        best = max(named, key=len, default="")
        return named[best][0] if best and len(named[best]) == 1 else None

    def _named(self, folder: str, name: str) -> list[str]:
        """Return the files of a name in a folder and those below it, without those of tests and archives."""
        found = self._with_name(name, folder)
        used = [path for path in found if not is_test(path) and not is_set_aside(posixpath.dirname(path))]
        return (used or found) if name else []

    def _with_name(self, name: str, folder: str) -> list[str]:
        """Return the files of a name in a folder and those below it."""
        return [path for path in self._below(folder) if path == name or path.endswith(f"/{name}")]

    def folder(self, path: str) -> str | None:
        """Return the folder of the repository that a path names, or None if it names a file or nothing."""
        return self._directory(path) if self._at(path) is None else None

    def _directory(self, folder: str, script: str = "") -> str | None:
        """Return the folder of the repository that a path names, or None.

        Several folders may fit, because the launcher may run in any of its parent folders. The one that holds
        ``script`` is then the one that is meant.
        """
        if os.path.isabs(folder):
            inside = self._repository.relative(folder)
            candidates = [inside] if inside is not None else []
        else:
            candidates = [posixpath.normpath(posixpath.join(base, folder)) for base in self._bases()]
        found = ["" if candidate == "." else candidate for candidate in candidates]
        holding = [one for one in found if script and (not one or script.startswith(f"{one}/"))]
        return next((one for one in (*holding, *found) if self._below(one)), None)

    def _below(self, folder: str) -> list[str]:
        prefix = folder + "/" if folder else ""
        written = [path for path in self._file.written if path.startswith(prefix)]
        return [*self._repository.below(folder), *written]
