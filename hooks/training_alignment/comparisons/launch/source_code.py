"""Checks of the code that a launcher sends: its entry point, and the local modules that the script imports.

Source: sagemaker 2.257.7 ``fw_utils.py: tar_and_upload_dir`` (without ``source_dir`` only the entry point is sent,
beside ``dependencies``), ``job.py`` and ``estimator.py: _validate_and_set_code``; sagemaker-training 5.1.4
``_entry_point_type.py`` (a folder with ``setup.py`` is a package).
"""

from __future__ import annotations

import ast
import os
import posixpath
import sys
from collections.abc import Iterator

from flake8_training.engine.syntax.parents import enclosing, is_import_caught
from flake8_training.engine.values.unknown_values import note_values
from flake8_training.engine.values.values import LibraryObject
from flake8_training.fix import Fix, renamed
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.distributions import is_known_distribution, normal
from flake8_training.named_tuple import NamedTuple
from flake8_training.script import Script
from flake8_training.source_file import real_path
from flake8_training.spelling import only_closest
from training_alignment.comparisons.launch.installed_packages import added_packages, adds_unknown_folders
from training_alignment.comparisons.launch.job_image import framework_image
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.sent_dependencies import is_sent_with_code, sent_dependencies
from training_alignment.launches.launch import Launch
from training_alignment.launches.processing import ProcessingLaunch

_PACKAGING = ("pyproject.toml", "setup.py", "setup.cfg")

OTHER_NAME = "the job starts the entry point under another name"


def missing_entry_points(launch: Launch) -> Iterator[Problem]:
    """Yield the entry point that certainly does not exist, or that the container cannot start at its path."""
    entry = launch.estimator.entry_point
    if launch.started.missing and entry is not None:
        yield Problem(launch.at_value(entry), launch.started.missing, fix=_renamed(launch, entry))
        return
    if entry is not None and not launch.started.paths:
        if entry.is_known:
            note_unknown(Reason.ABSENT, entry.node)
        else:
            note_values(entry.values, entry.node, entry.scope, "entry_point")
    folder, path = launch.started.source_dir, entry.text if entry is not None else None
    if entry is None or path is None or folder is None or launch.estimator.is_trainer:
        return
    path = path.removeprefix("./")
    if "/" not in path or not path.endswith(".py"):
        return
    setup = f"{folder}/setup.py" if folder else "setup.py"
    if _runs_code_in_place(launch.estimator):
        detail = f"{path} as {os.path.basename(path)} (local_code leaves its folder out)"
        yield Problem(launch.at_value(entry), detail, summary=OTHER_NAME)
    elif setup in launch.file.repository.files:
        # The toolkit installs a folder with setup.py and runs the entry point with ``python -m``.
        detail = f"{path} as the module {path.removesuffix('.py')} (its folder has a setup.py)"
        yield Problem(launch.at_value(entry), detail, summary=OTHER_NAME)


def _renamed(launch: Launch, entry: LocatedExpression) -> Fix | None:
    """Return the fix of a misspelled file name: the folder has one Python file with a near name."""
    if entry.text is None:
        return None
    wanted, ending = posixpath.splitext(posixpath.basename(entry.text.replace("\\", "/")))
    meant: set[str] = set()
    for path in launch.started.missing_paths:
        folder = posixpath.dirname(path)
        beside = [
            posixpath.basename(one)
            for one in launch.file.repository.files
            if posixpath.dirname(one) == folder
        ]
        names = [name.removesuffix(".py") for name in beside if name.endswith(".py")]
        near = only_closest(wanted, names)
        meant.update([near] if near is not None else [])
    if len(meant) != 1:
        return None
    at = launch.estimator.launcher.literal(entry, entry.text, launch.estimator.node)
    return renamed(at, f"{wanted}{ending}", f"{meant.pop()}.py")


def _runs_code_in_place(estimator: Estimator) -> bool:
    """Return whether the session is local and mounts the code: ``{"local": {"local_code": True}}``."""
    launcher = estimator.launcher
    session = estimator.get("sagemaker_session")
    values = session.expression.values if session is not None else ()
    if not values or not all(
        isinstance(v, LibraryObject) and v.name.endswith(".LocalSession()") for v in values
    ):
        return False
    for store in launcher.module.attribute_stores.get("config", ()):
        if not set(values) <= set(launcher.evaluator.values(store.target, store.scope)):
            continue
        local = launcher.reader.entries(launcher.reader.expression(store.value, store.scope)).only("local")
        code = launcher.reader.entries(local.expression).only("local_code") if local is not None else None
        if code is not None and code.certain and code.constant is True:
            return True
    return False


class LocalModule(NamedTuple):
    """A module of the repository that the job lacks: its path, and the import of it."""

    path: str
    dotted: str
    node: ast.AST


def modules_left_behind(launch: Launch) -> Iterator[Problem]:
    """Yield the local modules that the script imports and the launcher does not send, in one problem."""
    script, estimator = launch.script, launch.estimator
    if script is None or launch.script_path is None or launch.alternatives or launch.started.by_command:
        return
    entry = estimator.entry_point
    if entry is None or estimator.local is not None:
        return
    found = [*modules_outside(launch, script), *_elsewhere(launch, script)]
    if not found:
        return
    if estimator.arguments.open_ended or sent_dependencies(launch) is None or estimator.overridden:
        note_unknown(Reason.MAPPING, estimator.node, what="dependencies", weak=True)
        return
    found = [one for one in found if not is_sent_with_code(launch, one.path)]
    folder = launch.started.source_dir
    if folder is None and estimator.source_dir is not None and not estimator.source_dir.is_none:
        note_unknown(Reason.OUTSIDE, estimator.source_dir.node, what="source_dir", weak=True)
        return
    left = [one for one in found if not _may_be_installed(launch, one.dotted, one.path)]
    if len(left) < len(found):
        note_unknown(Reason.CODE, estimator.node, what="setup.py", weak=True)
    if not left or _is_passed_on(launch):
        return
    if _has_python_path(launch) or adds_unknown_folders(script.analysis):
        note_unknown(Reason.OUTSIDE, left[0].node, launch.script_path, left[0].dotted, weak=True)
        return
    sent = "only the entry point is sent" if folder is None else f"only the folder {folder or '.'} is sent"
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    related = [
        side
        for one in left
        for side in launch.in_script(one.node, f"{one.dotted} is imported here, from {one.path}")
    ]
    yield Problem(launch.at_value(entry), f"{left[0].path}{more} ({sent})", tuple(related))


def modules_outside(launch: Launch | ProcessingLaunch, script: Script) -> Iterator[LocalModule]:
    """Yield the modules that the import finds in the repository, outside the folder that is sent."""
    root = os.fspath(launch.file.repository.root)
    folder = launch.started.source_dir
    program = script.analysis.program
    seen: set[str] = set()
    for dotted, node in program.entry.imports:
        found = program.local(dotted) if not dotted.startswith(".") else None
        if found is None or found[0] is program.entry:
            continue
        where = os.path.relpath(real_path(found[0].path), real_path(root)).replace(os.sep, "/")
        if where in seen or where.startswith("../") or not script.owns(node):
            continue
        seen.add(where)
        if folder is not None and (not folder or where.startswith(folder + "/")):
            if not _is_named_by_folder(launch, dotted, folder):
                continue
        if not is_import_caught(script.tree, node) and not _is_conditional(script, node):
            yield LocalModule(where, dotted, node)


def _elsewhere(launch: Launch, script: Script) -> Iterator[LocalModule]:
    """Yield the imports of a module that is neither sent nor in the image, and that the repository has elsewhere.

    Python finds such a module in a folder that the author has in its path: the job has no such folder.
    """
    program, files = script.analysis.program, launch.file.repository.files
    wanted: dict[str, tuple[str, ast.stmt]] = {}
    for dotted, node in program.entry.imports:
        top = dotted.partition(".")[0]
        if not top or top in sys.stdlib_module_names or top in wanted or program.local(dotted) is not None:
            continue
        if is_known_distribution(top) or not script.owns(node):
            continue
        if not is_import_caught(script.tree, node) and not _is_conditional(script, node):
            wanted[top] = dotted, node
    if not wanted:
        return
    names = {f"{top}.py": top for top in wanted}
    places: dict[str, list[str]] = {}
    for path in files:
        top = names.get(posixpath.basename(path), "")
        if path.endswith("/__init__.py"):
            top = posixpath.basename(posixpath.dirname(path))
        if top in wanted:
            places.setdefault(top, []).append(path)
    if not places or framework_image(launch.estimator) is None:
        return
    present = added_packages(launch)
    for top, (dotted, node) in wanted.items():
        if present is not None and top in places and normal(top) not in present:
            yield LocalModule(min(places[top], key=lambda path: (path.count("/"), path)), dotted, node)


def _has_python_path(launch: Launch) -> bool:
    """Return whether the job may set ``PYTHONPATH``."""
    variables = launch.estimator.environment
    return variables.open_ended or "PYTHONPATH" in variables


DELETED = "the script imports a module that the commit deletes"


def modules_taken_away(launch: Launch) -> Iterator[Problem]:
    """Yield the imports of modules that the commit deletes or renames, and that have no other file."""
    script, path, repository = launch.script, launch.script_path, launch.file.repository
    if script is None or path is None or not repository.gone:
        return
    candidates = repository.resolver.candidates
    seen: set[str] = set()
    for dotted, node in script.analysis.program.entry.imports:
        places = tuple(candidates(dotted, path))
        where = next((one for one in places if one in repository.gone), None)
        if where is None or where in seen or any(one in repository.files for one in places):
            continue
        seen.add(where)
        if (
            script.owns(node)
            and not is_import_caught(script.tree, node)
            and not _is_conditional(script, node)
        ):
            detail = f"{dotted} was {where} (ModuleNotFoundError)"
            started = launch.from_launcher("the job is started here")
            yield Problem(node, detail, started, in_script=True, summary=DELETED)


def _is_named_by_folder(launch: Launch | ProcessingLaunch, dotted: str, folder: str) -> bool:
    """Return whether a module is imported as part of the folder that is sent: the job has only the folder's content."""
    top = dotted.partition(".")[0]
    if top != folder.rpartition("/")[2] or dotted == top:
        return False
    inside = f"{folder}/{top}"
    return not any(
        path == f"{inside}.py" or path.startswith(f"{inside}/") for path in launch.file.repository.files
    )


def _is_passed_on(launch: Launch) -> bool:
    """Return whether the launcher passes the estimator to other code, which may set its dependencies."""
    return launch.estimator.launcher.is_handed_on(launch.estimator)


def _may_be_installed(launch: Launch, dotted: str, where: str) -> bool:
    """Return whether a module belongs to a package of the repository that the container may install."""
    files, folder = launch.file.repository.files, launch.started.source_dir
    before, _, _ = f"/{where}".partition(f"/{dotted.partition('.')[0]}")
    roots = {before, before.removesuffix("/src")}
    if not any(f"{root}/{name}".lstrip("/") in files for root in roots for name in _PACKAGING):
        return False
    installs = folder is not None and f"{folder}/requirements.txt".lstrip("/") in files
    return installs or "image_uri" in launch.estimator.arguments


def _is_conditional(script: Script, node: ast.AST) -> bool:
    """Return whether an import runs on some paths only, judged by the statements around it."""
    guard = script.analysis.program.entry.guard
    return any(
        isinstance(around, ast.If | ast.Match) and around is not guard
        for around in enclosing(script.tree, node)
    )
