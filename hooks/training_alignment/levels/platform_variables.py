"""Environment variables of the platform that a repository's scripts run on, rather than of any step.

Such a variable stands in script after script, always with a default, and no artefact names it.
"""

from __future__ import annotations

from training_alignment.artefacts.errors import ReadError
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.folders import folder_of

MIN_SCRIPTS = 6


def is_of_platform(subject: StepSubject, name: str) -> bool:
    """Whether scripts beside the step's own name the variable as well, and no artefact of the step's folders does.

    A field of the configuration that is named like it makes it the step's.
    """
    path = subject.script_path
    if path is None:
        return False
    folder = folder_of(path)
    files = subject.repository.discovery.repository.files
    beside = [f for f in files if folder_of(f) == folder and f.endswith(".py") and f != path]
    if sum(_names(subject, file, name) for file in beside) < MIN_SCRIPTS - 1:
        return False
    configuration = subject.reading.configuration
    if configuration is not None and name.lower() in configuration.names():
        return False
    folders = {folder_of(part.path) for part in subject.step.parts} - {folder}
    artefacts = [
        f for f in files if folder_of(f) in folders and f.endswith((".py", ".yaml", ".yml", ".json"))
    ]
    return not any(_names(subject, file, name) for file in artefacts)


def _names(subject: StepSubject, path: str, name: str) -> bool:
    try:
        return name.encode() in subject.repository.discovery.repository.data(path)
    except ReadError:
        return False
