"""Which files may be launchers, by their bytes: of a whole repository, or around some of its files.

It is cheap, and imports next to nothing: most commits touch no launcher and no script of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from training_alignment.artefacts.tree import ReadError

if TYPE_CHECKING:
    from training_alignment.repository.repository import Repository

NOTEBOOK = ".ipynb"
MAX_NOTEBOOK_BYTES = 30_000_000
_CHECKPOINTS = ".ipynb_checkpoints/"
_MARKERS = (
    b"entry_point",
    b"framework_version",
    b"image_uri",
    b"ModelTrainer",
    b"Estimator",
    b"HyperparameterTuner",
    b"create_training_job",
    b"SageMakerTrainingOperator",
    b"TrainingStep",
)
_BRINGS_IN = re.compile(
    rb"(?:import|from)\s+(?:[\w.]+\s*,\s*)*sagemaker|import_module\(|__import__\("
    rb"|create_training_job|SageMakerTrainingOperator"
)
"""What brings the SDK in, or does without it: many files that only speak of SageMaker have none of it."""


def may_launch(data: bytes) -> bool:
    """Whether a file's bytes let expect a launcher; cheap, and true for some that are none."""
    if b"sagemaker" not in data or not any(marker in data for marker in _MARKERS):
        return False
    return _BRINGS_IN.search(data) is not None


def candidates(repository: Repository, files: Iterable[str] | None) -> Iterator[str]:
    """Yield the files that may be launchers, by their paths: all of them, or ``files`` and those that name them."""
    asked = None if files is None else frozenset(files)
    # A launcher names its script, with whatever folder in front; a package's own file is nobody's.
    names = {path.rpartition("/")[2].encode() for path in asked or () if path.endswith(".py")}
    names.discard(b"__init__.py")
    for path in sorted(repository.files):
        if not path.endswith((".py", NOTEBOOK)) or _CHECKPOINTS in path:
            continue
        if asked is not None and path not in asked and not names:
            continue
        try:
            data = repository.data(path, MAX_NOTEBOOK_BYTES)
        except ReadError:
            continue
        if may_launch(data) and (asked is None or path in asked or any(name in data for name in names)):
            yield path
