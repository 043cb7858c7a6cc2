"""The versions of libraries in a job: pinned by the requirements that are sent with the code, or the image's own.

The uses of a script that a version lacks.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.calls import Call
from flake8_training.engine.syntax.parents import enclosing, is_caught, is_import_caught
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import OptionValue, Reference
from flake8_training.ledger import Reason, note_question, note_unknown, open_ledger
from flake8_training.pattern import pattern
from flake8_training.sagemaker.library_names import (
    Change,
    all_keywords,
    changed_attributes,
    distribution_of,
    keyword_changes,
    method_change,
    name_change,
    newest,
    number,
)
from flake8_training.spelling import closest, did_you_mean
from training_alignment.comparisons.launch.installed_packages import (
    FILE,
    installs,
    requirements_at,
    requirements_path,
)
from training_alignment.comparisons.launch.job_image import LibraryVersion, image_versions
from training_alignment.launches.launch import Launch

_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LEGACY = "TF_USE_LEGACY_KERAS"
"""The variable with which TensorFlow 2.16 and newer take Keras 2 from the package ``tf_keras``."""
_WITH_KERAS = (2, 6)
_WITH_KERAS_3 = (2, 16)
"""The first versions of TensorFlow that install Keras of their own number, and Keras 3 (their ``METADATA``)."""


def library_versions(launch: Launch) -> Mapping[str, LibraryVersion]:
    """Return the known versions of the libraries in a job, by distribution."""
    return _with_keras(launch, dict(_library_versions(launch)))


def _with_keras(launch: Launch, found: dict[str, LibraryVersion]) -> Mapping[str, LibraryVersion]:
    """Add the version of Keras that TensorFlow's version determines; remove Keras if the script may use another."""
    script, tensorflow = launch.script, found.get("tensorflow")
    if script is None or not ({"keras", "tensorflow"} & found.keys()):
        return found
    program = script.analysis.program
    read = {*script.analysis.environment.written, *launch.estimator.environment.names}
    if _LEGACY in read or any(dotted.partition(".")[0] == "tf_keras" for dotted, _ in program.imports):
        found.pop("keras", None)
    elif tensorflow is not None and "keras" not in found and "keras" not in _pins(launch):
        numbers = number(tensorflow.version)[:2]
        if numbers >= _WITH_KERAS_3 and "tensorflow" in _pins(launch):  # an image may set the variable
            found["keras"] = LibraryVersion("3", tensorflow.source)
        elif _WITH_KERAS <= numbers < _WITH_KERAS_3:
            found["keras"] = LibraryVersion(".".join(map(str, numbers)), tensorflow.source)
    return found


def _pins(launch: Launch) -> Mapping[str, str | None]:
    """Return the versions that the installed requirements name, by distribution; None for an unknown one."""
    path = requirements_path(launch)
    return requirements_at(launch, path).pins if path is not None else {}


def _library_versions(launch: Launch) -> Mapping[str, LibraryVersion]:
    found = image_versions(launch.estimator)
    if launch.script is None:
        return found if launch.started.source_dir is not None else {}
    installed = requirements_path(launch)
    if not _is_folder_known(launch):
        for path in _files_above(launch.script_path or ""):
            # Each of these folders may be the one that is sent.
            if path == installed or path not in launch.file.repository.files:
                continue
            others = requirements_at(launch, path)
            if others.open or found.keys() & others.pins.keys():
                note_unknown(Reason.SEVERAL, 1, path, weak=True)
            if others.open:
                return {}
            found = {name: version for name, version in found.items() if name not in others.pins}
    if installed is not None:
        required = requirements_at(launch, installed)
        if required.open:
            return {}
        for name, version in required.pins.items():
            if version is None:
                found.pop(name, None)
            else:
                found[name] = LibraryVersion(version, f"{name}=={version} in {posixpath.basename(installed)}")
    return {} if found and installs(launch.script.analysis) else found


def _is_folder_known(launch: Launch) -> bool:
    """Return whether the launcher certainly sends the source folder that is known, or the entry point alone."""
    return launch.started.certain and not launch.started.by_name and not launch.alternatives


def _files_above(path: str) -> Iterator[str]:
    """Yield the paths of requirements in the folders that contain a file of the repository, the root included."""
    folder = posixpath.dirname(path)
    while folder:
        yield posixpath.join(folder, FILE)
        folder = posixpath.dirname(folder)
    yield FILE


def uses_lacked(
    analysis: Analysis, versions: Mapping[str, LibraryVersion]
) -> Iterator[tuple[ast.AST, str, str]]:
    """Yield the uses that the versions of the libraries lack, each with the detail and the source of the version."""
    for find in (_keywords, _methods, _names, _attributes):
        yield from find(analysis, versions)


def _keywords(
    analysis: Analysis, versions: Mapping[str, LibraryVersion]
) -> Iterator[tuple[ast.AST, str, str]]:
    for call in analysis.calls.all:
        if len(call.names) != 1 or not call.node.keywords:
            continue
        distribution = distribution_of(call.names[0])
        if distribution is None:
            continue
        if distribution not in versions:
            if open_ledger() is not None:
                _note_version(call, distribution)
            continue
        changes = keyword_changes(call.names[0])
        if not changes or _may_not_run(analysis, call.node, call.site.scope):
            continue
        for keyword in call.node.keywords:
            change = changes.get(keyword.arg or "")
            if change is None:
                continue
            version = versions[change.distribution]
            if change.state(version.version) != "lacks":
                continue
            present = [name for name, one in changes.items() if one.state(version.version) == "has"]
            near = closest(change.name, sorted(present))
            hint = did_you_mean(near)
            shown = ast.unparse(call.node.func)
            yield (
                keyword,
                f"{shown} has no {change.name} in {change.distribution} {version.version}{_why(change, hint)}",
                version.source,
            )


def _note_version(call: Call, distribution: str) -> None:
    """Note that a keyword came or went with a version of its library, and that the job's version is unknown."""
    changes = keyword_changes(call.names[0])
    for keyword in call.node.keywords:
        if keyword.arg in changes:
            note_unknown(Reason.UNDECLARED, keyword, call.site.scope.module.path, distribution)


def _methods(
    analysis: Analysis, versions: Mapping[str, LibraryVersion]
) -> Iterator[tuple[ast.AST, str, str]]:
    for call in analysis.calls.all:
        change = method_change(call.names[0]) if len(call.names) == 1 else None
        version = versions.get(change.distribution) if change is not None else None
        if change is None or version is None or change.state(version.version) != "lacks":
            continue
        tree = call.site.scope.module.tree
        if is_caught(tree, call.node, frozenset({"AttributeError", "Exception"})) or _may_not_run(
            analysis, call.node, call.site.scope
        ):
            continue
        shown = f"{change.distribution} {version.version}{_why(change)}"
        yield call.node, f"{ast.unparse(call.node.func)} is not in {shown}", version.source


def unknown_keywords(analysis: Analysis) -> Iterator[tuple[ast.AST, str, str]]:
    """Yield the misspelt keywords of classes whose keywords are all known: no version of the library has them.

    The version in the job need not be known.
    """
    for call in analysis.calls.all:
        if len(call.names) != 1 or call.local or not call.node.keywords:
            continue
        known = all_keywords(call.names[0])
        if not known or _may_not_run(analysis, call.node, call.site.scope):
            continue
        distribution = distribution_of(call.names[0]) or ""
        note_question()
        for keyword in call.node.keywords:
            if keyword.arg is None or keyword.arg in known:
                continue
            near = closest(keyword.arg, sorted(known))
            if near is None:
                note_unknown(Reason.CODE, keyword, call.site.scope.module.path, keyword.arg)
                continue
            detail = f"{ast.unparse(call.node.func)}({keyword.arg}=...){did_you_mean(near)}"
            yield keyword, detail, f"{distribution} up to {newest(distribution)} never had it"


def _names(analysis: Analysis, versions: Mapping[str, LibraryVersion]) -> Iterator[tuple[ast.AST, str, str]]:
    tree = analysis.program.entry.tree
    for dotted, node in analysis.program.entry.imports:
        change = name_change(dotted)
        if change is None or change.distribution not in versions:
            continue
        version = versions[change.distribution]
        if change.state(version.version) == "lacks" and not is_import_caught(tree, node):
            if not any(isinstance(around, ast.If) for around in enclosing(tree, node)):
                yield (
                    node,
                    f"{dotted} is not in {change.distribution} {version.version}{_why(change)}",
                    version.source,
                )


def _attributes(
    analysis: Analysis, versions: Mapping[str, LibraryVersion]
) -> Iterator[tuple[ast.AST, str, str]]:
    for node, scope in analysis.live_attribute_loads(*changed_attributes()):
        for value in analysis.evaluator.values(node, scope):
            change = name_change(value.name) if isinstance(value, Reference) else None
            if change is not None and change.distribution == "tensorflow" and not _is_of_import(node, scope):
                continue  # a name of ``tensorflow.compat.v1`` has the same canonical name
            if change is None or change.distribution not in versions:
                continue
            version = versions[change.distribution]
            tree = scope.module.tree
            is_caught_there = is_caught(tree, node, frozenset({"AttributeError", "Exception"}))
            if (
                change.state(version.version) == "lacks"
                and not is_caught_there
                and not _may_not_run(analysis, node, scope)
            ):
                shown = f"{change.distribution} {version.version}{_why(change)}"
                yield node, f"{ast.unparse(node)} is not in {shown}", version.source


def _is_of_import(node: ast.Attribute, scope: Scope) -> bool:
    """Return whether the owner of an attribute is TensorFlow as ``import tensorflow`` binds it, and nothing else."""
    found = scope.lookup(node.value.id) if isinstance(node.value, ast.Name) else None
    return found is not None and all(
        binding.kind == "import" and binding.dotted == "tensorflow" for binding in found[1]
    )


def _why(change: Change, hint: str = "") -> str:
    return f" ({change.history}){hint}"


def _may_not_run(analysis: Analysis, node: ast.AST, scope: Scope) -> bool:
    """Return whether a branch or handler may be the author's own answer to a version."""
    tree = scope.module.tree
    if is_caught(tree, node, frozenset({"TypeError", "Exception", "BaseException"})):
        return True
    return any(
        isinstance(around, ast.If) and _asks_for_version(analysis, around.test, scope)
        for around in enclosing(tree, node)
    )


def _asks_for_version(analysis: Analysis, test: ast.expr, scope: Scope, *, inside: bool = False) -> bool:
    """Return whether a condition reads the version of something, or a name that is bound to such a condition.

    An option of the script is no version of a library.
    """
    for node in ast.walk(test):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        words = _WORD.findall(node.id if isinstance(node, ast.Name) else node.attr)
        if any(word.casefold() == "version" for word in words):
            if not any(isinstance(value, OptionValue) for value in analysis.evaluator.values(node, scope)):
                return True
        binding = scope.only_binding(node.id) if isinstance(node, ast.Name) and not inside else None
        if binding is not None and binding.value is not None:
            if _asks_for_version(analysis, binding.value, binding.scope, inside=True):
                return True
    return False
