"""Compares the packages that a script imports with its job's image and with what the job installs.

Sources: sagemaker-training 5.1.4 ``entry_point.py: install`` and ``modules.py`` (``requirements.txt`` at the top of the
code folder, for a Python program; a shell script gets nothing installed), sagemaker-train 1.27.0 ``model_trainer.py``
(``SourceCode(requirements=...)``, a file inside ``source_dir``, and only if it is set).
"""

from __future__ import annotations

import ast
import os
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ContainerPath, PathKind, places
from flake8_training.engine.flow.pip_commands import pip_install
from flake8_training.engine.flow.subprocesses import may_install, started_commands
from flake8_training.finding import Related
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.libraries.distributions import brought_by, distribution_of, is_known_distribution, normal
from flake8_training.libraries.requirements_file import Requirements, read_requirements
from flake8_training.libraries.table import table
from flake8_training.record import Record
from flake8_training.rules.precedence import framework_cause
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.image_packages import ABSENT, absent_packages, brought_from
from flake8_training.script.imported_packages import needed_packages, packages_at_start
from flake8_training.source_file import real_path
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.launch.job_image import framework_image, framework_version
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.sent_dependencies import name_in_code, sent_dependencies
from training_alignment.launches.entry_point import may_exist
from training_alignment.launches.launch import Launch

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.syntax.scopes import ModuleIndex

FILE = "requirements.txt"
_PACKAGING = ("setup.py", "setup.cfg", "pyproject.toml")
_LISTED = frozenset().union(*ABSENT.values())
_MOST_BYTES = 200_000


class MissingPackage(Record, slots=False):
    """An imported package that the job lacks.

    ``imported`` is the import; ``listed_in`` is a file that lists the package and is not installed, or empty.
    """

    name: str
    distribution: str
    imported: tuple[Related, ...]
    image: str
    listed_in: str


def packages_not_installed(launch: Launch) -> Iterator[Problem]:
    """Yield the imported packages that neither the image has nor anything installs."""
    for one in _missing(launch):
        if not one.listed_in:
            yield Problem(
                place_of_code(launch.estimator),
                f"{one.name}, which {_lacking(one)} (ModuleNotFoundError)",
                one.imported,
                cause=framework_cause(launch.estimator.node.lineno),
            )


def _lacking(missing: MissingPackage) -> str:
    """Return which images lack a package, as a part of a sentence."""
    first = brought_from(missing.image, missing.distribution)
    return f"no {missing.image} image has" if first is None else f"{missing.image} images before {first} lack"


def requirements_not_installed(launch: Launch) -> Iterator[Problem]:
    """Yield the file of requirements that lists an imported package and is not installed, and one that is missing."""
    seen: set[str] = set()
    for one in _missing(launch):
        if one.listed_in and one.listed_in not in seen:
            seen.add(one.listed_in)
            yield Problem(
                place_of_code(launch.estimator),
                f"{one.listed_in} lists {one.distribution}, and {_why_not(launch)} (ModuleNotFoundError: {one.name})",
                one.imported,
            )
    estimator = launch.estimator
    source = estimator.part("source_code") if estimator.is_trainer else None
    passed = source.get("requirements") if source is not None else None
    folder = launch.started.source_dir
    if passed is None or passed.text is None or passed.text == "auto" or folder is None:
        return
    path = posixpath.normpath(posixpath.join(folder, passed.text))
    if not launch.file.has_file(path):
        if launch.script_path in launch.file.repository.files and not _may_appear(
            launch, folder, passed.text
        ):
            where = folder or "the repository's root"
            yield Problem(
                launch.report_node(passed.node), f"{passed.text} is no file in {where} (ValueError)"
            )


def requirements_path(launch: Launch) -> str | None:
    """Return the path of the file that the job installs; None if there is none, or if it is unknown."""
    estimator, folder = launch.estimator, launch.started.source_dir
    if launch.script_path is None or not launch.script_path.endswith(".py"):
        return None
    for path in reversed(sent_dependencies(launch) or ()):
        if posixpath.basename(path) == FILE and launch.file.has_file(path):
            return path
    if folder is None or not is_inside_folder(launch):
        return None
    name = FILE
    if estimator.is_trainer:
        source = estimator.part("source_code")
        passed = source.get("requirements") if source is not None else None
        if passed is None or passed.text is None:
            return None
        name = passed.text
    path = posixpath.normpath(posixpath.join(folder, name))
    return path if launch.file.has_file(path) else None


def _may_appear(launch: Launch, folder: str, name: str) -> bool:
    """Return whether a file that git does not list may be in the source folder when the job starts."""
    source = launch.estimator.part("source_code") if launch.estimator.is_trainer else launch.estimator
    written = source.get("source_dir") if source is not None else None
    folders = {folder, written.text if written is not None and written.text is not None else folder}
    return any(may_exist(launch.file, posixpath.join(one, name)) for one in folders)


def requirements_at(launch: Launch, path: str) -> Requirements:
    """Return the packages that a file of the job names; an open list if it cannot be read, or may be changed."""
    try:
        return read_requirements(launch.file.data(path, _MOST_BYTES))
    except ReadError:
        return Requirements((), True, (), {})


def _missing(launch: Launch) -> Iterator[MissingPackage]:
    script, path, estimator = launch.script, launch.script_path, launch.estimator
    if script is None or path is None or launch.alternatives or launch.started.by_command or not launch.jobs:
        return
    image = framework_image(estimator)
    if image is None or isinstance(estimator, RequestedEstimator) or estimator.local is not None:
        if needed_packages(script.analysis):
            note_unknown(Reason.CODE, estimator.node, what="image", weak=True)
        return
    absent = absent_packages(image, framework_version(estimator))
    imported = packages_at_start(script.analysis, lambda module: _is_in_sent_folder(launch, module))
    needed = {
        name: place
        for name, place in imported.items()
        if {normal(distribution_of(name)), normal(name)} & absent and not _is_sent(launch, name)
    }
    if not needed:
        return
    note_question(len(needed))
    present = added_packages(launch)
    if present is None:
        return
    installed = requirements_path(launch)
    for name, (module, node) in needed.items():
        distribution = normal(distribution_of(name))
        if not {distribution, normal(name)} & present:
            listed_in = _listed(launch, distribution) if installed is None else ""
            place = _place(launch, module, node, f"{name} is imported here")
            yield MissingPackage(name, distribution, place, image, listed_in)


def _is_in_sent_folder(launch: Launch, module: ModuleIndex) -> bool:
    """Return whether a local module is in the source folder, so that the job has it."""
    folder, path = launch.started.source_dir, _path_of(launch, module)
    return folder is not None and path is not None and path.startswith(f"{folder}/" if folder else "")


def _path_of(launch: Launch, module: ModuleIndex) -> str | None:
    """Return the path of a module in the repository, or None if it is outside."""
    root = real_path(os.fspath(launch.file.repository.root))
    where = os.path.relpath(real_path(module.path), root).replace(os.sep, "/")
    return None if where.startswith("../") else where


def _place(launch: Launch, module: ModuleIndex, node: ast.stmt, message: str) -> tuple[Related, ...]:
    """Return the other side of a finding: a place in the script, or in a local module."""
    path = _path_of(launch, module) if launch.script is None or not launch.script.owns(node) else None
    return (Related(path, node.lineno, message),) if path is not None else launch.in_script(node, message)


def added_packages(launch: Launch) -> set[str] | None:
    """Return the packages that the requirements and the script add to the image; None if there may be others."""
    estimator, script = launch.estimator, launch.script
    assert script is not None
    if not _is_sent_as_it_is(launch):
        note_unknown(Reason.MAPPING, place_of_code(estimator), what="source_dir", weak=True)
        return None
    by_script = _installed_by(script.analysis)
    call = installing_call(script.analysis) if by_script is None else _adding_folders(launch, script.analysis)
    if call is not None:
        note_unknown(Reason.CODE, call.node, call.site.scope.module.path, weak=True)
        return None
    present = brought_by(by_script or set())
    installed, folder = requirements_path(launch), launch.started.source_dir
    if installed is not None:
        requirements = requirements_at(launch, installed)
        unknown = next((name for name in requirements.names if not _is_known(name)), None)
        if requirements.open or unknown is not None:
            note_unknown(Reason.CODE, 1, installed, unknown or "", weak=True)
            return None
        present |= brought_by(set(requirements.names))
    elif folder is not None and not estimator.is_trainer and _may_appear(launch, folder, FILE):
        note_unknown(Reason.ABSENT, place_of_code(estimator), what=FILE, weak=True)
        return None
    return present


def _is_sent(launch: Launch, name: str) -> bool:
    """Return whether the code that is sent has a module or package of a name, in whatever folder."""
    if any(name_in_code(path) == name for path in sent_dependencies(launch) or ()):
        return True
    folder = launch.started.source_dir
    inside, ends = f"{folder}/" if folder else "", (f"/{name}.py", f"/{name}/__init__.py")
    return folder is not None and any(
        path.startswith(inside) and f"/{path}".endswith(ends) for path in launch.file.repository.files
    )


def _is_known(name: str) -> bool:
    """Return whether it is known which packages a requirement installs."""
    return (
        is_known_distribution(name)
        or normal(name) in _LISTED
        or table().library(name.replace("-", "_")) is not None
    )


def installs(analysis: Analysis) -> bool:
    """Return whether the script may install packages with a program that it starts."""
    return installing_call(analysis) is not None


def installing_call(analysis: Analysis) -> Call | None:
    """Return the first call with which the script may install packages, or None."""
    may = (call for call in analysis.calls.all if may_install(analysis.evaluator, call.names, call.site))
    return next(may, None)


def _installed_by(analysis: Analysis) -> set[str] | None:
    """Return the packages that the script installs by name; None if it may install others."""
    found: set[str] = set()
    for call in analysis.calls.all:
        if not may_install(analysis.evaluator, call.names, call.site):
            continue
        commands = started_commands(analysis.evaluator, call.names, call.site)
        if not commands:
            return None
        for words in commands:
            install = pip_install(words)
            packages = install.packages if install is not None else None
            if packages is None:
                return None
            found.update(packages)
    return found if all(map(_is_known, found)) else None


def _adding_folders(launch: Launch, analysis: Analysis) -> Call | None:
    """Return the first call with which the script may add a folder with packages to the path of imports, or None."""
    return next(
        (call for call in path_changes(analysis) if not _adds_no_package(launch, analysis, call)), None
    )


def path_changes(analysis: Analysis) -> Iterator[Call]:
    """Yield the calls with which the script adds a folder to the path of imports."""
    added = ("sys.path.", "site.addsitedir")
    return (call for call in analysis.calls.all if any(name.startswith(added) for name in call.names))


def adds_unknown_folders(analysis: Analysis) -> bool:
    """Return whether the script adds an unknown folder, or a channel, to the path of imports."""
    for call in path_changes(analysis):
        node = call.node.args[-1] if call.node.args else None
        found = places(analysis.evaluator, analysis.calls.values(call, node)) if node is not None else []
        if not found or any(one.open or one.root in (PathKind.UNKNOWN, PathKind.CHANNEL) for one in found):
            return True
    return False


def _adds_no_package(launch: Launch, analysis: Analysis, call: Call) -> bool:
    """Return whether a call adds a folder that is sent, or one above the code: these hold no packages of others."""
    if not call.node.args:
        return False
    found = places(analysis.evaluator, analysis.calls.values(call, call.node.args[-1]))
    return bool(found) and all(not place.open and _is_of_code(launch, place) for place in found)


def _is_of_code(launch: Launch, place: ContainerPath) -> bool:
    folder = paths.normal_path(place.path)
    if f"{paths.CODE_DIR}/".startswith(f"{folder.rstrip('/')}/"):
        return True
    sent, inside = launch.started.source_dir, folder.removeprefix(f"{paths.CODE_DIR}/")
    if place.root is not PathKind.CODE or sent is None:
        return False
    below = posixpath.join(sent, inside, "")
    return any(path.startswith(below) for path in launch.file.repository.files)


def _is_sent_as_it_is(launch: Launch) -> bool:
    """Return whether the job's code is a folder, or a file, of the repository, and nothing unknown is sent with it."""
    estimator, folder = launch.estimator, launch.started.source_dir
    if estimator.arguments.open_ended or estimator.overridden or sent_dependencies(launch) is None:
        return False
    if not is_inside_folder(launch):
        return False
    if folder is None and estimator.source_dir is not None and not estimator.source_dir.is_none:
        return False
    if estimator.is_trainer and (folder is None or estimator.part("source_code") is None):
        return False
    if estimator.launcher.is_handed_on(estimator):
        return False
    files = launch.file.repository.files
    inside = f"{folder}/" if folder else ""
    return folder is None or not any(f"{inside}{name}" in files for name in _PACKAGING)


def _listed(launch: Launch, distribution: str) -> str:
    """Return a file of requirements near the script that lists a package and is not installed; empty for none."""
    assert launch.script_path is not None
    folder = posixpath.dirname(launch.script_path)
    source_dir = launch.started.source_dir
    above = posixpath.dirname(folder) if folder else ""
    near = {folder, above, source_dir if source_dir is not None else folder}
    for path in sorted(launch.file.repository.files):
        name = posixpath.basename(path)
        if posixpath.dirname(path) not in near or not (
            name.startswith("requirement") and name.endswith(".txt")
        ):
            continue
        if distribution in {normal(one) for one in requirements_at(launch, path).names}:
            return path
    return ""


def _why_not(launch: Launch) -> str:
    """Return why a file of requirements is not installed."""
    if launch.estimator.is_trainer:
        return "SourceCode(requirements=...) does not name it"
    folder = launch.started.source_dir
    if folder is None:
        return "only the entry point is sent"
    return f"only {posixpath.join(folder, FILE)} is installed"


def is_inside_folder(launch: Launch) -> bool:
    """Return whether the script lies in the folder that the launcher sends; also without a folder."""
    folder, path = launch.started.source_dir, launch.script_path
    return not folder or (path is not None and path.startswith(f"{folder}/"))


def place_of_code(estimator: Estimator) -> ast.AST:
    """Return the node of the source folder, or of the entry point, in the launcher."""
    for name in ("source_dir", "source_code", "entry_point"):
        found = estimator.get(name)
        if found is not None:
            return estimator.launcher.own(found.at, estimator.node)
    return estimator.node
