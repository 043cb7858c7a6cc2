"""The versions of libraries in a job: pinned by the requirements that are sent with the code, or the image's own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from flake8_training.record import Record
from flake8_training.rules.launcher.problem import is_left_out
from flake8_training.sagemaker.library_names import distributions
from flake8_training.sagemaker.table_files import load
from training_alignment.artefacts.tree import ReadError
from training_alignment.launches.launch import Launch

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==\s*(?P<version>\d[\w.!+]*)\s*(?:[;#].*)?")
_NAMED = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_MOST_LINES = 2000
_FILE = "requirements.txt"


class LibraryVersion(Record):
    """A library's version, and the place that sets it, for a message."""

    version: str
    source: str


def library_versions(launch: Launch) -> Mapping[str, LibraryVersion]:
    """Return the known versions of the libraries in a job, by distribution."""
    found = dict(_of_image(launch))
    folder = launch.started.source_dir
    if folder is None or launch.script is None:
        return {} if folder is None and launch.script is None else found
    required = _required(launch, folder)
    if required is None:
        return {}
    for other in _folders_above(launch.script_path or ""):
        # The launcher may run in another folder, and then send this one.
        others = _required(launch, other) if other != posixpath.normpath(folder) else {}
        if others is None:
            return {}
        found = {name: version for name, version in found.items() if name not in others}
    for name, version in required.items():
        if version is None:
            found.pop(name, None)
        else:
            found[name] = LibraryVersion(version, f"{name}=={version} in {_FILE}")
    if any(
        True
        for _ in launch.script.analysis.live_calls("check_call", "run", "call", "Popen", "system", "main")
    ):
        # The script may install other versions.
        words = {one.value for module in launch.script.program.modules.values() for one, _ in module.texts}
        if any("install" in str(word).split() for word in words):
            return {}
    return found


def _folders_above(path: str) -> Iterator[str]:
    """Yield the folders that contain a file of the repository, the root included."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield "."


def _required(launch: Launch, folder: str) -> dict[str, str | None] | None:
    """Return the distributions that the requirements name, each with its pinned version or None; None if unreadable."""
    path = posixpath.normpath(posixpath.join(folder, _FILE))
    repository = launch.file.repository
    if path not in repository.files:
        return {}
    try:
        text = repository.data(path).decode("utf-8")
    except (ReadError, UnicodeDecodeError):
        return None
    wanted = frozenset(distributions())
    found: dict[str, str | None] = {}
    for line in text.splitlines()[:_MOST_LINES]:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("-"):
            if stripped.startswith(("-r", "-c", "--requirement", "--constraint")):
                return None  # the versions may be in another file
            continue
        pin, named = _PIN.fullmatch(stripped), _NAMED.match(stripped)
        name = re.sub(r"[-_.]+", "-", named["name"]).lower() if named is not None else ""
        if name in wanted:
            found[name] = pin["version"] if pin is not None and name not in found else None
    return found


def _of_image(launch: Launch) -> Mapping[str, LibraryVersion]:
    estimator = launch.estimator
    if estimator.is_trainer or estimator.local is not None or not is_left_out(estimator, "image_uri"):
        return {}
    if estimator.name == "HuggingFace":
        argument = estimator.arguments.only("transformers_version")
        if (
            argument is not None
            and argument.text is not None
            and "transformers_version" not in estimator.overridden
        ):
            aliases = load("framework_pairs")["frameworks"]["huggingface"]["aliases"]
            version = aliases.get(argument.text, argument.text)
            return {
                "transformers": LibraryVersion(
                    version, f"transformers_version {argument.text!r} of the estimator"
                )
            }
    if estimator.name == "SKLearn":
        argument = estimator.arguments.only("framework_version")
        if (
            argument is not None
            and argument.text is not None
            and "framework_version" not in estimator.overridden
        ):
            version = argument.text.partition("-")[0]
            return {
                "scikit-learn": LibraryVersion(
                    version, f"framework_version {argument.text!r} of the estimator"
                )
            }
    return {}
