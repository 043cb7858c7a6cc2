"""The flake8 plugin: the only module that imports flake8.

flake8 loads it at every start and runs it on every file, and most files are not training scripts. Therefore the engine
is imported only for a file that contains one of the names that every training script or launcher has.
"""

from __future__ import annotations

import ast
import os
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from flake8_training.settings import Settings, glob_in
from flake8_training.source_file import read_beside

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from flake8.options.manager import OptionManager

    from flake8_training.baseline import Baseline
    from flake8_training.configuration import ProjectConfiguration
    from flake8_training.finding import Finding
    from flake8_training.rules.registry import Rules

    class AcrossFiles(Protocol):
        """Reader of the findings in a file that take more than one file, as the command reports them."""

        def __call__(
            self,
            filename: str,
            lines: Sequence[str],
            *,
            saved: bool,
            settings: Settings,
            alone: Callable[[], list[Finding]],
        ) -> list[Finding]:
            """Return the findings of a file with these lines, also those that ``alone`` returns of the file alone."""


ACROSS_FILES = "flake8_training.across_files"
"""The group of entry points for findings that take more than one file."""


class _Plugin:
    """Base class of both entry points. flake8 creates one instance a file and passes arguments by parameter name."""

    settings: ClassVar[Settings] = Settings()
    # The files that flake8's own option names.
    option: ClassVar[tuple[str, ...]] = ()
    # flake8 names a file from standard input "stdin" unless the user names it: it has no folder.
    nameless_stdin: ClassVar[bool] = False
    stdin: ClassVar[bool] = False
    advice: ClassVar[bool] = False
    # Whether the second entry point runs on each file too, with the script that the first one has read.
    is_followed: ClassVar[bool] = True
    # The reader of the findings that take more than one file, with --training-alignment.
    across_files: ClassVar[AcrossFiles | None] = None

    def __init__(self, tree: ast.Module, filename: str, lines: list[str]) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """Yield line (from 1), column (from 0), message and type of each finding. Never raises."""
        try:
            for line, column, message in self._findings():
                yield line, column, message, type(self)
        except Exception as error:
            # An exception would end flake8 with a traceback and lose the findings of every file.
            from flake8_training.printable import printable

            reason = printable(f"{type(error).__name__} {error}".replace(":", " "))
            yield 1, 0, f"TRN001 internal error in a rule: the checker itself, {reason}", type(self)

    def _rules(self) -> Rules:
        from flake8_training.rules.registry import script_rules

        return script_rules(advice=self.advice, wants=self._settings.wants)

    @cached_property
    def _settings(self) -> Settings:
        """The settings of the nearest project above the file, if it is below the current folder; else the run's."""
        if self.nameless_stdin:
            return self.settings
        return _settings_below(
            os.path.dirname(os.path.abspath(self._filename)), os.getcwd(), self.settings, self.option
        )

    def _findings(self) -> Iterator[tuple[int, int, str]]:
        if self.across_files is None or self.nameless_stdin or self.advice:
            found = self._alone()
        elif self._is_left_out():
            return
        else:
            from flake8_training.collection import collection_paused

            with collection_paused():
                found = self.across_files(
                    self._filename,
                    self._lines,
                    saved=not self.stdin,
                    settings=self._settings,
                    alone=self._alone,
                )
        for one in found:
            yield one.line, one.column - 1, f"{one.code} {one.message}"

    def _is_left_out(self) -> bool:
        """Return whether the file is a copy, which no setting names."""
        from flake8_training.left_out import is_left_out

        return is_left_out(self._filename) and not self._settings.names_training_script(self._filename)

    def _alone(self) -> list[Finding]:
        """Return the findings of the file alone."""
        if not _shows_sagemaker(self._lines) and not self._settings.names_training_script(self._filename):
            return []
        if self._is_left_out():
            return []
        settings = self._settings
        is_kept = settings.cache and not self.nameless_stdin and self.across_files is None
        findings = self._kept() if is_kept else self._computed()
        if settings.per_file_ignores:
            findings = [found for found in findings if not settings.ignores(self._name, found.code)]
        if settings.baseline and findings:
            findings = _new(findings, self._name, settings)
        return findings

    @property
    def _name(self) -> str:
        """The file's name; empty if it has none."""
        return "" if self.nameless_stdin else self._filename

    def _kept(self) -> list[Finding]:
        """Return the findings that an earlier run has kept; compute and keep them if there are none."""
        from flake8_training.kept_findings import kept_findings

        settings = self._settings
        choice = (
            repr(self.advice),
            repr(settings.names_training_script(self._filename)),
            repr((settings.select, settings.ignore)),
        )
        return kept_findings(self._tree, self._filename, self._lines, choice, self._computed)

    def _computed(self) -> list[Finding]:
        from flake8_training.collection import collection_paused, freeze_once

        with collection_paused():
            from flake8_training.checker import check_script, forget

            rules = self._rules()
            freeze_once()
            findings = check_script(self._tree, self._name, self._lines, self._settings, rules)
            if self.advice or not self.is_followed:
                forget()
        return findings


class TrainingPlugin(_Plugin):
    """Entry point ``TRN``: the mistakes."""

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Declare the options, once for both entry points."""
        manager.add_option(
            "--training-scripts",
            metavar="GLOBS",
            default="",
            parse_from_config=True,
            comma_separated_list=True,
            normalize_paths=True,
            help="Files that are SageMaker training scripts whatever they look like; without it, scripts are "
            "recognised by what they do.",
        )
        manager.add_option(
            "--training-alignment",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Also report what takes more than one file, as the command training-alignment does: in the file, "
            "or at the place in it that a finding in another file names.",
        )

    @classmethod
    def parse_options(
        cls, manager: OptionManager, options: argparse.Namespace, filenames: Sequence[str]
    ) -> None:
        """Store the options on the base class, where both entry points of every worker process find them."""
        _Plugin.option = tuple(options.training_scripts)
        _Plugin.settings = _project_settings(_Plugin.option)
        _Plugin.is_followed = False
        _say_that_advice_is_off(manager, options)
        _Plugin.stdin = "-" in filenames
        _Plugin.nameless_stdin = _Plugin.stdin and options.stdin_display_name == "stdin"
        # staticmethod: a function in a class is called without the instance
        _Plugin.across_files = staticmethod(_across_files()) if options.training_alignment else None


class AdvicePlugin(_Plugin):
    """Entry point ``TRN9``: the advice family, only with ``--enable-extensions=TRN9``."""

    off_by_default: ClassVar[bool] = True
    advice = True

    @staticmethod
    def parse_options(options: argparse.Namespace) -> None:
        """Note that the entry point is enabled: flake8 calls this only then, after that of the other entry point."""
        _Plugin.is_followed = True


def _across_files() -> AcrossFiles:
    """Return the reader of findings that take more than one file, which a package registers as an entry point.

    Raises flake8's ``ExecutionError`` if there is none: the plugin is on the path, and nothing is installed.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        for entry in distribution("flake8-training").entry_points.select(group=ACROSS_FILES):
            found: AcrossFiles = entry.load()
            return found
    except PackageNotFoundError:
        pass
    from flake8.exceptions import ExecutionError

    raise ExecutionError(
        "--training-alignment: no installed package flake8-training has the checks of several files"
    )


def _project_settings(training_scripts: tuple[str, ...]) -> Settings:
    """Return the settings of flake8's option and of ``[tool.flake8-training]``; flake8's option has precedence.

    Raises flake8's ``ExecutionError`` if that section has mistakes, as flake8 does for its own configuration.
    """
    here = os.getcwd()
    if not _may_be_configured(here):
        return Settings(training_scripts=training_scripts)
    from pathlib import Path

    from flake8.exceptions import ExecutionError

    from flake8_training.configuration import read_configuration
    from flake8_training.project_folder import configured_folder

    folder = configured_folder(Path(here))
    if folder is None:
        return Settings(training_scripts=training_scripts)
    project = read_configuration(folder)
    if project.errors:
        from flake8_training.printable import printable

        raise ExecutionError(
            f"flake8-training: {'; '.join(printable(str(error)) for error in project.errors)}"
        )
    return _settings_of(project, folder, training_scripts)


def _settings_of(project: ProjectConfiguration, folder: Path, training_scripts: tuple[str, ...]) -> Settings:
    # As in flake8's own configuration, a glob with a folder is relative to the file that contains it.
    named = tuple(glob_in(str(folder), glob) for glob in project.training_scripts)
    ignores = tuple((glob_in(str(folder), glob), codes) for glob, codes in project.per_file_ignores)
    baseline = str(folder / project.baseline) if project.baseline else ""
    return Settings(
        training_scripts or named,
        project.select,
        project.ignore,
        ignores,
        baseline,
        str(folder),
        project.cache,
    )


def _new(findings: Sequence[Finding], filename: str, settings: Settings) -> list[Finding]:
    """Return the findings that the project's baseline does not list; all of them if it cannot be read."""
    known = _baseline(settings.folder, settings.baseline)
    if known is None:
        return list(findings)
    path = os.path.relpath(os.path.realpath(filename or "stdin"), settings.folder).replace(os.sep, "/")
    return known.unknown(findings, lambda _: path)[0]


@lru_cache(maxsize=4)
def _baseline(folder: str, path: str) -> Baseline | None:
    from flake8_training.baseline import MAX_BYTES, BadBaseline, Baseline
    from flake8_training.source_file import Root

    try:
        return Baseline.read(Root(folder).read(path, MAX_BYTES))
    except (OSError, BadBaseline):
        return None


def _say_that_advice_is_off(manager: OptionManager, options: argparse.Namespace) -> None:
    """Print how to turn the advice family on if it is selected while it is off: flake8 would report nothing."""
    selected = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    # flake8 extends the default selection by the entry points that are on.
    if "TRN9" in manager.extended_default_select or not any(code.startswith("TRN9") for code in selected):
        return
    import multiprocessing
    import sys

    # A worker process that flake8 spawns parses the options again.
    if multiprocessing.parent_process() is None and sys.stderr is not None:
        print("flake8-training: TRN9 is off; --enable-extensions=TRN9 turns it on", file=sys.stderr)


@lru_cache(maxsize=256)
def _settings_below(folder: str, top: str, settings: Settings, option: tuple[str, ...]) -> Settings:
    """Return the settings of the nearest project at a folder or above it, below ``top``; else ``settings``.

    ``option`` is flake8's ``--training-scripts``. A configuration with mistakes, which the command reports, does not
    count.
    """
    inside = os.path.join(top, "")
    while folder.startswith(inside):
        found = _settings_in(folder, settings, option)
        if found is not None:
            return found
        folder = os.path.dirname(folder)
    return settings


@lru_cache(maxsize=256)
def _settings_in(folder: str, settings: Settings, option: tuple[str, ...]) -> Settings | None:
    """Return the settings of the project in a folder, ``settings`` for mistakes in them; None without a project."""
    if not _mentions_tool(folder):
        return None
    from pathlib import Path

    from flake8_training.configuration import read_configuration
    from flake8_training.project_folder import has_section

    if not has_section(folder):
        return None
    project = read_configuration(Path(folder))
    return settings if project.errors else _settings_of(project, Path(folder), option)


def _may_be_configured(folder: str) -> bool:
    """Return whether a pyproject.toml in a folder or above mentions the tool, without parsing TOML."""
    while not _mentions_tool(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above
    return True


def _mentions_tool(folder: str) -> bool:
    """Return whether the pyproject.toml of a folder mentions the tool."""
    try:
        return b"flake8-training" in read_beside(folder, "pyproject.toml", 16_000_000)
    except OSError:
        return False


def _shows_sagemaker(lines: Sequence[str]) -> bool:
    """Return whether the file may be a training script or a launcher, by a fast search for strings."""
    source = "".join(lines)
    return (
        "SM_" in source or "opt/ml" in source or "estimator_config" in source or "sagemaker" in source.lower()
    )
